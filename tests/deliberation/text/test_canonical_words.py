"""Canonical words of frozen texts (M28), and finding passages whatever their spelling (M29)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.plain_text import cleaned
from deliberation.text.canonical_words import canonical, canonical_markdown, placed
from deliberation.text.masking import Passage

SETTLED = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn"]).filter(
        lambda letter: unicodedata.ucd_3_2_0.category(letter) != "Cn"
    )
    | st.sampled_from("eé\u0301\u0327\u200b\u200d\u2060\u00ad가\u1100\u1161\u11a8\u200f")
)


@given(SETTLED)
def test_m28_words_are_what_forms_would_have_sent(words: str) -> None:
    assert canonical(words) == cleaned(words)
    assert canonical(canonical(words)) == canonical(words)


@given(st.text())
def test_m28_each_character_comes_from_one_of_the_original_in_order(words: str) -> None:
    for is_markdown in (False, True):
        canonical_words = placed(words, is_markdown)
        assert len(canonical_words.text) == len(canonical_words.places)
        assert list(canonical_words.places) == sorted(canonical_words.places)
        assert all(0 <= place < len(words) for place in canonical_words.places)


def test_m28_a_letter_after_unicode_3_2_ends_what_is_composed() -> None:
    """U+1AB0 is an accent of Unicode 7: an older Python takes it for a letter of its own."""
    assert canonical("e\u0301\u1ab0e\u0301") == "\xe9\u1ab0\xe9"
    assert canonical("\u1ab0\u0327\u0301") == "\u1ab0\u0327\u0301"


@pytest.mark.parametrize(
    ("said", "frozen"),
    [
        ("\u200b- un", "\\- un"),
        ("1\u200b. un", "1\\. un"),
        ("\u200b12\u200b) un", "12\\) un"),
        ("- \u200b+ un", "- \\+ un"),
        ("a &\u200b#65; b", "a \\&#65; b"),
        ("**\u200bmot**", "**\u200bmot**"),
        ("mo\u200bt **gras**", "mot **gras**"),
        ("Vu\u2060 l\u2019e\u0301te\u0301", "Vu l\u2019\xe9t\xe9"),
    ],
)
def test_m28_markdown_is_read_as_before(said: str, frozen: str) -> None:
    assert canonical_markdown(said) == frozen


def test_m29_a_passage_is_found_however_it_is_spelled() -> None:
    for words in ("\xe9t\xe9 chaud", "e\u0301te\u0301 chaud"):
        passage = Passage(words)
        for said in ("Un \xe9t\xe9 chaud.", "Un e\u0301te\u0301 chaud.", "Un \xe9\u200bte\u200b\u0301 cha\u00adud."):
            ((start, end),) = passage.places(said)
            assert said[:start] == "Un "
            assert said[end:] == "."
            assert not passage.is_in(passage.mask(said))
    assert not Passage("mot e").is_in("mot e\u0301")
    assert not Passage("ete").is_in("\xe9t\xe9")
    assert not Passage("\xe9t").is_in("\xe9t\xe9")
