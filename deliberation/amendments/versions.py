"""The version of the text at which an amendment aims: the base, or a later one if it changes words that adopted
amendments brought (A59).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Frozen, Motion, State
from deliberation.kernel.vocabulary import Aim, Clause, ClauseEdit
from deliberation.motions import motions
from deliberation.text import numbering

_FORGED = re.compile(r"a\d{9,}(?:e\d+)?x+")
"""Ids with a suffix, which inserted clauses get if somebody forged a clause of the base with the id that is due to them
(`merge.inserted_id`).
"""


def meant(state: State, number: int, version: int) -> Frozen | Refused:
    """The version with that number, 0 being the base; a refusal if amendments to the text under debate may not aim at
    it.
    """
    motion = state.motions[number]
    base = motions.base_of(motion)
    assert base is not None
    if version in (0, base.version):
        return base
    text = motion.frozen[version - 1] if base.version < version <= len(motion.frozen) else None
    if text is None or not text.adopted or text.base != base.version or base.rules < numbering.STAND_STILL:
        return Refused("amendment.no_version", "On n’amende pas cette version du texte.", "version")
    return text


def latest(motion: Motion) -> Frozen | None:
    """The version that people read when they table an amendment: the latest at which one may aim. None without a frozen
    text.
    """
    base = motions.base_of(motion)
    if base is None or base.rules < numbering.STAND_STILL:
        return base
    return motion.frozen[-1] if motion.frozen[-1].adopted else base


def can_be_named(clause: str, text: Frozen) -> bool:
    """Whether a clause of a version can be found by its id when amendments are merged; behind a forged id, another
    clause may be hidden.
    """
    return not (text.adopted and _FORGED.fullmatch(clause))


def earliest(state: State, motion: Motion, text: Frozen, edits: Sequence[ClauseEdit]) -> int:
    """The first version since which everything that these edits of `text` touch is unchanged; 0 for the base."""
    found = text
    while found.adopted:
        before = motion.frozen[found.version - 2]
        if not _stood(state, before, found, edits):
            return found.version
        found = before
    return 0


def _stood(state: State, before: Frozen, after: Frozen, edits: Iterable[ClauseEdit]) -> bool:
    """Whether everything that these edits touch is the same in two consecutive versions."""
    taken = (state.amendments[n] for n in after.adopted if n not in before.adopted)
    moved = {edit.clause for each in taken for edit in each.edits if edit.aim is Aim.MOVE}
    return all(_stood_there(before, after, edit, moved) for edit in edits)


def _stood_there(before: Frozen, after: Frozen, edit: ClauseEdit, moved: set[str]) -> bool:
    if edit.aim is Aim.TITLE:
        return before.title == after.title
    if edit.aim is Aim.INSERT:
        return _is_same_place(before, after, edit.clause, moved)
    if edit.aim is Aim.MOVE and not _is_same_place(before, after, edit.after, moved):
        return False
    if edit.aim is not Aim.REWRITE and edit.clause in moved:
        return False
    return _words(before.clauses, edit.clause) == _words(after.clauses, edit.clause)


def _is_same_place(before: Frozen, after: Frozen, clause: str, moved: set[str]) -> bool:
    """Whether a clause is followed by the same clause in both versions and was not moved; "" is the beginning of the
    text.
    """
    return clause not in moved and _behind(before.clauses, clause) == _behind(after.clauses, clause)


def _behind(clauses: Sequence[Clause], clause: str) -> str | None:
    """The id of the clause after this one, "" if it is the last one; None if it is not in the text."""
    ids = ["", *(each.id for each in clauses), ""]
    return ids[ids.index(clause) + 1] if clause in ids else None


def _words(clauses: Iterable[Clause], clause: str) -> str | None:
    return next((each.markdown for each in clauses if each.id == clause), None)
