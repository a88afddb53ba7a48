"""Polls, ballots and what follows from them (V1–V9)."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.congress.congress import refuse_rule
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.state import Poll
from deliberation.kernel.vocabulary import Aim, Bracket, Choice, Outcome, Phase, PollRule, Role, Tally
from deliberation.visibility.views import public_view
from deliberation.votes import outcomes
from tests.deliberation.congresses import (
    ABSTAIN,
    AGAINST,
    ELU,
    FOR,
    ORGANISER,
    OTHER,
    THIRD,
    Congress,
    tallied,
)

SIMPLE = PollRule()
CHAIR = PollRule(tie="chair", chair="v0")
QUORUM = PollRule(quorum_n=1, quorum_d=2)
TWO_THIRDS = PollRule(majority_n=2, majority_d=3, strict=False)
ABSOLUTE = PollRule(base="inscrits")
PRESENT = PollRule(base="presents")


def rules() -> st.SearchStrategy[PollRule]:
    """A strategy for all rules that a congress may set, with small figures."""
    figures = st.builds(
        PollRule,
        st.integers(1, 6),
        st.integers(1, 6),
        st.booleans(),
        st.sampled_from(["exprimes", "presents", "inscrits"]),
        st.sampled_from(["rejected", "chair"]),
        st.just("p1"),
        st.integers(0, 3),
        st.integers(1, 4),
    )
    return figures.filter(lambda rule: refuse_rule(rule) is None).map(lambda rule: replace(rule, chair="v0"))


BALLOTS = st.lists(st.sampled_from(Choice), max_size=12)
MORE = st.integers(0, 12)


def named(choices: list[Choice]) -> dict[str, Choice]:
    return {f"v{n}": choice for n, choice in enumerate(choices)}


def count(rule: PollRule, ballots: dict[str, Choice], entitled: int) -> Tally:
    """The tally of these ballots by that rule, if `entitled` people may vote."""
    electorate = tuple(f"v{n}" for n in range(entitled))
    return tallied(Poll(1, "motion-1", "", rule, electorate, "", "", ballots))


@pytest.mark.parametrize(
    ("rule", "choices", "entitled", "needed", "carried"),
    [
        (SIMPLE, "ppc", 9, 2, True),
        (SIMPLE, "pcaaa", 9, 2, False),
        (SIMPLE, "p", 9, 1, True),
        (SIMPLE, "aaa", 9, 1, False),
        (SIMPLE, "", 9, 1, False),
        (PRESENT, "ppca", 9, 3, False),
        (PRESENT, "pppa", 9, 3, True),
        (ABSOLUTE, "ppppcccc", 8, 5, False),
        (ABSOLUTE, "ppppp", 9, 5, True),
        (TWO_THIRDS, "ppppppccc", 9, 6, True),
        (TWO_THIRDS, "pppppppccc", 10, 7, True),
        (TWO_THIRDS, "ppppppcccc", 10, 7, False),
        (replace(TWO_THIRDS, strict=True), "ppppppccc", 9, 7, False),
        (PollRule(1, 1, strict=False), "pppa", 4, 3, True),
        (PollRule(1, 1, strict=False), "pppc", 4, 4, False),
    ],
)
def test_a_majority_is_counted_on_its_base(
    rule: PollRule, choices: str, entitled: int, needed: int, carried: bool
) -> None:
    """V5"""
    letters = {"p": FOR, "c": AGAINST, "a": ABSTAIN}
    tally = count(rule, named([letters[x] for x in choices]), entitled)
    assert (tally.needed, tally.carried) == (needed, carried)


@pytest.mark.parametrize(
    ("rule", "choices", "carried"),
    [
        (SIMPLE, [FOR, AGAINST], False),
        (CHAIR, [FOR, AGAINST], True),
        (CHAIR, [AGAINST, FOR], False),
        (CHAIR, [ABSTAIN, FOR, AGAINST], False),
        (CHAIR, [FOR, AGAINST, AGAINST], False),
        (CHAIR, [], False),
        (replace(CHAIR, chair="v9"), [FOR, AGAINST], False),
        (replace(CHAIR, chair=""), [FOR, AGAINST], False),
        (replace(CHAIR, base="inscrits"), [FOR, AGAINST], False),
        (replace(CHAIR, majority_n=2, majority_d=3), [FOR, AGAINST], False),
        (replace(CHAIR, majority_n=2, majority_d=4), [FOR, AGAINST], True),
    ],
)
def test_a_tie_falls_to_the_chair_where_the_rule_says_so(rule: PollRule, choices: list[Choice], carried: bool) -> None:
    """V6: CGCT L2121-20."""
    assert count(rule, named(choices), 9).carried is carried


@pytest.mark.parametrize(("voters", "entitled", "met"), [(4, 8, False), (5, 8, True), (4, 7, True), (0, 0, False)])
def test_more_than_half_must_vote(voters: int, entitled: int, met: bool) -> None:
    """V7: CGCT L2121-17; those who abstain take part."""
    tally = count(QUORUM, named([FOR] + [ABSTAIN] * (voters - 1) if voters else []), entitled)
    assert (tally.quorum_met, tally.carried) == (met, met)


@given(rules(), BALLOTS, MORE)
def test_nothing_is_carried_without_quorum_or_by_a_minority(rule: PollRule, choices: list[Choice], more: int) -> None:
    """V5, V6, V7"""
    tally = count(rule, named(choices), len(choices) + more)
    assert tally.in_favour + tally.against + tally.abstain == len(choices)
    if tally.carried:
        assert tally.quorum_met
        assert tally.in_favour > 0
        assert tally.in_favour > tally.against or (tally.in_favour == tally.against and rule.tie == "chair")


@given(rules(), BALLOTS, MORE, st.data())
def test_a_voice_for_never_harms(rule: PollRule, choices: list[Choice], more: int, data: st.DataObject) -> None:
    """V5, V6: neither when a voter turns to it, nor when one more votes for it; one against never helps."""
    entitled = len(choices) + more + 1
    before = count(rule, named(choices), entitled)
    assert count(rule, named([*choices, FOR]), entitled).carried >= before.carried
    if before.quorum_met:
        assert count(rule, named([*choices, AGAINST]), entitled).carried <= before.carried
    if choices:
        at = data.draw(st.integers(0, len(choices) - 1))
        turned = {choice: named([*choices[:at], choice, *choices[at + 1 :]]) for choice in (FOR, AGAINST)}
        assert count(rule, turned[FOR], entitled).carried >= before.carried
        assert count(rule, turned[AGAINST], entitled).carried <= before.carried


@given(rules(), BALLOTS, MORE, st.randoms(use_true_random=False))
def test_a_tally_depends_on_the_ballots_alone(
    rule: PollRule, choices: list[Choice], more: int, rng: random.Random
) -> None:
    """V9: on who voted what, not on when."""
    ballots = list(named(choices).items())
    shuffled = dict(rng.sample(ballots, len(ballots)))
    assert count(rule, shuffled, len(choices) + more) == count(rule, dict(ballots), len(choices) + more)


@pytest.mark.parametrize(
    "rule",
    [
        PollRule(0, 1),
        PollRule(-1, 2),
        PollRule(3, 2),
        PollRule(1, 0),
        PollRule(1, 3),
        PollRule(1, 2, strict=False),
        PollRule(1, 1),
        PollRule(1, 2000),
        PollRule(base="tous"),
        PollRule(tie="hasard"),
        PollRule(tie="chair", chair="Odile"),
        PollRule(quorum_n=1, quorum_d=1),
        PollRule(quorum_n=-1, quorum_d=2),
        PollRule(quorum_n=0, quorum_d=0),
        PollRule(quorum_n=2, quorum_d=1, quorum_strict=False),
        PollRule(quorum_base="chaises"),
        PollRule(second_call_hours=-1),
        PollRule(proxies=21),
        PollRule(weights="population"),
        PollRule(weights="population", brackets=(Bracket(1000, 2),)),
        PollRule(weights="population", brackets=(Bracket(0, 1), Bracket(9, 2), Bracket(9, 3))),
        PollRule(weights="population", brackets=(Bracket(0, 0),)),
        PollRule(weights="personne", brackets=(Bracket(0, 1),)),
        PollRule(weights="fortune"),
    ],
)
def test_a_rule_that_no_vote_should_follow_is_refused(congress: Congress, rule: PollRule) -> None:
    """V8: a minority or a tie would carry, nothing could, or the figures mean nothing."""
    congress.frozen()
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1", rule=rule)) == "rule.unsound"


def test_a_poll_follows_the_rule_of_its_opening(congress: Congress) -> None:
    """V8"""
    congress.frozen()
    congress.table("Demande mieux.")
    state = congress.vote("amendement-1", FOR, FOR, AGAINST, rule=replace(TWO_THIRDS, base="inscrits"))
    assert state.polls[1].tally is not None
    assert (state.polls[1].tally.needed, state.polls[1].tally.carried) == (2, True)
    state = congress.vote("motion-1", FOR, FOR, AGAINST)
    assert state.polls[2].rule == SIMPLE


@pytest.mark.parametrize("subject", ["", "motion-2", "amendement-2", "amendement-01", "temoignage-1", "x", "motion--1"])
def test_a_poll_is_on_an_amendment_or_a_motion(congress: Congress, subject: str) -> None:
    """V1"""
    congress.frozen()
    congress.say()
    congress.table("Demande mieux.")
    assert congress.refused(ORGANISER, c.OpenPoll(subject)) == "poll.no_subject"


def test_a_poll_opens_on_a_frozen_text_during_the_vote(congress: Congress) -> None:
    """V1"""
    congress.do(ELU, c.CreateMotion("Le numérique"))
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1")) == "motion.not_frozen"
    congress.write(1, c1="Demande la fibre.")
    congress.do(ORGANISER, c.FreezeMotion(1))
    congress.close(Phase.VOTE)
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1")) == "phase.over"
    congress.open(Phase.VOTE)
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1", "x" * 301)) == "text.too_long"
    assert (
        congress.do(ORGANISER, c.OpenPoll("motion-1", " Pour\n ou contre ? ")).polls[1].question == "Pour ou contre ?"
    )


def test_one_poll_on_a_thing_at_a_time(congress: Congress) -> None:
    """V1"""
    congress.frozen()
    congress.table("Demande mieux.")
    poll = congress.poll("amendement-1")
    asked = congress.state.polls[poll]
    assert asked.question == "", "what follows from the subject is not stored as a sentence"
    assert str(outcomes.question(congress.state, asked)) == "Adoptez-vous l’amendement n° 1 ?"
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1")) == "poll.already_open"
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1")) == "motion.amendments_pending"
    congress.do(ORGANISER, c.ClosePoll(poll))
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1")) == "amendment.settled"
    congress.poll("motion-1")


def test_the_electorate_is_fixed_at_the_opening(congress: Congress) -> None:
    """V2"""
    congress.frozen()
    congress.do(ORGANISER, c.RevokePerson(THIRD, "Fin de mandat"))
    poll = congress.poll("motion-1")
    newcomer = list(congress.do(ORGANISER, c.InvitePerson("Zoé", Role.ELU)).people)[-1]
    assert congress.state.polls[poll].electorate == (ELU, OTHER)
    assert congress.refused(newcomer, c.CastBallot(poll, FOR)) == "ballot.not_entitled"
    assert congress.refused(THIRD, c.CastBallot(poll, FOR)) == "person.unknown"


def test_without_elus_there_is_no_poll(congress: Congress) -> None:
    """V2"""
    congress.frozen()
    for person in (ELU, OTHER, THIRD):
        congress.do(ORGANISER, c.RevokePerson(person, "Fin de mandat"))
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1")) == "poll.no_electorate"


def test_each_votes_for_themselves_and_the_last_vote_counts(congress: Congress) -> None:
    """V3: the ballot is the actor's, whoever they say they are."""
    congress.frozen()
    poll = congress.poll("motion-1")
    congress.do(ELU, c.CastBallot(poll, FOR))
    congress.do(OTHER, c.CastBallot(poll, AGAINST))
    state = congress.do(ELU, c.CastBallot(poll, ABSTAIN))
    assert state.polls[poll].ballots == {ELU: ABSTAIN, OTHER: AGAINST}
    cast = [r for r in congress.record if isinstance(r.event, e.BallotCast)]
    assert [r.actor for r in cast] == [r.event.voter for r in cast if isinstance(r.event, e.BallotCast)]


