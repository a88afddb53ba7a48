"""Two wordings of one clause written upon the same one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.text.three_way import both

WORDS = st.lists(st.sampled_from(["la", "fibre", "pour", "tous", "[^1]", ";", "l’État"]), max_size=8).map(" ".join)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Demande la fibre à tous ;", "Demande enfin la fibre pour tous ;", "Demande enfin la fibre à tous ;"),
        ("Demande la fibre pour tous, vite ;", "Exige la fibre pour tous ;", "Exige la fibre pour tous, vite ;"),
        ("Demande le cuivre pour tous ;", "Demande le câble pour tous ;", None),
        ("", "Demande la fibre pour chacun ;", None),
        ("Demande la fibre optique pour tous ;", "Demande la fibre noire pour tous ;", None),
    ],
)
def test_both_stand_where_they_touch_different_words(one: str, other: str, expected: str | None) -> None:
    """M13"""
    assert both("Demande la fibre pour tous ;", one, other) == expected
    assert both("Demande la fibre pour tous ;", other, one) == expected


@given(WORDS, WORDS, WORDS)
def test_the_order_does_not_matter_and_who_changed_nothing_loses_nothing(base: str, one: str, other: str) -> None:
    """M13"""
    assert both(base, one, other) == both(base, other, one)
    assert both(base, base, other) == both(base, other, other) == other
