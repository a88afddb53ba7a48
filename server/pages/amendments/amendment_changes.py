"""What an amendment changes, word by word, against the frozen text that it aims at, and which others it meets there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deliberation.amendments import amendments, subamendments
from deliberation.kernel.state import Amendment, Frozen, State
from deliberation.kernel.vocabulary import Aim, Clause, ClauseKind
from deliberation.text.merge import Consolidation, consolidate, inserted_id
from exports import naming
from exports.comparison import clause_in, of_amendment
from exports.translations import Translator
from server.pages.amendments import collisions


def base_text(state: State, amendment: Amendment) -> Frozen:
    return state.motions[amendment.motion].frozen[amendment.base - 1]


def amendment_view(state: State, words: Translator, amendment: Amendment) -> dict[str, Any]:
    """What pages show of an amendment."""
    text = base_text(state, amendment)
    return {
        "a": amendment,
        "aim": naming.amendment_aim(state, words, amendment),
        "pieces": of_amendment(state, amendment),
        "parent": state.amendments.get(amendment.parent or 0),
        "subs": [sub.number for sub in subamendments.of(state, amendment.number)],
        "clause": clause_in(text, amendment.clause),
        "motion": state.motions[amendment.motion],
    }


@dataclass(frozen=True)
class Reading:
    """A passage as it would read: its clause, None for a title; its words, "" when it would be gone."""

    clause: Clause | None
    text: str


def as_it_would_read(text: Frozen, amendment: Amendment) -> Reading:
    """The passage with this amendment alone, numbered as it would be in the text."""
    if amendment.parent is not None:
        return _as_its_amendment_would(text, amendment)
    return _passage_of(consolidate(text, [amendment]), amendment)


def _passage_of(consolidation: Consolidation, amendment: Amendment) -> Reading:
    if amendment.aim is Aim.TITLE:
        return Reading(None, consolidation.title)
    id_ = inserted_id(amendment.number) if amendment.aim is Aim.INSERT else amendment.clause
    found = next((clause for clause in consolidation.clauses if clause.id == id_), None)
    return Reading(found, found.markdown if found else "")


def as_it_would_now_read(state: State, amendment: Amendment) -> tuple[Reading | None, tuple[int, ...]]:
    """The passage with this amendment in the text as it stands, and the adopted ones that change the same words.

    None while its author has not written the words.
    """
    base = base_text(state, amendment)
    if not amendment.is_worded:
        return None, ()
    if amendment.parent is not None or amendment.outcome is not None:
        return as_it_would_read(base, amendment), ()
    standing = [state.amendments[n] for n in amendments.adopted(state, amendment.motion)]
    consolidation = consolidate(base, [*standing, amendment])
    own = (x for x in consolidation.collisions if amendment.number in (x.first, x.second))
    met = tuple(sorted({x.second if x.first == amendment.number else x.first for x in own}))
    return (as_it_would_read(base, amendment) if met else _passage_of(consolidation, amendment)), met


def _as_its_amendment_would(text: Frozen, sub: Amendment) -> Reading:
    """The words of the amendment with this sub-amendment alone."""
    if sub.aim is Aim.INSERT:
        return Reading(Clause("", ClauseKind(sub.new_kind), 0, sub.text), sub.text)
    return Reading(clause_in(text, sub.clause) if sub.aim is Aim.REWRITE else None, sub.text)


def meeting_view(state: State, words: Translator, amendment: Amendment) -> dict[str, Any]:
    """The other amendments on its passage: the same ones, those that change the same words, and all the rest."""
    place = naming.place_of(amendment)
    text = base_text(state, amendment)
    there = collisions.on_passage(state, amendment.motion, amendment.base, place)
    if amendment.parent is None:
        beside, colliding = there, collisions.collisions(text, place, there)
    else:
        beside = subamendments.of(state, amendment.parent)
        colliding = collisions.between_subs(state.amendments[amendment.parent], beside, text.rules)
    same = {n for group in collisions.alike(beside) if amendment.number in group for n in group} - {amendment.number}
    met = [
        (x.second if x.first == amendment.number else x.first, x.words)
        for x in colliding
        if amendment.number in (x.first, x.second)
    ]
    return {
        "place": naming.place_label(words, clause_in(text, amendment.clause), place),
        "passage_path": naming.passage_path(amendment.motion, place, amendment.base),
        "same": sorted(same),
        "met": met,
        "others": [a for a in there if a.number != amendment.number],
    }
