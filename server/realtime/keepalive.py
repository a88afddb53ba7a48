"""When each connection is pinged. Pure: times are seconds of any one clock."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

Peer = TypeVar("Peer")


class KeepAlive(Generic[Peer]):
    """A peer is due `interval` seconds after it was added; whoever pings it adds it again."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._due: deque[tuple[float, Peer]] = deque()

    def add(self, peer: Peer, now: float) -> None:
        """Notes that the peer gave a sign of life, or was pinged, at `now`."""
        self._due.append((now + self._interval, peer))

    def due(self, now: float, most: int) -> list[Peer]:
        """Removes and returns the peers to ping now, the longest due first, `most` at a time; the others stay due."""
        found: list[Peer] = []
        while self._due and self._due[0][0] <= now and len(found) < most:
            found.append(self._due.popleft()[1])
        return found
