"""Arithmetic with instants, as `ids.Instant` writes them. No clock is read here."""

from __future__ import annotations

from datetime import datetime, timedelta

from deliberation.kernel.ids import Instant


def moved(at: Instant, since: Instant, until: Instant) -> Instant:
    """`at` shifted by the time from `since` to `until`, forward or back."""
    return _written(_read(at) + (_read(until) - _read(since)))


def later(at: Instant, seconds: int) -> Instant:
    """The instant `seconds` after `at`."""
    return _written(_read(at) + timedelta(seconds=seconds))


def seconds_between(since: Instant, until: Instant) -> int:
    """The whole seconds from `since` to `until`; 0 if `until` is earlier."""
    return max(0, int((_read(until) - _read(since)).total_seconds()))


def minutes_late(planned: Instant, actual: Instant) -> int:
    """By how many whole minutes `actual` is later than `planned`; negative if it is earlier."""
    return round((_read(actual) - _read(planned)).total_seconds() / 60)


def _read(at: Instant) -> datetime:
    return datetime.fromisoformat(at.removesuffix("Z"))


def _written(moment: datetime) -> Instant:
    return moment.isoformat(timespec="milliseconds") + "Z"
