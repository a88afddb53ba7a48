"""The origins of the words of frozen texts, cached: a draft is read from the record once, for all later versions."""

from __future__ import annotations

from deliberation.kernel import events, ids
from deliberation.kernel.state import Frozen, State
from deliberation.motions.origins import OriginRun, Tracing
from server.store.store import Store

NEVER = 2**31
"""A number of entries that no record reaches: no limit."""
MADE = (events.MotionCreated, events.TextWritten, events.TextFrozen)
MOST_KEPT = 32
_KEPT: dict[tuple[Store, str, int, int], Tracing] = {}


def runs_of(store: Store, slug: str, state: State, motion: int, version: int) -> tuple[OriginRun, ...]:
    """The words of a frozen version with their origins. Reads the entries about the motion up to the text amended."""
    frozen = state.motions[motion].frozen
    text = frozen[version - 1]
    base = frozen[text.base - 1] if text.adopted else text
    return _tracing_of(store, slug, state, motion, base).runs(state, version)


def forget() -> None:
    """Clears the cache, after words were redacted."""
    _KEPT.clear()


def _tracing_of(store: Store, slug: str, state: State, motion: int, base: Frozen) -> Tracing:
    """The fold of the entries about the motion until that text was frozen; the most recently used ones are cached."""
    known = _KEPT.pop((store, slug, motion, base.entry), None)
    if known is None:
        known = Tracing(motion)
        for recorded in store.about(slug, [ids.document(ids.MOTION, motion)], base.entry + 1, NEVER):
            if isinstance(recorded.event, MADE):
                known.take(recorded, state)
    _KEPT[store, slug, motion, base.entry] = known
    while len(_KEPT) > MOST_KEPT:
        _KEPT.pop(next(iter(_KEPT)), None)
    return known
