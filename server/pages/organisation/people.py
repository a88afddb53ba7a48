"""The people of a congress: invited one by one or from a table, searched, corrected, invited again, on paper too."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.people import folded
from deliberation.kernel import codec
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Person
from deliberation.kernel.vocabulary import Elector, Role
from exports import labels
from exports.translations import N_
from server.identity.invitations import Invitation
from server.imports.people import Guest, elector, refuse_address
from server.imports.people import read as read_people
from server.imports.places import locate_guests
from server.pages.organisation.inviting import Invited, add, make_links
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.shell import forms
from server.pages.shell.paging import page_of
from server.pages.shell.places import TypedPlace, read_place
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, again

MOST_AT_ONCE = 2_000
PER_PAGE = 100
TOO_MANY = N_("Ce tableau compte plus de {limit} personnes : coupez-le.")
NOBODY = Refused("person.none_chosen", "Cette recherche ne trouve personne à inviter.", "q")
STATES = {
    "": N_("Toutes"),
    "attendues": N_("Pas encore venues"),
    "venues": N_("Déjà venues"),
    "sans-lien": N_("Sans lien valable"),
}
PAPER = {"billets": False, "feuilles": True}
"""Acts that answer with slips to print: whether each person has a page of their own."""


@dataclass(frozen=True)
class Search:
    """Which people the list shows: words of their name, mandate or collectivity, a role, a state of the invitation."""

    words: str = ""
    role: str = ""
    state: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Search:
        return cls(query.get("q", "")[:100].strip(), query.get("role", "")[:20], query.get("etat", "")[:20])

    @property
    def query(self) -> dict[str, str]:
        given = {"q": self.words, "role": self.role, "etat": self.state}
        return {name: value for name, value in given.items() if value}

    def matches(self, person: Person, invitation: Invitation) -> bool:
        said = folded(f"{person.name} {person.mandate} {person.collectivity}")
        return (
            folded(self.words) in said
            and self.role in ("", person.role)
            and (self.state in ("", _state(invitation)) or (self.state == "attendues" and not invitation.came))
        )


def _state(invitation: Invitation) -> str:
    if invitation.came:
        return "venues"
    return "attendues" if invitation.expires else "sans-lien"


async def people(request: Request) -> Response:
    return await _page(await organiser(request), forms.Form())


async def act(request: Request) -> Response:
    visit = await organiser(request)
    form = await forms.read(request, forms.UPLOAD_LIMIT)
    acts = {"lien": _link, "corriger": _correct, "retirer": _revoke, "tableau": _table}
    several = form.get("acte") in ("liens", "courriels", *PAPER)
    return await (_several if several else acts.get(form.get("acte"), _invite))(visit, form)


async def _invite(visit: Visit, form: forms.Form) -> Response:
    place = await read_place(visit.services, form, "collectivity")
    if isinstance(place, Refused):
        return await _page(visit, form.answered(place), status=422)
    guest = Guest(
        form.get("person_name"),
        form.get("email").strip(),
        form.get("mandate"),
        place.name,
        place.code or form.get("code"),
    )
    refused = refuse_address([guest])
    found, refused = ({}, refused) if refused else await add(visit, form, [guest], form.get("role"))
    if refused:
        return await _page(visit, form.answered(refused), status=status_of(refused))
    return await _answered(visit, forms.Form(), found)


async def _table(visit: Visit, form: forms.Form) -> Response:
    guests = read_people(form.files.get("file", b""))
    if not isinstance(guests, Refused) and len(guests) > MOST_AT_ONCE:
        guests = Refused("import.too_many", TOO_MANY, "file", {"limit": MOST_AT_ONCE})
    if isinstance(guests, Refused):
        return await _page(visit, form.answered(replace(guests, field="file")), status=422)
    located, doubts = await asyncio.to_thread(_located, visit, guests)
    found, stopped = await add(visit, form, located, form.get("role"))
    refused = stopped or await _register(visit, form, [elector(guest, person) for guest, person in found.items()])
    shown = form.answered(replace(refused, field="file")) if refused else forms.Form()
    return await _answered(visit, shown, found, status_of(refused) if refused else 200, doubts)


def _located(visit: Visit, guests: tuple[Guest, ...]) -> tuple[tuple[Guest, ...], tuple[str, ...]]:
    """The guests of a table with their places understood, and the doubtful places."""
    places = visit.services.territories.readable()
    return locate_guests(places, guests) if places else (guests, ())


async def _answered(
    visit: Visit, form: forms.Form, found: Mapping[Guest, str], status: int = 200, doubts: tuple[str, ...] = ()
) -> Response:
    """The page with a new link for each of these people."""
    fresh = await again(visit)
    addresses = {person: guest.email for guest, person in found.items() if guest.email}
    invited = await make_links(fresh, list(dict.fromkeys(found.values())), addresses, mail=True) if found else []
    return await _page(fresh, form, invited, status, doubts)


async def _register(visit: Visit, form: forms.Form, found: Sequence[Elector | None]) -> Refused | None:
    """Registers the weights and populations that the table gives for the élus whom it invites."""
    electors = [codec.encode(x) for x in found if x is not None]
    if not electors or form.get("role") != Role.ELU:
        return None
    outcome = await submit(visit, forms.Form(), form.command(c.RegisterElectors, electors=electors))
    return outcome if isinstance(outcome, Refused) else None


async def _several(visit: Visit, form: forms.Form) -> Response:
    """New links for everybody whom a search finds: shown, mailed, or as slips to print."""
    known = await asyncio.to_thread(visit.services.identity.invited, visit.slug)
    chosen = [p.id for p in _found(visit, Search.of(form.values), known) if not p.revoked]
    act = form.get("acte")
    if act == "courriels":
        chosen = [person for person in chosen if known.get(person, Invitation()).email]
    if not chosen:
        return await _page(visit, form.answered(NOBODY), status=422)
    invited = await make_links(visit, chosen, {}, mail=act == "courriels", on_paper=act in PAPER)
    if act not in PAPER:
        return await _page(visit, forms.Form({**Search.of(form.values).query}), invited)
    context = {"invited": invited, "alone": PAPER[act], "origin": visit.services.settings.public_origin}
    return render(visit, "organisation/slips.html", context, keep=False)


async def _link(visit: Visit, form: forms.Form) -> Response:
    """A new link for somebody who lost theirs."""
    person = visit.state.people.get(form.get("person"))
    if person is None or person.revoked:
        refused = Refused("person.not_found", "Cette personne n’est pas dans ce congrès.", "person")
        return await _page(visit, form.answered(refused), status=404)
    return await _page(visit, forms.Form(), await make_links(visit, [person.id], {}, mail=True))


async def _correct(visit: Visit, form: forms.Form) -> Response:
    person = visit.state.people.get(form.get("person"))
    known = TypedPlace(person.collectivity, person.code) if person else None
    place = await read_place(visit.services, form, "collectivity", known)
    if isinstance(place, Refused):
        return await _answer(visit, form, place)
    fields = {name: form.get(name) for name in ("person", "person_name", "mandate")}
    command = form.command(c.CorrectPerson, **fields, collectivity=place.name, code=place.code)
    return await _answer(visit, form, await submit(visit, form, command))


async def _revoke(visit: Visit, form: forms.Form) -> Response:
    command = form.command(c.RevokePerson, person=form.get("person"), reason=form.get("reason"))
    return await _answer(visit, form, await submit(visit, form, command))


async def _answer(visit: Visit, form: forms.Form, outcome: object) -> Response:
    if isinstance(outcome, Refused):
        return await _page(visit, form.answered(outcome), status=status_of(outcome))
    return confirmed(outcome, desk(visit, "personnes"))


async def table(request: Request) -> Response:
    """The people whom a search finds as a table that can be imported again, here or into the next congress; without
    their addresses, which stand nowhere but where links are sent from.
    """
    visit = await organiser(request)
    known = await asyncio.to_thread(visit.services.identity.invited, visit.slug)
    out = StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow(["nom", "mandat", "collectivité", "code", "rôle", "venue"])
    for person in _found(visit, Search.of(request.query_params), known):
        if not person.revoked and person.name:
            invitation = known.get(person.id, Invitation())
            about = (person.mandate, person.collectivity, person.code, person.role.value)
            rows.writerow([person.name, *about, "oui" if invitation.came else "non"])
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="personnes-{visit.slug}.csv"',
    }
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _found(visit: Visit, search: Search, known: Mapping[str, Invitation]) -> list[Person]:
    blank = Invitation()
    return [p for p in visit.state.people.values() if search.matches(p, known.get(p.id, blank))]


async def _page(
    visit: Visit,
    form: forms.Form,
    invited: list[Invited] | None = None,
    status: int = 200,
    doubts: tuple[str, ...] = (),
) -> Response:
    known = await asyncio.to_thread(visit.services.identity.invited, visit.slug)
    asked = form.values if visit.request.method == "POST" else visit.request.query_params
    search = Search.of({} if form.get("acte") in ("inviter", "tableau") else asked)
    found = _found(visit, search, known)
    standing = [p for p in visit.state.people.values() if not p.revoked]
    context: dict[str, Any] = {
        "form": form,
        "forms_of": lambda act, person="": (
            form if form.get("acte") == act and form.get("person") == person else forms.Form()
        ),
        "invited": invited or [],
        "doubts": doubts,
        "page": page_of(found, visit.request.query_params, PER_PAGE),
        "search": search,
        "to_invite": sum(not p.revoked for p in found),
        "with_mail": sum(not p.revoked and bool(known.get(p.id, Invitation()).email) for p in found),
        "standing": len(standing),
        "came": sum(known.get(p.id, Invitation()).came for p in standing),
        "invitation_of": lambda person: known.get(person, Invitation()),
        "states": [(key, visit.words(label)) for key, label in STATES.items()],
        "roles": [(role.value, visit.words(labels.ROLES[role])) for role in Role],
        "mails": bool(visit.services.settings.smtp_host),
    }
    return render(visit, "organisation/people.html", context, status, keep=False)


routes = [
    Route("/organisation/{slug}/personnes", people, methods=["GET"], name="invitations"),
    Route("/organisation/{slug}/personnes.csv", table, methods=["GET"], name="people_table"),
    Route("/organisation/{slug}/personnes", act, methods=["POST"], name="invite"),
]
