"""Connections to shared texts over HTTP: those open in this process, and the delivery of frames to them.

A connection is a response that never ends, which brings frames down (`server.realtime.event_wire`), and requests that
bring frames up, each with the connection's token and a sequence number. A repeated number changes nothing; a gap ends
the connection, and its page opens another and asks for what it lacks: no frame is ever lost or counted twice. A request
may reach another process than the one with the response: the token names that process, and the frames are sent there
over the bus that the processes share, split into messages.
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
"""Bytes of frames in one message to another process, before base64 adds a third."""

MOST_SENDERS = 10_000
"""Number of people whose rate of frames to other processes is tracked at a time."""


class Delivery(Enum):
    """What became of a request with frames."""

    TAKEN = "taken"
    UNKNOWN = "unknown"
    """No such connection of that person: it was closed, or its process is gone."""
    TOO_FAST = "too_fast"
    BROKEN = "broken"
    """The connection was ended: an earlier request never came, or this one is malformed."""


class FrameCourier(Protocol):
    """Sends frames to the process that has the connection."""

    @property
    def node(self) -> str:
        """The name of this process."""

    def carry(self, node: str, messages: Sequence[Sequence[str]]) -> bool:
        """Whether the messages were sent: False when no such process is known, or they are too many."""


@dataclass(eq=False)
class HttpConnection:
    """An open connection; `expected` is the number of its next request."""

    member: Member
    wire: EventWire
    expected: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    parts: list[bytes] = field(default_factory=list)


class HttpConnections:
    """The connections open in this process. Must be used within one event loop."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._open: dict[str, HttpConnection] = {}
        self._courier: FrameCourier | None = None
        self._sent: dict[str, Bucket] = {}
        self._tasks: set[asyncio.Task[Delivery]] = set()

    def send_by(self, courier: FrameCourier) -> None:
        """Sets the courier for frames that belong to connections of other processes."""
        self._courier = courier

    def new_token(self) -> str:
        """A new token by which requests name a connection of this process."""
        node = self._courier.node if self._courier else ""
        return f"{node}.{secrets.token_urlsafe(18)}"

    def add(self, token: str, member: Member, wire: EventWire) -> None:
        """Delivers requests with that token to the member from now on."""
        self._open[token] = HttpConnection(member, wire)

    def remove(self, token: str) -> None:
        """Forgets a connection that ended."""
        self._open.pop(token, None)

    async def deliver(self, token: str, person: str | None, number: int, body: bytes) -> Delivery:
        """Delivers the frames of a request; returns when more may be sent."""
        connection = self._open.get(token)
        if connection is None:
            return self._carry(token, person, number, body)
        if connection.member.person != person:
            return Delivery.UNKNOWN
        async with connection.turn:
            return await self._take(connection, number, body)

    def take_part(self, token: str, person: str, number: int, part: int, parts: int, data: str) -> None:
        """Takes one message of a request that reached another process; the last one delivers the whole request."""
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
        """Whether the person may send so many bytes to another process; the process with the connection applies its own
        limits.
        """
        bucket = self._sent.pop(person, None) or Bucket(BYTES_PER_SECOND, BYTES_AT_ONCE)
        self._sent[person] = bucket
        if len(self._sent) > MOST_SENDERS:
            del self._sent[next(iter(self._sent))]
        return bucket.take(size + 100, asyncio.get_running_loop().time())


def split(body: bytes) -> Iterator[bytes]:
    """The frames of a request body, each preceded by its length. MalformedBytes for anything else."""
    reader = ByteReader(body)
    while reader.pos < reader.end:
        yield reader.blob()
