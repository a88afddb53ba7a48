"""The screen of the hall: an adoption stays visible, what is chosen is shown, QR codes contain the right addresses
(S42, S43).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import (
    AgendaItem,
    AgendaKind,
    Aim,
    Choice,
    ClauseKind,
    Draft,
    Phase,
    Purpose,
    Role,
    ScreenMode,
)
from server.imports.importing import import_command
from tests.server.browsing import Site, site

SCREEN = "/c/essai/ecran"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Site]:
    """A sitting on a frozen motion with an amendment that was voted on."""
    with site(tmp_path) as found:
        found.do(c.InvitePerson("Olga Orsini", Role.ORGANISER))
        found.do(c.InvitePerson("Paul Perrin", Role.ELU))
        for phase in (Phase.AMENDMENTS, Phase.VOTE):
            found.do(c.SetPhase(phase, "2020-01-01T00:00:00.000Z"), "p1")
        found.do(import_command("Une motion", [Draft(ClauseKind.DEMANDE, "Demande la fibre.")]))
        found.do(c.FreezeMotion(1), "p1")
        clause = found.state().motions[1].frozen[0].clauses[0].id
        found.do(c.TableAmendment(1, Aim.REWRITE, clause, "Demande la fibre partout.", ""), "p2")
        found.do(c.OpenSitting("p2"), "p1")
        found.do(c.AdmitAmendment(1), "p1")
        found.do(c.CallSubject("amendement-1"), "p1")
        voted(found, "amendement-1", 1, Choice.AGAINST)
        yield found


def voted(hall: Site, subject: str, poll: int, choice: Choice) -> None:
    hall.do(c.OpenPoll(subject), "p1")
    hall.do(c.CastBallot(poll, choice), "p2")
    hall.do(c.ClosePoll(poll), "p1")


def shown(hall: Site) -> str:
    return unescape(hall.visitor().go(SCREEN))


def test_an_adoption_stays_although_the_motion_was_not_called(hall: Site) -> None:
    """S43: an amendment was called last; what the congress adopted since is shown, also once the sitting is closed."""
    assert "Rejeté" in shown(hall)
    voted(hall, "motion-1", 2, Choice.FOR)
    assert "La motion est adoptée" in shown(hall)
    hall.do(c.CloseSitting(1), "p1")
    assert "La motion est adoptée" in shown(hall)


def test_what_was_chosen_is_shown_until_something_is_called_or_voted(hall: Site) -> None:
    """S42"""
    organiser = hall.member(Role.ORGANISER, "Omar Olivier")
    organiser.go("/c/essai/seance")
    organiser.send("QR « Témoignez »")
    assert "Écran de la salle : QR « Témoignez »" in unescape(organiser.page)
    assert f'{SCREEN}/qr/temoigner.svg"' in shown(hall)
    organiser.send("Montrer à l’écran", thing="carte:7")
    assert organiser.status == 422
    hall.do(c.ShowOnScreen(ScreenMode.TEXT, 1), "p2")
    assert "Demande la fibre." in shown(hall)
    hall.do(c.ShowOnScreen(ScreenMode.RESULT, 1), "p2")
    assert "Résultat du scrutin n° 1" in shown(hall)
    hall.do(c.OpenPoll("motion-1"), "p1")
    assert "Vote en cours" in shown(hall)
    hall.do(c.CallSubject("motion-1"), "p1")
    hall.do(c.ClosePoll(2), "p1")
    assert "Résultat du scrutin n° 2" in shown(hall)


def test_the_speaker_is_on_the_screen_with_a_clock(hall: Site) -> None:
    """S37, S42"""
    hall.do(c.CallSubject("motion-1"), "p1")
    hall.do(c.AskFloor(Purpose.FOR), "p2")
    hall.do(c.ShowOnScreen(ScreenMode.SPEAKERS), "p2")
    assert "Paul Perrin" in shown(hall)
    hall.do(c.GiveFloor(1), "p2")
    assert 'data-warning="30" data-beyond' in shown(hall)
    hall.do(c.ShowOnScreen(ScreenMode.FOLLOW), "p2")
    assert "A la parole" in shown(hall)


def test_qr_codes_lead_to_this_server(hall: Site) -> None:
    for target, status in (("temoigner", 200), ("signer", 200), ("ailleurs", 404)):
        answer = hall.request("GET", f"{SCREEN}/qr/{target}.svg", {})
        assert answer.status_code == status
    assert hall.request("GET", f"{SCREEN}/code", {}).status_code == 200


def test_the_minutes_are_ready_when_the_sitting_closes(hall: Site) -> None:
    """S38, S43, S45: agenda, who spoke, votes, the adopted text, the checkpoint."""
    hall.do(
        c.SetAgenda("2020-01-01T00:00:00.000Z", (AgendaItem(1, AgendaKind.TEXT, "La fibre", 10, "motion-1"),)), "p2"
    )
    hall.do(c.CallSubject("motion-1"), "p1")
    hall.do(c.AskFloor(Purpose.FOR), "p2")
    hall.do(c.GiveFloor(1), "p1")
    voted(hall, "motion-1", 2, Choice.FOR)
    hall.do(c.CloseSitting(1), "p1")
    minutes = unescape(hall.visitor().go("/c/essai/seance/1"))
    for said in (
        "La fibre",
        "commencé à",
        "Qui a parlé",
        "La motion est adoptée",
        "Empreinte du texte",
        "1 pour, 0 contre",
    ):
        assert said in minutes, said
