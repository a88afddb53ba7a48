"""What an amendment changes, word by word, against the frozen text that it aims at, and which others it meets there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deliberation.amendments import amendments, subamendments
from deliberation.kernel.state import Amendment, Frozen, State
from deliberation.kernel.vocabulary import Aim, Clause, ClauseEdit, ClauseKind
from deliberation.motions.motions import base_of, numbers
from deliberation.text.merge import Consolidation, consolidate, id_of_inserted
from exports import changes, naming
from exports.comparison import clause_in
from exports.translations import Translator
from server.pages.amendments import collisions


def base_text(state: State, amendment: Amendment) -> Frozen:
    return state.motions[amendment.motion].frozen[amendment.aimed - 1]


def amendment_view(state: State, words: Translator, amendment: Amendment) -> dict[str, Any]:
    """What pages show of an amendment."""
    text = base_text(state, amendment)
    return {
        "a": amendment,
        "aim": naming.amendment_aim(state, words, amendment),
        "pieces": changes.pieces_of(state, words, amendment),
        "parent": state.amendments.get(amendment.parent or 0),
        "subs": [sub.number for sub in subamendments.of(state, amendment.number)],
        "clause": clause_in(text, amendment.clause),
        "length": sum(max(len(x.text), len(_words_there(text, x))) for x in amendment.edits),
        "motion": state.motions[amendment.motion],
        "aimed": naming.version_label(words, text),
    }


def _words_there(text: Frozen, edit: ClauseEdit) -> str:
    clause = clause_in(text, edit.clause)
    return clause.markdown if clause and edit.aim is not Aim.INSERT else ""


@dataclass(frozen=True)
class Reading:
    """A passage as it would read: its clause, None for a title; its words, "" when it would be gone."""

    clause: Clause | None
    text: str


def as_it_would_read(state: State, amendment: Amendment) -> tuple[Reading, ...]:
    """The passages with this amendment alone, numbered as they would be in the text with everything adopted so far."""
    text, motion = base_text(state, amendment), state.motions[amendment.motion]
    if amendment.parent is not None:
        return (_as_its_amendment_would(text, amendment),)
    alone = [amendment.on_its_text]
    if text == base_of(motion) and any(edit.aim is Aim.INSERT for edit in amendment.edits):
        alone += [
            single
            for n in amendments.adopted(state, motion.number)
            if n != amendment.number
            for single in state.amendments[n].single_edits
            if single.aim is Aim.INSERT
        ]
    return _passages_of(consolidate(text, alone, numbers(motion)), amendment)


def _passages_of(consolidation: Consolidation, amendment: Amendment) -> tuple[Reading, ...]:
    return tuple(_passage_of(consolidation, single) for single in amendment.single_edits)


def _passage_of(consolidation: Consolidation, amendment: Amendment) -> Reading:
    """The passage of one edit."""
    if amendment.aim is Aim.TITLE:
        return Reading(None, consolidation.title)
    id_ = id_of_inserted(amendment) if amendment.aim is Aim.INSERT else amendment.clause
    found = next((clause for clause in consolidation.clauses if clause.id == id_), None)
    return Reading(found, found.markdown if found else "")


def as_it_would_now_read(state: State, amendment: Amendment) -> tuple[tuple[Reading, ...], tuple[int, ...]]:
    """The passages with this amendment in the text as it stands, and the adopted ones that change the same words.

    None of them while its author has not written the words.
    """
    base = state.motions[amendment.motion].frozen[amendment.base - 1]
    if not amendment.is_worded:
        return (), ()
    if amendment.parent is not None or amendment.outcome is not None:
        return as_it_would_read(state, amendment), ()
    standing = [state.amendments[n] for n in amendments.adopted(state, amendment.motion)]
    consolidation = consolidate(base, [*standing, amendment], numbers(state.motions[amendment.motion]))
    own = (x for x in consolidation.collisions if amendment.number in (x.first, x.second))
    met = tuple(sorted({x.second if x.first == amendment.number else x.first for x in own}))
    return (as_it_would_read(state, amendment) if met else _passages_of(consolidation, amendment)), met


def _as_its_amendment_would(text: Frozen, sub: Amendment) -> Reading:
    """The words of the amendment with this sub-amendment alone."""
    if sub.aim is Aim.INSERT:
        return Reading(Clause("", ClauseKind(sub.new_kind), 0, sub.text), sub.text)
    return Reading(clause_in(text, sub.clause) if sub.aim is Aim.REWRITE else None, sub.text)


def meeting_view(state: State, words: Translator, amendment: Amendment) -> dict[str, Any]:
    """The other amendments on its passages: the same ones, those that change the same words, and all the rest."""
    text, places = base_text(state, amendment), naming.places_of(amendment)
    on = {place: collisions.on_passage(state, amendment.motion, amendment.base, place) for place in places}
    there = tuple({a.number: a for found in on.values() for a in found}.values())
    if amendment.parent is None:
        beside = there
        whole = state.motions[amendment.motion].frozen[amendment.base - 1]
        colliding = [x for place, found in on.items() for x in collisions.collisions(whole, place, found, text)]
    else:
        beside = subamendments.of(state, amendment.parent)
        colliding = [*collisions.between_subs(state.amendments[amendment.parent], beside, text.rules)]
    same = {n for group in collisions.alike(beside) if amendment.number in group for n in group} - {amendment.number}
    met = [
        (x.second if x.first == amendment.number else x.first, x.words)
        for x in colliding
        if amendment.number in (x.first, x.second)
    ]
    return {
        "passages": [
            (
                naming.place_label(words, clause_in(text, place), place),
                naming.passage_path(amendment.motion, place, amendment.aimed),
            )
            for place in places
        ],
        "same": sorted(same),
        "met": met,
        "others": [a for a in there if a.number != amendment.number],
    }
