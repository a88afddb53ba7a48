"""Entries of the record as pages show them: in words, with nothing that is withheld or erased."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

from deliberation import events
from deliberation.ids import Instant
from deliberation.state import State
from server.pages import naming
from server.pages.visit import Visit
from server.pages.wording import describe


@dataclass(frozen=True)
class Line:
    """One entry in words. `absent` says why its payload is not shown: withheld's reason, "redacted", or ""."""

    index: int
    time: Instant
    actor: str
    kind: str
    document: str
    path: str
    sentence: str
    absent: str


@dataclass
class _Index:
    """Which entries are about which document, read once and then followed."""

    size: int = 0
    of: dict[str, list[int]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_indexes: WeakKeyDictionary[Any, dict[str, _Index]] = WeakKeyDictionary()


async def between(visit: Visit, start: int, stop: int) -> list[Line]:
    """Entries [start, stop), in order."""
    recorded = await asyncio.to_thread(_read, visit.services.store, visit.slug, start, min(stop, visit.state.size))
    return [line_of(visit, r) for r in recorded]


async def about(visit: Visit, *documents: str, limit: int = 200) -> list[Line]:
    """The last `limit` entries about these documents, oldest first."""
    indices = await asyncio.to_thread(_indices, visit.services.store, visit.slug, visit.state.size, documents)
    recorded = await asyncio.to_thread(_read_some, visit.services.store, visit.slug, indices[-limit:])
    return [line_of(visit, r) for r in recorded]


def line_of(visit: Visit, recorded: events.Recorded) -> Line:
    shown = public(visit.state, recorded)
    return Line(
        recorded.index,
        recorded.time,
        recorded.actor,
        recorded.kind,
        recorded.document,
        naming.path(visit.state, recorded.document),
        describe(visit.words, visit.state, shown),
        absence(visit.state, recorded.index),
    )


def public(state: State, recorded: events.Recorded) -> events.Recorded:
    """The entry without an event that the public may not read now."""
    return replace(recorded, event=None) if absence(state, recorded.index) else recorded


def absence(state: State, index: int) -> str:
    """Why the payload of that entry is not shown: "redacted", what withholds it, or "" when it is."""
    return "redacted" if index in state.redacted else state.withheld.get(index, "")


def _read(store: Any, slug: str, start: int, stop: int) -> list[events.Recorded]:
    return list(store.recorded(slug, max(0, start), stop))


def _read_some(store: Any, slug: str, indices: Iterable[int]) -> list[events.Recorded]:
    return [recorded for start, stop in _runs(indices) for recorded in store.recorded(slug, start, stop)]


def _runs(indices: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring indices as ranges [start, stop)."""
    runs: list[tuple[int, int]] = []
    for index in indices:
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def _indices(store: Any, slug: str, size: int, documents: Iterable[str]) -> list[int]:
    index = _indexes.setdefault(store, {}).setdefault(slug, _Index())
    with index.lock:
        if index.size < size:
            _extend(index, store, slug, size)
        return sorted({i for document in documents for i in index.of.get(document, ())})


def _extend(index: _Index, store: Any, slug: str, size: int) -> None:
    for recorded in store.recorded(slug, index.size, size):
        index.of.setdefault(recorded.document, []).append(recorded.index)
    index.size = size
