"""How an amendment read before each rectification, and what its author changed (A25)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from deliberation.ids import Instant
from deliberation.state import Amendment, Motion, State, Wording
from deliberation.vocabulary import Aim, rectified
from exports import comparison
from server.pages import naming
from server.translations import Words


@dataclass(frozen=True)
class Earlier:
    """A wording that another one followed at `until`. `pieces` lead from it to that one; `place` is where it moved a
    clause, "" for other amendments; `rationale` is "" where it stayed the same."""

    called: str
    since: Instant
    until: Instant
    text: str
    pieces: comparison.Pieces
    place: str
    rationale: str


def earlier(state: State, words: Words, amendment: Amendment) -> list[Earlier]:
    """Latest first."""
    motion = state.motions[amendment.motion]
    return list(_each(words, motion, amendment))[::-1]


def _each(words: Words, motion: Motion, amendment: Amendment) -> Iterator[Earlier]:
    for rank, (was, now) in enumerate(pairwise((*amendment.earlier, amendment.wording))):
        yield Earlier(
            f"{amendment.number} {rectified(rank)}".strip(),
            was.time,
            now.time,
            was.text,
            comparison.pieces(was.text, now.text),
            _place(words, motion, amendment, was),
            was.rationale if was.rationale != now.rationale else "",
        )


def _place(words: Words, motion: Motion, amendment: Amendment, wording: Wording) -> str:
    if amendment.aim is not Aim.MOVE:
        return ""
    clause = naming.find_clause(motion, wording.after, amendment.base)
    return words("Après : {place}", place=naming.clause_label(words, clause)) if clause else words("Au début du texte")
