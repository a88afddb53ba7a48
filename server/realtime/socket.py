"""The WebSocket endpoint: who connects, from where, and the bytes in and out.

The fast way out writes a frame's bytes, built once for all, straight to the transport of uvicorn's protocol object;
under any other server frames go through ASGI.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from server.realtime import protocol
from server.realtime.hub import Hub
from server.realtime.member import Member
from server.realtime.room import is_shared
from server.realtime.session import State
from server.realtime.storage import Permission
from server.realtime.wire import Frame

logger = logging.getLogger("pleniere.realtime")

GOODBYE_SECONDS = 5.0
LARGEST_QUEUE = 8 << 20
"""Bytes waiting in an ASGI connection before it is dropped."""

Identify = Callable[[WebSocket, str], Awaitable["str | None"]]
"""The person of a connection in a congress, from the cookie or `?token=`; None for the public."""


class SyncSocket:
    """`/c/{slug}/sync/{document}`. `origin` is the public origin of the site; a page of the same host passes too.

    A connection that has not said what it knows after `greeting` seconds is closed.
    """

    def __init__(self, hub: Hub, identify: Identify, origin: str, greeting: float = 15.0) -> None:
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
        permission = await self._permission(slug, document, person)
        await socket.accept()
        if permission is None or not permission.read:
            code = protocol.UNKNOWN if permission is None or _is_unknown(permission) else protocol.FORBIDDEN
            await socket.close(code, str(permission.refusal) if permission and permission.refusal else "")
            return
        await self._serve(socket, send, slug, document, person, permission)

    async def _permission(self, slug: str, document: str, person: str | None) -> Permission | None:
        return await self._hub.permission(slug, document, person) if is_shared(document) else None

    async def _serve(
        self, socket: WebSocket, send: Send, slug: str, document: str, person: str | None, permission: Permission
    ) -> None:
        wire = wire_of(send)
        acknowledges = socket.query_params.get("ack") == "1"
        member = await self._hub.join(slug, document, person, permission, wire, acknowledges)
        hurry = asyncio.get_running_loop().call_later(self._greeting, self._give_up, member)
        try:
            await self._read(socket, member)
        finally:
            hurry.cancel()
            self._hub.leave(member)
            wire.release()

    async def _read(self, socket: WebSocket, member: Member) -> None:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            data = message.get("bytes")
            if data is None:
                self._hub.close_member(member, protocol.MALFORMED, "frames are binary")
            else:
                self._hub.received(member, data)
                await self._hub.ready(member)

    def _give_up(self, member: Member) -> None:
        if member.session.state is State.GREETING:
            self._hub.close_member(member, protocol.MALFORMED, "no greeting")


def is_own_origin(socket: WebSocket, origin: str) -> bool:
    """Whether the connection comes from our own pages, or from a program that shows a token."""
    given = socket.headers.get("origin")
    if given is None:
        return "token" in socket.query_params or "authorization" in socket.headers
    host = socket.headers.get("host", "")
    return given in (origin, f"http://{host}", f"https://{host}")


def _is_unknown(permission: Permission) -> bool:
    return permission.refusal is not None and permission.refusal.code.endswith("not_found")


# Ways out


def wire_of(send: Send) -> TransportWire | AsgiWire:
    """The fast way out where there is one."""
    server = protocol_of(send)
    return AsgiWire(send) if server is None else TransportWire(server, send)


class ServerProtocol(Protocol):
    """What is used of uvicorn's WebSocket protocol objects."""

    transport: Any


def protocol_of(send: Send) -> ServerProtocol | None:
    """The protocol object behind `send`, through the wrappers of middleware; None when it is not uvicorn's."""
    current: Any = send
    for _ in range(8):
        owner = getattr(current, "__self__", None)
        if owner is not None:
            known = type(owner).__module__.startswith("uvicorn.protocols.websockets.")
            return owner if known and hasattr(owner.transport, "get_write_buffer_size") else None
        names = getattr(getattr(current, "__code__", None), "co_freevars", ())
        if "send" not in names:
            return None
        current = current.__closure__[names.index("send")].cell_contents
    return None


class _Closing:
    """Says goodbye through ASGI, in a task of its own."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.closed = False
        self._goodbye: asyncio.Task[None] | None = None

    def close(self, code: int, reason: str) -> None:
        if not self.closed:
            self.closed = True
            self._goodbye = asyncio.create_task(self._say(code, reason.encode()[:120].decode(errors="ignore")))

    async def _say(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except Exception as error:  # whoever is gone, or does not listen, needs no goodbye
            logger.debug("no goodbye: %s", error)
            self._end()

    def _end(self) -> None:
        """Ends the connection without a goodbye."""


class TransportWire(_Closing):
    """Writes to uvicorn's transport. Server frames are neither masked nor split, so they may stand between its own."""

    def __init__(self, server: ServerProtocol, send: Send) -> None:
        super().__init__(send)
        self._transport: asyncio.Transport = server.transport

    @property
    def backlog(self) -> int:
        return self._transport.get_write_buffer_size()

    def send(self, frame: Frame) -> None:
        if not (self.closed or self._transport.is_closing()):
            self._transport.write(frame.framed)

    def abort(self) -> None:
        if not self.closed:
            self.closed = True
            self._end()

    def release(self) -> None:
        """The connection is over."""
        self.closed = True

    def _end(self) -> None:
        self._transport.abort()


class AsgiWire(_Closing):
    """A queue and a task that sends it."""

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self._queue: asyncio.Queue[Frame] = asyncio.Queue()
        self.backlog = 0
        self._task = asyncio.create_task(self._run())

    def send(self, frame: Frame) -> None:
        if self.closed:
            return
        self.backlog += len(frame.data)
        self._queue.put_nowait(frame)
        if self.backlog > LARGEST_QUEUE:
            self.abort()

    def close(self, code: int, reason: str) -> None:
        super().close(code, reason)
        self._task.cancel()

    def abort(self) -> None:
        self.close(protocol.TRY_LATER, "too slow")

    def release(self) -> None:
        """The connection is over."""
        self.closed = True
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            frame = await self._queue.get()
            try:
                await self._send({"type": "websocket.send", "bytes": frame.data})
            except Exception:
                self.closed = True
                return
            self.backlog -= len(frame.data)
