"""Erasing for good what the law or a person's right demands, in full view (R7–R9)."""

from __future__ import annotations

from dataclasses import replace

from deliberation.congress.congress import LONG, SHORT, refuse_reason, too_long
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import is_blank, one_line
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Redaction, State
from deliberation.visibility.remains import erased

APPEAL = "Toute personne concernée peut contester cette décision auprès du bureau du congrès, puis du juge."


def propose(state: State, request: c.Request, command: c.ProposeRedaction, now: str) -> Decision:
    targets = targets_of(state, command.target)
    if not targets:
        return Refused("redaction.no_target", "Rien ne peut être caviardé à cet endroit.", "target")
    if is_blank(command.ground):
        return Refused("redaction.no_ground", "Donnez le fondement du caviardage.", "ground")
    if is_blank(command.statement):
        return Refused("redaction.no_statement", "Exposez les motifs : ils sont publics.", "statement")
    if refused := too_long(command.ground, "ground", SHORT) or too_long(command.statement, "statement", LONG):
        return refused
    if any(map(state.awaits_erasing, targets)):
        return Refused("redaction.already_proposed", "Un caviardage est déjà proposé ici.", "target")
    number = len(state.redactions) + 1
    return (e.RedactionProposed(number, targets, one_line(command.ground), command.statement.strip()),)


def targets_of(state: State, document: str) -> tuple[int, ...]:
    """Indices of the entries that hold the content of a testimony, excerpt or remark, or a person's name; else ()."""
    found: tuple[int, ...] = ()
    if document.startswith("personne-"):
        person = state.people.get(document.removeprefix("personne-"))
        found = person.entries if person else ()
    elif document.startswith("temoignage-"):
        testimony = state.testimonies.get(_number(document))
        if testimony:
            quotes = [x.entry for x in state.excerpts.values() if x.testimony == testimony.number]
            found = (testimony.entry, *quotes)
    elif document.startswith("extrait-"):
        excerpt = state.excerpts.get(_number(document))
        found = (excerpt.entry,) if excerpt else ()
    elif document.startswith(f"{ids.REMARK}-"):
        remark = state.remarks.get(_number(document))
        found = (remark.entry,) if remark else ()
    return tuple(sorted(index for index in found if index not in state.redacted))


def _number(document: str) -> int:
    try:
        return ids.split(document)[1]
    except ValueError:
        return 0


def decide(state: State, request: c.Request, command: c.DecideRedaction, now: str) -> Decision:
    proposal = state.redactions.get(command.redaction)
    if proposal is None or proposal.status != "proposed":
        return Refused("redaction.not_proposed", "Ce caviardage n’attend pas de décision.")
    if not command.agree:
        if refused := refuse_reason(command.reason):
            return refused
        return (e.RedactionRefused(proposal.number, command.reason.strip()),)
    if request.actor == proposal.proposed_by:
        return Refused("redaction.same_person", "Une seconde personne doit décider de ce caviardage.")
    redacted = e.Redacted(
        proposal.number,
        proposal.targets,
        proposal.ground,
        proposal.statement,
        proposal.proposed_by,
        request.actor,
        APPEAL,
    )
    return (redacted,)


def on_proposed(state: State, r: e.Recorded, event: e.RedactionProposed) -> State:
    redaction = Redaction(event.redaction, event.targets, event.ground, event.statement, r.actor, r.time)
    return replace(state, redactions={**state.redactions, event.redaction: redaction})


def on_refused(state: State, r: e.Recorded, event: e.RedactionRefused) -> State:
    refused = replace(
        state.redactions[event.redaction], status="refused", decided_by=r.actor, decided=r.time, reason=event.reason
    )
    return replace(state, redactions={**state.redactions, event.redaction: refused})


def on_redacted(state: State, r: e.Recorded, event: e.Redacted) -> State:
    done = replace(state.redactions[event.redaction], status="done", decided_by=r.actor, decided=r.time, entry=r.index)
    withheld = {index: why for index, why in state.withheld.items() if index not in event.targets}
    state = replace(
        state,
        redactions={**state.redactions, event.redaction: done},
        redacted={**state.redacted, **dict.fromkeys(event.targets, event.redaction)},
        withheld=withheld,
    )
    for index in event.targets:
        state = erased(state, index)
    return state


DECIDE: Rules = {c.ProposeRedaction: propose, c.DecideRedaction: decide}
EVOLVE: Folds = {e.RedactionProposed: on_proposed, e.RedactionRefused: on_refused, e.Redacted: on_redacted}
