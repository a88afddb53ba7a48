"""The ways of voting as one table (W1): a row contains everything that distinguishes one way from the others.

Code that opens, takes, counts, closes, explains or shows a poll asks for an attribute of its row, `ways.of(poll)`,
never for the way itself. What pages say about a way is in a second table with the same keys:
`server/pages/votes/ways.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from deliberation.amendments.order import Why
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Poll, State
from deliberation.kernel.vocabulary import Terms, Way
from deliberation.votes import electorate, hands, secret, tallies

ABSTENTIONS = Why("Abstentions")


@dataclass(frozen=True)
class WayOfVoting:
    """One way of voting: the votes that it accepts, what it refuses, and how it counts.

    name: what it is called.
    takes: the act by which votes are given: `CastBallot`, a choice under the voter's name; `CastSecret`, a signature
    and a paper; `EnterHands`, the count of a teller. Every other act that gives votes is refused.
    closed_by: the act that closes it: `ClosePoll`, or `CountBox`, which the server issues with what its box holds.
    refuse_voter: (state, poll, actor, voter) -> why the actor may not give that voter's vote, or that teller's count.
    count: what the votes given so far amount to, or why that is not settled yet: then the poll does not close.
    voters: how many people's votes are counted, in person or by proxy.
    fields: the fields of `Terms` that its opening takes, besides the way itself and the clock.
    refuse_terms: (terms, electorate) -> why it cannot be held on these terms among these people, or None.
    announced: the terms as the opening records them, with what the rules themselves fix.
    no_clock: why no instant of closing can be announced; None where one can.
    no_weights: why votes cannot weigh (W4); None where they can.
    abstentions: what votes neither for nor against are called.
    """

    name: Why
    takes: type[c.Command]
    refuse_voter: Callable[[State, Poll, str, str], Refused | None]
    count: Callable[[Poll], tallies.Counts | Refused]
    voters: Callable[[Poll], int]
    closed_by: type[c.Command] = c.ClosePoll
    fields: frozenset[str] = frozenset()
    refuse_terms: Callable[[Terms, tuple[str, ...]], Refused | None] = lambda terms, people: None
    announced: Callable[[Terms], Terms] = lambda terms: terms
    no_clock: Refused | None = None
    no_weights: Refused | None = None
    abstentions: Why = ABSTENTIONS

    @property
    def by_name(self) -> bool:
        """Whether each vote is recorded under a name, and published with it once the poll is closed."""
        return self.takes is c.CastBallot

    @property
    def by_tellers(self) -> bool:
        """Whether tellers enter counts, and nobody casts a ballot."""
        return self.takes is c.EnterHands

    @property
    def in_box(self) -> bool:
        """Whether papers go into a box beside the record, and signatures into the record."""
        return self.closed_by is c.CountBox


UNWEIGHED = Refused("poll.weighed", "Un vote pondéré se fait par appel nominal : changez de règle ou de façon.", "way")
"""Refusal of weighted votes (W4): a weighted paper would reveal its author, and hands are counted one by one."""

WAYS: Mapping[Way, WayOfVoting] = {
    Way.PUBLIC: WayOfVoting(
        name=Why("Appel nominal"),
        takes=c.CastBallot,
        refuse_voter=electorate.refuse_voter,
        count=tallies.by_roll,
        voters=lambda poll: len(poll.ballots),
    ),
    Way.HANDS: WayOfVoting(
        name=Why("À main levée"),
        takes=c.EnterHands,
        refuse_voter=hands.refuse_teller,
        count=hands.count,
        voters=hands.raised,
        fields=frozenset({"tellers"}),
        no_clock=Refused("poll.clock_of_hands", "À main levée, on clôt quand les comptes sont entrés.", "closes"),
        no_weights=UNWEIGHED,
    ),
    Way.SECRET: WayOfVoting(
        name=Why("Scrutin secret"),
        takes=c.CastSecret,
        closed_by=c.CountBox,
        refuse_voter=electorate.refuse_voter,
        count=tallies.by_box,
        voters=lambda poll: len(poll.signed),
        fields=frozenset({"ground", "requested", "present"}),
        refuse_terms=secret.refuse_terms,
        announced=secret.announced,
        no_weights=UNWEIGHED,
        abstentions=Why("Blancs"),
    ),
}

USUAL = Terms().way
"""The way of voting if none is given; sheets are always held in it (W17)."""
OF_ELECTIONS = Way.SECRET
"""The way of voting in which people are elected (W14)."""


def of(poll: Poll) -> WayOfVoting:
    """The row of the table for a poll's way of voting."""
    return WAYS[poll.way]


def may_count(state: State, poll: Poll, actor: str) -> bool:
    """Whether the poll is counted by tellers, and this person may enter a count."""
    row = of(poll)
    return row.by_tellers and row.refuse_voter(state, poll, actor, actor) is None


def called(way: str) -> WayOfVoting | None:
    """The row for the value of `Way` with that text, as forms send it; None for an unknown one."""
    return next((row for known, row in WAYS.items() if known.value == way), None)
