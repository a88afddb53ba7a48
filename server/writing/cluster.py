"""This process among those that share one PostgreSQL: it follows what they store and tells them who is connected here.

Notifications only wake it up: new entries are read by sequence number, at the latest after `LOOK_SECONDS`. On SQLite it
looks for what commands from a terminal added.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from server.realtime import presence
from server.realtime.http_connections import HttpConnections
from server.realtime.hub import Hub, Place
from server.realtime.presence import GONE, AwarenessEntry
from server.store.bus import Bus, Words
from server.store.clock import Clock, instant, moment
from server.store.store import Store
from server.writing.commits import WROTE
from server.writing.queue import WriteQueue

LOOK_SECONDS = 2.0
"""Longest time in seconds between two looks for what others stored."""
BEAT_SECONDS = 3.0
"""Seconds between two heartbeats to the other processes."""
LOST_SECONDS = 12.0
"""Seconds of silence after which a process counts as gone, and the people connected through it as absent."""

GATHER_SECONDS = 0.05
"""Seconds during which changes of presence are gathered into one notification."""
MOST_ENTRIES_BYTES = 5_000
"""Bytes of presence in one notification, before base64 adds a third. PostgreSQL takes less than 8,000 bytes."""

ORPHANS_SECONDS = 30.0
"""Seconds between two searches for keystrokes of processes that are gone."""
ORPHANED = timedelta(seconds=100)
"""Age of a journalled keystroke beyond which no process can still be working on its burst."""

BEAT, FACES, WHO, CALL, FRAMES = "beat", "faces", "who", "call", "frames"
logger = logging.getLogger("pleniere.cluster")


@dataclass
class ClusterPeer:
    """Another process: when it was last heard (seconds, by the event loop's clock), and whose presence it shows in
    which room.
    """

    heard: float
    faces: dict[Place, dict[int, AwarenessEntry]] = field(default_factory=dict)


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
        self._faces: dict[Place, dict[int, AwarenessEntry]] = {}
        self._gathering: asyncio.TimerHandle | None = None
        self._neighbours: dict[str, ClusterPeer] = {}
        self._bus = None if store.database.is_sqlite else connect(store.database, self._hear, self._look_everywhere)
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
        if self._bus:
            self._bus.start()
            works += [self._beat(), self._adopt()]
        self._tasks = [asyncio.create_task(work) for work in works]

    async def stop(self) -> None:
        """Ends the background tasks and the bus."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._bus:
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
        """Sends frames to the process of that name; False if it is unknown. A lost message ends the connection over
        there.
        """
        if self._bus is None or node not in self._neighbours:
            return False
        return all(self._bus.say(FRAMES, node, *words) for words in messages)

    def opened(self, slug: str, document: str) -> None:
        """Asks the other processes who is present in a document that was just opened here."""
        if self._bus:
            self._bus.say(WHO, slug, document)

    def shown(self, slug: str, document: str, entry: AwarenessEntry) -> None:
        """Sends a change of presence to the other processes, with the others of the next `GATHER_SECONDS`."""
        if self._bus is None:
            return
        self._faces.setdefault((slug, document), {})[entry.client] = entry
        if self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(GATHER_SECONDS, self._tell_gathered)

    def _tell_gathered(self) -> None:
        self._gathering = None
        faces, self._faces = self._faces, {}
        for place, entries in faces.items():
            self._tell_faces(place, entries.values())

    def _tell_faces(self, place: Place, entries: Iterable[AwarenessEntry]) -> None:
        for some in _portions(entries):
            if self._bus:
                self._bus.say(FACES, *place, base64.b64encode(presence.encode(some)).decode())

    async def _beat(self) -> None:
        while True:
            if self._bus:
                self._bus.say(BEAT)
            await asyncio.sleep(BEAT_SECONDS)
            now = asyncio.get_running_loop().time()
            for name, neighbour in list(self._neighbours.items()):
                if now - neighbour.heard > LOST_SECONDS:
                    del self._neighbours[name]
                    self._forget(neighbour)

    # Messages from other processes

    def _hear(self, speaker: str, words: Words) -> None:
        now = asyncio.get_running_loop().time()
        neighbour = self._neighbours.setdefault(speaker, ClusterPeer(now))
        neighbour.heard = now
        match words:
            case [what, slug] if what == WROTE:
                self._woken.add(slug)
                self._wake.set()
            case [what, slug, document, data] if what == FACES:
                self._show(neighbour, (slug, document), presence.decode(base64.b64decode(data)))
            case [what, slug, document] if what == WHO:
                self._tell_faces((slug, document), self._hub.faces(slug, document))
            case [what, slug, person] if what == CALL:
                self._hub.call_in(slug, person)
            case [what, node, *words] if what == FRAMES and node == self.node:
                self._take_frames(words)

    def _take_frames(self, words: Words) -> None:
        if self._connections is not None:
            token, person, number, part, parts, data = words
            self._connections.take_part(token, person, int(number), int(part), int(parts), data)

    def _show(self, neighbour: ClusterPeer, place: Place, entries: list[AwarenessEntry]) -> None:
        faces = neighbour.faces.setdefault(place, {})
        for entry in entries:
            if entry.state == GONE:
                faces.pop(entry.client, None)
            else:
                faces[entry.client] = entry
        if not faces:
            del neighbour.faces[place]
        self._hub.show_elsewhere(*place, entries)

    def _forget(self, lost: ClusterPeer) -> None:
        for place, faces in lost.faces.items():
            gone = [AwarenessEntry(entry.client, entry.clock + 1, GONE) for entry in faces.values()]
            self._hub.show_elsewhere(*place, gone)


def _portions(entries: Iterable[AwarenessEntry]) -> Iterator[list[AwarenessEntry]]:
    """The entries in groups that each fit into one notification."""
    some: list[AwarenessEntry] = []
    size = 0
    for entry in entries:
        more = len(presence.encode([entry]))
        if some and size + more > MOST_ENTRIES_BYTES:
            yield some
            some, size = [], 0
        some.append(entry)
        size += more
    if some:
        yield some
