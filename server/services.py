"""What the pages, the API and the sockets stand on, put together once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from deliberation.kernel import events as e
from deliberation.kernel.state import State
from server.archives.archives import Archives
from server.identity.identity import Identity
from server.realtime.hub import Hub
from server.realtime.live import Live, Render
from server.settings import ServerSettings
from server.store.clock import Clock, SystemClock
from server.store.database import Database
from server.store.highwater import HighWater
from server.store.keys import ForeignKey, Keys
from server.store.schema import bring_up
from server.store.store import Store
from server.texts import bursts
from server.web.admission import Admission
from server.web.limits import Limiter
from server.witnessing.cosigning import Cosigning
from server.writing.cluster import Cluster
from server.writing.queue import Intake
from server.writing.room_storage import RoomStorage
from server.writing.scheduler import Scheduler

WATCH_SECONDS = 2.0
logger = logging.getLogger("pleniere.services")
STARTS_A_CLOCK = (e.PollOpened, e.PollResumed, e.DraftingSecluded)
RIGHTS_CHANGE = (e.DraftingSecluded, e.DraftingPublished, e.PhaseSet, e.TextFrozen, e.MotionReopened, e.MotionDecided)


@dataclass(frozen=True)
class Services:
    settings: ServerSettings
    clock: Clock
    store: Store
    intake: Intake
    identity: Identity
    keys: Keys
    live: Live
    rooms: Hub
    nodes: Cluster
    archives: Archives
    cosigning: Cosigning
    timekeeper: Scheduler
    admission: Admission

    def link(self, token: str) -> str:
        """The address that signs a person in: the token is in the fragment, which no server or mail scanner sees."""
        return f"{self.settings.public_origin}/connexion#{token}"

    async def count_congresses(self) -> int:
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
        """After a crash: confirmed keystrokes that were not yet part of a burst become entries, and what was to be
        destroyed is.
        """
        for slug in await asyncio.to_thread(self.store.congresses):
            if state := await self.intake.state(slug):
                await asyncio.to_thread(self.intake.destroy_keys, slug, state)
        for slug, document in await asyncio.to_thread(self.store.journalled):
            await self.intake.record_bursts(slug, document)


async def nothing(slug: str, topic: str, language: str, state: State) -> str | None:
    """No live fragments: for work without readers."""
    return None


@asynccontextmanager
async def open_services(
    settings: ServerSettings, render: Render = nothing, clock: Clock | None = None
) -> AsyncIterator[Services]:
    """Everything started, and stopped in order at the end. `render` makes the live fragments."""
    clock = clock or SystemClock()
    database = await asyncio.to_thread(_open_database, settings)
    store, keys = Store(database), Keys(settings.data / "keys", database)
    identity = Identity(database, clock, settings.is_https)
    live = Live(render)
    cosigning = Cosigning(settings.witnesses, store)
    archives = Archives(store, keys, cosigning, settings.data / "archives")
    news = CommitSubscribers(live, identity, archives)
    intake = Intake(database, keys, clock, HighWater(settings.data / "highwater"), news)
    rooms = Hub(RoomStorage(intake, store, clock))
    timekeeper = Scheduler(store, intake, clock)
    admission = Admission(Limiter(settings.hall, settings.limits), keys.signer)
    news.rooms, news.timekeeper, intake.heard = rooms, timekeeper, rooms.take_elsewhere
    nodes = Cluster(store, intake, rooms, clock)
    await intake.start()
    watch = asyncio.create_task(watch_access(identity, rooms), name="access")
    clocks = asyncio.create_task(timekeeper.run(), name="clocks")
    try:
        yield Services(
            settings,
            clock,
            store,
            intake,
            identity,
            keys,
            live,
            rooms,
            nodes,
            archives,
            cosigning,
            timekeeper,
            admission,
        )
    finally:
        watch.cancel()
        clocks.cancel()
        await nodes.stop()
        live.close()
        await rooms.close()
        await intake.stop()
        await asyncio.to_thread(cosigning.stop)
        database.close()


def _open_database(settings: ServerSettings) -> Database:
    """Its tables are in the form of this version."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        bring_up(database, settings.data / "backups", SystemClock().now())
    except BaseException:
        database.close()
        raise
    return database


def bring_up_tables(settings: ServerSettings) -> None:
    """Before anything else is done with what another version left; OtherVersion when that cannot be used."""
    _open_database(settings).close()


async def watch_access(identity: Identity, rooms: Hub) -> None:
    """Shows out whoever is connected and whom nothing signs in any more: expired, or ended from a terminal."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        for slug, people in rooms.people().items():
            try:
                standing = await asyncio.to_thread(identity.standing, slug, people)
            except SQLAlchemyError:
                logger.exception("who may stay could not be looked up")
                continue
            for person in people - standing:
                await rooms.revoke(slug, person)


class CommitSubscribers:
    """What follows a commit: rooms and pages are told, revoked people are shown out, erased words leave the caches."""

    def __init__(self, live: Live, identity: Identity, archives: Archives) -> None:
        self.live = live
        self.identity = identity
        self.archives = archives
        self.rooms: Hub | None = None
        self.timekeeper: Scheduler | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, slug: str, state: State, recorded: list[e.Recorded]) -> None:
        self.live.announce(slug, state, [r.document for r in recorded])
        if self.timekeeper and any(isinstance(r.event, STARTS_A_CLOCK) for r in recorded):
            self.timekeeper.look()
        task = asyncio.create_task(self._tell_rooms(slug, recorded))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell_rooms(self, slug: str, recorded: list[e.Recorded]) -> None:
        assert self.rooms is not None
        for r in recorded:
            if isinstance(r.event, (e.TextWritten, e.MapDrawn)):
                await self.rooms.apply_recorded(slug, r.document, bursts.decode(r.event.update))
            elif isinstance(r.event, e.PersonRevoked):
                await asyncio.to_thread(self.identity.revoke, slug, r.event.person)
                await self.rooms.revoke(slug, r.event.person)
            elif isinstance(r.event, e.Redacted):
                await self.archives.forget(slug)
        if any(isinstance(r.event, RIGHTS_CHANGE) for r in recorded):
            await self.rooms.permissions_changed(slug)
