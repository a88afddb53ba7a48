"""The shape of a rule and of a fold: each module lists its own in `DECIDE` and `EVOLVE`."""

from __future__ import annotations

from collections.abc import Callable
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
