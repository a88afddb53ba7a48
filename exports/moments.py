"""Instants in words, in the congress's timezone and in French or English; independent of the machine's clock and
locale.

The functions that format an instant take it in UTC, as the record writes it, with the name of a timezone and a language
code, and return "" for an empty instant. An unknown timezone is taken for Paris, an unknown language for French.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deliberation.kernel.ids import Instant
from exports.typography import NBSP

MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


DEFAULT = "Europe/Paris"


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """The timezone of that name; Paris if it is unknown, UTC on a machine without timezone data."""
    for known in (name, DEFAULT):
        with contextlib.suppress(ZoneInfoNotFoundError, ValueError):
            return ZoneInfo(known)
    return UTC


def is_known(name: str) -> bool:
    """Whether this machine has data for that timezone (or for the one that `zone` returns instead)."""
    return zone(name) is not UTC


def parse(instant: Instant) -> datetime:
    """The instant as a timezone-aware datetime in UTC."""
    return datetime.fromisoformat(instant.replace("Z", "+00:00"))


def day(instant: Instant, timezone: str, lang: str = "fr") -> str:
    """The date, such as « 1er mars 2026 »."""
    return _day(_local(instant, timezone), lang) if instant else ""


def lasting(seconds: int) -> str:
    """A duration in words, such as « 45 s », « 3 min », « 1 min 30 s » or « 1 h 02 min »."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}{NBSP}h{NBSP}{minutes:02}{NBSP}min"
    said = [f"{minutes}{NBSP}min"] if minutes else []
    return NBSP.join([*said, *([f"{rest}{NBSP}s"] if rest or not minutes else [])])


def hour(instant: Instant, timezone: str, lang: str = "fr") -> str:
    """The time of day without the date, such as « 9 h 05 »; « 9 h » on the hour."""
    return _hour(_local(instant, timezone), lang) if instant else ""


def moment(instant: Instant, timezone: str, lang: str = "fr") -> str:
    """The date and time of day, such as « 1er mars 2026 à 9 h 05 »."""
    if not instant:
        return ""
    at = _local(instant, timezone)
    return f"{_day(at, lang)} {'at' if lang == 'en' else 'à'} {_hour(at, lang)}"


def second(instant: Instant, timezone: str, lang: str = "fr") -> str:
    """The date and time to the second, such as « 1er mars 2026, 9 h 05 min 07 s »."""
    return f"{day(instant, timezone, lang)}, {clock(instant, timezone, lang)}" if instant else ""


def clock(instant: Instant, timezone: str, lang: str = "fr") -> str:
    """The time of day to the second, such as « 9 h 05 min 07 s »."""
    if not instant:
        return ""
    at = _local(instant, timezone)
    if lang == "en":
        return f"{at:%H:%M:%S}"
    return f"{at.hour}{NBSP}h{NBSP}{at.minute:02}{NBSP}min{NBSP}{at.second:02}{NBSP}s"


def _local(instant: Instant, timezone: str) -> datetime:
    return parse(instant).astimezone(zone(timezone))


def _day(at: datetime, lang: str) -> str:
    first = "1" if lang == "en" else "1er"
    return f"{first if at.day == 1 else at.day}{NBSP}{MONTHS.get(lang, MONTHS['fr'])[at.month - 1]}{NBSP}{at.year}"


def _hour(at: datetime, lang: str) -> str:
    if lang == "en":
        return f"{at:%H:%M}"
    return f"{at.hour}{NBSP}h{NBSP}{at.minute:02}" if at.minute else f"{at.hour}{NBSP}h"
