"""Identical amendments, which are voted on once, and competing ones, which are debated together (S16, S17)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from deliberation.amendments import chairing, distance, signatures, subamendments
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.state import Amendment, Frozen, State
from deliberation.kernel.vocabulary import Aim, ClauseEdit
from deliberation.motions import motions
from deliberation.text import merge
from deliberation.text.typographic import typographic_key

Group = tuple[int, ...]
"""Numbers of amendments, in order."""


def pending(state: State, motion: int) -> list[Amendment]:
    """The amendments of that motion without an outcome, by number."""
    return [a for a in state.amendments.values() if a.motion == motion and a.outcome is None]


def identical(amendments: Iterable[Amendment]) -> dict[int, Group]:
    """For each amendment that has identical ones, the whole group, itself included. Amendments that the chair declared
    identical count as such (A53).
    """
    first: dict[tuple[object, ...], int] = {}
    leads: dict[int, int] = {}
    for amendment in amendments:
        leads[amendment.number] = amendment.number
        for key in _keys(amendment):
            one, other = _first(leads, first.setdefault(key, amendment.number)), _first(leads, amendment.number)
            leads[max(one, other)] = min(one, other)
    same: dict[int, list[int]] = {}
    for number in leads:
        same.setdefault(_first(leads, number), []).append(number)
    return {n: tuple(sorted(group)) for group in same.values() if len(group) > 1 for n in group}


def _keys(amendment: Amendment) -> tuple[tuple[object, ...], ...]:
    exact = proposed(amendment)
    return (exact, ("declared", amendment.declared, *alike(amendment))) if amendment.declared else (exact,)


def alike(amendment: Amendment) -> tuple[object, ...]:
    """A key that ignores typography: equal for amendments that the chair may declare identical."""
    edits = (replace(edit, text=typographic_key(edit.text)) for edit in amendment.edits)
    return _key(amendment, edits)


def are_alike(one: Amendment, other: Amendment) -> bool:
    """Whether two amendments differ at most by typography."""
    return alike(one) == alike(other)


def proposed(amendment: Amendment) -> tuple[object, ...]:
    """A key that is equal for amendments which one vote can settle together."""
    return _key(amendment, (replace(edit, text=" ".join(edit.text.split())) for edit in amendment.edits))


def _key(amendment: Amendment, edits: Iterable[ClauseEdit]) -> tuple[object, ...]:
    """The text and place aimed at, and the edits without their spans. An amendment without exact words has its own
    number in the key as well, so that no other is equal to it.
    """
    aimed = (amendment.motion, amendment.aimed, amendment.parent, amendment.edit_rank)
    said = tuple(replace(edit, spans=()) for edit in edits)
    return *aimed, said, 0 if amendment.is_worded else amendment.number


def identical_to(state: State, subject: str) -> Group:
    """The other pending amendments that a poll on this subject (the id of a document) settles as well."""
    kind, number = ids.split(subject)
    amendment = state.amendments.get(number) if kind == ids.AMENDMENT else None
    if amendment is None:
        return ()
    same = identical(pending(state, amendment.motion)).get(number, ())
    return tuple(n for n in same if n != number and _ready(state, state.amendments[n]))


def _ready(state: State, amendment: Amendment) -> bool:
    """Whether an amendment can be voted on together with an identical one: no vote on a sub-amendment and no signature
    is missing (A19, A24).
    """
    return not subamendments.pending(state, amendment.number) and not signatures.missing(state, amendment)


def competing(state: State, motion: int) -> tuple[Group, ...]:
    """Pending amendments in groups that are connected by changes of the same words.

    Rewritings of a whole clause compete with each other only, not with changes of single words in it. The deletion of
    a clause is in no group: it is called first and debated alone, and identical deletions are voted once. An amendment
    to several passages competes where one of its edits does (A41).
    """
    base = motions.base_of(state.motions[motion])
    waiting = pending(state, motion)
    if base is None or len(waiting) < 2:
        return ()
    leads: dict[int, int] = {a.number: a.number for a in waiting}
    within = [x for a in waiting for x in _between_subs(a, waiting, base.rules)]
    aimed = {a.aimed for a in waiting}
    said = {text.version: distance.texts_of(text) for text in state.motions[motion].frozen if text.version in aimed}
    singles = (single for a in waiting if a.parent is None for single in a.single_edits)
    heads = [a for a in singles if a.aim is not Aim.DELETE]
    whole = [a for a in heads if distance.of(a, said[a.aimed]).whole]
    parts = [a for a in heads if a not in whole]
    for collision in (*_among(state, base, parts), *_among(state, base, whole), *within):
        one, other = _first(leads, collision.first), _first(leads, collision.second)
        leads[max(one, other)] = min(one, other)
    groups: dict[int, list[int]] = {}
    for number in sorted(leads):
        groups.setdefault(_first(leads, number), []).append(number)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _among(state: State, base: Frozen, given: Sequence[Amendment]) -> Iterator[merge.Collision]:
    """The collisions between these edits, in the text with the amendments on whose result some of them were tabled."""
    known = {a.number for a in given}
    under = [state.amendments[n] for n in sorted({n for a in given for n in a.upon})]
    for collision in merge.collisions(base, [*under, *given]):
        if {collision.first, collision.second} <= known:
            yield collision


def _between_subs(parent: Amendment, waiting: Iterable[Amendment], rules: int) -> tuple[merge.Collision, ...]:
    return merge.between_subs(parent, [a for a in waiting if a.parent == parent.number], rules)


def _first(leads: dict[int, int], number: int) -> int:
    while leads[number] != number:
        number = leads[number]
    return number


def joined(state: State, motion: int) -> dict[int, tuple[int, Group]]:
    """For each pending amendment in a joint discussion: the number of the discussion, and its pending members."""
    waiting = {a.number for a in pending(state, motion)}
    found: dict[int, tuple[int, Group]] = {}
    for act in chairing.standing(state, e.DiscussionJoined, motion):
        members = tuple(n for n in act.amendments if n in waiting)
        found |= dict.fromkeys(members, (act.number, members)) if len(members) > 1 else {}
    return found


def proposals(state: State, motion: int) -> tuple[Group, ...]:
    """Groups of competing amendments that are not in a joint discussion yet."""
    known = {n for act in chairing.standing(state, e.DiscussionJoined, motion) for n in act.amendments}
    free = (tuple(n for n in group if n not in known) for group in competing(state, motion))
    return tuple(group for group in free if len(group) > 1)
