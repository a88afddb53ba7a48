"""Ranges of clauses, such as « demandes 2 à 4 »: all clauses of that kind between the two, in the order of the text
(A44).

Which clauses lie between two numbers depends on the text: `2 bis` lies between 2 and 4 (A45).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from deliberation.amendments.dispositif import naming
from deliberation.amendments.dispositif.forms import BETWEEN, Place
from deliberation.kernel.state import Frozen
from deliberation.text import numbering

_Order = Mapping[str, tuple[int, int, tuple[int, ...]]]


def joined(first: str, last: str) -> str:
    return f"{first}{BETWEEN}{last}"


def spread(place: Place, base: Frozen) -> Place:
    """The place with its ranges replaced by the numbers of all their clauses.

    Of a range whose ends are not in the text only these are left; one that is unclear (`disputed`) stays as it is.
    """
    if not any(BETWEEN in number for number in place.numbers):
        return place
    order = _called(place, base)
    return replace(place, numbers=tuple(each for number in place.numbers for each in _within(number, order)))


def disputed(number: str, place: Place, base: Frozen) -> tuple[str, ...]:
    """The passages that a range names by the order of the text or by their numbers, where these are not the same; ()
    for one that is clear (A62).
    """
    order = _called(place, base)
    ends = number.split(BETWEEN)
    if len(ends) < 2 or any(end not in order for end in ends) or _agreed(ends[0], ends[-1], order):
        return ()
    first, last = sorted((list(order).index(ends[0]), list(order).index(ends[-1])))
    by_number = _by_number(ends[0], ends[-1], order)
    return tuple(each for n, each in enumerate(order) if first <= n <= last or each in by_number)


def _called(place: Place, base: Frozen) -> _Order:
    """The numbers of the clauses of its kind, in the order of the text, each with what orders it among numbers."""
    kind = naming.KINDS.get(place.noun)
    return {clause.called: numbering.number_of(clause).order for clause in base.clauses if clause.kind is kind}


def _within(number: str, order: _Order) -> Sequence[str]:
    ends = number.split(BETWEEN)
    if len(ends) < 2 or any(end not in order for end in ends):
        return ends
    return _agreed(ends[0], ends[-1], order) or [number]


def _agreed(first: str, last: str, order: _Order) -> list[str]:
    """The passages from one to the other, where the order of the text and the numbers name the same; else none."""
    called = list(order)
    found = called[called.index(first) : called.index(last) + 1]
    return found if set(found) == _by_number(first, last, order) else []


def _by_number(first: str, last: str, order: _Order) -> set[str]:
    return {each for each, rank in order.items() if order[first] <= rank <= order[last]}


def gathered(place: Place, base: Frozen) -> Place:
    """The place with a range instead of three or more clauses that are consecutive in the text and in their numbers."""
    if len(place.numbers) < 3:
        return place
    order = _called(place, base)
    ranks = {called: (n, rank) for n, (called, rank) in enumerate(order.items())}
    runs: list[list[str]] = []
    for number in place.numbers:
        if runs and _follows(ranks[runs[-1][-1]], ranks[number]):
            runs[-1].append(number)
        else:
            runs.append([number])
    clear = (len(run) > 2 and _agreed(run[0], run[-1], order) == run for run in runs)
    said = (
        x for run, is_clear in zip(runs, clear, strict=True) for x in ([joined(run[0], run[-1])] if is_clear else run)
    )
    return replace(place, numbers=tuple(said))


_Rank = tuple[int, tuple[int, int, tuple[int, ...]]]


def _follows(one: _Rank, other: _Rank) -> bool:
    return other[0] == one[0] + 1 and other[1] > one[1]
