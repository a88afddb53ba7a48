"""Signed slips in a roll-call: one person at the desk enters them, another confirms them (W30–W32)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from deliberation.evolve import replay
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.vocabulary import PollRule, Terms, Way
from deliberation.visibility.views import public_view, view_of
from tests.deliberation.congresses import AGAINST, ELU, FOR, ORGANISER, OTHER, SCRIBE, SECOND, THIRD, Congress, findings

PROXIES = PollRule(proxies=1)


def opened(congress: Congress, rule: PollRule | None = None, terms: Terms | None = None) -> None:
    """Opens a roll-call on the motion as a whole."""
    congress.frozen()
    if rule:
        congress.do(ORGANISER, c.ChangeCongress("Essai", "", "", True, rule))
    congress.do(ORGANISER, c.OpenPoll("motion-1", terms=terms or Terms()))


def test_a_slip_counts_once_a_second_person_confirmed_it(congress: Congress) -> None:
    """W30: both are named; until then it counts for nothing."""
    opened(congress)
    congress.do(ORGANISER, c.EnterSlip(1, ELU, FOR))
    assert congress.state.polls[1].ballots == {}
    assert congress.refused(ORGANISER, c.ConfirmSlip(1)) == "slip.same_person"
    congress.do(SCRIBE, c.ConfirmSlip(1))
    poll, slip = congress.state.polls[1], congress.state.slips[1]
    assert (poll.ballots, poll.by_proxy) == ({ELU: FOR}, {})
    assert (slip.entered_by, slip.settled_by, slip.status) == (ORGANISER, SCRIBE, "counted")
    assert congress.refused(SCRIBE, c.ConfirmSlip(1)) == "slip.settled"
    assert congress.refused(ELU, c.EnterSlip(1, OTHER, FOR)) == "role.not_allowed"
    congress.do(ORGANISER, c.ClosePoll(1))
    tally = congress.state.polls[1].tally
    assert tally is not None
    assert (tally.in_favour, tally.against) == (1, 0)
    assert findings(congress.record) == []


def test_what_was_entered_is_read_at_the_desk_and_refused(congress: Congress) -> None:
    """W31: nobody else reads it while the poll is open, and another one may then be entered."""
    opened(congress)
    congress.do(ORGANISER, c.EnterSlip(1, ELU, FOR))
    assert congress.refused(SCRIBE, c.EnterSlip(1, ELU, AGAINST)) == "slip.waits"
    assert view_of(congress.state, SCRIBE).slips[1].choice is FOR
    for view in (public_view(congress.state), view_of(congress.state, OTHER)):
        assert (view.slips[1].signer, view.slips[1].voter, view.slips[1].choice) == ("", "", None)
        assert view.slips[1].entered_by == ORGANISER
    assert congress.refused(SCRIBE, c.RefuseSlip(1, " ")) == "reason.missing"
    congress.do(ORGANISER, c.RefuseSlip(1, "Le papier dit contre."))
    congress.do(SCRIBE, c.EnterSlip(1, ELU, AGAINST))
    congress.do(SECOND, c.ConfirmSlip(2))
    assert congress.state.polls[1].ballots == {ELU: AGAINST}
    assert view_of(congress.state, SCRIBE).slips[2].choice is None
    congress.do(ORGANISER, c.ClosePoll(1))
    assert public_view(congress.state).slips[2].choice is AGAINST
    assert public_view(congress.state).slips[1].reason == "Le papier dit contre."
    assert findings(congress.record) == []


def test_a_slip_that_nobody_confirmed_does_not_count(congress: Congress) -> None:
    """W32: the closing waits for nobody, and the slip is published as what it is."""
    opened(congress)
    congress.do(ORGANISER, c.EnterSlip(1, ELU, FOR))
    congress.do(ORGANISER, c.ClosePoll(1))
    shown = public_view(congress.state).slips[1]
    assert (shown.signer, shown.choice, shown.status) == (ELU, FOR, "waiting")
    assert congress.state.withheld == {}
    assert congress.refused(SCRIBE, c.ConfirmSlip(1)) == "poll.closed"
    assert congress.refused(SCRIBE, c.RefuseSlip(1, "Trop tard")) == "poll.closed"
    assert findings(congress.record) == []


def test_a_slip_is_under_the_rules_of_any_ballot(congress: Congress) -> None:
    """W32, V3, V16: of the electorate, while votes are taken; where a vote stands, a slip changes nothing."""
    opened(congress, replace(PROXIES, changeable=False))
    assert congress.refused(ORGANISER, c.EnterSlip(9, ELU, FOR)) == "poll.not_found"
    assert congress.refused(ORGANISER, c.EnterSlip(1, SCRIBE, FOR)) == "slip.no_signer"
    assert congress.refused(ORGANISER, c.EnterSlip(1, ELU, FOR, OTHER)) == "proxy.none"
    congress.do(ORGANISER, c.EnterSlip(1, ELU, FOR))
    congress.do(ELU, c.CastBallot(1, AGAINST))
    assert congress.refused(SCRIBE, c.ConfirmSlip(1)) == "ballot.already_cast"
    congress.do(SCRIBE, c.RefuseSlip(1, "A voté sur son appareil."))
    congress.do(ORGANISER, c.PausePoll(1, "Réseau"))
    assert congress.refused(ORGANISER, c.EnterSlip(1, OTHER, FOR)) == "poll.paused"
    assert congress.refused(ORGANISER, c.ConfirmSlip(7)) == "slip.not_found"


def test_the_bearer_of_a_proxy_signs_for_the_giver(congress: Congress) -> None:
    """W32, V13, V14: by the mandate; the giver's own slip sets it aside."""
    congress.frozen()
    congress.do(ORGANISER, c.ChangeCongress("Essai", "", "", True, PROXIES))
    congress.do(THIRD, c.GiveProxy(ELU))
    congress.do(ORGANISER, c.OpenPoll("motion-1"))
    congress.do(ORGANISER, c.EnterSlip(1, ELU, FOR, THIRD))
    congress.do(SCRIBE, c.ConfirmSlip(1))
    assert congress.state.polls[1].by_proxy == {THIRD: ELU}
    congress.do(ORGANISER, c.EnterSlip(1, THIRD, AGAINST))
    congress.do(SCRIBE, c.ConfirmSlip(2))
    poll = congress.state.polls[1]
    assert (poll.ballots, poll.by_proxy) == ({THIRD: AGAINST}, {})
    assert congress.refused(ORGANISER, c.EnterSlip(1, ELU, FOR, THIRD)) == "proxy.own_vote"


