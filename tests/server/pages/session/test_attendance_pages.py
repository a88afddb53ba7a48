"""Signing in by phone, at the desk and by call-over; the attendance list, the minutes, and votes that use it (S21, S22,
V20).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import ClauseKind, Draft, Hands, Phase, PollRule, Role, Terms, Way
from deliberation.session.attendance import now_present
from server.imports.importing import import_command
from tests.server.browsing import Site, site

PRESENCE = "/c/essai/seance/presence"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Site]:
    """A congress with a frozen motion, in the phase of votes, with a quorum; no sitting is open."""
    with site(tmp_path) as found:
        found.do(c.InvitePerson("Olga Orsini", Role.ORGANISER))
        found.do(c.SetPhase(Phase.VOTE, "2020-01-01T00:00:00.000Z"), "p1")
        found.do(c.ChangeCongress("Essai", "", "", True, PollRule(quorum_n=1, quorum_d=2)), "p1")
        found.do(import_command("Une motion", [Draft(ClauseKind.DEMANDE, "Demande la fibre.")]))
        found.do(c.FreezeMotion(1), "p1")
        yield found


def code(hall: Site) -> str:
    shown: str = hall.app.state.services.admission.presence_code(hall.state())
    return shown


def test_an_elu_signs_in_with_the_code_of_the_hall_and_leaves(hall: Site) -> None:
    """S21, T10"""
    elu = hall.member(Role.ELU, "Paul Perrin")
    elu.go("/c/essai/seance")
    assert "Signer ma présence" not in elu.page
    assert code(hall) == ""
    hall.do(c.OpenSitting(attendance=True), "p1")
    shown = code(hall)
    elu.go("/c/essai/ecran")
    assert f"{shown[:3]}\u202f{shown[3:]}" in unescape(elu.page)
    for page in ("/c/essai/", "/c/essai/seance", PRESENCE):
        elu.go(page)
        assert "Signer ma présence" in elu.page
    wrong = f"{(int(shown) + 1) % 10**6:06}"
    elu.send("Signer ma présence", presence=wrong)
    assert (elu.status, now_present(hall.state())) == (422, ())
    assert "code à six chiffres" in elu.page
    elu.send("Signer ma présence", presence=shown)
    assert now_present(hall.state()) == ("p2",)
    assert "Je quitte la séance" in elu.page
    elu.send("Je quitte la séance")
    assert now_present(hall.state()) == ()


def test_organisers_keep_the_desk_and_call_over(hall: Site) -> None:
    """S21, S22: both are named, on the list and in the minutes."""
    hall.member(Role.ELU, "Paul Perrin")
    hall.member(Role.ELU, "Anne Aubert")
    hall.do(c.OpenSitting(attendance=True), "p1")
    desk = hall.member(Role.ORGANISER, "Omar Olivier")
    desk.go(PRESENCE)
    desk.send("Noter sa présence", person="p2")
    assert now_present(hall.state()) == ("p2",)
    assert "noté par Omar Olivier" in desk.page
    desk.send("Enregistrer l’appel", **{"present:p3": "oui", "present:p2": ""})
    assert now_present(hall.state()) == ("p2", "p3")
    visitor = hall.visitor()
    visitor.go("/c/essai/seance/1")
    assert (visitor.status, "Paul Perrin" in visitor.page, "à l’appel" in visitor.page) == (200, True, True)
    visitor.go("/c/essai/seance/1?a=25:99")
    assert visitor.status == 200
    visitor.go(PRESENCE)
    assert "2 présents" in visitor.page
    assert "Noter sa présence" not in visitor.page


def test_the_chair_states_the_number_present_and_counts_proxies(hall: Site) -> None:
    """V20, W22, W23"""
    chair = hall.member(Role.ELU, "Chantal Chevrier")
    for name in ("Paul Perrin", "Anne Aubert"):
        hall.member(Role.ELU, name)
    hall.do(c.GiveProxy("p2"), "p3")
    hall.do(c.OpenSitting("p2"), "p1")
    chair.go("/c/essai/seance")
    chair.send("Ouvrir le vote sur l’ensemble", attending="4")
    assert chair.status == 422
    assert "plus de 3 inscrits présents" in chair.page
    chair.send("Ouvrir le vote sur l’ensemble", attending="2")
    assert hall.state().polls[1].stated == 2
    hall.do(c.CancelPoll(1, "À main levée"), "p1")
    hall.do(c.OpenPoll("motion-1", terms=Terms(Way.HANDS), attending=2), "p1")
    chair.go("/c/essai/seance")
    assert "2 présents à l’ouverture du vote" in chair.page
    chair.send("Entrer ce compte", in_favour="1", against="1", abstain="0", proxies_for="2")
    assert (chair.status, "L2121-20" in chair.page) == (422, True)
    chair.send("Entrer ce compte", in_favour="1", against="1", abstain="0", proxies_for="1")
    assert hall.state().polls[2].counts == {"p2": Hands(1, 1, 0, proxies_for=1)}
    hall.do(c.ClosePoll(2), "p2")
    chair.go("/c/essai/scrutins/2")
    assert "nombre constaté à l’ouverture du vote" in chair.page
    assert hall.state().motions[1].status == "adopted"
