"""The automatic sitting of the demonstration follows the rules, and is run through the API of a running server (S37,
S43).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import ClauseKind, Draft
from server.demo import live_sitting
from server.demo.live_player import LivePlayer, PlayStopped
from server.imports.importing import import_command
from tests.deliberation.congresses import CREATION, START, Congress, findings
from tests.server_process import Server, pleniere


def founded() -> Congress:
    congress = Congress()
    congress.do(ids.CONGRESS, CREATION)
    for name, role, mandate, collectivity in live_sitting.PEOPLE:
        congress.do(ids.CONGRESS, c.InvitePerson(name, role, mandate, collectivity))
    drafts = [Draft(ClauseKind.DEMANDE, text) for text in live_sitting.CLAUSES]
    congress.do(ids.CONGRESS, import_command(live_sitting.MOTION, drafts))
    return congress


def test_no_act_is_refused_and_the_motion_is_adopted() -> None:
    congress = founded()
    for act in live_sitting.before(START):
        congress.do(act.actor, act.command)
    clauses = tuple(clause.id for clause in congress.state.motions[1].frozen[0].clauses)
    for act in live_sitting.sitting(START, clauses):
        congress.do(act.actor, act.command)
    state = congress.state
    assert state.motions[1].status == "adopted"
    assert [a.status for a in state.amendments.values()] == ["adopte", "rejete"]
    assert all(turn.ended for turn in state.turns.values())
    assert state.sitting is None
    assert findings(congress.record) == []


def test_a_server_that_does_not_answer_is_said_with_the_remedy() -> None:
    player = LivePlayer("http://127.0.0.1:9", "essai", {"p1": ""}, lambda seconds: None)
    with pytest.raises(PlayStopped, match="pleniere serve"):
        player.play(live_sitting.before(START), 0.0)


@pytest.mark.slow
def test_it_plays_on_a_running_server(start_server: Callable[..., Server]) -> None:
    server = start_server(demo=False)
    done = pleniere(server.data, "demo", "--live", "--pace", "0", PLENIERE_ORIGIN=server.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "La séance est levée" in done.stdout
