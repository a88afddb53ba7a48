"""Electing a person: rounds of secret ballots, absolute majority first, then the most votes (W14–W16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from deliberation import commands as c
from deliberation import conduct, ids, people, tallies
from deliberation import events as e
from deliberation.congress import SHORT, refuse_phase, refuse_reason, too_long
from deliberation.errors import Refused
from deliberation.plain import is_blank, one_line
from deliberation.rules import Decision, Folds, Rules
from deliberation.state import Election, Poll, State
from deliberation.vocabulary import ElectionRule, Phase, PollRule, Tally, Terms, Way

MOST_CANDIDATES = 99
MOST_ROUNDS = 20


@dataclass(frozen=True)
class Standing:
    """How a round stands. `elected` is the place of a candidate, or None; `tied` are the places with the most votes."""

    votes: tuple[int, ...]
    blank: int
    needed: int
    elected: int | None
    tied: tuple[int, ...]


def count(papers: Sequence[int], candidates: int, absolute: bool) -> Standing:
    """The standing that these papers give: places of candidates from 0, `candidates` for blank (W14)."""
    votes = tuple(papers.count(place) for place in range(candidates))
    cast, most = sum(votes), max(votes, default=0)
    first = tuple(place for place, number in enumerate(votes) if number == most and most)
    needed = cast // 2 + 1 if absolute else max(most, 1)
    elected = first[0] if len(first) == 1 and most >= needed else None
    return Standing(votes, papers.count(candidates), needed, elected, first)


def standing(state: State, poll: Poll) -> Standing:
    """How a round stands by the papers of its box."""
    election = state.elections[ids.split(poll.subject)[1]]
    return count(poll.papers, len(poll.candidates), is_absolute(state, election, poll))


def is_absolute(state: State, election: Election, poll: Poll) -> bool:
    """Whether that round asks for the absolute majority; one that was cancelled or had no quorum was no round."""
    before = (state.polls[number] for number in election.rounds if number < poll.number)
    held = sum(other.tally is not None and other.tally.quorum_met for other in before)
    return held < election.rule.absolute


def tally_of(state: State, poll: Poll) -> tuple[Tally, tuple[int, ...]]:
    """The tally of a round, and the votes of each candidate."""
    found = standing(state, poll)
    most = max(found.votes, default=0)
    rule, entitled = poll.rule, len(poll.electorate)
    quorum_needed = tallies.least(entitled, rule.quorum_n, rule.quorum_d, strict=True) if rule.quorum_n else 0
    quorum_met = len(tallies.attending(poll)) >= quorum_needed
    tally = Tally(
        in_favour=most,
        against=sum(found.votes) - most,
        abstain=found.blank,
        entitled=entitled,
        base=sum(found.votes),
        needed=found.needed,
        quorum_needed=quorum_needed,
        quorum_met=quorum_met,
        carried=quorum_met and found.elected is not None,
    )
    return tally, found.votes


def consequences(state: State, poll: Poll, tally: Tally) -> tuple[e.Event, ...]:
    """Somebody elected, or nothing: another round may be opened."""
    elected = standing(state, poll).elected
    if not tally.carried or elected is None:
        return ()
    return (e.PersonElected(ids.split(poll.subject)[1], poll.candidates[elected], poll.number),)


def open_election(state: State, request: c.Request, command: c.OpenElection, now: str) -> Decision:
    refused = (
        refuse_phase(state, now, Phase.VOTE)
        or too_long(command.office, "office", SHORT)
        or _refuse_rule(command.rule)
        or _refuse_candidates(state, command.candidates)
    )
    if refused:
        return refused
    if is_blank(command.office):
        return Refused("election.no_office", "Dites à quelle fonction on élit.", "office")
    number, office = len(state.elections) + 1, one_line(command.office)
    opened = e.ElectionOpened(number, office, command.candidates, command.rule)
    election = Election(number, office, command.candidates, command.rule, now)
    polled = _round(state, election, command.candidates, command.closes, now)
    return polled if isinstance(polled, Refused) else (opened, polled)


def _refuse_rule(rule: ElectionRule) -> Refused | None:
    sound = (
        0 <= rule.absolute <= MOST_ROUNDS
        and rule.tie in {"again", "chair"}
        and 0 <= rule.quorum_n < rule.quorum_d <= 1000
    )
    return None if sound else Refused("rule.unsound", "Cette règle de vote n’est pas applicable.", "rule")


def _refuse_candidates(state: State, candidates: tuple[str, ...]) -> Refused | None:
    if not candidates:
        return Refused("election.no_candidate", "Il faut au moins une candidature.", "candidates")
    if len(set(candidates)) != len(candidates) or len(candidates) > MOST_CANDIDATES:
        return Refused("election.candidates", "Chaque candidature figure une fois sur la liste.", "candidates")
    if not set(candidates) <= set(people.electorate(state.people.values())):
        return Refused("election.candidates", "Les candidats sont des élus du congrès.", "candidates")
    return None


def open_round(state: State, request: c.Request, command: c.OpenRound, now: str) -> Decision:
    election = state.elections.get(command.election)
    if election is None:
        return not_found()
    refused = refuse_phase(state, now, Phase.VOTE) or _refuse_going_on(state, election)
    if refused:
        return refused
    left = tuple(person for person in who_stays(state, election) if person not in command.withdrawn)
    if not left:
        return Refused("election.no_candidate", "Il faut au moins une candidature.", "withdrawn")
    polled = _round(state, election, left, command.closes, now)
    return polled if isinstance(polled, Refused) else (polled,)


def _refuse_going_on(state: State, election: Election) -> Refused | None:
    if election.elected:
        return Refused("election.over", "Cette élection a son résultat.")
    if election.rounds and state.polls[election.rounds[-1]].is_open:
        return Refused("poll.already_open", "Le scrutin {number} est déjà ouvert.", "", {"number": election.rounds[-1]})
    if len(election.rounds) >= MOST_ROUNDS:
        return Refused("election.rounds", "Cette élection a eu trop de tours.")
    return None


def who_stays(state: State, election: Election) -> tuple[str, ...]:
    """Who stands in the next round: those tied at the head of a round by the most votes, else everybody of the last
    round that had its quorum and was not cancelled.
    """
    last = state.polls[election.rounds[-1]]
    tied = tied_people(state, election)
    return tied if tied else last.candidates


def tied_people(state: State, election: Election) -> tuple[str, ...]:
    """Those between whom the last round decided nothing although the most votes were enough; () when it did not."""
    last = state.polls[election.rounds[-1]]
    if last.tally is None or not last.tally.quorum_met or last.tally.carried or is_absolute(state, election, last):
        return ()
    found = standing(state, last)
    return tuple(last.candidates[place] for place in found.tied) if len(found.tied) > 1 else ()


def _round(
    state: State, election: Election, candidates: tuple[str, ...], closes: str, now: str
) -> e.PollOpened | Refused:
    electorate = people.electorate(state.people.values())
    terms = Terms(way=Way.SECRET, closes=closes, ground="nomination")
    if refused := conduct.refuse_terms(state, terms, electorate, now):
        return refused
    assert state.settings is not None
    proxies = state.settings.rule.proxies
    rule = PollRule(quorum_n=election.rule.quorum_n, quorum_d=election.rule.quorum_d, proxies=proxies)
    subject = ids.document(ids.ELECTION, election.number)
    number = len(state.polls) + 1
    return e.PollOpened(number, subject, election.office, rule, electorate, terms=terms, candidates=candidates)


def break_tie(state: State, request: c.Request, command: c.BreakTie, now: str) -> Decision:
    election = state.elections.get(command.election)
    if election is None:
        return not_found()
    if refused := _refuse_going_on(state, election) or refuse_phase(state, now, Phase.VOTE):
        return refused
    if election.rule.tie != "chair":
        return Refused("election.tie_again", "La règle de cette élection veut un nouveau tour en cas d’égalité.")
    if command.person not in tied_people(state, election):
        return Refused("election.not_tied", "On départage ceux qui sont à égalité au dernier tour.", "person")
    reason = command.reason.strip()
    return refuse_reason(reason) or (e.PersonElected(election.number, command.person, election.rounds[-1], reason),)


def not_found() -> Refused:
    return Refused("election.not_found", "Cette élection n’existe pas.", "election")


def on_opened(state: State, r: e.Recorded, event: e.ElectionOpened) -> State:
    election = Election(event.election, event.office, event.candidates, event.rule, r.time)
    return _with(state, election)


def on_round(state: State, poll: Poll) -> State:
    """The state in which that poll is a round of its election."""
    election = state.elections[ids.split(poll.subject)[1]]
    return _with(state, replace(election, rounds=(*election.rounds, poll.number)))


def on_elected(state: State, r: e.Recorded, event: e.PersonElected) -> State:
    return _with(state, replace(state.elections[event.election], elected=event.person, reason=event.reason))


def _with(state: State, election: Election) -> State:
    return replace(state, elections={**state.elections, election.number: election})


DECIDE: Rules = {c.OpenElection: open_election, c.OpenRound: open_round, c.BreakTie: break_tie}
EVOLVE: Folds = {e.ElectionOpened: on_opened, e.PersonElected: on_elected}
