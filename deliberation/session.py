"""What the hall discusses now (S6)."""

from __future__ import annotations

from dataclasses import replace

from deliberation import commands as c
from deliberation import events as e
from deliberation import ids
from deliberation.errors import Refused
from deliberation.rules import Decision, Folds, Rules
from deliberation.state import State


def call(state: State, request: c.Request, command: c.CallSubject, now: str) -> Decision:
    if command.subject == state.floor:
        return Refused("session.unchanged", "C’est déjà ce qui est en discussion.")
    if command.subject and not exists(state, command.subject):
        return Refused("session.no_subject", "On appelle une motion, un amendement ou un scrutin.", "subject")
    return (e.SubjectCalled(command.subject),)


def exists(state: State, subject: str) -> bool:
    """Whether a motion, amendment or poll of that name exists."""
    try:
        kind, number = ids.split(subject)
    except ValueError:
        return False
    found = {ids.MOTION: state.motions, ids.AMENDMENT: state.amendments, ids.POLL: state.polls}
    return number in found.get(kind, {})


def on_called(state: State, r: e.Recorded, event: e.SubjectCalled) -> State:
    return replace(state, floor=event.subject)


DECIDE: Rules = {c.CallSubject: call}
EVOLVE: Folds = {e.SubjectCalled: on_called}
