"""The spans of words that an author changed (A15, A9)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.vocabulary import Span
from deliberation.text.spans import Misplaced, applied, changed_pieces, snapped, spans_between, word_changes
from deliberation.text.words import diff_words

BITS = ["l’", "élu", " ", "la", "-", ".", "3,5", "20\u00a0000", "peut-être", "[^2]", "**"]
TEXT = st.lists(st.sampled_from(BITS), max_size=12).map("".join)


@st.composite
def typed(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    """A text, and spans that somebody may have typed in it, at any character."""
    text = draw(TEXT)
    spans: list[Span] = []
    at = 0
    while at <= len(text) and len(spans) < 4 and draw(st.booleans()):
        start = draw(st.integers(at, len(text)))
        at = draw(st.integers(start, len(text)))
        spans.append(Span(start, text[start:at], draw(TEXT)))
    return text, tuple(spans)


@given(typed())
def test_spans_are_widened_to_whole_words_and_lead_to_the_same_text(case: tuple[str, tuple[Span, ...]]) -> None:
    """A15, A9: once is enough; between two of them something stays."""
    text, spans = case
    wide = snapped(text, spans)
    assert applied(text, wide) == applied(text, spans)
    assert snapped(text, wide) == wide
    assert all(x.start + len(x.old) < y.start for x, y in pairwise(wide))
    assert all(x.old != x.new for x in wide)


@given(typed())
def test_what_was_touched_is_not_guessed_again(case: tuple[str, tuple[Span, ...]]) -> None:
    """A15: there are as many changes as there are spans, and their words are told."""
    text, spans = case
    wide = snapped(text, spans)
    new = applied(text, wide)
    pieces = changed_pieces(text, new, wide)
    assert "".join(words for kind, words in pieces if kind != "insert") == text
    assert "".join(words for kind, words in pieces if kind != "delete") == new
    if wide:
        assert len(word_changes(text, new, wide)) == len(wide)
        assert [words for kind, words in pieces if kind == "insert"] == [x.new for x in wide if x.new]


@given(TEXT, TEXT)
def test_two_texts_give_spans_when_nothing_more_is_known(old: str, new: str) -> None:
    """A15"""
    spans = spans_between(old, new)
    assert applied(old, spans) == new
    assert snapped(old, spans) == spans
    assert changed_pieces(old, new, ()) == diff_words(old, new)
    assert changed_pieces(old, new, (Span(0, "autre", ""),)) == diff_words(old, new)


@pytest.mark.parametrize(
    ("text", "span", "wide"),
    [
        ("Demande la fibre.", Span(16, "", "s"), Span(11, "fibre", "fibres")),
        ("pour l’élu local", Span(7, "élu", "école"), Span(5, "l’élu", "l’école")),
        ("dès aujourd’hui", Span(11, "’hui", ""), Span(4, "aujourd’hui", "aujourd")),
        ("20\u00a0000 euros", Span(0, "20", "30"), Span(0, "20\u00a0000", "30\u00a0000")),
        ("la fibre", Span(2, "", " bonne"), Span(2, "", " bonne")),
        ("la loi", Span(2, " ", ""), Span(0, "la loi", "laloi")),
    ],
)
def test_a_word_is_touched_whole(text: str, span: Span, wide: Span) -> None:
    """A15, A9"""
    assert snapped(text, [span]) == (wide,)


@pytest.mark.parametrize(
    "spans",
    [
        [Span(0, "Le", "La")],
        [Span(-1, "", "x")],
        [Span(99, "", "x")],
        [Span(3, "fibre", ""), Span(0, "la", "")],
        [Span(0, "la f", ""), Span(3, "fibre", "")],
    ],
)
def test_spans_that_do_not_fit_are_refused(spans: list[Span]) -> None:
    """A15"""
    with pytest.raises(Misplaced):
        snapped("la fibre", spans)
