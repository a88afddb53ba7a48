"""Identical amendments, which are voted on once, and competing ones, which are debated together (S16, S17)."""

from __future__ import annotations

from collections.abc import Iterable

from deliberation.amendments import chairing, distance, signatures, subamendments
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.state import Amendment, State
from deliberation.kernel.vocabulary import Aim
from deliberation.motions import motions
from deliberation.text import merge

Group = tuple[int, ...]
"""Numbers of amendments, in order."""


def pending(state: State, motion: int) -> list[Amendment]:
    """The amendments of that motion without an outcome, by number."""
    return [a for a in state.amendments.values() if a.motion == motion and a.outcome is None]


def identical(amendments: Iterable[Amendment]) -> dict[int, Group]:
    """For each amendment with identical ones, the numbers of all of them."""
    same: dict[tuple[object, ...], list[int]] = {}
    for amendment in amendments:
        same.setdefault(proposed(amendment), []).append(amendment.number)
    return {n: tuple(sorted(group)) for group in same.values() if len(group) > 1 for n in group}


def proposed(amendment: Amendment) -> tuple[object, ...]:
    """A key that is equal for amendments which one vote can settle together."""
    aimed = (amendment.motion, amendment.base, amendment.parent, amendment.edit_rank)
    edits = tuple((x.aim, x.clause, x.after, x.new_kind, " ".join(x.text.split())) for x in amendment.edits)
    return *aimed, edits, 0 if amendment.is_worded else amendment.number


def identical_to(state: State, subject: str) -> Group:
    """The pending amendments that a poll on that subject settles as well."""
    kind, number = ids.split(subject)
    amendment = state.amendments.get(number) if kind == ids.AMENDMENT else None
    if amendment is None:
        return ()
    same = (a for a in pending(state, amendment.motion) if proposed(a) == proposed(amendment))
    return tuple(a.number for a in same if a.number != number and _ready(state, a))


def _ready(state: State, amendment: Amendment) -> bool:
    """Whether it can be voted on together with the other: no votes on sub-amendments or signatures are missing (A19,
    A24).
    """
    return not subamendments.pending(state, amendment.number) and not signatures.missing(state, amendment)


def competing(state: State, motion: int) -> tuple[Group, ...]:
    """Pending amendments in groups that are connected by changes of the same words.

    The deletion or rewriting of a whole clause competes with every other change of it, but does not connect those with
    each other. An amendment to several passages competes where one of its edits does (A41).
    """
    base = motions.base_of(state.motions[motion])
    waiting = pending(state, motion)
    if base is None or len(waiting) < 2:
        return ()
    leads: dict[int, int] = {a.number: a.number for a in waiting}
    within = [x for a in waiting for x in _between_subs(a, waiting, base.rules)]
    said = {"": base.title, **{clause.id: clause.markdown for clause in base.clauses}}
    singles = (single for a in waiting if a.parent is None for single in a.single_edits)
    heads = [a for a in singles if a.aim is not Aim.DELETE]
    whole = [a for a in heads if distance.of(a, said).whole]
    parts = [a for a in heads if a not in whole]
    for collision in (*merge.collisions(base, parts), *merge.collisions(base, whole), *within):
        one, other = _first(leads, collision.first), _first(leads, collision.second)
        leads[max(one, other)] = min(one, other)
    groups: dict[int, list[int]] = {}
    for number in sorted(leads):
        groups.setdefault(_first(leads, number), []).append(number)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _between_subs(parent: Amendment, waiting: Iterable[Amendment], rules: int) -> tuple[merge.Collision, ...]:
    return merge.between_subs(parent, [a for a in waiting if a.parent == parent.number], rules)


def _first(leads: dict[int, int], number: int) -> int:
    while leads[number] != number:
        number = leads[number]
    return number


def joined(state: State, motion: int) -> dict[int, tuple[int, Group]]:
    """For each pending amendment in a discussion: its number, and the pending members."""
    waiting = {a.number for a in pending(state, motion)}
    found: dict[int, tuple[int, Group]] = {}
    for act in chairing.standing(state, e.DiscussionJoined, motion):
        members = tuple(n for n in act.amendments if n in waiting)
        found |= dict.fromkeys(members, (act.number, members)) if len(members) > 1 else {}
    return found


def proposals(state: State, motion: int) -> tuple[Group, ...]:
    """Groups of competing amendments that nobody has joined yet."""
    known = {n for act in chairing.standing(state, e.DiscussionJoined, motion) for n in act.amendments}
    free = (tuple(n for n in group if n not in known) for group in competing(state, motion))
    return tuple(group for group in free if len(group) > 1)
