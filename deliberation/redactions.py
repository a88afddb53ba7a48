"""Redaction: erasing content permanently because the law or a person's right requires it. One person proposes it,
another decides, and both acts are public (R7–R9).
"""

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

BY_SERVER = "redaction.server"
"""Code of the refusal of a valid decision that only the server can carry out, because it rewrites payloads."""

MASKABLE = frozenset(e.KINDS) - {
    e.BallotCast.kind,
    e.BallotSigned.kind,
    e.SlipEntered.kind,
    e.BoxOpened.kind,
    e.HandsCounted.kind,
    e.PollClosed.kind,
    e.Redacted.kind,
    e.WordsRedacted.kind,
    e.ResultArchived.kind,
}
"""Kinds of entries in which words may be masked: all but votes, counts and redactions, and archives, which can only be
erased as a whole.
"""


def propose(state: State, request: c.Request, command: c.ProposeRedaction, now: str) -> Decision:
    targets = targets_of(state, command.target)
    if not targets:
        return Refused("redaction.no_target", "Rien ne peut être caviardé à cet endroit.", "target")
    if refused := _refuse_grounds(command.ground, command.statement):
        return refused
    if any(map(state.awaits_erasing, targets)):
        return Refused("redaction.already_proposed", "Un caviardage est déjà proposé ici.", "target")
    number = len(state.redactions) + 1
    return (e.RedactionProposed(number, targets, one_line(command.ground), command.statement.strip()),)


def targets_of(state: State, document: str) -> tuple[int, ...]:
    """Indices of the entries to erase for a document: the content of a testimony with its excerpts, of an excerpt or of
    a remark, the archive of a result, or a person's name. () for other documents, and if all is erased already.
    """
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
    elif document.startswith(f"{ids.RESULT}-"):
        result = state.results.get(_number(document))
        found = (result.archived,) if result and result.archived is not None else ()
    elif document.startswith(f"{ids.REMARK}-"):
        remark = state.remarks.get(_number(document))
        found = (remark.entry,) if remark else ()
    return tuple(sorted(index for index in found if index not in state.redacted))


def propose_masking(state: State, request: c.Request, command: c.ProposeMasking, now: str) -> Decision:
    """Proposes to mask the words at a place, and the same words in the named documents (R30)."""
    place, targets = command.place, command.targets
    known = all(0 <= entry < state.size and entry not in state.redacted for entry in (*targets, place.entry))
    if not (command.documents and known and place.entry in targets and 0 <= place.start < place.end):
        return Refused("redaction.no_target", "Rien ne peut être caviardé à cet endroit.", "target")
    if refused := _refuse_grounds(command.ground, command.statement):
        return refused
    number = len(state.redactions) + 1
    ground, statement = one_line(command.ground), command.statement.strip()
    documents, named = tuple(sorted(set(command.documents))), tuple(sorted(set(targets)))
    return (e.RedactionProposed(number, named, ground, statement, place, documents),)


def _refuse_grounds(ground: str, statement: str) -> Refused | None:
    if is_blank(ground):
        return Refused("redaction.no_ground", "Donnez le fondement du caviardage.", "ground")
    if is_blank(statement):
        return Refused("redaction.no_statement", "Exposez les motifs : ils sont publics.", "statement")
    return too_long(ground, "ground", SHORT) or too_long(statement, "statement", LONG)


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
    if proposal.place is not None:
        return Refused(BY_SERVER, "Seul le serveur qui garde le registre peut masquer ces mots.")
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


def apply_masking(state: State, request: c.Request, command: c.ApplyMasking, now: str) -> Decision:
    """Records the masking that the server carried out after a second person agreed."""
    agreed = decide(state, request, c.DecideRedaction(command.redaction, True), now)
    if not isinstance(agreed, Refused):
        return Refused("redaction.not_proposed", "Ce caviardage n’attend pas de décision.")
    if agreed.code != BY_SERVER:
        return agreed
    if not command.targets or len(command.targets) != len(command.commitments):
        return Refused("redaction.no_target", "Rien ne peut être caviardé à cet endroit.", "target")
    proposal = state.redactions[command.redaction]
    redacted = e.WordsRedacted(
        proposal.number,
        command.targets,
        command.commitments,
        proposal.ground,
        proposal.statement,
        proposal.proposed_by,
        request.actor,
        APPEAL,
    )
    return (redacted,)


def on_proposed(state: State, r: e.Recorded, event: e.RedactionProposed) -> State:
    redaction = Redaction(
        event.redaction,
        event.targets,
        event.ground,
        event.statement,
        r.actor,
        r.time,
        place=event.place,
        documents=event.documents,
    )
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


def on_words_redacted(state: State, r: e.Recorded, event: e.WordsRedacted) -> State:
    """Marks the entries as masked. The server has masked all their stored payloads already, so replaying the record
    from the start gives the same state (R30).
    """
    known = state.redactions[event.redaction]
    done = replace(
        known,
        status="done",
        targets=event.targets,
        commitments=event.commitments,
        decided_by=r.actor,
        decided=r.time,
        entry=r.index,
    )
    return replace(state, redactions={**state.redactions, event.redaction: done})


def masked(state: State) -> dict[int, str]:
    """For each entry with masked words, the commitment that its payload must match now: that of the last masking
    (R30).
    """
    done = sorted((x for x in state.redactions.values() if x.commitments), key=lambda redaction: redaction.entry)
    return {index: each for x in done for index, each in zip(x.targets, x.commitments, strict=True)}


DECIDE: Rules = {
    c.ProposeRedaction: propose,
    c.ProposeMasking: propose_masking,
    c.DecideRedaction: decide,
    c.ApplyMasking: apply_masking,
}
EVOLVE: Folds = {
    e.RedactionProposed: on_proposed,
    e.RedactionRefused: on_refused,
    e.Redacted: on_redacted,
    e.WordsRedacted: on_words_redacted,
}
