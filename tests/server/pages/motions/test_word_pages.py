"""What each adoption changed, and which acts led to a motion's words, on pages and on the command line (R50, R52)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Choice, ClauseKind, Draft, Phase, Role
from server.imports.importing import import_command
from tests.server.browsing import Site, Visitor, site
from tests.server_process import pleniere

FIRST = "Demande un car[^7] le [samedi](https://exemple.fr/car), un car le soir."
SECOND = "Demande un abri."
BROUGHT = "L’adoption de l’amendement n° 1, de Ana Abadie (scrutin n° 1), apporte « dimanche » à la place de « soir »."


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Visitor, Path]]:
    """A congress with an imported text of two clauses; Ana's amendment adds "dimanche", and another deletes the second
    clause.
    """
    folder = tmp_path_factory.mktemp("words")
    with site(folder) as found:
        ana = found.member(Role.ELU, "Ana Abadie")
        found.member(Role.ORGANISER, "Olga Orsini")
        found.do(import_command("Pour un car", [Draft(ClauseKind.DEMANDE, text) for text in (FIRST, SECOND)]))
        for phase in (Phase.AMENDMENTS, Phase.VOTE):
            found.do(c.SetPhase(phase, "2020-01-01T00:00:00.000Z"), "p2")
        found.do(c.FreezeMotion(1), "p2")
        one, other = (clause.id for clause in found.state().motions[1].frozen[0].clauses)
        found.do(c.TableAmendment(1, Aim.REWRITE, one, FIRST.replace("soir", "dimanche")), "p1")
        found.do(c.TableAmendment(1, Aim.DELETE, other), "p1")
        for n in (1, 2):
            found.do(c.OpenPoll(f"amendement-{n}"), "p2")
            found.do(c.CastBallot(n, Choice.FOR), "p1")
            found.do(c.ClosePoll(n), "p2")
        yield found, ana, folder


def said(page: str) -> str:
    return " ".join(unescape(page).replace("\u00a0", " ").replace("\u202f", " ").split())


def test_the_page_of_a_motion_accounts_for_each_adoption(hall: tuple[Site, Visitor, Path]) -> None:
    """R50"""
    _, ana, _ = hall
    page = said(ana.go("/c/essai/motions/1"))
    table = page[page.index('id="adoptions"') : page.index('id="histoire"')]
    assert table.index("scrutin n° 2") < table.index("scrutin n° 1"), "the latest first"
    assert "<summary>Demande 2</summary>" in table
    assert "<summary>Demande 1</summary>" in table
    assert "dimanche" in table
    assert 'href="/c/essai/amendements/1"' in table


def test_words_that_are_looked_for_name_the_acts_behind_them(hall: tuple[Site, Visitor, Path]) -> None:
    """R52: those that stand, those that an adoption took away, and those that never stood."""
    _, ana, _ = hall
    path = "/c/essai/motions/1/pourquoi"
    page = said(ana.go(f"{path}?mots=DIMANCHE"))
    assert (
        "L’adoption de l’amendement n° 1, de Ana Abadie (scrutin n° 1), apporte « dimanche » à la place de « soir »."
        in page
    )
    assert "Le congrès écrit « un car » dans le projet." in said(ana.go(f"{path}?mots=un+car"))
    page = said(ana.go(f"{path}?mots=abri"))
    assert "Ces mots ne se trouvent pas dans le texte actuel." in page
    assert "L’adoption de l’amendement n° 2, de Ana Abadie (scrutin n° 2), retire « abri »." in page
    assert "Perdus ou déplacés" not in ana.go(f"{path}?mots=train")


@pytest.mark.parametrize(
    ("word", "nth", "act"),
    [
        (
            "dimanche",
            1,
            BROUGHT,
        ),
        ("car", 2, "Le congrès écrit « car » dans le projet."),
        ("Samedi", 1, "Le congrès écrit « samedi » dans le projet."),
    ],
)
def test_a_word_that_is_pressed_names_its_act(hall: tuple[Site, Visitor, Path], word: str, nth: int, act: str) -> None:
    """R52: calls of notes and targets of links are no words of the page."""
    found, ana, _ = hall
    clause = found.state().motions[1].frozen[0].clauses[0].id
    for _ in range(2):  # the second time from what is kept
        page = said(ana.go(f"/c/essai/motions/1/pourquoi?version=3&passage={clause}&mot={word}&fois={nth}"))
        assert page.count(act) == 1
    assert "ne se trouvent pas" in said(ana.go(f"/c/essai/motions/1/pourquoi?passage={clause}&mot={word}&fois=3"))
    title = said(ana.go("/c/essai/motions/1/pourquoi?passage=titre&mot=Pour"))
    assert "Le congrès écrit « Pour » dans le projet." in title


def test_a_word_of_an_earlier_version_names_what_was_known_then(hall: tuple[Site, Visitor, Path]) -> None:
    """R52"""
    found, ana, _ = hall
    clause = found.state().motions[1].frozen[0].clauses[0].id
    page = said(ana.go(f"/c/essai/motions/1/pourquoi?version=1&passage={clause}&mot=soir"))
    assert "Le congrès écrit « soir » dans le projet." in page
    ana.go("/c/essai/motions/1/pourquoi?version=9&mot=soir")
    assert ana.status == 404


def test_the_command_line_names_them_too(hall: tuple[Site, Visitor, Path]) -> None:
    """R52: in words and as JSON; nothing found is status 1."""
    _, _, folder = hall
    told = pleniere(folder, "why", "1", "dimanche")
    assert told.returncode == 0
    assert "apporte « dimanche » à la place de « soir »." in said(told.stdout)
    known = json.loads(pleniere(folder, "why", "essai/1", "abri", "--json").stdout)
    assert [(act["deed"], act["amendments"], act["poll"]) for act in known["gone"]] == [("lost", [2], 2)]
    assert pleniere(folder, "why", "1", "train").returncode == 1
    assert "aucune motion" in pleniere(folder, "why", "7", "car").stderr
