"""The one entry point of the rules: from a state and a command to events, or a refusal."""

from __future__ import annotations

from deliberation import clock, redactions, revising, seen
from deliberation.amendments import (
    alike,
    amendments,
    arranging,
    chairing,
    opinions,
    rectifying,
    signatures,
    transcribed,
)
from deliberation.congress import congress, identity, people, phases
from deliberation.evolve import evolve
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import cleaned_within
from deliberation.kernel.rules import Decision, Rules
from deliberation.kernel.state import State
from deliberation.maps import maps
from deliberation.motions import division, motions, remarks, renumbering, seclusion
from deliberation.session import agenda, attendance, floor, in_camera, screen, sittings
from deliberation.testimonies import testimonies
from deliberation.votes import ballots, elections, electorate, grouped, imported, polls, proxies, slips, terms

RULES: Rules = {
    **congress.DECIDE,
    **identity.DECIDE,
    **phases.DECIDE,
    **people.DECIDE,
    **testimonies.DECIDE,
    **revising.DECIDE,
    **maps.DECIDE,
    **motions.DECIDE,
    **renumbering.DECIDE,
    **seclusion.DECIDE,
    **remarks.DECIDE,
    **amendments.DECIDE,
    **opinions.DECIDE,
    **electorate.DECIDE,
    **proxies.DECIDE,
    **rectifying.DECIDE,
    **signatures.DECIDE,
    **transcribed.DECIDE,
    **polls.rules(evolve),
    **ballots.DECIDE,
    **terms.DECIDE,
    **division.DECIDE,
    **elections.DECIDE,
    **imported.DECIDE,
    **slips.DECIDE,
    **grouped.rules(evolve),
    **sittings.DECIDE,
    **in_camera.DECIDE,
    **attendance.DECIDE,
    **floor.DECIDE,
    **agenda.DECIDE,
    **screen.DECIDE,
    **chairing.DECIDE,
    **alike.DECIDE,
    **arranging.DECIDE,
    **redactions.DECIDE,
    **clock.DECIDE,
}


FROM_EDITORS: frozenset[type[c.Command]] = frozenset({c.WriteText, c.DrawMap, c.ImportMotion})
"""Commands with text that the server read from a Yjs document, where it was cleaned already: it must be recorded as it
is there.
"""


AS_RECORDED: frozenset[type[c.Command]] = frozenset({c.QuoteExcerpt})
"""Commands that quote a recorded text: their rule compares the quotation before cleaning it."""


def decide(state: State, request: c.Request, now: str) -> Decision:
    """The events that the request leads to in that state at `now` (UTC, see `ids.Instant`), or the refusal (S7).

    Pure: the same arguments give the same events. It never raises for what a person sent.
    """
    if state.settings is None and not isinstance(request.command, c.CreateCongress):
        return Refused("congress.not_found", "Ce congrès n’existe pas.")
    if refused := people.refuse_role(state, request.actor, type(request.command)):
        return refused
    command = request.command
    if refused := seen.refuse(state, request) or sittings.refuse_suspended(state, command):
        return refused
    if type(command) not in FROM_EDITORS | AS_RECORDED:
        command = cleaned_within(command)
    return RULES[type(command)](state, request, command, now)
