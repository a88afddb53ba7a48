"""Invitations: one person or a table of them, their sign-in links, corrections, revocations."""

from __future__ import annotations

import asyncio
import logging
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiosmtplib import SMTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import codec, ids
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import Elector, Role
from exports import labels, naming
from exports.translations import N_
from server.identity.mail import send_link
from server.imports.people import Guest, elector, refuse_address
from server.imports.people import read as read_people
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, again

MOST_AT_ONCE = 2_000
logger = logging.getLogger("pleniere.mail")
TOO_MANY = N_("Ce tableau compte plus de {limit} personnes : coupez-le.")


@dataclass(frozen=True)
class Invited:
    """A new sign-in link, shown only on the page that answers; `mailed` says whether it was also sent."""

    person: str
    name: str
    url: str
    email: str
    mailed: bool


async def people(request: Request) -> Response:
    return _page(await organiser(request), forms.Form())


async def act(request: Request) -> Response:
    visit = await organiser(request)
    form = await forms.read(request, forms.UPLOAD_LIMIT)
    acts = {"lien": _link, "corriger": _correct, "retirer": _revoke, "tableau": _table}
    return await acts.get(form.get("acte"), _invite)(visit, form)


async def _invite(visit: Visit, form: forms.Form) -> Response:
    guest = Guest(
        form.get("person_name"),
        form.get("email").strip(),
        form.get("mandate"),
        form.get("collectivity"),
        form.get("code"),
    )
    invited = refuse_address([guest]) or await _add(visit, form, guest, form.get("role"))
    if isinstance(invited, Refused):
        return _page(visit, form.answered(invited), status=status_of(invited))
    return _page(await again(visit), forms.Form(), invited=[invited])


async def _table(visit: Visit, form: forms.Form) -> Response:
    guests = read_people(form.files.get("file", b""))
    if not isinstance(guests, Refused) and len(guests) > MOST_AT_ONCE:
        guests = Refused("import.too_many", TOO_MANY, "file", {"limit": MOST_AT_ONCE})
    if isinstance(guests, Refused):
        return _page(visit, form.answered(replace(guests, field="file")), status=422)
    invited: list[Invited] = []
    stopped: Refused | None = None
    for guest in guests:
        outcome = await _add(visit, form, guest, form.get("role"))
        if isinstance(outcome, Refused):
            stopped = outcome
            break
        invited.append(outcome)
    registered = await _register(visit, form, [elector(g, x.person) for g, x in zip(guests, invited, strict=False)])
    refused = stopped or registered
    if refused:
        return _page(await again(visit), form.answered(replace(refused, field="file")), invited, status_of(refused))
    return _page(await again(visit), forms.Form(), invited)


async def _register(visit: Visit, form: forms.Form, found: Sequence[Elector | None]) -> Refused | None:
    """Registers the weights and populations that the table gives for the élus whom it invites."""
    electors = [codec.encode(x) for x in found if x is not None]
    if not electors or form.get("role") != Role.ELU:
        return None
    outcome = await submit(visit, forms.Form(), form.command(c.RegisterElectors, electors=electors))
    return outcome if isinstance(outcome, Refused) else None


async def _add(visit: Visit, form: forms.Form, guest: Guest, role: str) -> Invited | Refused:
    command = form.command(
        c.InvitePerson,
        person_name=guest.name,
        role=role,
        mandate=guest.mandate,
        collectivity=guest.collectivity,
        code=guest.code,
    )
    outcome = await submit(visit, form, command)
    if isinstance(outcome, Refused):
        return outcome
    return await _make_link(visit, outcome.document.removeprefix(f"{ids.PERSON}-"), guest.name, guest.email)


async def _make_link(visit: Visit, person: str, name: str, email: str) -> Invited:
    token = await asyncio.to_thread(visit.services.identity.make_link, visit.slug, person, email)
    url = visit.services.link(token)
    return Invited(person, name, url, email, await _mail(visit, name, email, url) if email else False)


async def _mail(visit: Visit, name: str, email: str, url: str) -> bool:
    """Whether the mail server took it; if not, the link is shown all the same."""
    try:
        return await send_link(visit.services.settings, email, name, visit.settings.title, url)
    except (SMTPException, smtplib.SMTPException, OSError, ValueError):
        logger.exception("a sign-in link could not be mailed")
        return False


async def _link(visit: Visit, form: forms.Form) -> Response:
    """A new link for somebody who lost theirs."""
    person = visit.state.people.get(form.get("person"))
    if person is None or person.revoked:
        refused = Refused("person.not_found", "Cette personne n’est pas dans ce congrès.", "person")
        return _page(visit, form.answered(refused), status=404)
    email = await asyncio.to_thread(visit.services.identity.email, visit.slug, person.id)
    invited = await _make_link(visit, person.id, naming.name_of(visit.state, visit.words, person.id), email)
    return _page(visit, forms.Form(), invited=[invited])


async def _correct(visit: Visit, form: forms.Form) -> Response:
    fields = {name: form.get(name) for name in ("person", "person_name", "mandate", "collectivity", "code")}
    outcome = await submit(visit, form, form.command(c.CorrectPerson, **fields))
    return _answer(visit, form, outcome)


async def _revoke(visit: Visit, form: forms.Form) -> Response:
    command = form.command(c.RevokePerson, person=form.get("person"), reason=form.get("reason"))
    return _answer(visit, form, await submit(visit, form, command))


def _answer(visit: Visit, form: forms.Form, outcome: object) -> Response:
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status=status_of(outcome))
    return confirmed(outcome, desk(visit, "personnes"))


def _page(visit: Visit, form: forms.Form, invited: list[Invited] | None = None, status: int = 200) -> Response:
    context = {
        "form": form,
        "forms_of": lambda act, person="": (
            form if form.get("acte") == act and form.get("person") == person else forms.Form()
        ),
        "invited": invited or [],
        "people": list(visit.state.people.values()),
        "roles": [(role.value, visit.words(labels.ROLES[role])) for role in Role],
        "mails": bool(visit.services.settings.smtp_host),
    }
    return render(visit, "organisation/people.html", context, status, keep=False)


routes = [
    Route("/organisation/{slug}/personnes", people, methods=["GET"], name="invitations"),
    Route("/organisation/{slug}/personnes", act, methods=["POST"], name="invite"),
]
