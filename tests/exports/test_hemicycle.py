"""The hemicycle: one seat for each vote, inside the drawing, without overlaps."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.hemicycle import HEIGHT, MOST, ORDER, WIDTH, drawn, seats


@pytest.mark.parametrize("count", [0, 1, 2, 7, 34, 120, 577, 2000])
def test_seats_stand_apart_and_inside(count: int) -> None:
    found = seats(["pour"] * count)
    assert len(found) == count
    for seat in found:
        assert seat.r <= seat.x <= WIDTH - seat.r
        assert seat.y - seat.r >= 0
        assert seat.y + seat.r <= HEIGHT
    if count <= 577:
        nearest = min((math.dist((a.x, a.y), (b.x, b.y)) for i, a in enumerate(found) for b in found[:i]), default=99)
        assert nearest >= 1.5 * found[0].r if found else True


@given(st.fixed_dictionaries({mark: st.integers(0, 10**7) for mark in ORDER}))
def test_seats_are_in_proportion_to_the_voices(voices: dict[str, int]) -> None:
    """V10: a heavy voice takes its share of the hall, and a lonely one is not lost."""
    drawing = drawn(voices)
    shown = {mark: sum(seat.mark == mark for seat in drawing.seats) for mark in ORDER}
    assert len(drawing.seats) <= MOST + len(ORDER)
    for mark, number in voices.items():
        assert (shown[mark] > 0) == (number > 0)
        assert abs(shown[mark] * drawing.each - number) <= drawing.each
