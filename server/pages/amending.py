"""What an amendment changes, word by word, against the frozen text that it aims at."""

from __future__ import annotations

from typing import Any

from deliberation.merge import diff_words
from deliberation.state import Amendment, Frozen, State
from deliberation.vocabulary import Aim, Clause
from server.pages import naming
from server.translations import Words

Pieces = list[tuple[str, str]]


def base_text(state: State, amendment: Amendment) -> Frozen:
    return state.motions[amendment.motion].frozen[amendment.base - 1]


def clause_in(text: Frozen, clause_id: str) -> Clause | None:
    return next((clause for clause in text.clauses if clause.id == clause_id), None)


def pieces(text: Frozen, aim: Aim, clause_id: str, proposed: str) -> Pieces:
    """What leads from the frozen words to the proposed ones."""
    if aim is Aim.INSERT:
        return [("insert", proposed)]
    clause = clause_in(text, clause_id)
    before = text.title if aim is Aim.TITLE else clause.markdown if clause else ""
    return [("delete", before)] if aim is Aim.DELETE else diff_words(before, proposed)


def amendment_view(state: State, words: Words, amendment: Amendment) -> dict[str, Any]:
    """What pages show of an amendment."""
    text = base_text(state, amendment)
    return {
        "a": amendment,
        "aim": naming.amendment_aim(state, words, amendment),
        "pieces": pieces(text, amendment.aim, amendment.clause, amendment.text),
        "clause": clause_in(text, amendment.clause),
        "motion": state.motions[amendment.motion],
    }
