"""The services that pages, API and sockets share: one `Services` value, built and wired in `open_services`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from server.archives.archives import Archives
from server.identity.identity import Identity
from server.imports.belenios_tool import BeleniosVerifier
from server.realtime.http_connections import HttpConnections
from server.realtime.hub import Hub
from server.realtime.live import Live, Render
from server.settings import ServerSettings
from server.store import log
from server.store.clock import Clock, SystemClock
from server.store.database import Database
from server.store.highwater import HighWater
from server.store.keys import ForeignKey, Keys
from server.store.private_files import keep_private
from server.store.schema import bring_up
from server.store.store import Store
from server.territories.recording import completed
from server.territories.reference import Territories
from server.web.admission import Admission
from server.web.limits import Limiter
from server.witnessing.cosigning import Cosigning
from server.writing.cluster import Cluster
from server.writing.commits import CommitFeed, EntriesRecorded, TextsWritten
from server.writing.erasure import Erasure, destroy_box_keys
from server.writing.queue import WriteQueue
from server.writing.room_storage import RoomStorage
from server.writing.safeguards import Safeguards
from server.writing.scheduler import Scheduler
from server.writing.subscribers import AccessSubscriber, FragmentSubscriber, RoomSubscriber
from server.writing.transaction import TransactionWriter

WATCH_SECONDS = 2.0
"""Seconds between two checks that connected people are still signed in."""
logger = logging.getLogger("pleniere.services")


@dataclass(frozen=True)
class Services:
    """Everything that a request handler may use. Each attribute bears the name of its class; `hub` holds the open rooms
    of shared texts, `cluster` the contact with other processes on the same database.
    """

    settings: ServerSettings
    clock: Clock
    store: Store
    write_queue: WriteQueue
    commits: CommitFeed
    safeguards: Safeguards
    identity: Identity
    keys: Keys
    live: Live
    hub: Hub
    http_connections: HttpConnections
    cluster: Cluster
    archives: Archives
    cosigning: Cosigning
    scheduler: Scheduler
    belenios: BeleniosVerifier
    admission: Admission
    territories: Territories

    def link(self, token: str) -> str:
        """The address that signs a person in: the token is in the fragment, which no server or mail scanner sees."""
        return f"{self.settings.public_origin}/connexion#{token}"

    def lost_size(self, slug: str) -> int | None:
        """How many entries the record once had, when it has fewer now."""
        return self.safeguards.high_water.above(slug, self.store.size(slug))

    def read_only(self, slug: str) -> Refused | None:
        """Why that record takes nothing now, or None. Blocking."""
        with self.store.database.read() as connection:
            return self.safeguards.refuse(connection, slug, log.size(connection, slug))

    async def count_congresses(self) -> int:
        """How many congresses the database holds."""
        return len(await asyncio.to_thread(self.store.congresses))

    def missing_keys(self) -> list[str]:
        """The congresses whose key is with other processes only."""
        missing = []
        for slug in self.store.congresses():
            settings = self.store.state(slug).settings
            try:
                self.keys.signer(slug, settings.origin if settings else "")
            except ForeignKey:
                missing.append(slug)
        return missing

    async def recover(self) -> None:
        """After a crash: turns confirmed keystrokes that were not yet part of a burst into entries, and destroys the
        keys of ballot boxes that are no longer needed.
        """
        for slug in await asyncio.to_thread(self.store.congresses):
            if state := await self.write_queue.state(slug):
                await asyncio.to_thread(destroy_box_keys, self.keys, slug, state)
        for slug, document in await asyncio.to_thread(self.store.journalled):
            await self.write_queue.record_bursts(slug, document)


async def nothing(slug: str, topic: str, language: str, state: State, inside: bool) -> str | None:
    """A `Render` that makes no live fragments, for commands from a terminal, which have no readers."""
    return None


@asynccontextmanager
async def open_services(
    settings: ServerSettings, render: Render = nothing, clock: Clock | None = None
) -> AsyncIterator[Services]:
    """Opens the database, starts the background tasks and yields the services; stops everything in order at the end.

    `render` makes the live fragments, `clock` replaces the machine's clock in tests.
    """
    clock = clock or SystemClock()
    database = await asyncio.to_thread(_open_database, settings)
    store, keys = Store(database), Keys(settings.data / "keys", database)
    identity = Identity(database, clock, settings.is_https)
    live = Live(render)
    safeguards = Safeguards(HighWater(settings.data / "highwater", settings.marks, keys.fingerprint))
    cosigning = Cosigning(settings.witnesses, store, safeguards)
    archives = Archives(store, keys, cosigning, settings.data / "archives")
    erasure, commits = Erasure(database, keys), CommitFeed()
    territories = Territories(settings.data)
    complete = partial(completed, load=territories.readable)
    writer = TransactionWriter(database, keys, clock, safeguards, erasure, complete=complete)
    write_queue = WriteQueue(store, writer, commits)
    hub = Hub(RoomStorage(write_queue, store, clock))
    scheduler = Scheduler(store, write_queue, clock)
    belenios = BeleniosVerifier(store, write_queue, settings.belenios_tool)
    admission = Admission(Limiter(settings.hall, settings.limits), keys.signer)
    http_connections = HttpConnections(hub)
    cluster = Cluster(store, write_queue, hub, clock, connections=http_connections)
    services = Services(
        settings,
        clock,
        store,
        write_queue,
        commits,
        safeguards,
        identity,
        keys,
        live,
        hub,
        http_connections,
        cluster,
        archives,
        cosigning,
        scheduler,
        belenios,
        admission,
        territories,
    )
    _subscribe(services)
    await write_queue.start()
    works = (watch_access(identity, hub), scheduler.run(), belenios.run(), erasure.run())
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield services
    finally:
        for task in tasks:
            task.cancel()
        await cluster.stop()
        live.close()
        await hub.close()
        await write_queue.stop()
        await commits.settle()
        await asyncio.to_thread(cosigning.stop)
        await asyncio.to_thread(database.close)


def _subscribe(services: Services) -> None:
    """Who is told of commits, in this order: pages, clocks, rooms, access, archives, Belenios; and of presence."""
    rooms = RoomSubscriber(services.hub)
    commits = services.commits
    commits.subscribe(TextsWritten, rooms.take)
    commits.subscribe(EntriesRecorded, FragmentSubscriber(services.live).follow)
    commits.subscribe(EntriesRecorded, services.scheduler.follow)
    commits.subscribe(EntriesRecorded, rooms.follow)
    commits.subscribe(EntriesRecorded, AccessSubscriber(services.identity, services.hub).follow)
    commits.subscribe(EntriesRecorded, services.archives.follow)
    commits.subscribe(EntriesRecorded, services.belenios.follow)
    services.hub.subscribe(services.cluster)


def _open_database(settings: ServerSettings) -> Database:
    """Opens the database and brings its tables to the form of this version; OtherVersion when that is impossible."""
    keep_private(settings.data)
    database = Database(settings.database_url)
    try:
        bring_up(database, settings.data / "backups", SystemClock().now())
    except BaseException:
        database.close()
        raise
    return database


def bring_up_tables(settings: ServerSettings) -> None:
    """Migrates the tables that another version left, before anything else uses them; OtherVersion when that is
    impossible.
    """
    _open_database(settings).close()


async def watch_access(identity: Identity, hub: Hub) -> None:
    """Closes the connections of people whose last session or token expired or was ended from a terminal. Never returns
    by itself.
    """
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        for slug, people in hub.people().items():
            try:
                standing = await asyncio.to_thread(identity.standing, slug, people)
            except SQLAlchemyError:
                logger.exception("who may stay could not be looked up")
                continue
            for person in people - standing:
                await hub.revoke(slug, person)
