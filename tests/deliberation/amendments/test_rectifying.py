"""Rectifications by the author, and co-signatories (A21, A24, A25)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Outcome, Phase, Span, rectified
from tests.deliberation.congresses import ELU, FOR, ORGANISER, OTHER, SCRIBE, THIRD, Congress

TEXT = "Demande la fibre pour tous avant 2030."
PROPOSED = "Demande la fibre pour tous avant 2028."
RECTIFIED = "Demande la fibre pour tous avant 2027."
TOLD = c.TableAmendment(1, Aim.REWRITE, "c1", instruction=" À la fin, avancer la date de deux ans. ")


def debated(congress: Congress) -> Congress:
    congress.frozen(TEXT, "Demande du débit.")
    congress.table(PROPOSED)
    return congress


# Instructions


def test_an_amendment_may_be_told_in_words(congress: Congress) -> None:
    """A21: the hall hears the instruction; the vote is on the exact words, which its author alone writes."""
    congress.frozen(TEXT)
    told = congress.do(ELU, TOLD).amendments[1]
    assert (told.instruction, told.text, told.is_worded) == ("À la fin, avancer la date de deux ans.", "", False)
    congress.do(ORGANISER, c.AdmitAmendment(1))
    congress.do(ORGANISER, c.CallSubject("amendement-1"))
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1")) == "amendment.unworded"
    assert congress.refused(OTHER, c.WordAmendment(1, PROPOSED)) == "amendment.not_author"
    assert congress.refused(SCRIBE, c.WordAmendment(1, PROPOSED)) == "role.elus_only"
    assert congress.refused(ELU, c.WordAmendment(1, TEXT)) == "amendment.unchanged"
    assert congress.refused(ELU, c.WordAmendment(1, "")) == "amendment.empty"
    assert congress.refused(ELU, c.RectifyAmendment(1, PROPOSED)) == "amendment.unworded"
    congress.do(ELU, c.WordAmendment(1, "", (Span(33, "2030", "2028"),)))
    worded = congress.state.amendments[1]
    assert (worded.text, worded.rectified, worded.instruction) == (PROPOSED, 0, told.instruction)
    assert congress.refused(ELU, c.WordAmendment(1, RECTIFIED)) == "amendment.worded"
    state = congress.vote("amendement-1", FOR)
    assert state.motions[1].frozen[1].clauses[0].markdown == PROPOSED


def test_an_instruction_stands_beside_exact_words(congress: Congress) -> None:
    """A21"""
    congress.frozen(TEXT)
    both = congress.do(ELU, replace(TOLD, text=PROPOSED)).amendments[1]
    assert both.is_worded
    assert both.instruction
    assert congress.refused(ELU, replace(TOLD, instruction="x" * 10_001)) == "text.too_long"


# Rectifications


def test_its_author_rectifies_an_amendment(congress: Congress) -> None:
    """A25: the number stays and gains rect.; earlier wordings can be read; adopted, it is so as rectified."""
    debated(congress)
    congress.do(ELU, c.RectifyAmendment(1, RECTIFIED, "Pour l’échéance."))
    amendment = congress.do(ELU, c.RectifyAmendment(1, RECTIFIED.replace("tous", "toutes et tous"))).amendments[1]
    assert (amendment.number, amendment.called, amendment.rectified) == (1, "1 rect. bis", 2)
    assert [(x.text, x.rationale) for x in amendment.earlier] == [
        (PROPOSED, "Parce que."),
        (RECTIFIED, "Pour l’échéance."),
    ]
    assert [x.new for x in amendment.spans] == ["toutes et ", "2027"]
    adopted = congress.vote("amendement-1", FOR).amendments[1]
    assert (adopted.outcome, adopted.status) == (Outcome.ADOPTED, "adopte_rectifie")
    assert congress.refused(ELU, c.RectifyAmendment(1, PROPOSED)) == "amendment.settled"


@pytest.mark.parametrize(
    ("times", "said"),
    [(0, ""), (1, "rect."), (2, "rect. bis"), (3, "rect. ter"), (4, "rect. quater"), (8, "rect. (8)")],
)
def test_rectifications_are_counted_in_latin(times: int, said: str) -> None:
    """A25"""
    assert rectified(times) == said


def test_a_rectification_keeps_the_aim(congress: Congress) -> None:
    """A25: another place for a move, another kind for an insertion; a deletion has nothing to rectify."""
    congress.frozen("Un.", "Deux.", "Trois.")
    congress.do(ELU, c.TableAmendment(1, Aim.MOVE, "c3", after=""))
    moved = congress.do(ELU, c.RectifyAmendment(1, after="c1")).amendments[1]
    assert (moved.aim, moved.clause, moved.after, moved.earlier[0].after) == (Aim.MOVE, "c3", "c1", "")
    inserted = congress.table("Vu la loi,", "", Aim.INSERT, "visa")
    changed = congress.do(ELU, c.RectifyAmendment(inserted, "Considérant la loi,", new_kind="considerant"))
    assert (changed.amendments[2].new_kind, changed.amendments[2].clause) == ("considerant", "")
    congress.table(aim=Aim.DELETE, clause="c2")
    assert congress.refused(ELU, c.RectifyAmendment(3, "Deux !")) == "amendment.nothing_to_rectify"


def test_who_rectifies_and_when(congress: Congress) -> None:
    """A25, P3: its author, in the phases of amendments and vote, not while it is voted."""
    debated(congress)
    rectify = c.RectifyAmendment(1, RECTIFIED)
    assert congress.refused(OTHER, rectify) == "amendment.not_author"
    assert congress.refused(ORGANISER, rectify) == "role.elus_only"
    assert congress.refused(ELU, c.RectifyAmendment(1, PROPOSED, "Parce que.")) == "amendment.unchanged"
    assert congress.refused(ELU, c.RectifyAmendment(1, TEXT)) == "amendment.unchanged"
    assert congress.refused(ELU, c.RectifyAmendment(2, TEXT)) == "amendment.not_found"
    congress.poll("amendement-1")
    assert congress.refused(ELU, rectify) == "amendment.vote_open"
    congress.table("Demande du débit partout.", "c2")
    congress.close(Phase.AMENDMENTS)
    congress.do(ELU, c.RectifyAmendment(2, "Demande du débit pour tous."))
    congress.close(Phase.VOTE)
    assert congress.refused(ELU, c.RectifyAmendment(2, "Demande du débit !")) == "phase.over"


def test_no_words_change_under_a_sub_amendment(congress: Congress) -> None:
    """A25: not while one is pending, nor after one was adopted."""
    debated(congress)
    sub = c.TableAmendment(1, Aim.REWRITE, text=RECTIFIED, parent=1)
    congress.do(OTHER, sub)
    assert congress.refused(ELU, c.RectifyAmendment(1, "Demande tout.")) == "amendment.subs_pending"
    congress.do(OTHER, c.RectifyAmendment(2, PROPOSED.replace("2028", "2026")))
    congress.vote("amendement-2", FOR)
    assert congress.refused(ELU, c.RectifyAmendment(1, "Demande tout.")) == "amendment.amended"
    state = congress.vote("amendement-1", FOR)
    assert state.motions[1].frozen[1].clauses[0].markdown == PROPOSED.replace("2028", "2026")


# Co-signatories


def test_elus_sign_what_another_tabled(congress: Congress) -> None:
    """A24: once each, until the vote, and their signature is theirs to take back."""
    debated(congress)
    assert congress.refused(ELU, c.SignAmendment(1)) == "signature.author"
    assert congress.refused(SCRIBE, c.SignAmendment(1)) == "role.elus_only"
    congress.do(OTHER, c.SignAmendment(1))
    assert congress.do(THIRD, c.SignAmendment(1)).amendments[1].signatures == (OTHER, THIRD)
    assert congress.refused(OTHER, c.SignAmendment(1)) == "signature.given"
    assert congress.do(OTHER, c.UnsignAmendment(1)).amendments[1].signatures == (THIRD,)
    assert congress.refused(OTHER, c.UnsignAmendment(1)) == "signature.none"
    assert congress.refused(OTHER, c.SignAmendment(2)) == "amendment.not_found"
    congress.do(ELU, c.RectifyAmendment(1, RECTIFIED))
    assert congress.state.amendments[1].signatures == (THIRD,)
    congress.poll("amendement-1")
    assert congress.refused(OTHER, c.SignAmendment(1)) == "amendment.vote_open"
    assert congress.refused(THIRD, c.UnsignAmendment(1)) == "amendment.vote_open"
    congress.do(ORGANISER, c.ClosePoll(1))
    assert congress.refused(THIRD, c.UnsignAmendment(1)) == "amendment.settled"


def test_a_congress_may_ask_for_cosignatories(congress: Congress) -> None:
    """A24: with fewer, an amendment is not admitted, called or voted."""
    debated(congress)
    congress.do(ORGANISER, c.ChangeCongress("Essai", "", "", True, cosignatures=2))
    congress.do(OTHER, c.SignAmendment(1))
    examining = (c.AdmitAmendment(1), c.CallSubject("amendement-1"), c.OpenPoll("amendement-1"))
    for act in examining:
        assert congress.refused(ORGANISER, act) == "amendment.unsupported"
    assert "1 sur 2" in str(congress.ask(ORGANISER, examining[0]))
    congress.do(THIRD, c.SignAmendment(1))
    for act in examining:
        congress.do(ORGANISER, act)


@pytest.mark.parametrize("number", [-1, 1001])
def test_the_number_of_cosignatories_is_bounded(congress: Congress, number: int) -> None:
    """A24"""
    asked = c.ChangeCongress("Essai", "", "", True, cosignatures=number)
    assert congress.refused(ORGANISER, asked) == "congress.cosignatures"
