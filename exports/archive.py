"""The archive of a congress: one deterministic zip file with the restitution, the record and its verifier.

The same record and files give the same bytes, on any machine.
"""

from __future__ import annotations

import tempfile
from collections.abc import Container as Names
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import islice
from types import TracebackType
from typing import BinaryIO, TypeVar

from deliberation.record import note, payloads, tiles, tree
from deliberation.record.checkpoint import Checkpoint, bundle, open_checkpoint
from deliberation.record.payloads import Payload
from deliberation.record.verify import PREFIX
from exports import container, layout
from exports.checking import manifest
from exports.program import version

T = TypeVar("T")

START = "start.py"
OWN_FOLDERS = ("record/", "verifier/")
OWN_FILES = frozenset({"verify.py"})
VERIFIER_FILES = (
    "__init__.py",
    "columns_page.py",
    "concordances.py",
    "data_files.py",
    "dossier.py",
    "labels.py",
    "moments.py",
    "motion_text.py",
    "dispositifs.py",
    "naming.py",
    "narrator.py",
    "opml.py",
    "outline.py",
    "rows.py",
    "schema.py",
    "shortening.py",
    "tables.py",
    "templates/README.txt",
    "translations/__init__.py",
    "translations/en.po",
    "typography.py",
)
"""The modules of `exports` that the verifier in an archive needs: `data_files` and what it imports; they use no
third-party library.
"""


@dataclass(frozen=True)
class Record:
    """A record to be written into an archive. `checkpoint` is the signed note that covers all of it.

    `earlier` are the signed notes of smaller sizes, in order of size. `entries` yields the bytes of each entry with its
    payload, or None if the payload is not public (see `public`).
    """

    key: note.Key
    checkpoint: str
    earlier: Iterable[str]
    entries: Iterable[tuple[bytes, Payload | None]]


def public(
    entries: Iterable[tuple[bytes, Payload | None]], hidden: Names[int]
) -> Iterator[tuple[bytes, Payload | None]]:
    """The entries, with None instead of the payload for those whose index is in `hidden` (withheld or redacted)."""
    for index, (entry, payload) in enumerate(entries):
        yield entry, None if index in hidden else payload


def write_archive(
    target: BinaryIO,
    record: Record,
    files: Mapping[str, bytes],
    signer: note.Signer,
    program: str = "",
    engine: str = "",
) -> None:
    """Writes the zip file. Raises ValueError if a path is not allowed or the entries do not match the checkpoint.

    `program` is the version of the program that made `files`, `engine` the program that laid out the maps in them; by
    default those of this machine.
    """
    with Spool() as spool:
        for path, data in files.items():
            if path.startswith(OWN_FOLDERS) or path in OWN_FILES:
                raise ValueError(f"{path} is the archive's own")
            spool.add(path, data)
        for path, data in record_files(record):
            spool.add(path, data)
        for path, data in verifier_files():
            spool.add(path, data)
        made_by = program or version(), engine or layout.engine()
        listed = manifest.write(record.key.name, spool.listed, signer, *made_by)
        names = sorted(spool.listed)
        spool.add(manifest.PATH, listed)
        container.write(target, [*names, manifest.PATH], spool.read)


class Spool:
    """Collects the files of an archive in a temporary file, so that they need not fit in memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._places: dict[str, tuple[int, int]] = {}
        self._folded: set[str] = set()
        self._end = 0
        self.listed: dict[str, manifest.Listed] = {}

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, path: str, data: bytes) -> None:
        """Adds a file. Raises ValueError for a path that is not allowed, or that differs from another only by the case
        of letters, which some systems ignore.
        """
        if not manifest.is_path(path) or path.casefold() in self._folded:
            raise ValueError(f"not a proper path in an archive: {path!r}")
        self._folded.add(path.casefold())
        self._file.seek(self._end)
        self._file.write(data)
        self._places[path] = self._end, len(data)
        self._end += len(data)
        self.listed[path] = manifest.listed(data)

    def read(self, path: str) -> bytes:
        """The content of a file that was added."""
        offset, length = self._places[path]
        self._file.seek(offset)
        return self._file.read(length)


def record_files(record: Record) -> Iterator[tuple[str, bytes]]:
    """The files of the record, as `deliberation.record.verify` expects them."""
    for path, data in _record_files(record):
        yield PREFIX + path, data


def _record_files(record: Record) -> Iterator[tuple[str, bytes]]:
    newest = open_checkpoint(record.checkpoint.encode(), record.key)
    yield "key", f"{record.key.vkey}\n".encode()
    yield "checkpoint", record.checkpoint.encode()
    for number, notes in enumerate(_batches(_earlier(record, newest))):
        yield f"checkpoints/{number}", bundle(notes)
    yield from _log_files(record, newest)


def _log_files(record: Record, newest: Checkpoint) -> Iterator[tuple[str, bytes]]:
    full: list[tuple[tiles.Tile, bytes]] = []
    growth = tiles.Growth(lambda tile, data: full.append((tile, data)))
    for number, batch in enumerate(_batches(record.entries)):
        for entry, _ in batch:
            growth.append(tree.leaf_hash(entry))
        yield tiles.Tile(tiles.ENTRIES, number, len(batch)).path, tiles.bundle(entry for entry, _ in batch)
        yield payloads.path(number), payloads.bundle(payload for _, payload in batch)
        yield from ((tile.path, data) for tile, data in full)
        full.clear()
    yield from ((tile.path, data) for tile, data in growth.partial())
    if (growth.size, growth.root()) != (newest.size, newest.root):
        raise ValueError(f"{growth.size} entries that are not those of the checkpoint of {newest.size}")


def _earlier(record: Record, newest: Checkpoint) -> Iterator[str]:
    size = -1
    for text in record.earlier:
        found = open_checkpoint(text.encode(), record.key).size
        if not size < found < newest.size:
            raise ValueError(f"an earlier checkpoint of {found} after one of {size}, before one of {newest.size}")
        size = found
        yield text


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, tiles.WIDTH)):
        yield batch


def verifier_files() -> Iterator[tuple[str, bytes]]:
    """The path and content of `verify.py` and of the sources that it runs, copied from this program."""
    exports = resources.files("exports")
    yield "verify.py", exports.joinpath("checking", START).read_bytes()
    for name in VERIFIER_FILES:
        yield f"verifier/exports/{name}", exports.joinpath(*name.split("/")).read_bytes()
    sources = [("verifier/exports/checking", exports.joinpath("checking"))]
    for folder, package in [*sources, ("verifier/deliberation", resources.files("deliberation"))]:
        yield from ((path, data) for path, data in _sources(package, folder) if not path.endswith("/" + START))


def _sources(package: Traversable, folder: str) -> Iterator[tuple[str, bytes]]:
    for item in sorted(package.iterdir(), key=lambda item: item.name):
        if item.is_dir() and not item.name.startswith(("_", ".")):
            yield from _sources(item, f"{folder}/{item.name}")
        elif item.name.endswith(".py"):
            yield f"{folder}/{item.name}", item.read_bytes()
