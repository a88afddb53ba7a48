"""The acts behind the words of a motion, from the entries about it: folded once, then on from where the fold stood."""

from __future__ import annotations

from dataclasses import replace

from deliberation.amendments.dispositif.quoting import Stretch
from deliberation.kernel import events, ids
from deliberation.kernel.state import State
from deliberation.thread.word_acts import StandingWords, WordActs, WordAnswer
from deliberation.visibility.remains import absence
from server.store.store import Store

RECENT, ALL = 64, 2**31
"""How many of the last entries are read first: as a rule few were added since the motion was last asked about."""
MOST_KEPT = 8
_KEPT: dict[tuple[Store, str, int], tuple[WordActs, int]] = {}
"""By motion: the fold, and up to which entry it goes."""


def answer(store: Store, slug: str, state: State, motion: int, sought: str) -> WordAnswer:
    """Why the motion says these words, or no longer does. `state` is the public's."""
    acts = WordActs(motion, sought)
    for recorded in _entries(store, slug, state, motion, 0):
        acts.take(_public(state, recorded), state)
    return acts.answer(state)


def standing(
    store: Store, slug: str, state: State, motion: int, version: int, clause: str, at: Stretch
) -> StandingWords:
    """The acts behind the words at these characters of a passage, in a frozen version or in the draft (0).

    `state` is the public's: what is kept was public. What is withheld now may be published, and is then read anew.
    """
    acts, start = _KEPT.pop((store, slug, motion), (WordActs(motion), 0))
    entries = _entries(store, slug, state, motion, start)
    for recorded in entries:
        acts.take(_public(state, recorded), state)
    if not any(absence(state, recorded.index) for recorded in entries):
        _KEPT[store, slug, motion] = acts, max(start, state.size)
    while len(_KEPT) > MOST_KEPT:
        _KEPT.pop(next(iter(_KEPT)), None)
    return acts.standing(state, clause, at, version)


def forget() -> None:
    """Drops what is kept: words in it were redacted."""
    _KEPT.clear()


def _entries(store: Store, slug: str, state: State, motion: int, start: int) -> list[events.Recorded]:
    """The entries about the motion from `start` on."""
    found: list[events.Recorded] = []
    for limit in (RECENT, ALL) if start < state.size else ():
        found = store.about(slug, [ids.document(ids.MOTION, motion)], state.size, limit)
        if len(found) < limit or found[0].index < start:
            break
    return [recorded for recorded in found if recorded.index >= start]


def _public(state: State, recorded: events.Recorded) -> events.Recorded:
    return replace(recorded, event=None) if absence(state, recorded.index) else recorded
