"""The phases on one timeline: a row for each with its dates as form fields and its place between the first and the last
date.
"""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.kernel.ids import Instant
from server.pages.shell import local_times, phases
from server.pages.shell.visit import Visit
from server.store.clock import moment

WIDTH = 1000
"""The units across which the timeline is drawn."""
LEAST = 12
"""The narrowest bar that is still seen, in the same units."""


@dataclass(frozen=True)
class Bar:
    """A phase from `x` on, `width` units wide; `now` is where the present instant stands."""

    x: int
    width: int
    now: int


@dataclass(frozen=True)
class Row:
    """A phase in the form: `opens` and `closes` as the fields hold them; `bar` is None without dates."""

    station: phases.PhaseView
    opens: str
    closes: str
    bar: Bar | None


def rows(visit: Visit) -> list[Row]:
    stations = phases.line(visit.state, visit.now)
    dates = [x for s in stations for x in (s.opens, s.closes) if x]
    span = (min([visit.now, *dates]), max([visit.now, *dates]))
    return [
        Row(
            station,
            local_times.to_field(station.opens, visit.timezone),
            local_times.to_field(station.closes, visit.timezone),
            bar(station, span, visit.now),
        )
        for station in stations
    ]


def bar(station: phases.PhaseView, span: tuple[Instant, Instant], now: Instant) -> Bar | None:
    """Where the phase stands between the ends of `span`; one without an end goes on to the last date."""
    if not station.opens:
        return None
    start, end = _at(station.opens, span), _at(station.closes, span) if station.closes else WIDTH
    width = max(end - start, LEAST)
    return Bar(min(start, WIDTH - width), width, _at(now, span))


def _at(instant: Instant, span: tuple[Instant, Instant]) -> int:
    first, last = (moment(end) for end in span)
    length = (last - first).total_seconds()
    return round(WIDTH * (moment(instant) - first).total_seconds() / length) if length else 0
