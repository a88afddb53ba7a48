"""The order of call (A7)."""

from __future__ import annotations

from deliberation import commands as c
from deliberation.order import call_order
from deliberation.vocabulary import Aim
from tests.deliberation.congresses import ELU, FOR, Congress


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
