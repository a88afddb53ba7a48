"""A connection that has joined a room."""

from __future__ import annotations

from deliberation.kernel.errors import Refused
from server.realtime import protocol
from server.realtime.session import Session
from server.realtime.wire import Frame, Wire

DENY_EVERY = 1.0
"""Seconds between two refusals sent to one connection."""


class Member:
    """A session and its sending side. Times are those of the event loop, in seconds.

    `acknowledges`: the connection asked to be told how much is durable. `synced`: it got its first answer, so that what
    is relayed from now on rests on what it has. `name`: the person's, as others see it. `rests_until`: nothing more is
    read before, because what came took its share of the event loop.
    """

    __slots__ = (
        "acknowledges",
        "behind_since",
        "denied",
        "heard",
        "left",
        "name",
        "opened",
        "rests_until",
        "session",
        "synced",
        "wire",
    )

    def __init__(self, session: Session, wire: Wire, acknowledges: bool, now: float, name: str = "") -> None:
        self.session = session
        self.wire = wire
        self.name = name
        self.acknowledges = acknowledges
        self.opened = self.heard = now
        self.behind_since = 0.0
        self.rests_until = 0.0
        self.denied = -DENY_EVERY
        self.left = False
        self.synced = False

    @property
    def person(self) -> str | None:
        return self.session.person

    @property
    def client(self) -> int | None:
        return self.session.client

    @client.setter
    def client(self, value: int) -> None:
        self.session.client = value

    def send(self, data: bytes) -> None:
        """Sends a message."""
        self.send_frame(Frame(data))

    def send_frame(self, frame: Frame) -> None:
        """Sends a frame that may go to many members."""
        if not self.left:
            self.wire.send(frame)

    def settle(self, count: int) -> None:
        """So many more of its updates are durable; acknowledged if it asked for that."""
        total = self.session.settled(count)
        if self.acknowledges:
            self.send(protocol.acknowledge(total))

    def deny(self, refused: Refused, now: float) -> None:
        """Tells the client that it may not write, at most once in `DENY_EVERY` seconds."""
        if now - self.denied >= DENY_EVERY:
            self.denied = now
            self.send(protocol.deny(refused))
