"""The only place where the server reads the time, and where a jump of the machine's clock is noticed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import Protocol

from deliberation.kernel.ids import Instant

JUMP_SECONDS = 60.0
"""Seconds that the machine's clock may gain on the running time between two looks before that counts as a jump."""

logger = logging.getLogger("pleniere.clock")


def instant(moment: datetime) -> Instant:
    """A datetime with a zone, as the record writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def moment(text: Instant) -> datetime:
    """The datetime in UTC of an instant of the record."""
    return datetime.fromisoformat(text)


class Clock(Protocol):
    """The source of the current time."""

    def now(self) -> Instant:
        """The current time."""

    def lead(self) -> float:
        """Seconds by which the machine's clock jumped ahead of what `now` returns; 0.0 if it did not."""

    def follow(self) -> None:
        """Accepts a jump: `now` returns the machine's time again."""


def running_seconds() -> float:
    """A clock that nobody can set, in seconds; on Linux it includes the time for which the machine slept."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class SystemClock:
    """The machine's clock. A jump forward is not followed until an organiser confirms it: meanwhile time goes on at its
    pace, so that no deadline passes early and nothing is dated in advance. A step back is followed at once.
    """

    def __init__(self, wall: Callable[[], float] = time.time, running: Callable[[], float] = running_seconds) -> None:
        self._wall = wall
        self._running = running
        self._lock = Lock()
        self._last = wall()
        self._ran = running()
        self._lead = 0.0

    def now(self) -> Instant:
        with self._lock:
            self._look()
            return instant(datetime.fromtimestamp(self._last, UTC))

    def lead(self) -> float:
        with self._lock:
            self._look()
            return self._lead

    def follow(self) -> None:
        with self._lock:
            self._last, self._ran, self._lead = self._wall(), self._running(), 0.0
        logger.warning("the machine's clock is followed again, at %s", self.now())

    def _look(self) -> None:
        wall, running = self._wall(), self._running()
        expected = self._last + (running - self._ran)
        lead = wall - expected
        if lead > JUMP_SECONDS:
            if not self._lead:
                logger.warning("the machine's clock jumped forward by %.0f s; it is not followed", lead)
            self._last, self._lead = expected, lead
        else:
            if self._lead or lead < -JUMP_SECONDS:
                logger.warning("the machine's clock is back at %s", datetime.fromtimestamp(wall, UTC))
            self._last, self._lead = wall, 0.0
        self._ran = running


class ScriptedClock:
    """A clock that stays where it was set: for the demonstration and for tests."""

    def __init__(self, at: Instant) -> None:
        self.at = at

    def set(self, at: Instant) -> None:
        """Sets the current time."""
        self.at = at

    def now(self) -> Instant:
        return self.at

    def lead(self) -> float:
        return 0.0

    def follow(self) -> None:
        pass
