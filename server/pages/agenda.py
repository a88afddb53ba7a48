"""What a sitting has before it: the order of call with its reasons, what is proposed, the lines that pages show.

It follows from motions, amendments and acts alone: computed once for each of their states, however many look at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from deliberation import discussion, ids, lifecycle, rebase
from deliberation.order import Place, Why, agenda
from deliberation.proposals import Proposal, of_reaimed
from deliberation.rebase import Reaimed
from deliberation.state import Amendment, State
from server.pages import naming
from server.translations import Words

KEPT = 4


@dataclass(frozen=True)
class Debate:
    """The pending amendments of one motion in order, and on its text as it stands now (by number).

    Then the outcomes and the joint discussions that are proposed.
    """

    places: tuple[Place, ...]
    reaimed: Mapping[int, Reaimed]
    proposals: tuple[Proposal, ...]
    joinable: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Line:
    """An amendment in the order of call: what it does, at which stage it stands, why it stands there."""

    a: Amendment
    aim: str
    stage: str
    why: tuple[str, ...]
    discussion: int
    same: tuple[int, ...]
    reserved: bool


@dataclass(frozen=True)
class Block:
    """Consecutive lines on one passage, or those that are reserved; `now` when one of them is discussed."""

    id: str
    label: str
    lines: tuple[Line, ...]
    now: bool


Seen = tuple[Any, Any, Any]
_kept: list[tuple[Seen, Mapping[int, Debate]]] = []


def debates(state: State) -> Mapping[int, Debate]:
    """By motion; the same value while neither motions, amendments nor acts change."""
    seen = (state.motions, state.amendments, state.acts)
    for known, value in _kept:
        if all(one is other for one, other in zip(known, seen, strict=True)):
            return value
    made = {n: _debate(state, n) for n, motion in state.motions.items() if motion.status == "frozen"}
    _kept[:] = [(seen, made), *_kept[: KEPT - 1]]
    return made


def _debate(state: State, motion: int) -> Debate:
    reaimed = rebase.of_motion(state, motion)
    proposed = of_reaimed(state, motion, reaimed)
    by_number = {found.amendment: found for found in reaimed}
    return Debate(agenda(state, motion), by_number, proposed, discussion.proposals(state, motion))


def said(words: Words, why: Why) -> str:
    return words(why.message, **dict(why.params))


def line(state: State, words: Words, place: Place) -> Line:
    return Line(
        place.amendment,
        naming.amendment_aim(state, words, place.amendment),
        lifecycle.stage(state, place.amendment),
        tuple(said(words, why) for why in place.why),
        place.discussion,
        place.same,
        place.reserved,
    )


def lines(state: State, words: Words) -> list[Line]:
    """All that waits, motion by motion, in the order of call."""
    return [line(state, words, place) for debate in debates(state).values() for place in debate.places]


def blocks(state: State, words: Words, motion: int, places: tuple[Place, ...]) -> list[Block]:
    """The order of call of a motion, passage by passage."""
    made: list[Block] = []
    for (reserved, passage), run in groupby(places, key=lambda x: (x.reserved, "" if x.reserved else _passage(x))):
        shown = tuple(line(state, words, place) for place in run)
        label = words("Réservés") if reserved else _label(state, words, motion, passage)
        now = any(x.stage in (lifecycle.CALLED, lifecycle.VOTING) for x in shown)
        made.append(Block(f"passage-{motion}-{len(made)}", label, shown, now))
    return made


def _passage(place: Place) -> str:
    return naming.place_of(place.amendment)


def _label(state: State, words: Words, motion: int, passage: str) -> str:
    text = state.motions[motion].text
    clause = naming.find_clause(state.motions[motion], passage, text.base if text else 0)
    return naming.place_label(words, clause, passage)


def following(state: State, words: Words, limit: int = 3) -> list[Line]:
    """What is called next, at most so many: on from what is discussed now, then what was passed over, then reserved."""
    kind, number = naming.split(state.floor)
    motion = state.amendments[number].motion if kind == ids.AMENDMENT and number in state.amendments else 0
    called = lifecycle.on_floor(state)
    waiting = [place for debate in debates(state).values() for place in debate.places]
    at = max((n for n, place in enumerate(waiting) if place.amendment.number in called), default=-1)
    waiting = [*waiting[at + 1 :], *waiting[: at + 1]]
    waiting = [x for x in waiting if x.amendment.number not in called and not _is_voted(state, x)]
    waiting.sort(key=lambda place: (place.amendment.motion != motion, place.reserved))
    return [line(state, words, place) for place in waiting[:limit]]


def _is_voted(state: State, place: Place) -> bool:
    return lifecycle.open_poll(state, place.amendment.number) is not None
