"""Setting the dates of the phases, one or several at once, and the dates for the usual ways of opening them (S3,
S26).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from deliberation.congress.congress import is_instant, is_open
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import Instant
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Phase, PhaseDates, Window


def set_phase(state: State, request: c.Request, command: c.SetPhase, now: str) -> Decision:
    dates = PhaseDates(command.phase, command.opens, command.closes)
    if refused := refuse_dates(dates):
        return refused
    if _unchanged(state, dates):
        return Refused("phase.unchanged", "Ces dates sont déjà celles de la phase.", "opens")
    return (e.PhaseSet(dates.phase, dates.opens, dates.closes),)


def set_phases(state: State, request: c.Request, command: c.SetPhases, now: str) -> Decision:
    """Sets the dates of several phases; one event for each phase whose dates change."""
    for dates in command.dates:
        if refused := refuse_dates(dates):
            return replace(refused, field=f"{refused.field}-{dates.phase.value}")
    if len({dates.phase for dates in command.dates}) < len(command.dates):
        return Refused("phase.twice", "Une même phase est donnée deux fois.", "dates")
    changed = [dates for dates in command.dates if not _unchanged(state, dates)]
    if not changed:
        return Refused("phase.unchanged", "Ces dates sont déjà celles des étapes.", "dates")
    return tuple(e.PhaseSet(dates.phase, dates.opens, dates.closes) for dates in changed)


def refuse_dates(dates: PhaseDates) -> Refused | None:
    """The refusal of a malformed date, or of an end that does not follow the opening; None if both are acceptable."""
    for field, value in (("opens", dates.opens), ("closes", dates.closes)):
        if value is not None and not is_instant(value):
            return Refused("time.malformed", "Cette date n’est pas lisible.", field)
    if dates.closes is not None and (dates.opens is None or dates.closes <= dates.opens):
        return Refused("phase.ends_before_start", "La fin doit suivre l’ouverture.", "closes")
    return None


def _unchanged(state: State, dates: PhaseDates) -> bool:
    return state.phases.get(dates.phase, Window()) == Window(dates.opens, dates.closes)


def opened(state: State, phases: Iterable[Phase], now: Instant) -> tuple[PhaseDates, ...]:
    """The dates that open these phases at `now`. Phases already open are left out; an end that lies in the future is
    kept.
    """
    return tuple(_opening(state, phase, now) for phase in phases if not is_open(state, phase, now))


def one_at_a_time(state: State, phase: Phase, now: Instant) -> tuple[PhaseDates, ...]:
    """The dates by which only that phase is open at `now`: it is opened if necessary, all other open phases are
    closed.
    """
    others = (x for x in Phase if x is not phase and is_open(state, x, now))
    closing = [PhaseDates(x, state.phases[x].opens, now) for x in others]
    return (*closing, *opened(state, [phase], now))


def _opening(state: State, phase: Phase, now: Instant) -> PhaseDates:
    closes = state.phases.get(phase, Window()).closes
    return PhaseDates(phase, now, closes if closes is not None and closes > now else None)


def following(state: State, now: Instant) -> Phase | None:
    """The phase that comes next: the one after the latest phase that was opened, the first if none was, None after the
    last.
    """
    begun = [phase for phase in Phase if (opens := state.phases.get(phase, Window()).opens) and opens <= now]
    order = list(Phase)
    at = order.index(begun[-1]) + 1 if begun else 0
    return order[at] if at < len(order) else None


def on_phase(state: State, r: e.Recorded, event: e.PhaseSet) -> State:
    return replace(state, phases={**state.phases, event.phase: Window(event.opens, event.closes)})


DECIDE: Rules = {c.SetPhase: set_phase, c.SetPhases: set_phases}
EVOLVE: Folds = {e.PhaseSet: on_phase}
