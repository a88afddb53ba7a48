"""Renumbering an adopted text by one act after the vote on the whole, and its concordance (M20, M21, M23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Frozen, Motion, State
from deliberation.kernel.vocabulary import Clause, Span
from deliberation.motions.layout import LaidClause, laid_out
from deliberation.text import merge, numbering
from deliberation.text.references import ClauseReference, KnownClauses, known_clauses, references, renumbering
from deliberation.text.spans import applied


@dataclass(frozen=True)
class ConcordanceRow:
    """A clause with its number of the debate (`before`) and in the renumbered text (`after`, None if it was
    deleted).
    """

    before: Clause
    after: Clause | None


def renumber(state: State, request: c.Request, command: c.RenumberMotion, now: str) -> Decision:
    motion = state.motions.get(command.motion)
    if motion is None:
        return Refused("motion.not_found", "Cette motion n’existe pas.", "motion")
    if motion.status != "adopted" or motion.text is None:
        return Refused("motion.not_adopted", "On renumérote un texte une fois l’ensemble adopté.")
    if motion.text.renumbers:
        return Refused("motion.renumbered", "Ce texte est déjà renuméroté.")
    event = renumbered(state, motion)
    if event is None:
        return Refused("motion.in_order", "Les numéros de ce texte se suivent déjà : il n’y a rien à renuméroter.")
    return (event,)


def renumbered(state: State, motion: Motion) -> e.TextRenumbered | None:
    """The event that numbers the text again from 1 and adapts the references to clauses; None if nothing would
    change.
    """
    text = motion.text
    if text is None or text.rules < numbering.STAND_STILL:
        return None
    clauses = _renumbered(laid_out(state, motion, text), text)
    if clauses == text.clauses:
        return None
    hash_ = merge.text_hash(text.title, clauses)
    return e.TextRenumbered(motion.number, text.version + 1, text.version, clauses, hash_)


def _renumbered(laid: tuple[LaidClause, ...], text: Frozen) -> tuple[Clause, ...]:
    new = merge.number(text.clauses)
    changes = changes_of(laid, new)
    return tuple(replace(x, markdown=applied(x.markdown, changes[x.id])) if x.id in changes else x for x in new)


def changes_of(laid: tuple[LaidClause, ...], new: tuple[Clause, ...]) -> Mapping[str, tuple[Span, ...]]:
    """By clause id, the changes that renumbering makes to references in its words; clauses without changes are left
    out.
    """
    known = known_clauses(x.clause for x in laid)
    numbers = {clause.id: clause.number for clause in new}
    found = {x.clause.id: renumbering(x.clause.markdown, known, numbers) for x in laid if not x.deleted}
    return {id_: spans for id_, spans in found.items() if spans}


def known_in(state: State, motion: Motion, text: Frozen) -> KnownClauses:
    """The clauses to which the words of this version may refer; none in texts frozen by earlier rules, which have no
    references.
    """
    if text.rules < numbering.STAND_STILL:
        return known_clauses(())
    return known_clauses(x.clause for x in laid_out(state, motion, text))


def referring(state: State, motion: Motion, clause: str) -> tuple[tuple[Clause, ClauseReference], ...]:
    """The references to a clause in the latest version, each with the clause that contains it (A49)."""
    text = motion.text
    if text is None:
        return ()
    known = known_in(state, motion, text)
    return tuple(
        (each, reference)
        for each in text.clauses
        if each.id != clause
        for reference in references(each.markdown, known)
        if clause in reference.clauses
    )


def concordance(state: State, motion: Motion) -> tuple[ConcordanceRow, ...]:
    """Each clause of the adopted text with its number before and after renumbering; () if the text was not
    renumbered.
    """
    text = motion.text
    if text is None or not text.renumbers:
        return ()
    after = {clause.id: clause for clause in text.clauses}
    laid = laid_out(state, motion, motion.frozen[text.renumbers - 1])
    return tuple(ConcordanceRow(each.clause, after.get(each.clause.id)) for each in laid)


def on_renumbered(state: State, r: e.Recorded, event: e.TextRenumbered) -> State:
    motion = state.motions[event.motion]
    before = motion.frozen[event.renumbers - 1]
    text = replace(
        before,
        version=event.version,
        clauses=event.clauses,
        hash=event.hash,
        time=r.time,
        entry=r.index,
        renumbers=event.renumbers,
    )
    changed = replace(motion, frozen=(*motion.frozen, text), changed=r.time)
    return replace(state, motions={**state.motions, motion.number: changed})


DECIDE: Rules = {c.RenumberMotion: renumber}
EVOLVE: Folds = {e.TextRenumbered: on_renumbered}
