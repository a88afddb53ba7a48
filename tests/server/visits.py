"""Long-lived connections to the application in this process: a shared text by WebSocket, a stream of server-sent
events.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from starlette.types import ASGIApp, Message, Scope

from server.realtime import protocol
from tests.waiting import until_soon

HOST = b"localhost:8000"
HELLO = protocol.ask(b"\0")
"""Asks for the whole document."""


class Visit:
    """What a connection receives. `heard` is the bytes received, in order; `code` is the close code of a WebSocket.

    `closed` is set once the application sends nothing more.
    """

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.code: int | None = None
        self.closed = False
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()

    def say(self, frame: bytes) -> None:
        self._inbox.put_nowait({"type": "websocket.receive", "bytes": frame})

    async def ask(self) -> None:
        """Requests the whole shared text, and waits for the answer or the end of the connection."""
        answers = self._answers()
        self.say(HELLO)
        await until_soon(lambda: self.closed or self._answers() > answers)

    def _answers(self) -> int:
        return sum(frame[:2] == b"\0\1" for frame in self.heard)

    async def until(self, condition: Callable[[bytes], bool]) -> None:
        """Waits until the bytes received so far satisfy the condition, or until the connection ends."""
        await until_soon(lambda: self.closed or condition(b"".join(self.heard)))

    async def _send(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            self.heard.append(message["bytes"])
        elif message["type"] == "http.response.body":
            self.heard.append(message.get("body", b""))
            self.closed |= not message.get("more_body", False)
        elif message["type"] == "websocket.close":
            self.code, self.closed = message.get("code", 1000), True

    @asynccontextmanager
    async def running(self, app: ASGIApp, scope: Scope) -> AsyncIterator[Visit]:
        kind = scope["type"]
        self._inbox.put_nowait({"type": "websocket.connect" if kind == "websocket" else "http.request"})
        task = asyncio.create_task(_as_coroutine(app, scope, self))
        try:
            yield self
        finally:
            self._inbox.put_nowait({"type": f"{kind}.disconnect", "code": 1000})
            await task


async def _as_coroutine(app: ASGIApp, scope: Scope, visit: Visit) -> None:
    await app(scope, visit._inbox.get, visit._send)
    visit.closed = True


def _scope(kind: str, path: str, query: str, headers: Mapping[str, str]) -> Scope:
    given = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "ws" if kind == "websocket" else "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", HOST), (b"origin", b"http://" + HOST), *given],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 8000),
        "subprotocols": [],
        "extensions": {},
        "state": {},
    }


@asynccontextmanager
async def room(app: ASGIApp, slug: str, document: str, headers: Mapping[str, str]) -> AsyncIterator[Visit]:
    """Opens a browser's WebSocket to a shared text; yields it once it has received the text or was refused."""
    scope = _scope("websocket", f"/c/{slug}/sync/{document}", "", headers)
    async with Visit().running(app, scope) as visit:
        await visit.ask()
        yield visit


@asynccontextmanager
async def stream(app: ASGIApp, path: str, query: str, headers: Mapping[str, str]) -> AsyncIterator[Visit]:
    """Opens a stream of server-sent events."""
    async with Visit().running(app, _scope("http", path, query, headers)) as visit:
        yield visit
