"""A list of people to invite, from CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import StringIO

from deliberation.errors import Refused
from server.imports.source import key, text_of

COLUMNS = {
    "name": ("nom", "name", "nomcomplet", "personne"),
    "first": ("prenom", "firstname"),
    "email": ("courriel", "email", "mail", "adressemail", "adresseelectronique"),
    "mandate": ("mandat", "mandate", "fonction", "qualite"),
    "collectivity": ("collectivite", "collectivity", "commune"),
    "code": ("code", "insee", "codeinsee", "siren"),
}
ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]{1,190}")


@dataclass(frozen=True)
class Guest:
    """Somebody to invite; `email` never enters the record."""

    name: str
    email: str = ""
    mandate: str = ""
    collectivity: str = ""
    code: str = ""


def refuse_address(guests: Iterable[Guest]) -> Refused | None:
    """The refusal of the first address that no mail could reach; none at all is allowed."""
    bad = next((guest.email for guest in guests if guest.email and not ADDRESS.fullmatch(guest.email)), None)
    if bad is None:
        return None
    shown = {"email": bad[:100]}
    return Refused("person.bad_email", "« {email} » n’est pas une adresse de courriel.", "email", shown)


def read(data: bytes) -> tuple[Guest, ...] | Refused:
    """The people of a CSV with a header, whatever its delimiter; lines without a name are left out."""
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
        guests = [_guest({field: row.get(name) or "" for field, name in columns.items()}) for row in rows]
    except csv.Error:
        return Refused("import.not_csv", "Ce tableau est illisible à la ligne {line}.", "file", {"line": rows.line_num})
    found = tuple(guest for guest in guests if guest.name)
    if not found:
        return Refused("import.nobody", "Ce tableau ne nomme personne.", "file")
    return refuse_address(found) or found


def _guest(row: Mapping[str, str]) -> Guest:
    name = " ".join(f"{row.get('first', '')} {row.get('name', '')}".split())
    others = {field: row.get(field, "").strip() for field in ("email", "mandate", "collectivity", "code")}
    return Guest(name, **others)
