"""Merging adopted amendments into a frozen text (A9–A13)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, combinations, permutations

from hypothesis import example, given
from hypothesis import strategies as st

from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim, Clause, ClauseKind, Span
from deliberation.text.merge import (
    Collision,
    Consolidation,
    Pieces,
    consolidate,
    edits_of,
    inserted_id,
    number,
    origins,
    plan,
)
from deliberation.text.spans import applied, snapped
from deliberation.text.words import split_words

WORDS = ["l’élu", "aujourd’hui", "peut-être", "20\u00a0000", "de", "la", "fibre", "débit", ",", ".", "[^3]"]
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
KINDS = st.sampled_from(ClauseKind)


def clause(id_: str, text: str, kind: ClauseKind = ClauseKind.DEMANDE) -> Clause:
    return Clause(id_, kind, 0, text)


def frozen(*texts: str, title: str = "Le numérique pour tous") -> Frozen:
    clauses = number(clause(f"c{n}", text) for n, text in enumerate(texts, 1))
    return Frozen(1, title, clauses, "", 1, (), "", 0)


def amendment(
    number_: int,
    text: str = "",
    target: str = "c1",
    aim: Aim = Aim.REWRITE,
    kind: str = "",
    after: str = "",
    parent: int | None = None,
) -> Amendment:
    return Amendment(number_, 1, 1, aim, target, text, "", kind, "p1", "", after=after, parent=parent)


def texts(consolidation: Consolidation) -> list[str]:
    return [x.markdown for x in consolidation.clauses]


@st.composite
def bases(draw: st.DrawFn) -> Frozen:
    clauses = [clause(f"c{n}", text, draw(KINDS)) for n, text in enumerate(draw(st.lists(TEXT, max_size=4)), 1)]
    return Frozen(1, draw(TEXT), number(clauses), "", 1, (), "", 0)


@st.composite
def debates(draw: st.DrawFn) -> tuple[Frozen, list[Amendment]]:
    """A text, and random amendments with every aim to it."""
    base = draw(bases())
    ids = [x.id for x in base.clauses]
    given_: list[Amendment] = []
    for n in range(1, draw(st.integers(0, 5)) + 1):
        aim = draw(st.sampled_from(list(Aim) if ids else [Aim.TITLE, Aim.INSERT]))
        target = draw(st.sampled_from(["", *ids] if aim is Aim.INSERT else ids)) if aim is not Aim.TITLE else ""
        text = "" if aim in (Aim.DELETE, Aim.MOVE) else draw(TEXT)
        after = draw(st.sampled_from(["", *ids])) if aim is Aim.MOVE else ""
        parent = draw(st.sampled_from([None, *range(1, n)])) if aim in (Aim.REWRITE, Aim.INSERT) else None
        kind = draw(KINDS).value if aim is Aim.INSERT else ""
        proposed = amendment(n, text, target, aim, kind, after, parent)
        given_.append(draw(typed_in(proposed, aimed_at(base, given_, proposed))) if draw(st.booleans()) else proposed)
    return base, given_


def aimed_at(base: Frozen, others: Sequence[Amendment], one: Amendment) -> str:
    """The words that an amendment changes, in the text or in its parent amendment."""
    if one.parent is not None:
        return others[one.parent - 1].text
    said_ = {"": base.title, **{x.id: x.markdown for x in base.clauses}}
    return said_["" if one.aim is Aim.TITLE else one.clause]


@st.composite
def typed_in(draw: st.DrawFn, one: Amendment, old: str) -> Amendment:
    """The amendment with spans as somebody may have typed them; unchanged if it does not rewrite words."""
    if one.aim not in (Aim.REWRITE, Aim.TITLE) or not old:
        return one
    start = draw(st.integers(0, len(old)))
    end = draw(st.integers(start, min(len(old), start + 12)))
    later = draw(st.integers(end, len(old)))
    typed = [Span(start, old[start:end], draw(TEXT)), Span(later, "", draw(st.sampled_from(["", " encore", "l’"])))]
    spans = snapped(old, typed)
    text = applied(old, spans)
    return replace(one, text=text, spans=spans) if text.strip() else one


def without_collisions(base: Frozen, given_: Sequence[Amendment]) -> list[Amendment]:
    """The amendments, in order, without those that collide with earlier ones."""
    kept: list[Amendment] = []
    for one in given_:
        if not consolidate(base, [*kept, one]).collisions:
            kept.append(one)
    return kept


@given(bases())
def test_no_amendment_changes_nothing(base: Frozen) -> None:
    """A10"""
    assert consolidate(base, []) == Consolidation(base.title, base.clauses, ())


@given(bases().filter(lambda base: base.clauses), TEXT)
def test_one_amendment_gives_its_own_words(base: Frozen, text: str) -> None:
    """A10: a rewriting, a new title."""
    target = base.clauses[-1]
    consolidation = consolidate(base, [amendment(1, text, target.id)])
    assert consolidation == Consolidation(base.title, (*base.clauses[:-1], replace(target, markdown=text)), ())
    assert consolidate(base, [amendment(1, text, "", Aim.TITLE)]) == Consolidation(text, base.clauses, ())


@given(debates())
def test_each_alone_gives_its_own_words(debate: tuple[Frozen, list[Amendment]]) -> None:
    """A10, A12, A15, A18: however it was typed; a move keeps every word, a deletion takes its clause and no other."""
    base, given_ = debate
    for one in given_:
        if one.parent is not None:
            continue
        consolidation = consolidate(base, [one])
        before, after = [x.id for x in base.clauses], [x.id for x in consolidation.clauses]
        said_ = {x.id: x.markdown for x in consolidation.clauses}
        assert consolidation.collisions == ()
        assert consolidation.title == (one.text if one.aim is Aim.TITLE else base.title)
        own = one.clause if one.aim is Aim.REWRITE else ""
        kept = {
            x.id: x.markdown for x in base.clauses if x.id not in (own, one.clause if one.aim is Aim.DELETE else "")
        }
        assert {id_: text for id_, text in said_.items() if id_ in kept} == kept
        assert said_.get(own, one.text) == one.text
        if one.aim is Aim.MOVE and one.after != one.clause:
            left = [id_ for id_ in before if id_ != one.clause]
            at = left.index(one.after) + 1 if one.after else 0
            assert after == [*left[:at], one.clause, *left[at:]]


@given(debates(), st.randoms(use_true_random=False))
def test_the_order_in_which_they_come_does_not_matter(
    debate: tuple[Frozen, list[Amendment]], rng: random.Random
) -> None:
    """A10, A11: neither for the text nor for what collides."""
    base, given_ = debate
    shuffled = rng.sample(given_, len(given_))
    assert consolidate(base, shuffled) == consolidate(base, given_)
    assert origins(base, shuffled) == origins(base, given_)


@given(debates())
def test_a_collision_names_two_of_them_whoever_is_given(debate: tuple[Frozen, list[Amendment]]) -> None:
    """A11: two collide together, with their sub-amendments, exactly when they collide among others."""
    base, given_ = debate
    numbers = {x.number for x in given_}
    found = {(x.first, x.second) for x in consolidate(base, given_).collisions}
    assert all(first < second and {first, second} <= numbers for first, second in found)
    for one, other in combinations(given_, 2):
        pair = (one.number, other.number)
        heads = {*pair, one.parent, other.parent}
        family = [x for x in given_ if x.number in heads or x.parent in pair]
        alone = {(x.first, x.second) for x in consolidate(base, family).collisions}
        assert (pair in found) == (pair in alone)


@given(debates())
def test_changes_to_different_clauses_commute(debate: tuple[Frozen, list[Amendment]]) -> None:
    """A10: each clause is as if only the amendments to it had been given."""
    base, given_ = debate
    together = {x.id: x.markdown for x in consolidate(base, given_).clauses}
    for target in base.clauses:
        own = [x for x in given_ if x.clause == target.id and x.aim is not Aim.INSERT and x.parent is None]
        own += [x for x in given_ if x.parent in {parent.number for parent in own}]
        alone = {x.id: x.markdown for x in consolidate(base, own).clauses}
        assert together.get(target.id) == alone.get(target.id)


@given(debates())
def test_every_word_has_one_origin(debate: tuple[Frozen, list[Amendment]]) -> None:
    """A13: the base, of which every word that nobody touched is left, or an amendment that has this word."""
    base, given_ = debate
    kept = without_collisions(base, given_)
    consolidation, planned = consolidate(base, kept), plan(base, kept)
    found = origins(base, kept)
    after = {"": consolidation.title, **{x.id: x.markdown for x in consolidation.clauses}}
    before = {"": base.title, **{x.id: x.markdown for x in base.clauses}}
    assert {id_: said(pieces) for id_, pieces in found.items()} == after
    proposed = {x.number: set(split_words(x.text)) for x in kept}
    for id_, pieces in found.items():
        seams = accumulate(len(text) for text, _ in pieces)
        assert set(seams) <= set(accumulate(len(word) for word in split_words(after[id_])))
        touched = edits_of(planned, id_)
        words = enumerate(split_words(before.get(id_, "")))
        left = [word for n, word in words if not any(edit.start <= n < edit.end for edit in touched)]
        assert visible(said(pieces, 0)) == visible("".join(left))
        assert all(set(split_words(text)) <= proposed[by] for text, by in pieces if by)


def visible(text: str) -> list[str]:
    """The text without spaces."""
    return [word for word in split_words(text) if not word.isspace()]


def said(pieces: Pieces, by: int | None = None) -> str:
    """The words of the pieces with that origin, or of all pieces."""
    return "".join(text for text, origin in pieces if by in (None, origin))


@given(debates())
def test_no_word_is_cut(debate: tuple[Frozen, list[Amendment]]) -> None:
    """A9: each origin holds whole words of the text aimed at, or of the amendment."""
    base, given_ = debate
    kept = without_collisions(base, given_)
    known = {word for x in (*base.clauses, clause("", base.title)) for word in split_words(x.markdown)}
    known |= {word for x in kept for word in split_words(x.text)}
    for pieces in origins(base, kept).values():
        assert {word for text, _ in pieces for word in split_words(text)} <= known


def test_changes_apart_in_one_clause_are_merged() -> None:
    """A9, A10"""
    base = frozen("Demande la fibre pour tous les élus avant 2030.")
    given_ = [
        amendment(1, "Demande la fibre optique pour tous les élus avant 2030."),
        amendment(2, "Demande la fibre pour toutes les élues avant 2030."),
        amendment(3, "Demande la fibre pour tous les élus avant 2028."),
    ]
    for order in permutations(given_):
        consolidation = consolidate(base, order)
        assert texts(consolidation) == ["Demande la fibre optique pour toutes les élues avant 2028."]
        assert consolidation.collisions == ()


def test_the_same_change_proposed_twice_is_made_once() -> None:
    """A11, A13: in the name of the first."""
    base = frozen("Demande la fibre avant 2030.")
    given_ = [amendment(2, "Demande la fibre avant 2028."), amendment(1, "Demande la fibre avant 2028.")]
    assert consolidate(base, given_) == Consolidation(
        base.title, (replace(base.clauses[0], markdown=given_[0].text),), ()
    )
    assert origins(base, given_)["c1"] == (("Demande la fibre avant ", 0), ("2028", 1), (".", 0))
    assert consolidate(base, [amendment(1, aim=Aim.DELETE), amendment(2, aim=Aim.DELETE)]) == Consolidation(
        base.title, (), ()
    )


def test_touching_the_same_words_collides() -> None:
    """A11: the collision names both amendments, the clause and the words."""
    base = frozen("Demande la fibre pour tous.")
    given_ = [
        amendment(7, "Demande le cuivre pour tous."),
        amendment(3, "Demande du débit pour tous."),
    ]
    assert consolidate(base, given_).collisions == (Collision(3, 7, "c1", "la fibre"),)


def test_deleting_a_clause_collides_with_each_that_rewrites_it() -> None:
    """A11, A12"""
    base = frozen("Demande la fibre.")
    deletions = [amendment(1, aim=Aim.DELETE), amendment(4, aim=Aim.DELETE)]
    given_ = [*deletions, amendment(2, "Demande la fibre optique.")]
    assert consolidate(base, given_).collisions == (
        Collision(1, 2, "c1", "Demande la fibre."),
        Collision(2, 4, "c1", "Demande la fibre."),
    )


def test_titles_collide_like_clauses() -> None:
    """A11"""
    base = frozen("Demande la fibre.")
    given_ = [amendment(n, text, "", Aim.TITLE) for n, text in ((1, "Le débit pour tous"), (2, "Le réseau pour tous"))]
    assert consolidate(base, given_).collisions == (Collision(1, 2, "", "numérique"),)


def test_clauses_are_inserted_where_they_were_aimed() -> None:
    """A12, A46: also behind a deleted clause, in the order of their numbers."""
    base = frozen("Un.", "Deux.", "Trois.")
    given_ = [
        amendment(5, "Cinq.", "c2", Aim.INSERT, "demande"),
        amendment(4, "Vu la loi,", "", Aim.INSERT, "visa"),
        amendment(3, "Quatre.", "c2", Aim.INSERT, "demande"),
        amendment(1, "", "c2", Aim.DELETE),
    ]
    consolidation = consolidate(base, given_)
    assert texts(consolidation) == ["Vu la loi,", "Un.", "Quatre.", "Cinq.", "Trois."]
    assert [x.called for x in consolidation.clauses] == ["1", "1", "2 bis", "2 ter", "3"]
    assert [x.id for x in consolidation.clauses] == [inserted_id(4), "c1", inserted_id(3), inserted_id(5), "c3"]
    assert consolidation.collisions == ()


def test_an_inserted_clause_has_an_id_of_its_own() -> None:
    """A12: even where a writer gave a clause the id that an insertion would get."""
    base = replace(frozen("Un."), clauses=(clause(inserted_id(2), "Un."),))
    consolidation = consolidate(base, [amendment(2, "Deux.", "", Aim.INSERT, "demande")])
    assert len({x.id for x in consolidation.clauses}) == 2


def test_a_clause_is_moved_with_what_is_changed_in_it() -> None:
    """A12"""
    base = frozen("Un.", "Deux.", "Trois.")
    given_ = [
        amendment(1, target="c3", aim=Aim.MOVE, after=""),
        amendment(2, "Trois bis.", "c3"),
        amendment(3, "Et demi.", "c3", Aim.INSERT, "demande"),
        amendment(4, target="c1", aim=Aim.MOVE, after="c2"),
    ]
    consolidation = consolidate(base, given_)
    assert texts(consolidation) == ["Trois bis.", "Deux.", "Un.", "Et demi."]
    assert [x.called for x in consolidation.clauses] == ["3", "2", "1", "3 bis"]
    assert consolidation.collisions == ()


def test_what_comes_to_one_place_stands_by_number() -> None:
    """A12: moved and inserted alike; the same move or the same insertion twice is made once (A11)."""
    base = frozen("Un.", "Deux.", "Trois.")
    given_ = [
        amendment(5, target="c1", aim=Aim.MOVE, after="c3"),
        amendment(4, "Quatre.", "c3", Aim.INSERT, "demande"),
        amendment(6, "Six.", "c3", Aim.INSERT, "demande"),
        amendment(7, target="c1", aim=Aim.MOVE, after="c3"),
        amendment(8, "Quatre.", "c3", Aim.INSERT, "demande"),
    ]
    for order in (given_, given_[::-1]):
        consolidation = consolidate(base, order)
        assert texts(consolidation) == ["Deux.", "Trois.", "Quatre.", "Un.", "Six."]
        assert consolidation.collisions == ()


def test_a_clause_is_moved_to_one_place_or_deleted() -> None:
    """A11"""
    base = frozen("Un.", "Deux.")
    given_ = [
        amendment(1, target="c1", aim=Aim.MOVE, after="c2"),
        amendment(2, target="c2", aim=Aim.MOVE, after=""),
        amendment(3, target="c2", aim=Aim.MOVE, after="c2"),
        amendment(4, target="c1", aim=Aim.DELETE),
    ]
    assert consolidate(base, given_).collisions == (Collision(1, 4, "c1", "Un."), Collision(2, 3, "c2", "Deux."))


def test_changes_that_would_make_one_word_collide() -> None:
    """A11, A13: each alone changes another word; together they would make one of two origins."""
    base = frozen("Demande a,b de débit.")
    given_ = [amendment(1, "Demande 3,b de débit."), amendment(2, "Demande a,5 de débit.")]
    (collision,) = consolidate(base, given_).collisions
    assert (collision.first, collision.second) == (1, 2)


def test_a_sub_amendment_is_folded_into_its_amendment() -> None:
    """A18, A13: the words of each keep their origin, and a sub-amendment without its amendment changes nothing."""
    base = frozen("Demande la fibre pour tous.")
    parent = amendment(1, "Demande la fibre optique pour tous avant 2030.")
    subs = [
        amendment(2, "Demande la fibre optique pour tous avant 2028.", parent=1),
        amendment(3, "Demande la fibre optique rapide pour tous avant 2030.", parent=1),
        amendment(4, "Demande des délais.", aim=Aim.INSERT, kind="demande", parent=1),
    ]
    consolidation = consolidate(base, [*subs, parent])
    assert texts(consolidation) == ["Demande la fibre optique rapide pour tous avant 2028.", "Demande des délais."]
    assert origins(base, [parent, *subs])["c1"] == (
        ("Demande la fibre ", 0),
        ("optique ", 1),
        ("rapide ", 3),
        ("pour tous", 0),
        (" avant ", 1),
        ("2028", 2),
        (".", 0),
    )
    assert consolidate(base, subs) == Consolidation(base.title, base.clauses, ())
    rival = amendment(5, "Demande la fibre optique pour tous avant 2029.", parent=1)
    assert [(x.first, x.second, x.words) for x in consolidate(base, [parent, *subs, rival]).collisions] == [
        (2, 5, "2030")
    ]


def test_a_sub_amendment_may_leave_words_that_its_amendment_took_away() -> None:
    """A18: what then differs from the text is what its amendment still changes."""
    base = frozen("Demande la fibre et le câble pour tous les élus.")
    parent = amendment(1, "Demande la fibre pour tous.")
    sub = amendment(2, "Demande la fibre pour tous les élus.", parent=1)
    other = amendment(3, "Demande la fibre et le câble pour tous les maires.")
    assert [(x.first, x.second) for x in consolidate(base, [parent, other]).collisions] == [(1, 3)]
    assert consolidate(base, [parent, sub, other]).collisions == ()
    assert origins(base, [parent, sub])["c1"] == (("Demande la fibre pour tous les élus.", 0),)


def test_an_inserted_clause_is_sub_amended() -> None:
    """A18"""
    base = frozen("Un.")
    parent = amendment(1, "Demande la fibre.", "c1", Aim.INSERT, "demande")
    sub = amendment(2, "Demande la fibre pour tous.", parent=1)
    assert texts(consolidate(base, [parent, sub])) == ["Un.", "Demande la fibre pour tous."]
    assert origins(base, [parent, sub])[inserted_id(1)] == (("Demande la fibre", 1), (" pour tous", 2), (".", 1))


REPEATED = st.lists(st.sampled_from(["le", "car"]), min_size=1, max_size=5).map(" ".join)


@given(REPEATED, REPEATED, REPEATED)
@example("le le", "car car", "le")
@example("car le car", "le", "car")
def test_a_sub_amendment_alone_makes_its_own_words_of_the_text(old: str, proposed: str, wanted: str) -> None:
    """A18: though words are repeated, so that those it has in common with the text at both ends overlap."""
    base, parent = frozen(old), amendment(1, proposed)
    rewritten = replace(amendment(2, wanted, parent=1), spans=(Span(0, proposed, wanted),))
    assert texts(consolidate(base, [parent, rewritten])) == [wanted]
    assert "".join(piece for piece, _ in origins(base, [parent, rewritten])["c1"]) == wanted
