"""Proxies: written, limited and revocable; the giver's own vote replaces the proxy's, and proxies do not count for a
quorum (V7, V12–V14, V21, W23).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import Hands, PollRule, Role, Terms, Way
from deliberation.votes import explanation
from deliberation.votes.tallies import in_person
from tests.deliberation.congresses import (
    ABSTAIN,
    AGAINST,
    ELU,
    FOR,
    ORGANISER,
    OTHER,
    SCRIBE,
    THIRD,
    VISITOR,
    Congress,
    tallied,
)


def allow(congress: Congress, proxies: int) -> None:
    congress.do(ORGANISER, c.ChangeCongress("Essai", "", "", True, PollRule(proxies=proxies)))


def test_an_elu_gives_a_mandate_to_another(congress: Congress) -> None:
    """V12"""
    for bearer, code in [
        (ELU, "proxy.to_self"),
        (ORGANISER, "proxy.no_bearer"),
        (SCRIBE, "proxy.no_bearer"),
        ("p99", "proxy.no_bearer"),
        (VISITOR, "proxy.no_bearer"),
    ]:
        assert congress.refused(ELU, c.GiveProxy(bearer)) == code
    congress.do(ELU, c.GiveProxy(OTHER))
    assert congress.refused(ELU, c.GiveProxy(OTHER)) == "proxy.unchanged"
    assert congress.refused(ORGANISER, c.GiveProxy(ELU)) == "role.elus_only"
    congress.do(ORGANISER, c.RevokePerson(THIRD, "Fin de mandat"))
    assert congress.refused(ELU, c.GiveProxy(THIRD)) == "proxy.no_bearer"


def test_one_bears_as_many_mandates_as_the_rule_admits(congress: Congress) -> None:
    """V12: one as a preset; a revoked one, or that of somebody who left, takes no place."""
    congress.do(ELU, c.GiveProxy(THIRD))
    assert congress.refused(OTHER, c.GiveProxy(THIRD)) == "proxy.too_many"
    congress.do(ELU, c.RevokeProxy(1))
    congress.do(OTHER, c.GiveProxy(THIRD))
    congress.do(ORGANISER, c.RevokePerson(OTHER, "Fin de mandat"))
    congress.do(ELU, c.GiveProxy(THIRD))
    allow(congress, 0)
    assert congress.refused(THIRD, c.GiveProxy(ELU)) == "proxy.excluded"
    newcomer = list(congress.do(ORGANISER, c.InvitePerson("Zoé", Role.ELU)).people)[-1]
    allow(congress, 2)
    congress.do(newcomer, c.GiveProxy(THIRD))


def test_the_bearer_votes_once_for_each_mandate(congress: Congress) -> None:
    """V13: as themselves and as the giver, separately."""
    congress.frozen()
    congress.do(ELU, c.GiveProxy(OTHER))
    poll = congress.poll("motion-1")
    congress.do(OTHER, c.CastBallot(poll, AGAINST))
    congress.do(OTHER, c.CastBallot(poll, AGAINST, ELU))
    state = congress.do(OTHER, c.CastBallot(poll, FOR, ELU))
    assert state.polls[poll].ballots == {OTHER: AGAINST, ELU: FOR}
    assert state.polls[poll].by_proxy == {ELU: OTHER}
    assert [r.actor for r in congress.record if isinstance(r.event, e.BallotCast)] == [OTHER] * 3


def test_nobody_votes_for_another_without_a_mandate(congress: Congress) -> None:
    """V13"""
    congress.frozen()
    congress.do(ELU, c.GiveProxy(OTHER))
    poll = congress.poll("motion-1")
    before = congress.state
    for actor, voter, code in [
        (THIRD, ELU, "proxy.none"),
        (ELU, OTHER, "proxy.none"),
        (OTHER, THIRD, "proxy.none"),
        (OTHER, ORGANISER, "ballot.giver_not_entitled"),
        (OTHER, "p99", "ballot.giver_not_entitled"),
        (ORGANISER, ELU, "role.elus_only"),
        (VISITOR, ELU, "person.anonymous"),
    ]:
        assert congress.refused(actor, c.CastBallot(poll, FOR, voter)) == code
    assert congress.state is before


def test_a_mandate_is_for_voters_of_one_list(congress: Congress) -> None:
    """V13: neither an outsider's mandate nor an outsider's hand."""
    congress.frozen()
    congress.do(ELU, c.GiveProxy(OTHER))
    congress.do(ORGANISER, c.SetCollege("Sans le mandant", (OTHER, THIRD)))
    congress.do(ORGANISER, c.OpenPoll("motion-1", college=1))
    assert congress.refused(OTHER, c.CastBallot(1, FOR, ELU)) == "ballot.giver_not_entitled"
    congress.do(ORGANISER, c.ClosePoll(1))
    congress.frozen()
    congress.do(ORGANISER, c.SetCollege("Sans le mandataire", (ELU, THIRD)))
    congress.do(ORGANISER, c.OpenPoll("motion-2", college=2))
    assert congress.refused(OTHER, c.CastBallot(2, FOR, ELU)) == "ballot.not_entitled"


def test_the_rule_of_the_poll_limits_what_is_cast_by_proxy(congress: Congress) -> None:
    """V13"""
    congress.frozen()
    allow(congress, 2)
    congress.do(ELU, c.GiveProxy(THIRD))
    congress.do(OTHER, c.GiveProxy(THIRD))
    poll = congress.poll("motion-1", PollRule(proxies=1))
    congress.do(THIRD, c.CastBallot(poll, FOR, ELU))
    assert congress.refused(THIRD, c.CastBallot(poll, FOR, OTHER)) == "proxy.voted_enough"
    congress.do(THIRD, c.CastBallot(poll, AGAINST, ELU))
    congress.do(ORGANISER, c.ClosePoll(poll))
    congress.frozen()
    poll = congress.poll("motion-2", PollRule(proxies=0))
    assert congress.refused(THIRD, c.CastBallot(poll, FOR, ELU)) == "proxy.excluded_here"


def test_ones_own_vote_sets_the_mandate_aside(congress: Congress) -> None:
    """V14: whichever came first; in the next poll the mandate stands again."""
    congress.frozen()
    congress.do(ELU, c.GiveProxy(OTHER))
    poll = congress.poll("motion-1")
    congress.do(OTHER, c.CastBallot(poll, AGAINST, ELU))
    state = congress.do(ELU, c.CastBallot(poll, FOR))
    assert (state.polls[poll].ballots, state.polls[poll].by_proxy) == ({ELU: FOR}, {})
    assert congress.refused(OTHER, c.CastBallot(poll, AGAINST, ELU)) == "proxy.own_vote"
    congress.do(ORGANISER, c.ClosePoll(poll))
    congress.frozen()
    poll = congress.poll("motion-2")
    congress.do(OTHER, c.CastBallot(poll, ABSTAIN, ELU))


@pytest.mark.parametrize("command", [c.RevokeProxy(1), c.GiveProxy(THIRD)])
def test_a_revoked_mandate_ends_at_once(congress: Congress, command: c.Command) -> None:
    """V14: what it cast in an open poll counts no more; a closed poll stays as it is."""
    congress.frozen()
    congress.frozen()
    congress.do(ELU, c.GiveProxy(OTHER))
    closed, open_ = congress.poll("motion-1"), congress.poll("motion-2")
    for poll in (closed, open_):
        congress.do(OTHER, c.CastBallot(poll, FOR, ELU))
    congress.do(ORGANISER, c.ClosePoll(closed))
    state = congress.do(ELU, command)
    assert state.polls[closed].ballots == {ELU: FOR}
    assert (state.polls[open_].ballots, state.polls[open_].by_proxy) == ({}, {})
    assert congress.refused(OTHER, c.CastBallot(open_, FOR, ELU)) == "proxy.none"


def test_there_is_nothing_to_revoke_before_giving(congress: Congress) -> None:
    """V14"""
    assert congress.refused(ELU, c.RevokeProxy(1)) == "proxy.not_yours"
    congress.do(ELU, c.GiveProxy(OTHER))
    assert congress.refused(OTHER, c.RevokeProxy(1)) == "proxy.not_yours"
    congress.do(ELU, c.RevokeProxy(1))
    assert congress.refused(ELU, c.RevokeProxy(1)) == "proxy.ended"


def test_proxies_do_not_count_for_the_quorum(congress: Congress) -> None:
    """V7: CGCT L2121-17; the bearer is there even when voting for the giver alone."""
    congress.frozen()
    congress.do(ELU, c.GiveProxy(OTHER))
    poll = congress.poll("motion-1", PollRule(quorum_n=1, quorum_d=2))
    congress.do(OTHER, c.CastBallot(poll, FOR, ELU))
    assert in_person(congress.state.polls[poll]) == {OTHER}
    state = congress.do(OTHER, c.CastBallot(poll, FOR))
    tally = tallied(state.polls[poll])
    assert (tally.in_favour, tally.quorum_needed, tally.quorum_met) == (2, 2, False)
    assert tallied(congress.do(THIRD, c.CastBallot(poll, FOR)).polls[poll]).carried


def test_the_casting_vote_is_cast_in_person(congress: Congress) -> None:
    """V6: whoever is away does not preside."""
    congress.frozen()
    congress.do(ELU, c.GiveProxy(OTHER))
    poll = congress.poll("motion-1", PollRule(tie="chair", chair=ELU))
    congress.do(OTHER, c.CastBallot(poll, FOR, ELU))
    state = congress.do(OTHER, c.CastBallot(poll, AGAINST))
    assert not tallied(state.polls[poll]).carried
    assert tallied(congress.do(ELU, c.CastBallot(poll, FOR)).polls[poll]).carried


def test_the_base_present_counts_those_represented(congress: Congress) -> None:
    """V5"""
    congress.frozen()
    congress.do(ELU, c.GiveProxy(OTHER))
    poll = congress.poll("motion-1", replace(PollRule(), base="presents"))
    congress.do(OTHER, c.CastBallot(poll, ABSTAIN, ELU))
    assert tallied(congress.do(OTHER, c.CastBallot(poll, FOR)).polls[poll]).base == 2


def test_who_gave_their_vote_away_bears_nobody_elses(congress: Congress) -> None:
    """V21 (CGCT L2121-20): nobody gives them a mandate, and those they hold wait until theirs is revoked."""
    congress.frozen()
    congress.do(THIRD, c.GiveProxy(OTHER))
    congress.do(OTHER, c.GiveProxy(ELU))
    decided = congress.ask(ELU, c.GiveProxy(OTHER))
    assert isinstance(decided, Refused)
    assert decided.code == "proxy.bearer_gave"
    assert "V21" in str(decided)
    assert "L2121-20" in str(decided)
    poll = congress.poll("motion-1")
    assert congress.refused(OTHER, c.CastBallot(poll, FOR, THIRD)) == "proxy.bearer_gave_own"
    congress.do(OTHER, c.RevokeProxy(2))
    assert congress.do(OTHER, c.CastBallot(poll, FOR, THIRD)).polls[poll].by_proxy == {THIRD: OTHER}


def test_a_poll_of_an_earlier_version_takes_what_it_took(congress: Congress) -> None:
    """V21, V20"""
    congress.frozen()
    congress.do(THIRD, c.GiveProxy(OTHER))
    congress.do(OTHER, c.GiveProxy(ELU))
    opening = congress.ask(ORGANISER, c.OpenPoll("motion-1"))
    assert isinstance(opening, tuple)
    assert isinstance(opening[0], e.PollOpened)
    congress.keep(ORGANISER, (replace(opening[0], counting=1),))
    assert congress.do(OTHER, c.CastBallot(1, FOR, THIRD)).polls[1].by_proxy == {THIRD: OTHER}


def hands_of_proxies(congress: Congress, *, listed: bool) -> int:
    congress.do(THIRD, c.GiveProxy(OTHER))
    congress.frozen()
    congress.do(ORGANISER, c.OpenSitting(attendance=listed))
    congress.do(ORGANISER, c.OpenPoll("motion-1", terms=Terms(Way.HANDS)))
    return len(congress.state.polls)


def test_a_show_of_hands_counts_voices_by_proxy(congress: Congress) -> None:
    """W23: beside the hands, within what is borne, never as people present."""
    poll = hands_of_proxies(congress, listed=False)
    shown = Hands(1, 1, 0, 2, proxies_for=1)
    assert congress.refused(ORGANISER, c.EnterHands(poll, replace(shown, proxies_against=1))) == "hands.proxies"
    assert congress.refused(ORGANISER, c.EnterHands(poll, replace(shown, proxies_for=-1))) == "hands.malformed"
    full = replace(shown, in_favour=2, present=3)
    assert congress.refused(ORGANISER, c.EnterHands(poll, full)) == "hands.too_many_voices"
    congress.do(ORGANISER, c.EnterHands(poll, shown))
    state = congress.do(ORGANISER, c.ClosePoll(poll))
    tally = state.polls[poll].tally
    assert tally is not None
    assert (tally.in_favour, tally.against, tally.carried) == (2, 1, True)
    account = {figure.name: figure for figure in explanation.account(state.polls[poll], tally)}
    assert account["voters"].value == 3
    assert "1 par pouvoir" in str(account["voters"].why)


def test_the_bearer_of_a_voice_by_hand_is_present(congress: Congress) -> None:
    """W23, S21"""
    poll = hands_of_proxies(congress, listed=True)
    congress.do(ELU, c.SignIn())
    counted = c.EnterHands(poll, Hands(1, 0, 0, proxies_for=1))
    assert congress.refused(ORGANISER, counted) == "hands.proxies"
    congress.do(OTHER, c.SignIn())
    congress.do(ORGANISER, counted)
    congress.do(ORGANISER, c.RecountHands(poll))
    congress.do(OTHER, c.GiveProxy(ELU))
    assert congress.refused(ORGANISER, replace(counted, hands=Hands(0, 0, 0, proxies_for=2))) == "hands.proxies"
