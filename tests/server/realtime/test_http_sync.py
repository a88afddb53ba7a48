"""Shared texts over HTTP: the same rooms, with frames as server-sent events and in requests."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.realtime import protocol
from server.realtime.event_wire import SIGN_OF_LIFE, EventWire
from server.realtime.http_connections import MAX_BODY, PART, Delivery, HttpConnections, split
from server.realtime.hub import Hub
from server.realtime.wire import CAUGHT_UP, MAX_BACKLOG, Frame
from server.texts import lib0, motion
from server.texts.lib0 import MalformedBytes
from tests.server.memory_storage import MemoryStorage
from tests.server.peers import Client
from tests.server.sync_server import SyncServer, sync_server
from tests.waiting import WITHIN, until_soon

ORIGIN = {"Origin": "https://assemblee.example"}
HELLO = protocol.ask(b"\0")


@pytest.fixture
def server() -> Iterator[SyncServer]:
    with sync_server() as running:
        yield running


@dataclass
class Page:
    """A page that can reach the server only by plain HTTP; `ended` is the code and reason of the end of the
    connection.
    """

    web: httpx.AsyncClient
    person: str
    lines: AsyncIterator[str]
    connection: str = ""
    number: int = 0
    ended: tuple[int, str] | None = None
    asked: int = field(default=0)

    async def event(self) -> tuple[str, str]:
        """The name and data of the next event."""
        name, data = "message", ""
        async with asyncio.timeout(WITHIN):
            async for line in self.lines:
                key, _, value = line.partition(": ")
                if key == "event":
                    name = value
                elif key == "data":
                    data = value
                elif not line and data:
                    return name, data
        raise EOFError

    async def hear(self) -> protocol.Message | None:
        """Receives the next frame; None once the connection has ended."""
        while True:
            name, data = await self.event()
            if name == "fin":
                said = json.loads(data)
                self.ended = said["code"], said["reason"]
                return None
            if name == "message":
                return protocol.decode(base64.b64decode(data))

    async def say(self, *frames: bytes, **changed: str | int) -> int:
        """Sends a request with these frames; returns its status."""
        query: dict[str, str | int] = {"connexion": self.connection, "n": self.number, "token": self.person}
        query |= changed
        body = b"".join(lib0.blob(frame) for frame in frames)
        answer = await self.web.post("envoi", params=query, content=body, headers=ORIGIN)
        self.number += answer.status_code == 204 and "n" not in changed
        return answer.status_code

    async def acknowledged(self, count: int) -> None:
        while await self.hear() != protocol.Acknowledged(count):
            pass


@asynccontextmanager
async def opened(server: SyncServer, person: str = "p1", document: str = "motion-1") -> AsyncIterator[Page]:
    base = f"http://127.0.0.1:{server.port}/c/demo/sync/{document}/"
    async with (
        httpx.AsyncClient(base_url=base, trust_env=False, timeout=WITHIN) as web,
        web.stream("GET", "flux", params={"token": person, "ack": "1"}) as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        page = Page(web, person, stream.aiter_lines())
        name, data = await page.event()
        if name == "connexion":
            page.connection = data
        else:
            said = json.loads(data)
            page.ended = said["code"], said["reason"]
        yield page


async def synced(page: Page) -> None:
    assert await page.say(HELLO, protocol.answer(b"\0\0")) == 204
    while not (isinstance(said := await page.hear(), protocol.SyncUpdate) and said.answer):
        pass


def typed(client: Client, identifier: str, words: str) -> bytes:
    client.clause(identifier, words)
    (update,) = client.take()
    return protocol.update(update)


def test_two_people_write_one_text_and_know_what_is_kept(server: SyncServer) -> None:
    async def visit() -> None:
        async with opened(server, "p1") as ana, opened(server, "p2") as bo:
            await synced(ana)
            await synced(bo)
            assert await ana.say(typed(Client(101, "p1"), "aaaaaaaaaa", "Vu,")) == 204
            await ana.acknowledged(2)
            while not isinstance(said := await bo.hear(), protocol.SyncUpdate):
                pass
            reader = Client(103, None)
            reader.doc.apply_update(said.update)
            assert [identifier for identifier, _ in motion.read(reader.doc).clauses] == ["aaaaaaaaaa"]

    asyncio.run(visit())


def test_the_same_request_twice_counts_once_and_a_missing_one_ends_the_connection(server: SyncServer) -> None:
    async def visit() -> None:
        async with opened(server) as ana:
            await synced(ana)
            frame = typed(client := Client(101, "p1"), "aaaaaaaaaa", "Vu,")
            assert await ana.say(frame) == 204
            assert await ana.say(frame, n=ana.number - 1) == 204
            assert await ana.say(typed(client, "bbbbbbbbbb", "Demande.")) == 204
            await ana.acknowledged(2)
            await ana.acknowledged(3)
            assert await ana.say(n=ana.number + 1) == 409
            while await ana.hear():
                pass
            assert ana.ended == (protocol.GOING_AWAY, "a request is missing")
            assert await ana.say() == 404

    asyncio.run(visit())


def test_who_asks_and_from_where_is_checked(server: SyncServer) -> None:
    async def visit() -> None:
        async with opened(server) as ana:
            assert await ana.say(HELLO, token="p2") == 404
            assert await ana.say(HELLO, connexion="autre.jeton") == 404
            assert await ana.say(HELLO, n="zero") == 400
            for headers in ({"Origin": "https://ailleurs.example"}, {"Origin": "null"}, {}):
                answer = await ana.web.post("envoi", params={"connexion": ana.connection, "n": 0}, headers=headers)
                assert answer.status_code == 403
            for headers in ({"Origin": "https://ailleurs.example"}, {"Sec-Fetch-Site": "cross-site"}):
                assert (await ana.web.get("flux", headers=headers)).status_code == 403
            server.wait = 7
            answer = await ana.web.post("envoi?n=0&token=p1", headers=ORIGIN)
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")

    asyncio.run(visit())


def test_a_connection_that_does_not_greet_is_ended() -> None:
    async def visit(server: SyncServer) -> None:
        async with opened(server) as silent:
            while await silent.hear():
                pass
            assert silent.ended == (protocol.MALFORMED, "no greeting")

    with sync_server(greeting=0.2) as hurried:
        asyncio.run(visit(hurried))


def test_limits_and_rights_are_those_of_a_socket(server: SyncServer) -> None:
    async def visit() -> None:
        async with opened(server, document="motion-zero") as stranger:
            assert stranger.ended is not None
            assert stranger.ended[0] == protocol.UNKNOWN
        async with opened(server) as rude:
            assert await rude.say(b"\xff") == 204
            while await rude.hear():
                pass
            assert rude.ended is not None
            assert rude.ended[0] == protocol.MALFORMED
        async with opened(server) as large:
            assert await large.say(b"\0" * (MAX_BODY + 1)) == 413
            assert await large.say(b"\0" * (protocol.MAX_FRAME + 1)) == 204
            while await large.hear():
                pass
            assert large.ended is not None
            assert large.ended[0] == protocol.TOO_LARGE
        async with opened(server, "p9") as reader:
            await synced(reader)
            assert await reader.say(typed(Client(109, "p9"), "aaaaaaaaaa", "Non.")) == 204
            while not isinstance(await reader.hear(), protocol.Denied):
                pass

    asyncio.run(visit())


def test_a_connection_that_its_page_left_is_let_go(server: SyncServer) -> None:
    async def visit() -> None:
        async with opened(server) as ana:
            await synced(ana)
            assert server.hub.people() == {"demo": {"p1"}}
        await until_soon(lambda: server.hub.people() == {})

    asyncio.run(visit())


# The way out


async def taken(wire: EventWire, count: int) -> list[bytes]:
    events = wire.events()
    return [await anext(events) for _ in range(count)]


def test_a_slow_reader_is_full_until_it_caught_up() -> None:
    async def work() -> None:
        wire, frame = EventWire(), Frame(b"x" * 60_000)
        while not wire.full:
            wire.send(frame)
        waiting = -(-MAX_BACKLOG // len(frame.event))
        events = wire.events()
        await anext(events)
        for left in range(waiting, 0, -1):
            assert wire.full == (left * len(frame.event) >= CAUGHT_UP)
            await anext(events)

    asyncio.run(work())


def test_a_peer_that_gives_no_sign_of_life_is_let_go() -> None:
    async def work() -> None:
        wire = EventWire()
        wire.check()
        assert (await taken(wire, 2))[1] == SIGN_OF_LIFE
        wire.heard = True
        wire.check()
        wire.check()
        wire.send(Frame(b"nobody hears"))
        assert len([event async for event in wire.events()]) == 1

    asyncio.run(work())


# Requests


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_frames_come_out_of_a_request_as_they_went_in(frames: list[bytes]) -> None:
    assert list(split(b"".join(map(lib0.blob, frames)))) == frames


@given(st.binary(max_size=40))
def test_any_bytes_are_frames_or_refused(body: bytes) -> None:
    try:
        frames = list(split(body))
    except MalformedBytes:
        return
    assert sum(map(len, frames)) < len(body) or not body


# Several processes


@dataclass
class Street:
    """Carries messages between two simulated processes; the next `lost` ones never arrive."""

    node: str
    to: HttpConnections
    lost: set[int] = field(default_factory=set)
    carried: int = 0

    def carry(self, node: str, messages: Sequence[Sequence[str]]) -> bool:
        if node == "gone":
            return False
        for token, person, number, part, parts, data in messages:
            self.carried += 1
            if self.carried not in self.lost:
                self.to.take_part(token, person, int(number), int(part), int(parts), data)
        return True


@pytest.mark.parametrize("lost", [set(), {2}, {3}])
def test_a_request_to_another_process_reaches_the_connection_or_ends_it(lost: set[int]) -> None:
    async def work() -> None:
        hub = Hub(storage := MemoryStorage())
        here, there = HttpConnections(hub), HttpConnections(Hub(storage))
        here.send_by(Street("here", there))
        there.send_by(Street("there", here, lost))
        permission = await hub.permission("demo", "motion-1", "p1")
        wire, token = EventWire(), here.new_token()
        member = await hub.join("demo", "motion-1", "p1", permission, wire, True)
        here.add(token, member, wire)
        words = typed(Client(101, "p1"), "aaaaaaaaaa", "Considérant " + "é" * PART)
        for number, frames in enumerate(([HELLO], [words], [])):
            body = b"".join(map(lib0.blob, frames))
            assert await there.deliver(token, "p1", number, body) is Delivery.TAKEN
        assert await there.deliver(token, "p2", 3, b"") is Delivery.TAKEN  # which the other process does not take
        assert await there.deliver("gone.token", "p1", 0, b"") is Delivery.UNKNOWN
        if lost:
            await until_soon(lambda: member.left)
        else:
            await until_soon(lambda: member.session.committed == 1)
            assert not member.left
        await hub.close()

    asyncio.run(work())


def test_what_is_sent_on_to_another_process_is_bounded() -> None:
    async def work() -> None:
        connections = HttpConnections(Hub(MemoryStorage()))
        connections.send_by(Street("here", connections, set(range(10_000))))
        body, answers = bytes(protocol.MAX_FRAME), []
        for number in range(8):
            answers.append(await connections.deliver("there.token", "p1", number, body))
        assert Delivery.TOO_FAST in answers
        assert answers[0] is Delivery.TAKEN

    asyncio.run(work())
