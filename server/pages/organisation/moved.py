"""Addresses of organisers' pages that have moved: the phases into the settings, texts and votes into the sitting."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.pages.organisation.organisers_only import desk, organiser


async def phases(request: Request) -> Response:
    visit = await organiser(request)
    return RedirectResponse(f"{desk(visit, 'reglages')}#etapes", 301)


async def session(request: Request) -> Response:
    visit = await organiser(request)
    return RedirectResponse(f"{visit.url('seance')}#conduite", 301)


routes = [
    Route("/organisation/{slug}/phases", phases, methods=["GET"], name="phases"),
    Route("/organisation/{slug}/scrutins", session, methods=["GET"], name="session"),
]
