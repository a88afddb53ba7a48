"""What processes on one PostgreSQL tell each other, by LISTEN and NOTIFY.

A notification only says that there is something to read, or carries what is worth nothing a moment later: whoever
misses one loses nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence

import psycopg

from server.store.database import CHANNEL, Database

MOST_BYTES = 7_900
"""PostgreSQL takes fewer than 8,000 in one notification."""

RETRY_SECONDS = 1.0
CHECK_SECONDS = 5.0
"""Seconds without a word after which the connection is tried."""

logger = logging.getLogger("pleniere.bus")
Words = Sequence[str]


class Bus:
    """`hear(speaker, words)` is called with what other processes say; `resumed()` when some may have been missed."""

    def __init__(self, database: Database, hear: Callable[[str, Words], None], resumed: Callable[[], None]) -> None:
        self._database = database
        self._hear = hear
        self._resumed = resumed
        self._outbox: asyncio.Queue[str] = asyncio.Queue(1_000)
        self._tasks: list[asyncio.Task[None]] = []
        self.connected = False

    def start(self) -> None:
        """Goes on until `stop`, whatever becomes of the database meanwhile."""
        self._tasks = [asyncio.create_task(self._again_and_again(work)) for work in (self._listen, self._send)]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def node(self) -> str:
        """The name under which the others hear this process."""
        return self._database.node

    def say(self, *words: str) -> bool:
        """Tells the others, soon; False when it is left out, being too long or too much for one moment."""
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
