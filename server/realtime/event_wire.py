"""The server's sending side of a connection over HTTP: server-sent events, each with one frame in base64.

Events without a name are frames; `connexion` gives the connection's token, for the requests that bring frames up; `vie`
asks for a sign of life; `fin` ends the connection with the close code and reason of a WebSocket.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from server.realtime.wire import CAUGHT_UP, MAX_BACKLOG, Frame

PADDING = b":" + b" " * 2048 + b"\n\n"
"""Sent first: some proxies and browsers deliver nothing before they have received this many bytes."""

SIGN_OF_LIFE = b"event: vie\ndata: 1\n\n"


class EventWire:
    """Implements `server.realtime.wire.Wire`. `events` is the body of the response, and may be read only once."""

    def __init__(self) -> None:
        self.heard = True
        self.full = False
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._backlog = 0
        self._closed = False

    def name(self, connection: str) -> None:
        """Tells the peer the token to use in its requests."""
        self._put(b"event: connexion\ndata: " + connection.encode() + b"\n\n")

    def send(self, frame: Frame) -> None:
        self._put(frame.event)

    def close(self, code: int, reason: str) -> None:
        self._put(goodbye(code, reason))
        self._end()

    def abort(self) -> None:
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._end()

    def resume(self) -> None:
        """Nothing to do: the sender of frames waits for the answer to each request."""

    def check(self) -> None:
        """Asks for a sign of life; the peer must answer with a request, which may be empty, before the next check."""
        if not self.heard:
            self.abort()
        else:
            self.heard = False
            self._put(SIGN_OF_LIFE)

    async def events(self) -> AsyncIterator[bytes]:
        """The events as bytes, until the connection ends."""
        yield PADDING
        while (event := await self._waiting.get()) is not None:
            yield event  # goes on once the transport has taken it
            self._backlog -= len(event)
            self.full = self.full and self._backlog >= CAUGHT_UP

    def _put(self, event: bytes) -> None:
        if self._closed:
            return
        self._backlog += len(event)
        self.full = self.full or self._backlog > MAX_BACKLOG
        self._waiting.put_nowait(event)

    def _end(self) -> None:
        self._closed = True
        self._waiting.put_nowait(None)


def goodbye(code: int, reason: str) -> bytes:
    """The event that ends a connection with that close code and reason."""
    said = json.dumps({"code": code, "reason": reason}, ensure_ascii=False)
    return f"event: fin\ndata: {said}\n\n".encode()
