"""Correcting the record's time after the machine's clock had jumped forward: it is set back by one public act (R45)."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from deliberation.congress.congress import is_instant, refuse_reason
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import Instant
from deliberation.kernel.instants import moved
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import InCamera, Poll, Seclusion, State


def correct(state: State, request: c.Request, command: c.CorrectClock, now: Instant) -> Decision:
    """Sets the record's time back. `now` is the machine's time here; for every other act it is at least the last
    entry's.
    """
    if refused := refuse_reason(command.reason):
        return refused
    if not is_instant(command.ahead):
        return Refused("time.malformed", "Cette date n’est pas lisible.", "ahead")
    if command.ahead <= now:
        return Refused("clock.right", "L’heure du registre n’est pas en avance : il n’y a rien à corriger.")
    return (e.ClockCorrected(command.ahead, command.reason.strip()),)


def on_corrected(state: State, r: e.Recorded, event: e.ClockCorrected) -> State:
    """Corrects deadlines: those set before the jump keep their time; those set during it move back with the clock and
    keep the time that was left to them.
    """
    polls = {n: _poll(poll, r.time, event.ahead) if poll.is_open else poll for n, poll in state.polls.items()}
    return replace(
        state,
        polls=polls,
        seclusion=_announced(state.seclusion, r.time, event.ahead),
        in_camera=_announced(state.in_camera, r.time, event.ahead),
    )


def _poll(poll: Poll, now: Instant, ahead: Instant) -> Poll:
    closes = moved(poll.closes, ahead, now) if poll.closes and poll.opened > now else poll.closes
    paused = moved(poll.paused, ahead, now) if poll.paused > now else poll.paused
    return poll if (closes, paused) == (poll.closes, poll.paused) else replace(poll, closes=closes, paused=paused)


T = TypeVar("T", Seclusion, InCamera)


def _announced(ongoing: T | None, now: Instant, ahead: Instant) -> T | None:
    """What is withheld until an announced instant, with that instant moved if it was announced during the jump."""
    if ongoing is None or ongoing.since <= now:
        return ongoing
    return replace(ongoing, until=moved(ongoing.until, ahead, now))


DECIDE: Rules = {c.CorrectClock: correct}
EVOLVE: Folds = {e.ClockCorrected: on_corrected}
