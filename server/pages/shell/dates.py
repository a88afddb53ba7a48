"""Moments as people read them, in the congress's timezone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_datetime

from deliberation.kernel.ids import Instant

LONG = {"fr": "d MMMM y 'à' H 'h' mm", "en": "d MMMM y 'at' HH:mm"}
HOUR = {"fr": "H 'h' mm 'min' ss 's'", "en": "HH:mm:ss"}
MINUTE = {"fr": "H 'h' mm", "en": "HH:mm"}
DAY = {"fr": "d MMMM y", "en": "d MMMM y"}


class UnreadableDate(ValueError):
    """What was typed is not a date and time, or does not exist in that timezone."""


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The timezone of that name; Paris for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("Europe/Paris")


def parse(instant: Instant) -> datetime:
    """An aware datetime in UTC."""
    return datetime.fromisoformat(instant.replace("Z", "+00:00"))


def text(moment: datetime) -> Instant:
    """The instant of an aware datetime, to the millisecond."""
    utc = moment.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"


def show(instant: Instant, timezone: str, lang: str, pattern: dict[str, str] | None = None) -> str:
    """The instant in words; "" for an empty one."""
    if not instant:
        return ""
    form = (pattern or LONG).get(lang, (pattern or LONG)["fr"])
    said: str = format_datetime(parse(instant), form, tzinfo=zone(timezone), locale=lang)
    return said.removesuffix(" 00").replace(" h", "\u00a0h").replace("h ", "h\u00a0") if lang == "fr" else said


def to_field(instant: Instant | None, timezone: str) -> str:
    """The value of an `<input type="datetime-local">`."""
    return parse(instant).astimezone(zone(timezone)).strftime("%Y-%m-%dT%H:%M") if instant else ""


def from_field(typed: str, timezone: str) -> Instant | None:
    """The instant of a local date and time as the field sends it; None when empty, Unreadable otherwise."""
    if not typed.strip():
        return None
    try:
        moment = datetime.fromisoformat(typed.strip())
    except ValueError as error:
        raise UnreadableDate(typed) from error
    if moment.tzinfo is not None or not 2000 <= moment.year <= 2200:
        raise UnreadableDate(typed)
    return text(moment.replace(tzinfo=zone(timezone)))
