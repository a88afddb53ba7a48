"""A bounded, numbered window of a document's updates, from which a slow client catches up with one frame. No I/O."""

from __future__ import annotations

from collections.abc import Iterable

import pycrdt

from server.realtime import presence, protocol
from server.realtime.member import Member
from server.realtime.presence import AwarenessEntry
from server.realtime.wire import Frame

KEPT_BYTES = 512 * 1024
"""Bytes of recent updates kept to catch up slow readers; up to twice as much for a while."""


class RecentUpdates:
    """The updates from number `first` until before `end`; each member knows the number that it has reached."""

    def __init__(self) -> None:
        self.first = self.end = 0
        self._updates: list[bytes] = []
        self._origins: list[Member | None] = []
        self._bytes = 0
        self._built: tuple[int, int, Frame] = (0, 0, Frame(b""))

    def add(self, update: bytes, origin: Member | None) -> None:
        """Appends an update that came from that member, or from no member of this room."""
        self._updates.append(update)
        self._origins.append(origin)
        self._bytes += len(update)
        self.end += 1

    def has(self, start: int) -> bool:
        """Whether everything from that number on is still kept."""
        return start >= self.first

    def frame(self, start: int, end: int) -> Frame:
        """The updates from `start` until before `end` as one merged message, built once for all who need the same."""
        if self._built[:2] != (start, end):
            updates = self._updates[start - self.first : end - self.first]
            update = updates[0] if len(updates) == 1 else pycrdt.merge_updates(*updates)
            self._built = (start, end, Frame(protocol.update(update)))
        return self._built[2]

    def origin(self, start: int, end: int) -> Member | None:
        """The member from whom all of these updates came; None when they came from several or from elsewhere."""
        origins = set(self._origins[start - self.first : end - self.first])
        return origins.pop() if len(origins) == 1 else None

    def forget(self, upto: int) -> None:
        """Drops old updates when they are many; none from `upto` on."""
        if self._bytes <= 2 * KEPT_BYTES:
            return
        count = 0
        while count < upto - self.first and self._bytes > KEPT_BYTES:
            self._bytes -= len(self._updates[count])
            count += 1
        del self._updates[:count], self._origins[:count]
        self.first += count


class RecentPresence:
    """Changes of presence, numbered in the same way; only the last one of each client is kept."""

    def __init__(self) -> None:
        self.end = 0
        self._changes: dict[int, tuple[int, AwarenessEntry]] = {}
        self._built: tuple[int, int, Frame] = (0, 0, Frame(b""))

    def add(self, entry: AwarenessEntry) -> None:
        """Notes a change."""
        self._changes.pop(entry.client, None)  # the order is that of the last changes
        self._changes[entry.client] = (self.end, entry)
        self.end += 1

    def frame(self, start: int) -> Frame:
        """The changes from number `start` on, as one message."""
        if self._built[:2] != (start, self.end):
            changed = [entry for number, entry in self._changes.values() if number >= start]
            self._built = (start, self.end, Frame(protocol.aware(presence.encode(changed))))
        return self._built[2]

    def forget(self, seen: Iterable[int]) -> None:
        """Drops the changes once every member has received all of them; `seen` are the numbers that the members have
        reached.
        """
        upto = min(seen, default=self.end)
        if self._changes and all(number < upto for number, _ in self._changes.values()):
            self._changes = {}
