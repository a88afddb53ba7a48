"""Texts taken elsewhere: files, the QR code of a page, and the bar that offers them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.ids import VISITOR
from deliberation.kernel.territory import Naming
from deliberation.kernel.vocabulary import Aim, ClauseKind, Draft, Role, Speaker
from server.imports.importing import import_command
from tests.server.browsing import Site, site

WAITING = "Un mot qui attend"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A published testimony and one that waits, a map, and an amendment to a frozen motion."""
    with site(tmp_path_factory.mktemp("files")) as found:
        found.member(Role.ORGANISER, "Olga Orsini")
        found.member(Role.ELU, "=Ana Abadie")
        for text in ("La fibre s’arrête au bourg.", WAITING):
            found.do(c.SubmitTestimony(text=text, speaker=Speaker("Zoé", "maire"), naming=Naming.NAME), VISITOR)
        found.do(c.PublishTestimony(1), "p1")
        found.do(c.CreateMap("Réseaux"), "p2")
        found.do(import_command("Une motion", [Draft(ClauseKind.DEMANDE, "Demande la fibre.")]))
        found.do(c.FreezeMotion(1), "p1")
        clause = found.state().motions[1].frozen[0].clauses[0].id
        found.do(c.TableAmendment(1, Aim.REWRITE, clause, "Demande la fibre pour tous.", "Les hameaux aussi."), "p2")
        yield found


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("temoignage-1.md", ("La fibre s’arrête au bourg.", "Zoé", "/c/essai/temoignages/1")),
        ("amendement-1.md", ("pour tous", "Les hameaux aussi.", "/c/essai/amendements/1")),
        ("carte-1.svg", ("<svg",)),
        ("carte-1.opml", ("<opml", "Réseaux")),
        ("personnes.csv", ("nom", "Olga Orsini")),
    ],
)
def test_a_text_is_taken_elsewhere(running: Site, name: str, words: tuple[str, ...]) -> None:
    found = running.request("GET", f"/c/essai/fichiers/{name}", {})
    assert found.status_code == 200
    assert f'filename="essai-{name}"' in found.headers["content-disposition"]
    assert [each for each in words if each not in found.text] == []


def test_a_cell_of_the_table_of_people_is_no_formula(running: Site) -> None:
    table = running.request("GET", "/c/essai/fichiers/personnes.csv", {}).text
    assert not re.search(r'(^|[,;"\n])=Ana', table)
    assert "=Ana Abadie" in table


@pytest.mark.parametrize("name", ["temoignage-2.md", "temoignage-9.md", "carte-1.md", "personnes-1.csv", "etat.json"])
def test_what_the_public_does_not_read_is_no_file(running: Site, name: str) -> None:
    """Not to an élue either: a file is what the public reads."""
    elue = running.member(Role.ELU, f"Élue {name}")
    for cookies in ({}, elue.cookies):
        found = running.request("GET", f"/c/essai/fichiers/{name}", dict(cookies))
        assert found.status_code == 404
        assert WAITING not in found.text


def test_a_page_has_a_qr_code_of_its_address(running: Site) -> None:
    found = running.request("GET", "/c/essai/qr/motions/1?version=1", {})
    assert found.headers["content-type"].startswith("image/svg+xml")
    assert found.text != running.request("GET", "/c/essai/qr/motions/1", {}).text
    assert running.request("GET", "/c/essai/qr/<script>", {}).status_code == 404


@pytest.mark.parametrize(
    "path", ["temoignages/1", "amendements/1", "cartes/1", "motions/1", "personnes", "collectivites", "restitution"]
)
def test_the_bar_offers_files_that_are_there(running: Site, path: str) -> None:
    visitor = running.visitor()
    page = visitor.go(f"/c/essai/{path}")
    bar = page[page.index('class="share-bar') :].partition("</details>")[0]
    for address in re.findall(r'href="([^"]+)"', bar):
        if "/fichiers/" in address or address.startswith("/api/"):
            assert visitor.go(address)
            assert visitor.status == 200, address
    assert f'value="http://localhost:8000/c/essai/{path}' in page
