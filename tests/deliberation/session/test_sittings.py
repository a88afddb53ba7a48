"""Sittings, who presides, and what the hall discusses (S6, S9, S10)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliberation.congress.people import MAY, may
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.vocabulary import Outcome, PollRule
from tests.deliberation.congresses import AGAINST, ELU, FOR, ORGANISER, OTHER, SCRIBE, SECOND, THIRD, Congress, findings


def test_a_deputy_takes_the_chair_by_one_act_and_gives_it_back(congress: Congress) -> None:
    """S46"""
    congress.do(ORGANISER, c.OpenSitting(ELU))
    assert congress.refused(OTHER, c.TakeChair()) == "sitting.not_deputy"
    assert congress.refused(OTHER, c.NameDeputy(OTHER)) == "role.not_allowed"
    assert congress.refused(ELU, c.NameDeputy(ELU)) == "sitting.unchanged"
    assert congress.refused(ELU, c.NameDeputy(ORGANISER)) == "sitting.chair"
    congress.do(ELU, c.NameDeputy(OTHER))
    state = congress.do(OTHER, c.TakeChair())
    assert (state.chair, state.sitting and state.sitting.deputy) == (OTHER, ELU)
    assert congress.refused(ELU, c.SuspendSitting(1, "Pause")) == "role.not_allowed"
    assert congress.do(ELU, c.TakeChair()).chair == ELU
    assert findings(congress.record) == []
    stolen = [replace(r, actor=THIRD) if r.kind == e.ChairTaken.kind else r for r in congress.record]
    assert "sitting.chair" in findings(stolen)


def test_organisers_call_what_is_discussed(congress: Congress) -> None:
    """S6"""
    congress.frozen()
    congress.table("Autre chose.")
    congress.poll("amendement-1")
    for subject in ("motion-1", "amendement-1", "scrutin-1", ""):
        assert congress.do(ORGANISER, c.CallSubject(subject)).floor == subject
        assert congress.refused(ORGANISER, c.CallSubject(subject)) == "session.unchanged"
    assert congress.refused(ELU, c.CallSubject("motion-1")) == "role.not_allowed"


@pytest.mark.parametrize(
    "subject", ["motion-2", "motion-01", "motion-", "-1", "motion", "temoignage-1", "motion-" + "9" * 5000, "motion-¹"]
)
def test_what_is_called_exists(congress: Congress, subject: str) -> None:
    """S6"""
    congress.frozen()
    congress.say()
    assert congress.refused(ORGANISER, c.CallSubject(subject)) == "session.no_subject"


def test_sittings_follow_one_another(congress: Congress) -> None:
    """S9"""
    congress.frozen()
    congress.table("Autre chose.")
    assert congress.refused(ELU, c.OpenSitting()) == "role.not_allowed"
    assert congress.refused(ORGANISER, c.CloseSitting(1)) == "sitting.none"
    state = congress.do(ORGANISER, c.OpenSitting(ELU))
    assert state.sitting == state.sittings[1]
    assert congress.refused(SECOND, c.OpenSitting()) == "sitting.open"
    congress.do(ORGANISER, c.CallSubject("amendement-1"))
    poll = congress.poll("amendement-1")
    assert congress.refused(ORGANISER, c.CloseSitting(1)) == "sitting.vote_open"
    congress.do(ORGANISER, c.ClosePoll(poll))
    state = congress.do(SECOND, c.CloseSitting(1))
    assert (state.sitting, state.chair, state.floor) == (None, "", "")
    assert state.sittings[1].closed_by == SECOND
    assert congress.do(ORGANISER, c.OpenSitting()).sitting == congress.state.sittings[2]


def test_while_a_sitting_is_suspended_nothing_is_called_or_decided(congress: Congress) -> None:
    """S18: a poll that is open goes on; whoever presides suspends, resumes and closes."""
    congress.frozen()
    congress.table("Autre chose.")
    assert congress.refused(ORGANISER, c.SuspendSitting(1, "Repas")) == "sitting.none"
    congress.do(ORGANISER, c.OpenSitting(ELU))
    poll = congress.poll("amendement-1")
    assert congress.refused(ELU, c.SuspendSitting(1, " ")) == "reason.missing"
    assert congress.refused(ELU, c.ResumeSitting(1)) == "sitting.not_suspended"
    sitting = congress.do(ELU, c.SuspendSitting(1, "Un quart d’heure ")).sitting
    assert sitting is not None
    assert (bool(sitting.suspended), sitting.why) == (True, "Un quart d’heure")
    assert congress.refused(ELU, c.SuspendSitting(1, "Encore")) == "sitting.suspended"
    for held in (c.CallSubject("motion-1"), c.OpenPoll("motion-1"), c.AdmitAmendment(1), c.RevertAct(1, "Erreur")):
        assert congress.refused(ELU, held) == "sitting.suspended"
    congress.do(OTHER, c.CastBallot(poll, FOR))
    congress.do(ELU, c.ClosePoll(poll))
    assert congress.refused(ELU, c.CallSubject("")) == "session.unchanged"
    congress.do(ELU, c.ResumeSitting(1))
    assert congress.do(ELU, c.CallSubject("motion-1", "Il est midi")).floor == "motion-1"
    assert congress.refused(OTHER, c.CloseSitting(1)) == "role.not_allowed"
    congress.do(ELU, c.SuspendSitting(1, "Déjeuner"))
    assert congress.do(ELU, c.CloseSitting(1)).sittings[1].suspended == ""


def test_what_an_author_says_in_the_hall_is_stated_there(congress: Congress) -> None:
    """S19, A5: an act of the chair, which is reverted when the author says otherwise."""
    congress.frozen()
    congress.table("Autre chose.")
    said = c.SettleAmendment(1, Outcome.WITHDRAWN, "Retiré à la demande de son auteure, dite au micro.")
    assert congress.refused(ORGANISER, said) == "sitting.none"
    opened = congress.do(ORGANISER, c.OpenSitting(OTHER)).sitting
    assert opened is not None
    assert opened.first == congress.state.size - 1
    assert congress.do(OTHER, said).amendments[1].outcome is Outcome.WITHDRAWN
    assert congress.refused(ELU, c.WithdrawAmendment(1)) == "amendment.settled"
    act = max(congress.state.acts)
    assert congress.do(OTHER, c.RevertAct(act, "Elle ne retirait qu’une phrase.")).amendments[1].outcome is None


def test_whoever_presides_conducts_and_votes(congress: Congress) -> None:
    """S10, P2"""
    congress.frozen()
    congress.table("Autre chose.")
    conducting = [act for act, who in MAY.items() if "chair" in who]
    assert c.CallSubject in conducting
    assert not any(may(congress.state, ELU, act) for act in conducting)
    congress.do(ORGANISER, c.OpenSitting(ELU))
    assert all(may(congress.state, ELU, act) and not may(congress.state, OTHER, act) for act in conducting)
    congress.do(ELU, c.CallSubject("amendement-1"))
    congress.do(ELU, c.OpenPoll("amendement-1"))
    congress.do(ELU, c.CastBallot(1, FOR))
    assert congress.do(ELU, c.ClosePoll(1)).amendments[1].status == "adopte"
    congress.do(ORGANISER, c.DesignateChair(OTHER))
    assert congress.refused(ELU, c.CallSubject("motion-1")) == "role.not_allowed"
    congress.do(ORGANISER, c.RevokePerson(OTHER, "Fin de mandat"))
    assert not any(may(congress.state, OTHER, act) for act in conducting)


@pytest.mark.parametrize("chair", [ORGANISER, SCRIBE, "p99"])
def test_an_elu_presides(congress: Congress, chair: str) -> None:
    """S10"""
    assert congress.refused(ORGANISER, c.OpenSitting(chair)) == "sitting.chair"
    assert congress.refused(ORGANISER, c.DesignateChair(ELU)) == "sitting.none"
    congress.do(ORGANISER, c.OpenSitting(ELU))
    assert congress.refused(ORGANISER, c.DesignateChair(chair)) == "sitting.chair"
    assert congress.refused(ORGANISER, c.DesignateChair(ELU)) == "sitting.unchanged"
    assert congress.do(ORGANISER, c.DesignateChair("")).chair == ""


@pytest.mark.parametrize(("chair", "carried"), [(ELU, True), (OTHER, False), ("", False)])
def test_a_tie_is_for_whoever_presides(congress: Congress, chair: str, carried: bool) -> None:
    """S10, V6"""
    congress.frozen()
    congress.table("Autre chose.")
    congress.do(ORGANISER, c.OpenSitting(chair))
    state = congress.vote("amendement-1", FOR, AGAINST, rule=PollRule(tie="chair"))
    assert state.polls[1].rule.chair == chair
    assert (state.amendments[1].status == "adopte") is carried
