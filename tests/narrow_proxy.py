"""An HTTP proxy as some town halls have: it forwards plain requests and removes `Upgrade` headers, so WebSockets
fail.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.satellite import Link, carrying

HOP_BY_HOP = (b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version", b"sec-websocket-extensions")


@contextmanager
def narrow_proxy(port: int) -> Iterator[int]:
    """The port of a proxy to `port` on this machine."""
    with carrying(_NarrowProxy(port)) as far:
        yield far


class _NarrowProxy(Link):
    """Forwards one request for each connection, without its `Upgrade` header."""

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
    """Copies bytes until either side closes the connection; then closes the other one."""
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
