"""Ways of voting: shows of hands, secret ballots, clocks, parts, sheets, elections, results from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.instants import later, moved
from deliberation.kernel.state import Poll
from deliberation.kernel.vocabulary import (
    Aim,
    Bracket,
    Choice,
    ElectionRule,
    Elector,
    Hands,
    Outcome,
    Phase,
    PollRule,
    Span,
    Terms,
    Way,
)
from deliberation.motions import division
from deliberation.votes import elections, secret
from tests.deliberation.congresses import (
    AGAINST,
    CONGRESS,
    ELU,
    FOR,
    ORGANISER,
    OTHER,
    SCRIBE,
    SECOND,
    THIRD,
    Congress,
    findings,
    moment,
)
from tests.deliberation.congresses import opened as begun

SECRET = Terms(Way.SECRET, ground="reglement")
HANDS = Terms(Way.HANDS)


def opened(
    congress: Congress, terms: Terms, subject: str = "motion-1", rule: PollRule | None = None, part: int = 0
) -> int:
    congress.do(ORGANISER, c.OpenPoll(subject, rule=rule, terms=terms, part=part))
    return len(congress.state.polls)


def poll_of(congress: Congress, number: int) -> Poll:
    return congress.state.polls[number]


def forged(congress: Congress, kind: type[e.Event], **changes: object) -> list[str]:
    """The verifier's findings if fields of the last entry of that kind were changed."""
    index = max(r.index for r in congress.record if isinstance(r.event, kind))
    event = congress.record[index].event
    assert event is not None
    other = Congress()
    other.record = list(congress.record)
    other.record[index] = replace(congress.record[index], event=replace(event, **changes))  # type: ignore[type-var]
    return findings(other.record)


# Clocks, pauses, cancelling


def test_a_vote_is_refused_by_the_instant_announced(congress: Congress) -> None:
    """W3, V3: to the millisecond, also before anybody wrote that the poll is closed."""
    congress.frozen()
    closes = later(congress.now, 3)
    poll = opened(congress, Terms(closes=closes))
    congress.do(ELU, c.CastBallot(poll, FOR))
    assert congress.refused(CONGRESS, c.ClosePoll(poll)) == "poll.not_due"
    congress.seconds += 1
    assert congress.now == closes
    assert congress.refused(OTHER, c.CastBallot(poll, FOR)) == "poll.over"
    assert poll_of(congress, poll).is_open
    congress.do(CONGRESS, c.ClosePoll(poll))
    assert findings(congress.record) == []
    assert "ballot.refused" in forged(congress, e.PollOpened, terms=Terms(closes=later(closes, -2)))


def test_a_pause_moves_the_instant_and_takes_no_vote(congress: Congress) -> None:
    """W2, W3"""
    congress.frozen()
    closes = later(congress.now, 60)
    poll = opened(congress, Terms(closes=closes))
    congress.do(SECOND, c.PausePoll(poll, "Le réseau de la salle est tombé"))
    assert congress.refused(ELU, c.CastBallot(poll, FOR)) == "poll.paused"
    assert congress.refused(ORGANISER, c.PausePoll(poll, "Encore")) == "poll.paused"
    congress.seconds += 100
    assert congress.refused(CONGRESS, c.ClosePoll(poll)) == "poll.not_due"
    congress.do(ORGANISER, c.ResumePoll(poll))
    assert poll_of(congress, poll).closes == later(closes, 101)
    assert congress.refused(ORGANISER, c.ResumePoll(poll)) == "poll.not_paused"
    congress.do(ELU, c.CastBallot(poll, FOR))
    assert findings(congress.record) == []
    assert "poll.clock" in forged(congress, e.PollResumed, closes=later(closes, 500))


def test_a_cancelled_poll_has_no_result_and_its_votes_are_published(congress: Congress) -> None:
    """W2, V4"""
    congress.frozen()
    congress.table("Demande la fibre partout.")
    poll = opened(congress, Terms(), "amendement-1")
    congress.do(ELU, c.CastBallot(poll, FOR))
    assert congress.refused(ORGANISER, c.CancelPoll(poll, " ")) == "reason.missing"
    state = congress.do(ORGANISER, c.CancelPoll(poll, "La question était mal posée"))
    assert (state.polls[poll].tally, state.polls[poll].is_open, dict(state.withheld)) == (None, False, {})
    assert state.amendments[1].outcome is None
    assert congress.refused(ELU, c.CastBallot(poll, FOR)) == "poll.closed"
    assert congress.refused(ORGANISER, c.ClosePoll(poll)) == "poll.already_closed"
    opened(congress, Terms(), "amendement-1")
    assert findings(congress.record) == []


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (Terms(closes="demain"), "time.malformed"),
        (Terms(closes=moment(0)), "poll.clock_past"),
        (Terms(Way.HANDS, closes=moment(9000)), "poll.clock_of_hands"),
        (Terms(Way.SECRET), "poll.ground"),
        (Terms(Way.SECRET, ground="tiers", requested=0, present=3), "poll.third"),
        (Terms(Way.SECRET, ground="tiers", requested=2, present=9), "poll.third"),
        (Terms(Way.SECRET, ground="reglement", requested=1, present=1), "poll.ground"),
        (Terms(ground="reglement"), "poll.ground"),
        (Terms(tellers=(SCRIBE,)), "poll.tellers"),
        (Terms(Way.HANDS, tellers=("p99",)), "poll.tellers"),
        (Terms(Way.HANDS, tellers=(SCRIBE, SCRIBE)), "poll.tellers"),
    ],
)
def test_terms_that_cannot_hold_are_refused(congress: Congress, terms: Terms, code: str) -> None:
    """W1, W3, W5, W7"""
    congress.frozen()
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1", terms=terms)) == code


