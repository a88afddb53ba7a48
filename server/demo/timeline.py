"""The dates of the demonstration, relative to the time at which it is played."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from deliberation.kernel.ids import Instant
from server.store.clock import instant, moment

DAY = re.compile(r"J([+-]\d+) (\d\d):(\d\d)")
LATELY = re.compile(r"H-(\d\d):(\d\d)")


class Timeline:
    """Dates: `J-3 10:05` is a time of day in the congress's timezone, `H-02:20` a time before now."""

    def __init__(self, now: Instant, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)
        self._now = moment(now).astimezone(self._zone)

    @property
    def year(self) -> int:
        return self._now.year

    def at(self, when: str, seconds: int = 0) -> Instant:
        """The instant of a date; ValueError for a malformed one."""
        return instant(self._moment(when) + timedelta(seconds=seconds))

    def next_day(self, when: str, hour: int, seconds: int = 0) -> Instant:
        """`hour` o'clock on the day after that date."""
        day = self._moment(when).date() + timedelta(days=1)
        return instant(datetime.combine(day, time(hour), self._zone) + timedelta(seconds=seconds))

    def _moment(self, when: str) -> datetime:
        if found := DAY.fullmatch(when):
            days, hour, minute = map(int, found.groups())
            return datetime.combine(self._now.date() + timedelta(days=days), time(hour, minute), self._zone)
        if found := LATELY.fullmatch(when):
            hours, minutes = map(int, found.groups())
            return self._now - timedelta(hours=hours, minutes=minutes)
        raise ValueError(f"not a date of the story: {when!r}")


def scatter(key: str, limit: int) -> int:
    """A number below `limit` that looks random and is always the same for that key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % limit
