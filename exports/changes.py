"""What an amendment changes, passage by passage, as pages and the restitution draw it (A40)."""

from __future__ import annotations

from deliberation.kernel.state import Amendment, State
from exports import naming
from exports.comparison import PLACE, DiffPiece, Pieces, of_amendment
from exports.translations import Translator


def pieces_of(state: State, words: Translator, amendment: Amendment) -> Pieces:
    """Its changes of words; where it changes several passages, those of each behind a piece that names it."""
    if not amendment.further:
        return of_amendment(state, amendment)
    found: list[DiffPiece] = []
    for single in amendment.single_edits:
        found += [DiffPiece(PLACE, naming.edit_label(state, words, single)), *of_amendment(state, single)]
    return tuple(found)