def test_a_weighted_vote_is_a_roll_call(congress: Congress) -> None:
    """W4, V10"""
    congress.frozen()
    congress.do(ORGANISER, c.RegisterElectors(tuple(Elector(p, 0, 5_000) for p in (ELU, OTHER, THIRD))))
    rule = PollRule(weights="population", brackets=(Bracket(0, 1), Bracket(2_000, 3)))
    for terms in (SECRET, HANDS):
        assert congress.refused(ORGANISER, c.OpenPoll("motion-1", rule=rule, terms=terms)) == "poll.weighed"
    opened(congress, Terms(), rule=rule)


def test_instants_are_reckoned_to_the_millisecond() -> None:
    """W3"""
    assert later("2026-11-30T23:59:59.250Z", 1) == "2026-12-01T00:00:00.250Z"
    assert moved(moment(100), moment(10), "2026-11-01T00:00:12.500Z") == "2026-11-01T00:01:42.500Z"


# Secret ballots


def test_a_secret_vote_is_a_signature_and_a_paper_apart(congress: Congress) -> None:
    """W1, W6: no event of the record, and nothing in the state, says who answered what."""
    congress.frozen()
    poll = opened(congress, SECRET)
    for voter, paper in ((OTHER, 1), (ELU, 0), (THIRD, 0)):
        decided = congress.ask(voter, c.CastSecret(poll, paper))
        assert decided == (e.BallotSigned(poll, voter),)
        congress.do(voter, c.CastSecret(poll, paper))
    assert "paper=" not in repr(c.CastSecret(poll, 1))
    assert congress.refused(ELU, c.CastBallot(poll, FOR)) == "ballot.other_way"
    assert congress.refused(ELU, c.CastSecret(poll, 1)) == "ballot.already_signed"
    assert congress.refused(ORGANISER, c.ClosePoll(poll)) == "poll.box"
    state = congress.do(ORGANISER, c.CountBox(poll, (0, 0, 1)))
    tally = state.polls[poll].tally
    assert tally is not None
    assert (tally.in_favour, tally.against, tally.carried) == (2, 1, True)
    assert (state.polls[poll].ballots, state.polls[poll].papers) == ({}, (0, 0, 1))
    assert state.motions[1].status == "adopted"
    assert findings(congress.record) == []


@pytest.mark.parametrize("papers", [(), (0, 0), (0, 0, 0, 0), (1, 0, 0), (0, 0, 3), (-1, 0, 0)])
def test_a_box_that_differs_is_not_counted(congress: Congress, papers: tuple[int, ...]) -> None:
    """W6: one paper per signature, sorted, of the sorts asked for; and the verifier asks for the same."""
    congress.frozen()
    poll = opened(congress, SECRET)
    congress.do(ELU, c.CastSecret(poll, 0))
    congress.do(OTHER, c.CastSecret(poll, 2))
    congress.do(THIRD, c.CastSecret(poll, 0))
    assert congress.refused(ORGANISER, c.CountBox(poll, papers)) == "box.differs"
    congress.do(ORGANISER, c.CountBox(poll, (0, 0, 2)))
    assert "box.differs" in forged(congress, e.BoxOpened, papers=papers)


def test_who_may_not_vote_in_secret(congress: Congress) -> None:
    """W1, W6, V3"""
    congress.frozen()
    poll = opened(congress, SECRET)
    assert congress.refused(ORGANISER, c.CastSecret(poll, 0)) == "role.elus_only"
    assert congress.refused(ELU, c.CastSecret(poll, 3)) == "ballot.no_choice"
    assert congress.refused(ELU, c.CastSecret(9, 0)) == "poll.not_found"
    congress.close(Phase.VOTE)
    assert congress.refused(ELU, c.CastSecret(poll, 0)) == "phase.over"


def test_no_chair_prevails_in_secret_and_a_quorum_counts_signatures(congress: Congress) -> None:
    """W6, V6 (CGCT L2121-20), V7"""
    congress.frozen()
    rule = PollRule(tie="chair", chair=ELU, quorum_n=1, quorum_d=2)
    poll = opened(congress, SECRET, rule=rule)
    congress.do(ELU, c.CastSecret(poll, 0))
    congress.do(OTHER, c.CastSecret(poll, 1))
    congress.do(THIRD, c.CastSecret(poll, 2))
    tally = congress.do(ORGANISER, c.CountBox(poll, (0, 1, 2))).polls[poll].tally
    assert tally is not None
    assert (tally.quorum_met, tally.carried) == (True, False)


def test_a_proxy_in_secret_is_one_more_signature(congress: Congress) -> None:
    """W6, V13, V14: no link either, and a paper stays in the box when the mandate is revoked."""
    congress.frozen()
    rule = PollRule(proxies=1, quorum_n=3, quorum_d=4)
    congress.do(ORGANISER, c.ChangeCongress("Essai", "", "", True, rule))
    congress.do(OTHER, c.GiveProxy(ELU))
    poll = opened(congress, SECRET)
    congress.do(THIRD, c.CastSecret(poll, 0))
    congress.do(ELU, c.CastSecret(poll, 0))
    congress.do(ELU, c.CastSecret(poll, 1, OTHER))
    assert congress.refused(OTHER, c.CastSecret(poll, 0)) == "ballot.already_signed"
    congress.do(OTHER, c.RevokeProxy(1))
    state = congress.do(ORGANISER, c.CountBox(poll, (0, 0, 1)))
    tally = state.polls[poll].tally
    assert tally is not None
    assert (len(state.polls[poll].signed), tally.quorum_met) == (3, False)
    assert findings(congress.record) == []


