"""The lightweight WebSocket connection accepts everything that RFC 6455 allows, however it is split, and nothing
else.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from websockets.frames import apply_mask  # type: ignore[attr-defined]  # the faster of the package's two

from server.realtime import protocol
from server.realtime.connection import WebSocketConnection, take_over
from server.realtime.wire import Frame
from tests.simulation.virtual_time import pass_time, run
from tests.waiting import until_soon

BINARY, TEXT, CONTINUATION, CLOSE, PING, PONG = 2, 1, 0, 8, 9, 10


class Transport:
    """A transport in memory; with `stuck`, nobody reads what is written."""

    def __init__(self) -> None:
        self.written = b""
        self.closed = self.aborted = self.reading = False
        self.protocol: asyncio.BaseProtocol | None = None

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.aborted = True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def set_protocol(self, given: asyncio.BaseProtocol) -> None:
        self.protocol = given

    def set_write_buffer_limits(self, high: int, low: int) -> None:
        assert high > low


class Ear:
    """Collects what the connection receives."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.calm = True
        self.misspoken = self.gone = 0

    def received(self, message: bytes) -> bool:
        self.heard.append(message)
        return self.calm

    def misspoke(self) -> None:
        self.misspoken += 1

    def lost(self) -> None:
        self.gone += 1


class Call:
    """A connection with a handler that collects what it receives."""

    def __init__(self) -> None:
        self.transport, self.ear, self.connections = Transport(), Ear(), set[Any]()
        self.line: WebSocketConnection = take_over(cast(asyncio.Transport, self.transport), self.connections)
        assert not self.transport.reading
        self.line.listen(self.ear)
        assert self.transport.reading

    @property
    def closed_with(self) -> int | None:
        head, _, code = self.transport.written.partition(bytes((0x80 | CLOSE, 2)))
        return int.from_bytes(code[:2], "big") if code or head != self.transport.written else None


def call(story: Callable[[Call], Awaitable[None]]) -> Callable[[], None]:
    """Decorator: a test that runs a scenario on a connection."""

    def test() -> None:
        async def play() -> None:
            await story(Call())

        run(play())

    test.__name__, test.__doc__ = story.__name__, story.__doc__
    return test


def frame(opcode: int, payload: bytes, final: bool = True, mask: bytes = b"\1\2\3\4") -> bytes:
    size = len(payload)
    head = bytes((opcode | (0x80 if final else 0),))
    if size < 126:
        head += bytes((0x80 | size,))
    else:
        head += b"\xfe" + size.to_bytes(2, "big") if size < 1 << 16 else b"\xff" + size.to_bytes(8, "big")
    return head + mask + apply_mask(payload, mask)


def in_frames(message: bytes, chance: random.Random) -> bytes:
    """The message in one or several frames, with pings between them."""
    parts = [message]
    while chance.random() < 0.5 and len(parts[-1]) > 1:
        at = chance.randrange(1, len(parts[-1]))
        parts[-1:] = [parts[-1][:at], parts[-1][at:]]
    frames = [
        frame(CONTINUATION if number else BINARY, part, number == len(parts) - 1, chance.randbytes(4))
        for number, part in enumerate(parts)
    ]
    return frame(PING, b"?").join(frames)


@pytest.mark.parametrize("seed", range(20))
def test_messages_arrive_however_they_are_cut(seed: int) -> None:
    chance = random.Random(seed)
    messages = [chance.randbytes(chance.choice((0, 1, 125, 126, 300, 70_000))) for _ in range(30)]
    stream = b"".join(in_frames(message, chance) for message in messages)
    here = Call()
    while stream:
        at = chance.choice((1, 2, 5, 100, 5_000, len(stream)))
        here.line.data_received(stream[:at])
        stream = stream[at:]
    assert here.ear.heard == messages
    assert here.transport.written == frame_of_server(PONG, b"?") * here.transport.written.count(b"?")
    assert not here.transport.closed


def frame_of_server(opcode: int, payload: bytes) -> bytes:
    return bytes((0x80 | opcode, len(payload))) + payload


