"""The order in which pending amendments are called (A7; Règlement de l'Assemblée nationale, art. 100)."""

from __future__ import annotations

from deliberation import motions
from deliberation.state import Amendment, State
from deliberation.vocabulary import Aim

RANK = {Aim.TITLE: 0, Aim.DELETE: 0, Aim.REWRITE: 1, Aim.INSERT: 2}


def call_order(state: State, motion: int) -> tuple[Amendment, ...]:
    """Pending amendments: along the text; on one passage deletions first, then rewritings, then additions."""
    base = motions.base_of(state.motions[motion])
    places = {clause.id: i for i, clause in enumerate(base.clauses, start=1)} if base else {}
    pending = [a for a in state.amendments.values() if a.motion == motion and a.outcome is None]
    return tuple(sorted(pending, key=lambda a: (_place(a, places), RANK[a.aim], a.number)))


def _place(amendment: Amendment, places: dict[str, int]) -> int:
    if amendment.aim is Aim.TITLE:
        return -1
    return places.get(amendment.clause, 0)