def as_before(congress: Congress, command: c.Command) -> None:
    """Opens a secret poll as older records contain it: without a minimum number of papers."""
    decided = congress.ask(ORGANISER, command)
    assert not isinstance(decided, Refused)
    congress.keep(ORGANISER, tuple(of_before(event) for event in decided))


def of_before(event: e.Event) -> e.Event:
    return replace(event, terms=replace(event.terms, least=0)) if isinstance(event, e.PollOpened) else event


@pytest.mark.parametrize("signed", [0, 1, 2])
@pytest.mark.parametrize("actor", [ORGANISER, CONGRESS])
def test_below_three_papers_no_box_is_opened(congress: Congress, signed: int, actor: str) -> None:
    """W21: whoever closes it, and whatever the box is said to hold; the opening says so, and nothing is published."""
    congress.frozen()
    closes = later(congress.now, 60)
    poll = opened(congress, replace(SECRET, closes=closes))
    assert congress.state.polls[poll].terms.least == 3
    for voter in (ELU, OTHER)[:signed]:
        congress.do(voter, c.CastSecret(poll, 0))
    if actor == CONGRESS:
        congress.seconds += 100
    assert congress.ask(actor, c.CountBox(poll, (0,) * signed)) == (e.PollCancelled(poll, secret.TOO_FEW),)
    state = congress.do(actor, c.CountBox(poll, (1,) * 7))
    assert (state.polls[poll].papers, state.polls[poll].tally) == ((), None)
    assert state.motions[1].status == "frozen"
    assert findings(congress.record) == []


def test_a_box_opened_below_three_papers_is_found(congress: Congress) -> None:
    """W21, R15: by the verifier, where the opening announced the number; older records hold as they are."""
    congress.frozen()
    as_before(congress, c.OpenPoll("motion-1", terms=SECRET))
    congress.do(ELU, c.CastSecret(1, 0))
    assert congress.do(ORGANISER, c.CountBox(1, (0,))).polls[1].papers == (0,)
    assert findings(congress.record) == []
    assert "box.differs" in forged(congress, e.PollOpened, terms=replace(SECRET, least=3))
    assert "poll.terms" in forged(congress, e.PollOpened, terms=replace(SECRET, least=2))


def test_nobody_chooses_below_how_many_papers_a_box_stays_shut(congress: Congress) -> None:
    """W21"""
    congress.frozen()
    for terms in (replace(SECRET, least=1), Terms(least=3)):
        assert congress.refused(ORGANISER, c.OpenPoll("motion-1", terms=terms)) in {"poll.least", "poll.ground"}


def test_few_people_cannot_vote_in_secret(congress: Congress) -> None:
    """W5"""
    congress.frozen()
    congress.do(ORGANISER, c.RevokePerson(THIRD, "Fin de mandat"))
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1", terms=SECRET)) == "poll.few"


def test_a_third_of_those_present_asks_for_secrecy(congress: Congress) -> None:
    """W5 (CGCT L2121-21)"""
    congress.frozen()
    poll = opened(congress, Terms(Way.SECRET, ground="tiers", requested=1, present=3))
    assert poll_of(congress, poll).terms.requested == 1
    assert "poll.terms" in forged(
        congress, e.PollOpened, terms=Terms(Way.SECRET, ground="tiers", requested=1, present=4)
    )


# Shows of hands


def test_two_tellers_count_alone_and_must_agree(congress: Congress) -> None:
    """W7, W8, W9"""
    congress.frozen()
    poll = opened(congress, Terms(Way.HANDS, tellers=(SCRIBE, THIRD)))
    assert congress.refused(ELU, c.EnterHands(poll, Hands(2, 1, 0, 3))) == "hands.not_teller"
    congress.do(SCRIBE, c.EnterHands(poll, Hands(2, 1, 0, 3)))
    assert dict(congress.state.withheld) == {len(congress.record) - 1: "open_poll"}
    assert congress.refused(ORGANISER, c.ClosePoll(poll)) == "hands.awaited"
    congress.do(THIRD, c.EnterHands(poll, Hands(1, 2, 0, 3)))
    assert congress.refused(ORGANISER, c.ClosePoll(poll)) == "hands.differ"
    congress.do(THIRD, c.EnterHands(poll, Hands(2, 1, 0, 3)))
    assert congress.refused(ORGANISER, c.DecideHands(poll, Hands(2, 1, 0, 3), "Vu")) == "hands.agree"
    state = congress.do(ORGANISER, c.ClosePoll(poll))
    assert (state.motions[1].status, dict(state.withheld)) == ("adopted", {})
    assert findings(congress.record) == []
    assert "poll.tally" in forged(congress, e.HandsCounted, hands=Hands(0, 3, 0, 3))


def test_a_difference_is_settled_by_a_recount_or_by_the_chair_with_a_reason(congress: Congress) -> None:
    """W8, W9: what was counted is public from then on."""
    congress.frozen()
    poll = opened(congress, HANDS)
    congress.do(ORGANISER, c.EnterHands(poll, Hands(2, 1, 0, 3)))
    congress.do(SECOND, c.EnterHands(poll, Hands(1, 2, 0, 3)))
    congress.do(ORGANISER, c.RecountHands(poll))
    assert (poll_of(congress, poll).counts, dict(congress.state.withheld)) == ({}, {})
    congress.do(ORGANISER, c.EnterHands(poll, Hands(2, 1, 0, 3)))
    congress.do(SECOND, c.EnterHands(poll, Hands(1, 2, 0, 3)))
    assert congress.refused(ORGANISER, c.DecideHands(poll, Hands(2, 1, 0, 3), "")) == "reason.missing"
    congress.do(ORGANISER, c.DecideHands(poll, Hands(2, 1, 0, 3), "La photo de la salle le montre"))
    assert congress.refused(SECOND, c.EnterHands(poll, Hands(2, 1, 0, 3))) == "hands.decided"
    assert congress.do(ORGANISER, c.ClosePoll(poll)).motions[1].status == "adopted"
    assert findings(congress.record) == []
    assert "hands.refused" in forged(congress, e.HandsDecided, hands=Hands(9, 0, 0, 9))


