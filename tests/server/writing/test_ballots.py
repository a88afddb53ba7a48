"""Voting while the process is killed: each confirmed vote is in the record exactly once."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from threading import Thread

from deliberation.kernel.vocabulary import Choice
from tests import hall
from tests.bench.load.voters import Seen, Task, run
from tests.server_process import Server, pleniere
from tests.waiting import WITHIN

ELUS = 120


def test_ballots_outlive_a_process_that_is_killed_among_them(tmp_path: Path) -> None:
    """V3: each voter presses once or twice and tries again until told; the same command counts once."""
    data = tmp_path / "data"
    sessions = hall.found(data, ELUS)
    server = Server(data, demo=False)
    server.start()
    seen: list[Seen] = []
    task = Task(server.port, hall.SLUG, 1, tuple(sessions), seconds=2, doubled=0.3, live=False)
    crowd = Thread(target=lambda: seen.append(asyncio.run(run(task))))
    crowd.start()
    try:
        crowd.join(1.0)
        server.kill()
        server.start()
        crowd.join(WITHIN)
    finally:
        server.stop()
    (found,) = seen
    assert not found.refused
    state = hall.closed(data)
    expected = {f"p{rank + 2}": Choice(choice) for rank, (choice, _) in found.confirmed.items()}
    assert len(expected) == ELUS
    assert state.polls[1].ballots == expected
    assert {f"p{rank + 2}": entry for rank, (_, entry) in found.confirmed.items()} == state.polls[1].cast
    assert len(state.polls[1].entries) == ELUS
    checked = pleniere(data, "rebuild", hall.SLUG, "--check", "--json")
    assert checked.returncode == 0, checked.stdout + json.dumps(checked.stderr)
