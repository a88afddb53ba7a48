"""The chair puts many amendments in order by one act, with one reason (S24)."""

from __future__ import annotations

import pytest

from deliberation.amendments import arranging, order
from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim
from tests.deliberation.congresses import FOR, ORGANISER, OTHER, Congress, opened


def debated() -> Congress:
    """A congress with seven amendments: 1 rewrites the first clause; 2 to 5 insert after it, 6 at the beginning, 7
    after the second clause.
    """
    congress = opened()
    congress.frozen("Demande la fibre.", "Demande du débit.")
    congress.table("Demande la fibre optique.")
    for n in range(4):
        congress.table(f"Demande un car, ligne {n}.", "c1", Aim.INSERT, "demande")
    congress.table("Vu le code.", "", Aim.INSERT, "visa")
    congress.table("Demande un abri.", "c2", Aim.INSERT, "demande")
    return congress


def called(congress: Congress) -> list[int]:
    return [a.number for a in order.call_order(congress.state, 1)]


def test_amendments_are_called_in_the_order_given_where_the_first_of_them_stood() -> None:
    """S24: each says so, with the one reason."""
    congress = debated()
    assert called(congress) == [6, 1, 2, 3, 4, 5, 7]
    congress.do(ORGANISER, c.ArrangeOrder((5, 3), "Les lignes de nuit ensemble"))
    assert called(congress) == [6, 1, 2, 5, 3, 4, 7]
    places = {x.amendment.number: x for x in order.agenda(congress.state, 1)}
    for n in (5, 3):
        assert "Les lignes de nuit ensemble" in str(places[n].why[0])
    congress.do(ORGANISER, c.ArrangeOrder((4, 2, 3, 5), "Par ligne"))
    assert called(congress) == [6, 1, 4, 2, 3, 5, 7]


def test_the_order_given_holds_for_those_that_still_wait() -> None:
    """S24, S14: one that has its outcome is left out; taken back, the order is what it was."""
    congress = debated()
    congress.do(ORGANISER, c.ArrangeOrder((7, 5, 2), "Le car d’abord"))
    entry = congress.record[-1].index
    congress.vote("amendement-5", FOR)
    assert called(congress) == [6, 1, 7, 2, 3, 4]
    congress.do(ORGANISER, c.RevertAct(entry, "Erreur"))
    assert called(congress) == [6, 1, 2, 3, 4, 7]


def test_sub_amendments_follow_what_was_arranged() -> None:
    """S24, A19"""
    congress = debated()
    congress.do(OTHER, c.TableAmendment(1, Aim.REWRITE, text="Demande un car, ligne 33.", parent=5))
    congress.do(ORGANISER, c.ArrangeOrder((5, 2), "Par ligne"))
    assert called(congress) == [6, 1, 5, 8, 2, 3, 4, 7]
    assert congress.refused(ORGANISER, c.ArrangeOrder((8, 2), "Non")) == "order.sub"


def test_what_is_inserted_at_one_place_is_listed() -> None:
    """S24"""
    groups = arranging.insertions(order.agenda(debated().state, 1))
    assert [[x.amendment.number for x in group] for group in groups] == [[2, 3, 4, 5]]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.ArrangeOrder((2,), "Seul"), "order.too_few"),
        (c.ArrangeOrder((2, 2), "Deux fois"), "order.too_few"),
        (c.ArrangeOrder((2, 99), "Absent"), "amendment.not_found"),
        (c.ArrangeOrder((2, 3), " "), "reason.missing"),
    ],
)
def test_a_bad_arrangement_is_refused(command: c.ArrangeOrder, code: str) -> None:
    """S24"""
    assert debated().refused(ORGANISER, command) == code


def test_what_has_its_outcome_is_not_arranged() -> None:
    """S24: nor by somebody who does not conduct the sitting."""
    congress = debated()
    congress.vote("amendement-2", FOR)
    assert congress.refused(ORGANISER, c.ArrangeOrder((2, 3), "Trop tard")) == "amendment.settled"
    assert congress.refused(OTHER, c.ArrangeOrder((3, 4), "Moi")) == "role.not_allowed"
