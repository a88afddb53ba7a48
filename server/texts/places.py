"""The nesting of Yjs items: the depth of each, and the kind of type that it is in, according to the document's
schema.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from server.texts.guard import DELETED, GC, Id, StructItem, StructRun, Summary

MAX_NESTING = 48
"""Levels of types. With a few thousand the native stack overflows when the outermost is deleted."""

UNKNOWN = "?"
"""The kind of a type that the schema does not know, and of all that is in it."""


class Unfit(Exception):
    """A well-formed update that cannot be applied to the document."""


class Foreign(Unfit):
    """An update with content that the schema of the document does not allow; the message names it."""


class Schema(Protocol):
    """What a kind of document may contain."""

    def root(self, name: str) -> str:
        """The kind of the root type of that name; UNKNOWN when there is none."""

    def judge(self, within: str, key: str | None, item: StructItem) -> str:
        """The kind of the type that an item opens, "" for a leaf; UNKNOWN if it is not allowed there.

        `within`: the kind of the enclosing type; `key`: the item's key in a map or among attributes.
        """


class AnySchema:
    """Allows everything that is well formed."""

    def root(self, name: str) -> str:
        return "any"

    def judge(self, within: str, key: str | None, item: StructItem) -> str:
        return "any"


ANY = AnySchema()


class ItemPlace(NamedTuple):
    """Where an item is: at `depth` (1 at the root), in a type of kind `within`, under `key`. `opens`: its own kind."""

    depth: int
    within: str
    key: str | None
    opens: str


ERASED = ItemPlace(0, "", None, "")
"""The place of items that are unknown because they were erased with their type; what is inserted there is deleted on
arrival.
"""


class PlacedRun(NamedTuple):
    """Consecutive structs of a client at one place."""

    run: StructRun
    place: ItemPlace


class Places:
    """The place of each item, so that no document is nested too deeply or contains what no page shows.

    Deleted items count too, because others refer to them.
    """

    def __init__(self, schema: Schema = ANY) -> None:
        self._schema = schema
        self._known = _Rows()

    def of(self, summary: Summary, clocks: dict[int, int], strict: bool) -> tuple[list[StructItem], list[PlacedRun]]:
        """The new items, each after all that it depends on, and their places.

        Unfit if they depend on each other or are nested too deeply; Foreign if `strict` and the schema does not allow
        one.
        """
        new = _Rows()
        items: list[StructItem] = []
        placed: list[PlacedRun] = []
        for item in _ordered(summary.items, clocks):
            place = self._place(item, new)
            if place.depth > MAX_NESTING:
                raise Unfit("types are nested too deeply")
            if strict and place.opens == UNKNOWN:
                raise Foreign(_name(item, place))
            run = item.run
            known = clocks.get(run.client, 0)
            found = PlacedRun(run if run.start >= known else StructRun(run.client, known, run.end), place)
            new.add(found)
            items.append(item)
            placed.append(found)
        return items, placed

    def add(self, placed: Iterable[PlacedRun]) -> None:
        """Stores what `of` found; runs of one client must come by ascending clock."""
        for each in placed:
            self._known.add(each)

    def _place(self, item: StructItem, new: _Rows) -> ItemPlace:
        if item.ref == GC:
            return ERASED
        beside = item.left or item.right
        if beside is not None:
            other = self._at(beside, new)
            depth, within, key = max(other.depth, 1), other.within, other.key
        elif item.parent is not None:
            above = self._at(item.parent, new)
            depth, within, key = above.depth + 1, above.opens, item.key
        else:
            depth, within, key = 1, self._schema.root(item.root or ""), item.key
        return ItemPlace(depth, within, key, self._opens(within, key, item))

    def _opens(self, within: str, key: str | None, item: StructItem) -> str:
        if within == UNKNOWN:
            return UNKNOWN
        return self._schema.judge(within, key, item) if within else ""

    def _at(self, id_: Id, new: _Rows) -> ItemPlace:
        return new.at(id_) or self._known.at(id_) or ERASED


def _name(item: StructItem, place: ItemPlace) -> str:
    """What the schema does not allow, in a few words."""
    if place.within == UNKNOWN:
        return f"unknown root: {(item.root or '')[:40]!r}"
    what = repr(item.value)[:60] if item.ref != DELETED else "deleted"
    return f"unknown in {place.within}: {(place.key or '')[:40]!r} {item.ref} {what}"


class _Rows:
    """Places by client and clock; consecutive structs at one place share a run."""

    def __init__(self) -> None:
        self._starts: dict[int, list[int]] = {}
        self._places: dict[int, list[tuple[int, ItemPlace]]] = {}

    def at(self, id_: Id) -> ItemPlace | None:
        """The place of that struct; None if it is unknown."""
        client, clock = id_
        starts = self._starts.get(client)
        if not starts:
            return None
        position = bisect_right(starts, clock) - 1
        if position < 0:
            return None
        end, place = self._places[client][position]
        return place if clock < end else None

    def add(self, placed: PlacedRun) -> None:
        (client, start, end), place = placed
        places = self._places.setdefault(client, [])
        if place is ERASED:
            return
        if places and places[-1][0] == start and places[-1][1] == place:
            places[-1] = (end, places[-1][1])
        else:
            self._starts.setdefault(client, []).append(start)
            places.append((end, place))


def _ordered(items: Iterable[StructItem], clocks: dict[int, int]) -> Iterator[StructItem]:
    """The unknown items, each after those that it refers to; Unfit if there is no such order."""
    waiting = _Waiting(items, clocks)
    for client in waiting.clients:
        path = {client: None}
        while path:
            item = waiting.next(last := next(reversed(path)))
            if item is None:
                del path[last]
                continue
            needed = waiting.lacks(item)
            if needed is None:
                waiting.take(item)
                yield item
                if len(path) > 1:  # whoever waited for it may go on
                    del path[last]
            elif needed in path or waiting.next(needed) is None:
                raise Unfit("the structs of an update wait for each other")
            else:
                path[needed] = None


class _Waiting:
    def __init__(self, items: Iterable[StructItem], clocks: dict[int, int]) -> None:
        self._known = clocks
        self._reached: dict[int, int] = {}
        self._queues: dict[int, list[StructItem]] = {}
        for item in items:
            if item.run.end > clocks.get(item.run.client, 0):
                self._queues.setdefault(item.run.client, []).append(item)
        for queue in self._queues.values():
            queue.reverse()

    @property
    def clients(self) -> list[int]:
        return list(self._queues)

    def next(self, client: int) -> StructItem | None:
        queue = self._queues.get(client)
        return queue[-1] if queue else None

    def take(self, item: StructItem) -> None:
        self._queues[item.run.client].pop()
        self._reached[item.run.client] = item.run.end

    def lacks(self, item: StructItem) -> int | None:
        """The client of a struct that the item depends on and that has not come; None if there is none."""
        for id_ in (item.left, item.right, item.parent):
            if id_ is not None and id_[1] >= self._reached.get(id_[0], self._known.get(id_[0], 0)):
                return id_[0]
        return None
