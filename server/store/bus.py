"""Messages between the processes that share one PostgreSQL, by LISTEN and NOTIFY.

A notification only says that there is something to read, or carries what is worthless a moment later: nothing is lost
with one that is missed.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence

import psycopg

from server.store.database import CHANNEL, Database

MOST_BYTES = 7_900
"""Bytes of one notification; PostgreSQL takes fewer than 8,000."""

RETRY_SECONDS = 1.0
CHECK_SECONDS = 5.0
"""Seconds of silence after which the connection is tested."""

logger = logging.getLogger("pleniere.bus")
Words = Sequence[str]


class Bus:
    """`hear(speaker, words)` is called with messages of other processes; `resumed()` after some may have been
    missed.
    """

    def __init__(self, database: Database, hear: Callable[[str, Words], None], resumed: Callable[[], None]) -> None:
        self._database = database
        self._hear = hear
        self._resumed = resumed
        self._outbox: asyncio.Queue[str] = asyncio.Queue(1_000)
        self._tasks: list[asyncio.Task[None]] = []
        self.connected = False

    def start(self) -> None:
        """Starts listening; reconnects until `stop` whenever the database is away."""
        self._tasks = [asyncio.create_task(self._again_and_again(work)) for work in (self._listen, self._send)]

    async def stop(self) -> None:
        """Stops listening."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def node(self) -> str:
        """The name of this process for the others."""
        return self._database.node

    def say(self, *words: str) -> bool:
        """Sends a message soon; False if it is dropped, being too long or one of too many."""
        text = self._database.phrase(*words)
        if len(text.encode()) > MOST_BYTES or self._outbox.full():
            return False
        self._outbox.put_nowait(text)
        return True

    async def _again_and_again(self, work: Callable[[psycopg.AsyncConnection[object]], object]) -> None:
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(**self._database.address(), autocommit=True)
                async with connection:
                    await work(connection)  # type: ignore[misc]
            except (psycopg.Error, OSError) as error:
                logger.warning("the notifications of the database are interrupted: %s", str(error).strip())
            self.connected = False
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self, connection: psycopg.AsyncConnection[object]) -> None:
        await connection.execute(f"LISTEN {CHANNEL}".encode())
        self.connected = True
        self._resumed()
        while True:
            async for notice in connection.notifies(timeout=CHECK_SECONDS):
                self._understand(notice.payload)
            await connection.execute(b"SELECT 1")  # a connection that died in silence says so

    def _understand(self, payload: str) -> None:
        speaker, *words = json.loads(payload)
        if speaker != self._database.node:
            self._hear(speaker, words)

    async def _send(self, connection: psycopg.AsyncConnection[object]) -> None:
        await connection.execute(b"SET synchronous_commit = off")  # nothing of it is kept
        while True:
            waiting = [await self._outbox.get()]
            while not self._outbox.empty() and len(waiting) < 100:
                waiting.append(self._outbox.get_nowait())
            await connection.execute(b"SELECT pg_notify(%s, word) FROM unnest(%s::text[]) AS word", (CHANNEL, waiting))
