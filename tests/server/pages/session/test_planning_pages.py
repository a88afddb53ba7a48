"""The agenda's page: drawn from the order of call, changed, public (S44, S45)."""

from __future__ import annotations

from html import unescape
from pathlib import Path

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, ClauseKind, Draft, Phase, Role
from server.imports.importing import import_command
from tests.server.browsing import site

AGENDA = "/c/essai/seance/ordre-du-jour"


def test_the_agenda_is_drawn_changed_and_public(tmp_path: Path) -> None:
    with site(tmp_path) as hall:
        hall.do(c.InvitePerson("Olga Orsini", Role.ORGANISER))
        hall.do(c.SetPhase(Phase.AMENDMENTS, "2020-01-01T00:00:00.000Z"), "p1")
        hall.do(import_command("Une motion", [Draft(ClauseKind.DEMANDE, "Demande la fibre.")]))
        hall.do(c.FreezeMotion(1), "p1")
        hall.do(c.InvitePerson("Paul Perrin", Role.ELU))
        clause = hall.state().motions[1].frozen[0].clauses[0].id
        hall.do(c.TableAmendment(1, Aim.REWRITE, clause, "Demande la fibre partout.", ""), "p2")
        olga, visitor = hall.member(Role.ORGANISER, "Omar Olivier"), hall.visitor()
        olga.go(AGENDA)
        olga.send("Fixer l’ordre du jour", minutes1="beaucoup", title4="Café", kind4="pause")
        assert olga.status == 422
        assert "Café" in olga.page
        olga.send("Fixer l’ordre du jour", minutes1="5", rank4="1", rank1="2", starts="2026-11-23T09:00")
        agenda = hall.state().agenda
        assert agenda is not None
        found = [(x.title, x.minutes) for x in agenda.items]
        assert found == [
            ("Café", 10),
            ("Présentation : Une motion", 5),
            ("1 amendement : Une motion", 4),
            ("Vote sur l’ensemble : Une motion", 10),
        ]
        olga.send("Commencer :")
        visitor.go(AGENDA)
        assert "commencé à" in unescape(visitor.page)
        assert "Fixer l’ordre du jour" not in visitor.page
        assert hall.request("POST", AGENDA, {}, data={"acte": "commencer", "item": "1"}).status_code == 403