UNMASKED = b"\x82\x01x"
RESERVED_BIT = b"\xc2\x80\0\0\0\0"
TOO_LONG = b"\x82\xff" + (protocol.MAX_FRAME + 1).to_bytes(8, "big")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(UNMASKED, 1002, id="unmasked"),
        pytest.param(RESERVED_BIT, 1002, id="a reserved bit"),
        pytest.param(frame(3, b""), 1002, id="an unknown kind"),
        pytest.param(frame(PING, b"", final=False), 1002, id="a ping in pieces"),
        pytest.param(frame(PING, b"x" * 126), 1002, id="a long ping"),
        pytest.param(frame(CONTINUATION, b"x"), 1002, id="a continuation of nothing"),
        pytest.param(frame(BINARY, b"x", final=False) + frame(BINARY, b"y"), 1002, id="two at once"),
        pytest.param(TOO_LONG, 1009, id="too long"),
        pytest.param(
            frame(BINARY, b"x" * 600_000, final=False) + frame(CONTINUATION, b"x" * 600_000, final=False),
            1009,
            id="too long in pieces",
        ),
    ],
)
def test_what_breaks_the_standard_ends_the_line(data: bytes, code: int) -> None:
    @call
    async def play(here: Call) -> None:
        here.line.data_received(data)
        here.line.data_received(frame(BINARY, b"later"))
        assert here.closed_with == code
        assert here.ear.heard == []
        await pass_time(6)
        assert here.transport.aborted, "a peer that does not answer a goodbye is let go"

    play()


@call
async def test_text_is_no_message(here: Call) -> None:
    here.line.data_received(frame(TEXT, b"x"))
    assert (here.ear.misspoken, here.ear.heard) == (1, [])


@call
async def test_a_goodbye_is_answered(here: Call) -> None:
    here.line.data_received(frame(CLOSE, (1000).to_bytes(2, "big") + b"bye"))
    assert here.transport.written == frame_of_server(CLOSE, (1000).to_bytes(2, "big"))
    assert here.transport.closed
    here.line.send(Frame(b"x"))
    here.line.connection_lost(None)
    assert here.ear.gone == 1
    assert not here.connections


@call
async def test_who_gives_no_sign_of_life_is_let_go(here: Call) -> None:
    here.line.check()
    assert here.transport.written == frame_of_server(PING, b"")
    here.line.data_received(frame(PONG, b""))
    here.line.check()
    assert not here.transport.aborted
    here.line.check()
    assert here.transport.aborted


@call
async def test_what_cannot_be_taken_waits_outside(here: Call) -> None:
    here.ear.calm = False
    here.line.data_received(frame(BINARY, b"x"))
    assert not here.transport.reading
    here.line.resume()
    await until_soon(lambda: here.transport.reading)


@call
async def test_frames_that_came_together_wait_for_each_other(here: Call) -> None:
    """One that cannot be followed by another at once leaves the rest to a later turn, in order and whole."""
    here.ear.calm = False
    frames = b"".join(frame(BINARY, text) for text in (b"one", b"two", b"three"))
    here.line.data_received(frames[:-2])
    assert here.ear.heard == [b"one"]
    here.line.resume()
    assert here.ear.heard == [b"one"], "not within the turn of whoever resumes it"
    await until_soon(lambda: here.ear.heard == [b"one", b"two"])
    assert not here.transport.reading
    here.ear.calm = True
    here.line.resume()
    await until_soon(lambda: here.transport.reading)
    here.line.data_received(frames[-2:])
    assert here.ear.heard == [b"one", b"two", b"three"]


@call
async def test_who_reads_nothing_gets_no_pongs(here: Call) -> None:
    """Else a flood of pings would fill the memory."""
    here.line.pause_writing()
    here.line.data_received(frame(PING, b"x") * 100)
    assert here.line.full
    assert here.transport.written == b""
    here.line.resume_writing()
    assert not here.line.full


@call
async def test_who_is_gone_before_anybody_listens_is_gone(here: Call) -> None:
    line = take_over(cast(asyncio.Transport, Transport()), here.connections)
    line.connection_lost(None)
    late = Ear()
    line.listen(late)
    assert late.gone == 1
