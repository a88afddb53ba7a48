"""Creating a congress, by somebody who organises another one on this server and becomes its first organiser."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Person
from deliberation.kernel.vocabulary import Role
from server.pages.organisation.presets import NAMES, PRESETS
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of
from server.pages.shell.visit import stray

COOKIE = "pleniere"


async def new(request: Request) -> Response:
    await _organiser(request)
    return _page(request, forms.Form())


async def create(request: Request) -> Response:
    organiser = await _organiser(request)
    form = await forms.read(request)
    slug = form.get("slug").strip()
    services = request.app.state.services
    if not ids.SLUG.fullmatch(slug):
        refused = Refused(
            "congress.bad_slug", "L’adresse ne peut contenir que des minuscules, des chiffres et des tirets.", "slug"
        )
        return _page(request, form.answered(refused), 422)
    outcome = await _send(services, form, slug, _command(services, form, slug))
    if isinstance(outcome, Refused):
        return _page(request, form.answered(outcome), status_of(outcome))
    return await _enter(request, form, slug, organiser)


async def _organiser(request: Request) -> Person:
    """The organiser of any congress of this server in this browser; 401 or 403 otherwise."""
    services = request.app.state.services
    members: dict[str, str] = await services.identity.congresses(request)
    for slug, id_ in members.items():
        state = await services.write_queue.state(slug)
        person: Person | None = state.people.get(id_) if state else None
        if person and person.role is Role.ORGANISER and not person.revoked:
            return person
    raise HTTPException(403 if members else 401)


def _command(services: Any, form: forms.Form, slug: str) -> c.CreateCongress | Refused:
    return form.command(
        c.CreateCongress,
        slug=slug,
        title=form.get("title"),
        origin=services.settings.record_origin(slug),
        description=form.get("description"),
        place=form.get("place"),
        fictional=form.get("fictional") == "oui",
        visitors_may_testify=form.get("visitors_may_testify") == "oui",
        cosignatures=forms.whole_number(form, "cosignatures", 0),
        rule=forms.plain(PRESETS.get(form.get("preset"), PRESETS["simple"])),
    )


async def _send(services: Any, form: forms.Form, slug: str, command: c.Command | Refused) -> Any:
    if isinstance(command, Refused):
        return command
    return await services.write_queue.submit(c.Request(form.command_id(command), slug, ids.CONGRESS, command))


async def _enter(request: Request, form: forms.Form, slug: str, organiser: Person) -> Response:
    """Makes the creator the first organiser of the new congress, in the same browser session."""
    services = request.app.state.services
    invite = c.InvitePerson(organiser.name, Role.ORGANISER, organiser.mandate, organiser.collectivity, organiser.code)
    outcome = await _send(services, form, slug, invite)
    assert not isinstance(outcome, Refused), outcome
    person = outcome.document.removeprefix(f"{ids.PERSON}-")
    session = await asyncio.to_thread(services.identity.open_session, request.cookies.get(COOKIE), slug, person)
    response = confirmed(outcome, f"/organisation/{slug}/phases")
    response.headers["Cache-Control"] = "no-store"
    services.identity.set_cookie(response, session)
    return response


def _page(request: Request, form: forms.Form, status: int = 200) -> Response:
    visit = stray(request)
    presets = [(key, visit.words(name)) for key, name in NAMES.items()]
    return render(
        visit, "organisation/create.html", {"form": form, "presets": presets, "members": True}, status, keep=False
    )


routes = [
    Route("/organisation/nouveau", new, methods=["GET"], name="congress_form"),
    Route("/organisation/nouveau", create, methods=["POST"], name="congress_create"),
]
