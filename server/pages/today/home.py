"""The site's first page with its congresses; and the visitor's choice of language and theme."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from deliberation.kernel.state import State
from deliberation.visibility.views import public_view
from exports.translations import load
from server.pages.shell import phases
from server.pages.shell.rendering import render
from server.pages.shell.visit import THEME_COOKIE, THEMES, Visit, stray
from server.web.languages import COOKIE

YEAR = 365 * 24 * 3600


async def home(request: Request) -> Response:
    visit = stray(request)
    members: dict[str, str] = await visit.services.identity.congresses(request)
    listed = [_listed(visit, slug, state) for slug, state in await _states(visit)]
    founder = not listed and await visit.services.identity.is_founder(request)
    return render(visit, "home.html", {"congresses": listed, "members": members, "founder": founder}, keep=False)


async def _states(visit: Visit) -> list[tuple[str, State]]:
    slugs = await asyncio.to_thread(visit.services.store.congresses)
    states = [(slug, await visit.services.write_queue.state(slug)) for slug in slugs]
    found = [(slug, public_view(state)) for slug, state in states if state is not None and state.settings is not None]
    return sorted(found, key=lambda item: item[1].settings.created if item[1].settings else "", reverse=True)


def _listed(visit: Visit, slug: str, state: State) -> dict[str, object]:
    opened = [station.phase for station in phases.line(state, visit.now) if station.status == "open"]
    published = sum(t.status == "published" for t in state.testimonies.values())
    return {"slug": slug, "settings": state.settings, "open": opened, "testimonies": published, "state": state}


async def choose_language(request: Request) -> Response:
    lang = request.path_params["lang"]
    if lang not in load():
        raise HTTPException(404)
    return _remember(request, COOKIE, lang)


async def choose_theme(request: Request) -> Response:
    theme = request.path_params["theme"]
    if theme not in {*THEMES, "auto"}:
        raise HTTPException(404)
    return _remember(request, THEME_COOKIE, theme)


def _remember(request: Request, cookie: str, value: str) -> Response:
    response = RedirectResponse(way_back(request.query_params.get("retour", "/")), 303)
    response.set_cookie(cookie, value, max_age=YEAR, path="/", samesite="lax", secure=request.url.scheme == "https")
    response.headers["Cache-Control"] = "no-store"
    return response


def way_back(address: str) -> str:
    r"""An address of this site; the first page for others, as browsers take `//`, `///` and `/\` for addresses of other
    sites.
    """
    local = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if local else "/"


routes = [
    Route("/", home, name="home"),
    Route("/langue/{lang}", choose_language, name="language"),
    Route("/apparence/{theme}", choose_theme, name="theme"),
]
