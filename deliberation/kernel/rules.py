"""The types of a rule and of a fold: each module lists its own in `DECIDE` and `EVOLVE`.

A rule that decides in several steps, each on the state after the one before, needs `evolve`, which depends on every
room: such a module provides its rules by a function `rules(evolve)` instead, so that no import runs backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from deliberation.kernel.commands import Command, Request
from deliberation.kernel.errors import Refused
from deliberation.kernel.events import Event, Recorded
from deliberation.kernel.ids import Instant
from deliberation.kernel.state import State

Decision = tuple[Event, ...] | Refused
Rule = Callable[[State, Request, Any, Instant], Decision]
Fold = Callable[[State, Recorded, Any], State]
Rules = dict[type[Command], Rule]
Folds = dict[type[Event], Fold]
Evolve = Callable[[State, Recorded], State]
"""The fold of one entry: (state, entry) -> the state after it."""


def in_turn(
    evolve: Evolve, state: State, request: Request, now: Instant, steps: Iterable[Callable[[State], Decision]]
) -> Decision:
    """The events of all steps, each decided on the state after those before it; or the first refusal."""
    events: tuple[Event, ...] = ()
    for step in steps:
        decided = step(state)
        if isinstance(decided, Refused):
            return decided
        for event in decided:
            state = evolve(state, Recorded(state.size, now, request.actor, event.kind, event.document, event))
        events += decided
    return events
