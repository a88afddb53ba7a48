"""Entries of the record as pages show them: in words, without what is withheld or erased."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from deliberation.kernel import events
from deliberation.kernel.ids import Instant
from deliberation.kernel.state import State
from deliberation.visibility.remains import absence
from exports import naming
from exports.narrator import describe, typed
from exports.quotations import marked
from exports.translations import FRENCH
from server.pages.shell.visit import Visit


@dataclass(frozen=True)
class EntryLine:
    """One entry in words. `absent` says why its payload is not shown: a reason of `State.withheld`, "redacted", or
    "".
    """

    index: int
    time: Instant
    actor: str
    kind: str
    document: str
    path: str
    sentence: str
    absent: str


async def between(visit: Visit, start: int, stop: int) -> list[EntryLine]:
    """Entries [start, stop), in order."""
    recorded = await asyncio.to_thread(_read, visit.services.store, visit.slug, start, min(stop, visit.state.size))
    return [line_of(visit, r) for r in recorded]


async def about(visit: Visit, *documents: str, limit: int = 200, apart: Collection[int] = ()) -> list[EntryLine]:
    """The last `limit` entries about these documents, oldest first, without those whose indices are `apart`."""
    store, size = visit.services.store, visit.state.size
    recorded = await asyncio.to_thread(store.about, visit.slug, documents, size, limit, apart)
    return [line_of(visit, r) for r in recorded]


def line_of(visit: Visit, recorded: events.Recorded) -> EntryLine:
    shown = public(visit.state, recorded)
    return EntryLine(
        recorded.index,
        recorded.time,
        recorded.actor,
        recorded.kind,
        recorded.document,
        naming.path(visit.state, recorded.document),
        _sentence(visit, shown),
        absence(visit.state, recorded.index),
    )


def _sentence(visit: Visit, shown: events.Recorded) -> str:
    """The sentence in the visitor's language; what people typed is marked as French on a page in another language."""
    said = describe(visit.words, visit.state, shown)
    return said if visit.words.lang == FRENCH else marked(said, typed(shown.event))


def public(state: State, recorded: events.Recorded) -> events.Recorded:
    """The entry, without its event if the public may not read it now."""
    return replace(recorded, event=None) if absence(state, recorded.index) else recorded


def _read(store: Any, slug: str, start: int, stop: int) -> list[events.Recorded]:
    return list(store.recorded(slug, max(0, start), stop))