@pytest.mark.parametrize(
    ("hands", "code"),
    [
        (Hands(2, 2, 0, 3), "hands.too_many"),
        (Hands(1, 0, 0, 4), "hands.present"),
        (Hands(-1, 2, 0, 3), "hands.malformed"),
        (Hands(1, 0, 0, 3, "oui"), "hands.malformed"),
    ],
)
def test_counts_that_cannot_be_are_refused(congress: Congress, hands: Hands, code: str) -> None:
    """W7"""
    congress.frozen()
    poll = opened(congress, HANDS)
    assert congress.refused(ORGANISER, c.EnterHands(poll, hands)) == code


@pytest.mark.parametrize(("chair", "status"), [("pour", "adopted"), ("contre", "rejected"), ("", "rejected")])
def test_the_chair_prevails_on_a_tie_of_hands_and_those_present_make_the_quorum(
    congress: Congress, chair: str, status: str
) -> None:
    """W7, V6, V7"""
    congress.frozen()
    rule = PollRule(tie="chair", chair=ELU, quorum_n=1, quorum_d=2)
    poll = opened(congress, HANDS, rule=rule)
    congress.do(ORGANISER, c.EnterHands(poll, Hands(1, 1, 0, 2, chair)))
    assert congress.do(ORGANISER, c.ClosePoll(poll)).motions[1].status == status


# Division

WORDS = (
    "Demande la fibre et le cuivre pour tous les villages.",
    "Demande le câble et le réseau pour toutes les villes.",
)


def divided(congress: Congress, *parts: tuple[int, ...]) -> None:
    """Tables an amendment with four changes, and divides it."""
    congress.frozen(WORDS[0], "Demande un délai.")
    congress.table(WORDS[1])
    congress.do(ORGANISER, c.DivideSubject("amendement-1", parts, ELU))


def vote_part(congress: Congress, subject: str, part: int, choice: Choice) -> None:
    poll = opened(congress, Terms(), subject, part=part)
    congress.do(ELU, c.CastBallot(poll, choice))
    congress.do(ORGANISER, c.ClosePoll(poll))


def test_an_amendment_is_adopted_with_the_parts_adopted_alone(congress: Congress) -> None:
    """W10, W11, W12"""
    divided(congress, (0, 3), (1, 2))
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1")) == "division.by_parts"
    vote_part(congress, "amendement-1", 1, FOR)
    assert congress.state.amendments[1].outcome is None
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1", part=1)) == "division.voted"
    assert congress.refused(ORGANISER, c.DivideSubject("amendement-1", ((0,), (1, 2, 3)), ELU)) == "division.begun"
    vote_part(congress, "amendement-1", 2, AGAINST)
    amendment = congress.state.amendments[1]
    assert (amendment.outcome, amendment.undivided) == (Outcome.ADOPTED, WORDS[1])
    text = congress.state.motions[1].text
    assert text is not None
    assert text.clauses[0].markdown == amendment.text
    pieces = division.pieces(replace(congress.state, amendments={1: replace(amendment, text=WORDS[1])}), "amendement-1")
    assert all((pieces[n].after in amendment.text) == (n in (0, 3)) for n in range(4))
    assert findings(congress.record) == []
    assert "outcome.differs" in forged(congress, e.AmendmentReduced, text=WORDS[1])


@pytest.mark.parametrize(("choice", "outcome"), [(FOR, Outcome.ADOPTED), (AGAINST, Outcome.REJECTED)])
def test_all_or_no_part(congress: Congress, choice: Choice, outcome: Outcome) -> None:
    """W12"""
    divided(congress, (0,), (1, 2, 3))
    for part in (1, 2):
        vote_part(congress, "amendement-1", part, choice)
    assert congress.state.amendments[1].outcome is outcome
    assert (congress.state.amendments[1].text, congress.state.amendments[1].undivided) == (WORDS[1], "")
    assert findings(congress.record) == []


@given(kept=st.sets(st.integers(0, 3)))
def test_what_is_left_of_an_amendment_has_its_pieces_and_no_others(kept: set[int]) -> None:
    """W12: none of the pieces is the text aimed at, all of them is the amendment, in any order."""
    congress = Congress()
    begun(congress)
    divided(congress, (0,), (1,), (2,), (3,))
    amendment = congress.state.amendments[1]
    text = division.reduced(congress.state, amendment, kept)
    assert text == division.reduced(congress.state, amendment, sorted(kept, reverse=True))
    assert (text == WORDS[0]) == (not kept)
    assert (text == WORDS[1]) == (len(kept) == 4)


@pytest.mark.parametrize(
    "parts", [(), ((0, 1, 2, 3),), ((0, 1), (2,)), ((0, 1), (1, 2, 3)), ((0, 1, 2, 3), ()), ((0,), (9,))]
)
def test_each_piece_goes_into_one_part(congress: Congress, parts: tuple[tuple[int, ...], ...]) -> None:
    """W10"""
    congress.frozen(WORDS[0])
    congress.table(WORDS[1])
    assert congress.refused(ORGANISER, c.DivideSubject("amendement-1", parts, ELU)).startswith("division.")
    congress.do(ORGANISER, c.DivideSubject("amendement-1", ((0,), (1, 2, 3)), ELU))
    assert "division.differs" in forged(congress, e.SubjectDivided, parts=parts or ((),))


