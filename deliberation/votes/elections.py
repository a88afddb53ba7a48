"""Electing people in rounds of secret ballots: first by absolute majority, then by the most votes (W14–W16, W20, W24,
W25).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from deliberation.congress import people
from deliberation.congress.congress import SHORT, refuse_phase, refuse_reason, too_long
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import is_blank, one_line
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Election, Poll, State
from deliberation.kernel.vocabulary import COUNTING, Elected, ElectionRule, Phase, PollRule, Tally, Terms
from deliberation.session import attendance
from deliberation.votes import secret, tallies, terms, ways

MOST_CANDIDATES = 99
MOST_ROUNDS = 20
TIES = ("again", "chair", "eldest")
NAMED = ("chair", "eldest")
"""Rules for ties by which somebody states who is elected, instead of another round."""
ELDEST = "Bénéfice de l’âge (article L2122-7 du CGCT), dates de naissance vérifiées au bureau."


@dataclass(frozen=True)
class Standing:
    """The result of a round. `cast` is the number of papers that name somebody. `elected` are places in the list of
    candidates, most votes first; `tied` are the places of those with equal votes for whom too few seats are left.
    """

    votes: tuple[int, ...]
    cast: int
    blank: int
    needed: int
    elected: tuple[int, ...]
    tied: tuple[int, ...]


def count(poll: Poll, absolute: bool) -> Standing:
    """The result of a round from its papers; `absolute` says whether an absolute majority is required (W14, W20)."""
    votes = tuple(poll.papers.count(place) for place in range(len(poll.candidates)))
    blank = secret.blanks(poll)
    cast = len(poll.papers) // poll.seats - blank
    floor = cast // 2 + 1 if absolute else 1
    ranked = sorted((place for place, n in enumerate(votes) if n >= floor), key=lambda place: -votes[place])
    elected, tied = _seated(ranked, votes, poll.seats)
    needed = floor if absolute else max(votes[ranked[: poll.seats][-1]] if ranked else 0, 1)
    return Standing(votes, cast, blank, needed, elected, tied)


def _seated(ranked: list[int], votes: tuple[int, ...], seats: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The places of candidates who get a seat, and of those tied for the last seats."""
    if len(ranked) <= seats or votes[ranked[seats - 1]] != votes[ranked[seats]]:
        return tuple(ranked[:seats]), ()
    last = votes[ranked[seats]]
    return tuple(p for p in ranked if votes[p] > last), tuple(p for p in ranked if votes[p] == last)


def standing(state: State, poll: Poll) -> Standing:
    """The result of a round from the papers in its box."""
    election = state.elections[ids.split(poll.subject)[1]]
    return count(poll, is_absolute(state, election, poll))


def is_absolute(state: State, election: Election, poll: Poll) -> bool:
    """Whether that round requires an absolute majority; rounds that were cancelled or lacked a quorum are not
    counted.
    """
    before = (state.polls[number] for number in election.rounds if number < poll.number)
    held = sum(other.tally is not None and other.tally.quorum_met for other in before)
    return held < election.rule.absolute


def asked_absolute(state: State, poll: Poll) -> bool:
    """The same for any poll; True if it is not a round of an election."""
    return not poll.candidates or is_absolute(state, state.elections[ids.split(poll.subject)[1]], poll)


def tally_of(state: State, poll: Poll) -> tuple[Tally, tuple[int, ...]]:
    """The tally of a round, and the votes for each candidate in the order of the list."""
    found = standing(state, poll)
    most = max(found.votes, default=0)
    rule, entitled = poll.rule, len(poll.electorate)
    quorum_needed = tallies.least(entitled, rule.quorum_n, rule.quorum_d, strict=True) if rule.quorum_n else 0
    quorum_met = tallies.attending(poll) >= quorum_needed
    tally = Tally(
        in_favour=most,
        against=sum(found.votes) - most,
        abstain=found.blank,
        entitled=entitled,
        base=found.cast,
        needed=found.needed,
        quorum_needed=quorum_needed,
        quorum_met=quorum_met,
        carried=quorum_met and bool(found.elected),
    )
    return tally, found.votes


