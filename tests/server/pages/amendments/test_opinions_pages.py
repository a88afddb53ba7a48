"""The rapporteur on pages: named by organisers, gives opinions on one or several amendments; others state their
positions.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, ClauseKind, Draft, Phase, Role
from server.imports.importing import import_command
from tests.server.browsing import Site, site


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Site]:
    """A congress with two amendments by p2 to a frozen motion."""
    with site(tmp_path) as found:
        found.do(c.InvitePerson("Olga Orsini", Role.ORGANISER))
        found.do(c.InvitePerson("Anne Aubert", Role.ELU))
        for phase in (Phase.AMENDMENTS, Phase.VOTE):
            found.do(c.SetPhase(phase, "2020-01-01T00:00:00.000Z"), "p1")
        drafts = [Draft(ClauseKind.DEMANDE, f"Demande que la chose n° {n} soit faite.") for n in range(2)]
        found.do(import_command("Une motion", drafts))
        found.do(c.FreezeMotion(1), "p1")
        for clause in found.state().motions[1].frozen[0].clauses:
            found.do(c.TableAmendment(1, Aim.REWRITE, clause.id, f"{clause.markdown} Vite."), "p2")
        yield found


def test_the_rapporteur_is_named_and_gives_opinions(hall: Site) -> None:
    """A34, A35"""
    rapporteur, other = hall.member(Role.ELU, "Rémi Roche"), hall.member(Role.ELU, "Paul Perrin")
    rapporteur.go("/c/essai/amendements/avis")
    assert rapporteur.status == 403
    desk = hall.member(Role.ORGANISER, "Omar Olivier")
    desk.go("/c/essai/motions/1")
    desk.send("Nommer le rapporteur", person="p3")
    assert hall.state().motions[1].rapporteur == "p3"
    rapporteur.go("/c/essai/amendements/avis")
    rapporteur.send("Donner cet avis", opinion="favorable", comment="Bien dit.")
    assert (rapporteur.status, "Choisissez les amendements" in rapporteur.page) == (422, True)
    rapporteur.send("Donner cet avis", **{"amendment:1": "oui", "amendment:2": "oui"})
    assert [a.opinion for a in hall.state().amendments.values()] == ["favorable", "favorable"]
    rapporteur.go("/c/essai/amendements/1")
    rapporteur.send("Donner cet avis", opinion="sagesse")
    assert "1 avis précédent" in rapporteur.page
    other.go("/c/essai/amendements/1")
    assert "Donner cet avis" not in other.page
    other.send("Le dire", position="defavorable")
    assert "Paul Perrin" in other.page[other.page.index("Ce qu’en disent des élus") :]
    assert hall.state().amendments[1].opinion == "sagesse"


def test_a_withdrawn_amendment_is_taken_over(hall: Site) -> None:
    """A36"""
    other = hall.member(Role.ELU, "Paul Perrin")
    hall.do(c.WithdrawAmendment(1), "p2")
    other.go("/c/essai/amendements/1")
    other.send("Le reprendre à mon compte")
    assert (hall.state().amendments[1].author, hall.state().amendments[1].outcome) == ("p3", None)
    assert "1 repris" in other.page
