"""Asking for the floor, the list of speakers and its clock, acts of the chair, speaking times and minutes (S34–S39)."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import ClauseKind, Draft, Phase, Precedence, Role, SpeakingRule
from server.imports.importing import import_command
from server.realtime.live import topics_of
from tests.server.browsing import Site, Visitor, site

FLOOR = "/c/essai/seance/parole"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Site]:
    """A sitting that discusses a motion."""
    with site(tmp_path) as found:
        found.do(c.InvitePerson("Olga Orsini", Role.ORGANISER))
        found.do(c.SetPhase(Phase.VOTE, "2020-01-01T00:00:00.000Z"), "p1")
        found.do(import_command("Une motion", [Draft(ClauseKind.DEMANDE, "Demande la fibre.")]))
        found.do(c.FreezeMotion(1), "p1")
        found.do(c.OpenSitting(), "p1")
        found.do(c.CallSubject("motion-1"), "p1")
        yield found


def people(hall: Site) -> tuple[Visitor, Visitor, Visitor]:
    """Two élus (p2, p3) and an organiser, each on the page of the sitting."""
    found = (
        hall.member(Role.ELU, "Paul Perrin"),
        hall.member(Role.ELU, "Anne Aubert"),
        hall.member(Role.ORGANISER, "Omar Olivier"),
    )
    for one in found:
        one.go("/c/essai/seance")
    return found


def test_an_elu_asks_by_one_press_and_takes_it_back(hall: Site) -> None:
    """S34: on the page of the sitting, which stays where they are."""
    paul, anne, _ = people(hall)
    paul.send("Contre")
    assert (paul.status, paul.address) == (200, f"/c/essai/seance?recu={hall.state().size - 1}")
    assert "Vous parlez ensuite." in paul.page
    anne.send("Pour")
    assert "Vous parlez au rang 2." in anne.page
    assert unescape(anne.page).count("Dans l’ordre des demandes.") == 2
    anne.send("Retirer ma demande")
    assert "Demander la parole" in anne.page
    visitor = hall.visitor()
    visitor.go(FLOOR)
    assert "Paul Perrin" in visitor.page
    assert "Demander la parole" not in visitor.page
    assert "Donner la parole" not in visitor.page


def test_the_chair_gives_the_floor_and_times_are_said(hall: Site) -> None:
    """S36, S37, S38: on the console, on the speaker's page, in the minutes, on their own page, for programs."""
    paul, anne, olga = people(hall)
    paul.send("Contre")
    anne.send("Rappel au règlement")
    olga.go("/c/essai/seance")
    olga.send("Placer", reason="Elle part", before="2")
    assert olga.status == 422  # a request is not placed before itself
    assert "Elle part" in olga.page
    olga.go("/c/essai/seance")
    olga.send("Donner la parole", seconds="longtemps")
    assert olga.status == 422
    assert 'value="longtemps"' in olga.page
    olga.go("/c/essai/seance")
    olga.send("Donner la parole à Anne Aubert")
    assert olga.address.startswith("/c/essai/seance")
    turn = hall.state().speaking_turn
    assert turn is not None
    assert (turn.person, turn.allowed) == ("p3", 120)
    anne.go(FLOOR)
    assert "Vous avez la parole" in anne.page
    assert 'data-warning="30"' in anne.page
    anne.send("J’ai fini de parler")
    assert hall.state().speaking_turn is None
    olga.go(FLOOR)
    olga.send("Inscrire", person="p3", purpose="pour")
    assert hall.state().turns[3].by == "p4"
    assert "(noté par Omar Olivier)" in olga.page
    olga.send("Clore la liste des orateurs")
    assert "La liste des orateurs est close." in olga.page
    hall.do(c.CloseSitting(1), "p1")
    for page, said in (
        ("/c/essai/seance/1", "Qui a parlé"),
        ("/c/essai/seance/1", "donne la parole à Anne Aubert (rappel au règlement) pour 2 min."),
        ("/c/essai/personnes/p3", "A pris la parole en séance"),
    ):
        olga.go(page)
        assert said in unescape(olga.page), page
    shown = hall.request("GET", "/api/v1/c/essai/seance", {}).json()
    assert [(x["person"], bool(x["ended"])) for x in shown["turns"]] == [("p2", False), ("p3", True), ("p3", False)]


def test_organisers_set_the_rule(hall: Site) -> None:
    """S39: what was typed stays where it is refused."""
    paul, _, olga = people(hall)
    olga.go(FLOOR)
    olga.send("Adopter cette règle de parole", turn="1:75")
    assert olga.status == 422
    assert 'value="1:75"' in olga.page
    order = {"precedence1": "collectivite", "precedence2": "alternance", "precedence3": ""}
    olga.send("Adopter cette règle de parole", turn="1:30", sizes="1000 ; 5000", person="600", **order)
    rule = hall.state().settings.speaking  # type: ignore[union-attr]
    assert rule == SpeakingRule((Precedence.SIZE, Precedence.ALTERNATING), (1000, 5000), 90, 180, 600)
    paul.go(FLOOR)
    assert "Un tour de parole : 1 min 30 s." in paul.page
    assert "Adopter cette règle de parole" not in paul.page


def test_ballots_do_not_wake_the_list() -> None:
    """Only entries that may change the list send its fragments again."""
    assert {"parole", "demande"} <= topics_of("seance")
    assert not {"parole", "demande"} & (topics_of("scrutin-1") | topics_of("amendement-2") | topics_of("motion-1"))
