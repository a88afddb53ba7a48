"""Several polls opened together as one sheet, each on a text of its own (W17, W18).

`ballots` takes the answers, and `polls` closes them together.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Evolve, Rules, in_turn
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Terms
from deliberation.votes import polls

MOST_ITEMS = 50


def open_sheet(evolve: Evolve, state: State, request: c.Request, command: c.OpenSheet, now: str) -> Decision:
    """Opens the polls of a sheet one by one, each on the state after the ones before, so that the rules notice two that
    exclude each other.
    """
    if not 2 <= len(set(command.subjects)) == len(command.subjects) <= MOST_ITEMS:
        return Refused("sheet.subjects", "Un vote groupé porte sur deux textes au moins, chacun une fois.", "subjects")
    first = len(state.polls) + 1
    steps = [
        partial(_open_one, subject=subject, sheet=first, request=request, command=command, now=now)
        for subject in command.subjects
    ]
    return in_turn(evolve, state, request, now, steps)


def _open_one(state: State, subject: str, sheet: int, request: c.Request, command: c.OpenSheet, now: str) -> Decision:
    item = c.OpenPoll(subject, rule=command.rule, terms=Terms(closes=command.closes), attending=command.attending)
    decided = polls.open_poll(state, request, item, now)
    if isinstance(decided, Refused):
        return decided
    return tuple(_of_sheet(event, sheet, command.block) for event in decided)


def _of_sheet(event: e.Event, sheet: int, block: bool) -> e.Event:
    assert isinstance(event, e.PollOpened)
    return replace(event, sheet=sheet, block=block)


def rules(evolve: Evolve) -> Rules:
    """The rules of sheets; `evolve` is the fold by which each poll is opened on the state after the ones before."""
    return {c.OpenSheet: partial(open_sheet, evolve)}
