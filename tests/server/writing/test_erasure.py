"""Erased content is removed from the write-ahead log, also with concurrent requests."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import cast

from deliberation.kernel import events as e
from deliberation.kernel.state import State
from server.store.database import Database
from server.store.keys import Keys
from server.writing.erasure import Erasure
from tests.simulation.virtual_time import pass_time, run
from tests.waiting import WITHIN

CANCELLED = e.Recorded(
    3, "2026-01-01T00:00:00.000Z", "p3", e.PollCancelled.kind, "poll-1", e.PollCancelled(1, "Erreur")
)


class BusyDatabase:
    """A database that refuses to empty its log while another request does so, or for the first `refusals` times;
    `emptied` counts successes.
    """

    def __init__(self, refusals: int = 0) -> None:
        self.refusals = refusals
        self.emptied = 0
        self.overlaps = 0
        self.slow = threading.Event()
        self.began = threading.Event()
        self._within = False

    def forget_deleted(self) -> bool:
        if self._within:
            self.overlaps += 1
            return False
        self._within = True
        self.began.set()
        self.slow.wait(WITHIN)
        self._within = False
        self.refusals -= 1
        self.emptied += self.refusals < 0
        return self.refusals < 0


def erasure(database: BusyDatabase, folder: Path) -> Erasure:
    return Erasure(cast("Database", database), Keys(folder))


def test_two_who_empty_the_log_take_turns(tmp_path: Path) -> None:
    database = BusyDatabase()
    both = erasure(database, tmp_path)
    threads = [threading.Thread(target=both.follow, args=("essai", State(), [CANCELLED])) for _ in range(2)]
    for thread in threads:
        thread.start()
    database.began.wait(WITHIN)
    database.slow.set()
    for thread in threads:
        thread.join(WITHIN)
    assert (database.emptied, database.overlaps) == (2, 0)


def test_what_could_not_be_emptied_is_tried_again(tmp_path: Path) -> None:
    database = BusyDatabase(refusals=3)
    database.slow.set()

    async def work() -> None:
        again = erasure(database, tmp_path)
        again.follow("essai", State(), [CANCELLED])
        task = asyncio.create_task(again.run())
        await pass_time(10)
        task.cancel()

    run(work())
    assert database.emptied == 1
