"""Ranges of clauses, such as « demandes 2 à 4 »: all clauses of that kind between the two, in the order of the text
(A44).

Which clauses lie between two numbers depends on the text: `2 bis` lies between 2 and 4 (A45).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deliberation.amendments.dispositif import naming
from deliberation.amendments.dispositif.forms import BETWEEN, Place
from deliberation.kernel.state import Frozen
from deliberation.text import numbering


def joined(first: str, last: str) -> str:
    return f"{first}{BETWEEN}{last}"


def spread(place: Place, base: Frozen) -> Place:
    """The place with its ranges replaced by the numbers of all their clauses.

    Of a range whose ends are not in the text only these are left; one that runs backwards stays as it is.
    """
    if not any(BETWEEN in number for number in place.numbers):
        return place
    order = _called(place, base)
    return replace(place, numbers=tuple(each for number in place.numbers for each in _within(number, order)))


def _called(place: Place, base: Frozen) -> list[str]:
    """The numbers of the clauses of its kind, in the order of the text."""
    kind = naming.KINDS.get(place.noun)
    return [clause.called for clause in base.clauses if clause.kind is kind]


def _within(number: str, order: Sequence[str]) -> Sequence[str]:
    ends = number.split(BETWEEN)
    if len(ends) < 2 or any(end not in order for end in ends):
        return ends
    first, *_, last = (order.index(end) for end in ends)
    return order[first : last + 1] if first <= last else [number]


def gathered(place: Place, base: Frozen) -> Place:
    """The place with a range instead of three or more clauses that are consecutive in the text and in their numbers."""
    if len(place.numbers) < 3:
        return place
    kind = naming.KINDS.get(place.noun)
    clauses = [clause for clause in base.clauses if clause.kind is kind]
    ranks = {clause.called: (n, numbering.number_of(clause).order) for n, clause in enumerate(clauses)}
    runs: list[list[str]] = []
    for number in place.numbers:
        if runs and _follows(ranks[runs[-1][-1]], ranks[number]):
            runs[-1].append(number)
        else:
            runs.append([number])
    said = (each for run in runs for each in ([joined(run[0], run[-1])] if len(run) > 2 else run))
    return replace(place, numbers=tuple(said))


_Rank = tuple[int, tuple[int, int, tuple[int, ...]]]


def _follows(one: _Rank, other: _Rank) -> bool:
    return other[0] == one[0] + 1 and other[1] > one[1]
