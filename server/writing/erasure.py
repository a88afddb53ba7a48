"""Erasing for good, after the commit: keys of ballot boxes, and remains in the write-ahead log and in dead rows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from threading import Lock

from deliberation.kernel import events as e
from deliberation.kernel.state import State
from server.store import mirror
from server.store.database import Database
from server.store.keys import Keys
from server.store.tables import DocumentRow, JournalRow, PassedRow, PayloadRow

ERASING = (*e.ERASING, e.WordsRedacted, e.BoxOpened, e.PollCancelled)
"""Events that delete content for good, which must then not stay readable in a write-ahead log."""

REDACTING = (*e.ERASING, e.WordsRedacted)
"""Events after which PostgreSQL's tables may still hold dead rows with the redacted words."""

RETRY_SECONDS = 1.0
"""Seconds between two attempts to empty the write-ahead log."""


class Erasure:
    """Erases after each commit on the writer's thread; what could not be done then, `run` tries again on the event
    loop.
    """

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database = database
        self._keys = keys
        self._one_at_a_time = Lock()  # of two at once, the database would turn one away
        self._lingers = True  # a process before may have ended too early
        self._has_dead_rows = False

    def follow(self, slug: str, state: State, recorded: Iterable[e.Recorded]) -> None:
        """Erases what the commit that added these entries made obsolete; `state` is the state after it."""
        if any(isinstance(r.event, ERASING) for r in recorded):
            destroy_box_keys(self._keys, slug, state)
            self._has_dead_rows = self._has_dead_rows or any(isinstance(r.event, REDACTING) for r in recorded)
            if not self._empty_log():
                self._lingers = True

    async def run(self) -> None:
        """Empties the write-ahead log once no reader holds an older snapshot, and rewrites tables whose dead rows may
        hold redacted words. Never returns.
        """
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            if self._has_dead_rows:
                self._has_dead_rows = False
                if not await asyncio.to_thread(self._database.forget_dead_rows, tables_with_words()):
                    self._has_dead_rows = True
            if self._lingers:
                self._lingers = False
                if not await asyncio.to_thread(self._empty_log):
                    self._lingers = True

    def _empty_log(self) -> bool:
        with self._one_at_a_time:
            return self._database.forget_deleted()


def tables_with_words() -> list[str]:
    """Names of the tables that may hold text that people wrote."""
    kept = (PayloadRow, DocumentRow, JournalRow, PassedRow)
    return [*(str(table.__tablename__) for table in kept), *(each.table.name for each in mirror.MIRRORS.values())]


def destroy_box_keys(keys: Keys, slug: str, state: State) -> None:
    """Destroys the keys of boxes that have been opened or whose poll was cancelled."""
    for number in keys.urns(slug):
        if number in state.polls and not state.polls[number].is_open:
            keys.destroy_urn(slug, number)
