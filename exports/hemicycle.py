"""The hemicycle: a drawing of a poll's result in which each seat stands for one vote or for several."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH = 200
HEIGHT = 108
OUTER = 92.0
INNER = 32.0
MOST = 1_000
"""The most seats in one drawing; with more votes, a seat stands for several."""
ORDER = ("pour", "abstention", "absent", "contre")


@dataclass(frozen=True)
class Seat:
    """A seat: its centre and radius in units of the drawing; `mark` is a choice, or "absent"."""

    x: float
    y: float
    r: float
    mark: str


@dataclass(frozen=True)
class Drawing:
    """The seats; `each` is the number of votes for which a seat stands."""

    seats: tuple[Seat, ...]
    each: int = 1
    width: int = WIDTH
    height: int = HEIGHT


def drawn(voices: Mapping[str, int]) -> Drawing:
    """The hemicycle for these numbers of votes by mark: in favour on the left, against on the right."""
    each = max(1, math.ceil(sum(voices.values()) / MOST))
    shares = {mark: voices.get(mark, 0) for mark in ORDER}
    marks = [mark for mark, number in _rounded(shares, each).items() for _ in range(number)]
    return Drawing(tuple(seats(marks)), each)


def _rounded(shares: Mapping[str, int], each: int) -> dict[str, int]:
    """The number of seats by mark, in proportion to the votes (largest remainders); every mark with a vote gets at
    least one.
    """
    seats = {mark: number // each for mark, number in shares.items()}
    missing = round(sum(shares.values()) / each) - sum(seats.values())
    for mark in sorted(shares, key=lambda mark: -(shares[mark] % each))[:missing]:
        seats[mark] += 1
    return {mark: max(number, 1 if shares[mark] else 0) for mark, number in seats.items()}


def seats(marks: Sequence[str]) -> list[Seat]:
    """Seats filled from left to right across all rows."""
    if not marks:
        return []
    rows = _rows(len(marks))
    spread = (OUTER - INNER) / max(rows - 1, 1) if rows > 1 else 0.0
    radii = [OUTER - i * spread for i in range(rows)] if rows > 1 else [70.0]
    places = sorted(
        (position, radius) for radius, n in zip(radii, _shares(len(marks), radii), strict=True) for position in _arc(n)
    )
    size = _size(len(marks), radii, spread)
    return [_seat(position, radius, size, mark) for (position, radius), mark in zip(places, marks, strict=True)]


def _rows(count: int) -> int:
    return max(1, min(12, round(math.sqrt(count / 5))))


def _shares(count: int, radii: Sequence[float]) -> list[int]:
    """The number of seats in each row, in proportion to its length."""
    total = sum(radii)
    shares = [int(count * radius / total) for radius in radii]
    for i in range(count - sum(shares)):
        shares[i % len(shares)] += 1
    return shares


def _arc(count: int) -> list[float]:
    """Evenly spaced positions along a half circle, from 0 (left) to 1 (right)."""
    return [0.5] if count == 1 else [i / (count - 1) for i in range(count)]


def _size(count: int, radii: Sequence[float], spread: float) -> float:
    closest = min(math.pi * r / max(n - 1, 1) for r, n in zip(radii, _shares(count, radii), strict=True))
    return max(0.8, min(5.0, closest * 0.42, spread * 0.42 if spread else 5.0))


def _seat(position: float, radius: float, size: float, mark: str) -> Seat:
    angle = math.pi * (1 - position)
    x = WIDTH / 2 + radius * math.cos(angle)
    y = HEIGHT - 6 - radius * math.sin(angle)
    return Seat(round(x, 2), round(y, 2), round(size, 2), mark)
