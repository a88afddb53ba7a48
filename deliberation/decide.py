"""The rules' one entrance: a command and what is known, to events or a refusal."""

from __future__ import annotations

from deliberation import (
    amendments,
    congress,
    maps,
    motions,
    people,
    redactions,
    session,
    testimonies,
    votes,
)
from deliberation.commands import CreateCongress, Request
from deliberation.errors import Refused
from deliberation.rules import Decision, Rules
from deliberation.state import State

RULES: Rules = {
    **congress.DECIDE,
    **people.DECIDE,
    **testimonies.DECIDE,
    **maps.DECIDE,
    **motions.DECIDE,
    **amendments.DECIDE,
    **votes.DECIDE,
    **session.DECIDE,
    **redactions.DECIDE,
}


def decide(state: State, request: Request, now: str) -> Decision:
    """What happens when this request meets that state at `now` (UTC, see `ids.Instant`): events, or why not."""
    if state.settings is None and not isinstance(request.command, CreateCongress):
        return Refused("congress.not_found", "Ce congrès n’existe pas.")
    if refused := people.refuse_role(state, request.actor, type(request.command)):
        return refused
    return RULES[type(request.command)](state, request, request.command, now)
