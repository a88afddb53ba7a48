"""Telling everybody in a room: gathered per tick, one frame built once, slow readers caught up later.

After a silence the first update goes at once. The next tick waits for a multiple of what the last one cost: a few
milliseconds for a handful of people, up to `SLOWEST_TICK` for thousands of readers.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

import pycrdt

from server.realtime import presence, protocol
from server.realtime.member import Member
from server.realtime.presence import Entry
from server.realtime.wire import Frame

FASTEST_TICK, SLOWEST_TICK = 0.003, 0.2
COST_FACTOR = 2.5
"""Of the time, at most one part in this many plus one goes into relaying."""

PRESENCE_TICK = 0.05
CHUNK = 512
"""Connections written to before others get their turn."""

MAX_BACKLOG = 256 * 1024
"""Bytes waiting for one reader, beyond which it gets nothing until they have left."""

CAUGHT_UP = 16 * 1024
KEPT_BYTES = 512 * 1024
"""Of recent ticks, kept to catch up slow readers."""

PATIENCE = 30.0
"""Seconds that a reader may stay behind."""


class Fanout:
    """`catch_up(member)` must send a member the whole document; it is called for those too far behind."""

    def __init__(self, catch_up: Callable[[Member], None]) -> None:
        self.members: dict[Member, None] = {}
        self._catch_up = catch_up
        self._loop = asyncio.get_running_loop()
        self._outbox: list[tuple[bytes, Member | None]] = []
        self._faces: dict[int, Entry] = {}
        self._recent: deque[bytes] = deque()
        self._recent_bytes = 0
        self._ticks = 0
        self._next_tick = 0.0
        self._next_faces = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._task: asyncio.Task[None] | None = None
        self._behind: dict[Member, int] = {}

    def relay(self, update: bytes, origin: Member | None = None) -> None:
        """Tells everybody but `origin` of a durable update."""
        self._outbox.append((update, origin))
        self._schedule(self._next_tick)

    def show(self, entry: Entry) -> None:
        """Tells everybody of a presence; only the last of each client matters."""
        self._faces[entry.client] = entry
        self._schedule(self._next_faces)

    def leave(self, member: Member) -> None:
        self.members.pop(member, None)
        self._behind.pop(member, None)

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
        if self._task:
            self._task.cancel()

    def sweep(self, now: float) -> None:
        """Catches up those whose backlog has left, and lets go those who stay behind."""
        for member in list(self._behind):
            if member.wire.backlog <= CAUGHT_UP:
                self._return(member)
            elif now - member.behind_since > PATIENCE:
                self.leave(member)
                member.wire.close(protocol.TRY_LATER, "too slow")

    def _schedule(self, at: float) -> None:
        if self._task is not None:
            return
        now = self._loop.time()
        if at <= now:
            at = now
        if self._timer is not None:
            if self._due <= at:
                return
            self._timer.cancel()
        self._due = at
        self._timer = self._loop.call_at(at, self._tick)

    def _tick(self) -> None:
        self._timer = None
        started = self._loop.time()
        frames = list(self._frames(started))
        if len(self.members) <= CHUNK or not frames:
            for frame, origin in frames:
                self._send(list(self.members), frame, origin, started)
            self._finish(self._loop.time() - started)
        else:
            self._task = asyncio.create_task(self._send_all(frames, started))

    async def _send_all(self, frames: list[tuple[Frame, Member | None]], started: float) -> None:
        """In chunks, so that what comes in meanwhile does not wait for thousands."""
        cost = 0.0
        members = list(self.members)
        for at in range(0, len(members), CHUNK):
            began = self._loop.time()
            for frame, origin in frames:
                self._send(members[at : at + CHUNK], frame, origin, started)
            cost += self._loop.time() - began
            await asyncio.sleep(0)
        self._task = None
        self._finish(cost)

    def _finish(self, cost: float) -> None:
        now = self._loop.time()
        pause = min(SLOWEST_TICK, max(FASTEST_TICK, cost * COST_FACTOR))
        self._next_tick = now + pause
        self._next_faces = now + max(PRESENCE_TICK, pause)
        if self._outbox:
            self._schedule(self._next_tick)
        if self._faces:
            self._schedule(self._next_faces)

    def _frames(self, now: float) -> list[tuple[Frame, Member | None]]:
        frames: list[tuple[Frame, Member | None]] = []
        if self._outbox:
            updates = [update for update, _ in self._outbox]
            origins = {origin for _, origin in self._outbox}
            self._outbox = []
            merged = updates[0] if len(updates) == 1 else pycrdt.merge_updates(*updates)
            self._remember(merged)
            frames.append((Frame(protocol.update(merged)), origins.pop() if len(origins) == 1 else None))
        if self._faces and now >= self._next_faces:
            frames.append((Frame(protocol.aware(presence.encode(self._faces.values()))), None))
            self._faces = {}
        return frames

    def _remember(self, update: bytes) -> None:
        self._ticks += 1
        self._recent.append(update)
        self._recent_bytes += len(update)
        while self._recent_bytes > KEPT_BYTES:
            self._recent_bytes -= len(self._recent.popleft())

    def _send(self, members: list[Member], frame: Frame, origin: Member | None, now: float) -> None:
        for member in members:
            if member is origin or not member.synced or member in self._behind:
                continue
            if member.wire.backlog > MAX_BACKLOG:
                self._behind[member] = self._ticks - 1
                member.behind_since = now
            else:
                member.wire.send(frame)

    def _return(self, member: Member) -> None:
        missed = self._ticks - self._behind.pop(member)
        if missed > len(self._recent):
            self._catch_up(member)
        elif missed:
            updates = list(self._recent)[-missed:]
            member.wire.send(Frame(protocol.update(pycrdt.merge_updates(*updates))))
