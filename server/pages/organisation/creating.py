"""Creating a congress: by somebody who organises another one on this server, or, on an empty server, by whoever has the
link that the terminal printed. The creator becomes its first organiser.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.people import refuse_name
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Person, State
from deliberation.kernel.vocabulary import PollRule, Role
from server.identity.identity import COOKIE, FOUNDER, FOUNDING
from server.pages.organisation import renewing
from server.pages.organisation.presets import NAMES, PRESETS
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of
from server.pages.shell.visit import stray

FROM_EARLIER = "comme-avant"
"""The choice of the earlier congress's rule."""


@dataclass(frozen=True)
class Creator:
    """`organiser` is None for whoever came by the link for the first congress. `earlier`: the congresses that they
    organise, by address.
    """

    organiser: Person | None
    earlier: Mapping[str, State] = field(default_factory=dict)


async def new(request: Request) -> Response:
    creator = await _creator(request)
    asked = request.query_params.get("apres", "")
    known = creator.earlier.get(asked)
    return _page(request, creator, forms.Form(renewing.values(asked, known) if known else {}))


async def create(request: Request) -> Response:
    creator = await _creator(request)
    form = await forms.read(request)
    services = request.app.state.services
    command, invite = _command(services, creator, form), _invitation(creator, form)
    refused = next((x for x in (command, invite) if isinstance(x, Refused)), None)
    if isinstance(command, Refused) or isinstance(invite, Refused):
        assert refused is not None
        return _page(request, creator, form.answered(refused), status_of(refused))
    session = request.cookies.get(COOKIE)
    if creator.organiser is None and not await asyncio.to_thread(services.identity.take_founding, session):
        raise HTTPException(401)  # the right was used by another request of this browser meanwhile
    outcome = await _send(services, form, command.slug, command)
    if isinstance(outcome, Refused):
        if creator.organiser is None:
            session = await asyncio.to_thread(services.identity.open_session, session, FOUNDING, FOUNDER)
        response = _page(request, creator, form.answered(outcome), status_of(outcome))
        services.identity.set_cookie(response, session)
        return response
    await renewing.take_over(services, creator.earlier.get(form.get("apres")), form, command.slug)
    return await _enter(request, form, command.slug, invite)


async def _creator(request: Request) -> Creator:
    """Who may create a congress in this browser; 401 or 403 for others."""
    services = request.app.state.services
    members: dict[str, str] = await services.identity.congresses(request)
    organised: dict[str, State] = {}
    organiser: Person | None = None
    for slug, id_ in members.items():
        state = await services.write_queue.state(slug)
        person: Person | None = state.people.get(id_) if state else None
        if person and person.role is Role.ORGANISER and not person.revoked:
            organiser = organiser or person
            organised[slug] = state
    if organiser:
        return Creator(organiser, organised)
    if await services.identity.is_founder(request) and not await services.count_congresses():
        return Creator(None)
    raise HTTPException(403 if members else 401)


def _command(services: Any, creator: Creator, form: forms.Form) -> c.CreateCongress | Refused:
    slug = form.get("slug").strip() or address_of(form.get("title"))
    if not ids.SLUG.fullmatch(slug):
        return Refused(
            "congress.bad_slug", "L’adresse ne peut contenir que des minuscules, des chiffres et des tirets.", "slug"
        )
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
        rule=forms.plain(_rule(creator, form)),
    )


def address_of(title: str) -> str:
    """An address made of the words of a title; "" if nothing of it can stand in one."""
    plain = "".join(
        x
        for x in unicodedata.normalize("NFKD", title.lower().replace("œ", "oe").replace("æ", "ae"))
        if not unicodedata.combining(x)
    )
    return re.sub("[^a-z0-9]+", "-", plain)[:60].strip("-")


def _rule(creator: Creator, form: forms.Form) -> PollRule:
    earlier = creator.earlier.get(form.get("apres"))
    if earlier and form.get("preset") == FROM_EARLIER:
        return renewing.rule_of(earlier)
    return PRESETS.get(form.get("preset"), PRESETS["simple"])


def _invitation(creator: Creator, form: forms.Form) -> c.InvitePerson | Refused:
    """The first organiser: the one of another congress, or who the form names."""
    if known := creator.organiser:
        return c.InvitePerson(known.name, Role.ORGANISER, known.mandate, known.collectivity, known.code)
    named = c.InvitePerson(form.get("person_name"), Role.ORGANISER, form.get("mandate"), form.get("collectivity"))
    return refuse_name(named) or named


async def _send(services: Any, form: forms.Form, slug: str, command: c.Command) -> Any:
    return await services.write_queue.submit(c.Request(form.command_id(command), slug, ids.CONGRESS, command))


async def _enter(request: Request, form: forms.Form, slug: str, invite: c.InvitePerson) -> Response:
    """Makes the creator the first organiser of the new congress, in the same browser session."""
    services = request.app.state.services
    outcome = await _send(services, form, slug, invite)
    assert not isinstance(outcome, Refused), outcome
    person = outcome.document.removeprefix(f"{ids.PERSON}-")
    session = await asyncio.to_thread(services.identity.open_session, request.cookies.get(COOKIE), slug, person)
    response = confirmed(outcome, f"/organisation/{slug}/reglages")
    response.headers["Cache-Control"] = "no-store"
    services.identity.set_cookie(response, session)
    return response


def _page(request: Request, creator: Creator, form: forms.Form, status: int = 200) -> Response:
    visit = stray(request)
    earlier = [(slug, state.settings.title) for slug, state in creator.earlier.items() if state.settings]
    known = creator.earlier.get(form.get("apres"))
    kept = [(FROM_EARLIER, visit.words("La règle du congrès d’avant"))] if known else []
    context = {
        "form": form,
        "presets": kept + [(key, visit.words(name)) for key, name in NAMES.items()],
        "members": True,
        "first": creator.organiser is None,
        "earlier": earlier,
        "motions": [("", visit.words("Aucune")), *renewing.choices(known)] if known else [],
    }
    return render(visit, "organisation/create.html", context, status, keep=False)


routes = [
    Route("/organisation/nouveau", new, methods=["GET"], name="congress_form"),
    Route("/organisation/nouveau", create, methods=["POST"], name="congress_create"),
]
