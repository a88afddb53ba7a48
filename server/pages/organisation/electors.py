"""The electoral list: weights and populations for weighted polls, from a table or one by one; and colleges."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.people import electorate
from deliberation.kernel import codec
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Elector
from exports import naming
from server.imports.people import COLUMNS, figure
from server.imports.source import key, text_of
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit

WHO = ("pseudonyme", "personne", "id")
NAME = ("nom", "nomcomplet", "name")


async def electors(request: Request) -> Response:
    return _page(await organiser(request), forms.Form())


async def act(request: Request) -> Response:
    visit = await organiser(request)
    form = await forms.read(request)
    command = _command(visit, form)
    outcome = await submit(visit, form, command)
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, desk(visit, "electeurs"))


def _command(visit: Visit, form: forms.Form) -> c.Command | Refused:
    if form.get("acte") == "college":
        members = people_named(visit.state, form.get("members"))
        if isinstance(members, Refused):
            return members
        college = form.integer("college") or 0
        return form.command(c.SetCollege, title=form.get("title"), members=members, college=college)
    if form.get("acte") == "tableau":
        found = read(visit.state, form.files.get("file", b""))
        if isinstance(found, Refused):
            return found
        return form.command(c.RegisterElectors, electors=[codec.encode(x) for x in found])
    figures = {"voices": form.integer("voices") or 0, "population": form.integer("population") or 0}
    return form.command(c.RegisterElectors, electors=[{"person": form.get("person"), **figures}])


def read(state: State, data: bytes) -> list[Elector] | Refused:
    """The electors of a CSV with a header: who (pseudonym or name), number of votes, population."""
    text = text_of(data)
    if isinstance(text, Refused):
        return text
    delimiter = ";" if ";" in text.lstrip().split("\n", 1)[0] else ","
    rows = [row for row in csv.reader(StringIO(text.lstrip()), delimiter=delimiter) if any(map(str.strip, row))]
    if not rows:
        return Refused("electors.empty", "Ce fichier est vide.", "file")
    header = [key(cell) for cell in rows[0]]
    who, name = _column(header, WHO), _column(header, NAME)
    if who is None and name is None:
        return Refused("electors.no_name", "Il manque une colonne « nom » ou « pseudonyme ».", "file")
    by_name = _by_name(state)
    found = []
    for number, row in enumerate(rows[1:], 2):
        called = _cell(row, who) or _cell(row, name)
        person = called if called in state.people else by_name.get(key(called), "")
        figures = [figure(_cell(row, _column(header, names))) for names in (COLUMNS["voices"], COLUMNS["population"])]
        if not person or None in figures:
            params: dict[str, str | int] = {"line": number, "who": called[:80]}
            return Refused(
                "electors.unknown",
                "Ligne {line} : « {who} » n’est pas un élu de ce congrès, ou ses chiffres ne se lisent pas.",
                "file",
                params,
            )
        found.append(Elector(person, figures[0] or 0, figures[1] or 0))
    return found


def people_named(state: State, typed: str, field: str = "members") -> list[str] | Refused:
    """The élus named on these lines; a refusal if a line names nobody or several."""
    by_name = _by_name(state)
    found = []
    for line in filter(None, map(str.strip, typed.splitlines())):
        person = line if line in state.people else by_name.get(key(line), "")
        if not person:
            who = {"who": line[:80]}
            return Refused("college.unknown", "« {who} » n’est pas le nom d’un seul élu de ce congrès.", field, who)
        found.append(person)
    return found


def _by_name(state: State) -> dict[str, str]:
    """Élus by name without accents or case; a name that two people have is left out."""
    named: dict[str, str] = {}
    for person in electorate(state.people.values()):
        name = key(state.people[person].name)
        named[name] = "" if name in named else person
    return named


def _column(header: Iterable[str], names: tuple[str, ...]) -> int | None:
    return next((i for i, cell in enumerate(header) if cell in names), None)


def _cell(row: list[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    state, words = visit.state, visit.words
    entitled = sorted(electorate(state.people.values()), key=lambda p: naming.name_of(state, words, p))
    context = {
        "form": form,
        "entitled": entitled,
        "registered": sum(person in state.electors for person in entitled),
        "elector": lambda person: state.electors.get(person, Elector(person)),
        "people": [("", words("Choisir une personne")), *((p, naming.name_of(state, words, p)) for p in entitled)],
        "colleges": [
            (x, "\n".join(naming.name_of(state, words, p) for p in x.members)) for x in state.colleges.values()
        ],
    }
    return render(visit, "organisation/electors.html", context, status, keep=False)


routes = [
    Route("/organisation/{slug}/electeurs", electors, methods=["GET"], name="electors"),
    Route("/organisation/{slug}/electeurs", act, methods=["POST"], name="electors_act"),
]
