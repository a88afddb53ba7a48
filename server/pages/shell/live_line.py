"""The live line below the header of every page: what happens now, and to whom a vote is offered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from deliberation.congress.congress import refuse_phase
from deliberation.kernel.ids import Instant
from deliberation.kernel.state import Poll, State
from deliberation.kernel.vocabulary import Phase, Role
from deliberation.visibility.views import View, progress
from deliberation.votes import proxies
from deliberation.votes.terms import open_polls, together
from deliberation.votes.ways import of as way_of
from exports import moments, naming
from exports.translations import Translator


@dataclass(frozen=True)
class LiveLine:
    """What happens now, the same for everybody. `path` is below the congress's address.

    `poll` is the open poll if there is exactly one; `title` says what is discussed otherwise. `ballots` are the numbers
    and colleges of the polls in which ballots are taken now from their voters. `voted` of `entitled` took part; `voted`
    is None where that is not public or not counted by person.
    """

    label: str
    path: str
    title: str = ""
    poll: Poll | None = None
    ballots: tuple[tuple[int, int], ...] = ()
    voted: int | None = None
    entitled: int = 0


@dataclass(frozen=True)
class OwnVote:
    """What a page knows of the votes of the person to whom it is shown.

    `due` are the numbers of the open polls in which a ballot of theirs is missing. `known` is the number of the last
    poll that it knows: in a later one, whoever is of its college (0: every élu) has a vote to cast.
    """

    due: frozenset[int]
    colleges: tuple[int, ...]
    known: int

    def is_offered(self, line: LiveLine | None) -> bool:
        """Whether to offer the vote on that line."""
        return line is not None and any(number in self.due for number, _ in line.ballots)


def live_line(state: State, words: Translator, now: Instant) -> LiveLine | None:
    """The line for readers whose view is `state`; None while nothing happens."""
    if isinstance(state, View) and state.is_kept_out and state.in_camera and state.settings:
        until = moments.moment(state.in_camera.until, state.settings.timezone, words.lang)
        return LiveLine(words("Séance à huis clos jusqu’au {until}", until=until), "seance")
    polls = open_polls(state)
    if polls:
        return _of_polls(state, words, polls, now)
    if state.sitting is not None and state.sitting.suspended:
        return LiveLine(words("Séance suspendue"), "seance")
    if state.floor:
        title = naming.subject_title(state, words, state.floor)
        return LiveLine(words("En discussion"), naming.path(state, state.floor), title)
    return LiveLine(words("Séance ouverte"), "seance") if state.sitting is not None else None


def _of_polls(state: State, words: Translator, polls: list[Poll], now: Instant) -> LiveLine:
    ballots = tuple((poll.number, poll.college) for poll in polls if _takes_ballots(state, poll, now))
    if len(polls) > 1:
        return LiveLine(words.many("{n} vote ouvert", "{n} votes ouverts", len(polls)), "scrutins", ballots=ballots)
    poll = polls[0]
    label = words("Vote suspendu") if poll.paused else words("Vote ouvert")
    voted = None if way_of(poll).by_tellers else progress(state, poll).voted
    path = f"scrutins/{poll.number}"
    return LiveLine(label, path, poll=poll, ballots=ballots, voted=voted, entitled=len(poll.electorate))


def _takes_ballots(state: State, poll: Poll, now: Instant) -> bool:
    return not poll.paused and not way_of(poll).by_tellers and refuse_phase(state, now, Phase.VOTE) is None


def own_vote(state: State, person: str) -> OwnVote | None:
    """What the pages of an élu know of their votes, from their view of the state; None for others, who do not vote."""
    found = state.people.get(person)
    if found is None or found.role is not Role.ELU or found.revoked:
        return None
    due = frozenset(
        poll.number
        for poll in open_polls(state)
        if any(_lacks_ballot(state, each, person) for each in together(state, poll))
    )
    colleges = (0, *(number for number, college in state.colleges.items() if person in college.members))
    return OwnVote(due, colleges, max(state.polls, default=0))


def _lacks_ballot(state: State, poll: Poll, person: str) -> bool:
    """Whether the person can still cast a first ballot in that poll, for themselves or by proxy."""
    if person not in poll.electorate or way_of(poll).by_tellers:
        return False
    voted = {*poll.ballots, *poll.signed, *poll.bearers}
    return person not in voted or any(giver not in voted for giver in _givers(state, poll, person))


def _givers(state: State, poll: Poll, bearer: str) -> Iterable[str]:
    """Those for whom the bearer may vote in that poll."""
    held = (proxy.giver for proxy in proxies.held_by(state, bearer))
    return (
        giver for giver in held if giver in poll.electorate and proxies.refuse_vote(state, poll, bearer, giver) is None
    )
