"""`invite`, `token`: sign-in links and access tokens."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from aiosmtplib import SMTPException

from deliberation.congress.people import known_as
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Person, State
from deliberation.kernel.vocabulary import Role
from server.command_line.terminal import Stop, run, say, say_json, state_of, submit
from server.identity.mail import send_link
from server.imports.people import Guest, elector, refuse_address
from server.imports.people import read as read_people
from server.imports.places import locate_guests, note
from server.services import Services
from server.settings import ServerSettings


def add_to(commands: Any) -> None:
    invite = commands.add_parser("invite", help="inviter des personnes et obtenir leurs liens de connexion")
    invite.add_argument("slug", metavar="SLUG")
    invite.add_argument("--role", choices=[role.value for role in Role], required=True)
    invite.add_argument(
        "--csv",
        type=Path,
        metavar="FICHIER",
        help="colonnes nom, courriel, mandat, collectivité, code, voix, population",
    )
    invite.add_argument("--name", help="nom de la personne")
    invite.add_argument("--email", default="", help="adresse où le lien est envoyé quand SMTP est réglé")
    invite.add_argument("--mandate", default="", help="mandat, par exemple « maire »")
    invite.add_argument("--collectivity", default="", help="collectivité, par exemple « Saint-Aubin »")
    invite.add_argument("--json", action="store_true", help="une liste d’objets {name, role, url, person}")
    invite.set_defaults(run=run_invite)
    token = commands.add_parser("token", help="créer des jetons d’accès pour des programmes")
    token.add_argument("slug", metavar="SLUG")
    token.add_argument("--person", metavar="P", help="une personne, par exemple p12")
    token.add_argument("--role", choices=[role.value for role in Role], help="toutes les personnes de ce rôle")
    token.add_argument(
        "--revoke", action="store_true", help="retirer tous les accès de ces personnes au lieu d’en créer"
    )
    token.add_argument("--json", action="store_true", help="une liste d’objets {person, name, role, token}")
    token.set_defaults(run=run_token)


def run_invite(asked: argparse.Namespace, settings: ServerSettings) -> int:
    async def work(services: Services) -> int:
        await state_of(services, asked.slug)
        (guests, doubts), role = _located(services, _guests(asked)), Role(asked.role)
        if doubts:
            print(f"pleniere : {note(doubts)}", file=sys.stderr)
        said = [await _invite(services, asked.slug, role, guest) for guest in guests]
        found = [elector(guest, person["person"]) for guest, person in zip(guests, said, strict=True)]
        electors = tuple(x for x in found if x is not None)
        if electors and role is Role.ELU:
            await submit(services, asked.slug, c.RegisterElectors(electors))
        if asked.json:
            say_json(said)
        else:
            for person in said:
                say(f"{person['name']} : {person['url']}")
        return 0

    return run(settings, work)


def _guests(asked: argparse.Namespace) -> tuple[Guest, ...]:
    if not asked.csv:
        if not asked.name:
            raise Stop("donnez --name ou --csv")
        guest = Guest(asked.name, asked.email, asked.mandate, asked.collectivity)
        if refused := refuse_address([guest]):
            raise Stop(str(refused))
        return (guest,)
    try:
        read = read_people(asked.csv.read_bytes())
    except OSError as error:
        raise Stop(f"{asked.csv} : {error.strerror}") from error
    if isinstance(read, Refused):
        raise Stop(f"{asked.csv} : {read}")
    return read


def _located(services: Services, guests: tuple[Guest, ...]) -> tuple[tuple[Guest, ...], tuple[str, ...]]:
    """The guests with their places understood, and the doubtful places."""
    if not any(guest.collectivity or guest.code for guest in guests):
        return guests, ()
    places = services.territories.readable()
    return locate_guests(places, guests) if places else (guests, ())


async def _invite(services: Services, slug: str, role: Role, guest: Guest) -> dict[str, str]:
    person = await _person(services, slug, role, guest)
    token = await asyncio.to_thread(services.identity.make_link, slug, person, guest.email)
    url = services.link(token)
    if guest.email:
        await _mail(services, slug, guest, url)
    return {"person": person, "name": guest.name, "role": role.value, "url": url}


async def _person(services: Services, slug: str, role: Role, guest: Guest) -> str:
    """The pseudonym of the guest: a new one, or that of the same person, who is there already (P8)."""
    invite = c.InvitePerson(guest.name, role, guest.mandate, guest.collectivity, guest.code, unless_known=True)
    known = known_as(await state_of(services, slug), invite)
    if known is None:
        return (await submit(services, slug, invite)).document.removeprefix("personne-")
    email = await asyncio.to_thread(services.identity.email, slug, known.id)
    if guest.email and email and email.casefold() != guest.email.casefold():
        raise Stop(
            f"{guest.name} est déjà dans ce congrès avec une autre adresse ; précisez son nom ou sa collectivité"
        )
    return known.id


async def _mail(services: Services, slug: str, guest: Guest, url: str) -> None:
    """Sends the link if SMTP is configured; a failure is reported, and the link is printed all the same."""
    settings = (await state_of(services, slug)).settings
    assert settings is not None
    try:
        await send_link(services.settings, guest.email, guest.name, settings.title, url)
    except (SMTPException, OSError) as error:
        print(f"{guest.name} : le message n’est pas parti ({error})", file=sys.stderr)


def run_token(asked: argparse.Namespace, settings: ServerSettings) -> int:
    async def work(services: Services) -> int:
        people = _chosen(await state_of(services, asked.slug), asked.person, asked.role)
        said = []
        for person in people:
            if asked.revoke:
                await asyncio.to_thread(services.identity.end_access, asked.slug, person.id)
                continue
            token = await asyncio.to_thread(services.identity.make_token, asked.slug, person.id)
            said.append({"person": person.id, "name": person.name, "role": person.role.value, "token": token})
        if asked.json:
            say_json(said)
        else:
            for row in said:
                say(f"{row['person']} {row['name']} : {row['token']}")
        return 0

    return run(settings, work)


def _chosen(state: State, person: str | None, role: str | None) -> list[Person]:
    standing = [p for p in state.people.values() if not p.revoked]
    chosen = [p for p in standing if person in (None, p.id) and role in (None, p.role.value)]
    if not chosen:
        raise Stop("personne ne correspond")
    return chosen