def test_an_amendment_is_divided_by_the_words_that_its_author_touched(congress: Congress) -> None:
    """W10, W12, A15: comparing both texts would find one change less, and elsewhere."""
    congress.frozen("Demande la fibre, la fibre et le cuivre.")
    spans = (Span(11, "fibre, la ", ""), Span(33, "cuivre", "câble"))
    congress.do(ELU, c.TableAmendment(1, Aim.REWRITE, "c1", spans=spans))
    amendment = congress.state.amendments[1]
    found = division.pieces(congress.state, "amendement-1")
    assert [(x.before, x.after) for x in found] == [(x.old, x.new) for x in amendment.spans]
    congress.do(ORGANISER, c.DivideSubject("amendement-1", ((0,), (1,)), ELU))
    vote_part(congress, "amendement-1", 1, FOR)
    vote_part(congress, "amendement-1", 2, AGAINST)
    left = congress.state.amendments[1]
    assert (left.text, left.spans) == ("Demande la fibre et le cuivre.", amendment.spans[:1])
    assert findings(congress.record) == []


def test_an_amendment_of_which_a_part_is_voted_stays_as_it_is(congress: Congress) -> None:
    """W10, A16, A25"""
    divided(congress, (0,), (1, 2, 3))
    vote_part(congress, "amendement-1", 1, FOR)
    sub = c.TableAmendment(1, Aim.REWRITE, text=WORDS[1].replace("câble", "satellite"), parent=1)
    assert congress.refused(THIRD, sub) == "division.begun"
    assert congress.refused(ELU, c.RectifyAmendment(1, WORDS[1] + " Vite.")) == "division.begun"


def test_an_amendment_with_adopted_sub_amendments_is_voted_as_a_whole(congress: Congress) -> None:
    """W10, A18; the sub-amendment itself can be divided."""
    divided(congress, (0,), (1, 2, 3))
    text = WORDS[1].replace("câble", "satellite").replace("villes", "communes")
    congress.do(THIRD, c.TableAmendment(1, Aim.REWRITE, text=text, parent=1))
    congress.do(ORGANISER, c.DivideSubject("amendement-2", ((0,), (1,)), ELU))
    vote_part(congress, "amendement-2", 1, FOR)
    vote_part(congress, "amendement-2", 2, AGAINST)
    assert congress.state.amendments[1].text == WORDS[1].replace("câble", "satellite")
    again = c.DivideSubject("amendement-1", ((0,), (1, 2, 3)), ELU)
    assert congress.refused(ORGANISER, again) == "division.amended"
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1", part=1)) == "division.none"
    assert findings(congress.record) == []


def test_what_cannot_be_divided(congress: Congress) -> None:
    """W10"""
    congress.frozen("Demande la fibre.")
    congress.table(aim=Aim.DELETE)
    for subject in ("motion-1", "amendement-1"):
        assert congress.refused(ORGANISER, c.DivideSubject(subject, ((0,), (1,)), ELU)) == "division.one_piece"
    assert congress.refused(ORGANISER, c.DivideSubject("motion-9", ((0,), (1,)), ELU)) == "division.no_subject"
    assert congress.refused(ORGANISER, c.DivideSubject("motion-1", ((0,), (1,)), ORGANISER)) == "division.asked_by"
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1", part=1)) == "division.none"


def test_a_motion_keeps_the_clauses_adopted_and_goes_to_the_vote_on_the_whole(congress: Congress) -> None:
    """W11, W13, A45"""
    congress.frozen("Demande la fibre.", "Demande le câble.", "Demande un délai.")
    congress.do(ORGANISER, c.DivideSubject("motion-1", ((0,), (1,), (2,)), THIRD))
    for part, choice in ((2, AGAINST), (1, FOR)):
        vote_part(congress, "motion-1", part, choice)
    assert congress.refused(ELU, c.TableAmendment(1, Aim.DELETE, "c1")) == "motion.vote_open"
    vote_part(congress, "motion-1", 3, FOR)
    text = congress.state.motions[1].text
    assert text is not None
    assert [(x.id, x.number) for x in text.clauses] == [("c1", 1), ("c3", 3)]
    assert (text.version, text.base) == (2, 2)
    congress.vote("motion-1", FOR)
    assert congress.state.motions[1].status == "adopted"
    assert findings(congress.record) == []
    assert "text.division" in forged(congress, e.TextFrozen, clauses=text.clauses[:1])


def test_a_motion_of_which_nothing_is_adopted_is_rejected(congress: Congress) -> None:
    """W13"""
    congress.frozen("Demande la fibre.", "Demande le câble.")
    congress.do(ORGANISER, c.DivideSubject("motion-1", ((0,), (1,)), THIRD))
    for part in (1, 2):
        vote_part(congress, "motion-1", part, AGAINST)
    assert congress.state.motions[1].status == "rejected"
    assert findings(congress.record) == []


def test_a_part_without_its_quorum_is_voted_again(congress: Congress) -> None:
    """W11, V15"""
    divided(congress, (0,), (1, 2, 3))
    rule = PollRule(quorum_n=1, quorum_d=2)
    poll = opened(congress, Terms(), "amendement-1", rule, part=1)
    congress.do(ORGANISER, c.ClosePoll(poll))
    congress.do(ORGANISER, c.OpenPoll("amendement-1", part=1, second_call_of=poll))
    assert congress.state.divisions["amendement-1"].results == {}


# Sheets


def two_amendments(congress: Congress) -> None:
    congress.frozen("Demande la fibre.", "Demande le câble.")
    congress.table("Demande la fibre partout.")
    congress.table("Demande le câble partout.", "c2")


