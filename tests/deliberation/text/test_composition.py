"""The table of how two changes of a text are merged, by their kinds and relative positions (A9–A11, A15, A27)."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations, permutations
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim, Span
from deliberation.text import composition
from deliberation.text.edits import Edit, TokenisedText, tokenise
from deliberation.text.merge import consolidate
from deliberation.text.spans import applied
from deliberation.text.words import split_words
from tests.deliberation.text.test_merge import amendment, frozen, visible

README = Path(__file__).parents[3] / "deliberation" / "README.md"
COLLISION = "collision"


def rows(name: str) -> list[tuple[str, ...]]:
    """The rows of a table in `deliberation/README.md`."""
    found = README.read_text(encoding="utf-8").split(f"<!-- {name} -->")[1]
    lines = found.strip().splitlines()[2:]
    return [tuple(cell.strip().strip("`").replace("⏎", "\n") for cell in line.strip("|").split("|")) for line in lines]


ROWS = rows("table of merging")
KINDS = ("addition", "line", "deletion", "replacement", "spaces")
POINTS = frozenset({"addition", "line", "spaces"})
EXTRA = {
    ("addition", "deletion"): {"whole line"},
    ("line", "deletion"): {"inside a line"},
    ("deletion", "replacement"): {"around"},
}


def texts_of(base: Frozen, given_: list[Amendment]) -> str:
    consolidation = consolidate(base, given_)
    return COLLISION if consolidation.collisions else consolidation.clauses[0].markdown


def places(one: str, other: str) -> set[str]:
    """The possible relative positions of changes of two kinds: an addition has no inside, and overlaps nothing."""
    if {one, other} <= POINTS:
        return {"same", "apart"}
    if {one, other} & POINTS:
        return {"left", "right", "nested", "apart"}
    return {"same", "left", "right", "nested", "overlapping", "apart"}


def test_the_table_has_every_pair_of_kinds_at_every_place() -> None:
    """A11"""
    stated = {(one, other, place) for one, other, place, *_ in ROWS if place != "identical"}
    pairs_ = [(one, other) for n, one in enumerate(KINDS) for other in KINDS[n:]]
    assert stated == {(*pair, place) for pair in pairs_ for place in places(*pair) | EXTRA.get(pair, set())}


@pytest.mark.parametrize(("one", "other", "place", "base", "first", "second", "expected"), ROWS)
def test_every_cell_of_the_table(
    one: str, other: str, place: str, base: str, first: str, second: str, expected: str
) -> None:
    """A11"""
    text = frozen(base)
    pair = [amendment(1, first), amendment(2, second)]
    assert [kind(tokenise(base), base, words) for words in (first, second)] == [one, other], place
    assert texts_of(text, pair) == texts_of(text, pair[::-1]) == expected


def kind(text: TokenisedText, base: str, words: str) -> str:
    """The kind of the only change that leads from `base` to `words`."""
    (found,) = edits(1, base, words)
    region = composition.region(text, found)
    if region.adds:
        return "line" if region.rank == 2 else "addition"
    return "spaces" if region.spaces else "deletion" if region.deletes else "replacement"


def edits(by: int, base: str, text: str, spans: tuple[Span, ...] = ()) -> list[Edit]:
    return [Edit(by, "", a, b, words, (by,) * len(words)) for a, b, words in composition.word_edits(base, text, spans)]


WORDS = st.sampled_from(["la", "fibre", "pour", "tous", "-", "l’école", ".", "20\u00a0000", "**"])
SPACES = st.sampled_from([" ", " ", " ", "\n", "\n\n"])


@st.composite
def texts(draw: st.DrawFn, most: int = 9) -> str:
    words = draw(st.lists(WORDS, min_size=1, max_size=most))
    return "".join(word + draw(SPACES) for word in words).strip()


@st.composite
def changed(draw: st.DrawFn, base: str) -> str:
    """The text with some words deleted and some added, at one to three places."""
    tokens = split_words(base)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(tokens)))
        until = draw(st.integers(at, min(len(tokens), at + 4)))
        tokens[at:until] = split_words(draw(st.sampled_from(["", " ", "\n- ", " "])) + draw(texts(3)))
        if draw(st.booleans()):
            tokens[at:at] = [" "]
    return "".join(tokens).strip()


@st.composite
def pairs(draw: st.DrawFn, count: int = 2) -> tuple[str, list[str]]:
    base = draw(texts())
    return base, [draw(changed(base)) for _ in range(count)]


@given(pairs())
def test_no_pair_collides_but_as_the_table_says(pair: tuple[str, list[str]]) -> None:
    """A11: two that collide change the same words, or one rests on words that the other takes away."""
    base, (first, second) = pair
    text = tokenise(base)
    for one, other in composition.clashes(text, [*edits(1, base, first), *edits(2, base, second)]):
        a, b = sorted((composition.region(text, one), composition.region(text, other)), key=lambda x: x.start == x.end)
        if b.start < b.end:
            assert max(a.start, b.start) < min(a.end, b.end) or grows(text, one, other)
            assert not (a.deletes and b.deletes) or grows(text, one, other)
        elif a.start < a.end:
            inside = a.start < b.start < a.end and not (a.deletes and b.adds and b.rank == 2)
            line = a.deletes and b.adds and b.rank != 2 and b.start in (a.start, a.end)
            assert inside or line or (a.deletes and "\n" not in text.space(b.start)) or grows(text, one, other)
        else:
            assert (a.spaces and b.spaces) or grows(text, one, other)


def grows(text: TokenisedText, one: Edit, other: Edit) -> bool:
    """Whether the words of two changes would join into one word, because nothing separates them."""
    words = [word.word for word in composition.compose(text, [one, other])]
    return visible("".join(words)) != [word for word in words if not word.isspace()]


@given(pairs())
def test_deletions_and_additions_alone_never_collide_with_their_like(pair: tuple[str, list[str]]) -> None:
    """A11"""
    base, (first, second) = pair
    text = tokenise(base)
    found = [
        (composition.region(text, x), x) for n, words in enumerate((first, second), 1) for x in edits(n, base, words)
    ]
    for attribute in ("adds", "deletes"):
        alike = [edit for region, edit in found if getattr(region, attribute)]
        clashing = list(composition.clashes(text, alike))
        assert all(grows(text, one, other) for one, other in clashing)


@given(pairs(3), st.randoms(use_true_random=False))
def test_the_order_of_adoption_does_not_matter(triple: tuple[str, list[str]], rng: random.Random) -> None:
    """A10"""
    base, wordings = triple
    given_ = [amendment(n, text) for n, text in enumerate(wordings, 1)]
    shuffled = rng.sample(given_, len(given_))
    assert consolidate(frozen(base), shuffled) == consolidate(frozen(base), given_)


@given(pairs(3))
def test_every_word_that_somebody_adds_stands_and_every_word_that_somebody_deletes_is_gone(
    triple: tuple[str, list[str]],
) -> None:
    """A10, A11"""
    base, wordings = triple
    text = tokenise(base)
    proposed = [x for n, words in enumerate(wordings, 1) for x in edits(n, base, words)]
    assume(not list(composition.clashes(text, proposed)))
    words = composition.compose(text, proposed)
    left = [word.place for word in words if word.place is not None and not word.word.isspace()]
    regions = [composition.region(text, x) for x in proposed]
    gone = {n for x in regions for n in range(x.start, x.end)}
    assert left == [at for n, at in enumerate(text.words) if n not in gone]
    once = {x.key: x for x in regions}
    brought = sorted(word.word for x in once.values() for word in x.inner if not word.word.isspace())
    assert sorted(word.word for word in words if word.place is None and not word.word.isspace()) == brought


@given(pairs(1))
def test_one_amendment_gives_its_own_words(pair: tuple[str, list[str]]) -> None:
    """A10"""
    base, (text,) = pair
    assert "".join(word.word for word in composition.compose(tokenise(base), edits(1, base, text))) == text


@given(pairs(1), st.data())
def test_however_an_editor_cut_what_was_typed_it_is_one_change(
    pair: tuple[str, list[str]], data: st.DataObject
) -> None:
    """A15: one span over all of it, or as many as there are words, widened by words that stay."""
    base, (text,) = pair
    spans = composition.spans_of(base, text, ())
    assert applied(base, spans) == text
    cut = [part for span in spans for part in pieces(span, data.draw(st.integers(0, len(span.old))))]
    assert composition.spans_of(base, text, cut) == spans
    assert composition.spans_of(base, text, spans) == spans
    assert composition.word_edits(base, text, spans) == composition.word_edits(base, text)


def pieces(span: Span, at: int) -> list[Span]:
    """The same change as two deletions followed by an addition."""
    left, right = span.old[:at], span.old[at:]
    found = [Span(span.start, left, ""), Span(span.start + at, right, span.new)]
    return [each for each in found if each.old or each.new]


@pytest.mark.parametrize(
    ("base", "text", "ways"),
    [
        (
            "Une connexion pour tous.",
            "Une connexion gratuite pour tous.",
            [Span(13, "", " gratuite"), Span(14, "", "gratuite "), Span(4, "connexion", "connexion gratuite")],
        ),
        (
            "- un\n- deux\n- trois",
            "- un\n- trois",
            [Span(5, "- deux\n", ""), Span(4, "\n- deux", ""), Span(7, "deux\n- ", "")],
        ),
        ("Un. Deux.", "Un. Et. Deux.", [Span(4, "", "Et. "), Span(3, "", " Et."), Span(2, "", ". Et")]),
    ],
)
def test_the_side_of_a_space_decides_nothing(base: str, text: str, ways: list[Span]) -> None:
    """A15"""
    spans = {composition.spans_of(base, text, [way]) for way in ways}
    assert spans == {composition.spans_of(base, text, ())}
    for one, other in combinations(ways, 2):
        given_ = [replace(amendment(n, text), spans=(way,)) for n, way in enumerate((one, other), 1)]
        assert texts_of(frozen(base), given_) == text


def test_additions_at_one_place_stand_in_the_order_of_their_numbers() -> None:
    """A11: those inside a line before those that open one, those at the beginning of the next line last."""
    base = frozen("Demande :\n- la fibre\n- l’école")
    given_ = [
        amendment(1, "Demande :\n- la fibre\n- le train\n- l’école"),
        amendment(2, "Demande :\n- la fibre optique\n- l’école"),
        amendment(3, "Demande :\n- la fibre\n- la poste\n- l’école"),
        amendment(4, "Demande :\n- la fibre partout\n- l’école"),
    ]
    for order in permutations(given_):
        assert texts_of(base, list(order)) == "Demande :\n- la fibre optique partout\n- le train\n- la poste\n- l’école"


def test_no_spaces_are_left_where_what_follows_a_cut_is_deleted() -> None:
    """A11"""
    base = frozen("Nous agissons ici. La fibre vient là.")
    cut = amendment(1, "Nous agissons ici.\n\nLa fibre vient là.")
    assert texts_of(base, [cut, amendment(2, "Nous agissons ici.")]) == "Nous agissons ici."
    assert texts_of(base, [cut, amendment(2, "La fibre vient là.")]) == "La fibre vient là."


@given(pairs(3))
def test_nothing_stands_before_or_behind_the_words(triple: tuple[str, list[str]]) -> None:
    """A11: whoever merges texts without spaces at their ends gets one."""
    base, wordings = triple
    text = tokenise(base)
    proposed = [x for n, words in enumerate(wordings, 1) for x in edits(n, base, words)]
    assume(not list(composition.clashes(text, proposed)))
    assert composition.composed_text(text, proposed) == composition.composed_text(text, proposed).strip()
    assert composition.composed_text(text, proposed) == "".join(
        word.word for word in composition.compose(text, proposed)
    )


def test_an_item_stands_where_all_items_around_it_are_deleted() -> None:
    """A11"""
    base = frozen("- un\n- deux\n- trois\n- quatre")
    deletion, item = amendment(1, "- un"), amendment(2, "- un\n- deux\n- et demi\n- trois\n- quatre")
    assert texts_of(base, [deletion, item]) == "- un\n- et demi"
    first = amendment(3, "- deux\n- trois\n- quatre")
    behind = amendment(4, "- un\n- un bis\n- deux\n- trois\n- quatre")
    assert texts_of(base, [first, behind]) == "- un bis\n- deux\n- trois\n- quatre"


def test_a_clause_of_which_deletions_leave_nothing_is_gone_and_a_title_stays() -> None:
    """A11, A12, A45"""
    base = replace(frozen("Demande la fibre.", "Demande des cartes."), title="Motion fibre")
    halves = [amendment(1, "Demande"), amendment(2, "la fibre.")]
    assert [x.markdown for x in consolidate(base, halves).clauses] == ["Demande des cartes."]
    assert consolidate(base, halves).clauses[0].number == 2
    titles = [amendment(n, text, "", Aim.TITLE) for n, text in ((1, "Motion"), (2, "fibre"))]
    assert consolidate(base, titles) == consolidate(base, [])


def test_a_clause_that_is_deleted_takes_deletions_in_it_along() -> None:
    """A11: they want no words that it deletes; whoever wants other words in it collides."""
    base = frozen("Demande la fibre pour tous.", "Demande des cartes.")
    whole = amendment(1, aim=Aim.DELETE)
    consolidation = consolidate(base, [whole, amendment(2, "Demande la fibre.")])
    assert (consolidation.collisions, [x.markdown for x in consolidation.clauses]) == ((), ["Demande des cartes."])
    assert consolidate(base, [whole, amendment(2, "Demande la fibre pour tous, vite.")]).collisions


def test_a_text_frozen_under_the_first_rules_is_amended_by_them() -> None:
    """A27"""
    base = frozen("La fibre vient.")
    given_ = [amendment(1, "La fibre vient. Elle est gratuite."), amendment(2, "La fibre vient. Elle est rapide.")]
    assert texts_of(base, given_) == "La fibre vient. Elle est gratuite. Elle est rapide."
    assert texts_of(replace(base, rules=1), given_) == COLLISION


AIMS = {
    "delete": amendment(1, aim=Aim.DELETE),
    "change": amendment(1, "Demande la fibre, vite."),
    "shorten": amendment(1, "Demande."),
    "move": amendment(1, aim=Aim.MOVE, after="c2"),
    "move elsewhere": amendment(1, aim=Aim.MOVE, after="c3"),
    "insert": amendment(1, "Demande du débit.", aim=Aim.INSERT, kind="demande"),
    "insert the same": amendment(1, "Demande du débit.", aim=Aim.INSERT, kind="demande"),
}


@pytest.mark.parametrize(("first", "second", "expected"), rows("table of clauses"))
def test_every_pair_of_aims_at_one_clause(first: str, second: str, expected: str) -> None:
    """A11, A12"""
    base = frozen("Demande la fibre.", "Demande des cartes.", "Demande des lignes.")
    one, other = AIMS[first], replace(AIMS[second], number=2)
    if (first, second) == ("insert", "insert"):
        other = replace(other, text="Demande une carte.")
    alone = [consolidate(base, [each]).clauses for each in (one, other)]
    both = consolidate(base, [other, one])
    assert (
        COLLISION if both.collisions else "one" if both.clauses == alone[0] == alone[1] else "both"
    ) == expected or (expected == "one" and first == "insert" and len(both.clauses) == len(alone[0]))
