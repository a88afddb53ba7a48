"""Adds to a congress a withheld object of every kind, with a marker in each text that must not be readable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deliberation.kernel.state import Excerpt, Motion, Poll, Remark, Seclusion, State, Testimony
from deliberation.kernel.vocabulary import Choice, Hands, PollRule, Terms, Way
from deliberation.visibility.remains import PARTICIPATION, WITHHELD, is_in_camera, is_public
from tests.marks import mark, marked

KEYED = {"ballots", "cast", "by_proxy", "counts"}
"""Fields of an open poll that are keyed by people's ids, which markers cannot replace."""
CLOSING = {"closed", "tally"}
"""Fields that only a closed poll has. They stay empty: with a tally but no time of closing, no page could show the
poll.
"""
UNTIL = "2099-01-01T00:00:00.000Z"
IN_CAMERA = "huis_clos"


def with_secrets(state: State, voter: str, giver: str) -> State:
    """The state with markers in its unpublished testimonies and their excerpts, in a motion and a remark written in
    camera, and in an open poll for each way of voting, in which `voter` voted for themselves and for `giver`.
    """
    motion, remark = _written_in_camera(state, voter), len(state.remarks) + 1
    testimonies = {n: x if is_public(state, x) else _withheld(x) for n, x in state.testimonies.items()}
    excerpts = {n: x if is_public(state, testimonies[x.testimony]) else _withheld(x) for n, x in _quoted(state)}
    return replace(
        state,
        testimonies=testimonies,
        excerpts={**state.excerpts, **excerpts},
        motions={**state.motions, motion.number: motion},
        remarks={**state.remarks, remark: _said_in_camera(motion.number, remark, voter, state.size)},
        seclusion=Seclusion(UNTIL, "Sérénité", UNTIL, voter, 0, {str(motion.number): "Un titre"}),
        polls={**state.polls, **_open_polls(state, voter, giver)},
        withheld={**state.withheld, state.size: IN_CAMERA},
    )


def _quoted(state: State) -> list[tuple[int, Excerpt]]:
    return [(n, x) for n, x in state.excerpts.items() if x.testimony]


def _withheld(thing: Any) -> Any:
    """The object with markers in its withheld fields; unchanged if it is an erased testimony, which has none."""
    erased = isinstance(thing, Testimony) and thing.status == "redacted"
    return thing if erased else marked(thing, WITHHELD[type(thing)], f"{type(thing).__name__}{thing.number}")


def _written_in_camera(state: State, author: str) -> Motion:
    """The motion that is being written in camera, or a new one, with markers."""
    known = next((x for x in state.motions.values() if is_in_camera(state, x)), None)
    new = Motion(len(state.motions) + 1, "Un titre", author, UNTIL)
    full = marked(known or new, WITHHELD[Motion] - {"title"}, "camera")
    if known is not None:
        return replace(full, order=known.order)
    (draft,) = full.draft.values()
    return replace(full, draft={mark("cameraclause"): draft}, order=(mark("cameraclause"),))


def _said_in_camera(motion: int, number: int, author: str, entry: int) -> Remark:
    said = Remark(number, motion, "", "", author, UNTIL, entry, proposal="")
    return marked(said, WITHHELD[Remark], "camera")


def _open_polls(state: State, voter: str, giver: str) -> Mapping[int, Poll]:
    first = len(state.polls) + 1
    polls = {}
    for number, way in enumerate(Way, first):
        rule = PollRule(participation=way is not Way.SECRET)
        terms = Terms(way, tellers=(voter,) if way is Way.HANDS else ())
        opened = Poll(number, "motion-1", "Adoptez-vous ?", rule, (voter, giver), UNTIL, voter, terms=terms)
        polls[number] = marked(_cast(opened, voter, giver), WITHHELD[Poll] | PARTICIPATION | KEYED | CLOSING, "poll")
    return polls


def _cast(poll: Poll, voter: str, giver: str) -> Poll:
    """The open poll with two votes, or with a teller's count."""
    if poll.way is Way.HANDS:
        return replace(poll, counts={voter: Hands(71, 72, 73, 74)})
    if poll.way is Way.SECRET:
        return replace(poll, signed={voter: 0, giver: 1}, borne={giver: voter})
    ballots = {voter: Choice.FOR, giver: Choice.AGAINST}
    return replace(poll, ballots=ballots, cast={voter: 0, giver: 1}, by_proxy={giver: voter}, entries=(0, 1))
