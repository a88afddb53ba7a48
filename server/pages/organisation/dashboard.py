"""The dashboard: what organisers have to do."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from deliberation.congress.people import electorate
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Role
from deliberation.visibility.views import view_of
from exports.translations import N_
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.organisation.safekeeping import safekeeping
from server.pages.shell import forms, phases
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, stray
from server.web.limits import LimitKind

FLOODS = {
    LimitKind.TESTIMONY: N_("Témoignages"),
    LimitKind.BALLOT: N_("Votes"),
    LimitKind.ACT: N_("Autres envois"),
    LimitKind.SOCKET: N_("Connexions à un texte partagé"),
    LimitKind.FRAMES: N_("Frappes dans un texte partagé, par une voie de secours"),
    LimitKind.SEARCH: N_("Recherches"),
    LimitKind.EXPORT: N_("Téléchargements de la restitution"),
    LimitKind.SIGN_IN: N_("Essais de connexion"),
    LimitKind.UPLOAD: N_("Fichiers importés"),
}


async def congresses(request: Request) -> Response:
    """Every congress that is organised from this browser."""
    visit = stray(request)
    members: dict[str, str] = await visit.services.identity.congresses(request)
    if not members and await visit.services.identity.is_founder(request):
        return RedirectResponse("/organisation/nouveau", 303)
    if not members:
        raise HTTPException(401)
    states = [(slug, await visit.services.write_queue.state(slug), person) for slug, person in members.items()]
    own = [(slug, view_of(state, person)) for slug, state, person in states if _organises(state, person)]
    if not own:
        raise HTTPException(403)
    return render(visit, "organisation/congresses.html", {"congresses": own, "members": members}, keep=False)


def _organises(state: State | None, person: str) -> bool:
    found = state.people.get(person) if state else None
    return found is not None and found.role is Role.ORGANISER and not found.revoked


async def dashboard(request: Request) -> Response:
    visit = await organiser(request)
    return await _page(visit, forms.Form())


async def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    """The dashboard, with the answer to `form`."""
    kept = await safekeeping(visit)
    context = {**_waiting(visit), "form": form, "safekeeping": kept}
    return render(visit, "organisation/dashboard.html", context, status, keep=False)


def _waiting(visit: Visit) -> dict[str, Any]:
    state = visit.state
    return {
        "pending": sum(t.status == "pending" for t in state.testimonies.values()),
        "tabled": sum(a.status == "tabled" for a in state.amendments.values()),
        "admitted": sum(a.status == "admitted" for a in state.amendments.values()),
        "open_polls": sum(p.is_open for p in state.polls.values()),
        "proposals": sum(r.status == "proposed" for r in state.redactions.values()),
        "elus": len(electorate(state.people.values())),
        "stations": phases.line(state, visit.now),
        "floods": _floods(visit),
    }


def _floods(visit: Visit) -> list[dict[str, Any]]:
    """Requests refused recently by rate limits: their kind, how many, from how many senders, minutes since the
    last.
    """
    return [
        {
            "what": visit.words(FLOODS[flood.kind]),
            "refused": flood.refused,
            "askers": flood.askers,
            "minutes": int(ago // 60),
            "testimonies": flood.kind is LimitKind.TESTIMONY,
        }
        for flood, ago in visit.services.admission.floods(visit.slug)
    ]


async def set_clock(request: Request) -> Response:
    """Accepts the machine's clock again, or sets the record back to it."""
    visit = await organiser(request)
    form = await forms.read(request)
    if form.get("acte") == "suivre":
        visit.services.clock.follow()
        visit.services.scheduler.look()
        return RedirectResponse(desk(visit), 303)
    command = form.command(c.CorrectClock, ahead=form.get("avance"), reason=form.get("reason"))
    outcome = await submit(visit, form, command)
    if isinstance(outcome, Refused):
        return await _page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, desk(visit))


routes = [
    Route("/organisation/", congresses, name="organisation"),
    Route("/organisation/{slug}/", dashboard, methods=["GET"], name="dashboard"),
    Route("/organisation/{slug}/horloge", set_clock, methods=["POST"], name="clock"),
]
