"""This process among those that share one PostgreSQL: it follows what they keep, and passes on what concerns them.

Notifications only wake it up: new entries are read by sequence number, at the latest after `LOOK_SECONDS`. On SQLite it
looks for what commands from a terminal added.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from server.realtime.http_connections import HttpConnections
from server.realtime.hub import Hub
from server.realtime.presence import AwarenessEntry
from server.store.bus import Bus, Words
from server.store.clock import Clock, instant, moment
from server.store.store import Store
from server.writing.commits import WROTE
from server.writing.presence_exchange import PresenceExchange
from server.writing.queue import WriteQueue

LOOK_SECONDS = 2.0
"""Longest time in seconds between two looks for what others stored."""
BEAT_SECONDS = 3.0
ORPHANS_SECONDS = 30.0
"""Seconds between two searches for keystrokes of processes that are gone."""
ORPHANED = timedelta(seconds=100)
"""Age of a journalled keystroke beyond which no process can still be working on its burst."""

CALL, FRAMES = "call", "frames"
logger = logging.getLogger("pleniere.cluster")


class Cluster:
    """Implements `server.realtime.hub.PresenceBus`; with `connections`, also their `FrameCourier`.

    `connect` makes the message bus to the other processes; on SQLite there is none.
    """

    def __init__(
        self,
        store: Store,
        write_queue: WriteQueue,
        hub: Hub,
        clock: Clock,
        connect: Callable[..., Bus] = Bus,
        connections: HttpConnections | None = None,
    ) -> None:
        self._store = store
        self._write_queue = write_queue
        self._hub = hub
        self._clock = clock
        self._woken: set[str] = set()
        self._wake = asyncio.Event()
        self._bus = None if store.database.is_sqlite else connect(store.database, self._hear, self._look_everywhere)
        self._presence = PresenceExchange(hub, self._bus.node, self._bus.say) if self._bus else None
        self._tasks: list[asyncio.Task[None]] = []
        self._connections = connections
        if connections is not None and self._bus is not None:
            connections.send_by(self)

    @property
    def node(self) -> str:
        """The name of this process on the bus; "" when it is alone."""
        return self._bus.node if self._bus else ""

    def start(self) -> None:
        """Starts following the other processes, in background tasks."""
        works = [self._follow()]
        if self._bus and self._presence:
            self._bus.start()
            works += [self._beat(self._presence), self._adopt()]
        self._tasks = [asyncio.create_task(work) for work in works]

    async def stop(self) -> None:
        """Ends the background tasks and the bus."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._bus and self._presence:
            self._presence.close()
            await self._bus.stop()

    # What others stored

    async def _follow(self) -> None:
        while True:
            try:
                await asyncio.wait_for(self._wake.wait(), LOOK_SECONDS)
            except TimeoutError:
                self._look_everywhere()
            self._wake.clear()
            woken, self._woken = self._woken, set()
            await asyncio.gather(*(self._guarded(self._write_queue.catch_up, slug) for slug in woken))

    def _look_everywhere(self) -> None:
        self._woken |= set(self._write_queue.known)
        self._wake.set()

    async def _adopt(self) -> None:
        """Records the keystrokes that were stored by a process which has gone since. Never returns."""
        while True:
            await asyncio.sleep(ORPHANS_SECONDS)
            await self._guarded(self._record_orphans)

    async def _record_orphans(self) -> None:
        before = instant(moment(self._clock.now()) - ORPHANED)
        for slug, document in await asyncio.to_thread(self._store.journalled, before):
            await self._write_queue.record_bursts(slug, document)

    async def _guarded(self, work: Callable[..., Awaitable[object]], *about: str) -> None:
        try:
            await work(*about)
        except Exception as error:
            logger.warning("what other processes wrote could not be followed: %s", error)

    # Messages to other processes

    def call_in(self, slug: str, person: str) -> None:
        """Ends the connections of that person, here and elsewhere; see `Hub.call_in`."""
        self._hub.call_in(slug, person)
        if self._bus:
            self._bus.say(CALL, slug, person)

    def carry(self, node: str, messages: Sequence[Sequence[str]]) -> bool:
        """Takes frames to the process of that name; a message that is lost on the way ends their connection there."""
        if self._bus is None or self._presence is None or not self._presence.knows(node):
            return False
        return all(self._bus.say(FRAMES, node, *words) for words in messages)

    def opened(self, slug: str, document: str) -> None:
        if self._presence:
            self._presence.opened(slug, document)

    def shown(self, slug: str, document: str, entry: AwarenessEntry) -> None:
        if self._presence:
            self._presence.shown(slug, document, entry)

    async def _beat(self, presence: PresenceExchange) -> None:
        while True:
            presence.beat()
            await asyncio.sleep(BEAT_SECONDS)

    # Messages from other processes

    def _hear(self, speaker: str, words: Words) -> None:
        if self._presence:
            self._presence.hear(speaker, words)
        match words:
            case [what, slug] if what == WROTE:
                self._woken.add(slug)
                self._wake.set()
            case [what, slug, person] if what == CALL:
                self._hub.call_in(slug, person)
            case [what, node, *words] if what == FRAMES and node == self.node:
                self._take_frames(words)

    def _take_frames(self, words: Words) -> None:
        if self._connections is not None:
            token, person, number, part, parts, data = words
            self._connections.take_part(token, person, int(number), int(part), int(parts), data)
