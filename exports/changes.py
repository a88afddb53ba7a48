"""What an amendment changes, passage by passage, for pages and the restitution (A40)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from deliberation.kernel import ids
from deliberation.kernel.state import Amendment, Division, State
from deliberation.kernel.vocabulary import Piece
from exports import comparison, naming
from exports.comparison import PLACE, DiffPiece, Pieces, of_amendment
from exports.translations import Translator


def pieces_of(state: State, words: Translator, amendment: Amendment) -> Pieces:
    """The changes of words; if the amendment changes several passages, a piece that names the passage precedes the
    changes of each.
    """
    if not amendment.further:
        return of_amendment(state, amendment)
    found: list[DiffPiece] = []
    for single in amendment.single_edits:
        found += [DiffPiece(PLACE, naming.edit_label(state, words, single)), *of_amendment(state, single)]
    return tuple(found)


def of_part(state: State, words: Translator, division: Division, given: Sequence[Piece]) -> Pieces:
    """What these pieces of a divided amendment change, within the words of their passages; () for clauses of a motion.

    If the amendment changes several passages, a piece that names the passage precedes the changes of each.
    """
    if division.old:
        return comparison.of_part(division.old, given)
    kind, number = naming.split(division.subject)
    if kind != ids.AMENDMENT or number not in state.amendments:
        return ()
    amendment = state.amendments[number]
    base = state.motions[amendment.motion].frozen[amendment.aimed - 1]
    found: list[DiffPiece] = []
    for clause, pieces in groupby(given, key=lambda piece: piece.clause):
        place = comparison.clause_in(base, clause)
        label = naming.place_label(words, place, clause or naming.TITLE)
        found += [DiffPiece(PLACE, label), *_within(place.markdown if place else base.title, list(pieces))]
    return tuple(found)


def _within(old: str, pieces: Sequence[Piece]) -> Pieces:
    """Changes within the words of a passage; a piece that adds a passage is shown alone."""
    adding = [piece for piece in pieces if not piece.before and not piece.at]
    changing = [piece for piece in pieces if piece not in adding]
    alone = tuple(DiffPiece("insert", piece.after) for piece in adding if piece.after)
    return (*(comparison.of_part(old, changing) if changing else ()), *alone)
