"""A proxy as some town halls have it: it forwards plain requests and removes `Upgrade` headers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from tests.satellite import carrying

HOP_BY_HOP = (b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version", b"sec-websocket-extensions")


@contextmanager
def narrow_proxy(port: int) -> Iterator[int]:
    """The port of the proxy, which leads to `port` on this machine."""
    with carrying(_NarrowProxy(port)) as far:
        yield far


class _NarrowProxy:
    """One request for each connection to the server."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> int:
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
        writers = [writer]
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
            writers.append(far_writer)
            far_writer.write(without_upgrade(head))
            up = asyncio.create_task(_pump(reader, far_writer))
            await _pump(far_reader, writer)
            up.cancel()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(here)
            for each in writers:
                each.close()


def without_upgrade(head: bytes) -> bytes:
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    kept = [line for line in lines if line.partition(b":")[0].lower() not in HOP_BY_HOP]
    return b"\r\n".join([first, *kept, b"Connection: close"]) + b"\r\n\r\n"


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What comes, until either side has ended; then the other side hears of it."""
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
