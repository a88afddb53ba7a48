"""The order of call (A7)."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.amendments.distance import distance
from deliberation.amendments.order import agenda, call_order, computed
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


def called(congress: Congress) -> list[int]:
    return [x.number for x in call_order(congress.state, 1)]


def test_inside_a_passage_the_place_of_the_first_change_comes_first(congress: Congress) -> None:
    """A7: additions at one place before changes of the words behind it; each place has its reason."""
    congress.frozen("Demande la fibre avant la fin de 2028.")
    little = congress.table("Demande la fibre avant la fin de 2027.")
    added = congress.table("Demande la fibre avant la fin de 2028 au plus tard.")
    cutting = congress.table("Demande partout la fibre avant la fin de 2028.")
    much = congress.table("Demande le câble avant 2027.")
    less = congress.table("Demande le câble avant la fin de 2028.")
    twin = congress.table("Demande  la fibre avant la fin de 2027.")
    places = agenda(congress.state, 1)
    assert [place.amendment.number for place in places] == [cutting, much, less, little, twin, added]
    said = [str(place.why[0]) for place in places]
    assert [("ajoute sans" in text, "les mêmes mots" in text) for text in said] == [
        (True, False),
        (False, True),
        (False, True),
        (False, True),
        (False, False),
        (True, False),
    ]
    assert (places[3].same, places[4].same) == ((twin,), (little,))


def test_the_deletion_and_the_rewriting_of_the_whole_come_first(congress: Congress) -> None:
    """A7"""
    congress.frozen("Demande la fibre avant la fin de 2028.")
    first = congress.table("Exige la fibre avant la fin de 2028.")
    whole = congress.table("Veut du débit pour toutes les écoles !")
    deletion = congress.table("", "c1", Aim.DELETE)
    assert called(congress) == [deletion, whole, first]
    assert distance("Demande la fibre.", "Demande la fibre, vite !").whole is False
    assert distance("Demande la fibre.", "Veut du débit pour tous.").whole, "the stop at the end stays"


@pytest.mark.parametrize(
    ("figures", "expected"),
    [(["150", "90", "300"], [3, 1, 2]), (["1\u202f000", "99,5", "101"], [1, 3, 2]), (["cent", "200"], [2, 1])],
)
def test_competing_amounts_go_from_the_farthest(congress: Congress, figures: list[str], expected: list[int]) -> None:
    """A7"""
    congress.frozen("Demande 100 euros.")
    for figure in figures:
        congress.table(f"Demande {figure} euros.")
    assert called(congress) == expected


def test_what_is_added_at_one_place_goes_by_the_article_that_it_names(congress: Congress) -> None:
    """A64: clauses, and words inside one; what names none comes after, in the order of tabling."""
    congress.frozen("Demande la fibre.", "Deux.")
    said = [
        "Demande du débit.",
        "Demande l’abrogation de l’article 12 de la loi n° 2016-1321.",
        "Demande l’abrogation de l’article L. 33-11 du code des postes.",
        "Demande l’abrogation de l’article L. 33-6 du code des postes.",
        "Demande des cartes.",
    ]
    numbers = [congress.table(text, "c1", Aim.INSERT, "demande") for text in said]
    expected = [numbers[n] for n in (3, 2, 1, 0, 4)]
    assert called(congress) == expected
    reasons = [[str(why) for why in place.why] for place in agenda(congress.state, 1)]
    assert [any("l’article de code" in why for why in each) for each in reasons] == [True, True, True, False, False]
    words = ["", ", par l’article 9 du code civil", ", par l’article 8 du code civil"]
    inside = [congress.table(f"Demande la fibre{each or ' optique'}.") for each in words]
    assert called(congress) == [inside[2], inside[1], inside[0], *expected]


def test_what_differs_by_typography_alone_is_called_together(congress: Congress) -> None:
    """A65"""
    congress.frozen("Demande la fibre.", "Deux.")
    first = congress.table("Demande l'égalité.", "c1", Aim.INSERT, "demande")
    other = congress.table("Demande des cartes.", "c1", Aim.INSERT, "demande")
    alike = congress.table("Demande l’égalité", "c1", Aim.INSERT, "demande")
    assert called(congress) == [first, alike, other]


def test_a_sub_amendment_is_called_after_its_amendment(congress: Congress) -> None:
    """A19"""
    congress.frozen("Demande la fibre.", "Deux.")
    parent, other = congress.table("Demande la fibre optique."), congress.table("Trois.", "c2")
    congress.do(ELU, c.TableAmendment(1, Aim.REWRITE, text="Demande la fibre optique rapide.", parent=parent))
    assert called(congress) == [parent, 3, other]


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