def test_a_late_ballot_changes_nothing(congress: Congress) -> None:
    """V3"""
    congress.frozen()
    poll = congress.poll("motion-1")
    congress.close(Phase.VOTE)
    assert congress.refused(ELU, c.CastBallot(poll, FOR)) == "phase.over"
    congress.do(ORGANISER, c.ClosePoll(poll))
    assert congress.refused(ELU, c.CastBallot(poll, FOR)) == "poll.closed"
    assert congress.refused(ELU, c.CastBallot(9, FOR)) == "poll.not_found"
    assert congress.refused(ORGANISER, c.ClosePoll(poll)) == "poll.already_closed"
    assert congress.refused(ORGANISER, c.ClosePoll(9)) == "poll.not_found"


def test_partial_results_are_withheld(congress: Congress) -> None:
    """V4: other polls' too, each until its own closing."""
    congress.frozen("Un.", "Deux.")
    congress.table("Un !")
    congress.table("Deux !", "c2")
    one, two = congress.poll("amendement-1"), congress.poll("amendement-2")
    congress.do(ELU, c.CastBallot(one, FOR))
    congress.do(OTHER, c.CastBallot(two, FOR))
    state = congress.do(ELU, c.CastBallot(one, AGAINST))
    assert set(state.withheld.values()) == {"open_poll"}
    assert set(state.withheld) == {*state.polls[one].entries, *state.polls[two].entries}
    state = congress.do(ORGANISER, c.ClosePoll(one))
    assert set(state.withheld) == set(state.polls[two].entries)


