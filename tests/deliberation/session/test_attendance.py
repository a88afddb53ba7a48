"""Who is present in a sitting, and what follows for quorum and majorities (S21, S22, V20, W22, R33)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Bracket, ElectionRule, Elector, Hands, PollRule, Role, Terms, Way
from deliberation.session import attendance
from deliberation.votes import explanation
from tests.deliberation.congresses import (
    ABSTAIN,
    AGAINST,
    ELU,
    FOR,
    ORGANISER,
    OTHER,
    SCRIBE,
    SECOND,
    THIRD,
    Congress,
    findings,
)
from tests.deliberation.congresses import opened as begun

HALF = PollRule(quorum_n=1, quorum_d=2)
PRESENT = PollRule(base="presents")
HANDS = Terms(Way.HANDS)


def sitting(congress: Congress, *present: str, chair: str = "") -> State:
    congress.frozen()
    congress.do(ORGANISER, c.OpenSitting(chair, attendance=True))
    for person in present:
        congress.do(person, c.SignIn())
    return congress.state


def opened(congress: Congress, rule: PollRule, terms: Terms | None = None, present: int | None = None) -> int:
    congress.do(ORGANISER, c.OpenPoll("motion-1", rule=rule, terms=terms or Terms(), attending=present))
    return len(congress.state.polls)


def elus(congress: Congress, number: int) -> list[str]:
    """Invites élus until there are `number` of them; returns their ids."""
    have = [person.id for person in congress.state.people.values() if person.role is Role.ELU]
    for n in range(number - len(have)):
        congress.do(ORGANISER, c.InvitePerson(f"Élue {n}", Role.ELU))
    return [person.id for person in congress.state.people.values() if person.role is Role.ELU]


def test_an_elu_signs_in_leaves_and_comes_back(congress: Congress) -> None:
    """S21: by themselves, or by an organiser at the desk; both are named."""
    congress.frozen()
    assert congress.refused(ELU, c.SignIn()) == "sitting.none"
    congress.do(ORGANISER, c.OpenSitting())
    assert congress.refused(ELU, c.SignIn()) == "attendance.no_list"
    congress.do(ORGANISER, c.CloseSitting(1))
    congress.do(ORGANISER, c.OpenSitting(attendance=True))
    congress.do(ELU, c.SignIn())
    congress.do(ORGANISER, c.SignIn(OTHER))
    assert congress.refused(ELU, c.SignIn()) == "attendance.present"
    assert congress.refused(ELU, c.SignIn(THIRD)) == "attendance.other"
    assert congress.refused(ORGANISER, c.SignIn(SCRIBE)) == "attendance.not_elu"
    assert congress.refused(ORGANISER, c.SignIn()) == "attendance.not_elu"
    assert congress.refused(THIRD, c.SignOut()) == "attendance.absent"
    assert attendance.now_present(congress.state) == (ELU, OTHER)
    congress.do(ELU, c.SignOut())
    assert attendance.now_present(congress.state) == (OTHER,)
    state = congress.do(ELU, c.SignIn())
    assert attendance.now_present(state) == (OTHER, ELU)
    lines = [(x.person, x.how, x.by, bool(x.left)) for x in attendance.of(state, state.sittings[2])]
    assert lines == [(ELU, "code", ELU, True), (OTHER, "desk", ORGANISER, False), (ELU, "code", ELU, False)]
    state = congress.do(ORGANISER, c.CloseSitting(2))
    assert attendance.now_present(state) == ()
    assert all(x.left for x in state.attendance.values())
    assert findings(congress.record) == []


def test_the_list_of_any_moment_follows(congress: Congress) -> None:
    """S21"""
    sitting(congress, ELU)
    first = congress.now
    congress.do(OTHER, c.SignIn())
    last = congress.now
    congress.do(ELU, c.SignOut())
    state = congress.do(ELU, c.SignIn())
    found = state.sittings[1]
    seen = [attendance.present_at(state, found, at) for at in (found.opened, first, last)]
    assert seen == [(), (ELU, OTHER), (OTHER,)]


def test_a_call_over_says_who_is_there_and_nobody_else(congress: Congress) -> None:
    """S22: it is one entry; whoever was there stays since they came, and a sitting without a list has one from then."""
    congress.frozen()
    assert congress.refused(ORGANISER, c.CallOver((ELU,))) == "sitting.none"
    congress.do(ORGANISER, c.OpenSitting(OTHER))
    assert congress.refused(ELU, c.CallOver((ELU,))) == "role.not_allowed"
    assert congress.refused(ORGANISER, c.CallOver((ELU, SCRIBE))) == "attendance.not_elu"
    size = len(congress.record)
    congress.do(OTHER, c.CallOver((ELU, OTHER, ELU)))
    assert len(congress.record) == size + 1
    assert attendance.now_present(congress.state) == (ELU, OTHER)
    came = congress.state.attendance[2].since
    congress.do(THIRD, c.SignIn())
    state = congress.do(ORGANISER, c.CallOver((OTHER,)))
    assert attendance.now_present(state) == (OTHER,)
    assert state.attendance[2].since == came
    assert findings(congress.record) == []


def test_whoever_is_gone_or_has_no_access_is_not_counted(congress: Congress) -> None:
    """S21, V20"""
    sitting(congress, ELU, OTHER, THIRD)
    congress.do(ELU, c.SignOut())
    congress.do(ORGANISER, c.RevokePerson(OTHER, "Mandat terminé"))
    assert attendance.now_present(congress.state) == (THIRD,)
    poll = opened(congress, HALF)
    assert congress.state.polls[poll].present == (THIRD,)


def test_quorum_is_of_those_present_when_the_vote_opens(congress: Congress) -> None:
    """V20, V7: silent in the hall is present; a ballot or a proxy makes nobody present."""
    sitting(congress, ELU, OTHER)
    congress.do(THIRD, c.GiveProxy(OTHER))
    poll = opened(congress, HALF)
    congress.do(ELU, c.CastBallot(poll, FOR))
    state = congress.do(ORGANISER, c.ClosePoll(poll))
    tally = state.polls[poll].tally
    assert tally is not None
    assert (tally.quorum_needed, tally.quorum_met, tally.carried) == (2, True, True)
    assert explanation.counted(state.polls[poll]).attending == 2
    assert findings(congress.record) == []


def test_a_quorum_is_not_made_by_ballots_or_proxies(congress: Congress) -> None:
    """V20 (CGCT L2121-17)"""
    sitting(congress, ELU)
    congress.do(THIRD, c.GiveProxy(ELU))
    poll = opened(congress, HALF)
    congress.do(ELU, c.CastBallot(poll, FOR))
    congress.do(ELU, c.CastBallot(poll, FOR, THIRD))
    congress.do(OTHER, c.CastBallot(poll, FOR))
    state = congress.do(ORGANISER, c.ClosePoll(poll))
    tally = state.polls[poll].tally
    assert tally is not None
    assert (tally.in_favour, tally.quorum_met, tally.carried) == (3, False, False)
    assert "L2121-17" in str(explanation.sentences(state.polls[poll], tally)[0])


def test_the_majority_of_those_present_counts_the_silent(congress: Congress) -> None:
    """V20: 5 for, 4 against, 12 present: 7 would be needed."""
    people = elus(congress, 12)
    congress.frozen()
    poll = opened(congress, PRESENT, present=12)
    for number, person in enumerate(people[:9]):
        congress.do(person, c.CastBallot(poll, FOR if number < 5 else AGAINST))
    state = congress.do(ORGANISER, c.ClosePoll(poll))
    tally = state.polls[poll].tally
    assert tally is not None
    assert (tally.base, tally.needed, tally.carried) == (12, 7, False)
    assert findings(congress.record) == []


def test_the_same_by_the_list_by_hands_and_in_secret(congress: Congress) -> None:
    """V20"""
    people = elus(congress, 12)
    sitting(congress, *people)
    hands = opened(congress, PRESENT, HANDS)
    congress.do(ORGANISER, c.EnterHands(hands, Hands(5, 4, 0)))
    tally = congress.do(ORGANISER, c.ClosePoll(hands)).polls[hands].tally
    assert tally is not None
    assert (tally.base, tally.needed, tally.carried) == (12, 7, False)
    assert congress.state.motions[1].status == "rejected"
    congress.frozen()
    congress.do(ORGANISER, c.OpenPoll("motion-2", rule=PRESENT, terms=Terms(Way.SECRET, ground="reglement")))
    for person in people[:9]:
        congress.do(person, c.CastSecret(2, 0))
    tally = congress.do(ORGANISER, c.CountBox(2, (0,) * 5 + (1,) * 4)).polls[2].tally
    assert tally is not None
    assert (tally.base, tally.needed, tally.carried) == (12, 7, False)
    assert findings(congress.record) == []


def test_who_comes_after_the_opening_votes_and_makes_no_quorum(congress: Congress) -> None:
    """V20: what the opening saw is fixed; a hand of somebody who came since is counted."""
    sitting(congress, ELU)
    poll = opened(congress, replace(HALF, base="presents"), HANDS)
    assert congress.refused(ORGANISER, c.EnterHands(poll, Hands(2, 0, 0))) == "hands.too_many"
    congress.do(OTHER, c.SignIn())
    congress.do(ORGANISER, c.EnterHands(poll, Hands(2, 0, 0)))
    tally = congress.do(ORGANISER, c.ClosePoll(poll)).polls[poll].tally
    assert tally is not None
    assert (tally.base, tally.quorum_met) == (2, False)


def test_a_congress_without_a_list_states_how_many_are_present(congress: Congress) -> None:
    """V20: never more than are entitled, never beside a list, and in persons."""
    congress.frozen()
    poll = c.OpenPoll("motion-1", rule=HALF, attending=4)
    assert congress.refused(ORGANISER, poll) == "poll.attending"
    assert congress.refused(ORGANISER, replace(poll, attending=-1)) == "poll.attending"
    for person in (ELU, OTHER, THIRD):
        congress.do(ORGANISER, c.RegisterElectors((Elector(person, 5, 100),)))
    weighed = PollRule(base="presents", weights="population", brackets=(Bracket(0, 2),))
    assert congress.refused(ORGANISER, replace(poll, rule=weighed, attending=2)) == "poll.present_in_voices"
    number = opened(congress, HALF, present=2)
    congress.do(ELU, c.CastBallot(number, FOR))
    tally = congress.do(ORGANISER, c.ClosePoll(number)).polls[number].tally
    assert tally is not None
    assert tally.carried
    congress.do(ORGANISER, c.OpenSitting(attendance=True))
    congress.frozen()
    listed = c.OpenPoll("motion-2", attending=2)
    assert congress.refused(ORGANISER, listed) == "poll.present_listed"
    assert congress.refused(ORGANISER, c.OpenElection("Présidence", (ELU,), attending=1)) == "poll.present_listed"
    assert findings(congress.record) == []


def test_a_number_of_present_is_not_entered_against_the_opening(congress: Congress) -> None:
    """V20, W7"""
    congress.frozen()
    poll = opened(congress, HALF, HANDS, present=2)
    assert congress.refused(ORGANISER, c.EnterHands(poll, Hands(1, 0, 0, 3))) == "hands.present_known"
    assert congress.refused(ORGANISER, c.EnterHands(poll, Hands(2, 1, 0))) == "hands.too_many"
    congress.do(ORGANISER, c.EnterHands(poll, Hands(1, 0, 0, 2)))


def test_a_round_of_an_election_has_its_quorum_of_those_present(congress: Congress) -> None:
    """V20, W14"""
    sitting(congress, ELU, OTHER, THIRD)
    congress.do(ORGANISER, c.OpenElection("Présidence", (ELU, OTHER), ElectionRule(quorum_n=1, quorum_d=2)))
    for voter in (ELU, OTHER, THIRD):
        congress.do(voter, c.CastSecret(1, 0))
    state = congress.do(ORGANISER, c.CountBox(1, (0, 0, 0)))
    assert state.elections[1].people == (ELU,)
    assert findings(congress.record) == []


def test_a_poll_of_an_earlier_version_counts_those_who_voted(congress: Congress) -> None:
    """V20: an opening without a version is counted as it was; none goes back to it."""
    congress.frozen()
    opening = congress.ask(ORGANISER, c.OpenPoll("motion-1", rule=replace(PRESENT, quorum_n=1, quorum_d=2)))
    assert isinstance(opening, tuple)
    old = replace(opening[0], counting=1)  # type: ignore[type-var]
    congress.keep(ORGANISER, (old,))
    for person in (ELU, OTHER):
        congress.do(person, c.CastBallot(1, ABSTAIN if person == OTHER else FOR))
    tally = congress.do(ORGANISER, c.ClosePoll(1)).polls[1].tally
    assert tally is not None
    assert (tally.base, tally.needed, tally.quorum_met) == (2, 2, True)
    assert findings(congress.record) == []
    assert "poll.present" in findings(changed(congress, e.PollOpened, stated=3))
    congress.frozen()
    congress.poll("motion-2")
    congress.do(ORGANISER, c.CancelPoll(2, "Erreur"))
    congress.poll("motion-2")
    assert "poll.counting" in findings(changed(congress, e.PollOpened, counting=1))
    assert "poll.counting" in findings(changed(congress, e.PollOpened, counting=3))


def changed(congress: Congress, kind: type[e.Event], **fields: object) -> list[e.Recorded]:
    """The record with fields of the last event of that kind changed."""
    last = max(r.index for r in congress.record if isinstance(r.event, kind))
    return [
        replace(r, event=replace(r.event, **fields)) if r.index == last else r  # type: ignore[type-var]
        for r in congress.record
    ]


def test_a_forged_presence_is_found(congress: Congress) -> None:
    """R33, S21, S22, V20"""
    sitting(congress, ELU)
    opened(congress, HALF)
    assert "poll.present" in findings(changed(congress, e.PollOpened, present=(ELU, OTHER)))
    assert "poll.present" in findings(changed(congress, e.PollOpened, present=None, stated=3))
    assert "attendance.refused" in findings(changed(congress, e.AttendanceSignedIn, person=OTHER))
    congress.do(SECOND, c.CallOver((ELU, OTHER)))
    assert findings(congress.record) == []
    assert "attendance.refused" in findings(changed(congress, e.AttendanceCalledOver, present=(SCRIBE,)))
    assert "sitting.differs" in findings(changed(congress, e.AttendanceCalledOver, sitting=2))


@given(st.lists(st.tuples(st.sampled_from((ELU, OTHER, THIRD)), st.booleans()), max_size=12), st.integers(0, 2))
def test_a_poll_sees_exactly_those_who_came_and_did_not_leave(acts: list[tuple[str, bool]], votes: int) -> None:
    """S21, V20: in any order of coming and leaving; ballots change neither quorum nor who is listed."""
    congress = begun()
    sitting(congress)
    present: dict[str, None] = {}
    for person, comes in acts:
        command: c.Command = c.SignIn() if comes else c.SignOut()
        if (person in present) is comes:
            assert congress.refused(person, command).startswith("attendance.")
            continue
        congress.do(person, command)
        present = {**present, person: None} if comes else {p: None for p in present if p != person}
    poll = opened(congress, HALF)
    for person in (ELU, OTHER, THIRD)[:votes]:
        congress.do(person, c.CastBallot(poll, FOR))
    state = congress.do(ORGANISER, c.ClosePoll(poll))
    tally = state.polls[poll].tally
    assert tally is not None
    assert set(state.polls[poll].present or ()) == set(present)
    assert tally.quorum_met is (len(present) >= 2)
    assert findings(congress.record) == []


@pytest.mark.parametrize("tellers", [(), (SCRIBE,)])
def test_whoever_presides_counts_where_no_teller_is_named(congress: Congress, tellers: tuple[str, ...]) -> None:
    """W22"""
    congress.frozen()
    congress.do(ORGANISER, c.OpenSitting(ELU))
    poll = opened(congress, PollRule(), Terms(Way.HANDS, tellers=tellers))
    assert congress.refused(OTHER, c.EnterHands(poll, Hands(2, 1, 0, 3))) == "hands.not_teller"
    if tellers:
        assert congress.refused(ELU, c.EnterHands(poll, Hands(2, 1, 0, 3))) == "hands.not_teller"
        return
    congress.do(ELU, c.EnterHands(poll, Hands(2, 1, 0, 3)))
    assert congress.do(ELU, c.ClosePoll(poll)).motions[1].status == "adopted"
    assert findings(congress.record) == []
