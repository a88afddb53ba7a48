"""The page on the site itself: who answers for it, what is kept of whom and how long, how accessible it is, how heavy
its pages are; and the congress's colour and logo.
"""

from __future__ import annotations

import gzip
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.identity import at_night, logo_bytes
from exports import labels
from server.identity.identity import LINK_LIFE, SESSION_LIFE
from server.pages.organisation.inviting import PAPER_LIFE
from server.pages.shell import assets
from server.pages.shell.rendering import common, kept_copy, render, render_text
from server.pages.shell.visit import Visit, arrive

TEMPLATE = "about.html"
LOADED = ("styles", "base")
"""What every page loads beside itself."""
CSS = """:root {{ --accent: {day}; --accent-strong: {day}; --on-accent: #ffffff; }}
@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {night_rules} }} }}
:root[data-theme="dark"] {{ {night_rules} }}
"""
NIGHT = "--accent: {night}; --accent-strong: {night}; --on-accent: #0f1526;"


async def about(request: Request) -> Response:
    visit = await arrive(request)
    if known := kept_copy(visit):
        return known
    context: dict[str, Any] = {
        "identity": visit.settings.identity,
        "organisers": [p for p in visit.state.people.values() if p.role == "organiser" and not p.revoked],
        "conformity": labels.CONFORMITY[visit.settings.identity.conformity],
        "session_days": SESSION_LIFE.days,
        "link_days": LINK_LIFE.days,
        "paper_days": PAPER_LIFE.days,
        "files": 0,
        "weight": 0,
    }
    return render(visit, TEMPLATE, context | _weight(visit, context))


def _weight(visit: Visit, context: dict[str, Any]) -> dict[str, int]:
    """How many files this page loads, and their compressed size in kB, with its own."""
    text = render_text(TEMPLATE, {**common(visit), **context}, visit.words, visit.timezone)
    loaded = assets.files(*LOADED)
    sizes = [len(gzip.compress(assets.content(address))) for address in loaded] + [len(gzip.compress(text.encode()))]
    return {"files": len(sizes), "weight": round(sum(sizes) / 1000)}


async def colours(request: Request) -> Response:
    """The congress's colour as a style sheet, by day and by night."""
    visit = await arrive(request)
    colour = visit.settings.identity.colour
    if not colour:
        raise HTTPException(404)
    night = NIGHT.format(night=at_night(colour))
    return Response(CSS.format(day=colour, night_rules=night), media_type="text/css", headers=_lasting())


async def logo(request: Request) -> Response:
    visit = await arrive(request)
    data = logo_bytes(visit.settings.identity.logo)
    if not data:
        raise HTTPException(404)
    return Response(data, media_type="image/png", headers=_lasting())


def _lasting() -> dict[str, str]:
    """Pages name these files with the size of the record, so that a new one has another address."""
    return {"Cache-Control": "public, max-age=3600"}


routes = [
    Route("/c/{slug}/mentions", about, name="about"),
    Route("/c/{slug}/couleurs.css", colours, name="colours"),
    Route("/c/{slug}/logo.png", logo, name="logo"),
]
