"""The order of business of a sitting: pending amendments in the order of call, proposals, and outcomes.

All of it depends on motions, amendments and acts only, and is cached for each of their states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from deliberation.amendments import discussion, lifecycle, rebase
from deliberation.amendments.order import PlaceInOrder, Why, agenda
from deliberation.amendments.proposals import ProposedOutcome, of_reaimed
from deliberation.amendments.rebase import Reaimed
from deliberation.kernel import ids
from deliberation.kernel.state import Amendment, State
from deliberation.motions import layout, motions
from exports import naming
from exports.translations import Translator
from server.pages.amendments.signatories import lacking

KEPT = 4
PER_STRETCH = 40
"""Lines in one section of the order, more if one passage has more: what is still easy to scroll through on a phone."""


@dataclass(frozen=True)
class Debate:
    """The debate on one motion: pending amendments in order, the same by number as they apply to the current text, and
    the outcomes and joint discussions that are proposed.
    """

    places: tuple[PlaceInOrder, ...]
    reaimed: Mapping[int, Reaimed]
    proposals: tuple[ProposedOutcome, ...]
    joinable: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class AgendaLine:
    """An amendment in the order of call: what it does, its stage, why it has this position, and what it lacks before it
    can be voted on.
    """

    a: Amendment
    aim: str
    stage: str
    why: tuple[str, ...]
    discussion: int
    same: tuple[int, ...]
    reserved: bool
    lacks: str = ""


@dataclass(frozen=True)
class Block:
    """A passage, or the reserved amendments: those with an outcome, then the pending ones in the order of call.

    `now` if one of them is under discussion.
    """

    id: str
    label: str
    passage: str
    settled: tuple[AgendaLine, ...]
    lines: tuple[AgendaLine, ...]

    @property
    def now(self) -> bool:
        return any(line.stage in (lifecycle.CALLED, lifecycle.VOTING) for line in self.lines)

    @property
    def size(self) -> int:
        return len(self.settled) + len(self.lines)


@dataclass(frozen=True)
class AgendaSection:
    """Consecutive blocks of one motion, as many as one page of the order shows. `number` counts from 1."""

    number: int
    motion: int
    blocks: tuple[Block, ...]

    @property
    def now(self) -> bool:
        return any(block.now for block in self.blocks)

    @property
    def waiting(self) -> int:
        return sum(len(block.lines) for block in self.blocks)

    @property
    def settled(self) -> int:
        return sum(len(block.settled) for block in self.blocks)


Seen = tuple[Any, Any, Any]
_kept: list[tuple[Seen, Mapping[int, Debate]]] = []


def debates(state: State) -> Mapping[int, Debate]:
    """The debates by motion; the same object while motions, amendments and acts do not change."""
    seen = (state.motions, state.amendments, state.acts)
    for known, value in _kept:
        if all(one is other for one, other in zip(known, seen, strict=True)):
            return value
    found = {n: _debate(state, n) for n, motion in state.motions.items() if motion.status == "frozen"}
    _kept[:] = [(seen, found), *_kept[: KEPT - 1]]
    return found


def _debate(state: State, motion: int) -> Debate:
    reaimed = rebase.of_motion(state, motion)
    proposed = of_reaimed(state, motion, reaimed)
    by_number = {found.amendment: found for found in reaimed}
    return Debate(agenda(state, motion), by_number, proposed, discussion.proposals(state, motion))


def said(words: Translator, why: Why) -> str:
    return words(why.message, **dict(why.params))


def line(state: State, words: Translator, place: PlaceInOrder) -> AgendaLine:
    return AgendaLine(
        place.amendment,
        naming.amendment_aim(state, words, place.amendment),
        lifecycle.stage(state, place.amendment),
        tuple(said(words, why) for why in place.why),
        place.discussion,
        place.same,
        place.reserved,
        lacking(state, words, place.amendment),
    )


def lines(state: State, words: Translator) -> list[AgendaLine]:
    """All pending amendments, motion by motion, in the order of call."""
    return [line(state, words, place) for debate in debates(state).values() for place in debate.places]


def stretches(state: State, words: Translator) -> list[AgendaSection]:
    """The whole order of every motion under amendment, divided into sections between passages."""
    found: list[AgendaSection] = []
    known = debates(state)
    for n in sorted({a.motion for a in state.amendments.values()}):
        for run in _cut(blocks(state, words, n, known[n].places if n in known else ())):
            found.append(AgendaSection(len(found) + 1, n, run))
    return found


def current(found: list[AgendaSection]) -> int:
    """The number of the current section: with what is under discussion, else the first pending amendment, else the
    last.
    """
    waiting = [x.number for x in found if x.waiting]
    return next((x.number for x in found if x.now), waiting[0] if waiting else len(found))


def _cut(blocks: list[Block]) -> list[tuple[Block, ...]]:
    runs: list[list[Block]] = []
    for block in blocks:
        if not runs or sum(x.size for x in runs[-1]) + block.size > PER_STRETCH:
            runs.append([])
        runs[-1].append(block)
    return [tuple(run) for run in runs]


def blocks(state: State, words: Translator, motion: int, places: tuple[PlaceInOrder, ...]) -> list[Block]:
    """The order of call of a motion, passage by passage, with the outcomes on each."""
    settled = _settled(state, motion)
    ordered: list[Block] = []
    for (reserved, passage), run in groupby(places, key=lambda x: (x.reserved, "" if x.reserved else _passage(x))):
        lines = tuple(line(state, words, place) for place in run)
        label = words("Réservés") if reserved else _label(state, words, motion, passage)
        done = () if reserved else tuple(_done(state, words, a) for a in settled.pop(passage, ()))
        ordered.append(Block("", label, passage, done, lines))
    rank = _ranks(state, motion)
    for passage in sorted(settled, key=lambda x: rank.get(x, len(rank))):
        done = tuple(_done(state, words, a) for a in settled[passage])
        block = Block("", _label(state, words, motion, passage), passage, done, ())
        ordered.insert(_where(ordered, rank, rank.get(passage, len(rank))), block)
    return [replace(block, id=f"passage-{motion}-{n}") for n, block in enumerate(ordered)]


def _settled(state: State, motion: int) -> dict[str, list[Amendment]]:
    """Amendments with an outcome, by passage, in the order of their outcomes."""
    found: dict[str, list[Amendment]] = {}
    had = (a for a in state.amendments.values() if a.motion == motion and a.outcome is not None)
    for amendment in sorted(had, key=lambda a: (a.settled, a.number)):
        found.setdefault(naming.place_of(amendment), []).append(amendment)
    return found


def _ranks(state: State, motion: int) -> dict[str, int]:
    """The position of each passage in the text that is amended."""
    text = state.motions[motion].text
    laid = layout.laid_out(state, state.motions[motion], text) if text else ()
    clauses = [each.clause.id for each in laid]
    return {place: n for n, place in enumerate([naming.TITLE, naming.BEGINNING, *clauses])}


def _where(ordered: list[Block], rank: dict[str, int], at: int) -> int:
    """The index before the first block that comes later in the text, and before the reserved ones."""
    return next((n for n, block in enumerate(ordered) if rank.get(block.passage, len(rank)) > at), len(ordered))


def _done(state: State, words: Translator, amendment: Amendment) -> AgendaLine:
    aim = naming.amendment_aim(state, words, amendment)
    return AgendaLine(amendment, aim, lifecycle.stage(state, amendment), (), 0, (), False)


def _passage(place: PlaceInOrder) -> str:
    return naming.place_of(place.amendment)


def _label(state: State, words: Translator, motion: int, passage: str) -> str:
    """The name of a passage; one that was deleted keeps its former name."""
    base = motions.base_of(state.motions[motion])
    clause = naming.find_clause(state.motions[motion], passage, base.version if base else 0)
    clause = clause or naming.find_clause(state.motions[motion], passage)
    return naming.place_label(words, clause, passage)


def following(state: State, words: Translator, limit: int = 3) -> list[AgendaLine]:
    """What is called next, at most `limit`: after what is under discussion, then what was passed over, then
    reserved.
    """
    kind, number = naming.split(state.floor)
    motion = state.amendments[number].motion if kind == ids.AMENDMENT and number in state.amendments else 0
    called = lifecycle.on_floor(state)
    waiting = [place for debate in debates(state).values() for place in debate.places]
    at = max((n for n, place in enumerate(waiting) if place.amendment.number in called), default=-1)
    if at < 0 and motion:
        at = _passed(state, waiting, state.amendments[number])
    waiting = [*waiting[at + 1 :], *waiting[: at + 1]]
    waiting = [x for x in waiting if x.amendment.number not in called and not _is_voted(state, x)]
    waiting.sort(key=lambda place: (place.amendment.motion != motion, place.reserved))
    return [line(state, words, place) for place in waiting[:limit]]


def _passed(state: State, waiting: list[PlaceInOrder], settled: Amendment) -> int:
    """The index of the last pending amendment on a passage before that of a settled one; -1 for none."""
    rank = _ranks(state, settled.motion)
    here = rank.get(naming.place_of(settled), len(rank))
    own = ((n, x) for n, x in enumerate(waiting) if x.amendment.motion == settled.motion and not x.reserved)
    return max((n for n, x in own if rank.get(_passage(x), len(rank)) < here), default=-1)


def _is_voted(state: State, place: PlaceInOrder) -> bool:
    return lifecycle.open_poll(state, place.amendment.number) is not None
