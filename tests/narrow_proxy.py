"""A proxy as some town halls have it: it forwards plain requests and removes `Upgrade` headers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.satellite import Link, carrying

HOP_BY_HOP = (b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version", b"sec-websocket-extensions")


@contextmanager
def narrow_proxy(port: int) -> Iterator[int]:
    """The port of the proxy, which leads to `port` on this machine."""
    with carrying(_NarrowProxy(port)) as far:
        yield far


class _NarrowProxy(Link):
    """One request for each connection to the server."""

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ends: ExitStack) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        far_reader, far_writer = await self._reach(ends)
        far_writer.write(without_upgrade(head))
        up = asyncio.create_task(_pump(reader, far_writer))
        await _pump(far_reader, writer)
        up.cancel()


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
