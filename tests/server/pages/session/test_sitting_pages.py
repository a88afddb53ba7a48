"""The chair conducts from the page of the sitting, and needs none of the organisers' pages (P2, S10, S15)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Choice, ClauseKind, Draft, Outcome, Phase, PollRule, Role
from server.imports.importing import import_command
from tests.server.browsing import Site, Visitor, site

SEANCE = "/c/essai/seance"
OPENINGS = ("ouvrir", "groupe", "division", "election", "tour")


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Site]:
    """A congress with an organiser (p1), and a frozen motion of three clauses."""
    with site(tmp_path) as found:
        found.do(c.InvitePerson("Olga Orsini", Role.ORGANISER))
        for phase in (Phase.AMENDMENTS, Phase.VOTE):
            found.do(c.SetPhase(phase, "2020-01-01T00:00:00.000Z"), "p1")
        drafts = [Draft(ClauseKind.DEMANDE, f"Demande que la chose n° {n} soit faite.") for n in range(3)]
        found.do(import_command("Une motion", drafts))
        found.do(c.FreezeMotion(1), "p1")
        yield found


def presiding(hall: Site) -> Visitor:
    chair = hall.member(Role.ELU, "Chantal Chevrier")
    for clause in hall.state().motions[1].frozen[0].clauses:
        hall.do(c.TableAmendment(1, Aim.REWRITE, clause.id, f"{clause.markdown} Vite."), "p2")
    hall.do(c.OpenSitting("p2"), "p1")
    return chair


def test_whoever_presides_opens_every_kind_of_vote(hall: Site) -> None:
    chair, other = presiding(hall), hall.member(Role.ELU, "Paul Perrin")
    for name in OPENINGS:
        chair.go(f"/organisation/essai/scrutins/{name}")
        assert (chair.status, "Revenir à la séance" in chair.page) == (200, True), name
        other.go(f"/organisation/essai/scrutins/{name}")
        assert other.status == 403, name
    for desk in ("", "scrutins", "personnes", "phases", "scrutins/ailleurs"):
        chair.go(f"/organisation/essai/{desk}")
        assert chair.status == 403, desk


def test_what_is_called_out_of_turn_says_why(hall: Site) -> None:
    """S15"""
    chair = presiding(hall)
    chair.go(SEANCE)
    chair.send("Appeler", amendment="3", reason=" ", hors="oui")
    assert chair.status == 422
    assert "Donnez la raison : elle est publique." in chair.page
    chair.send("Appeler", amendment="3", reason="Son auteur part.", hors="oui")
    assert hall.state().floor == "amendement-3"
    chair.go("/c/essai/seance/1")
    assert "Raison : Son auteur part." in chair.page


def test_an_amendment_that_waits_is_acted_on_without_being_called(hall: Site) -> None:
    """S12"""
    chair = presiding(hall)
    chair.go(f"{SEANCE}?agir=2")
    chair.send("Réserver", amendment="2", reason="À la demande de son auteur", acte="reserver")
    assert hall.state().amendments[2].status == "reserved"
    assert hall.state().floor == ""


def test_a_chair_is_designated_by_name_too(hall: Site) -> None:
    """S10: where there are too many to list, a name is typed; one that is nobody's is refused and kept."""
    chair = presiding(hall)
    organiser = hall.member(Role.ORGANISER, "Ove Olsen")
    hall.member(Role.ELU, "Paul Perrin")
    organiser.go(SEANCE)
    organiser.send("Confier la présidence", chair="Paul Péronne")
    assert organiser.status == 422
    organiser.send("Confier la présidence", chair="  paul   perrin ")
    assert hall.state().chair == "p4"
    assert chair.go(SEANCE).count("Conduire la séance") == 0


def test_what_was_stated_at_once_is_reverted(hall: Site) -> None:
    """S13, S14: all that is proposed is stated in one press, each with its own reason."""
    chair = presiding(hall)
    clause = hall.state().motions[1].frozen[0].clauses[0]
    for words in ("refaite", "défaite", "parfaite"):
        hall.do(c.TableAmendment(1, Aim.REWRITE, clause.id, clause.markdown.replace("faite", words)), "p2")
    hall.do(c.OpenPoll("amendement-4"), "p2")
    hall.do(c.CastBallot(1, Choice.FOR), "p2")
    hall.do(c.ClosePoll(1), "p2")
    chair.go(SEANCE)
    chair.send("Tout constater")
    assert [hall.state().amendments[n].status for n in (5, 6)] == ["tombe", "tombe"]
    chair.send("Rapporter cet acte", reason="Erreur de lecture")
    assert [hall.state().amendments[n].status for n in (5, 6)] == ["tombe", "tabled"]


def test_what_failed_its_quorum_is_called_again_from_there(hall: Site) -> None:
    """V15: the hall is told that nothing was decided, and the chair asks again in one press."""
    chair = presiding(hall)
    hall.member(Role.ELU, "Paul Perrin")
    hall.do(c.CallSubject("amendement-1"), "p2")
    hall.do(c.OpenPoll("amendement-1", rule=PollRule(quorum_n=1, quorum_d=2)), "p2")
    hall.do(c.ClosePoll(1), "p2")
    assert "Quorum non atteint" in chair.go("/c/essai/ecran")
    assert "Quorum non atteint" in chair.go(SEANCE)
    chair.send("Seconde convocation, sans quorum")
    assert hall.state().polls[2].second_call_of == 1
    assert "Vote en cours" in chair.go("/c/essai/ecran")


def test_a_divided_amendment_is_voted_part_by_part(hall: Site) -> None:
    """W11"""
    chair = presiding(hall)
    clause = hall.state().motions[1].frozen[0].clauses[0]
    words = clause.markdown.replace("Demande", "Exige").replace("faite", "refaite")
    hall.do(c.TableAmendment(1, Aim.REWRITE, clause.id, words), "p2")
    hall.do(c.CallSubject("amendement-4"), "p2")
    hall.do(c.DivideSubject("amendement-4", ((0,), (1,)), "p2"), "p2")
    chair.go(SEANCE)
    chair.send("Ouvrir le vote sur le n° 4, partie 1")
    assert (hall.state().polls[1].subject, hall.state().polls[1].part) == ("amendement-4", 1)


def test_the_whole_is_voted_once_nothing_waits(hall: Site) -> None:
    """V1"""
    chair = presiding(hall)
    for number in (1, 2, 3):
        hall.do(c.SettleAmendment(number, Outcome.WITHDRAWN, "Retiré au micro"), "p2")
    assert "Tous les amendements ont leur sort" in chair.go(SEANCE)
    chair.send("Appeler la motion")
    chair.send("Ouvrir le vote sur l’ensemble")
    assert hall.state().polls[1].subject == "motion-1"