def test_a_sheet_is_opened_answered_and_closed_in_one_go(congress: Congress) -> None:
    """W17, W18"""
    two_amendments(congress)
    congress.do(ORGANISER, c.OpenSheet(("amendement-1", "amendement-2")))
    decided = congress.ask(ELU, c.CastSheet(1, {1: FOR, 2: AGAINST}))
    assert decided == (e.BallotCast(1, ELU, FOR), e.BallotCast(2, ELU, AGAINST))
    congress.do(ELU, c.CastSheet(1, {1: FOR, 2: AGAINST}))
    congress.do(OTHER, c.CastSheet(1, {1: FOR}))
    assert congress.refused(OTHER, c.CastSheet(1, {})) == "sheet.empty"
    assert congress.refused(OTHER, c.CastSheet(1, {7: FOR})) == "sheet.stranger"
    assert congress.refused(OTHER, c.CastSheet(2, {2: FOR})) == "sheet.not_found"
    congress.do(ORGANISER, c.PausePoll(2, "Une question"))
    assert congress.refused(THIRD, c.CastSheet(1, {1: FOR})) == "poll.paused"
    congress.do(ORGANISER, c.ResumePoll(1))
    state = congress.do(ORGANISER, c.ClosePoll(2))
    assert [state.amendments[n].status for n in (1, 2)] == ["adopte", "rejete"]
    assert findings(congress.record) == []


def test_a_block_takes_one_answer(congress: Congress) -> None:
    """W17, W18: both texts are merged, one after the other."""
    two_amendments(congress)
    congress.do(ORGANISER, c.OpenSheet(("amendement-2", "amendement-1"), block=True))
    assert congress.refused(ELU, c.CastSheet(1, {1: FOR, 2: AGAINST})) == "sheet.block"
    assert congress.refused(ELU, c.CastSheet(1, {1: FOR})) == "sheet.block"
    assert congress.refused(ELU, c.CastBallot(2, FOR)) == "sheet.block"
    congress.do(ELU, c.CastSheet(1, {1: FOR, 2: FOR}))
    state = congress.do(ORGANISER, c.ClosePoll(1))
    assert state.motions[1].text is not None
    assert set(state.motions[1].text.adopted) == {1, 2}
    assert findings(congress.record) == []


def test_a_sheet_holds_no_two_that_collide(congress: Congress) -> None:
    """W17, A14"""
    congress.frozen("Demande la fibre.")
    congress.table("Demande le câble.")
    congress.table("Demande le cuivre.")
    both = ("amendement-1", "amendement-2")
    assert congress.refused(ORGANISER, c.OpenSheet(both)) == "amendment.collides"
    assert congress.refused(ORGANISER, c.OpenSheet(both[:1])) == "sheet.subjects"
    assert congress.state.polls == {}


# Elections


def a_round(papers: Iterable[tuple[int, ...]], candidates: int, seats: int) -> Poll:
    """A round of an election with these papers in its box; () is a blank one."""
    people = tuple(f"p{n}" for n in range(candidates))
    poll = Poll(1, "election-1", "", PollRule(), (), "", "", candidates=people, seats=seats)
    said = (c.CastSecret(1, candidates) if not each else c.CastSecret(1, each[0]) for each in papers)
    if seats > 1:
        said = (c.CastSecret(1, names=each) if each else c.CastSecret(1, candidates) for each in papers)
    marks = [secret.marks(poll, each) for each in said]
    return replace(poll, papers=tuple(sorted(mark for each in marks if isinstance(each, tuple) for mark in each)))


@st.composite
def rounds(draw: st.DrawFn) -> tuple[list[tuple[int, ...]], int, int]:
    """A strategy for papers, a number of candidates, and a number of seats."""
    candidates = draw(st.integers(1, 5))
    seats = draw(st.integers(1, candidates))
    names = st.lists(st.integers(0, candidates - 1), max_size=seats, unique=True)
    return [tuple(each) for each in draw(st.lists(names, max_size=20))], candidates, seats


@given(rounds(), st.booleans())
def test_a_round_elects_by_the_majority_it_asks_for(
    held: tuple[list[tuple[int, ...]], int, int], absolute: bool
) -> None:
    """W14, W20: for one seat and for several, each paper counts once for each name on it."""
    papers, candidates, seats = held
    poll = a_round(papers, candidates, seats)
    found = elections.count(poll, absolute)
    votes = tuple(sum(place in paper for paper in papers) for place in range(candidates))
    named = sum(bool(paper) for paper in papers)
    assert (found.votes, found.cast, found.blank) == (votes, named, len(papers) - named)
    enough = {place for place in range(candidates) if votes[place] and (not absolute or 2 * votes[place] > named)}
    assert set(found.elected) | set(found.tied) <= enough
    assert len(found.elected) <= seats
    assert list(found.elected) == sorted(found.elected, key=lambda place: -votes[place])
    passed_over = enough - set(found.elected)
    assert all(votes[place] < votes[other] for place in passed_over for other in found.elected)
    if found.tied:
        assert len({votes[place] for place in found.tied}) == 1
        assert len(found.elected) < seats < len(found.elected) + len(found.tied)
    else:
        assert len(found.elected) == min(seats, len(enough))


@given(rounds(), st.data())
def test_the_marks_of_a_box_are_those_of_its_papers(
    held: tuple[list[tuple[int, ...]], int, int], data: st.DataObject
) -> None:
    """W6, W20: what no set of papers could hold is not counted."""
    papers, candidates, seats = held
    poll = a_round(papers, candidates, seats)
    poll = replace(poll, signed={f"p{n}": n for n in range(len(papers))})
    assert secret.refuse_box(poll, poll.papers) is None
    if papers:
        short = poll.papers[:-1]
        assert secret.refuse_box(poll, short) is not None
        other = data.draw(st.integers(0, candidates - 1))
        stuffed = (other,) * (len(papers) * seats)
        assert (secret.refuse_box(poll, stuffed) is None) == (seats == 1)


