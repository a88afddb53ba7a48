"""Who may vote, with how many votes, and second calls after a failed quorum (V2, V7, V10, V11, V15)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.congress.congress import MOST_VOICES
from deliberation.kernel import commands as c
from deliberation.kernel.state import Poll
from deliberation.kernel.vocabulary import Bracket, Choice, Elector, Outcome, PollRule, Role
from deliberation.votes.electorate import MOST_PEOPLE
from deliberation.votes.tallies import least
from tests.deliberation.congresses import ABSTAIN, AGAINST, ELU, FOR, ORGANISER, OTHER, SCRIBE, THIRD, Congress, tallied

QUORUM = PollRule(quorum_n=1, quorum_d=2)
WEIGHTED = PollRule(weights="collectivite")
BY_POPULATION = PollRule(weights="population", brackets=(Bracket(0, 1), Bracket(1_000, 2), Bracket(10_000, 5)))


def weighed(congress: Congress, first: int, second: int, third: int) -> None:
    voices = (Elector(ELU, first), Elector(OTHER, second), Elector(THIRD, third))
    congress.do(ORGANISER, c.RegisterElectors(voices))


@pytest.mark.parametrize(
    ("n", "d", "strict", "base", "needed"),
    [(1, 2, True, 10, 6), (1, 2, True, 11, 6), (3, 5, False, 10, 6), (3, 5, False, 11, 7), (2, 3, True, 9, 7)],
)
def test_a_share_is_reached_by_whole_voices(n: int, d: int, strict: bool, base: int, needed: int) -> None:
    """V5, V10"""
    assert least(base, n, d, strict) == needed


@given(st.integers(0, 10**12), st.integers(1, 12), st.integers(1, 12), st.booleans())
def test_needed_voices_are_the_fewest_that_reach_the_share(base: int, n: int, d: int, strict: bool) -> None:
    """V10: exact, however many voices there are."""
    needed = least(base, n, d, strict)
    assert needed * d > base * n if strict else needed * d >= base * n
    assert needed == 0 or (needed - 1) * d <= base * n
    assert strict or needed == 0 or (needed - 1) * d < base * n


def test_voices_are_those_of_the_collectivity(congress: Congress) -> None:
    """V10: one for many outvotes two for few."""
    congress.frozen()
    weighed(congress, 5, 2, 2)
    state = congress.vote("motion-1", FOR, AGAINST, AGAINST, rule=WEIGHTED)
    tally = state.polls[1].tally
    assert tally is not None
    assert (tally.in_favour, tally.against, tally.entitled, tally.needed, tally.carried) == (5, 4, 9, 5, True)


@pytest.mark.parametrize(
    ("voices", "population", "is_plausible"),
    [
        (0, 0, True),
        (-1, 0, False),
        (0, -1, False),
        (MOST_VOICES, MOST_PEOPLE, True),
        (MOST_VOICES + 1, 0, False),
        (0, MOST_PEOPLE + 1, False),
    ],
)
def test_voices_and_population_are_plausible(
    congress: Congress, voices: int, population: int, is_plausible: bool
) -> None:
    """V10"""
    command = c.RegisterElectors((Elector(ELU, voices, population), Elector(OTHER, 1)))
    if is_plausible:
        assert congress.do(ORGANISER, command).electors[ELU] == Elector(ELU, voices, population)
    else:
        assert congress.refused(ORGANISER, command) == "elector.out_of_range"


def test_voices_follow_the_population_by_brackets(congress: Congress) -> None:
    """V10"""
    congress.frozen()
    people = ((ELU, 999), (OTHER, 1_000), (THIRD, 10_000))
    congress.do(ORGANISER, c.RegisterElectors(tuple(Elector(p, population=n) for p, n in people)))
    congress.poll("motion-1", BY_POPULATION)
    poll = congress.state.polls[1]
    assert [poll.voices(person) for person, _ in people] == [1, 2, 5]


def test_weights_are_fixed_when_the_poll_opens(congress: Congress) -> None:
    """V10"""
    congress.frozen()
    weighed(congress, 5, 1, 1)
    poll = congress.poll("motion-1", WEIGHTED)
    weighed(congress, 1, 1, 9)
    congress.do(ELU, c.CastBallot(poll, FOR))
    congress.do(THIRD, c.CastBallot(poll, AGAINST))
    assert congress.do(ORGANISER, c.ClosePoll(poll)).motions[1].status == "adopted"


def test_a_weighted_poll_needs_the_voices_of_all(congress: Congress) -> None:
    """V10"""
    congress.frozen()
    congress.do(ORGANISER, c.RegisterElectors((Elector(ELU, 3), Elector(OTHER, 2))))
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1", rule=WEIGHTED)) == "poll.weight_missing"
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1", rule=BY_POPULATION)) == "poll.weight_missing"


def test_voices_are_registered_for_elus(congress: Congress) -> None:
    """V10"""
    for elector, code in [
        (Elector(SCRIBE, 1), "elector.not_elu"),
        (Elector("p99", 1), "elector.not_elu"),
        (Elector(ELU, -1), "elector.out_of_range"),
        (Elector(ELU, 1_000_001), "elector.out_of_range"),
        (Elector(ELU, 1, -5), "elector.out_of_range"),
    ]:
        assert congress.refused(ORGANISER, c.RegisterElectors((elector,))) == code
    congress.do(ORGANISER, c.RegisterElectors((Elector(ELU, 2),)))
    assert congress.refused(ORGANISER, c.RegisterElectors((Elector(ELU, 2),))) == "elector.unchanged"
    assert congress.refused(ELU, c.RegisterElectors((Elector(ELU, 9),))) == "role.not_allowed"


@given(st.lists(st.tuples(st.sampled_from(Choice), st.integers(1, 10**6)), min_size=1, max_size=8))
def test_a_weighted_vote_is_as_many_votes_as_voices(cast: list[tuple[Choice, int]]) -> None:
    """V10: what weights say is what as many single voices would."""
    voters = tuple(f"v{i}" for i in range(len(cast)))
    ballots = {voter: choice for voter, (choice, _) in zip(voters, cast, strict=True)}
    weights = {voter: voices for voter, (_, voices) in zip(voters, cast, strict=True)}
    tally = tallied(Poll(1, "motion-1", "", WEIGHTED, voters, "", "", ballots, weights=weights))
    for choice, found in ((FOR, tally.in_favour), (AGAINST, tally.against), (ABSTAIN, tally.abstain)):
        assert found == sum(voices for each, voices in cast if each is choice)
    assert tally.entitled == sum(weights.values())
    assert tally.carried == (tally.in_favour > tally.against)


def test_a_quorum_is_of_persons_or_of_voices(congress: Congress) -> None:
    """V7: two of three persons, who have a minority of the voices."""
    congress.frozen()
    weighed(congress, 8, 2, 2)
    by_persons = replace(WEIGHTED, quorum_n=1, quorum_d=2)
    for rule, met in ((replace(by_persons, quorum_base="voix"), False), (by_persons, True)):
        poll = congress.poll("motion-1", rule)
        congress.do(OTHER, c.CastBallot(poll, FOR))
        congress.do(THIRD, c.CastBallot(poll, FOR))
        tally = congress.do(ORGANISER, c.ClosePoll(poll)).polls[poll].tally
        assert tally is not None
        assert tally.quorum_met is met


def test_a_quorum_may_be_at_least_a_share(congress: Congress) -> None:
    """V7"""
    two_thirds = PollRule(quorum_n=2, quorum_d=3)
    for strict, needed in ((True, 3), (False, 2)):
        rule = replace(two_thirds, quorum_strict=strict)
        assert tallied(Poll(1, "motion-1", "", rule, (ELU, OTHER, THIRD), "", "")).quorum_needed == needed


def test_a_college_is_asked_alone(congress: Congress) -> None:
    """V11"""
    congress.frozen()
    college = c.SetCollege("Communes rurales", (ELU, THIRD, ELU))
    assert congress.do(ORGANISER, college).colleges[1].members == (ELU, THIRD)
    congress.do(ORGANISER, c.OpenPoll("motion-1", college=1))
    assert congress.state.polls[1].electorate == (ELU, THIRD)
    assert congress.refused(OTHER, c.CastBallot(1, FOR)) == "ballot.not_entitled"
    congress.do(ORGANISER, c.SetCollege("Communes", (OTHER,), 1))
    assert congress.state.polls[1].electorate == (ELU, THIRD)


def test_a_college_is_made_of_elus(congress: Congress) -> None:
    """V11"""
    congress.frozen()
    assert congress.refused(ORGANISER, c.SetCollege("", (ELU,))) == "title.missing"
    assert congress.refused(ORGANISER, c.SetCollege("Vide", ())) == "college.empty"
    assert congress.refused(ORGANISER, c.SetCollege("Scribes", (SCRIBE,))) == "college.not_elu"
    assert congress.refused(ORGANISER, c.SetCollege("Aucun", (ELU,), 3)) == "college.not_found"
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1", college=4)) == "college.not_found"
    congress.do(ORGANISER, c.SetCollege("Parti", (ELU,)))
    congress.do(ORGANISER, c.RevokePerson(ELU, "Fin de mandat"))
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1", college=1)) == "poll.no_electorate"


def failed(congress: Congress, rule: PollRule = QUORUM) -> int:
    """Holds a poll on amendment 1 that fails its quorum; returns its number."""
    congress.frozen()
    congress.table("Demande mieux.")
    congress.vote("amendement-1", FOR, rule=rule)
    return 1


def test_a_second_call_sits_without_quorum(congress: Congress) -> None:
    """V15: under the rule and for the list of the first, which it names."""
    congress.do(ORGANISER, c.SetCollege("Tous", (ELU, OTHER, THIRD)))
    congress.frozen()
    congress.table("Demande mieux.")
    rule = replace(QUORUM, base="presents")
    congress.do(ORGANISER, c.OpenPoll("amendement-1", rule=rule, college=1))
    congress.do(ORGANISER, c.ClosePoll(1))
    congress.do(ORGANISER, c.OpenPoll("amendement-1", second_call_of=1, rule=PollRule(2, 3)))
    poll = congress.state.polls[2]
    assert (poll.second_call_of, poll.college) == (1, 1)
    assert poll.rule == replace(rule, quorum_n=0, quorum_d=1)
    congress.do(ELU, c.CastBallot(2, FOR))
    assert congress.do(ORGANISER, c.ClosePoll(2)).amendments[1].outcome is Outcome.ADOPTED


def test_a_second_call_asks_no_wider_list_than_the_first(congress: Congress) -> None:
    """V15: whatever college the command names."""
    congress.do(ORGANISER, c.SetCollege("Deux", (ELU, OTHER)))
    congress.do(ORGANISER, c.SetCollege("Tous", (ELU, OTHER, THIRD)))
    congress.frozen()
    congress.table("Demande mieux.")
    congress.do(ORGANISER, c.OpenPoll("amendement-1", rule=QUORUM, college=1))
    congress.do(ORGANISER, c.ClosePoll(1))
    congress.do(ORGANISER, c.OpenPoll("amendement-1", second_call_of=1, college=2))
    poll = congress.state.polls[2]
    assert (poll.college, poll.electorate) == (1, (ELU, OTHER))
    assert congress.refused(THIRD, c.CastBallot(2, FOR)) == "ballot.not_entitled"


def test_a_second_call_follows_a_failed_quorum_alone(congress: Congress) -> None:
    """V15"""
    failed(congress)
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1", second_call_of=9)) == "poll.not_found"
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1", second_call_of=1)) == "poll.no_second_call"
    congress.do(ORGANISER, c.OpenPoll("amendement-1", second_call_of=1))
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1", second_call_of=2)) == "poll.no_second_call"
    congress.do(ORGANISER, c.ClosePoll(2))
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1", second_call_of=1)) == "poll.no_second_call"


def test_a_rule_may_exclude_or_delay_the_second_call(congress: Congress) -> None:
    """V15: CGCT L2121-17 asks for three days."""
    failed(congress, replace(QUORUM, second_call=False))
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1", second_call_of=1)) == "poll.no_second_call"
    congress.vote("amendement-1", FOR, rule=replace(QUORUM, second_call_hours=72))
    again = c.OpenPoll("amendement-1", second_call_of=2)
    assert congress.refused(ORGANISER, again) == "poll.second_call_early"
    congress.seconds += 72 * 3600 - 2
    assert congress.refused(ORGANISER, again) == "poll.second_call_early"
    congress.seconds += 2
    congress.do(ORGANISER, again)


def test_who_arrives_after_the_opening_is_in_no_list(congress: Congress) -> None:
    """V2, V11"""
    congress.frozen()
    congress.do(ORGANISER, c.SetCollege("Communes", (ELU, OTHER)))
    poll = congress.poll("motion-1")
    newcomer = list(congress.do(ORGANISER, c.InvitePerson("Zoé", Role.ELU)).people)[-1]
    assert newcomer not in congress.state.polls[poll].electorate
