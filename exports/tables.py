"""The dossier as tables: CSV (RFC 4180, UTF-8), JSON, and a Frictionless Data Package that describes them.

In CSV, an apostrophe is put before text that a spreadsheet would run as a formula. This includes text after a semicolon
or a line end within a cell, where a spreadsheet set to another separator would begin a new cell. JSON has the text
unchanged.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from exports import columns_page
from exports.dossier import Dossier
from exports.schema import TABLES, Column, Table

Cell = str | int | bool | None | Sequence[int] | Sequence[str]
EMPTY_LIST = b"[\n\n]\n"
"""The JSON file of a table without rows."""
LICENCE = {
    "name": "etalab-2.0",
    "title": "Licence Ouverte / Open Licence 2.0",
    "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
BLANK = ("\t", "\r", "\n")
_FORMULA = re.compile(r"(^|[;\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029])(?=[\s\"']*[=+\-@＝＋－＠])")
"""Where a cell with a formula may begin, also if a spreadsheet splits the file at semicolons or tabs."""


@dataclass(frozen=True)
class PackageFile:
    """A file of the data package: one table in one format."""

    path: str
    data: bytes
    table: Table
    media_type: str

    @property
    def kind(self) -> str:
        """`csv` or `json`."""
        return self.path.rpartition(".")[2]

    @property
    def is_tabular(self) -> bool:
        """Whether the package describes the file as a table: a validator finds no columns in a JSON list without
        rows.
        """
        return self.kind == "csv" or self.data != EMPTY_LIST


def files(dossier: Dossier, engine: str) -> dict[str, bytes]:
    """The files `data/…` and `datapackage.json` by path; `engine` is the name of the program that laid out the maps."""
    resources = [resource for table in TABLES for resource in _resources(table, dossier)]
    found = {resource.path: resource.data for resource in resources}
    found["datapackage.json"] = as_json(package(dossier, resources, engine))
    return found


def _resources(table: Table, dossier: Dossier) -> Iterable[PackageFile]:
    rows = list(table.rows(dossier))
    yield PackageFile(f"data/{table.name}.csv", as_csv(table.columns, rows), table, "text/csv")
    yield PackageFile(f"data/{table.name}.json", as_json_rows(table.columns, rows), table, "application/json")


class _Utf8:
    """A target for `csv.writer` that collects UTF-8 bytes, which need less memory than strings: a table may have
    hundreds of thousands of rows.
    """

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, text: str) -> None:
        self.parts.append(text.encode())


def as_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table with a header; lists are joined by spaces, booleans are `true` or `false`, None is empty."""
    out = _Utf8()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return b"".join(out.parts)


def as_json_rows(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A JSON list of objects, one per line."""
    names = [column.name for column in columns]
    objects = (dict(zip(names, row, strict=True)) for row in rows)
    lines = (json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() for one in objects)
    return b"[\n" + b",\n".join(lines) + b"\n]\n"


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return guarded(value)
    return str(value) if isinstance(value, int) else guarded(" ".join(map(str, value)))


def guarded(text: str) -> str:
    """The text with an apostrophe at each place at which a spreadsheet could begin a cell and run the rest as a
    formula.
    """
    marked = _FORMULA.sub(r"\1'", text)
    return f"'{marked}" if marked.startswith(BLANK) else marked


def as_json(value: Any) -> bytes:
    """The value as the content of a JSON file."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def package(dossier: Dossier, resources: Sequence[PackageFile], engine: str) -> Mapping[str, Any]:
    """The descriptor of a Frictionless Data Package."""
    settings = dossier.settings
    empty = {f"{one.table.name}-{one.kind}" for one in resources if not one.is_tabular}
    return {
        "profile": "data-package",
        "name": settings.slug,
        "homepage": homepage(settings.origin),
        "documentation": columns_page.PATH,
        "licenses": [LICENCE],
        "contributors": [{"title": settings.title, "role": "publisher", "path": homepage(settings.origin)}],
        "title": f"{settings.title} : restitution",
        "description": settings.description,
        "version": str(dossier.seal.size if dossier.seal else dossier.state.size),
        "created": dossier.lines[-1].time if dossier.lines else settings.created,
        "keywords": ["congrès", "élus", "témoignages", "motion", "amendements", "scrutins"],
        "layoutEngine": engine,
        "resources": [_described(resource, empty) for resource in resources],
    }


def homepage(origin: str) -> str:
    """The web address of the congress, from the origin of its record."""
    scheme = "http" if origin.startswith(("localhost", "127.0.0.1")) else "https"
    return f"{scheme}://{origin.removesuffix('/registre')}/"


def _described(resource: PackageFile, empty: Container[str]) -> Mapping[str, Any]:
    """The description of a file in the package. For JSON tables only the hash is given, since validators do not check
    the number of bytes.
    """
    table, kind = resource.table, resource.kind
    dialect: dict[str, Any] = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True}
    described = {
        "profile": "tabular-data-resource" if resource.is_tabular else "data-resource",
        "name": f"{table.name}-{kind}".replace("_", "-"),
        "path": resource.path,
        "title": table.title,
        "description": table.description,
        "format": kind,
        "mediatype": resource.media_type,
        "encoding": "utf-8",
        **({"dialect": dialect | {"header": True}, "bytes": len(resource.data)} if kind == "csv" else {}),
        "hash": f"sha256:{sha256(resource.data).hexdigest()}",
    }
    return described | ({"schema": schema(table, kind, empty)} if resource.is_tabular else {})


def schema(table: Table, kind: str, empty: Container[str] = ()) -> Mapping[str, Any]:
    """The Table Schema of a table; lists are text in CSV and arrays in JSON. `empty` are the names of resources without
    columns, to which foreign keys must not refer.
    """
    fields = [_field(column, kind) for column in table.columns]
    keys = [
        {"fields": [column.name], "reference": {"resource": f"{column.to}-{kind}", "fields": ["number"]}}
        for column in table.columns
        if column.to and f"{column.to}-{kind}" not in empty
    ]
    found: dict[str, Any] = {"fields": fields, "primaryKey": list(table.key)}
    return found | ({"foreignKeys": keys} if keys else {})


def _field(column: Column, kind: str) -> Mapping[str, str]:
    plain = {"list": "string" if kind == "csv" else "array"}
    field = {"name": column.name, "type": plain.get(column.type, column.type), "title": column.title}
    return field | ({"description": column.description} if column.description else {})
