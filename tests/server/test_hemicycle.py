"""The hemicycle: one seat each, inside the drawing, none upon another."""

from __future__ import annotations

import math

import pytest

from server.pages.hemicycle import HEIGHT, WIDTH, seats


@pytest.mark.parametrize("count", [0, 1, 2, 7, 34, 120, 577, 2000])
def test_seats_stand_apart_and_inside(count: int) -> None:
    found = seats([("pour", f"p{i}") for i in range(count)])
    assert len(found) == count
    for seat in found:
        assert seat.r <= seat.x <= WIDTH - seat.r
        assert seat.y - seat.r >= 0
        assert seat.y + seat.r <= HEIGHT
    if count <= 577:
        nearest = min((math.dist((a.x, a.y), (b.x, b.y)) for i, a in enumerate(found) for b in found[:i]), default=99)
        assert nearest >= 1.5 * found[0].r if found else True
