"""Connections to a hub without a network: a wire that stores frames, and a client that speaks the y-websocket
protocol.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from typing import Any

import pycrdt

from server.realtime import presence, protocol
from server.realtime.hub import Hub
from server.realtime.member import Member
from server.realtime.wire import MAX_BACKLOG, Frame
from tests.server.yjs import Writer

ATTRIBUTES = re.compile(r'(?: \w+="[^"]*")+(?=>)')


class MemoryWire:
    """Stores frames until they are read; with `stuck` they stay in the backlog, as for a client that does not read."""

    def __init__(self) -> None:
        self.sent: deque[bytes] = deque()
        self.stuck = False
        self.waiting = 0
        self.closed: tuple[int, str] | None = None
        self.resumed = 0
        self.checked: list[float] = []

    @property
    def full(self) -> bool:
        return self.waiting > MAX_BACKLOG

    def send(self, frame: Frame) -> None:
        assert self.closed is None, "nothing is sent after a goodbye"
        self.sent.append(frame.data)
        if self.stuck:
            self.waiting += len(frame.data)

    def close(self, code: int, reason: str) -> None:
        self.closed = self.closed or (code, reason)

    def abort(self) -> None:
        self.closed = self.closed or (1006, "")

    def resume(self) -> None:
        self.resumed += 1

    def check(self) -> None:
        """Notes the time of the check; a real wire would notice here that its peer is gone."""
        self.checked.append(asyncio.get_running_loop().time())


class Client(Writer):
    """A person's document that synchronises like the package y-websocket. `acknowledged` is what the server has
    acknowledged.
    """

    def __init__(self, client: int, person: str | None, document: str = "motion-1") -> None:
        super().__init__(client)
        self.person = person
        self.document = document
        self.wire = MemoryWire()
        self.member: Member | None = None
        self.outbox: deque[bytes] = deque()
        self.sent = self.acknowledged = 0
        self.synced = False
        self.denials: list[str] = []
        self.faces: dict[int, presence.AwarenessEntry] = {}
        self._clock = 0

    @property
    def online(self) -> bool:
        return self.member is not None and self.wire.closed is None

    async def connect(self, hub: Hub) -> None:
        permission = await hub.permission("demo", self.document, self.person)
        self.wire = MemoryWire()
        self.member = await hub.join("demo", self.document, self.person, permission, self.wire, acknowledges=True)
        self.sent = self.acknowledged = 0
        self.synced = False
        self.outbox.clear()
        self.take()
        self.outbox.append(protocol.ask(self.doc.get_state()))
        self.show()

    def show(self, state: str = '{"user":{}}') -> None:
        self._clock += 1
        entry = presence.AwarenessEntry(self.doc.client_id, self._clock, state)
        self.outbox.append(protocol.aware(presence.encode([entry])))

    def cut(self, hub: Hub) -> None:
        """Loses the connection, and all frames that were under way."""
        if self.member is not None:
            hub.leave(self.member)
        self.member = None
        self.wire = MemoryWire()
        self.outbox.clear()
        self.take()

    def collect(self) -> None:
        """Puts updates of the document into the outbox, if connected."""
        for update in self.take():
            if self.online:
                self._bring(protocol.update(update))

    def say(self, hub: Hub, frame: bytes | None = None) -> None:
        """Delivers a frame to the server: the given one, or the next from the outbox."""
        self.collect()
        if self.member is not None and (frame is not None or self.outbox):
            hub.received(self.member, self.outbox.popleft() if frame is None else frame)

    def say_all(self, hub: Hub) -> None:
        self.collect()
        while self.outbox:
            self.say(hub)

    def hear(self) -> bool:
        """Receives one frame; returns whether there was one."""
        if not self.wire.sent:
            return False
        self.collect()
        self._understand(protocol.decode(self.wire.sent.popleft()))
        return True

    def hear_all(self) -> None:
        while self.hear():
            pass

    def _understand(self, message: protocol.Message) -> None:
        match message:
            case protocol.SyncStep1(state_vector):
                self._bring(protocol.answer(self.doc.get_update(state_vector)))
            case protocol.SyncUpdate(update, answer):
                self.doc.apply_update(update)
                self.take()
                self.synced |= answer
            case protocol.Acknowledged(count):
                self.acknowledged = count
            case protocol.Denied(reason):
                self.denials.append(reason)
            case protocol.AwarenessUpdate(data):
                self.faces.update({each.client: each for each in presence.decode(data) if self._believes(each)})

    def _believes(self, entry: presence.AwarenessEntry) -> bool:
        """Whether a presence entry is newer than the known one, by the rule of y-protocols."""
        known = self.faces.get(entry.client)
        return known is None or presence.is_later(entry, known)

    def _bring(self, frame: bytes) -> None:
        self.sent += 1
        self.outbox.append(frame)


def same(*docs: pycrdt.Doc[Any]) -> bool:
    """Whether the documents hold the same structs and deletions."""
    return all(
        pycrdt.Doc.get_update(doc, other.get_state())[:1] == b"\0" and _text(doc) == _text(other)
        for doc in docs
        for other in docs
    )


def _text(doc: pycrdt.Doc[Any]) -> str:
    """The document as XML, with attributes in a fixed order."""
    root: pycrdt.XmlFragment = doc.get("prosemirror", type=pycrdt.XmlFragment)
    return ATTRIBUTES.sub(lambda found: " ".join(sorted(found[0].split(" "))), str(root))
