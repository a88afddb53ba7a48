"""Who may do what (P1–P6)."""

from __future__ import annotations

import pytest

from deliberation.congress import people
from deliberation.decide import RULES
from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Choice, Phase, Role, Speaker
from tests.deliberation.congresses import (
    CONGRESS,
    ELU,
    ORGANISER,
    OTHER,
    SCRIBE,
    SECOND,
    THIRD,
    VISITOR,
    Congress,
)

WRITING: list[c.Command] = [
    c.WriteText(1, "AAA=", (7,), ()),
    c.TableAmendment(1, Aim.DELETE, "c1"),
    c.WithdrawAmendment(1),
    c.CastBallot(1, Choice.FOR),
]


def test_people_are_numbered_in_order_of_arrival(congress: Congress) -> None:
    """P1"""
    state = congress.do(ORGANISER, c.InvitePerson("  Zoé\n Dupont ", Role.ELU, "adjointe", "Vallon", "12345"))
    assert list(state.people) == ["p1", "p2", "p3", "p4", "p5", "p6", "p7"]
    found = state.people["p7"]
    assert (found.name, found.role, found.mandate, found.collectivity) == ("Zoé Dupont", Role.ELU, "adjointe", "Vallon")


def test_a_name_can_be_corrected(congress: Congress) -> None:
    """P1: the role and the pseudonym stay."""
    state = congress.do(ORGANISER, c.CorrectPerson(ELU, "Élise Martin", "maire"))
    assert (state.people[ELU].name, state.people[ELU].role) == ("Élise Martin", Role.ELU)
    assert len(state.people[ELU].entries) == 2
    assert congress.refused(ORGANISER, c.CorrectPerson("p99", "Personne")) == "person.not_found"


@pytest.mark.parametrize("name", ["", "  \n", "\u200b", "\x00\x1f"])
def test_a_person_has_a_name_that_can_be_read(congress: Congress, name: str) -> None:
    """P1, S5"""
    assert congress.refused(ORGANISER, c.InvitePerson(name, Role.ELU)) == "person.name_missing"
    assert congress.refused(ORGANISER, c.CorrectPerson(ELU, name)) == "person.name_missing"


@pytest.mark.parametrize("field", ["person_name", "mandate", "collectivity", "code"])
def test_what_is_said_of_a_person_has_a_length(congress: Congress, field: str) -> None:
    """S5"""
    invitation = c.InvitePerson(**{"person_name": "Zoé", "role": Role.ELU, field: "x" * 301})  # type: ignore[arg-type]
    assert congress.refused(ORGANISER, invitation) == "text.too_long"


def test_every_command_has_a_rule_and_a_role() -> None:
    """P2: the table names every command, and each is for somebody."""
    assert set(people.MAY) == set(RULES) == set(c.NAMES.values())
    assert all(people.MAY.values())


@pytest.mark.parametrize("actor", ["p99", "", "server", "p0", "admin"])
def test_an_unknown_person_may_do_nothing(congress: Congress, actor: str) -> None:
    """P2"""
    assert congress.refused(actor, c.SubmitTestimony(text="Bonjour")) == "person.unknown"
    assert congress.refused(actor, c.SetPhase(Phase.VOTE)) == "person.unknown"


@pytest.mark.parametrize("command", WRITING, ids=lambda command: command.name)
@pytest.mark.parametrize("actor", [ORGANISER, SECOND, SCRIBE, VISITOR])
def test_only_elus_write_amend_and_vote(congress: Congress, actor: str, command: c.Command) -> None:
    """P3"""
    congress.frozen()
    congress.table("Demande la fibre partout.")
    congress.poll("amendement-1")
    expected = "person.anonymous" if actor == VISITOR else "role.elus_only"
    assert congress.refused(actor, command) == expected


def test_elus_do_not_run_the_session(congress: Congress) -> None:
    """P2"""
    number = congress.frozen()
    for command in (c.SetPhase(Phase.VOTE), c.OpenPoll(f"motion-{number}"), c.PublishTestimony(1), c.FreezeMotion(1)):
        assert congress.refused(ELU, command) == "role.not_allowed"


def test_a_visitor_testifies_revises_it_by_its_link_and_nothing_else(congress: Congress) -> None:
    """P4, T22"""
    own = {c.SubmitTestimony, c.ChangeNaming, c.CorrectTestimony, c.WithdrawTestimony}
    for command in people.MAY:
        allowed = people.may(congress.state, VISITOR, command)
        assert allowed == (command in own)


def test_access_is_withdrawn_with_a_reason(congress: Congress) -> None:
    """P5: what the person did stays."""
    congress.say()
    assert congress.refused(ORGANISER, c.RevokePerson(ELU, " ")) == "reason.missing"
    state = congress.do(ORGANISER, c.RevokePerson(ELU, "Fin de mandat"))
    assert (state.people[ELU].revoked, state.people[ELU].revoked_reason) == (True, "Fin de mandat")
    assert state.testimonies[1].author == ELU
    assert congress.refused(ELU, c.SubmitTestimony(text="Encore")) == "person.unknown"
    assert congress.refused(ORGANISER, c.RevokePerson(ELU, "Encore")) == "person.already_revoked"
    assert congress.refused(ORGANISER, c.RevokePerson("p99", "Qui ?")) == "person.not_found"


def test_an_organiser_keeps_their_own_access(congress: Congress) -> None:
    """P5: somebody can always run the session."""
    assert congress.refused(ORGANISER, c.RevokePerson(ORGANISER, "Je pars")) == "person.revokes_self"
    congress.do(ORGANISER, c.RevokePerson(SECOND, "Fin de mission"))
    assert congress.refused(SECOND, c.RevokePerson(ORGANISER, "Non")) == "person.unknown"


def test_the_congress_imports_but_does_not_vote(congress: Congress) -> None:
    """P6"""
    congress.do(CONGRESS, c.SubmitTestimony(text="Lettre reçue", speaker=Speaker("Anne"), consent=True))
    assert congress.state.testimonies[1].author == CONGRESS
    congress.frozen()
    poll = congress.poll("motion-1")
    assert congress.refused(CONGRESS, c.CastBallot(poll, Choice.FOR)) == "role.elus_only"
    assert congress.refused(CONGRESS, c.ClosePoll(poll)) == "poll.not_due"


def test_nobody_creates_a_congress_or_declares_a_gap_but_the_congress(congress: Congress) -> None:
    """P6"""
    for actor in (ORGANISER, ELU, SCRIBE):
        assert congress.refused(actor, c.DeclareGap(99, "Disque perdu")) == "role.not_allowed"


def test_electorate_is_every_elu_whose_access_stands(congress: Congress) -> None:
    """V2"""
    congress.do(ORGANISER, c.RevokePerson(OTHER, "Fin de mandat"))
    assert people.electorate(congress.state.people.values()) == (ELU, THIRD)
