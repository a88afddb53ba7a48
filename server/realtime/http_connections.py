"""Connections to shared texts that go over HTTP: which are open in this process, and the frames that reach them.

A connection is a response that never ends, which brings frames down (`server.realtime.event_wire`), and requests that
bring frames up, each with the connection's token and its own number. A number that comes again changes nothing; one
that is missing ends the connection, and its page opens another and asks for what it lacks: no frame is ever left out
or counted twice. A request may reach another process than the response comes from: the token names that process, and
the frames go there by the bus that the processes share, in as many words as they need.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from server.realtime import protocol
from server.realtime.event_wire import EventWire
from server.realtime.hub import Hub
from server.realtime.member import Member
from server.realtime.rates import Bucket
from server.realtime.session import BYTES_AT_ONCE, BYTES_PER_SECOND
from server.texts.lib0 import ByteReader, MalformedBytes

MAX_BODY = protocol.MAX_FRAME + 256 * 1024
"""Bytes of frames in one request: the largest frame, and what is typed meanwhile."""

PART = 5_000
"""Bytes of frames in one message to another process, which grow by a third in base64."""

MOST_SENDERS = 10_000
"""People whose frames for other processes are counted at a time."""


class Delivery(Enum):
    """What became of a request with frames."""

    TAKEN = "taken"
    UNKNOWN = "unknown"
    """No such connection of that person: it was closed, or its process is gone."""
    TOO_FAST = "too_fast"
    BROKEN = "broken"
    """The connection was ended: a request before this one never came, or this one is malformed."""


class FrameCourier(Protocol):
    """Takes frames to the process that has the connection."""

    @property
    def node(self) -> str:
        """The name of this process."""

    def carry(self, node: str, messages: Sequence[Sequence[str]]) -> bool:
        """Whether the messages are on their way: False when no such process is known, or they are too many."""


@dataclass(eq=False)
class HttpConnection:
    """An open connection; `expected`: the number of its next request."""

    member: Member
    wire: EventWire
    expected: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    parts: list[bytes] = field(default_factory=list)


class HttpConnections:
    """Must be used within one event loop."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._open: dict[str, HttpConnection] = {}
        self._courier: FrameCourier | None = None
        self._sent: dict[str, Bucket] = {}
        self._tasks: set[asyncio.Task[Delivery]] = set()

    def send_by(self, courier: FrameCourier) -> None:
        """Has frames for connections of other processes taken there by `courier`."""
        self._courier = courier

    def new_token(self) -> str:
        """A token by which requests may name a connection of this process."""
        node = self._courier.node if self._courier else ""
        return f"{node}.{secrets.token_urlsafe(18)}"

    def add(self, token: str, member: Member, wire: EventWire) -> None:
        """Hands requests with that token on to the member from now on."""
        self._open[token] = HttpConnection(member, wire)

    def remove(self, token: str) -> None:
        self._open.pop(token, None)

    async def deliver(self, token: str, person: str | None, number: int, body: bytes) -> Delivery:
        """Hands on the frames of a request; returns when more may come."""
        connection = self._open.get(token)
        if connection is None:
            return self._carry(token, person, number, body)
        if connection.member.person != person:
            return Delivery.UNKNOWN
        async with connection.turn:
            return await self._take(connection, number, body)

    def take_part(self, token: str, person: str, number: int, part: int, parts: int, data: str) -> None:
        """A part of a request that reached another process; the last one delivers the whole."""
        connection = self._open.get(token)
        if connection is None or (connection.member.person or "") != person:
            return
        if part == 0:
            connection.parts = []
        if part != len(connection.parts):
            self._end(connection, "a part of a request is missing")
            return
        connection.parts.append(base64.b64decode(data))
        if part + 1 == parts:
            body, connection.parts = b"".join(connection.parts), []
            task = asyncio.create_task(self.deliver(token, person or None, number, body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _take(self, connection: HttpConnection, number: int, body: bytes) -> Delivery:
        connection.wire.heard = True
        if number < connection.expected:
            return Delivery.TAKEN
        if number > connection.expected:
            return self._end(connection, "a request is missing")
        connection.expected += 1
        try:
            for frame in split(body):
                if not self._hub.received(connection.member, frame):
                    await self._hub.ready(connection.member)
        except MalformedBytes as error:
            return self._end(connection, str(error))
        return Delivery.TAKEN

    def _end(self, connection: HttpConnection, reason: str) -> Delivery:
        self._hub.close_member(connection.member, protocol.GOING_AWAY, reason)
        return Delivery.BROKEN

    # To other processes

    def _carry(self, token: str, person: str | None, number: int, body: bytes) -> Delivery:
        node = token.partition(".")[0]
        if self._courier is None or not node or node == self._courier.node:
            return Delivery.UNKNOWN
        if not self._may_carry(person or "", len(body)):
            return Delivery.TOO_FAST
        pieces = [body[at : at + PART] for at in range(0, len(body), PART)] or [b""]
        messages = [
            [token, person or "", str(number), str(rank), str(len(pieces)), base64.b64encode(piece).decode()]
            for rank, piece in enumerate(pieces)
        ]
        return Delivery.TAKEN if self._courier.carry(node, messages) else Delivery.UNKNOWN

    def _may_carry(self, person: str, size: int) -> bool:
        """The process that has the connection limits it; this limits what is said to that process."""
        bucket = self._sent.pop(person, None) or Bucket(BYTES_PER_SECOND, BYTES_AT_ONCE)
        self._sent[person] = bucket
        if len(self._sent) > MOST_SENDERS:
            del self._sent[next(iter(self._sent))]
        return bucket.take(size + 100, asyncio.get_running_loop().time())


def split(body: bytes) -> Iterator[bytes]:
    """The frames of a request: each is preceded by its length. MalformedBytes for anything else."""
    reader = ByteReader(body)
    while reader.pos < reader.end:
        yield reader.blob()