@pytest.mark.parametrize(("choice", "outcome"), [(FOR, Outcome.ADOPTED), (AGAINST, Outcome.REJECTED)])
def test_closing_settles_the_amendment(congress: Congress, choice: Choice, outcome: Outcome) -> None:
    """V9"""
    congress.frozen()
    congress.table("Demande mieux.")
    state = congress.vote("amendement-1", choice, ABSTAIN)
    amendment, motion = state.amendments[1], state.motions[1]
    assert (amendment.outcome, amendment.poll, amendment.settled_by) == (outcome, 1, ORGANISER)
    assert state.polls[1].tally is not None
    assert amendment.reason == "", "what follows from the poll is not stored as a sentence"
    figures = "1 pour, 0 contre" if choice is FOR else "0 pour, 1 contre"
    assert str(outcomes.reason(state, state.polls[1])) == f"Scrutin n° 1 : {figures}, 1 abstention."
    assert motion.text is not None
    words = "Demande mieux." if choice is FOR else "Demande la fibre."
    assert [x.markdown for x in motion.text.clauses] == [words]
    assert len(motion.frozen) == 1 + (choice is FOR)


def test_without_quorum_nothing_follows_and_a_second_poll_may_sit_without(congress: Congress) -> None:
    """V7"""
    congress.frozen()
    congress.table("Demande mieux.")
    state = congress.vote("amendement-1", FOR, rule=QUORUM)
    assert state.polls[1].tally is not None
    assert (state.polls[1].tally.quorum_met, state.polls[1].tally.carried) == (False, False)
    assert state.amendments[1].outcome is None
    assert congress.vote("amendement-1", FOR).amendments[1].outcome is Outcome.ADOPTED
    assert congress.vote("motion-1", FOR, rule=QUORUM).motions[1].status == "frozen"
    assert congress.vote("motion-1", FOR, FOR, rule=QUORUM).motions[1].status == "adopted"


