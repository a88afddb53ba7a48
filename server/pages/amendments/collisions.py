"""Amendments on one passage that say the same, and those that exclude each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from deliberation.amendments import discussion
from deliberation.kernel.state import Amendment, Frozen, State
from deliberation.kernel.vocabulary import Aim, Outcome
from deliberation.text import merge
from exports import naming
from exports.comparison import clause_in


def contends(amendment: Amendment) -> bool:
    """Whether it is pending or adopted, so that it can change the text."""
    return amendment.outcome in (None, Outcome.ADOPTED)


def on_passage(state: State, motion: int, base: int, place: str) -> tuple[Amendment, ...]:
    """All amendments to a base, or to what was adopted on it, that aim at a clause, at the title ("titre"), or insert
    after it ("debut").
    """
    known = state.amendments.values()
    found = (a for a in known if a.motion == motion and a.base == base and a.parent is None)
    return tuple(a for a in found if place in naming.places_of(a))


def alike(amendments: Iterable[Amendment]) -> tuple[tuple[int, ...], ...]:
    """Groups of contending amendments that propose the very same, each in the order of numbers."""
    return tuple(dict.fromkeys(discussion.identical(a for a in amendments if contends(a)).values()))


def between_subs(parent: Amendment, subs: Iterable[Amendment], rules: int) -> tuple[merge.Collision, ...]:
    """What contending sub-amendments of one amendment would both change in its words."""
    return merge.between_subs(parent, [sub for sub in subs if contends(sub)], rules)


def collisions(
    base: Frozen, place: str, amendments: Sequence[Amendment], later: Frozen | None = None
) -> tuple[merge.Collision, ...]:
    """What contending amendments on one passage would both change; in the version `later` if the base lacks it."""
    if later and clause_in(base, place) is None:
        base = later
    clause = clause_in(base, place)
    narrow = replace(base, clauses=(clause,) if clause else ())
    given = (a.on_its_text if a.aimed == base.version else a for a in amendments if contends(a))
    here = (single for a in given for single in a.single_edits if naming.place_of(single) == place)
    return merge.collisions(narrow, [x for x in here if x.aim in (Aim.TITLE, Aim.INSERT) or clause])
