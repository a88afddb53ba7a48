"""French typography as typesetters expect it; addresses and code are not changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.typography import french, integer, ordinal, percent

VISIBLE = str.maketrans({"\u00a0": "~", "\u202f": "·"})

CASES = [
    ("Quoi ? Non !", "Quoi·? Non·!"),
    ("Quoi?! Vraiment;", "Quoi·?! Vraiment·;"),
    ("Ceci : cela", "Ceci~: cela"),
    ("Ceci: cela", "Ceci~: cela"),
    ("à 12:30", "à 12:30"),
    ("« oui » et «non»", "«~oui~» et «~non~»"),
    ("l'eau d'ici", "l’eau d’ici"),
    ("25 000 habitants", "25·000~habitants"),
    ("12% ou 12 %", "12·% ou 12·%"),
    ("n° 12, art. 4, M. Durand", "n°~12, art.~4, M.~Durand"),
    ("le 3 mai", "le 3~mai"),
    ("et puis...", "et puis…"),
    ("voir https://a.fr/?x=1;y!z : ok", "voir https://a.fr/?x=1;y!z~: ok"),
    ("`a ; b` ; c", "`a ; b`·; c"),
    ("écrire à o'neil@a-b.fr !", "écrire à o'neil@a-b.fr·!"),
]


@pytest.mark.parametrize(("typed", "expected"), CASES)
def test_sets_as_a_typesetter_would(typed: str, expected: str) -> None:
    assert french(typed).translate(VISIBLE) == expected


@given(st.text(alphabet="ab1 ;:!?«»'.%°\u00a0\u202f`@/", max_size=40))
def test_is_idempotent(text: str) -> None:
    once = french(text)
    assert french(once) == once


def test_numbers() -> None:
    assert integer(12345) == "12\u202f345"
    assert percent(1, 3) == "33\u202f%"
    assert percent(999, 1000) == "99\u202f%"
    assert percent(1, 0) == "0\u202f%"
    assert (ordinal(1), ordinal(1, feminine=True), ordinal(4)) == ("1er", "1re", "4e")
