"""One connection of the y-websocket protocol as a state machine: a frame and the time in, an effect out. No I/O.

A connection begins with sync step 1, and is then open until closed. Form and amount of what it sends are checked here,
rights by the room.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from deliberation.kernel.errors import Refused
from server.realtime import presence, protocol
from server.realtime.presence import AwarenessEntry
from server.realtime.rates import Bucket
from server.texts import guard, lib0
from server.texts.guard import Summary
from server.texts.lib0 import MalformedBytes

FRAMES_PER_SECOND, FRAMES_AT_ONCE = 200.0, 2_000.0
BYTES_PER_SECOND, BYTES_AT_ONCE = 256 * 1024.0, 6.0 * protocol.MAX_FRAME
PRESENCE_PER_SECOND, PRESENCE_AT_ONCE = 100.0, 400.0
ASKS_PER_SECOND, ASKS_AT_ONCE = 0.5, 6.0
"""Requests for missing updates, per second and at once: each may cost a whole document. A page asks once, a reader
every 20 s.
"""

MAX_VECTOR = 10_000
"""Clients in a state vector: each page view that writes adds one."""

PRESENCE_BYTES_PER_SECOND, PRESENCE_BYTES_AT_ONCE = 512 * 1024.0, 2.0 * protocol.MAX_FRAME
"""Bytes of presence per second and at once; most is an echo, as the package y-websocket sends back all that it
learns.
"""

MAX_STRAYS = 200
"""Updates with unknown predecessors, before the connection is closed.

A client that typed offline and goes on typing on reconnection sends a few, before the sync step 2 with all of it.
"""


class SessionState(Enum):
    """GREETING until the first sync step 1, then OPEN."""

    GREETING = "greeting"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SendMissing:
    """Send what a replica with these clocks lacks."""

    clocks: dict[int, int]


@dataclass(frozen=True, slots=True)
class KeepUpdate:
    """Store and relay an update. `answer`: it came as sync step 2."""

    update: bytes
    summary: Summary
    answer: bool


@dataclass(frozen=True, slots=True)
class ShowPresence:
    """Relay the presence of this connection's own client."""

    entry: AwarenessEntry


@dataclass(frozen=True, slots=True)
class SendPresence:
    """Send everybody's presence."""


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection with that code and reason."""

    code: int
    reason: str


Effect = SendMissing | KeepUpdate | ShowPresence | SendPresence | Close


class Session:
    """`person` is None for the public. `refusal` says why this connection may not write; None when it may.

    `client` is the Yjs client id that the connection writes under, once known.
    """

    __slots__ = (
        "_asks",
        "_bytes",
        "_frames",
        "_presence",
        "_presence_bytes",
        "client",
        "committed",
        "person",
        "refusal",
        "state",
        "strays",
        "unkept",
    )

    def __init__(self, person: str | None, refusal: Refused | None) -> None:
        self.person = person
        self.refusal = refusal
        self.client: int | None = None
        self.state = SessionState.GREETING
        self.committed = 0
        self.strays = 0
        self.unkept = 0
        self._frames = Bucket(FRAMES_PER_SECOND, FRAMES_AT_ONCE)
        self._bytes = Bucket(BYTES_PER_SECOND, BYTES_AT_ONCE)
        self._presence = Bucket(PRESENCE_PER_SECOND, PRESENCE_AT_ONCE)
        self._presence_bytes = Bucket(PRESENCE_BYTES_PER_SECOND, PRESENCE_BYTES_AT_ONCE)
        self._asks = Bucket(ASKS_PER_SECOND, ASKS_AT_ONCE)

    def receive(self, frame: bytes, now: float) -> Effect | None:
        """The effect of a frame; None for nothing."""
        if self.state is SessionState.CLOSED:
            return None
        if len(frame) > protocol.MAX_FRAME:
            return self._close(protocol.TOO_LARGE, "a frame is too large")
        if frame[:1] == b"\1":
            return self._aware(frame, now)
        if not (self._frames.take(1, now) and self._bytes.take(len(frame), now)):
            return self._close(protocol.TOO_FAST, "too much at once")
        try:
            return self._understand(protocol.decode(frame), now)
        except MalformedBytes as error:
            return self._close(protocol.MALFORMED, str(error))

    def settled(self, count: int = 1) -> int:
        """So many more updates of this connection are durable, or changed nothing; returns how many are by now."""
        self.committed += count
        return self.committed

    def stray(self) -> Close | None:
        """An update had unknown predecessors: ask again, or close after too many."""
        self.strays += 1
        self.unkept += 1
        return self._close(protocol.MALFORMED, "updates never fit") if self.strays > MAX_STRAYS else None

    def refused(self, count: int = 1) -> None:
        """So many updates were not stored, though they may be sent again."""
        self.unkept += count

    def fitting(self, answer: bool) -> int:
        """An update could be applied; returns how many are settled by it: a sync step 2 also contains those refused
        before.
        """
        if not answer:
            return 1
        count, self.unkept, self.strays = 1 + self.unkept, 0, 0
        return count

    def _close(self, code: int, reason: str) -> Close:
        self.state = SessionState.CLOSED
        return Close(code, reason)

    def _understand(self, message: protocol.Message, now: float) -> Effect:
        match message:
            case protocol.SyncStep1(state_vector):
                return self._answer(state_vector, now)
            case protocol.SyncUpdate(update, answer):
                return KeepUpdate(update, _inspect(update) if answer else guard.inspect_bounded(update), answer)
            case protocol.AwarenessQuery():
                return (
                    SendPresence() if self._asks.take(0.2, now) else self._close(protocol.TOO_FAST, "asked too often")
                )
        return self._close(protocol.MALFORMED, "a message that only a server sends")

    def _answer(self, state_vector: bytes, now: float) -> Effect:
        if not self._asks.take(1, now):
            return self._close(protocol.TOO_FAST, "asked too often")
        clocks = lib0.read_state_vector(state_vector, MAX_VECTOR)
        self.state = SessionState.OPEN
        return SendMissing(clocks)

    def _aware(self, frame: bytes, now: float) -> Effect | None:
        """Only a connection's own entry counts, the first one that it sends: y-websocket echoes what it hears of
        others.

        Readers are not shown to others, and what comes too fast is ignored.
        """
        if self.refusal is not None or not self._presence.take(1, now):
            return None
        if not self._presence_bytes.take(len(frame), now):
            return None
        try:
            message = protocol.decode(frame)
            entries = presence.decode(message.data) if isinstance(message, protocol.AwarenessUpdate) else []
        except MalformedBytes as error:
            return self._close(protocol.MALFORMED, str(error))
        if self.client is None and len(entries) == 1 and entries[0].state != presence.GONE:
            self.client = entries[0].client
        own = next((entry for entry in entries if entry.client == self.client), None)
        return ShowPresence(own) if own is not None and presence.is_state(own.state) else None


_inspect = lru_cache(16)(guard.inspect_bounded)
"""Cached, because when many join at once they all answer the server's step 1 with the same deletions."""
