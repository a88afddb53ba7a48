"""Freezing a text: before it is done, the page says what it does and what is still under way; without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pycrdt
import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Role
from tests.server.browsing import Site, Visitor, site

MOTION = "# La fibre partout\n\n## Demandes\n\n- Demande que chaque village soit couvert.\n"
PAGE = "/organisation/essai/motions/1/gel"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as found:
        yield found


@pytest.fixture
def olga(fresh: Site) -> Visitor:
    olga = fresh.member(Role.ORGANISER, "Olga Orsini")
    fresh.member(Role.ELU, "Ana Abadie")
    fresh.bring_in(olga, MOTION, "p2")
    return olga


def test_what_is_under_way_is_said_first(fresh: Site, olga: Visitor) -> None:
    clause = fresh.state().motions[1].order[0]
    fresh.do(c.MakeRemark(1, clause, "Et les îles ?"), "p2")
    fresh.do(c.MakeRemark(1, clause, "Plus net", proposal="Demande la fibre dans chaque village."), "p2")
    written = pycrdt.Doc({"essai": pycrdt.Text("Un mot")})
    write_queue = fresh.app.state.services.write_queue
    fresh.portal.call(write_queue.journal, "essai", "motion-1", "p2", written.get_update(), (written.client_id,))
    olga.go("/c/essai/motions/1")
    assert 'href="/organisation/essai/motions/1/gel"' in olga.page
    olga.go(PAGE)
    assert "Une personne écrit en ce moment : Ana Abadie." in " ".join(olga.page.replace("</strong>", "").split())
    assert "1 suggestion n’est pas décidée" in olga.page
    assert "Demande la fibre dans chaque village." in olga.page
    assert "1 commentaire est encore ouvert" in olga.page
    assert "Plus personne n’écrit dans ce texte." in olga.page
    assert fresh.state().motions[1].status == "drafting", "reading the page freezes nothing"


def test_the_second_press_freezes(fresh: Site, olga: Visitor) -> None:
    olga.go(PAGE)
    assert "Personne n’écrit à cet instant." in olga.page
    assert "Aucune suggestion n’attend de décision." in olga.page
    olga.send("Geler la version 1")
    assert olga.status == 200
    assert fresh.state().motions[1].status == "frozen"


def test_a_stale_page_freezes_nothing_twice(fresh: Site, olga: Visitor) -> None:
    stale = olga.go(PAGE)
    olga.send("Geler la version 1")
    fresh.do(c.ReopenMotion(1, "Un mot manque"), "p1")
    fresh.do(c.FreezeMotion(1), "p1")
    olga.page, olga.address = stale, PAGE
    olga.send("Geler la version 1")
    assert olga.status == 200, "the same press gets its first receipt again"
    assert len(fresh.state().motions[1].frozen) == 2
