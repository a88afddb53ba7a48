"""Setting the record's time back by a public act after the machine's clock had jumped forward (R45)."""

from __future__ import annotations

from dataclasses import replace

from deliberation.evolve import evolve
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import CONGRESS
from deliberation.kernel.instants import later, moved
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Terms
from tests.deliberation.congresses import ELU, ORGANISER, Congress

JUMP = 7_200


def corrected(state: State, ahead: str, now: str) -> State:
    """The state after a correction of the clock in an entry at `now`."""
    event = e.ClockCorrected(ahead, "Horloge déréglée.")
    recorded = e.Recorded(state.size, now, ORGANISER, event.kind, event.document, event)
    return evolve(state, recorded)


def test_organisers_correct_the_clock_with_a_reason_when_the_record_is_ahead(congress: Congress) -> None:
    """R45, S5"""
    ahead = later(congress.now, JUMP)
    assert congress.refused(ELU, c.CorrectClock(ahead, "Horloge")) == "role.not_allowed"
    assert congress.refused(ORGANISER, c.CorrectClock(ahead, " ")) == "reason.missing"
    assert congress.refused(ORGANISER, c.CorrectClock("demain", "Horloge")) == "time.malformed"
    assert congress.refused(ORGANISER, c.CorrectClock(congress.now, "Horloge")) == "clock.right"
    for actor in (ORGANISER, CONGRESS):
        answer = congress.ask(actor, c.CorrectClock(ahead, " Horloge déréglée. "))
        assert not isinstance(answer, Refused)
        assert answer == (e.ClockCorrected(ahead, "Horloge déréglée."),)


def test_deadlines_follow_true_time_again(congress: Congress) -> None:
    """R45: what was announced in true time keeps its hour; what began in advance keeps the time that was left to it."""
    congress.frozen()
    congress.do(ORGANISER, c.OpenPoll("motion-1", terms=Terms(closes=later(congress.now, 600))))
    opened = congress.state.polls[1]
    assert opened.closes == later(opened.opened, 600)
    true_now = later(opened.opened, 60)
    before = corrected(congress.state, later(true_now, JUMP), true_now).polls[1]
    assert before == opened

    early = later(opened.opened, -JUMP)
    after = corrected(congress.state, later(opened.opened, 60), early).polls[1]
    assert after.opened == opened.opened, "no earlier entry changes"
    assert after.closes == later(early, 540)


def test_a_pause_and_a_huis_clos_that_began_in_advance_keep_the_time_left(congress: Congress) -> None:
    """R45, H1"""
    congress.frozen()
    congress.do(ORGANISER, c.OpenPoll("motion-1", terms=Terms(closes=later(congress.now, 600))))
    poll = congress.state.polls[1]
    congress.seconds += JUMP
    congress.do(ORGANISER, c.SecludeDrafting(later(congress.now, 900), "À huis clos"))
    paused = replace(poll, paused=congress.now)
    secluded, ahead = congress.state.seclusion, congress.now
    assert secluded is not None
    now = later(poll.opened, 60)
    after = corrected(replace(congress.state, polls={1: paused}), ahead, now)
    assert after.seclusion == replace(secluded, until=moved(secluded.until, ahead, now))
    assert after.polls[1] == replace(poll, paused=now), "its hour was announced in true time"