def round_of(congress: Congress, *papers: int) -> None:
    """Has the three élus cast these papers in the open round and closes it."""
    poll = len(congress.state.polls)
    for voter, paper in zip((ELU, OTHER, THIRD), papers, strict=False):
        congress.do(voter, c.CastSecret(poll, paper))
    congress.do(ORGANISER, c.CountBox(poll, tuple(sorted(papers))))


def test_an_absolute_majority_elects_in_the_first_round(congress: Congress) -> None:
    """W14"""
    congress.do(ORGANISER, c.OpenElection("Présidence", (ELU, OTHER)))
    round_of(congress, 1, 1, 0)
    state = congress.state
    assert (state.elections[1].people, state.polls[1].votes) == ((OTHER,), (1, 2))
    assert congress.refused(ORGANISER, c.OpenRound(1)) == "election.over"
    assert findings(congress.record) == []
    assert "outcome.differs" in forged(congress, e.PersonElected, person=ELU)


def test_rounds_go_on_until_the_most_votes_elect_and_a_tie_is_run_again(congress: Congress) -> None:
    """W14, W15, W16"""
    congress.do(ORGANISER, c.OpenElection("Présidence", (ELU, OTHER, THIRD), ElectionRule(absolute=1)))
    assert congress.refused(ORGANISER, c.OpenRound(1)) == "poll.already_open"
    round_of(congress, 0, 1, 2)
    congress.do(ORGANISER, c.OpenRound(1))
    round_of(congress, 0, 1, 3)
    assert congress.refused(ORGANISER, c.BreakTie(1, ELU, "Doyen")) == "election.tie_again"
    congress.do(ORGANISER, c.OpenRound(1))
    assert congress.state.polls[3].candidates == (ELU, OTHER)
    assert congress.refused(THIRD, c.CastSecret(3, 3)) == "ballot.no_choice"
    round_of(congress, 0, 1, 0)
    assert congress.state.elections[1].people == (ELU,)
    assert findings(congress.record) == []


def test_several_seats_are_filled_round_by_round(congress: Congress) -> None:
    """W20, W14, W15, W16: one has the majority; two are tied for the seat that is left; the next round decides."""
    everybody = (ELU, OTHER, THIRD)
    congress.do(ORGANISER, c.OpenElection("Bureau", everybody, ElectionRule(absolute=1, seats=2)))
    assert congress.refused(ELU, c.CastSecret(1, 0)) == "ballot.no_choice"
    assert congress.refused(ELU, c.CastSecret(1, names=(0, 1, 2))) == "ballot.too_many"
    assert congress.refused(ELU, c.CastSecret(1, names=(0, 0))) == "ballot.no_choice"
    assert congress.refused(ELU, c.CastSecret(1, 3, names=(0,))) == "ballot.no_choice"
    papers_of(congress, (0, 1), (0, 2), (0,))
    assert congress.state.polls[1].papers == (0, 0, 0, 1, 2, 4)
    assert congress.state.elections[1].people == (ELU,)
    congress.do(ORGANISER, c.OpenRound(1))
    assert (congress.state.polls[2].candidates, congress.state.polls[2].seats) == ((OTHER, THIRD), 1)
    round_of(congress, 0, 1, 2)
    assert elections.tied_people(congress.state, congress.state.elections[1]) == (OTHER, THIRD)
    congress.do(ORGANISER, c.OpenRound(1))
    round_of(congress, 1, 1, 2)
    assert [each.poll for each in congress.state.elections[1].elected] == [1, 3]
    assert congress.refused(ORGANISER, c.OpenRound(1)) == "election.over"
    assert findings(congress.record) == []
    assert "poll.opening" in forged(congress, e.PollOpened, seats=2)


def test_the_chair_fills_the_seats_for_which_people_are_tied(congress: Congress) -> None:
    """W16, W20"""
    rule = ElectionRule(0, "chair", seats=2)
    congress.do(ORGANISER, c.OpenElection("Bureau", (ELU, OTHER, THIRD), rule))
    papers_of(congress, (0, 1), (1, 2), (0, 2))
    assert congress.state.elections[1].people == ()
    for person in (THIRD, ELU):
        congress.do(ORGANISER, c.BreakTie(1, person, "Doyens d’âge"))
    assert congress.refused(ORGANISER, c.BreakTie(1, OTHER, "Doyen d’âge")) == "election.over"
    assert [each.reason for each in congress.state.elections[1].elected] == ["Doyens d’âge"] * 2
    assert findings(congress.record) == []
    assert "outcome.differs" in forged(congress, e.PersonElected, person=THIRD)
    other = Congress()
    other.record = [replace(r, actor=THIRD) if isinstance(r.event, e.PersonElected) else r for r in congress.record]
    assert findings(other.record) == ["outcome.differs"] * 2


def papers_of(congress: Congress, *names: tuple[int, ...]) -> None:
    """Has the three élus cast papers with these names in the open round for several seats and closes it."""
    poll = congress.state.polls[len(congress.state.polls)]
    for voter, each in zip((ELU, OTHER, THIRD), names, strict=True):
        congress.do(voter, c.CastSecret(poll.number, names=each))
    marks = a_round(names, len(poll.candidates), poll.seats).papers
    congress.do(ORGANISER, c.CountBox(poll.number, marks))


