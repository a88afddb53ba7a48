"""Amendments to a frozen text: tabled, admitted, settled (A1–A6, A8, A14)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliberation.amendments.amendments import WITHOUT_VOTE
from deliberation.amendments.lifecycle import LIFE
from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Outcome, Phase
from tests.deliberation.congresses import (
    AGAINST,
    ELU,
    FOR,
    ORGANISER,
    OTHER,
    Congress,
)

REWRITE = c.TableAmendment(1, Aim.REWRITE, "c1", "Demande la fibre partout.", "Parce que.")


def test_an_amendment_aims_at_the_frozen_text(congress: Congress) -> None:
    """A1"""
    congress.do(ELU, c.CreateMotion("Le numérique"))
    congress.write(1, c1="Demande la fibre.")
    assert congress.refused(ELU, REWRITE) == "motion.not_frozen"
    congress.do(ORGANISER, c.FreezeMotion(1))
    amendment = congress.do(ELU, REWRITE).amendments[1]
    assert (amendment.number, amendment.base, amendment.author, amendment.status) == (1, 1, ELU, "tabled")
    assert (amendment.text, amendment.rationale) == (REWRITE.text, REWRITE.rationale)
    assert congress.refused(ELU, replace(REWRITE, motion=2)) == "motion.not_found"


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        (c.TableAmendment(1, Aim.DELETE, "c1", "Des mots"), ("c1", "", "")),
        (c.TableAmendment(1, Aim.REWRITE, "c1", " Demande\r\nmieux. ", new_kind="visa"), ("c1", "Demande\nmieux.", "")),
        (c.TableAmendment(1, Aim.INSERT, "c1", "Vu la loi,", new_kind="visa"), ("c1", "Vu la loi,", "visa")),
        (c.TableAmendment(1, Aim.INSERT, "", "Vu la loi,", new_kind="visa"), ("", "Vu la loi,", "visa")),
        (c.TableAmendment(1, Aim.TITLE, "c1", " La fibre\n pour tous "), ("", "La fibre pour tous", "")),
    ],
    ids=lambda value: value.aim.value if isinstance(value, c.TableAmendment) else "",
)
def test_each_aim_keeps_what_it_needs(
    congress: Congress, command: c.TableAmendment, kept: tuple[str, str, str]
) -> None:
    """A1, A3"""
    congress.frozen()
    amendment = congress.do(ELU, command).amendments[1]
    assert (amendment.clause, amendment.text, amendment.new_kind) == kept


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(REWRITE, clause="c9"), "amendment.no_clause"),
        (replace(REWRITE, clause=""), "amendment.no_clause"),
        (replace(REWRITE, aim=Aim.DELETE, clause=""), "amendment.no_clause"),
        (replace(REWRITE, aim=Aim.INSERT, clause="c9", new_kind="visa"), "amendment.no_clause"),
        (replace(REWRITE, aim=Aim.INSERT), "amendment.no_kind"),
        (replace(REWRITE, aim=Aim.INSERT, new_kind="article"), "amendment.no_kind"),
        (replace(REWRITE, text=" \n\x00"), "amendment.empty"),
        (replace(REWRITE, aim=Aim.TITLE, text="\u200b"), "amendment.empty"),
        (replace(REWRITE, text=" Demande la fibre.\r\n"), "amendment.unchanged"),
        (replace(REWRITE, aim=Aim.TITLE, text="Le numérique  pour tous"), "amendment.unchanged"),
        (replace(REWRITE, text="x" * 10_001), "text.too_long"),
        (replace(REWRITE, aim=Aim.TITLE, text="x" * 301), "text.too_long"),
        (replace(REWRITE, rationale="x" * 10_001), "text.too_long"),
        (replace(REWRITE, late_reason="x" * 10_001), "text.too_long"),
    ],
)
def test_an_amendment_proposes_other_words(congress: Congress, command: c.TableAmendment, code: str) -> None:
    """A3, S5"""
    congress.frozen()
    assert congress.refused(ELU, command) == code


def test_amendments_are_tabled_in_time(congress: Congress) -> None:
    """A2"""
    congress.frozen()
    congress.close(Phase.VOTE)
    assert congress.do(ELU, replace(REWRITE, late_reason="En avance")).amendments[1].late_reason == ""
    congress.close(Phase.AMENDMENTS)
    assert congress.refused(ELU, replace(REWRITE, late_reason="En retard")) == "phase.over"


def test_a_late_amendment_is_tabled_in_session_with_its_reason(congress: Congress) -> None:
    """A2"""
    congress.frozen()
    congress.close(Phase.AMENDMENTS)
    assert congress.refused(ELU, REWRITE) == "amendment.late_reason_missing"
    late = replace(REWRITE, late_reason=" L’annonce est de ce matin. ")
    assert congress.do(ELU, late).amendments[1].late_reason == "L’annonce est de ce matin."


def test_none_is_tabled_while_the_whole_is_put_to_the_vote(congress: Congress) -> None:
    """A2: else the motion could be decided with an amendment pending."""
    congress.frozen()
    poll = congress.poll("motion-1")
    assert congress.refused(ELU, REWRITE) == "motion.vote_open"
    congress.do(ORGANISER, c.ClosePoll(poll))
    assert congress.refused(ELU, REWRITE) == "motion.not_frozen"


@pytest.mark.parametrize("status", ["tabled", "admitted", "reserved", *(outcome.value for outcome in Outcome)])
def test_a_life_follows_its_table(congress: Congress, status: str) -> None:
    """A4, S11: what may happen from each status, and nothing after an outcome."""
    congress.frozen("Demande la fibre.", "Demande du débit.")
    congress.table(aim=Aim.DELETE, clause="c2")
    congress.vote("amendement-1", FOR)
    number = congress.table(REWRITE.text)
    reach(congress, number, status)
    assert congress.state.amendments[number].status == status
    acts: list[tuple[str, c.Command]] = [
        (ORGANISER, c.AdmitAmendment(number)),
        (ELU, c.WithdrawAmendment(number)),
        (ORGANISER, c.SettleAmendment(number, Outcome.MOOT, "Rien")),
        (ORGANISER, c.ReserveAmendment(number, "Plus tard")),
        (ORGANISER, c.CallSubject(f"amendement-{number}")),
        (ORGANISER, c.OpenPoll(f"amendement-{number}")),
    ]
    settled = status in set(Outcome)
    for actor, act in acts:
        if type(act) in LIFE[status]:
            assert isinstance(congress.ask(actor, act), tuple)
        else:
            assert congress.refused(actor, act) == ("amendment.settled" if settled else "amendment.not_now")
    if settled:
        assert congress.refused(ORGANISER, c.OpenPoll(f"amendement-{number}")) == "amendment.settled"
    assert congress.state.amendments[number].number == number


def reach(congress: Congress, number: int, status: str) -> None:
    """Brings a tabled amendment into that status; amendment 1 is adopted."""
    if status == "admitted":
        congress.do(ORGANISER, c.AdmitAmendment(number))
    elif status == Outcome.WITHDRAWN:
        congress.do(ELU, c.WithdrawAmendment(number))
    elif status in (Outcome.ADOPTED, Outcome.REJECTED):
        congress.vote(f"amendement-{number}", FOR if status == Outcome.ADOPTED else AGAINST)
    elif status == "reserved":
        congress.do(ORGANISER, c.ReserveAmendment(number, "Plus tard"))
    elif status != "tabled":
        if status == Outcome.NOT_MOVED:
            congress.do(ORGANISER, c.CallSubject(f"amendement-{number}"))
        congress.do(ORGANISER, c.SettleAmendment(number, Outcome(status), "Voilà pourquoi", because_of=1))


def test_nothing_moves_it_while_it_is_voted(congress: Congress) -> None:
    """A4"""
    congress.frozen()
    congress.table(REWRITE.text)
    congress.poll("amendement-1")
    for actor, act in (
        (ELU, c.WithdrawAmendment(1)),
        (ORGANISER, c.AdmitAmendment(1)),
        (ORGANISER, c.SettleAmendment(1, Outcome.FALLEN, "Non")),
    ):
        assert congress.refused(actor, act) == "amendment.vote_open"


def test_its_author_withdraws_it(congress: Congress) -> None:
    """A5"""
    congress.frozen()
    congress.table(REWRITE.text)
    assert congress.refused(OTHER, c.WithdrawAmendment(1)) == "amendment.not_author"
    assert congress.refused(ELU, c.WithdrawAmendment(2)) == "amendment.not_found"
    assert congress.refused(ELU, c.WithdrawAmendment(1, "x" * 10_001)) == "text.too_long"
    amendment = congress.do(ELU, c.WithdrawAmendment(1)).amendments[1]
    assert (amendment.outcome, amendment.settled_by) == (Outcome.WITHDRAWN, ELU)
    assert amendment.reason == "Retiré par son auteur."


@pytest.mark.parametrize("outcome", sorted(WITHOUT_VOTE))
def test_an_outcome_without_a_vote_has_a_public_reason(congress: Congress, outcome: Outcome) -> None:
    """A6"""
    congress.frozen("Demande la fibre.", "Demande du débit.")
    congress.do(ORGANISER, c.OpenSitting())
    congress.table(aim=Aim.DELETE, clause="c2")
    congress.vote("amendement-1", FOR)
    congress.table(REWRITE.text)
    if outcome is Outcome.NOT_MOVED:
        assert congress.refused(ORGANISER, c.SettleAmendment(2, outcome, "Voilà")) == "amendment.not_called"
        congress.do(ORGANISER, c.CallSubject("amendement-2"))
    assert congress.refused(ORGANISER, c.SettleAmendment(2, outcome, " ")) == "reason.missing"
    assert congress.refused(ELU, c.SettleAmendment(2, outcome, "Voilà")) == "role.not_allowed"
    amendment = congress.do(ORGANISER, c.SettleAmendment(2, outcome, " Voilà ", because_of=1)).amendments[2]
    assert (amendment.outcome, amendment.reason, amendment.because_of) == (outcome, "Voilà", 1)
    assert (amendment.settled_by, amendment.poll) == (ORGANISER, None)


@pytest.mark.parametrize("outcome", [Outcome.ADOPTED, Outcome.REJECTED])
def test_other_outcomes_are_not_for_organisers(congress: Congress, outcome: Outcome) -> None:
    """A6, P3"""
    congress.frozen()
    congress.table(REWRITE.text)
    assert congress.refused(ORGANISER, c.SettleAmendment(1, outcome, "Voilà")) == "amendment.needs_vote"


def test_what_falls_names_an_adopted_amendment_to_the_same_motion(congress: Congress) -> None:
    """A6"""
    congress.frozen()
    congress.table(aim=Aim.TITLE, text="Le débit pour tous")
    congress.vote("amendement-1", FOR)
    congress.frozen()
    congress.table(REWRITE.text)
    congress.table("Demande du débit.")
    for because_of, code in (
        (None, "amendment.needs_cause"),
        (1, "amendment.not_found"),
        (2, "amendment.not_found"),
        (3, "amendment.needs_cause"),
        (9, "amendment.not_found"),
    ):
        assert congress.refused(ORGANISER, c.SettleAmendment(2, Outcome.FALLEN, "Voilà", because_of)) == code


def test_no_poll_opens_on_a_collision(congress: Congress) -> None:
    """A14: with what is adopted, or being voted; the words are named."""
    congress.frozen("Demande la fibre pour tous.")
    congress.table("Demande le câble pour tous.")
    congress.table("Demande le cuivre pour tous.")
    congress.table("Demande la fibre pour toutes et tous.")
    congress.table(aim=Aim.DELETE)
    poll = congress.poll("amendement-2")
    congress.poll("amendement-3")
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1")) == "amendment.collides"
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-4")) == "amendment.collides"
    assert "en cours de vote" in str(congress.ask(ORGANISER, c.OpenPoll("amendement-4")))
    congress.do(ELU, c.CastBallot(poll, FOR))
    congress.do(ORGANISER, c.ClosePoll(poll))
    refused = congress.ask(ORGANISER, c.OpenPoll("amendement-1"))
    assert "L’amendement n° 2, adopté, change déjà les mêmes mots : « la fibre »." in str(refused)


def test_a_rejected_amendment_stands_in_nobodys_way(congress: Congress) -> None:
    """A14"""
    congress.frozen()
    congress.table("Demande le cuivre.")
    congress.table("Demande du débit.")
    congress.vote("amendement-1", AGAINST)
    state = congress.vote("amendement-2", FOR)
    assert [state.amendments[n].outcome for n in (1, 2)] == [Outcome.REJECTED, Outcome.ADOPTED]
