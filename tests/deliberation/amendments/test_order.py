"""The order of call (A7)."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.amendments.order import agenda, call_order, computed, distance
from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim
from deliberation.motions.motions import base_of
from tests.deliberation.congresses import ELU, FOR, Congress, opened


def test_along_the_text_and_on_one_passage_from_the_farthest(congress: Congress) -> None:
    """A7: deletions, rewritings, additions, then the order of tabling."""
    congress.frozen("Un.", "Deux.")
    expected = [
        congress.table("Un autre titre", "", Aim.TITLE),
        congress.table("Vu la loi,", "", Aim.INSERT, "visa"),
        congress.table("", "c1", Aim.DELETE),
        congress.table("Un !", "c1"),
        congress.table("Un ?", "c1"),
        congress.table("Un et demi.", "c1", Aim.INSERT, "demande"),
        congress.table("", "c2", Aim.DELETE),
        congress.table("Deux !", "c2"),
    ]
    assert [x.number for x in call_order(congress.state, 1)] == expected


def test_the_order_of_tabling_comes_last(congress: Congress) -> None:
    """A7"""
    congress.frozen("Un.", "Deux.")
    addition = congress.table("Un et demi.", "c1", Aim.INSERT, "demande")
    second = congress.table("Deux !", "c2")
    rewriting = congress.table("Un !", "c1")
    deletion = congress.table("", "c1", Aim.DELETE)
    title = congress.table("Un autre titre", "", Aim.TITLE)
    assert [x.number for x in call_order(congress.state, 1)] == [title, deletion, rewriting, addition, second]


def test_only_pending_amendments_to_that_motion_are_called(congress: Congress) -> None:
    """A7"""
    congress.frozen()
    congress.table("Un !")
    congress.table("Un ?")
    congress.table("Un.")
    congress.vote("amendement-1", FOR)
    congress.do(ELU, c.WithdrawAmendment(2))
    congress.frozen()
    congress.table("Autre.")
    assert [[x.number for x in call_order(congress.state, motion)] for motion in (1, 2)] == [[3], [4]]


def test_nothing_is_called_on_a_draft(congress: Congress) -> None:
    """A7"""
    congress.do(ELU, c.CreateMotion("Le numérique"))
    assert call_order(congress.state, 1) == ()


@pytest.mark.parametrize(
    ("after", "rank"),
    [
        ("Demande des écrans.", 1),
        ("Demande à tous la fibre.", 2),
        ("Demande la fibre partout.", 3),
        ("Demande la fibre partout", 3),
        ("Demande partout la fibre et le câble.", 2),
    ],
)
def test_opposing_comes_before_cutting_in_and_adding(after: str, rank: int) -> None:
    """A7"""
    assert distance("Demande la fibre.", after).rank == rank


def test_the_farthest_is_called_first(congress: Congress) -> None:
    """A7: most words first among those that oppose; each place has its reason."""
    congress.frozen("Demande la fibre avant la fin de 2028.")
    little = congress.table("Demande la fibre avant la fin de 2027.")
    added = congress.table("Demande la fibre avant la fin de 2028 au plus tard.")
    cutting = congress.table("Demande partout la fibre avant la fin de 2028.")
    much = congress.table("Demande le câble avant 2027.")
    twin = congress.table("Demande  la fibre avant la fin de 2027.")
    places = agenda(congress.state, 1)
    assert [place.amendment.number for place in places] == [much, little, twin, cutting, added]
    said = [str(place.why[0]) for place in places]
    assert [text.split(" ")[0] for text in said] == ["S’oppose", "S’oppose", "Identique", "S’intercale", "S’ajoute"]
    assert (places[1].same, places[2].same) == ((twin,), (little,))


TEXTS = st.sampled_from(["", "Un.", "Un et deux.", "Un et un.", "Deux.", "Trois !", "Un  et deux."])
TABLED = st.lists(st.tuples(st.sampled_from(Aim), st.sampled_from(["c1", "c2"]), TEXTS), min_size=1, max_size=9)


@given(TABLED, st.integers(0, 99))
def test_the_order_is_total_and_the_same_whatever_the_order_given(
    tabled: list[tuple[Aim, str, str]], seed: int
) -> None:
    """A7"""
    congress = opened()
    congress.frozen("Un et deux.", "Deux.")
    for aim, clause, text in tabled:
        asked = congress.ask(ELU, c.TableAmendment(1, aim, clause, text, "", "demande"))
        if isinstance(asked, tuple):
            congress.keep(ELU, asked)
    waiting = list(congress.state.amendments.values())
    base = base_of(congress.state.motions[1])
    assert base is not None
    expected = computed(base, waiting)
    assert sorted(place.amendment.number for place in expected) == sorted(a.number for a in waiting)
    assert all(place.why and str(place.why[0]) for place in expected)
    Random(seed).shuffle(waiting)
    assert computed(base, waiting) == expected
