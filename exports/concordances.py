"""The table of concordance of a renumbered text, in words (M21)."""

from __future__ import annotations

from typing import NamedTuple

from deliberation.kernel.state import Motion, State
from deliberation.motions import renumbering
from exports import labels, naming
from exports.translations import Translator


class ConcordanceLine(NamedTuple):
    """A clause with its names before and after renumbering. `after` says so if it was deleted; `changes` is True if the
    names differ.
    """

    clause: str
    before: str
    after: str
    changes: bool


def concordance(state: State, words: Translator, motion: Motion) -> tuple[ConcordanceLine, ...]:
    """A line for each clause of the adopted text, including deleted ones; () if the text was not renumbered."""
    found = []
    for row in renumbering.concordance(state, motion):
        before = naming.clause_label(words, row.before)
        after = naming.clause_label(words, row.after) if row.after else words(labels.DELETED[row.before.kind])
        found.append(ConcordanceLine(row.before.id, before, after, before != after))
    return tuple(found)


def in_words(state: State, words: Translator, motion: Motion) -> str:
    """The clauses whose number changes, on one line: « Demande 2 bis → Demande 3 ; Demande 3 → Demande 4 »."""
    changed = (line for line in concordance(state, words, motion) if line.changes)
    return " ; ".join(f"{line.before} → {line.after}" for line in changed)
