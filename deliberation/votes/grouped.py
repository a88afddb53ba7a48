"""Several polls in one go: opened, answered and closed together, each with its own tally and effect (W17, W18).

Each poll of a sheet is decided on the state that the ones before it lead to. The fold of all events stands above this
room, so it is handed in: see `rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Rules
from deliberation.kernel.state import Poll, State
from deliberation.kernel.vocabulary import Terms
from deliberation.votes import polls

MOST_ITEMS = 50


Evolve = Callable[[State, e.Recorded], State]
"""The fold of one entry: the state after it."""


@dataclass(frozen=True)
class Sheets:
    """Opens and closes the polls of a sheet one after the other."""

    evolve: Evolve

    def open(self, state: State, request: c.Request, command: c.OpenSheet, now: str) -> Decision:
        """One poll after the other, so that no two of the sheet collide."""
        if not 2 <= len(set(command.subjects)) == len(command.subjects) <= MOST_ITEMS:
            return Refused(
                "sheet.subjects", "Un vote groupé porte sur deux textes au moins, chacun une fois.", "subjects"
            )
        first = len(state.polls) + 1
        events: tuple[e.Event, ...] = ()
        for subject in command.subjects:
            item = c.OpenPoll(subject, rule=command.rule, terms=Terms(closes=command.closes))
            decided = polls.open_poll(state, request, item, now)
            if isinstance(decided, Refused):
                return decided
            opened = tuple(_of_sheet(event, first, command.block) for event in decided)
            state, events = self._after(state, request, opened, now), (*events, *opened)
        return events

    def close(self, state: State, request: c.Request, command: c.ClosePoll, now: str) -> Decision:
        """Closes a poll, with all that are answered together with it, one after the other."""
        poll = state.polls.get(command.poll)
        events: tuple[e.Event, ...] = ()
        for number in [item.number for item in items_of(state, poll.sheet if poll else 0)] or [command.poll]:
            decided = polls.close(state, request, c.ClosePoll(number), now)
            if isinstance(decided, Refused):
                return decided
            state, events = self._after(state, request, decided, now), (*events, *decided)
        return events

    def _after(self, state: State, request: c.Request, events: tuple[e.Event, ...], now: str) -> State:
        """The state as it will be once these are recorded."""
        for event in events:
            recorded = e.Recorded(state.size, now, request.actor, event.kind, event.document, event)
            state = self.evolve(state, recorded)
        return state


def _of_sheet(event: e.Event, sheet: int, block: bool) -> e.Event:
    assert isinstance(event, e.PollOpened)
    return replace(event, sheet=sheet, block=block)


def cast_one(state: State, request: c.Request, command: c.CastBallot, now: str) -> Decision:
    """The answer to one poll alone, where one answer need not serve all."""
    poll = state.polls.get(command.poll)
    if poll and poll.block:
        return Refused("sheet.block", "Ce vote groupé appelle une seule réponse, pour tous les textes.", "choices")
    return polls.cast(state, request, command, now)


def cast(state: State, request: c.Request, command: c.CastSheet, now: str) -> Decision:
    items = {poll.number: poll for poll in items_of(state, command.sheet)}
    if not items:
        return Refused("sheet.not_found", "Ce vote groupé n’existe pas.", "sheet")
    if not command.choices:
        return Refused("sheet.empty", "Répondez à une question au moins.", "choices")
    if not command.choices.keys() <= items.keys():
        return Refused("sheet.stranger", "Cette question n’est pas de ce vote groupé.", "choices")
    one_answer = len(set(command.choices.values())) == 1 and command.choices.keys() == items.keys()
    if items[command.sheet].block and not one_answer:
        return Refused("sheet.block", "Ce vote groupé appelle une seule réponse, pour tous les textes.", "choices")
    return _each(command.choices, lambda number: polls.cast(state, request, _ballot(command, number), now))


def _ballot(command: c.CastSheet, number: int) -> c.CastBallot:
    return c.CastBallot(number, command.choices[number], command.voter)


def _each(numbers: Iterable[int], decide: Callable[[int], Decision]) -> Decision:
    events: tuple[e.Event, ...] = ()
    for number in sorted(numbers):
        decided = decide(number)
        if isinstance(decided, Refused):
            return decided
        events += decided
    return events


def items_of(state: State, sheet: int) -> list[Poll]:
    """The polls that are answered together; [] when that poll begins no sheet."""
    return [poll for poll in state.polls.values() if sheet and poll.sheet == sheet]


def rules(evolve: Evolve) -> Rules:
    """The rules of sheets, on that fold."""
    sheets = Sheets(evolve)
    return {c.OpenSheet: sheets.open, c.ClosePoll: sheets.close, c.CastBallot: cast_one, c.CastSheet: cast}
