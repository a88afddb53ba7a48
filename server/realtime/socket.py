"""The WebSocket endpoint: who connects, from where, and the bytes in and out.

Under our own server (`server.realtime.websocket`) the connection is taken over: a frame's bytes, built once for all, go
straight to the transport, and no task stays. Under any other server frames go through ASGI.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from server.realtime import protocol
from server.realtime.hub import Hub
from server.realtime.member import Member
from server.realtime.room import is_shared
from server.realtime.session import SessionState
from server.realtime.storage import Permission
from server.realtime.websocket import LightWebSocket
from server.realtime.wire import MAX_BACKLOG, Frame

logger = logging.getLogger("pleniere.realtime")

GOODBYE_SECONDS = 5.0
NOT_BYTES = "frames are binary"

Identify = Callable[[HTTPConnection, str], Awaitable["str | None"]]
"""The person of a connection in a congress, from the cookie or `?token=`; None for the public."""

Limit = Callable[[HTTPConnection, str, "str | None"], int]
"""Seconds after which a connection may come again; 0 if it may come now."""


class SyncSocket:
    """The WebSocket at `/c/{slug}/sync/{document}`. `origin` is the public origin of the site; pages of the same host
    pass too.

    A connection that has not sent its sync step 1 within `greeting` seconds is closed. `limit`: how often one may
    connect.
    """

    def __init__(
        self, hub: Hub, identify: Identify, origin: str, greeting: float = 15.0, limit: Limit | None = None
    ) -> None:
        self._limit = limit
        self._greeting = greeting
        self._hub = hub
        self._identify = identify
        self._origin = origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        if not is_own_origin(socket, self._origin):
            await socket.close()  # before accepting: the handshake is answered with 403
            return
        slug, document = socket.path_params["slug"], socket.path_params["document"]
        person = await self._identify(socket, slug)
        if self._limit is not None and (wait := self._limit(socket, slug, person)):
            await _turn_away(socket, wait)
            return
        permission = await self._permission(slug, document, person)
        await socket.accept()
        if permission is None or not permission.read:
            await socket.close(*turned_away(permission))
            return
        await self._serve(socket, send, slug, document, person, permission)

    async def _permission(self, slug: str, document: str, person: str | None) -> Permission | None:
        return await self._hub.permission(slug, document, person) if is_shared(document) else None

    async def _serve(
        self, socket: WebSocket, send: Send, slug: str, document: str, person: str | None, permission: Permission
    ) -> None:
        """Under our own server the connection is taken over and this returns; under another it lasts as long."""
        server = server_of(send)
        line = server.hand_over() if server else None
        wire = line or AsgiWire(send)
        acknowledges = socket.query_params.get("ack") == "1"
        try:
            member = await self._hub.join(slug, document, person, permission, wire, acknowledges)
        except BaseException:
            wire.abort()
            raise
        hurry = asyncio.get_running_loop().call_later(self._greeting, self._give_up, member)
        if line is not None:
            line.listen(FrameHandler(self._hub, member))
            return
        try:
            await self._read(socket, member)
        finally:
            hurry.cancel()
            self._hub.leave(member)
            wire.abort()

    async def _read(self, socket: WebSocket, member: Member) -> None:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            data = message.get("bytes")
            if data is None:
                self._hub.close_member(member, protocol.MALFORMED, NOT_BYTES)
            elif not self._hub.received(member, data):
                await self._hub.ready(member)

    def _give_up(self, member: Member) -> None:
        if member.session.state is SessionState.GREETING:
            self._hub.close_member(member, protocol.MALFORMED, "no greeting")


async def _turn_away(socket: WebSocket, wait: int) -> None:
    """Rejects the handshake with 429, or with 403 where the server cannot send another answer."""
    if "websocket.http.response" in socket.scope.get("extensions", {}):
        await socket.send_denial_response(Response(status_code=429, headers={"Retry-After": str(wait)}))
    else:
        await socket.close()


def is_own_origin(connection: HTTPConnection, origin: str) -> bool:
    """Whether the connection comes from our own pages, or from a program with a token."""
    given = connection.headers.get("origin")
    if given is None:
        return "token" in connection.query_params or "authorization" in connection.headers
    host = connection.headers.get("host", "")
    return given in (origin, f"http://{host}", f"https://{host}")


def turned_away(permission: Permission | None) -> tuple[int, str]:
    """The code and reason to close a connection that may not read; `permission` is None for a document that is not
    shared.
    """
    code = protocol.UNKNOWN if permission is None or _is_unknown(permission) else protocol.FORBIDDEN
    return code, str(permission.refusal) if permission and permission.refusal else ""


def _is_unknown(permission: Permission) -> bool:
    return permission.refusal is not None and permission.refusal.code.endswith("not_found")


class FrameHandler:
    """Handles the WebSocket frames of one member."""

    __slots__ = ("_hub", "_member")

    def __init__(self, hub: Hub, member: Member) -> None:
        self._hub = hub
        self._member = member

    def received(self, message: bytes) -> bool:
        return self._hub.received(self._member, message)

    def misspoke(self) -> None:
        self._hub.close_member(self._member, protocol.MALFORMED, NOT_BYTES)

    def lost(self) -> None:
        self._hub.leave(self._member)


# Wires


def server_of(send: Send) -> LightWebSocket | None:
    """The protocol object behind `send`, through the wrappers of middleware; None when the server is not ours."""
    current: Any = send
    for _ in range(8):
        owner = getattr(current, "__self__", None)
        if owner is not None:
            return owner if isinstance(owner, LightWebSocket) else None
        names = getattr(getattr(current, "__code__", None), "co_freevars", ())
        if "send" not in names:
            return None
        current = current.__closure__[names.index("send")].cell_contents
    return None


class AsgiWire:
    """A queue and a task that sends it through ASGI. The server behind it does the pings."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._queue: asyncio.Queue[Frame] = asyncio.Queue()
        self._backlog = 0
        self._closed = False
        self._goodbye: asyncio.Task[None] | None = None
        self._task = asyncio.create_task(self._run())

    @property
    def full(self) -> bool:
        return self._backlog > MAX_BACKLOG

    def send(self, frame: Frame) -> None:
        if self._closed:
            return
        self._backlog += len(frame.data)
        self._queue.put_nowait(frame)

    def close(self, code: int, reason: str) -> None:
        if not self._closed:
            self.abort()
            self._goodbye = asyncio.create_task(self._say(code, reason.encode()[:120].decode(errors="ignore")))

    def abort(self) -> None:
        self._closed = True
        self._task.cancel()

    def resume(self) -> None:
        """Nothing to do: the reader waits by itself."""

    def check(self) -> None:
        """Nothing to do: the server pings."""

    async def _say(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except Exception as error:  # whoever is gone, or does not listen, needs no goodbye
            logger.debug("no goodbye: %s", error)

    async def _run(self) -> None:
        while True:
            frame = await self._queue.get()
            try:
                await self._send({"type": "websocket.send", "bytes": frame.data})
            except Exception:
                self._closed = True
                return
            self._backlog -= len(frame.data)