def test_a_slip_is_for_a_roll_call_alone(congress: Congress) -> None:
    """W30"""
    opened(congress, terms=Terms(Way.HANDS))
    assert congress.refused(ORGANISER, c.EnterSlip(1, ELU, FOR)) == "slip.other_way"


def test_on_a_block_one_slip_answers_every_poll(congress: Congress) -> None:
    """W30: entered, confirmed or refused together."""
    congress.frozen("Demande la fibre.", "Demande un train.")
    first = congress.table("Demande la fibre partout.")
    second = congress.table("Demande un train de plus.", "c2")
    congress.do(ORGANISER, c.OpenSheet((f"amendement-{first}", f"amendement-{second}"), True))
    congress.do(ORGANISER, c.EnterSlip(1, ELU, FOR))
    assert [slip.poll for slip in congress.state.slips.values()] == [1, 2]
    congress.do(SCRIBE, c.ConfirmSlip(2))
    assert [poll.ballots for poll in congress.state.polls.values()] == [{ELU: FOR}, {ELU: FOR}]
    congress.do(ORGANISER, c.EnterSlip(2, OTHER, AGAINST))
    congress.do(SCRIBE, c.RefuseSlip(3, "Sans signature."))
    assert {slip.status for slip in congress.state.slips.values()} == {"counted", "refused"}


def _changed(congress: Congress, kind: type[e.Event], change: Callable[[e.Recorded], e.Recorded]) -> list[str]:
    return findings([change(r) if isinstance(r.event, kind) else r for r in congress.record])


def test_a_record_in_which_one_person_did_both_is_found(congress: Congress) -> None:
    """W30: and one whose slip is not an élu's, or was confirmed by whoever has no desk."""
    opened(congress)
    congress.do(ORGANISER, c.EnterSlip(1, ELU, FOR))
    congress.do(SCRIBE, c.ConfirmSlip(1))
    assert _changed(congress, e.SlipConfirmed, lambda r: replace(r, actor=ORGANISER)) == ["slip.refused"]
    assert _changed(congress, e.SlipConfirmed, lambda r: replace(r, actor=OTHER)) == ["slip.refused"]
    assert _changed(congress, e.SlipEntered, lambda r: replace(r, actor=OTHER)) == ["slip.refused"]

    def by_a_scribe(r: e.Recorded) -> e.Recorded:
        assert isinstance(r.event, e.SlipEntered)
        return replace(r, event=replace(r.event, signer=SCRIBE, voter=SCRIBE))

    assert _changed(congress, e.SlipEntered, by_a_scribe) == ["slip.refused", "slip.refused"]


def test_a_withheld_slip_replays_without_its_content(congress: Congress) -> None:
    """W31, V4: as anybody has the record while the poll is open."""
    opened(congress)
    congress.do(ORGANISER, c.EnterSlip(1, ELU, FOR))
    congress.do(SCRIBE, c.ConfirmSlip(1))
    public = [replace(r, event=None) if r.index in congress.state.withheld else r for r in congress.record]
    state = replay(public)
    assert state.slips[1].status == "counted"
    assert state.polls[1].ballots == {}
    assert findings(public) == []
