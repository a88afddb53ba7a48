"""The files of a log in the layout of C2SP tlog-tiles: tiles of up to 256 hashes, bundles of up to 256 entries.

A tile at level L holds nodes of height 8 * L. `width` is 256 for a full tile, 1 to 255 for the last, partial one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from deliberation.record import tree

WIDTH = 256
HEIGHT = 8
ENTRIES = "entries"
Read = Callable[[str], "bytes | None"]

_ADDRESS = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tile:
    """`level` is "entries" for a bundle of entries, else "0" to "63"."""

    level: str
    index: int
    width: int

    @property
    def path(self) -> str:
        """The path of the tile, such as `tile/0/x001/067` or `tile/entries/000.p/12`."""
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{self.level}/{number(self.index)}{partial}"

    @property
    def start(self) -> int:
        return self.index * WIDTH


def number(index: int) -> str:
    """The index of a tile as part of a path: 1234067 becomes `x001/x234/067`."""
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03}")
    return "/".join(reversed(groups))


def parse_path(path: str) -> Tile | None:
    """The tile at that path; None unless the path is written exactly as `Tile.path` does."""
    match = _ADDRESS.fullmatch(path)
    if match is None or len(path) > 60:
        return None
    level, groups, width = match.groups()
    tile = Tile(level, int(groups.replace("x", "").replace("/", "")), int(width or WIDTH))
    return tile if tile.path == path and tile.width <= WIDTH and (level == ENTRIES or int(level) < 64) else None


def tile_widths(count: int) -> Iterator[tuple[int, int]]:
    """(index, width) of every tile that `count` items fill."""
    full, rest = divmod(count, WIDTH)
    for index in range(full):
        yield index, WIDTH
    if rest:
        yield full, rest


def bundles_at(size: int) -> Iterator[Tile]:
    """The entry bundles of a log of that size."""
    return (Tile(ENTRIES, index, width) for index, width in tile_widths(size))


def tiles_at(size: int) -> Iterator[Tile]:
    """The hash tiles of a log of that size, the partial ones of this size only."""
    level = 0
    while size:
        for index, width in tile_widths(size):
            yield Tile(str(level), index, width)
        level, size = level + 1, size // WIDTH


def exists_at(tile: Tile, size: int) -> bool:
    """Whether a log of that size has this tile; a partial one existed at some smaller or equal size."""
    height = 0 if tile.level == ENTRIES else HEIGHT * int(tile.level)
    return (tile.start + tile.width) << height <= size


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries as a bundle: each preceded by its length in two bytes, big-endian."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """The entries in the content of a bundle. Raises ValueError if it is truncated."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or len(data) - at < 2:
            raise ValueError(f"cut short in entry {len(entries)} of the bundle")
        entries.append(data[at + 2 : end])
        at = end
    return entries


class Growth:
    """A tree that grows leaf by leaf and produces its tiles: `levels[L]` is the open tile of level L.

    `on_full(tile, bytes)` is called once for each tile that became full.
    """

    def __init__(self, on_full: Callable[[Tile, bytes], None] | None = None) -> None:
        self.frontier = tree.Frontier()
        self.levels: list[list[bytes]] = [[]]
        self._full = [0]
        self._on_full = on_full

    @classmethod
    def resume(cls, size: int, read: Read, on_full: Callable[[Tile, bytes], None] | None = None) -> Growth:
        """A tree that continues from the partial tiles of a log of that size. Raises ValueError if a tile is missing or
        has a wrong length.
        """
        growth = cls(on_full)
        growth.levels, growth._full = [], []
        rest = size
        while rest or not growth.levels:
            full, width = divmod(rest, WIDTH)
            tile = Tile(str(len(growth.levels)), full, width)
            growth.levels.append(hashes(read(tile.path), tile) if width else [])
            growth._full.append(full)
            rest = full
        growth.frontier = tree.Frontier(size, _peaks(growth.levels))
        return growth

    @property
    def size(self) -> int:
        return self.frontier.size

    def append(self, leaf: bytes) -> None:
        """Adds a leaf, given by its hash."""
        peaks = self.frontier.peaks
        node, rest, height = leaf, self.frontier.size, 0
        full = self._put(0, node)
        while rest & 1:
            node = sha256(b"\x01" + peaks.pop() + node).digest()
            rest >>= 1
            height += 1
            if full and height & 7 == 0:
                full = self._put(height >> 3, node)
        peaks.append(node)
        self.frontier.size += 1

    def root(self) -> bytes:
        return self.frontier.root()

    def partial(self) -> Iterator[tuple[Tile, bytes]]:
        """The partial tiles at the current size."""
        for level, nodes in enumerate(self.levels):
            if nodes:
                yield Tile(str(level), self._full[level], len(nodes)), b"".join(nodes)

    def _put(self, level: int, node: bytes) -> bool:
        """Adds a node to the open tile of its level; True when that made it full."""
        if level == len(self.levels):
            self.levels.append([])
            self._full.append(0)
        nodes = self.levels[level]
        nodes.append(node)
        if len(nodes) < WIDTH:
            return False
        if self._on_full:
            self._on_full(Tile(str(level), self._full[level], WIDTH), b"".join(nodes))
        nodes.clear()
        self._full[level] += 1
        return True


def hashes(data: bytes | None, tile: Tile) -> list[bytes]:
    """The hashes in the content of a tile. Raises ValueError if it is missing (None) or its length does not match the
    tile's width.
    """
    if data is None:
        raise ValueError(f"{tile.path} is missing")
    if len(data) != tile.width * tree.HASH_BYTES:
        raise ValueError(f"{tile.path}: {len(data)} bytes")
    return [data[at : at + tree.HASH_BYTES] for at in range(0, len(data), tree.HASH_BYTES)]


def nodes(size: int, read: Read) -> tree.Nodes:
    """A function that returns the nodes of the tree of that size, which it reads from the tiles when needed and caches.
    It raises ValueError as `hashes` does.
    """
    rows: dict[tuple[int, int], list[list[bytes]]] = {}

    def node(height: int, index: int) -> bytes:
        level, row = divmod(height, HEIGHT)
        if (index + 1) << height > size:
            raise ValueError(f"no node {height}/{index} in a tree of {size}")
        tile, offset = divmod(index << row, WIDTH)
        if (level, tile) not in rows:
            rows[level, tile] = _rows(hashes(*_last(level, tile, size, read)))
        return rows[level, tile][row][offset >> row]

    return node


def _last(level: int, index: int, size: int, read: Read) -> tuple[bytes | None, Tile]:
    width = min(WIDTH, (size >> HEIGHT * level) - index * WIDTH)
    if width < 1:
        raise ValueError(f"no tile {index} at level {level} in a tree of {size}")
    tile = Tile(str(level), index, width)
    return read(tile.path), tile


def _rows(lowest: list[bytes]) -> list[list[bytes]]:
    """All perfect subtrees within a tile, by height from 0 to 8."""
    rows = [lowest]
    while len(rows[-1]) > 1 and len(rows) <= HEIGHT:
        below = rows[-1]
        rows.append([tree.node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return rows


def _peaks(levels: list[list[bytes]]) -> list[bytes]:
    """The peaks of a tree from its partial tiles, largest first."""
    peaks: list[bytes] = []
    for lowest in reversed(levels):
        rows = _rows(lowest)
        start = 0
        for row in reversed(range(len(lowest).bit_length())):
            if len(lowest) >> row & 1:
                peaks.append(rows[row][start >> row])
                start += 1 << row
    return peaks
