"""Moments in French, in the congress's timezone, from no clock and no locale of the machine."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deliberation.kernel.ids import Instant
from exports.typography import NBSP

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


@lru_cache(maxsize=32)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("Europe/Paris")


def _local(instant: Instant, timezone: str) -> datetime:
    return datetime.fromisoformat(instant.replace("Z", "+00:00")).astimezone(_zone(timezone))


def day(instant: Instant, timezone: str) -> str:
    """Such as « 1er mars 2026 »."""
    at = _local(instant, timezone)
    return f"{'1er' if at.day == 1 else at.day}{NBSP}{MONTHS[at.month - 1]}{NBSP}{at.year}"


def moment(instant: Instant, timezone: str) -> str:
    """Such as « 1er mars 2026 à 9 h 05 »."""
    return f"{day(instant, timezone)} à {hour(instant, timezone)}"


def hour(instant: Instant, timezone: str) -> str:
    """Such as « 9 h 05 », where the day is known."""
    at = _local(instant, timezone)
    return f"{at.hour}{NBSP}h{NBSP}{at.minute:02}"


def second(instant: Instant, timezone: str) -> str:
    """Such as « 1er mars 2026, 9 h 05 min 07 s », for the record."""
    at = _local(instant, timezone)
    return f"{day(instant, timezone)}, {at.hour}{NBSP}h{NBSP}{at.minute:02}{NBSP}min{NBSP}{at.second:02}{NBSP}s"
