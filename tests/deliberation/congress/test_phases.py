"""The dates of the phases: several at once, all of them opened, one at a time (S26)."""

from __future__ import annotations

import pytest

from deliberation.congress import phases
from deliberation.congress.congress import is_open
from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Phase, PhaseDates, Window
from tests.deliberation.congresses import CONGRESS, CREATION, ELU, ORGANISER, PEOPLE, Congress, moment

COLLECT, MAPS, VOTE = Phase.COLLECT, Phase.MAPS, Phase.VOTE


def dates(phase: Phase, opens: int | None, closes: int | None = None) -> PhaseDates:
    return PhaseDates(phase, *(None if at is None else moment(at) for at in (opens, closes)))


@pytest.fixture
def congress(empty: Congress) -> Congress:
    """A congress with people, in which no phase has dates."""
    empty.do(CONGRESS, CREATION)
    for name, role in PEOPLE:
        empty.do(CONGRESS, c.InvitePerson(name, role))
    return empty


def test_several_phases_are_set_in_one_act(congress: Congress) -> None:
    """S26"""
    congress.do(ORGANISER, c.SetPhase(MAPS, moment(5)))
    before = congress.state.size
    congress.do(ORGANISER, c.SetPhases((dates(COLLECT, 1, 9), dates(MAPS, 5), dates(VOTE, None))))
    assert congress.state.phases == {COLLECT: Window(moment(1), moment(9)), MAPS: Window(moment(5))}
    assert congress.state.size == before + 1, "what stays is not recorded again"
    assert congress.refused(ORGANISER, c.SetPhases((dates(MAPS, 5),))) == "phase.unchanged"
    assert congress.refused(ORGANISER, c.SetPhases(())) == "phase.unchanged"
    assert congress.refused(ELU, c.SetPhases((dates(VOTE, 1),))) == "role.not_allowed"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ((dates(COLLECT, 1), dates(VOTE, 9, 2)), "phase.ends_before_start"),
        ((dates(COLLECT, 1), dates(VOTE, None, 2)), "phase.ends_before_start"),
        ((dates(COLLECT, 1), PhaseDates(VOTE, "demain")), "time.malformed"),
        ((dates(COLLECT, 1), dates(COLLECT, 2)), "phase.twice"),
    ],
)
def test_one_that_cannot_be_set_keeps_all_as_they_are(
    congress: Congress, given: tuple[PhaseDates, ...], code: str
) -> None:
    """S26"""
    assert congress.refused(ORGANISER, c.SetPhases(given)) == code
    assert congress.state.phases == {}


def test_all_are_opened_at_once_and_keep_an_end_to_come(congress: Congress) -> None:
    """S26"""
    now = moment(100)
    first = (dates(COLLECT, 1, 50), dates(MAPS, 200, 300), dates(VOTE, 2))
    state = congress.do(ORGANISER, c.SetPhases(first))
    state = congress.do(ORGANISER, c.SetPhases(phases.opened(state, Phase, now)))
    assert all(is_open(state, phase, now) for phase in Phase)
    assert state.phases[COLLECT] == Window(now), "an end that is past goes"
    assert state.phases[MAPS] == Window(now, moment(300))
    assert state.phases[VOTE] == Window(moment(2)), "it was open"


def test_one_at_a_time_opens_the_next_and_closes_the_others(congress: Congress) -> None:
    """S26"""
    state, order = congress.state, []
    for step in range(1, 7):
        now = moment(100 * step)
        phase = phases.following(state, now)
        assert phase is not None
        order.append(phase)
        state = congress.do(ORGANISER, c.SetPhases(phases.one_at_a_time(state, phase, now)))
        assert [x for x in Phase if is_open(state, x, now)] == [phase]
    assert order == list(Phase)
    assert phases.following(state, moment(999)) is None
