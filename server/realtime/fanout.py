"""Sends a room's updates to its members batch by batch: each batch gets, in one frame, what came since its last turn.

Writers and readers are served in separate batches; writers first. After a silence the first update is sent at once. The
next turn of a batch waits for a multiple of what the last one cost: a few milliseconds for a handful of people. With
many readers the batches take turns without end, so that a reader waits for one round at most (`LONGEST_ROUND` up to
some ten thousand readers), and the event loop does other work between two batches.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from server.realtime import protocol
from server.realtime.member import Member
from server.realtime.presence import AwarenessEntry
from server.realtime.recent_updates import RecentPresence, RecentUpdates
from server.realtime.wire import Frame

FASTEST_TICK, LONGEST_ROUND = 0.003, 0.16
COST_FACTOR = 2.5
"""A batch waits this many times what its last turn took, so that relaying takes at most 1 / (1 + COST_FACTOR) of the
time, unless that would make a round too long.
"""

PRESENCE_TICK = 0.05
PRESENCE_BYTES = 8_000_000
"""Bytes of presence per second and room: with many listeners, cursors are sent less often, so that words come first."""

ROW = 256
"""Connections in one batch: after that many, the event loop does other work."""

PATIENCE = 30.0
"""Seconds that a reader may stay behind before its connection is closed."""


class MemberBatch:
    """Members served together. They have received all updates before number `seen` and all presence before
    `faces_seen`.

    `due` and `faces_due`: when the next may be sent; `cost`: seconds that the last turn took; `spoke`: when it was.
    """

    __slots__ = ("cost", "due", "faces_due", "faces_seen", "members", "seen", "spoke", "table")

    def __init__(self, table: bool, seen: int, faces_seen: int, now: float) -> None:
        self.table = table
        self.members: dict[Member, None] = {}
        self.seen, self.faces_seen = seen, faces_seen
        self.due = self.faces_due = 0.0
        self.cost = 0.0
        self.spoke = now


class Fanout:
    """Relays updates and presence. `catch_up(member)` must send a member the whole document: called for those too far
    behind.
    """

    def __init__(self, catch_up: Callable[[Member], None]) -> None:
        self.members: dict[Member, MemberBatch] = {}
        self._catch_up = catch_up
        self._loop = asyncio.get_running_loop()
        self._news, self._faces = RecentUpdates(), RecentPresence()
        self._rows: list[MemberBatch] = []
        self._behind: dict[Member, int] = {}
        self._handle: asyncio.Handle | None = None
        self._wakes_at = 0.0

    # Members

    def seat(self, member: Member) -> None:
        """Puts a member into a batch of writers or of readers; call it again when its rights have changed."""
        table = member.session.refusal is None
        before = self.members.get(member)
        if before is not None:
            if before.table == table:
                return
            self._serve(before, self._loop.time(), urgent=True)
            self._leave_row(member, before)
        row = next((row for row in self._rows if row.table == table and len(row.members) < ROW), None)
        if row is None:
            row = MemberBatch(table, self._news.end, self._faces.end, self._loop.time())
            self._rows.append(row)
        elif before is not None:
            self._serve(row, self._loop.time(), urgent=True)
        row.members[member] = None
        self.members[member] = row

    def leave(self, member: Member) -> None:
        row = self.members.pop(member, None)
        self._behind.pop(member, None)
        if row is not None:
            self._leave_row(member, row)

    def _leave_row(self, member: Member, row: MemberBatch) -> None:
        del row.members[member]
        if not row.members:
            self._rows.remove(row)

    def close(self) -> None:
        if self._handle:
            self._handle.cancel()

    # Messages

    def relay(self, update: bytes, origin: Member | None = None) -> None:
        """Queues a durable update for everybody but `origin`."""
        self._news.add(update, origin)
        self._wake()

    def show(self, entry: AwarenessEntry) -> None:
        """Queues a change of presence for everybody."""
        self._faces.add(entry)
        self._wake()

    def sign_of_life(self, since: float, frame: Frame) -> None:
        """Sends a frame to the members to whom nothing was sent since that time."""
        now = self._loop.time()
        for row in self._rows:
            if row.spoke <= since:
                row.spoke = now
                for member in row.members:
                    member.send_frame(frame)

    def sweep(self, now: float) -> None:
        """Brings those up to date whose backlog has been sent, and closes the connections of those who stay behind."""
        for member in list(self._behind):
            if not member.wire.full:
                self._return(member)
            elif now - member.behind_since > PATIENCE:
                self.leave(member)
                member.wire.close(protocol.TRY_LATER, "too slow")

    def _return(self, member: Member) -> None:
        missed, upto = self._behind.pop(member), self.members[member].seen
        if not self._news.has(missed):
            self._catch_up(member)
        elif missed < upto:
            member.wire.send(self._news.frame(missed, upto))

    # Turns

    def _wake(self) -> None:
        """Schedules the next turn for when the next batch is due."""
        now = self._loop.time()
        if self._handle is not None and self._wakes_at <= now:
            return
        if (row := self._next_row()) is None:
            return
        due = max(now, self._due(row))
        if self._handle is not None:
            if self._wakes_at <= due:
                return
            self._handle.cancel()
        self._wakes_at = due
        at_once = due <= now
        self._handle = self._loop.call_soon(self._turn) if at_once else self._loop.call_at(due, self._turn)

    def _turn(self) -> None:
        self._handle = None
        now = self._loop.time()
        row = self._next_row()
        if row is not None and self._due(row) <= now:
            self._serve(row, now)
            self._pause(row, now)
        self._wake()

    def _next_row(self) -> MemberBatch | None:
        """Of the batches that lack something, the one due first."""
        waiting = [row for row in self._rows if row.seen < self._news.end or row.faces_seen < self._faces.end]
        return min(waiting, key=self._due, default=None)

    def _due(self, row: MemberBatch) -> float:
        return row.due if row.seen < self._news.end else max(row.due, row.faces_due)

    def _pause(self, row: MemberBatch, began: float) -> None:
        now = self._loop.time()
        row.cost = now - began
        if row.table:
            row.due = now + max(FASTEST_TICK, row.cost * COST_FACTOR)
        else:
            round_ = sum(each.cost for each in self._rows) * (1 + COST_FACTOR)
            row.due = began + max(FASTEST_TICK, min(round_, LONGEST_ROUND))

    def _serve(self, row: MemberBatch, now: float, urgent: bool = False) -> None:
        """Sends a batch what it lacks. `urgent`: presence too, even if it is not due."""
        row.spoke = now
        if row.seen < (end := self._news.end):
            self._send(row, self._news.frame(row.seen, end), self._news.origin(row.seen, end), now)
            row.seen = end
            self._news.forget(min(each.seen for each in self._rows))
        if row.faces_seen < self._faces.end and (urgent or row.faces_due <= now):
            frame = self._faces.frame(row.faces_seen)
            self._send(row, frame, None, now)
            row.faces_seen = self._faces.end
            row.faces_due = now + self._faces_pause(row, frame)
            self._faces.forget(each.faces_seen for each in self._rows)

    def _faces_pause(self, row: MemberBatch, frame: Frame) -> float:
        listening = sum(len(each.members) for each in self._rows if each.table == row.table)
        return max(PRESENCE_TICK, len(frame.data) * listening / PRESENCE_BYTES)

    def _send(self, row: MemberBatch, frame: Frame, origin: Member | None, now: float) -> None:
        for member in row.members:
            if member is origin or not member.synced or member in self._behind:
                continue
            if member.wire.full:
                self._behind[member] = row.seen
                member.behind_since = now
            else:
                member.wire.send(frame)
