"""When each phase opens and closes: dates given together, or an act on one of them; and drafting in camera."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.phases import following, one_at_a_time, opened
from deliberation.kernel import codec
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Phase, PhaseDates, Window
from server.pages.organisation import configuration
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.shell import forms, local_times
from server.pages.shell.rendering import confirmed, status_of, submit
from server.pages.shell.visit import Visit

UNREADABLE = "Cette date n’est pas lisible."


async def set_phases(request: Request) -> Response:
    visit = await organiser(request)
    form = await forms.read(request)
    outcome = await submit(visit, form, _command(visit, form))
    if isinstance(outcome, Refused):
        return configuration.page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, f"{desk(visit, 'reglages')}#etapes")


def _command(visit: Visit, form: forms.Form) -> c.SetPhases | c.SetPhase | Refused:
    """« Ouvrir » and « clore » act on one phase and keep its other end, the presets on all; otherwise the fields are
    taken.
    """
    act, _, name = form.get("acte").partition(":")
    phase = next((x for x in Phase if x.value == name), None)
    if act in ("ouvrir", "clore") and phase:
        window = visit.state.phases.get(phase, Window())
        dates = opened(visit.state, [phase], visit.now) if act == "ouvrir" else ()
        known = dates[0] if dates else PhaseDates(phase, window.opens, visit.now if act == "clore" else window.closes)
        return c.SetPhase(phase, known.opens, known.closes)
    if act == "tout-ouvrir":
        return c.SetPhases(opened(visit.state, Phase, visit.now))
    if act == "suivante":
        return _next(visit.state, visit.now)
    return _typed(visit, form)


def _next(state: State, now: str) -> c.SetPhases | Refused:
    phase = following(state, now)
    if phase is None:
        return Refused("phase.last", "La dernière étape est déjà ouverte : il n’y en a pas d’autre à ouvrir.", "dates")
    return c.SetPhases(one_at_a_time(state, phase, now))


def _typed(visit: Visit, form: forms.Form) -> c.SetPhases | Refused:
    found = []
    for phase in Phase:
        ends = {}
        for name in ("opens", "closes"):
            field = f"{name}-{phase.value}"
            try:
                ends[name] = _kept(visit, phase, name, form.values.get(field))
            except local_times.UnreadableDate:
                return Refused("time.malformed", UNREADABLE, field)
        found.append(codec.encode(PhaseDates(phase, **ends)))
    return form.command(c.SetPhases, dates=found)


def _kept(visit: Visit, phase: Phase, name: str, typed: str | None) -> str | None:
    """The instant typed; the known one, to the millisecond, where the field is missing or says the same minute."""
    known: str | None = getattr(visit.state.phases.get(phase, Window()), name)
    same = typed is None or typed.strip() == local_times.to_field(known, visit.timezone)
    return known if same else local_times.from_field(typed or "", visit.timezone)


async def seclude(request: Request) -> Response:
    """Begins drafting in camera, or ends it before its announced instant."""
    visit = await organiser(request)
    form = await forms.read(request)
    outcome = await submit(visit, form, _seclusion(visit, form))
    if isinstance(outcome, Refused):
        return configuration.page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, f"{desk(visit, 'reglages')}#huis-clos")


def _seclusion(visit: Visit, form: forms.Form) -> c.SecludeDrafting | c.PublishDrafting | Refused:
    if visit.state.seclusion is not None:
        return form.command(c.PublishDrafting, reason=form.get("reason"))
    try:
        until = local_times.from_field(form.get("until"), visit.timezone)
    except local_times.UnreadableDate:
        until = None
    return form.command(c.SecludeDrafting, until=until or "", reason=form.get("reason"))


routes = [
    Route("/organisation/{slug}/phases", set_phases, methods=["POST"], name="phases_set"),
    Route("/organisation/{slug}/huis-clos", seclude, methods=["POST"], name="seclusion"),
]
