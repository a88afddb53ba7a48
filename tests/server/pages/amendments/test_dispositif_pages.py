"""The dispositif of an amendment: shown wherever the amendment is, and read from a form (A30, A31)."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, ClauseKind, Draft, Role
from server.imports.importing import import_command
from tests.server.browsing import Site, Visitor, site

TEXT = "Ouvrir un guichet trois jours par semaine. Le guichet reçoit sans rendez-vous."
NEW = "/c/essai/amendements/nouveau?motion=1"


@pytest.fixture
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Visitor]]:
    with site(tmp_path_factory.mktemp("dispositif")) as found:
        ana = found.member(Role.ELU, "Ana Abadie")
        found.member(Role.ORGANISER, "Olga Orsini")
        drafts = [Draft(ClauseKind.DEMANDE, TEXT), Draft(ClauseKind.DEMANDE, "Demande un bilan.")]
        found.do(import_command("Pour un numérique proche", drafts))
        found.do(c.FreezeMotion(1), "p2")
        yield found, ana


def clause(found: Site, at: int = 0) -> str:
    return found.state().motions[1].frozen[0].clauses[at].id


def words_of(page: str) -> str:
    return unescape(page).replace("\u00a0", " ").replace("\u202f", " ")


def test_a_sentence_is_read_then_tabled(hall: tuple[Site, Visitor]) -> None:
    """A31: the words that it gives are shown before anything is tabled."""
    found, ana = hall
    ana.go(NEW)
    ana.send("Lire la consigne", dispositif="À la demande 1, substituer au mot : « trois » le mot : « quatre »")
    shown = words_of(ana.page)
    assert "Demande 1, remplacer le mot : « trois » par le mot : « quatre »" in shown
    assert "quatre jours par semaine" in shown
    assert not found.state().amendments
    ana.send("Déposer", rationale="Trois ne suffisent pas.")
    tabled = found.state().amendments[1]
    assert (tabled.aim, tabled.clause, tabled.text) == (Aim.REWRITE, clause(found), TEXT.replace("trois", "quatre"))
    assert tabled.instruction == ""


@pytest.mark.parametrize(
    ("sentence", "target"),
    [
        ("Supprimer la demande 2", (Aim.DELETE, "")),
        ("Déplacer la demande 2 au début du texte", (Aim.MOVE, "")),
        ("Après la demande 2, insérer une note ainsi rédigée : « À suivre. »", (Aim.INSERT, "À suivre.")),
        (
            "Titre, remplacer le mot : « proche » par les mots : « pour tous »",
            (Aim.TITLE, "Pour un numérique pour tous"),
        ),
    ],
)
def test_every_aim_is_read(hall: tuple[Site, Visitor], sentence: str, target: tuple[Aim, str]) -> None:
    """A31"""
    found, ana = hall
    ana.go(NEW)
    ana.send("Lire la consigne", dispositif=sentence)
    assert sentence in words_of(ana.page)
    ana.send("Déposer")
    tabled = found.state().amendments[1]
    assert (tabled.aim, tabled.text) == target


def test_what_is_not_clear_is_asked_and_stays_typed(hall: tuple[Site, Visitor]) -> None:
    """A31"""
    found, ana = hall
    ana.go(NEW)
    ana.send("Lire la consigne", dispositif="Demande 1, supprimer le mot : « guichet »")
    assert ana.status == 422
    assert "« guichet » se trouve 2 fois dans la demande 1 : laquelle ?" in words_of(ana.page)
    assert "supprimer le mot : « guichet »</textarea>" in words_of(ana.page)
    ana.send("Lire la consigne", dispositif="Demande 1, supprimer la première occurrence du mot : « guichet »")
    assert "Demande 1, première phrase, supprimer le mot : « guichet »" in words_of(ana.page)
    assert not found.state().amendments


def test_a_sub_amendment_is_read(hall: tuple[Site, Visitor]) -> None:
    """A31"""
    found, ana = hall
    found.do(c.TableAmendment(1, Aim.REWRITE, clause(found), TEXT.replace("trois", "quatre")), "p1")
    ana.go(NEW)
    ana.send("Lire la consigne", dispositif="Amendement n° 1, remplacer le mot : « quatre » par le mot : « cinq »")
    ana.send("Déposer")
    sub = found.state().amendments[2]
    assert (sub.parent, sub.text) == (1, TEXT.replace("trois", "cinq"))


def test_the_sentence_is_told_while_one_types(hall: tuple[Site, Visitor]) -> None:
    """A30"""
    found, ana = hall
    target = {"motion": "1", "cible": f"rewrite:{clause(found)}", "etape": "dispositif"}

    def asked(**data: str) -> httpx.Response:
        return found.request("POST", "/c/essai/amendements", ana.cookies, data=data)

    answer = asked(**target, text=TEXT.replace("trois", "six"))
    assert words_of(answer.text) == "Demande 1, remplacer le mot : « trois » par le mot : « six »"
    assert answer.headers["content-type"].startswith("text/plain")
    assert asked(**target, text=TEXT).text == ""
    assert asked(motion="1", etape="dispositif").text == ""


def test_the_sentence_stands_where_the_amendment_does(hall: tuple[Site, Visitor]) -> None:
    """A30: pages, lists, the order of call and the API say it; its title says it in short."""
    found, ana = hall
    found.do(c.TableAmendment(1, Aim.REWRITE, clause(found), TEXT.replace("trois", "quatre")), "p1")
    sentence = "Demande 1, remplacer le mot : « trois » par le mot : « quatre »"
    for address in ("amendements/1", "amendements", f"motions/1/passages/{clause(found)}", "seance/deroule"):
        assert sentence in words_of(ana.go(f"/c/essai/{address}")), address
    assert "Demande 1 : trois → quatre jours" in words_of(ana.go("/c/essai/amendements/1"))
    assert f"Ana Abadie dépose l’amendement n° 1. {sentence}" in words_of(ana.go("/c/essai/registre"))
    found.do(c.CallSubject("amendement-1"), "p2")
    for address in ("ecran", "seance"):
        assert sentence in words_of(ana.go(f"/c/essai/{address}")), address
    found.do(c.OpenPoll("amendement-1"), "p2")
    assert sentence in words_of(ana.go("/c/essai/ecran"))
    found.do(c.CallSubject(""), "p2")
    found.do(c.ClosePoll(1), "p2")
    plain = found.request("GET", "/api/v1/c/essai/amendements/1", {}).json()
    assert words_of(plain["dispositif"]) == sentence


def test_an_instruction_becomes_exact_words(hall: tuple[Site, Visitor]) -> None:
    """A21, A31: its author approves the words that it gives; where it gives none the page says why."""
    found, ana = hall
    told = "Demande 1, remplacer le mot « trois » par le mot « quatre »"
    found.do(c.TableAmendment(1, Aim.REWRITE, clause(found), "", instruction=told), "p1")
    found.do(c.TableAmendment(1, Aim.REWRITE, clause(found), "", instruction="Ouvrir plus souvent."), "p1")
    ana.go("/c/essai/amendements/1/rectification")
    assert "Voici les mots que donne votre consigne" in ana.page
    ana.send("Relire")
    ana.send("Enregistrer")
    assert found.state().amendments[1].text == TEXT.replace("trois", "quatre")
    ana.go("/c/essai/amendements/2/rectification")
    assert "« Ouvrir plus souvent. » n’est pas compris" in words_of(ana.page)
