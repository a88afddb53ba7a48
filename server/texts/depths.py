"""How deep items lie within types."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from server.texts.guard import Id, PlacedItems, StructRun

MAX_NESTING = 48
"""Levels of items within types. A few thousand overflow the native stack when the outermost is deleted."""


class Unfit(Exception):
    """A well-formed update that the document cannot take."""


class Level(NamedTuple):
    """How deep the items of a run lie: 1 at the root."""

    run: StructRun
    depth: int


class Depths:
    """How deep each item lies, so that no document grows deeper than the native stack bears.

    Deleted items count too: others stand beside them. What is not known here was erased with the type it was in, and
    whatever comes into it or beside it is deleted on arrival.
    """

    def __init__(self) -> None:
        self._known = _Levels()

    def of(self, items: Iterable[PlacedItems], clocks: dict[int, int]) -> list[Level]:
        """The depths of the new items; Unfit beyond the limit."""
        new = _New(items, clocks)
        found: dict[Id, int] = {}
        levels: list[Level] = []
        for item in new:
            for step in new.chain(item, found):
                found[step.run[:2]] = self._depth(step, new, found)
            levels.append(Level(item.run, found[item.run[:2]]))
        if max((level.depth for level in levels), default=0) > MAX_NESTING:
            raise Unfit("types are nested too deeply")
        return levels

    def add(self, levels: Iterable[Level]) -> None:
        """Remember what `of` found; runs of one client come by growing clock."""
        for level in levels:
            self._known.add(level)

    def _depth(self, item: PlacedItems, new: _New, found: dict[Id, int]) -> int:
        beneath = item.parent or item.beside
        if beneath is None:
            return 1
        standing = new.at(beneath)
        depth = found.get(standing.run[:2], 0) if standing else self._known.at(beneath)
        return depth + 1 if item.parent else max(depth, 1)


class _Levels:
    """Depths by client and clock, neighbours of one depth together."""

    def __init__(self) -> None:
        self._starts: dict[int, list[int]] = {}
        self._levels: dict[int, list[tuple[int, int]]] = {}

    def at(self, id_: Id) -> int:
        """0 when nothing is known there."""
        client, clock = id_
        position = bisect_right(self._starts.get(client, ()), clock) - 1
        end, depth = self._levels[client][position] if position >= 0 else (0, 0)
        return depth if clock < end else 0

    def add(self, level: Level) -> None:
        (client, start, end), depth = level
        levels = self._levels.setdefault(client, [])
        if levels and levels[-1] == (start, depth):
            levels[-1] = (end, depth)
        else:
            self._starts.setdefault(client, []).append(start)
            levels.append((end, depth))


class _New:
    """The items of an update that are not known yet."""

    def __init__(self, items: Iterable[PlacedItems], clocks: dict[int, int]) -> None:
        self._items: dict[int, list[PlacedItems]] = {}
        for item in items:
            client, start, end = item.run
            known = clocks.get(client, 0)
            if end > known:
                fresh = item if start >= known else item._replace(run=StructRun(client, known, end))
                self._items.setdefault(client, []).append(fresh)
        self._starts = {client: [item.run.start for item in own] for client, own in self._items.items()}

    def __iter__(self) -> Iterator[PlacedItems]:
        return (item for own in self._items.values() for item in own)

    def at(self, id_: Id) -> PlacedItems | None:
        client, clock = id_
        position = bisect_right(self._starts.get(client, ()), clock) - 1
        item = self._items[client][position] if position >= 0 else None
        return item if item and clock < item.run.end else None

    def chain(self, item: PlacedItems, found: dict[Id, int]) -> list[PlacedItems]:
        """The item and the new ones it hangs on that are not found yet, the outermost first."""
        steps: list[PlacedItems] = []
        entered: set[Id] = set()
        current: PlacedItems | None = item
        while current is not None and (id_ := current.run[:2]) not in found and id_ not in entered:
            steps.append(current)
            entered.add(id_)
            beneath = current.parent or current.beside
            current = self.at(beneath) if beneath else None
        return steps[::-1]
