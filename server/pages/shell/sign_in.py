"""Signing in with a one-time link, and signing out.

The token is in the fragment of the link, so that neither the server's log nor a mail scanner sees it; the page posts
it. Without JavaScript the link is pasted into a field.
"""

from __future__ import annotations

import asyncio
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from deliberation.kernel.errors import Refused
from server.identity.identity import FOUNDING
from server.identity.invitations import typed_code
from server.pages.shell import forms
from server.pages.shell.rendering import render
from server.pages.shell.visit import stray

COOKIE = "pleniere"


async def sign_in(request: Request) -> Response:
    return _page(request, forms.Form())


async def consume(request: Request) -> Response:
    form = await forms.read(request)
    identity = request.app.state.services.identity
    token = token_of(form.get("lien"))
    found = await asyncio.to_thread(identity.consume, token) if token else None
    if found is None:
        return _page(request, forms.Form(refused=_refused(form.get("lien"))), 422)
    slug, person = found
    session = await asyncio.to_thread(identity.open_session, request.cookies.get(COOKIE), slug, person)
    address = "/organisation/nouveau" if slug == FOUNDING else f"/c/{slug}/"
    response = RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
    identity.set_cookie(response, session)
    return response


def token_of(typed: str) -> str:
    """The token of a pasted link, the token alone, or a code as it is printed; "" if there is none."""
    if code := typed_code(typed):
        return code
    token = unquote(typed.strip()).rpartition("#")[2].strip()
    return token if 16 <= len(token) <= 200 and token.isascii() and not token.startswith("http") else ""


def _refused(typed: str) -> Refused:
    if not typed.strip():
        return Refused("link.missing", "Collez ici le lien que vous avez reçu.", "lien")
    return Refused(
        "link.unknown", "Ce lien a déjà servi ou n’est plus valable. Demandez-en un autre à l’organisation.", "lien"
    )


def _page(request: Request, form: forms.Form, status: int = 200) -> Response:
    return render(stray(request), "sign_in.html", {"form": form}, status, keep=False)


async def sign_out(request: Request) -> Response:
    form = await forms.read(request)
    services = request.app.state.services
    identity, session = services.identity, request.cookies.get(COOKIE)
    if session:
        members = await identity.congresses(request)
        await asyncio.to_thread(identity.close_session, session)
        for congress, person in members.items():
            services.cluster.call_in(congress, person)
    slug = form.get("congres")
    address = f"/c/{slug}/" if slug.replace("-", "").isalnum() and slug.isascii() else "/"
    response = RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
    identity.clear_cookie(response)
    return response


routes = [
    Route("/connexion", sign_in, methods=["GET"], name="sign_in"),
    Route("/connexion", consume, methods=["POST"], name="sign_in_consume"),
    Route("/deconnexion", sign_out, methods=["POST"], name="sign_out"),
]
