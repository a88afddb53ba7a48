"""Simulates a satellite link: every byte is delayed by 400 ms, and one packet in fifty by another second, like a lost
one that is sent again.
"""

from __future__ import annotations

import asyncio
import random
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from tests.waiting import WITHIN

ONE_WAY = 0.4
LOSS = 0.02
RESENT_AFTER = 1.0
PACKET = 1400


class Link(ABC):
    """Accepts connections and carries them to `port` on this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> int:
        """Starts listening, and returns the port."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        here = asyncio.current_task()
        assert here is not None
        self._tasks.add(here)
        with ExitStack() as ends:
            ends.callback(self._tasks.discard, here)
            ends.callback(writer.close)
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._relay(reader, writer, ends)

    async def _reach(self, ends: ExitStack) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A new connection to the server, closed together with `ends`."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        ends.callback(writer.close)
        return reader, writer

    @abstractmethod
    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ends: ExitStack) -> None:
        """Carries one connection until either side closes it."""


@contextmanager
def satellite(port: int) -> Iterator[int]:
    """The port of a satellite link to `port` on this machine."""
    with carrying(_Satellite(port)) as far:
        yield far


@contextmanager
def carrying(link: Link) -> Iterator[int]:
    """Runs a link in a separate thread; yields the port on which it listens."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="link", daemon=True)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(link.open(), loop).result(WITHIN)
    finally:
        asyncio.run_coroutine_threadsafe(link.close(), loop).result(WITHIN)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(WITHIN)
        loop.close()


class _Satellite(Link):
    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._chance = random.Random(7)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ends: ExitStack) -> None:
        far_reader, far_writer = await self._reach(ends)
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Copies bytes in order, as TCP does: a delayed packet delays those after it."""
        clock = asyncio.get_running_loop().time
        due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivering = asyncio.create_task(self._deliver(due, writer))
        try:
            while data := await reader.read(PACKET):
                late = RESENT_AFTER if self._chance.random() < LOSS else 0.0
                due.put_nowait((clock() + ONE_WAY + late, data))
            due.put_nowait((clock() + ONE_WAY, b""))
            await delivering
        finally:
            delivering.cancel()

    async def _deliver(self, due: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            at, data = await due.get()
            await asyncio.sleep(max(0.0, at - clock()))
            if not data:
                writer.write_eof()
                return
            writer.write(data)
            await writer.drain()
