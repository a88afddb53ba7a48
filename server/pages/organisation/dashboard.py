"""The congresses that somebody organises; and the requests to one that came too fast."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Role
from deliberation.visibility.views import view_of
from exports.translations import N_
from server.pages.shell.rendering import render
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


def floods(visit: Visit) -> list[dict[str, Any]]:
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


routes = [
    Route("/organisation/", congresses, name="organisation"),
]
