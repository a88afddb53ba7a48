"""Conversion between instants and the local times in form fields."""

from __future__ import annotations

from datetime import UTC, datetime

from deliberation.kernel.ids import Instant
from exports.moments import parse, zone


class UnreadableDate(ValueError):
    """What was typed is not a date and time, or does not exist in that timezone."""


def text(moment: datetime) -> Instant:
    """The instant of an aware datetime, to the millisecond."""
    utc = moment.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"


def to_field(instant: Instant | None, timezone: str) -> str:
    """The value of an `<input type="datetime-local">`."""
    return parse(instant).astimezone(zone(timezone)).strftime("%Y-%m-%dT%H:%M") if instant else ""


def from_field(typed: str, timezone: str) -> Instant | None:
    """The instant of a local date and time as the field sends it; None when empty, UnreadableDate otherwise."""
    if not typed.strip():
        return None
    try:
        moment = datetime.fromisoformat(typed.strip())
    except ValueError as error:
        raise UnreadableDate(typed) from error
    if moment.tzinfo is not None or not 2000 <= moment.year <= 2200:
        raise UnreadableDate(typed)
    return text(moment.replace(tzinfo=zone(timezone)))