def test_the_chair_breaks_a_tie_among_those_tied_with_a_reason(congress: Congress) -> None:
    """W16"""
    congress.do(ORGANISER, c.OpenElection("Présidence", (ELU, OTHER, THIRD), ElectionRule(0, "chair")))
    round_of(congress, 0, 1, 3)
    assert congress.refused(ORGANISER, c.BreakTie(1, THIRD, "Doyenne")) == "election.not_tied"
    assert congress.refused(ORGANISER, c.BreakTie(1, OTHER, "")) == "reason.missing"
    congress.do(ORGANISER, c.BreakTie(1, OTHER, "Doyen d’âge (CGCT, article L2122-7)"))
    assert congress.state.elections[1].people == (OTHER,)
    assert findings(congress.record) == []
    assert "outcome.differs" in forged(congress, e.PersonElected, person=THIRD)


def test_candidates_withdraw_between_rounds_and_a_round_without_quorum_is_none(congress: Congress) -> None:
    """W14, W15"""
    rule = ElectionRule(absolute=1, quorum_n=1, quorum_d=2)
    as_before(congress, c.OpenElection("Présidence", (ELU, OTHER, THIRD), rule))
    round_of(congress, 0)
    tally = congress.state.polls[1].tally
    assert tally is not None
    assert not tally.quorum_met
    assert congress.refused(ORGANISER, c.OpenRound(1, (ELU, OTHER, THIRD))) == "election.no_candidate"
    congress.do(ORGANISER, c.OpenRound(1, (THIRD,)))
    assert congress.state.polls[2].candidates == (ELU, OTHER)
    round_of(congress, 0, 1)
    assert congress.state.polls[2].cancelled
    assert congress.state.elections[1].people == ()
    congress.do(ORGANISER, c.OpenRound(1))
    round_of(congress, 0, 1, 2)
    assert elections.is_absolute(congress.state, congress.state.elections[1], congress.state.polls[3])
    assert findings(congress.record) == []


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.OpenElection(" ", (ELU,)), "election.no_office"),
        (c.OpenElection("Présidence", ()), "election.no_candidate"),
        (c.OpenElection("Présidence", (ELU, ELU)), "election.candidates"),
        (c.OpenElection("Présidence", (ORGANISER,)), "election.candidates"),
        (c.OpenElection("Présidence", (ELU,), ElectionRule(tie="lot")), "rule.unsound"),
        (c.OpenElection("Présidence", (ELU,), ElectionRule(seats=0)), "rule.unsound"),
        (c.OpenElection("Bureau", (ELU,), ElectionRule(seats=2)), "election.few"),
        (c.OpenRound(9), "election.not_found"),
        (c.BreakTie(9, ELU, "Doyen"), "election.not_found"),
    ],
)
def test_elections_that_cannot_be_held(congress: Congress, command: c.Command, code: str) -> None:
    """W14"""
    assert congress.refused(ORGANISER, command) == code


def test_every_act_on_a_poll_that_is_not_there_is_refused(congress: Congress) -> None:
    """S7"""
    for command in (
        c.PausePoll(9, "x"),
        c.ResumePoll(9),
        c.CancelPoll(9, "x"),
        c.EnterHands(9, Hands(0, 0, 0, 0)),
        c.RecountHands(9),
        c.DecideHands(9, Hands(0, 0, 0, 0), "x"),
        c.CountBox(9, ()),
    ):
        assert congress.refused(ORGANISER, command) == "poll.not_found"


def test_a_new_candidate_stands_in_a_later_round_where_the_rule_says_so(congress: Congress) -> None:
    """W24: not after a tie by the most votes, and nobody who is no élu."""
    rule = ElectionRule(absolute=1, newcomers=True)
    congress.do(ORGANISER, c.OpenElection("Présidence", (ELU, OTHER), rule))
    round_of(congress, 0, 1, 2)
    assert congress.refused(ORGANISER, c.OpenRound(1, joining=(SCRIBE,))) == "election.candidates"
    congress.do(ORGANISER, c.OpenRound(1, withdrawn=(OTHER,), joining=(THIRD, THIRD)))
    assert congress.state.polls[2].candidates == (ELU, THIRD)
    round_of(congress, 0, 1, 2)
    assert congress.refused(ORGANISER, c.OpenRound(1, joining=(OTHER,))) == "election.tied_only"
    assert findings(congress.record) == []
    congress.do(ORGANISER, c.OpenElection("Bureau", (ELU, OTHER), ElectionRule(absolute=1)))
    round_of(congress, 0, 1, 2)
    assert congress.refused(ORGANISER, c.OpenRound(2, joining=(THIRD,))) == "election.no_newcomers"
    congress.do(ORGANISER, c.OpenRound(2))
    assert "poll.opening" in forged(congress, e.PollOpened, candidates=(ELU, THIRD))


def test_a_tie_goes_to_the_eldest_as_the_desk_checked(congress: Congress) -> None:
    """W25: who is the elder is recorded, and no date of birth."""
    congress.do(ORGANISER, c.OpenElection("Présidence", (ELU, OTHER, THIRD), ElectionRule(0, "eldest")))
    round_of(congress, 0, 1, 3)  # one is blank
    assert congress.refused(ORGANISER, c.BreakTie(1, OTHER)) == "election.unchecked"
    assert congress.refused(ORGANISER, c.BreakTie(1, THIRD, checked=True)) == "election.not_tied"
    congress.do(ORGANISER, c.BreakTie(1, OTHER, "Né en 1950", checked=True))
    elected = congress.state.elections[1].elected[0]
    assert (elected.person, elected.reason) == (OTHER, elections.ELDEST)
    assert "L2122-7" in elected.reason
    assert findings(congress.record) == []
    assert "outcome.differs" in forged(congress, e.PersonElected, person=THIRD)
