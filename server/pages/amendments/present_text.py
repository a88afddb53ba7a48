"""The text as it stands now, before whoever tables an amendment: with what was adopted so far shown and marked."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.kernel.state import Frozen, Motion
from deliberation.kernel.vocabulary import Clause
from deliberation.motions import layout
from deliberation.motions.layout import LaidClause
from exports import comparison, naming
from server.pages.shell.visit import Visit


@dataclass(frozen=True)
class PresentPassage:
    """A clause of the text as it stands, with what adopted amendments changed in it, or brought in (`inserted`).

    `pieces` are what they changed in it, none where it reads as it was frozen; `by` the amendments behind it. One that
    is `deleted` leaves its number alone (A48).
    """

    clause: Clause
    label: str
    pieces: comparison.Pieces = ()
    by: tuple[int, ...] = ()
    inserted: bool = False
    deleted: bool = False


def present_text(visit: Visit, motion: Motion, base: Frozen) -> list[PresentPassage]:
    """The clauses in the order of the text as it stands now."""
    text = motion.text or base
    adopted = [visit.state.amendments[n] for n in text.adopted]
    changed = {passage.id: passage for passage in comparison.consolidated(base, text, adopted)}
    laid = layout.laid_out(visit.state, motion, text)
    return [_present(visit, each, changed.get(each.clause.id)) for each in laid]


def _present(visit: Visit, laid: LaidClause, passage: comparison.ComparedPassage | None) -> PresentPassage:
    label = naming.laid_label(visit.words, laid)
    if laid.deleted or passage is None:
        return PresentPassage(laid.clause, label, by=laid.by, deleted=laid.deleted)
    pieces = passage.pieces if passage.differs else ()
    return PresentPassage(laid.clause, label, pieces, passage.amendments, passage.before is None)
