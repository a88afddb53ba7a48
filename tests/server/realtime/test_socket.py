"""The WebSocket endpoint: who may connect, what closes a connection, and both kinds of connections below it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import pycrdt
import pytest
import websockets
from starlette.requests import HTTPConnection
from starlette.types import Message
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from server.realtime import protocol
from server.realtime.connection import WebSocketConnection
from server.realtime.hub import Hub
from server.realtime.socket import AsgiWire, SyncSocket
from tests.server.memory_storage import MemoryStorage
from tests.server.sync_server import SyncServer, sync_server
from tests.server.yjs import Writer, element, update
from tests.waiting import WITHIN, until

HELLO = protocol.ask(b"\0")


@pytest.fixture
def server() -> Iterator[SyncServer]:
    with sync_server() as running:
        yield running


def connect(server: SyncServer, document: str = "motion-1", token: str = "p1", **more: Any) -> Any:
    query = f"?token={token}&ack=1" if token else ""
    return websockets.connect(f"{server.address}/{document}{query}", proxy=None, max_size=None, **more)


async def closing(connection: ClientConnection) -> tuple[int, str]:
    """The code and reason with which the server ends the connection."""
    with suppress(ConnectionClosedError):
        async with asyncio.timeout(WITHIN):
            async for _ in connection:
                pass
    return connection.close_code or 0, connection.close_reason or ""


async def brought(connection: ClientConnection, step: bytes) -> bytes:
    """The body of the next sync message of that step."""
    async with asyncio.timeout(WITHIN):
        while True:
            frame = await connection.recv()
            assert isinstance(frame, bytes)
            message = protocol.decode(frame)
            if frame[:2] == step and isinstance(message, protocol.SyncUpdate):
                return message.update


# Who may connect


@pytest.mark.parametrize("origin", ["https://ailleurs.example", "null", "http://127.0.0.1:1", "file://", "127.0.0.1"])
def test_a_page_of_another_site_is_refused(server: SyncServer, origin: str) -> None:
    async def visit() -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(server, origin=origin):
                pass
        assert refused.value.response.status_code == 403

    asyncio.run(visit())


def test_our_own_pages_and_programs_with_a_token_pass(server: SyncServer) -> None:
    async def visit() -> None:
        for origin in ("https://assemblee.example", f"http://127.0.0.1:{server.port}"):
            async with connect(server, token="", origin=origin) as page:
                await page.send(HELLO)
                assert await brought(page, b"\0\1") == b"\0\0"
        async with connect(server) as program:
            await program.send(HELLO)
            assert await brought(program, b"\0\1") == b"\0\0"
        with pytest.raises(InvalidStatus):
            async with connect(server, token=""):
                pass

    asyncio.run(visit())


@pytest.mark.parametrize("document", ["motion-9", "temoignage-1", "motion", "x" * 300, "motion-%00"])
def test_unknown_documents_are_closed_with_a_code(server: SyncServer, document: str) -> None:
    async def visit() -> None:
        async with connect(server, document) as page:
            assert (await closing(page))[0] == protocol.UNKNOWN

    asyncio.run(visit())


def test_a_closed_document_is_not_shown(server: SyncServer) -> None:
    server.storage.readable = False

    async def visit() -> None:
        async with connect(server) as page:
            assert await closing(page) == (protocol.FORBIDDEN, "Huis clos.")

    asyncio.run(visit())


# What ends a connection

Act = Callable[[ClientConnection], Awaitable[None]]


async def _text(page: ClientConnection) -> None:
    await page.send("bonjour")


async def _malformed(page: ClientConnection) -> None:
    await page.send(protocol.update(bytes.fromhex("010007010002")))


async def _too_large(page: ClientConnection) -> None:
    await page.send(protocol.update(b"x" * (1 << 20)))


async def _too_fast(page: ClientConnection) -> None:
    for _ in range(2_500):
        await page.send(protocol.update(b"\0\0"))


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (_text, protocol.MALFORMED),
        (_malformed, protocol.MALFORMED),
        (_too_large, protocol.TOO_LARGE),
        (_too_fast, protocol.TOO_FAST),
    ],
)
def test_what_a_connection_may_not_do_ends_it_and_no_other(server: SyncServer, act: Act, code: int) -> None:
    async def visit() -> None:
        async with connect(server, token="p2") as other, connect(server) as page:
            await other.send(HELLO)
            await page.send(HELLO)
            await act(page)
            assert (await closing(page))[0] == code
            await other.send(protocol.update(update([element()])))
            async with connect(server) as next_:
                await next_.send(HELLO)
                assert (await brought(next_, b"\0\1"))[:1] == b"\1"

    asyncio.run(visit())


def test_a_connection_that_does_not_greet_is_ended() -> None:
    async def visit(server: SyncServer) -> None:
        async with connect(server) as page:
            await page.send(b"\3")
            assert await closing(page) == (protocol.MALFORMED, "no greeting")

    with sync_server(greeting=0.2) as hurried:
        asyncio.run(visit(hurried))


def test_a_revoked_person_is_shown_out(server: SyncServer) -> None:
    async def visit() -> None:
        async with connect(server) as page:
            await page.send(HELLO)
            await brought(page, b"\0\1")
            await asyncio.to_thread(server.call, lambda: server.hub.revoke("demo", "p1"))
            assert (await closing(page))[0] == protocol.REVOKED

    asyncio.run(visit())


def test_compression_is_not_offered(server: SyncServer) -> None:
    """Fifteen megabytes of zeros in one small message are never unpacked."""

    async def visit() -> None:
        async with connect(server, extensions=[ClientPerMessageDeflateFactory()]) as page:
            assert page.protocol.extensions == []

    asyncio.run(visit())


def test_random_frames_leave_the_server_standing(server: SyncServer) -> None:
    chance = random.Random(9)
    writer = Writer(50)
    writer.clause("a", "x")
    (known,) = writer.take()

    async def visit() -> None:
        for _ in range(60):
            frame = bytearray(chance.choice([HELLO, protocol.update(known), protocol.aware(b"\1\5\1\2{}")]))
            for _ in range(chance.randrange(1, 6)):
                frame[chance.randrange(len(frame))] = chance.randrange(256)
            async with connect(server) as page:
                await page.send(HELLO)
                await page.send(bytes(frame))
        async with connect(server) as page:
            await page.send(HELLO)
            await brought(page, b"\0\1")

    asyncio.run(visit())


def test_many_connections_come_and_go(server: SyncServer) -> None:
    async def visit() -> None:
        pages = []
        for _ in range(150):
            pages.append(page := await connect(server, token="p9"))
            await page.send(HELLO)
        async with connect(server) as writer:
            await writer.send(HELLO)
            await writer.send(protocol.update(update([element()])))
            for page in pages:
                assert await brought(page, b"\0\2")
        await asyncio.gather(*(page.close() for page in pages))

    asyncio.run(visit())
    until(lambda: not server.hub._of)


# Ways out


def test_under_our_server_frames_go_straight_to_the_transport(server: SyncServer) -> None:
    async def visit() -> None:
        async with connect(server) as page:
            await page.send(HELLO)
            await brought(page, b"\0\1")
            assert {type(member.wire) for member in server.hub._of} == {WebSocketConnection}

    asyncio.run(visit())


class Asgi:
    """A connection as another ASGI server would provide it: messages in a queue for each direction."""

    def __init__(self, hub: Hub) -> None:
        self.inbox: asyncio.Queue[Message] = asyncio.Queue()
        self.outbox: asyncio.Queue[Message] = asyncio.Queue()
        self.inbox.put_nowait({"type": "websocket.connect"})
        scope = {
            "type": "websocket",
            "path": "/c/demo/sync/motion-1",
            "path_params": {"slug": "demo", "document": "motion-1"},
            "query_string": b"token=p1",
            "headers": [(b"host", b"testserver")],
        }
        socket = SyncSocket(hub, _identify, "http://testserver")
        self.task = asyncio.ensure_future(socket(scope, self.inbox.get, self._send))

    async def _send(self, message: Message) -> None:
        await self.outbox.put(message)

    def say(self, frame: bytes) -> None:
        self.inbox.put_nowait({"type": "websocket.receive", "bytes": frame})

    async def hear(self) -> Message:
        async with asyncio.timeout(WITHIN):
            return await self.outbox.get()

    async def end(self) -> None:
        self.inbox.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await self.task


def test_under_another_server_frames_go_through_asgi() -> None:
    writer = Writer(50)
    writer.clause("a", "été")

    async def visit() -> None:
        hub = Hub(MemoryStorage())
        one, two = Asgi(hub), Asgi(hub)
        for page in (one, two):
            assert (await page.hear())["type"] == "websocket.accept"
            assert (await page.hear())["bytes"] == protocol.ask(b"\0")
            page.say(HELLO)
            assert (await page.hear())["bytes"] == protocol.answer(b"\0\0")
        assert {type(member.wire) for member in hub._of} == {AsgiWire}
        for each in writer.take():
            one.say(protocol.update(each))
        message = protocol.decode((await two.hear())["bytes"])
        assert isinstance(message, protocol.SyncUpdate)
        doc: pycrdt.Doc[Any] = pycrdt.Doc()
        doc.apply_update(message.update)
        assert "été" in str(doc.get("prosemirror", type=pycrdt.XmlFragment))
        two.say(b"\xff")
        assert (await two.hear())["code"] == protocol.MALFORMED
        for page in (one, two):
            await page.end()
        await hub.close()

    asyncio.run(visit())


async def _identify(socket: HTTPConnection, slug: str) -> str | None:
    return socket.query_params.get("token")
