"""The only place where the server reads the time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from deliberation.kernel.ids import Instant


def instant(moment: datetime) -> Instant:
    """A moment with a zone as the record writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def moment(text: Instant) -> datetime:
    """The moment that the record wrote so, in UTC."""
    return datetime.fromisoformat(text)


class Clock(Protocol):
    def now(self) -> Instant: ...


class SystemClock:
    def now(self) -> Instant:
        return instant(datetime.now(UTC))


class ScriptedClock:
    """A clock that stands where it was set: for the demonstration and for tests."""

    def __init__(self, at: Instant) -> None:
        self.at = at

    def set(self, at: Instant) -> None:
        self.at = at

    def now(self) -> Instant:
        return self.at
