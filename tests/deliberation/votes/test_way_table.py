"""The table of the ways of voting is complete, and another way can be added to it without changes of other rules
(W1).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliberation.amendments.order import Why
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Poll, State
from deliberation.kernel.vocabulary import Elector, Hands, PollRule, Tally, Terms, Way
from deliberation.votes import ballots, explanation, tallies, ways
from deliberation.votes.ways import WayOfVoting
from tests.deliberation.congresses import (
    AGAINST,
    CONGRESS,
    ELU,
    FOR,
    ORGANISER,
    OTHER,
    SCRIBE,
    THIRD,
    Congress,
    findings,
)

HERE = Refused("ballot.rostrum", "On vote soi-même à la tribune.", "voter")
SCRUTINEERS = Refused("standing.stranger", "Seuls les scrutateurs désignés comptent.")
UNWEIGHED = Refused("standing.weighed", "On compte les personnes debout une par une.", "way")
NO_TELLER = Refused("standing.tellers", "Désignez qui compte.", "tellers")


def added(monkeypatch: pytest.MonkeyPatch, value: str, row: WayOfVoting) -> Way:
    """Adds a new way of voting to the vocabulary and the table."""
    way = str.__new__(Way, value)
    way._name_, way._value_ = value.upper(), value
    monkeypatch.setitem(Way._value2member_map_, value, way)
    monkeypatch.setitem(ways.WAYS, way, row)
    return way


def seated_abstain(poll: Poll) -> tallies.Counts | Refused:
    """The counts of a standing vote, in which those present who do not stand up abstain."""
    shown = explanation.standing_hands(poll)
    if shown is None:
        return Refused("standing.awaited", "Les comptes ne sont pas entrés.")
    return tallies.by_hands(poll, replace(shown, abstain=shown.present - shown.in_favour - shown.against))


def named_tellers(state: State, poll: Poll, actor: str, teller: str) -> Refused | None:
    return None if actor == teller and actor in poll.terms.tellers else SCRUTINEERS


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> Way:
    """Adds a standing vote: those in favour stand up, then those against. It has two counts and a clock, and no
    weights.
    """
    row = WayOfVoting(
        name=Why("Par assis et levé"),
        takes=c.EnterHands,
        refuse_voter=named_tellers,
        count=seated_abstain,
        voters=lambda poll: max((shown.present for shown in poll.counts.values()), default=0),
        fields=frozenset({"tellers"}),
        refuse_terms=lambda terms, people: None if terms.tellers else NO_TELLER,
        no_weights=UNWEIGHED,
        abstentions=Why("Restés assis"),
    )
    return added(monkeypatch, "debout", row)


@pytest.fixture
def rostrum(monkeypatch: pytest.MonkeyPatch) -> Way:
    """Adds a roll-call at the rostrum: each élu votes in person, without proxies and clock."""

    def in_person(state: State, poll: Poll, actor: str, voter: str) -> Refused | None:
        return ways.WAYS[Way.PUBLIC].refuse_voter(state, poll, actor, voter) if actor == voter else HERE

    no_clock = Refused("rostrum.clock", "On clôt quand tous sont passés.", "closes")
    row = replace(ways.WAYS[Way.PUBLIC], name=Why("À la tribune"), refuse_voter=in_person, no_clock=no_clock)
    return added(monkeypatch, "tribune", row)


def opened(congress: Congress, terms: Terms, rule: PollRule | None = None) -> int:
    congress.frozen()
    congress.do(ORGANISER, c.OpenPoll("motion-1", rule=rule, terms=terms))
    return len(congress.state.polls)


def account(poll: Poll) -> dict[str, tuple[str, int]]:
    """The figures of a closed poll as (label, value) by name."""
    assert poll.tally is not None
    return {figure.name: (str(figure.label), figure.value) for figure in explanation.account(poll, poll.tally)}


def test_every_way_has_its_row() -> None:
    """W1: given by one act that `ballots` decides, and closed with a box exactly where papers are given."""
    assert list(ways.WAYS) == list(Way)
    for row in ways.WAYS.values():
        assert row.takes in ballots.DECIDE
        assert (row.takes is c.CastSecret) == row.in_box
        assert [row.by_name, row.by_tellers, row.in_box].count(True) == 1
        assert row.fields <= {"ground", "requested", "present", "tellers"}
    names = [row.name.message for row in ways.WAYS.values()]
    assert len(set(names)) == len(names)
    assert ways.called("mains") is ways.WAYS[Way.HANDS]
    assert ways.called("debout") is None


def test_another_way_is_opened_on_its_own_terms(standing: Way, rostrum: Way, congress: Congress) -> None:
    """W1, W3, W4: what its row takes and refuses."""
    congress.frozen()

    def why(terms: Terms, rule: PollRule | None = None) -> str:
        return congress.refused(ORGANISER, c.OpenPoll("motion-1", rule=rule, terms=terms))

    assert why(Terms(standing)) == "standing.tellers"
    assert why(Terms(standing, ground="reglement", tellers=(SCRIBE,))) == "poll.ground"
    congress.do(ORGANISER, c.RegisterElectors((Elector(ELU, 2), Elector(OTHER, 1), Elector(THIRD, 1))))
    assert why(Terms(standing, tellers=(SCRIBE,)), PollRule(weights="collectivite")) == "standing.weighed"
    assert why(Terms(rostrum, closes="2026-12-01T00:00:00.000Z")) == "rostrum.clock"
    assert why(Terms(rostrum, tellers=(SCRIBE,))) == "poll.tellers"


def test_another_way_is_counted_closed_and_explained(standing: Way, congress: Congress) -> None:
    """W1, W7, W8: a standing vote, in which whoever stays seated abstains; it closes by its clock."""
    closes = "2026-11-01T01:00:00.000Z"
    poll = opened(congress, Terms(standing, closes=closes, tellers=(SCRIBE, ELU)), PollRule(base="presents"))
    assert congress.refused(ELU, c.CastBallot(poll, FOR)) == "ballot.other_way"
    assert congress.refused(ELU, c.CastSecret(poll, 0)) == "ballot.not_secret"
    assert congress.refused(ORGANISER, c.EnterHands(poll, Hands(2, 0, 0, 3))) == "standing.stranger"
    congress.do(SCRIBE, c.EnterHands(poll, Hands(2, 0, 0, 3)))
    assert congress.refused(ORGANISER, c.ClosePoll(poll)) == "standing.awaited"
    congress.do(ELU, c.EnterHands(poll, Hands(2, 0, 0, 3)))
    congress.seconds = 3600
    closed = congress.do(CONGRESS, c.ClosePoll(poll)).polls[poll]
    assert closed.tally == Tally(2, 0, 1, entitled=3, base=3, needed=2, quorum_needed=0, quorum_met=True, carried=True)
    assert account(closed)["abstain"] == ("Restés assis", 1)
    assert account(closed)["voters"] == ("Votants", 3)
    assert "C’est adopté." in " ".join(map(str, explanation.sentences(closed, closed.tally)))
    assert congress.state.motions[1].status == "adopted"
    assert findings(congress.record) == []


def test_another_way_of_ballots_is_cast_and_counted(rostrum: Way, congress: Congress) -> None:
    """W1, V2: who may vote is what its row says, in the rules and in the verifier."""
    rule = PollRule(proxies=1)
    congress.do(ORGANISER, c.ChangeCongress("Essai", "", "", True, rule))
    congress.do(OTHER, c.GiveProxy(ELU))
    poll = opened(congress, Terms(rostrum), rule)
    congress.do(ELU, c.CastBallot(poll, FOR))
    assert congress.refused(ELU, c.CastBallot(poll, FOR, OTHER)) == "ballot.rostrum"
    assert congress.refused(ORGANISER, c.EnterHands(poll, Hands(2, 0, 0, 3))) == "hands.other_way"
    congress.do(THIRD, c.CastBallot(poll, AGAINST))
    forged = Congress()
    forged.record = [*congress.record]
    last = forged.record[-1]
    assert isinstance(last.event, e.BallotCast)
    forged.record[-1] = replace(last, event=replace(last.event, voter=OTHER))
    closed = congress.do(ORGANISER, c.ClosePoll(poll)).polls[poll]
    assert closed.tally is not None
    assert (closed.tally.in_favour, closed.tally.against, closed.tally.carried) == (1, 1, False)
    assert account(closed)["abstain"] == ("Abstentions", 0)
    assert findings(congress.record) == []
    assert "ballot.refused" in findings(forged.record)