def consequences(state: State, poll: Poll, tally: Tally) -> tuple[e.Event, ...]:
    """The events that state who is elected by the round; none without a quorum. While seats are vacant, another round
    may be opened.
    """
    if not tally.quorum_met:
        return ()
    number = ids.split(poll.subject)[1]
    return tuple(e.PersonElected(number, poll.candidates[p], poll.number) for p in standing(state, poll).elected)


def open_election(state: State, request: c.Request, command: c.OpenElection, now: str) -> Decision:
    refused = (
        refuse_phase(state, now, Phase.VOTE)
        or too_long(command.office, "office", SHORT)
        or _refuse_rule(command.rule)
        or _refuse_candidates(state, command.candidates, command.rule.seats)
    )
    if refused:
        return refused
    if is_blank(command.office):
        return Refused("election.no_office", "Dites à quelle fonction on élit.", "office")
    number, office = len(state.elections) + 1, one_line(command.office)
    opened = e.ElectionOpened(number, office, command.candidates, command.rule)
    election = Election(number, office, command.candidates, command.rule, now)
    polled = _round(state, election, command.candidates, command, now)
    return polled if isinstance(polled, Refused) else (opened, polled)


def _refuse_rule(rule: ElectionRule) -> Refused | None:
    sound = (
        0 <= rule.absolute <= MOST_ROUNDS
        and rule.tie in TIES
        and 0 <= rule.quorum_n < rule.quorum_d <= 1000
        and 0 < rule.seats <= MOST_CANDIDATES
    )
    return None if sound else Refused("rule.unsound", "Cette règle de vote n’est pas applicable.", "rule")


def _refuse_candidates(state: State, candidates: tuple[str, ...], seats: int) -> Refused | None:
    if not candidates:
        return Refused("election.no_candidate", "Il faut au moins une candidature.", "candidates")
    if len(candidates) < seats:
        return Refused("election.few", "Il faut au moins autant de candidatures que de sièges.", "candidates")
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
    if refused := refuse_joining(state, election, command.joining):
        return refused
    left = tuple(person for person in who_stays(state, election) if person not in command.withdrawn)
    left = (*left, *(person for person in dict.fromkeys(command.joining) if person not in left))
    if not left:
        return Refused("election.no_candidate", "Il faut au moins une candidature.", "withdrawn")
    polled = _round(state, election, left, command, now)
    return polled if isinstance(polled, Refused) else (polled,)


def refuse_joining(state: State, election: Election, joining: Iterable[str]) -> Refused | None:
    """Why these people may not join the next round; None if they may, or if `joining` is empty (W24)."""
    strangers = [person for person in joining if person not in who_stays(state, election)]
    if not strangers:
        return None
    if not election.rule.newcomers:
        return Refused(
            "election.no_newcomers",
            "La règle de cette élection n’admet pas de nouvelle candidature aux tours suivants (règle W24).",
            "joining",
        )
    if tied_people(state, election):
        return Refused("election.tied_only", "Seuls ceux qui sont à égalité restent en lice.", "joining")
    free = set(people.electorate(state.people.values())) - set(election.people)
    sound = set(strangers) <= free and len(strangers) + len(who_stays(state, election)) <= MOST_CANDIDATES
    return None if sound else Refused("election.candidates", "Les candidats sont des élus du congrès.", "joining")


def _refuse_going_on(state: State, election: Election) -> Refused | None:
    if not election.vacant:
        return Refused("election.over", "Cette élection a son résultat.")
    if election.rounds and state.polls[election.rounds[-1]].is_open:
        return Refused("poll.already_open", "Le scrutin {number} est déjà ouvert.", "", {"number": election.rounds[-1]})
    if len(election.rounds) >= MOST_ROUNDS:
        return Refused("election.rounds", "Cette élection a eu trop de tours.")
    return None


def who_stays(state: State, election: Election) -> tuple[str, ...]:
    """Who stands in the next round: those tied for the last seats if the most votes sufficed, else everybody of the
    last valid round (with a quorum, not cancelled), except those elected.
    """
    last = state.polls[election.rounds[-1]]
    return tied_people(state, election) or tuple(p for p in last.candidates if p not in election.people)


