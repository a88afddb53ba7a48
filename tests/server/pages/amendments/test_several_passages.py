"""An amendment to several passages on pages without JavaScript: composed, read, shown, divided (A40–A44)."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Choice, ClauseEdit, ClauseKind, Draft, Role
from exports.verify import verify_archive
from server.imports.importing import import_command
from tests.server.browsing import Site, Visitor, site

TEXTS = ("Ouvrir un guichet par canton.", "Former les agents.", "Publier un bilan.")
NEW = "/c/essai/amendements/nouveau?motion=1"


@pytest.fixture
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Visitor]]:
    with site(tmp_path_factory.mktemp("several")) as found:
        ana = found.member(Role.ELU, "Ana Abadie")
        found.member(Role.ORGANISER, "Olga Orsini")
        found.member(Role.ELU, "Ève Evrard")
        found.do(import_command("Pour un numérique proche", [Draft(ClauseKind.DEMANDE, text) for text in TEXTS]))
        found.do(c.FreezeMotion(1), "p2")
        yield found, ana


def clause(found: Site, at: int) -> str:
    return found.state().motions[1].frozen[0].clauses[at].id


def words_of(page: str) -> str:
    return unescape(page).replace("\u00a0", " ").replace("\u202f", " ")


def edits(found: Site, number: int = 1) -> list[tuple[Aim, str]]:
    return [(edit.aim, edit.text) for edit in found.state().amendments[number].edits]


def begun(found: Site, ana: Visitor) -> None:
    """Begins an amendment with other words for the first demande and its rationale, and opens the list of further
    passages.
    """
    ana.go(f"{NEW}&cible=rewrite:{clause(found, 0)}")
    ana.send("Amender aussi", text="Ouvrir deux guichets par canton.", rationale="Un ne suffit pas.")


def test_a_second_passage_is_added_and_both_are_tabled_as_one(hall: tuple[Site, Visitor]) -> None:
    """A40"""
    found, ana = hall
    begun(found, ana)
    assert "Ce que change cet amendement" in ana.page
    assert "Modifier : Demande 1" in words_of(ana.page)
    assert 'Supprimer<span class="visually-hidden"> — Demande 1' not in ana.page
    ana.send("Supprimer — Demande 3")
    assert "Cet amendement change aussi" in ana.page
    ana.send("Relire")
    said = words_of(ana.page)
    assert "II. – Supprimer la demande 3" in said
    assert ana.page.count('class="clause-label"') >= 2
    ana.send("Déposer")
    assert edits(found) == [(Aim.REWRITE, "Ouvrir deux guichets par canton."), (Aim.DELETE, "")]
    assert found.state().amendments[1].rationale == "Un ne suffit pas."
    assert "II. – Supprimer la demande 3" in words_of(ana.page)
    told = words_of(ana.go("/c/essai/registre"))
    assert "qui change 2 passages.<br>I. – Demande 1, remplacer" in told
    assert "<br>II. – Supprimer la demande 3" in told


def test_the_choice_alone_is_enough_to_table(hall: tuple[Site, Visitor]) -> None:
    """A40: no further passage has to be opened."""
    found, ana = hall
    begun(found, ana)
    ana.send("Relire")
    ana.send("Déposer")
    assert edits(found) == [(Aim.REWRITE, "Ouvrir deux guichets par canton.")]


def test_a_passage_is_taken_up_again_or_given_up(hall: tuple[Site, Visitor]) -> None:
    """A40: what is written at the other one stays."""
    found, ana = hall
    begun(found, ana)
    ana.send("Modifier — Demande 2")
    ana.send("Modifier — Demande 1", text="Former tous les agents.")
    assert "Ouvrir deux guichets par canton." in words_of(ana.page)
    assert "Former <ins>" in ana.page
    ana.send("Relire", text="Ouvrir trois guichets par canton.")
    ana.send("Corriger")
    ana.send("Ne plus le changer — Demande 2")
    ana.send("Relire")
    ana.send("Déposer")
    assert edits(found) == [(Aim.REWRITE, "Ouvrir trois guichets par canton.")]


def test_what_cannot_be_tabled_stays_where_it_was_typed(hall: tuple[Site, Visitor]) -> None:
    """A40: the other passages stay too."""
    found, ana = hall
    begun(found, ana)
    ana.send("Insérer après — Demande 2")
    ana.send("Amender aussi", text="x" * 10_001, rationale="Deux raisons.")
    assert ana.status == 422
    assert "x" * 10_001 in ana.page
    assert "Deux raisons." in ana.page
    ana.send("Relire", text="Ouvrir une ligne.")
    ana.send("Déposer")
    assert edits(found) == [(Aim.REWRITE, "Ouvrir deux guichets par canton."), (Aim.INSERT, "Ouvrir une ligne.")]


def test_a_dispositif_of_several_passages_is_read(hall: tuple[Site, Visitor]) -> None:
    """A44"""
    found, ana = hall
    ana.go(NEW)
    ana.send("Lire la consigne", dispositif="Supprimer les demandes 1 à 3.")
    assert "Supprimer les demandes 1 à 3" in words_of(ana.page)
    assert "<h1>Supprimer : Demande 1, Demande 2 et Demande 3</h1>" in words_of(ana.page)
    ana.send("Déposer")
    assert edits(found) == [(Aim.DELETE, "")] * 3
    assert "Supprimer : Demande 1, Demande 2 et Demande 3" in words_of(ana.page)


@pytest.fixture
def tabled(hall: tuple[Site, Visitor]) -> tuple[Site, Visitor]:
    """A congress with an amendment that rewrites the first demande and deletes the third one."""
    found, ana = hall
    text = "Ouvrir deux guichets par canton."
    further = (ClauseEdit(Aim.DELETE, clause(found, 2)),)
    found.do(c.TableAmendment(1, Aim.REWRITE, clause(found, 0), text, "Parce que.", further=further), "p1")
    return found, ana


def test_every_page_of_it_shows_each_passage(tabled: tuple[Site, Visitor]) -> None:
    """A40, A41"""
    found, ana = tabled
    found.do(c.OpenSitting(), "p2")
    found.do(c.CallSubject("amendement-1"), "p2")
    passage = f"motions/1/passages/{clause(found, 2)}"
    for address in ("amendements/1", "amendements", passage, "seance", "ecran"):
        said = words_of(ana.go(f"/c/essai/{address}"))
        assert "Supprimer la demande 3" in said or "Publier un bilan." in said, address
        assert "deux" in said, address
    assert words_of(ana.go("/c/essai/motions/1")).count("/c/essai/amendements/1") >= 2


def test_its_author_rectifies_each_passage_or_gives_one_up(tabled: tuple[Site, Visitor]) -> None:
    """A43"""
    found, ana = tabled
    ana.go("/c/essai/amendements/1/rectification")
    assert "Demande 1" in words_of(ana.page)
    ana.send("Ne plus le changer — Demande 3")
    ana.send("Relire", text="Ouvrir trois guichets par canton.")
    ana.send("Enregistrer")
    rectified = found.state().amendments[1]
    assert (rectified.called, [edit.text for edit in rectified.edits]) == (
        "1 rect.",
        ["Ouvrir trois guichets par canton."],
    )
    assert "Demande 3 : abandonné" in words_of(ana.go("/c/essai/amendements/1"))


def test_it_is_sub_amended_at_one_of_its_passages(tabled: tuple[Site, Visitor]) -> None:
    """A43"""
    found, ana = tabled
    ana.go("/c/essai/amendements/1")
    assert "cible=sous:1" in ana.page
    ana.go(f"{NEW}&cible=sous:1")
    assert "Amender aussi" not in ana.page
    ana.send("Relire", text="Ouvrir deux grands guichets par canton.")
    assert "Amendement n° 1, passage 1" in words_of(ana.page)
    ana.send("Déposer")
    sub = found.state().amendments[2]
    assert (sub.parent, sub.edit_rank, sub.clause) == (1, 0, clause(found, 0))


def test_it_is_divided_passage_by_passage(tabled: tuple[Site, Visitor]) -> None:
    """A43, W10: each piece is named by its passage."""
    found, _ = tabled
    olga = found.member(Role.ORGANISER, "Odile Oury")
    said = words_of(olga.go("/organisation/essai/scrutins/division?sujet=amendement-1"))
    assert "Demande 1" in said
    assert "Demande 3" in said
    assert "Publier un bilan." in said


def test_adopted_it_is_written_into_the_text_and_the_archive_verifies(
    hall: tuple[Site, Visitor], tmp_path: Path
) -> None:
    """A40, R40"""
    found, ana = hall
    further = (
        ClauseEdit(Aim.INSERT, clause(found, 0), "Recruter.", new_kind="demande"),
        ClauseEdit(Aim.INSERT, clause(found, 0), "Équiper.", new_kind="demande"),
    )
    found.do(c.TableAmendment(1, Aim.DELETE, clause(found, 2), "", "Parce que.", further=further), "p1")
    found.do(c.OpenPoll("amendement-1"), "p2")
    found.do(c.CastBallot(1, Choice.FOR), "p1")
    found.do(c.ClosePoll(1), "p2")
    text = found.state().motions[1].text
    assert text is not None
    assert [x.markdown for x in text.clauses] == [TEXTS[0], "Recruter.", "Équiper.", TEXTS[1]]
    found.do(c.ReopenMotion(1, "Pour relire."), "p2")
    assert "Équiper." in ana.go("/c/essai/motions/1")
    archive = tmp_path / "restitution.zip"
    archive.write_bytes(found.request("GET", "/c/essai/restitution.zip", ana.cookies).content)
    assert verify_archive(archive).findings == ()
