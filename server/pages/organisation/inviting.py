"""Inviting people, one or two thousand: persons for guests, links for persons, mails, QR codes."""

from __future__ import annotations

import asyncio
import logging
import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import segno
from aiosmtplib import SMTPException
from markupsafe import Markup

from deliberation.congress.people import KNOWN
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from exports import naming
from server.identity.identity import LINK_LIFE
from server.identity.invitations import grouped
from server.identity.mail import Letter, send_links
from server.imports.people import Guest
from server.pages.shell import forms
from server.pages.shell.rendering import submit
from server.pages.shell.visit import Visit

PAPER_LIFE = timedelta(days=30)
"""How long a printed code signs in."""
AT_ONCE = 100
"""People invited in one transaction."""
logger = logging.getLogger("pleniere.mail")


@dataclass(frozen=True)
class Invited:
    """A person with a new sign-in link, shown only on the page that answers; `mailed` says whether it was also sent."""

    person: str
    name: str
    about: str
    url: str
    code: str
    email: str
    mailed: bool

    @property
    def qr(self) -> Markup:
        """The link as a QR code."""
        drawn = segno.make(self.url, error="m", micro=False).svg_inline(border=2, omitsize=True, svgclass="qr")
        return Markup(drawn)  # noqa: S704 - made of squares


async def add(
    visit: Visit, form: forms.Form, guests: Sequence[Guest], role: str
) -> tuple[dict[Guest, str], Refused | None]:
    """The person of each guest, who may be there already; and the refusal that stopped the rest, if one did."""
    known = await asyncio.to_thread(visit.services.identity.invited, visit.slug)
    addresses = {person: each.email for person, each in known.items() if each.email}
    people: dict[Guest, str] = {}
    for start in range(0, len(guests), AT_ONCE):
        part = guests[start : start + AT_ONCE]
        answers = await asyncio.gather(*(_person(visit, form, guest, role, addresses) for guest in part))
        people |= {guest: x for guest, x in zip(part, answers, strict=True) if not isinstance(x, Refused)}
        if refused := next((x for x in answers if isinstance(x, Refused)), None):
            return people, refused
    return people, None


async def _person(
    visit: Visit, form: forms.Form, guest: Guest, role: str, addresses: Mapping[str, str]
) -> str | Refused:
    """The pseudonym of a guest: a new one, or that of the same person (P8), unless the addresses say otherwise."""
    command = form.command(
        c.InvitePerson,
        person_name=guest.name,
        role=role,
        mandate=guest.mandate,
        collectivity=guest.collectivity,
        code=guest.code,
        unless_known=True,
    )
    outcome = await submit(visit, form, command)
    if isinstance(outcome, Refused) and outcome.code != KNOWN:
        return outcome
    person = (
        str(outcome.params["person"])
        if isinstance(outcome, Refused)
        else str(outcome.document.removeprefix(f"{ids.PERSON}-"))
    )
    if guest.email and addresses.get(person, guest.email).casefold() != guest.email.casefold():
        return Refused(
            "person.homonym",
            "« {who} » est déjà dans ce congrès avec une autre adresse de courriel. Si c’est quelqu’un d’autre, "
            "précisez son nom ou sa collectivité.",
            "person_name",
            {"who": guest.name},
        )
    return person


async def make_links(
    visit: Visit, people: Sequence[str], addresses: Mapping[str, str], mail: bool, on_paper: bool = False
) -> list[Invited]:
    """New links for these people, mailed to whom has an address if asked for; their earlier links end."""
    identity = visit.services.identity
    life = PAPER_LIFE if on_paper else LINK_LIFE
    codes = await asyncio.to_thread(identity.make_codes, visit.slug, people, life, addresses)
    known = await asyncio.to_thread(identity.invited, visit.slug)
    letters = [
        Letter(person, known[person].email, _name(visit, person), visit.services.link(code))
        for person, code in codes.items()
        if known[person].email
    ]
    sent = await _mail(visit, letters) if mail else set()
    return [_invited(visit, person, code, known[person].email, person in sent) for person, code in codes.items()]


def _invited(visit: Visit, person: str, code: str, email: str, mailed: bool) -> Invited:
    found = visit.state.people[person]
    about = ", ".join(x for x in (found.mandate, found.collectivity) if x)
    return Invited(person, _name(visit, person), about, visit.services.link(code), grouped(code), email, mailed)


def _name(visit: Visit, person: str) -> str:
    return naming.name_of(visit.state, visit.words, person)


async def _mail(visit: Visit, letters: Sequence[Letter]) -> set[str]:
    """Those whose letter the mail server took; the links of the others are shown all the same."""
    try:
        sent = await send_links(visit.services.settings, visit.settings.title, letters)
    except (SMTPException, smtplib.SMTPException, OSError, ValueError):
        logger.exception("the mail server could not be reached")
        return set()
    if sent:
        await asyncio.to_thread(visit.services.identity.note_mailed, visit.slug, sorted(sent))
    return sent
