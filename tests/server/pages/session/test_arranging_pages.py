"""Arranging the order of call, declaring amendments identical and calling sub-amendments, on the chair's pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberation.amendments.order import call_order
from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Choice, ClauseKind, Draft, Outcome, Role
from server.imports.importing import import_command
from tests.server.browsing import Site, Visitor, site

ORDER = "/c/essai/seance/ordre"
SEANCE = "/c/essai/seance"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[tuple[Site, Visitor, Visitor]]:
    """A congress with three insertions at one place, the organiser Olga and the élue Ana."""
    with site(tmp_path) as found:
        olga, ana = found.member(Role.ORGANISER, "Olga Orsini"), found.member(Role.ELU, "Ana Abadie")
        found.do(import_command("Une motion", [Draft(ClauseKind.DEMANDE, "Demande un car.")]))
        found.do(c.FreezeMotion(1), "p1")
        for text in ("Demande un abri de jour.", "Demande une ligne de nuit.", "demande un abri de jour"):
            found.do(c.TableAmendment(1, Aim.INSERT, clause(found), text, new_kind="demande"), "p2")
        yield found, olga, ana


def clause(found: Site) -> str:
    return found.state().motions[1].frozen[0].clauses[0].id


def called(found: Site) -> list[int]:
    return [amendment.number for amendment in call_order(found.state(), 1)]


def test_insertions_at_one_place_are_arranged_by_subject(hall: tuple[Site, Visitor, Visitor]) -> None:
    """S24: one number for one subject; what was typed stays where the reason is missing."""
    found, olga, ana = hall
    olga.go(ORDER)
    assert olga.page.count('name="rang:') == 3
    olga.send("Ranger ainsi", **{"rang:1": "2", "rang:2": "1", "rang:3": "2"}, reason=" ")
    assert olga.status == 422
    assert 'name="rang:2" inputmode="numeric" autocomplete="off" size="3" value="1"' in olga.page
    olga.send("Ranger ainsi", reason="La nuit d’abord")
    assert called(found) == [2, 1, 3]
    assert "La nuit d’abord" in ana.go("/c/essai/seance/deroule")
    assert "range les amendements pour l’appel, dans cet ordre" in ana.go("/c/essai/registre")
    ana.go(ORDER)
    assert ana.status == 403


def test_amendments_are_arranged_by_their_numbers(hall: tuple[Site, Visitor, Visitor]) -> None:
    """S24"""
    found, olga, _ = hall
    answer = found.request("POST", ORDER, olga.cookies, data={"amendments": "3, 2", "reason": "Par sujet"})
    assert answer.status_code in (200, 303)
    assert called(found) == [1, 3, 2]
    olga._show(found.request("POST", ORDER, olga.cookies, data={"amendments": "2", "reason": "Par sujet"}))
    assert olga.status == 422
    assert 'value="2"' in olga.page


def test_what_differs_by_typography_is_declared_identical_and_voted_once(hall: tuple[Site, Visitor, Visitor]) -> None:
    """A53: offered where two wait; declared, it is offered no more."""
    found, olga, ana = hall
    olga.go(SEANCE)
    olga.send("Déclarer identiques")
    assert found.state().amendments[3].declared == 1
    assert "Déclarer identiques" not in olga.go(SEANCE)
    assert "à la typographie près : un seul vote" in ana.go("/c/essai/seance/deroule")
    found.do(c.OpenPoll("amendement-3"), "p1")
    found.do(c.CastBallot(1, Choice.FOR), "p2")
    found.do(c.ClosePoll(1), "p1")
    assert {found.state().amendments[n].outcome for n in (1, 3)} == {Outcome.ADOPTED}


def test_no_page_offers_to_call_a_sub_amendment_before_its_amendment(hall: tuple[Site, Visitor, Visitor]) -> None:
    """S25: nor the discussion of several; once the amendment was called, it comes next."""
    found, olga, _ = hall
    for text in ("Demande une ligne de nuit, le samedi.", "Demande une ligne de nuit, le jeudi."):
        found.do(c.TableAmendment(1, Aim.REWRITE, text=text, parent=2), "p2")
    found.do(c.JoinDiscussion((4, 5)), "p1")
    offers = 'name="subject" value="{}"'
    for page in (SEANCE, f"{SEANCE}?agir=4"):
        shown = olga.go(page)
        for subject in ("amendement-4", "amendement-5", "discussion-1"):
            assert f'value="appeler"><input type="hidden" {offers.format(subject)}' not in shown, (page, subject)
    found.do(c.CallSubject("amendement-2"), "p1")
    shown = olga.go(SEANCE)
    assert 'name="acte" value="appeler"><input type="hidden" name="subject" value="discussion-1"' in shown
    assert 'name="acte" value="appeler"><input type="hidden" name="subject" value="amendement-4"' in shown
