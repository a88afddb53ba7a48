"""Reads a list of people to invite, from CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import StringIO

from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import number_in
from deliberation.kernel.vocabulary import Elector
from server.imports.source import key, text_of

COLUMNS = {
    "name": ("nom", "name", "nomcomplet", "personne"),
    "first": ("prenom", "firstname"),
    "email": ("courriel", "email", "mail", "adressemail", "adresseelectronique"),
    "mandate": ("mandat", "mandate", "fonction", "qualite"),
    "collectivity": ("collectivite", "collectivity", "commune"),
    "code": ("code", "insee", "codeinsee", "siren"),
    "voices": ("voix", "voices", "nombredevoix"),
    "population": ("population", "habitants", "pop"),
}
FIGURE_DIGITS = 12
ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]{1,190}")


@dataclass(frozen=True)
class Guest:
    """Somebody to invite; `email` never enters the record."""

    name: str
    email: str = ""
    mandate: str = ""
    collectivity: str = ""
    code: str = ""
    voices: int = 0
    population: int = 0


def figure(typed: str) -> int | None:
    """A number of votes or of people, with any digit grouping; 0 if empty, None if malformed."""
    digits = "".join(typed.split())
    if not digits:
        return 0
    return number_in(digits, FIGURE_DIGITS - 1)


def elector(guest: Guest, person: str) -> Elector | None:
    """The entry for the electoral list, once invited; None if the table says nothing about it."""
    return Elector(person, guest.voices, guest.population) if guest.voices or guest.population else None


def refuse_address(guests: Iterable[Guest]) -> Refused | None:
    """The refusal of the first invalid e-mail address; none at all is allowed."""
    bad = next((guest.email for guest in guests if guest.email and not ADDRESS.fullmatch(guest.email)), None)
    if bad is None:
        return None
    shown = {"email": bad[:100]}
    return Refused("person.bad_email", "« {email} » n’est pas une adresse de courriel.", "email", shown)


def read(data: bytes) -> tuple[Guest, ...] | Refused:
    """The people of a CSV with a header, with any delimiter; lines without a name are left out."""
    text = text_of(data)
    if isinstance(text, Refused):
        return text
    header = text.lstrip().split("\n", 1)[0]
    delimiter = max(";,\t|", key=header.count)
    rows = csv.DictReader(StringIO(text.lstrip()), delimiter=delimiter)
    columns = {field: name for name in rows.fieldnames or () for field, names in COLUMNS.items() if key(name) in names}
    if "name" not in columns:
        return Refused("import.no_name", "Ce tableau n’a pas de colonne « nom ».", "file")
    try:
        guests = []
        for row in rows:
            cells = {field: (row.get(name) or "").strip() for field, name in columns.items()}
            figures = {field: figure(cells.get(field, "")) for field in ("voices", "population")}
            if None in figures.values():
                return _unreadable(rows.line_num, cells.get("name", ""))
            guests.append(_guest(cells, {field: number or 0 for field, number in figures.items()}))
    except csv.Error:
        return Refused("import.not_csv", "Ce tableau est illisible à la ligne {line}.", "file", {"line": rows.line_num})
    found = tuple(guest for guest in guests if guest.name)
    if not found:
        return Refused("import.nobody", "Ce tableau ne nomme personne.", "file")
    return refuse_address(found) or found


def _unreadable(line: int, name: str) -> Refused:
    params: dict[str, str | int] = {"line": line, "who": name[:80]}
    return Refused(
        "import.no_figure", "Ligne {line} : les voix ou la population de « {who} » ne se lisent pas.", "file", params
    )


def _guest(row: Mapping[str, str], figures: Mapping[str, int]) -> Guest:
    name = " ".join(f"{row.get('first', '')} {row.get('name', '')}".split())
    email, mandate, collectivity, code = (row.get(x, "") for x in ("email", "mandate", "collectivity", "code"))
    return Guest(name, email, mandate, collectivity, code, figures["voices"], figures["population"])
