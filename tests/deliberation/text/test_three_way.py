"""Three-way merge of two wordings of one clause."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.text.three_way import merge
from deliberation.text.words import split_words

WORDS = st.lists(st.sampled_from(["la", "fibre", "pour", "tous", "[^1]", ";", "l’État"]), max_size=8).map(" ".join)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Demande la fibre à tous ;", "Demande enfin la fibre pour tous ;", "Demande enfin la fibre à tous ;"),
        ("Demande la fibre pour tous, vite ;", "Exige la fibre pour tous ;", "Exige la fibre pour tous, vite ;"),
        ("Demande le cuivre pour tous ;", "Demande le câble pour tous ;", None),
        ("", "Demande la fibre pour chacun ;", None),
    ],
)
def test_both_stand_where_they_touch_different_words(one: str, other: str, expected: str | None) -> None:
    """M13"""
    assert merge("Demande la fibre pour tous ;", one, other) == expected
    assert merge("Demande la fibre pour tous ;", other, one) == expected


def test_what_both_add_at_one_place_stands_behind_what_is_written_already() -> None:
    """M13"""
    base, one, other = (f"Demande la fibre {word}pour tous ;" for word in ("", "optique ", "noire "))
    assert merge(base, one, other) == "Demande la fibre noire optique pour tous ;"
    assert merge(base, other, one) == "Demande la fibre optique noire pour tous ;"


def visible(text: str) -> list[str]:
    """The words of a text in alphabetical order."""
    return sorted(word for word in split_words(text) if not word.isspace())


@given(WORDS, WORDS, WORDS)
def test_the_same_words_stand_whoever_came_first(base: str, one: str, other: str) -> None:
    """M13"""
    found, turned = merge(base, one, other), merge(base, other, one)
    assert visible(found or "") == visible(turned or "")
    assert (found is None) == (turned is None)


@given(WORDS, WORDS)
def test_who_changed_nothing_loses_nothing(base: str, other: str) -> None:
    """M13"""
    assert merge(base, base, other) == merge(base, other, other) == merge(base, other, base) == other
