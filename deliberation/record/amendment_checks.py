"""Verifies events about amendments: each must equal the event that the rules produce for that author (R27)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from deliberation.amendments import transcribed
from deliberation.amendments.amendments import draft
from deliberation.amendments.rectifying import rectified, worded
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Role


def why_wrong(state: State, actor: str, event: Any) -> str:
    """What is wrong with an event about an amendment, as a code; "" if nothing is."""
    transcription = transcribed.confirmed(state, event) if isinstance(event, e.AmendmentTabled) else None
    if isinstance(event, e.AmendmentTabled) and event.author and transcription is None:
        return "actor"
    person = state.people.get(transcription.author if transcription else actor)
    if person is None or person.revoked or person.role is not Role.ELU:
        return "actor"
    return CHECKS[type(event)](state, actor, event)


def _tabled(state: State, actor: str, event: e.AmendmentTabled) -> str:
    motion = state.motions[event.motion]
    if motion.status != "frozen":
        return "motion.not_frozen"
    wanted = c.TableAmendment(
        event.motion,
        event.aim,
        event.clause,
        event.text,
        event.rationale,
        event.new_kind,
        event.late_reason,
        event.spans,
        event.after,
        event.parent,
        event.instruction,
        event.further,
        event.edit_rank,
        event.version,
    )
    return _differs(draft(state, wanted), replace(event, author=""))


def _worded(state: State, actor: str, event: e.AmendmentWorded) -> str:
    amendment = state.amendments[event.amendment]
    if actor != amendment.author or amendment.outcome is not None:
        return "actor"
    return _differs(worded(state, amendment, event.text, event.spans), event)


def _rectified(state: State, actor: str, event: e.AmendmentRectified) -> str:
    amendment = state.amendments[event.amendment]
    if actor != amendment.author or amendment.outcome is not None:
        return "actor"
    said = event.text, event.rationale, event.spans, event.after, event.new_kind
    wanted = c.RectifyAmendment(event.amendment, *said, event.edits)
    return _differs(rectified(state, amendment, wanted), event)


def _differs(made: Any, event: Any) -> str:
    """What is wrong with an event compared with the one that the rules produce, as a code; "" if they are equal. Older
    events have no spans, which are then not compared.
    """
    if isinstance(made, Refused):
        return made.code
    if not event.spans:
        made = replace(made, spans=())
    return "" if made == event else "differs"


def _signed(state: State, actor: str, event: e.AmendmentSigned) -> str:
    amendment = state.amendments[event.amendment]
    return "actor" if actor in (amendment.author, *amendment.signatures) or amendment.outcome is not None else ""


def _unsigned(state: State, actor: str, event: e.AmendmentUnsigned) -> str:
    return "" if actor in state.amendments[event.amendment].signatures else "actor"


def _withdrawn(state: State, actor: str, event: e.AmendmentWithdrawn) -> str:
    amendment = state.amendments[event.amendment]
    return "" if actor == amendment.author and amendment.outcome is None else "actor"


CHECKS: dict[type[e.Event], Callable[[State, str, Any], str]] = {
    e.AmendmentTabled: _tabled,
    e.AmendmentWorded: _worded,
    e.AmendmentRectified: _rectified,
    e.AmendmentSigned: _signed,
    e.AmendmentUnsigned: _unsigned,
    e.AmendmentWithdrawn: _withdrawn,
}