def stood(state: State, election: Election) -> tuple[str, ...]:
    """Everybody who stood in any round, in the order in which they first stood (W24)."""
    return tuple(dict.fromkeys(person for number in election.rounds for person in state.polls[number].candidates))


def tied_people(state: State, election: Election) -> tuple[str, ...]:
    """Those tied for the last seats after a round in which the most votes sufficed; () if there is no such tie."""
    last = state.polls[election.rounds[-1]]
    if last.tally is None or not last.tally.quorum_met or is_absolute(state, election, last) or not election.vacant:
        return ()
    people_ = (last.candidates[place] for place in standing(state, last).tied)
    return tuple(person for person in people_ if person not in election.people)


def seats_of_round(election: Election, candidates: Sequence[str]) -> int:
    """How many seats a round among these candidates can fill."""
    return min(election.vacant, len(candidates))


def _round(
    state: State,
    election: Election,
    candidates: tuple[str, ...],
    asked: c.OpenElection | c.OpenRound,
    now: str,
) -> e.PollOpened | Refused:
    electorate = people.electorate(state.people.values())
    held = ways.WAYS[ways.OF_ELECTIONS].announced(
        Terms(way=ways.OF_ELECTIONS, closes=asked.closes, ground="nomination")
    )
    assert state.settings is not None
    proxies = state.settings.rule.proxies
    rule = PollRule(quorum_n=election.rule.quorum_n, quorum_d=election.rule.quorum_d, proxies=proxies)
    refused = terms.refuse_terms(state, held, electorate, now) or attendance.refuse_stated(
        state, rule, electorate, asked.attending
    )
    if refused:
        return refused
    subject = ids.document(ids.ELECTION, election.number)
    number = len(state.polls) + 1
    seats = seats_of_round(election, candidates)
    return e.PollOpened(
        number,
        subject,
        election.office,
        rule,
        electorate,
        terms=held,
        candidates=candidates,
        seats=seats,
        present=attendance.at_opening(state, electorate),
        stated=asked.attending,
        counting=COUNTING,
    )


def break_tie(state: State, request: c.Request, command: c.BreakTie, now: str) -> Decision:
    election = state.elections.get(command.election)
    if election is None:
        return not_found()
    if refused := _refuse_going_on(state, election) or refuse_phase(state, now, Phase.VOTE):
        return refused
    if election.rule.tie not in NAMED:
        return Refused("election.tie_again", "La règle de cette élection veut un nouveau tour en cas d’égalité.")
    if command.person not in tied_people(state, election):
        return Refused("election.not_tied", "On départage ceux qui sont à égalité au dernier tour.", "person")
    reason = command.reason.strip()
    if election.rule.tie == "eldest":
        if not command.checked:
            return Refused(
                "election.unchecked",
                "Le bureau vérifie les dates de naissance avant de constater qui est l’aîné "
                "(règle W25 ; article L2122-7 du CGCT).",
                "checked",
            )
        reason = ELDEST
    return refuse_reason(reason) or (e.PersonElected(election.number, command.person, election.rounds[-1], reason),)


def not_found() -> Refused:
    """The refusal of an election that does not exist."""
    return Refused("election.not_found", "Cette élection n’existe pas.", "election")


def on_opened(state: State, r: e.Recorded, event: e.ElectionOpened) -> State:
    election = Election(event.election, event.office, event.candidates, event.rule, r.time)
    return _with(state, election)


def on_round(state: State, poll: Poll) -> State:
    """The state in which that poll is a round of its election."""
    election = state.elections[ids.split(poll.subject)[1]]
    return _with(state, replace(election, rounds=(*election.rounds, poll.number)))


def on_elected(state: State, r: e.Recorded, event: e.PersonElected) -> State:
    election = state.elections[event.election]
    elected = Elected(event.person, event.poll, event.reason)
    return _with(state, replace(election, elected=(*election.elected, elected)))


def _with(state: State, election: Election) -> State:
    return replace(state, elections={**state.elections, election.number: election})


DECIDE: Rules = {c.OpenElection: open_election, c.OpenRound: open_round, c.BreakTie: break_tie}
EVOLVE: Folds = {e.ElectionOpened: on_opened, e.PersonElected: on_elected}
