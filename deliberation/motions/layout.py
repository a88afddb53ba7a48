"""A frozen text as it is shown in the debate: its clauses in order, and at their places those that were deleted
(A48).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deliberation.kernel.state import Frozen, Motion, State
from deliberation.kernel.vocabulary import Clause
from deliberation.text import merge, numbering


@dataclass(frozen=True)
class LaidClause:
    """A clause of a text; with `deleted`, one that was deleted during the debate, in its last wording.

    `by` are the numbers of the amendments that deleted it; () if it was not adopted in a vote part by part.
    """

    clause: Clause
    deleted: bool = False
    by: tuple[int, ...] = ()


def laid_out(state: State, motion: Motion, text: Frozen) -> tuple[LaidClause, ...]:
    """The clauses of that version in their order, with deleted ones at their places. Versions frozen by earlier rules,
    and renumbered ones, show no deleted clauses.
    """
    is_numbered_anew = text.rules < numbering.STAND_STILL or text.renumbers
    if is_numbered_anew or not (text.adopted or text.divided_by):
        return tuple(map(LaidClause, text.clauses))
    if not text.adopted:
        return _without(laid_out(state, motion, motion.frozen[text.version - 2]), text)
    base = motion.frozen[text.base - 1]
    planned = merge.plan(base, (state.amendments[n] for n in text.adopted))
    present = {clause.id: clause for clause in text.clauses}
    found = [
        LaidClause(present[each.id])
        if each.id in present
        else LaidClause(_as_it_stood(motion, text, each), True, merge.deleting(planned, each.id))
        for each in merge.placed(planned)
    ]
    return _with_earlier(found, laid_out(state, motion, base))


def _as_it_stood(motion: Motion, text: Frozen, clause: Clause) -> Clause:
    """A clause that is no longer in this version, in its wording of the latest version that has it."""
    earlier = (x for version in reversed(motion.frozen[: text.version - 1]) for x in version.clauses)
    return next((each for each in earlier if each.id == clause.id), clause)


def _without(before: Sequence[LaidClause], text: Frozen) -> tuple[LaidClause, ...]:
    """The clauses of the version before a divided text, with those that were not adopted marked as deleted."""
    present = {clause.id for clause in text.clauses}
    return tuple(each if each.clause.id in present else LaidClause(each.clause, True, each.by) for each in before)


def _with_earlier(found: list[LaidClause], before: Sequence[LaidClause]) -> tuple[LaidClause, ...]:
    """Adds the clauses that were already deleted in the version before, each after the clause that it followed
    there.
    """
    for place, each in enumerate(before):
        if each.deleted:
            order = [other.clause.id for other in found]
            at = order.index(before[place - 1].clause.id) + 1 if place else 0
            found.insert(at, each)
    return tuple(found)


def deleted_in(state: State, motion: Motion, text: Frozen, clause: str) -> LaidClause | None:
    """The clause with that id, as deleted from this version; None if it is present or was never there."""
    if any(each.id == clause for each in text.clauses):
        return None
    return next((each for each in laid_out(state, motion, text) if each.clause.id == clause), None)
