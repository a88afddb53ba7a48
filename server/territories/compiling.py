"""Makes the product's list of places from the JSON files of the npm package `@etalab/decoupage-administratif`.

The package brings together INSEE's official geographic code, its legal populations and the DGCL's list of groupings,
under the Licence Ouverte 2.0. Countries come from Unicode's CLDR, by Babel. `pleniere territoires` renews the list.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from babel import Locale

from server.territories.reference import FORMAT, department_of
from server.territories.typed import communes_of

FILES = ("communes", "epci", "departements", "regions")
FRENCH_CODES = frozenset(("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC", "TF"))
"""ISO codes of France and of the parts of it that have one of their own."""
NO_COUNTRY = frozenset(
    ("EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "CQ", "DG", "EA")  # unions and placeholders
) | frozenset(("IC", "TA", "AQ", "BV", "HM", "UM", "GS", "IO", "CX", "CC", "SJ"))  # islands
"""Codes of CLDR that are no country where people live."""
PARTS = {"commune-deleguee": "chefLieu", "commune-associee": "chefLieu", "arrondissement-municipal": "commune"}
"""Parts of a commune that have, or had, a name of their own; and the field that says of which commune."""
FEWEST_COMMUNES = 30_000
Rows = list[dict[str, Any]]


class UnusableList(ValueError):
    """The files are not those of the package, or a part is missing; the message says which."""


def read_package(folder: Path) -> dict[str, Rows]:
    """The package's lists by name, from its folder or from its `data`; UnusableList if one is missing or malformed."""
    data = folder / "data" if (folder / "data").is_dir() else folder
    return {name: _read(data / f"{name}.json") for name in FILES}


def _read(path: Path) -> Rows:
    try:
        rows = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UnusableList(f"{path}: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) and {"code", "nom"} <= row.keys() for row in rows):
        raise UnusableList(f"{path}: une liste d’objets avec « code » et « nom » était attendue")
    return rows


def compiled(package: Mapping[str, Rows], year: int, version: str) -> bytes:
    """The list as the product keeps it: gzip of JSON, in columns, the most populous first. The same files give the
    same bytes.
    """
    try:
        content = _content(package, year, version)
    except (KeyError, TypeError) as error:
        raise UnusableList(f"champ manquant ou inattendu : {error}") from error
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 9, mtime=0)


def _content(package: Mapping[str, Rows], year: int, version: str) -> dict[str, Any]:
    communes = [row for row in package["communes"] if row["type"] == "commune-actuelle"]
    if len(communes) < FEWEST_COMMUNES:
        raise UnusableList(f"communes.json : {len(communes)} communes seulement")
    communes.sort(key=lambda row: (-row.get("population", 0), row["code"]))
    home = {row["code"]: row["departement"] for row in communes}
    strays = [code for code, department in home.items() if department_of(code) != department]
    if strays:
        raise UnusableList(f"communes.json : département inattendu de {strays[0]}")
    return {
        "format": FORMAT,
        "year": year,
        "version": version,
        "regions": [[row["code"], row["nom"]] for row in package["regions"]],
        "departments": [[row["code"], row["nom"], row["region"]] for row in package["departements"]],
        "groupings": _groupings(package["epci"], home),
        "communes": _columns(communes),
        "former": _former(package["communes"], communes),
        "countries": _countries(),
    }


def _columns(communes: Rows) -> dict[str, Any]:
    """`sirens` are those that do not follow from the code; `irregular` the codes of these communes."""
    irregular = [row for row in communes if row["code"] not in communes_of(row.get("siren", ""))]
    return {
        "codes": "\n".join(row["code"] for row in communes),
        "names": "\n".join(row["nom"] for row in communes),
        "populations": [row.get("population", 0) for row in communes],
        "sirens": {row["siren"]: row["code"] for row in irregular if row.get("siren")},
        "irregular": [row["code"] for row in irregular],
    }


def _groupings(groupings: Rows, home: Mapping[str, str]) -> list[list[Any]]:
    return [
        [row["code"], row["nom"], row["type"], row["populationMunicipale"], _main_department(row["membres"], home)]
        for row in groupings
    ]


def _main_department(members: Iterable[Mapping[str, Any]], home: Mapping[str, str]) -> str:
    """The département where most inhabitants of a grouping live."""
    inhabitants: Counter[str] = Counter()
    for member in members:
        inhabitants[home[member["code"]]] += member["populationMunicipale"]
    return max(sorted(inhabitants), key=lambda department: inhabitants[department])


def _former(rows: Rows, communes: Rows) -> list[list[str]]:
    """Former communes and parts of communes: code, name ("" if the package has none), code of today's commune."""
    today = {row["code"]: row["nom"] for row in communes}
    parts = ((row["code"], row["nom"], row.get(PARTS.get(row["type"], ""), "")) for row in rows)
    found = {(code, name, now) for code, name, now in parts if now in today and today[now] != name}
    named = {code for code, _, _ in found}
    old = ((code, row["code"]) for row in communes for code in row.get("anciensCodes", ()))
    found |= {(code, "", now) for code, now in old if code not in named and code not in today}
    return [list(row) for row in sorted(found)]


def _countries() -> list[list[str]]:
    names = {str(code): str(name) for code, name in Locale("fr").territories.items()}
    codes = sorted(code for code in names if len(code) == 2 and code.isalpha())
    return [[code, names[code]] for code in codes if code not in FRENCH_CODES | NO_COUNTRY]
