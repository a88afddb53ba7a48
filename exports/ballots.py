"""What the restitution shows for each way of voting: tellers' counts, signatures of secret polls, rounds, parts,
sheets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from deliberation.kernel import ids
from deliberation.kernel.state import Division, Election, Poll, State
from deliberation.kernel.vocabulary import ElectionRule, Hands, Piece, Tally
from deliberation.votes import elections, explanation
from deliberation.votes.terms import together
from exports import changes, naming
from exports.comparison import Pieces
from exports.translations import Translator


@dataclass(frozen=True)
class Count:
    """One teller's count in a show of hands, or the chair's decision between differing counts, with its `reason`."""

    name: str
    hands: Hands
    reason: str = ""


@dataclass(frozen=True)
class Candidate:
    """Somebody who stood in a round, with their votes."""

    person: str
    votes: int
    elected: bool


@dataclass(frozen=True)
class Round:
    """A round of an election; `rank` counts valid rounds from 1. `tied` are the ids of the people tied for the last
    seats.
    """

    rank: int
    poll: Poll
    absolute: bool
    needed: int
    cast: int
    blank: int
    candidates: tuple[Candidate, ...]
    tied: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A part of a text that is voted on by division; `poll` is the poll that decided it, None while it is undecided."""

    rank: int
    pieces: tuple[Piece, ...]
    poll: Poll | None
    changes: Pieces = ()
    """For a part of an amendment, its changes within the words that they modify; () for clauses of a motion."""

    @property
    def tally(self) -> Tally | None:
        """The tally of the part's poll, or None."""
        return self.poll.tally if self.poll else None


def counts(state: State, words: Translator, poll: Poll) -> tuple[Count, ...]:
    """The tellers' counts, then the chair's decision if there is one; as far as `state` shows them."""
    found = [Count(naming.name_of(state, words, teller), shown) for teller, shown in poll.counts.items()]
    if poll.hands is not None:
        found.append(Count(words("Décision de la présidence"), poll.hands, poll.decision))
    return tuple(found)


def signatures(state: State, words: Translator, poll: Poll) -> tuple[str, ...]:
    """The names of those whose vote was cast in a secret poll; if it was cast by proxy, also the name of the proxy's
    holder.
    """
    return tuple(_signed(state, words, poll, voter) for voter in poll.signed)


def _signed(state: State, words: Translator, poll: Poll, voter: str) -> str:
    name = naming.name_of(state, words, voter)
    bearer = poll.borne.get(voter)
    if not bearer:
        return name
    return words("{name}, par pouvoir donné à {bearer}", name=name, bearer=naming.name_of(state, words, bearer))


def together_with(state: State, poll: Poll) -> tuple[int, ...]:
    """The other polls of its sheet."""
    return tuple(other.number for other in together(state, poll) if other.number != poll.number)


def rounds(state: State, election: Election) -> tuple[Round, ...]:
    """The rounds of an election that were closed and not cancelled."""
    ranks = count(1)
    found = (state.polls[number] for number in election.rounds)
    return tuple(_round(state, election, poll, next(ranks)) for poll in found)


def round_of(state: State, poll: Poll) -> Round | None:
    """That poll as a round of an election; None if it is not a round, still open, or cancelled."""
    if not poll.candidates or poll.tally is None:
        return None
    election = state.elections[ids.split(poll.subject)[1]]
    return _round(state, election, poll, election.rounds.index(poll.number) + 1)


def _round(state: State, election: Election, poll: Poll, rank: int) -> Round:
    found = elections.standing(state, poll)
    elected = {each.person for each in election.elected if each.poll == poll.number}
    stood = [
        Candidate(person, votes, person in elected) for person, votes in zip(poll.candidates, found.votes, strict=True)
    ]
    tied = [poll.candidates[place] for place in found.tied] if poll.tally and poll.tally.quorum_met else []
    return Round(
        rank,
        poll,
        elections.is_absolute(state, election, poll),
        found.needed,
        found.cast,
        found.blank,
        tuple(sorted(stood, key=lambda each: -each.votes)),
        tuple(tied),
    )


def election_rule(words: Translator, election: Election) -> str:
    """The rule of an election in words."""
    rule = election.rule
    said = words.many(
        "Majorité absolue au premier tour, le plus de voix ensuite.",
        "Majorité absolue aux {n} premiers tours, le plus de voix ensuite.",
        rule.absolute,
    )
    if not rule.absolute:
        said = words("Le plus de voix l’emporte, dès le premier tour.")
    share = f"{rule.quorum_n}/{rule.quorum_d}"
    quorum = words("Quorum : plus de {share} des inscrits.", share=share) if rule.quorum_n else ""
    joining = words("De nouvelles candidatures peuvent se déclarer à chaque tour.") if rule.newcomers else ""
    return " ".join(filter(None, (said, tie_rule(words, rule), joining, quorum)))


def tie_rule(words: Translator, rule: ElectionRule) -> str:
    """What decides between people tied by the most votes, in words."""
    if rule.tie == "chair":
        return words("À égalité, la présidence applique la règle du congrès et en donne la raison.")
    if rule.tie == "eldest":
        return words("À égalité, la plus âgée ou le plus âgé est élu (CGCT, article L2122-7).")
    return words("À égalité, un nouveau tour départage.")


def parts(state: State, words: Translator, division: Division) -> tuple[Part, ...]:
    return tuple(_part(state, words, division, rank) for rank in range(1, len(division.parts) + 1))


def _part(state: State, words: Translator, division: Division, rank: int) -> Part:
    pieces = tuple(division.pieces[place] for place in division.parts[rank - 1])
    return Part(rank, pieces, _poll_of(state, division, rank), changes.of_part(state, words, division, pieces))


def part_of(state: State, words: Translator, poll: Poll) -> Part | None:
    """The part of a divided text that this poll decides; None for a poll on a whole."""
    return _part(state, words, state.divisions[poll.subject], poll.part) if poll.part else None


def _poll_of(state: State, division: Division, part: int) -> Poll | None:
    """The poll that decided that part; None while it is undecided."""
    if part not in division.results:
        return None
    return _last(
        poll
        for poll in state.polls.values()
        if (poll.subject, poll.part) == (division.subject, part) and poll.tally and poll.tally.quorum_met
    )


def _last(polls: Iterable[Poll]) -> Poll | None:
    found = list(polls)
    return found[-1] if found else None


def account(state: State, poll: Poll) -> tuple[explanation.Figure, ...]:
    """The figures that lead to the result of a closed poll."""
    assert poll.tally is not None
    return explanation.account(poll, poll.tally, elections.asked_absolute(state, poll))
