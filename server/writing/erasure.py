"""What is to leave no trace once it is taken out of the database: keys of ballot boxes, and the write-ahead log."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from threading import Lock

from deliberation.kernel import events as e
from deliberation.kernel.state import State
from server.store.database import Database
from server.store.keys import Keys

ERASING = (e.Redacted, e.BoxOpened, e.PollCancelled)
"""What takes something out of the database for good: nothing of it may linger in a write-ahead log."""

RETRY_SECONDS = 1.0
"""Seconds between two tries to empty the write-ahead log."""


class Erasure:
    """Follows each commit on the writer's thread; `run` tries again on the event loop what could not be done then."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database = database
        self._keys = keys
        self._one_at_a_time = Lock()  # of two at once, the database would turn one away
        self._lingers = True  # a process before may have ended too early

    def follow(self, slug: str, state: State, recorded: Iterable[e.Recorded]) -> None:
        """After the commit that added these entries and led to that state."""
        if any(isinstance(r.event, ERASING) for r in recorded):
            destroy_box_keys(self._keys, slug, state)
            if not self._empty_log():
                self._lingers = True

    async def run(self) -> None:
        """Empties the write-ahead log when whoever read an older state has finished. Never returns."""
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            if self._lingers:
                self._lingers = False
                if not await asyncio.to_thread(self._empty_log):
                    self._lingers = True

    def _empty_log(self) -> bool:
        with self._one_at_a_time:
            return self._database.forget_deleted()


def destroy_box_keys(keys: Keys, slug: str, state: State) -> None:
    """Destroys what sealed the boxes that are opened, or never will be."""
    for number in keys.urns(slug):
        if number in state.polls and not state.polls[number].is_open:
            keys.destroy_urn(slug, number)
