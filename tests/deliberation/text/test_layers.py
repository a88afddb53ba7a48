"""Amendments to what was adopted meanwhile, merged with those to the frozen text (A59–A61)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim
from deliberation.text import composition, composition_rules, layers, merge
from deliberation.text.layers import Layer
from tests.deliberation.text.test_merge import KINDS, TEXT, amendment, debates, typed_in, without_collisions


@st.composite
def versions(draw: st.DrawFn) -> tuple[Frozen, list[Amendment], list[Amendment]]:
    """A text; amendments adopted one after another, in up to three versions, of which later ones may modify the words
    of earlier ones; and pending amendments.
    """
    base, given_ = draw(debates())
    given_ = [x for x in given_ if x.parent is None]
    adopted: list[Amendment] = []
    waiting: list[Amendment] = []
    number = max((x.number for x in given_), default=0)
    for version in (2, 3, 4):
        fresh = [x for x in given_ if draw(st.booleans())]
        for one in fresh:
            given_.remove(one)
            (adopted if not merge.collisions(base, [*adopted, one]) else waiting).append(one)
        text = as_version(base, adopted, version)
        for _ in range(draw(st.integers(0, 2))):
            number += 1
            given_.append(draw(aimed(text, number, version, adopted)))
    return base, adopted, waiting + given_


def as_version(base: Frozen, adopted: Sequence[Amendment], version: int) -> Frozen:
    consolidation = merge.consolidate(base, adopted)
    return replace(base, version=version, title=consolidation.title, clauses=consolidation.clauses)


@st.composite
def aimed(draw: st.DrawFn, text: Frozen, number: int, version: int, upon: Sequence[Amendment]) -> Amendment:
    """A random amendment to that version."""
    ids = [x.id for x in text.clauses]
    aim = draw(st.sampled_from(list(Aim) if ids else [Aim.TITLE, Aim.INSERT]))
    target = draw(st.sampled_from(["", *ids] if aim is Aim.INSERT else ids)) if aim is not Aim.TITLE else ""
    words = "" if aim in (Aim.DELETE, Aim.MOVE) else draw(TEXT)
    after = draw(st.sampled_from([id_ for id_ in ("", *ids) if id_ != target])) if aim is Aim.MOVE else ""
    kind = draw(KINDS).value if aim is Aim.INSERT else ""
    words = f"{words} {number}" if kind else words  # the same clause twice is made once
    proposed = amendment(number, words, target, aim, kind, after)
    old = {"": text.title, **{x.id: x.markdown for x in text.clauses}}[target] if aim is not Aim.INSERT else ""
    proposed = draw(typed_in(proposed, old)) if draw(st.booleans()) else proposed
    return replace(proposed, version=version, upon=tuple(x.number for x in upon)) if upon else proposed


def read(consolidation: merge.Consolidation) -> tuple[str, list[tuple[str, str]]]:
    return consolidation.title, [(x.id, x.markdown) for x in consolidation.clauses]


@settings(max_examples=300)
@given(versions())
def test_an_amendment_changes_the_version_at_which_it_aims(
    given_: tuple[Frozen, list[Amendment], list[Amendment]],
) -> None:
    """A59: with nothing adopted since, it makes of that version what it would make of it as a frozen text."""
    base, adopted, waiting = given_
    upon = {x.number for x in adopted}
    for one in waiting:
        if one.version and set(one.upon) == upon:
            consolidation = merge.consolidate(base, [*adopted, one])
            assert not consolidation.collisions
            text = as_version(base, adopted, one.version)
            assert read(consolidation) == read(merge.consolidate(text, [one.on_its_text]))


@settings(max_examples=300)
@given(versions(), st.randoms(use_true_random=False))
def test_the_order_of_adoption_does_not_matter(
    given_: tuple[Frozen, list[Amendment], list[Amendment]],
    rng: random.Random,
) -> None:
    """A60: the text follows from which were adopted, whatever versions they aim at."""
    base, adopted, waiting = given_
    kept = [*adopted]
    for one in waiting:
        if {x.number for x in kept} >= set(one.upon) and not merge.collisions(base, [*kept, one]):
            kept.append(one)
    shuffled = rng.sample(kept, len(kept))
    assert merge.consolidate(base, shuffled) == merge.consolidate(base, kept)
    said = {id_: "".join(x.text for x in words) for id_, words in merge.sourced_words(base, kept).items()}
    assert said == dict(read(merge.consolidate(base, kept))[1]) | {"": read(merge.consolidate(base, kept))[0]}


@settings(max_examples=300)
@given(debates())
def test_carrying_edits_to_a_later_version_makes_the_same_words(given_: tuple[Frozen, list[Amendment]]) -> None:
    """A60: of all edits of a passage, some are settled in a version at which nothing aims.

    Words that their authors glued to the next ones may be set apart.
    """
    base, all_ = given_
    kept = without_collisions(base, [x for x in all_ if x.parent is None])
    planned = merge.plan(base, kept)
    composer = composition_rules.of(base.rules)
    for id_, by_version in planned.layers.items():
        text = merge._old(planned, id_)
        numbers = sorted({edit.amendment for edit in by_version[0].edits})
        for upon in (numbers[:1], numbers[1:], numbers[::2]):
            stack = layers.stacked(composer, layers.of_text(text), [by_version[0], Layer(frozenset(upon))])
            expected = composition.composed_text(layers.of_text(text).text, merge.clause_edits(planned, id_))
            composed = "".join(word.word for word in stack.words())
            assert "".join(composed.split()) == "".join(expected.split())
