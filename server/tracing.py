"""The origins of the words of a frozen text, read from the record once for each version."""

from __future__ import annotations

from typing import Any

from deliberation import events, ids, origins
from deliberation.origins import Run
from deliberation.state import Frozen, State
from server.store.store import Store

NEVER = 2**31
MADE = (events.MotionCreated, events.TextWritten, events.TextFrozen)
MOST_KEPT = 64
_KEPT: dict[tuple[Store, str, int, int], tuple[tuple[Frozen, Any], tuple[Run, ...]]] = {}


def runs_of(store: Store, slug: str, state: State, motion: int, version: int) -> tuple[Run, ...]:
    """The words of a frozen version with their origins. Reads the entries about the motion; the last ones are kept."""
    text = state.motions[motion].frozen[version - 1]
    authors = tuple((n, state.amendments[n].author) for n in text.adopted)
    known = _KEPT.get((store, slug, motion, version))
    if known is not None and known[0] == (text, authors):
        return known[1]
    document = ids.document(ids.MOTION, motion)
    record = (r for r in store.about(slug, [document], text.entry + 1, NEVER) if isinstance(r.event, MADE))
    runs = origins.of_motion(record, state, motion, version)
    _KEPT[store, slug, motion, version] = (text, authors), runs
    while len(_KEPT) > MOST_KEPT:
        _KEPT.pop(next(iter(_KEPT)), None)
    return runs
