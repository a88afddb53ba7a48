"""Amendments of every kind without JavaScript: moving a clause, an instruction, sub-amended, signed, rectified."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Choice, ClauseKind, Draft, Outcome, Role
from server.imports.importing import import_command
from tests.server.browsing import Site, Visitor, site

HERE = "/c/essai/amendements"
FORM = f"{HERE}/nouveau?motion=1&cible="
TEXT = "Demande que chaque commune soit couverte avant 2030."


@pytest.fixture
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Visitor, Visitor, Visitor]]:
    """A congress with a frozen text of two demandes. Ana and Bob are élus, Olga is an organiser; an amendment needs two
    co-signatories.
    """
    with site(tmp_path_factory.mktemp("kinds")) as found:
        ana, bob = found.member(Role.ELU, "Ana Abadie"), found.member(Role.ELU, "Bob Bertin")
        found.member(Role.ELU, "Cléa Camus")
        olga = found.member(Role.ORGANISER, "Olga Orsini")
        drafts = [Draft(ClauseKind.DEMANDE, TEXT), Draft(ClauseKind.DEMANDE, "Demande un bilan.")]
        found.do(import_command("Pour un numérique proche", drafts))
        found.do(c.FreezeMotion(1), "p4")
        yield found, ana, bob, olga


def first(found: Site) -> str:
    return found.state().motions[1].frozen[0].clauses[0].id


def second(found: Site) -> str:
    return found.state().motions[1].frozen[0].clauses[1].id


def test_a_clause_is_moved(hall: tuple[Site, Visitor, Visitor, Visitor]) -> None:
    """A1, A3"""
    found, ana, _, _ = hall
    ana.go(f"{FORM}move:{first(found)}")
    assert "Après : Demande 2 — Demande un bilan" in ana.page
    ana.send("Relire", after=second(found), rationale="Le bilan d’abord.")
    assert "Déplacer la demande 1 après la demande 2" in ana.page
    ana.send("Déposer")
    moved = found.state().amendments[1]
    assert (moved.aim, moved.clause, moved.after) == (Aim.MOVE, first(found), second(found))
    assert "Les mots ne changent pas" in ana.page


def test_what_is_told_in_words_is_written_out_then_rectified(hall: tuple[Site, Visitor, Visitor, Visitor]) -> None:
    """A21, A25: every wording stays readable."""
    found, ana, bob, _ = hall
    ana.go(f"{FORM}rewrite:{first(found)}")
    ana.send("Relire", instruction="Avancer la date de deux ans.")
    assert "Vous écrirez les mots exacts ensuite" in ana.page
    ana.send("Corriger")
    assert TEXT in ana.page
    ana.send("Relire", instruction="Avancer la date de deux ans.")
    ana.send("Déposer")
    assert not found.state().amendments[1].is_worded
    assert "Son auteur doit encore écrire les mots exacts" in bob.go(f"{HERE}/1")
    assert "Avancer la date" in bob.go(HERE)
    bob.go(f"{HERE}/1/rectification")
    assert bob.status == 403
    ana.go(f"{HERE}/1/rectification")
    ana.send("Relire", text=TEXT.replace("2030", "2028"))
    ana.send("Enregistrer")
    assert found.state().amendments[1].text == TEXT.replace("2030", "2028")
    ana.go(f"{HERE}/1/rectification")
    ana.send("Relire", text=TEXT.replace("2030", "2028"))
    assert "C’est déjà ce que dit votre amendement" in ana.page
    ana.send("Relire", text=TEXT.replace("2030", "2027"), rationale="Plus vite.")
    ana.send("Enregistrer")
    page = bob.go(f"{HERE}/1")
    assert "Amendement n° 1 rect." in page
    assert re.search(r"<del>.*2028.*</del>.*<ins>.*2027.*</ins>", page[page.index("Rédactions antérieures") :], re.S)
    assert "n° 1 rect." in bob.go(HERE)


def test_an_amendment_is_amended(hall: tuple[Site, Visitor, Visitor, Visitor]) -> None:
    """A16, A17: from its page; it waits for the sub-amendment."""
    found, ana, bob, olga = hall
    found.do(c.TableAmendment(1, Aim.REWRITE, first(found), TEXT.replace("2030", "2028")), "p1")
    bob.go(f"{HERE}/1")
    assert "cible=sous:1" in bob.page
    bob.go(f"{FORM}sous:1")
    bob.send("Relire", text=TEXT)
    assert "Revenir au texte, c’est contredire l’amendement" in bob.page
    bob.send("Relire", text=TEXT.replace("2030", "2027"))
    assert "L’amendement tel qu’il se lirait" in bob.page
    bob.send("Déposer")
    assert "Sous-amendement n° 2 à l’amendement n° 1" in bob.page
    assert found.state().amendments[2].parent == 1
    ana.go(f"{FORM}sous:1")
    ana.send("Relire", text=TEXT.replace("2030", "2026"))
    assert re.search(r"Change les mêmes mots que l’amendement <a [^>]*/amendements/2", ana.page)
    assert "Ils passent aux voix avant lui" in bob.go(f"{HERE}/1")
    bob.go(f"{FORM}complement:1")
    bob.send("Relire", text="Demande un suivi.", new_kind="demande")
    bob.send("Déposer")
    assert "Compléter l’amendement n° 1" in bob.page
    found.do(c.OpenPoll("amendement-2"), "p4")
    found.do(c.CastBallot(1, Choice.FOR), "p1")
    found.do(c.ClosePoll(1), "p4")
    assert "Les mots de son auteur, sans les sous-amendements" in olga.go(f"{HERE}/1")


@pytest.mark.parametrize("choice", ["sous:9", "sous:x", "complement:", "move:nulle", "rien:1"])
def test_what_cannot_be_aimed_at_is_asked_again(hall: tuple[Site, Visitor, Visitor, Visitor], choice: str) -> None:
    assert "Que voulez-vous changer" in hall[1].go(f"{FORM}{choice}")


def test_signatures_are_given_with_one_tap(hall: tuple[Site, Visitor, Visitor, Visitor]) -> None:
    """A24: how many are missing, and what for."""
    found, ana, bob, olga = hall
    found.do(c.ChangeCongress("Essai", "", "", True, cosignatures=2), "p4")
    found.do(c.TableAmendment(1, Aim.DELETE, first(found)), "p1")
    assert "Cosigner" not in ana.go(f"{HERE}/1"), "the author has signed already"
    ana.go(f"{FORM}delete:{second(found)}")
    assert "Il faudra ensuite 2 cosignataires" in ana.send("Relire")
    bob.go(f"{HERE}/1")
    bob.send("Cosigner")
    assert "1 sur 2 cosignataires" in bob.page
    assert "Il manque 1 cosignataire : il n’est pas encore recevable" in bob.page
    assert "1 sur 2 cosignataires" in olga.go(HERE)
    assert "quand 2 élus, en plus de son auteur, l’ont cosigné" in olga.page
    assert "Il manque 1 cosignataire" in olga.go("/c/essai/seance")
    found.do(c.SignAmendment(1), "p3")
    assert "Amendements cosignés" in olga.go("/c/essai/personnes/p3")
    assert "Il manque" not in bob.go(f"{HERE}/1")
    bob.send("Retirer ma signature")
    assert found.state().amendments[1].signatures == ("p3",)


def test_what_an_adoption_makes_of_others_is_decided_by_the_chair(
    hall: tuple[Site, Visitor, Visitor, Visitor],
) -> None:
    """A22, A23, S13"""
    found, ana, bob, olga = hall
    for old, new in (("2030", "2028"), ("2030", "2026"), ("commune", "village"), ("2030", "2025")):
        found.do(c.TableAmendment(1, Aim.REWRITE, first(found), TEXT.replace(old, new)), "p1")
    page = bob.go(f"{HERE}/1")
    told = page[page.index("S’il est adopté") : page.index("Dans le registre")]
    assert re.findall(r"Amendement n° (\d)</a>.*?serait proposé : tombé", told, re.S)[:2] == ["2", "4"]
    found.do(c.OpenPoll("amendement-1"), "p4")
    found.do(c.CastBallot(1, Choice.FOR), "p1")
    found.do(c.ClosePoll(1), "p4")
    assert "Porté sur le texte d’aujourd’hui" in bob.go(f"{HERE}/3")
    assert re.search(r"<ins>.*village.*</ins>.*2028", bob.page[bob.page.index("aujourdhui") :], re.S)
    assert "Proposé : Tombé" in bob.go(f"{HERE}/2")
    assert "Constater ce sort" not in bob.page
    assert "Ce qui est adopté l’empêche" in bob.go(HERE)
    olga.go(f"{HERE}/2")
    olga.send("Constater", reason="")
    assert olga.status == 422
    olga.send("Constater", reason="La date est déjà fixée.")
    assert found.state().amendments[2].outcome is Outcome.FALLEN
    olga.go(f"{HERE}/4")
    olga.send("le maintenir", reason="Son auteur le rectifie.")
    assert "Maintenu en discussion malgré le n° 1" in ana.go(f"{HERE}/4")
    assert "Proposé" not in ana.page


def test_each_word_of_the_text_tells_where_it_comes_from(hall: tuple[Site, Visitor, Visitor, Visitor]) -> None:
    """A26: on a page and in the API; of each version."""
    found, _, bob, _ = hall
    found.do(c.TableAmendment(1, Aim.REWRITE, first(found), TEXT.replace("2030", "2028")), "p1")
    found.do(c.OpenPoll("amendement-1"), "p4")
    found.do(c.CastBallot(1, Choice.FOR), "p1")
    found.do(c.ClosePoll(1), "p4")
    assert "motions/1/origines?version=2" in bob.go("/c/essai/motions/1")
    page = bob.go("/c/essai/motions/1/origines")
    assert re.search(r"brought.*amendement n° 1 : .*2028.*/c/essai/amendements/1", page)
    assert "Le congrès" in page, "it was imported"
    assert "brought" not in bob.go("/c/essai/motions/1/origines?version=1")
    for wrong in ("motions/1/origines?version=3", "motions/1/origines?version=x", "motions/9/origines"):
        bob.go(f"/c/essai/{wrong}")
        assert bob.status == 404
    told = found.request("GET", "/api/v1/c/essai/motions/1/origines", {}).json()
    assert [(w["text"], w["amendment"]) for w in told["words"] if w["amendment"]] == [("2028", 1)]
    assert found.request("GET", "/api/v1/c/essai/motions/1/origines?version=9", {}).status_code == 404