def test_polls_that_are_open_together_are_merged_whatever_closes_first(congress: Congress) -> None:
    """V9, A14"""
    congress.frozen("Demande la fibre pour tous.", "Deux.")
    congress.table("Demande la fibre optique pour tous.")
    congress.table("Demande la fibre pour toutes.")
    congress.table(clause="c2", aim=Aim.DELETE)
    polls = [congress.poll(f"amendement-{n}") for n in (1, 2, 3)]
    for poll in reversed(polls):
        congress.do(THIRD, c.CastBallot(poll, FOR))
        congress.do(ORGANISER, c.ClosePoll(poll))
    text = congress.state.motions[1].text
    assert text is not None
    assert [x.markdown for x in text.clauses] == ["Demande la fibre optique pour toutes."]
    assert text.adopted == (3, 2, 1)


def test_a_vote_stands_where_the_rule_says_so(congress: Congress) -> None:
    """V16: the first vote counts; one's own still sets aside that of a proxy."""
    congress.frozen("Demande la fibre.")
    congress.do(OTHER, c.GiveProxy(ELU))
    congress.do(ORGANISER, c.OpenPoll("motion-1", rule=PollRule(changeable=False)))
    congress.do(ELU, c.CastBallot(1, FOR))
    congress.do(ELU, c.CastBallot(1, FOR, OTHER))
    assert congress.refused(ELU, c.CastBallot(1, AGAINST)) == "ballot.already_cast"
    assert congress.refused(ELU, c.CastBallot(1, AGAINST, OTHER)) == "ballot.already_cast"
    state = congress.do(OTHER, c.CastBallot(1, AGAINST))
    assert state.polls[1].ballots == {ELU: FOR, OTHER: AGAINST}
    assert congress.refused(OTHER, c.CastBallot(1, FOR)) == "ballot.already_cast"


def test_nobody_else_is_told_how_many_voted_before_it_closes(congress: Congress) -> None:
    """V17"""
    congress.frozen("Demande la fibre.")
    shown = {}
    for participation in (True, False):
        congress.do(ORGANISER, c.OpenPoll("motion-1", rule=PollRule(participation=participation)))
        number = len(congress.state.polls)
        state = congress.do(ELU, c.CastBallot(number, FOR))
        shown[participation] = public_view(state).polls[number].entries
        congress.do(ORGANISER, c.CancelPoll(number, "Essai"))
    assert (len(shown[True]), shown[False]) == (1, ())
