"""Error pages: in plain words, in the visitor's language, with a way back."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from exports.translations import N_
from server.pages.shell import forms
from server.pages.shell.rendering import common, refusal_text, render_text
from server.pages.shell.visit import Visit, arrive_at, known, language
from server.realtime.storage import Unavailable
from server.store.database import is_passing
from server.web.admission import refusal
from server.web.guard import HEADERS
from server.writing.queue import UNAVAILABLE

TITLES = {
    400: N_("Cette demande n’est pas lisible"),
    401: N_("Connectez-vous"),
    403: N_("Cette page n’est pas pour vous"),
    404: N_("Cette page n’existe pas"),
    405: N_("Cela ne se fait pas ainsi"),
    409: N_("Ce n’est plus possible"),
    413: N_("Cet envoi est trop volumineux"),
    415: N_("Cette demande n’est pas lisible"),
    422: N_("Cette demande n’est pas complète"),
    429: N_("Trop de demandes à la fois"),
    500: N_("Quelque chose a échoué de notre côté"),
    503: N_("Le service reprend dans un instant"),
}
MESSAGES = {
    400: N_("Revenez à la page précédente : votre texte y est encore. Si cela se répète, prévenez l’organisation."),
    401: N_("Ouvrez le lien personnel que l’organisation vous a envoyé."),
    403: N_("Connectez-vous avec votre lien personnel, ou demandez à l’organisation si votre rôle le permet."),
    404: N_("L’adresse est peut-être incomplète, ou ce contenu n’existe pas dans ce congrès."),
    405: N_("Revenez à la page précédente et utilisez ses boutons."),
    409: N_("Quelqu’un a agi entre-temps. Revenez à la page précédente et rechargez-la."),
    413: N_("Raccourcissez le texte, ou coupez le fichier en plusieurs parties ; rien n’a été enregistré."),
    415: N_("Revenez à la page précédente et utilisez ses formulaires."),
    422: N_("Revenez à la page précédente et complétez le formulaire."),
    429: N_("Attendez une minute, puis réessayez."),
    500: N_("Ce que le registre a confirmé est conservé. Réessayez ; si cela se répète, prévenez l’organisation."),
    503: N_("Réessayez dans un instant."),
}
AGAIN = {"Retry-After": "5"}
logger = logging.getLogger("pleniere.pages")


CONGRESS = re.compile(r"/(?:c|organisation)/([^/]+)/")
"""The addresses of a congress's pages, with its name in the first group."""


async def on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kept = await forms.written(request) if error.status_code >= 400 else []
    visit = await _visit(request) if error.status_code >= 400 else None
    return error_page(request, error.status_code, headers=error.headers, kept=kept, visit=visit)


async def _visit(request: Request) -> Visit:
    """The visit whose frame an error page has: of the congress that the address names, if there is one."""
    try:
        return await arrive_at(request, _slug(request))
    except (HTTPException, SQLAlchemyError, Unavailable):
        return known(request, _slug(request))


def _slug(request: Request) -> str:
    found = CONGRESS.match(request.scope["path"])
    return found[1] if found else ""


async def on_gone(request: Request, error: Exception) -> Response:
    """The client went away while sending: nobody reads this response, and nothing has failed."""
    return Response(status_code=400)


async def on_database_error(request: Request, error: Exception) -> Response:
    """While the database cannot be used: says so, and shows what was being written."""
    if not (isinstance(error, Unavailable) or is_passing(error)):
        raise error
    logger.error("the database cannot be used: %s", error)  # the parameters are hidden
    return error_page(request, 503, UNAVAILABLE.message, AGAIN, await forms.written(request))


async def on_failure(request: Request, error: Exception) -> Response:
    """Any other exception. It runs outside the middleware that adds headers to other responses."""
    return error_page(request, 500, headers=HEADERS, kept=forms.kept_words(request))


async def too_many(request: Request, wait: int) -> Response:
    """429: when to try again, with what was being written."""
    why = refusal_text(refusal(wait), language(request), "Europe/Paris")
    return error_page(request, 429, why, {"Retry-After": str(wait)}, await forms.written(request))


def error_page(
    request: Request,
    status: int,
    why: str = "",
    headers: Mapping[str, str] | None = None,
    kept: Sequence[str] = (),
    visit: Visit | None = None,
) -> Response:
    """The page, or JSON for programs. `why` replaces the usual message; `kept` is what was being written.

    `visit` is the visit whose frame the page has. Without one it is a visitor's, from what this process has in memory.
    """
    if 300 <= status < 400 or status in (204, 304):
        return Response(status_code=status, headers=dict(headers or {}))
    words = language(request)
    title = words(TITLES.get(status, TITLES[400 if status < 500 else 500]))
    message = words(why or MESSAGES.get(status, MESSAGES[400 if status < 500 else 500]))
    sent = {**(headers or {}), "Cache-Control": "no-store"}
    if request.scope["path"].startswith("/api/"):
        return JSONResponse({"code": f"http.{status}", "message": f"{title}. {message}"}, status, headers=sent)
    visit = visit or known(request, _slug(request))
    context: dict[str, Any] = {"title": title, "message": message, "status": status, "kept": kept, "why": ""}
    text = render_text("error.html", common(visit) | context, words, visit.timezone)
    return Response(text, status, media_type="text/html; charset=utf-8", headers=sent)


exception_handlers: Mapping[Any, Any] = {
    HTTPException: on_http_error,
    ClientDisconnect: on_gone,
    SQLAlchemyError: on_database_error,
    Unavailable: on_database_error,
    Exception: on_failure,
}
