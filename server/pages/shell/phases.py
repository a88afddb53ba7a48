"""The phases as a timeline: past, open, to come, or undecided."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.kernel.ids import Instant
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Phase, Window


@dataclass(frozen=True)
class PhaseView:
    """`status`: past, open, coming or unset."""

    phase: Phase
    opens: Instant
    closes: Instant
    status: str


def line(state: State, now: Instant) -> tuple[PhaseView, ...]:
    """Every phase in the usual order."""
    return tuple(_station(phase, state.phases.get(phase, Window()), now) for phase in Phase)


def _station(phase: Phase, window: Window, now: Instant) -> PhaseView:
    return PhaseView(phase, window.opens or "", window.closes or "", _status(window, now))


def _status(window: Window, now: Instant) -> str:
    if window.opens is None:
        return "unset"
    if now < window.opens:
        return "coming"
    return "open" if window.closes is None or now < window.closes else "past"


def next_opening(state: State, now: Instant) -> PhaseView | None:
    """The phase to come that opens first."""
    return min((s for s in line(state, now) if s.status == "coming"), key=lambda s: s.opens, default=None)


def next_deadline(state: State, now: Instant) -> PhaseView | None:
    """The open phase that closes first."""
    closing = [s for s in line(state, now) if s.status == "open" and s.closes]
    return min(closing, key=lambda s: s.closes, default=None)
