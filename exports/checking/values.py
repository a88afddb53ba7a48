"""Compares tables value by value, except sentences, which another version of the program may word differently.

Columns that only one version has, columns worded by the program, and rows about content that is not public (of which
earlier versions showed some fields) are ignored.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Container, Mapping, Sequence
from typing import Any

from deliberation.record.report import Finding
from exports.checking.places import excerpt, first_difference
from exports.schema import TABLES, Table

FOLDER = "data/"
_TABLES = {f"{FOLDER}{table.name}.{kind}": table for table in TABLES for kind in ("json", "csv")}

Rows = Sequence[Mapping[str, Any]]


def table_of(path: str) -> Table | None:
    """The table that a file with that path contains; None for other files."""
    return _TABLES.get(path)


def compare(path: str, found: bytes, expected: bytes, private: Container[int] = ()) -> Finding | None:
    """The finding about the first value that differs from the expected one; None if there is none. `private` are the
    indices of entries without public content.
    """
    try:
        stated, due = _rows(path, found), _rows(path, expected)
    except (ValueError, TypeError, RecursionError, csv.Error):
        return Finding("data.bad", path)
    for number, (one, other) in enumerate(zip(stated, due, strict=False), 1):
        for name in () if _entry(other) in private else _columns(_TABLES[path], one, other):
            if one[name] != other[name]:
                return _differing(path, number, name, str(one[name]), str(other[name]))
    if len(stated) != len(due):
        return Finding("data.rows", path, params={"found": len(stated), "expected": len(due)})
    return None


def _entry(row: Mapping[str, Any]) -> int:
    """The entry of the record that a row comes from; -1 if the row names none."""
    stated = str(row.get("entry") or "")
    return int(stated) if stated.isdecimal() else -1


def _columns(table: Table, one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    told = {column.name for column in table.columns if column.is_told}
    return [name for name in one if name in other and name not in told]


def _differing(path: str, row: int, column: str, found: str, expected: str) -> Finding:
    at = first_difference(found, expected)
    params: dict[str, str | int] = {
        "row": row,
        "column": column,
        "found": excerpt(found, at),
        "expected": excerpt(expected, at),
    }
    return Finding("data.differs", path, params=params)


def _rows(path: str, data: bytes) -> Rows:
    text = data.decode("utf-8")
    if path.endswith(".json"):
        rows = json.loads(text)
        if not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
            raise ValueError("not a list of objects")
        return rows
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return [{name: _unguarded(value) for name, value in row.items()} for row in reader]


def _unguarded(value: Any) -> str:
    """The value without apostrophes, since versions differ in where they put them to prevent formulas."""
    return str(value).replace("'", "")
