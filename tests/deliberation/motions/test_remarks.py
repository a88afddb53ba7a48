"""Comments on a draft and suggestions of other words (K1–K5)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Phase
from deliberation.motions.remarks import replies, threads
from deliberation.visibility.views import public_view
from tests.deliberation.congresses import ELU, ORGANISER, OTHER, SCRIBE, VISITOR, Congress, moment, opened

CAR = "Demande un car."


@pytest.fixture
def congress() -> Iterator[Congress]:
    found = opened()
    found.do(ELU, c.CreateMotion("Un titre"))
    found.write(1, c1=CAR)
    yield found
    found.verify()


def test_a_draft_is_commented(congress: Congress) -> None:
    """K1: by all who have a part in it, on the whole or a passage."""
    congress.do(SCRIBE, c.MakeRemark(1, text="  Trop court. "))
    congress.do(ORGANISER, c.MakeRemark(1, "c1", "Quel car ?", quote="un car", anchor="abc"))
    whole, passage = threads(congress.state, 1)
    assert (whole.clause, whole.text, whole.author) == ("", "Trop court.", SCRIBE)
    assert (passage.clause, passage.quote, passage.anchor, passage.status) == ("c1", "un car", "abc", "open")
    assert threads(congress.state, 1, "c1") == (passage,)
    assert congress.refused(VISITOR, c.MakeRemark(1, text="Bravo")) == "person.anonymous"
    assert congress.refused(ELU, c.MakeRemark(1, text=" ")) == "remark.empty"
    assert congress.refused(ELU, c.MakeRemark(2, text="Où ?")) == "motion.not_found"
    assert congress.refused(ELU, c.MakeRemark(1, "zz", "Où ?")) == "remark.no_clause"
    congress.close(Phase.DRAFTING)
    assert congress.refused(ELU, c.MakeRemark(1, text="Trop tard")) == "phase.over"


def test_a_frozen_text_is_commented_no_more(congress: Congress) -> None:
    """K1, K4"""
    congress.do(ELU, c.MakeRemark(1, "c1", proposal="Demande deux cars."))
    congress.do(ORGANISER, c.FreezeMotion(1))
    assert congress.refused(ELU, c.MakeRemark(1, text="Encore")) == "motion.frozen"
    assert congress.refused(ELU, c.SettleRemark(1, "declined")) == "motion.frozen"


def test_answers_make_a_thread(congress: Congress) -> None:
    """K2"""
    congress.do(ELU, c.MakeRemark(1, "c1", "Quel car ?"))
    congress.do(OTHER, c.MakeRemark(1, text="Celui du samedi.", reply_to=1))
    congress.do(ELU, c.MakeRemark(1, text="Merci.", reply_to=2))
    assert [(x.text, x.clause) for x in replies(congress.state, 1)] == [("Celui du samedi.", "c1"), ("Merci.", "c1")]
    assert len(threads(congress.state, 1)) == 1
    assert congress.refused(ELU, c.MakeRemark(1, text="À qui ?", reply_to=9)) == "remark.not_found"
    assert congress.refused(ELU, c.SettleRemark(2, "resolved")) == "remark.not_found"


def test_an_elu_suggests_other_words(congress: Congress) -> None:
    """K3"""
    congress.do(OTHER, c.MakeRemark(1, "c1", "Plus précis", proposal=" Demande un car le samedi. "))
    suggestion = congress.state.remarks[1]
    assert (suggestion.base, suggestion.proposal, suggestion.is_suggestion) == (CAR, "Demande un car le samedi.", True)
    assert congress.refused(ORGANISER, c.MakeRemark(1, "c1", proposal="Rien.")) == "role.elus_only"
    assert congress.refused(ELU, c.MakeRemark(1, "c1", proposal=CAR)) == "remark.unchanged"
    assert congress.refused(ELU, c.MakeRemark(1, "c1", proposal=" ")) == "remark.no_proposal"
    assert congress.refused(ELU, c.MakeRemark(1, "", proposal="Rien.")) == "remark.no_clause"


def test_a_suggestion_is_accepted_or_declined_once(congress: Congress) -> None:
    """K4"""
    congress.do(OTHER, c.MakeRemark(1, "c1", proposal="Demande deux cars."))
    congress.do(OTHER, c.MakeRemark(1, "c1", proposal="Demande trois cars."))
    assert congress.refused(ORGANISER, c.AcceptRemark(1)) == "role.not_allowed"
    assert congress.refused(ORGANISER, c.SettleRemark(1, "declined")) == "role.elus_only"
    assert congress.refused(ELU, c.SettleRemark(1, "accepted")) == "remark.unchanged"
    accepted = congress.do(ELU, c.AcceptRemark(1)).remarks[1]
    assert (accepted.status, accepted.settled_by) == ("accepted", ELU)
    assert congress.do(ELU, c.SettleRemark(2, "declined")).remarks[2].status == "declined"
    assert congress.refused(ELU, c.AcceptRemark(2)) == "remark.settled"


def test_a_comment_is_resolved_and_reopened(congress: Congress) -> None:
    """K4"""
    congress.do(ELU, c.MakeRemark(1, "c1", "Quel car ?"))
    assert congress.refused(ELU, c.AcceptRemark(1)) == "remark.no_suggestion"
    assert congress.refused(ELU, c.SettleRemark(1, "open")) == "remark.unchanged"
    assert congress.do(SCRIBE, c.SettleRemark(1, "resolved")).remarks[1].status == "resolved"
    assert congress.do(ORGANISER, c.SettleRemark(1, "open")).remarks[1].status == "open"


def test_remarks_are_public_but_behind_closed_doors(congress: Congress) -> None:
    """K5, H2"""
    congress.do(ELU, c.MakeRemark(1, "c1", "Quel car ?"))
    congress.do(ORGANISER, c.SecludeDrafting(moment(900), "Sérénité"))
    congress.do(ELU, c.MakeRemark(1, "c1", "Entre nous."))
    shown = public_view(congress.state).remarks
    assert [shown[n].text for n in (1, 2)] == ["Quel car ?", ""]
    congress.do(ORGANISER, c.PublishDrafting("Fini"))
    assert public_view(congress.state).remarks[2].text == "Entre nous."


def test_what_a_person_wrote_in_a_remark_may_be_erased(congress: Congress) -> None:
    """K5, R7"""
    congress.do(ELU, c.MakeRemark(1, "c1", "M. Untel est malade.", quote="un car"))
    erased = congress.erase("remarque-1").remarks[1]
    assert (erased.text, erased.quote, erased.author) == ("", "", ELU)
