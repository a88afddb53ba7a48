"""Two processes on one database, run by one loop in virtual time: the write path, the record and the rooms are the real
ones. The database is an SQLite in memory that passes for a PostgreSQL, whose transactions take turns by themselves.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import cast

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.exc import OperationalError

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import Phase, Role
from server.realtime.hub import Hub
from server.store.bus import Bus, Words
from server.store.clock import instant, moment
from server.store.database import WRITE, Database
from server.store.highwater import HighWater
from server.store.journal_follower import JournalFollower
from server.store.keys import Keys
from server.store.store import Store
from server.writing.cluster import Cluster
from server.writing.commits import CommitFeed, EntriesRecorded, TextsWritten
from server.writing.congress_batch import LONGEST
from server.writing.erasure import Erasure
from server.writing.queue import WriteQueue
from server.writing.room_storage import RoomStorage
from server.writing.safeguards import Safeguards
from server.writing.subscribers import RoomSubscriber
from server.writing.transaction import TransactionWriter

SLUG, DOCUMENT = "demo", "motion-1"
ORGANISER = "p4"
START = "2026-01-01T00:00:00.000Z"
NEVER = " - interval '5 minutes'", " - 1e9"
"""Nothing that was passed on is forgotten by itself: the words of PostgreSQL and what stands for them here."""

FOUNDING: tuple[tuple[str, c.Command], ...] = (
    (ids.CONGRESS, c.CreateCongress(SLUG, "Essai", "localhost/c/demo/registre")),
    *((ids.CONGRESS, c.InvitePerson(name, Role.ELU)) for name in ("Ana", "Bo", "Cid")),
    (ids.CONGRESS, c.InvitePerson("Dea", Role.ORGANISER)),
    *((ORGANISER, c.SetPhase(phase, "2020-01-01T00:00:00.000Z")) for phase in Phase),
    ("p1", c.CreateMotion("Été")),
)


class Killed(Exception):
    """The process is gone: nothing that it does has any effect."""


class Twin(Database):
    """The database as one process sees it. `trouble(moment)` may raise before and after each commit."""

    def __init__(self, engine: Engine, node: str, tell: Callable[[str, Words], None]) -> None:
        self.engine, self.node = engine, node
        self.is_sqlite = False
        self.alive = self.reachable = True
        self.trouble: Callable[[str], None] = lambda moment: None
        self._tell = tell

    def lock(self, connection: Connection, name: str) -> None:
        """Transactions take turns anyway."""

    def tell(self, connection: Connection, *words: str) -> None:
        self._tell(self.node, words)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self._check()
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        self._check()
        with self.engine.connect() as connection:
            connection = connection.execution_options(**{WRITE: True})
            with connection.begin():
                yield connection
                self.trouble("before")
        self.trouble("after")

    def _check(self) -> None:
        if not self.alive:
            raise Killed
        if not self.reachable:
            raise lost_connection()


class Jumpy:
    """A clock that goes on with the loop's and is set forward and back. `ahead`: seconds."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> ids.Instant:
        passed = asyncio.get_running_loop().time() + self.ahead
        return instant(moment(START) + timedelta(seconds=passed))

    def lead(self) -> float:
        return 0.0

    def follow(self) -> None:
        pass


