"""When each phase opens and closes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Phase, Window
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.shell import forms, local_times
from server.pages.shell import phases as lines
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit


async def phases(request: Request) -> Response:
    visit = await organiser(request)
    return _page(visit, forms.Form())


async def set_phase(request: Request) -> Response:
    visit = await organiser(request)
    form = await forms.read(request)
    outcome = await submit(visit, form, _command(visit, form))
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, desk(visit, "phases"))


def _command(visit: Visit, form: forms.Form) -> c.SetPhase | Refused:
    """« Ouvrir maintenant » and « clore maintenant » keep the other end; otherwise both fields are taken."""
    ends: dict[str, str | None] = {}
    for field in ("opens", "closes"):
        try:
            ends[field] = local_times.from_field(form.get(field), visit.timezone)
        except local_times.UnreadableDate:
            return Refused("time.malformed", "Cette date n’est pas lisible.", field)
    known = _window(visit.state, form.get("phase"))
    if form.get("acte") == "ouvrir":
        ends = {"opens": visit.now, "closes": known.closes if known.closes and known.closes > visit.now else None}
    elif form.get("acte") == "clore":
        ends = {"opens": known.opens, "closes": visit.now}
    return form.command(c.SetPhase, phase=form.get("phase"), **ends)


async def seclude(request: Request) -> Response:
    """Begins drafting in camera, or ends it before its announced instant."""
    visit = await organiser(request)
    form = await forms.read(request)
    outcome = await submit(visit, form, _seclusion(visit, form))
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, desk(visit, "phases") + "#huis-clos")


def _seclusion(visit: Visit, form: forms.Form) -> c.SecludeDrafting | c.PublishDrafting | Refused:
    if visit.state.seclusion is not None:
        return form.command(c.PublishDrafting, reason=form.get("reason"))
    try:
        until = local_times.from_field(form.get("until"), visit.timezone)
    except local_times.UnreadableDate:
        until = None
    return form.command(c.SecludeDrafting, until=until or "", reason=form.get("reason"))


def _window(state: State, phase: str) -> Window:
    return next((window for key, window in state.phases.items() if key.value == phase), Window())


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    rows = [
        {
            "station": station,
            "opens": local_times.to_field(station.opens, visit.timezone),
            "closes": local_times.to_field(station.closes, visit.timezone),
            "form": form if form.get("phase") == station.phase else forms.Form(),
        }
        for station in lines.line(visit.state, visit.now)
    ]
    context = {
        "rows": rows,
        "form": form,
        "zone": visit.timezone,
        "seclusion": visit.state.seclusion,
        "phases_known": list(Phase),
    }
    return render(visit, "organisation/phases.html", context, status, keep=False)


routes = [
    Route("/organisation/{slug}/phases", phases, methods=["GET"], name="phases"),
    Route("/organisation/{slug}/phases", set_phase, methods=["POST"], name="phase_set"),
    Route("/organisation/{slug}/huis-clos", seclude, methods=["POST"], name="seclusion"),
]
