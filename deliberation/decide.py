"""The rules' one entrance: a command and what is known, to events or a refusal."""

from __future__ import annotations

from deliberation import (
    amendments,
    chairing,
    conduct,
    congress,
    division,
    elections,
    electorate,
    hands,
    maps,
    motions,
    outside,
    people,
    proxies,
    rectifying,
    redactions,
    remarks,
    seclusion,
    session,
    sheets,
    signatures,
    testimonies,
    votes,
)
from deliberation import commands as c
from deliberation.errors import Refused
from deliberation.plain import cleaned_within
from deliberation.rules import Decision, Rules
from deliberation.state import State

RULES: Rules = {
    **congress.DECIDE,
    **people.DECIDE,
    **testimonies.DECIDE,
    **maps.DECIDE,
    **motions.DECIDE,
    **seclusion.DECIDE,
    **remarks.DECIDE,
    **amendments.DECIDE,
    **electorate.DECIDE,
    **proxies.DECIDE,
    **rectifying.DECIDE,
    **signatures.DECIDE,
    **votes.DECIDE,
    **conduct.DECIDE,
    **hands.DECIDE,
    **division.DECIDE,
    **elections.DECIDE,
    **outside.DECIDE,
    **sheets.DECIDE,
    **session.DECIDE,
    **chairing.DECIDE,
    **redactions.DECIDE,
}


FROM_EDITORS: frozenset[type[c.Command]] = frozenset({c.WriteText, c.DrawMap, c.ImportMotion})
"""What the server read from a Yjs document, cleaned there: the record and the document must say the same."""


AS_RECORDED: frozenset[type[c.Command]] = frozenset({c.QuoteExcerpt})
"""Words taken from a text of the record, which their rule compares with it before it cleans them."""


def decide(state: State, request: c.Request, now: str) -> Decision:
    """What happens when this request meets that state at `now` (UTC, see `ids.Instant`): events, or why not (S7)."""
    if state.settings is None and not isinstance(request.command, c.CreateCongress):
        return Refused("congress.not_found", "Ce congrès n’existe pas.")
    if refused := people.refuse_role(state, request.actor, type(request.command)):
        return refused
    command = request.command
    if refused := session.refuse_suspended(state, command):
        return refused
    if type(command) not in FROM_EDITORS | AS_RECORDED:
        command = cleaned_within(command)
    return RULES[type(command)](state, request, command, now)
