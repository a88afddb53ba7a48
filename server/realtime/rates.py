"""A token bucket: how much one connection may send. Pure: time is an argument."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """A token bucket: `rate` units per second, and `burst` at once."""

    rate: float
    burst: float
    level: float = 0.0
    since: float = 0.0

    def take(self, amount: float, now: float) -> bool:
        """Takes `amount` at time `now` (seconds) if it is within the limit; whether it was."""
        self.level = max(0.0, self.level - (now - self.since) * self.rate)
        self.since = now
        if self.level + amount > self.burst:
            return False
        self.level += amount
        return True

    def fill(self, amount: float, now: float) -> float:
        """Takes it in any case; after how many seconds the bucket is no longer beyond its measure."""
        self.level = max(0.0, self.level - (now - self.since) * self.rate) + amount
        self.since = now
        return max(0.0, (self.level - self.burst) / self.rate)