class Post:
    """Notifications between the processes: late, out of order, or lost."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.nodes: list[Node] = []

    def tell(self, speaker: str, words: Words) -> None:
        for node in self.nodes:
            if node.database.node != speaker and self._chance.random() < 0.8:
                delay = self._chance.choice([0.0001, 0.01, 0.3, 3.0])
                asyncio.get_running_loop().call_later(delay, node.hear, speaker, words)


class Speaking:
    """Stands for the bus of a process."""

    def __init__(self, post: Post, database: Twin, hear: Callable[[str, Words], None]) -> None:
        self._post, self._database = post, database
        self.hear = hear

    @property
    def node(self) -> str:
        return self._database.node

    def start(self) -> None:
        """The post is always there."""

    async def stop(self) -> None:
        """Nothing waits."""

    def say(self, *words: str) -> None:
        if self._database.alive:
            self._post.tell(self._database.node, words)


class Node:
    """One process; an async function starts it."""

    def __init__(self, engine: Engine, name: str, post: Post) -> None:
        self.clock = Jumpy()
        self.database = Twin(engine, name, post.tell)
        self.store = Store(self.database)
        self._followers: list[JournalFollower] = []
        keys = cast("Keys", None)
        writer = TransactionWriter(
            self.database,
            keys,
            self.clock,
            Safeguards(cast("HighWater", NoMark())),
            Erasure(self.database, keys),
            pause=lambda seconds: None,
            follow=self._follow,
            timer=count(0, LONGEST * 0.6).__next__,  # two bursts of each transaction
        )
        commits = CommitFeed()
        self.write_queue = WriteQueue(self.store, writer, commits)
        self.hub = Hub(RoomStorage(self.write_queue, self.store, self.clock))
        subscriber = RoomSubscriber(self.hub)
        commits.subscribe(TextsWritten, subscriber.take)
        commits.subscribe(EntriesRecorded, subscriber.follow)
        self._bus: Speaking | None = None
        self._cluster = Cluster(
            self.store, self.write_queue, self.hub, self.clock, lambda *given: self._speak(post, *given)
        )
        self.hub.subscribe(self._cluster)

    def _follow(self, slug: str) -> JournalFollower:
        self._followers.append(JournalFollower(slug))
        return self._followers[-1]

    def _speak(self, post: Post, _database: object, hear: Callable[[str, Words], None], _resumed: object) -> Bus:
        self._bus = Speaking(post, self.database, hear)
        return cast("Bus", self._bus)

    async def start(self) -> None:
        await self.write_queue.start()
        for slug, document in self.store.journalled():
            await self.write_queue.record_bursts(slug, document)
        self._cluster.start()

    def hear(self, speaker: str, words: Words) -> None:
        if self.database.alive and self._bus:
            self._bus.hear(speaker, words)

    def sleep_long(self) -> None:
        """As a machine that slept for hours, which its clocks tell."""
        for follower in self._followers:
            follower._reached = (float("-inf"), float("-inf"))

    @property
    def seen(self) -> int:
        """The last row of the journal that this process knows; those of a process without rooms do not matter."""
        return min((follower._seen or 0 for follower in self._followers), default=0)

    async def stop(self) -> None:
        await self._cluster.stop()
        await self.hub.close()
        await self.write_queue.stop()


class NoMark:
    """Nobody restores an old backup here."""

    def above(self, slug: str, size: int) -> None:
        return None

    def is_missing(self, slug: str) -> bool:
        return False

    def raise_to(self, slug: str, size: int, root: bytes) -> None:
        pass


def lost_connection() -> OperationalError:
    """What the driver says when PostgreSQL goes away in the middle."""
    return OperationalError("commit", {}, Exception("server closed the connection unexpectedly"))


# The database


def new_engine(founded: sqlite3.Connection | None = None) -> Engine:
    """A database in memory; a copy of `founded`."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    event.listen(engine, "before_cursor_execute", _for_sqlite, retval=True)
    if founded:
        with engine.connect() as connection:
            founded.backup(raw_of(connection))
    return engine


def raw_of(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _for_sqlite(
    _connection: object, _cursor: object, statement: str, parameters: object, _context: object, _many: object
) -> tuple[str, object]:
    return statement.replace(*NEVER), parameters


async def found() -> sqlite3.Connection:
    """A database with a congress, all phases open, one motion to write."""
    engine = new_engine()
    node = Node(engine, "founder", Post(random.Random(0)))
    node.database.create_tables()
    await node.write_queue.start()
    for number, (actor, command) in enumerate(FOUNDING):
        assert not isinstance(await node.write_queue.submit(c.Request(f"f{number}", SLUG, actor, command)), Refused)
    await node.stop()
    kept = sqlite3.connect(":memory:")
    with engine.connect() as connection:
        raw_of(connection).backup(kept)
    engine.dispose()
    return kept
