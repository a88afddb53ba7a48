"""The table of concordance of a text that was renumbered, in words (M21)."""

from __future__ import annotations

from typing import NamedTuple

from deliberation.kernel.state import Motion, State
from deliberation.motions import renumbering
from exports import labels, naming
from exports.translations import Translator


class ConcordanceLine(NamedTuple):
    """`after` is the clause's name now; of a deleted one, that it is deleted. `changes` says that the two differ."""

    clause: str
    before: str
    after: str
    changes: bool


def concordance(state: State, words: Translator, motion: Motion) -> tuple[ConcordanceLine, ...]:
    """Each clause of the text that was voted, deleted ones too; empty for a text that was not renumbered."""
    found = []
    for row in renumbering.concordance(state, motion):
        before = naming.clause_label(words, row.before)
        after = naming.clause_label(words, row.after) if row.after else words(labels.DELETED[row.before.kind])
        found.append(ConcordanceLine(row.before.id, before, after, before != after))
    return tuple(found)


def in_words(state: State, words: Translator, motion: Motion) -> str:
    """What changes its number, in one sentence's length: « Demande 2 bis → Demande 3 ; Demande 3 → Demande 4 »."""
    changed = (line for line in concordance(state, words, motion) if line.changes)
    return " ; ".join(f"{line.before} → {line.after}" for line in changed)
