"""The dossier as tables."""

from __future__ import annotations

import csv
import json
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.dossier import compile_dossier
from exports.schema import TABLES, Column
from exports.tables import as_csv, files, guarded
from tests.exports.sample import FORMULA, SECRET, whole


@pytest.fixture(scope="module")
def written() -> dict[str, bytes]:
    congress = whole()
    return files(compile_dossier(congress.state, congress.record), "essai 1.0")


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode(), newline="")))


def package(written: dict[str, bytes]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written["datapackage.json"])
    return found


def test_every_resource_is_described_with_its_hash_and_its_columns(written: dict[str, bytes]) -> None:
    described = {resource["path"]: resource for resource in package(written)["resources"]}
    assert set(described) == set(written) - {"datapackage.json"}
    for path, resource in described.items():
        assert resource["hash"] == "sha256:" + sha256(written[path]).hexdigest()
        names = [field["name"] for field in resource["schema"]["fields"]]
        if path.endswith(".csv"):
            assert written[path].decode().split("\r\n")[0] == ",".join(names)
        else:
            assert all(list(record) == names for record in json.loads(written[path]))


def test_keys_are_unique_and_references_lead_somewhere(written: dict[str, bytes]) -> None:
    rows = {table.name: json.loads(written[f"data/{table.name}.json"]) for table in TABLES}
    for table in TABLES:
        keys = [tuple(row[name] for name in table.key) for row in rows[table.name]]
        assert len(keys) == len(set(keys))
        for column in table.columns:
            if column.to:
                known = {row["number"] for row in rows[column.to]} | {None}
                assert {row[column.name] for row in rows[table.name]} <= known


def test_csv_and_json_say_the_same(written: dict[str, bytes]) -> None:
    for table in TABLES:
        assert len(read(written[f"data/{table.name}.csv"])) == len(json.loads(written[f"data/{table.name}.json"]))


def test_the_engine_of_the_maps_is_named(written: dict[str, bytes]) -> None:
    assert package(written)["layoutEngine"] == "essai 1.0"


def test_a_formula_is_guarded_in_csv_only(written: dict[str, bytes]) -> None:
    assert read(written["data/temoignages.csv"])[2]["text"] == f"'{FORMULA}"
    assert json.loads(written["data/temoignages.json"])[2]["text"] == FORMULA


def test_nothing_secret_is_written(written: dict[str, bytes]) -> None:
    assert not any(SECRET.encode() in data for data in written.values())


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_is_guarded_whatever_it_begins_with(first: str) -> None:
    """A spreadsheet passes over a tab or a carriage return and runs the formula behind it."""
    assert guarded(f"{first}=1+1") == f"'{first}=1+1"
    data = as_csv((Column("a", "A"),), [(f"{first}=1+1",), ((f"{first}=1", "+1"),)])
    assert [row["a"] for row in read(data)] == [f"'{first}=1+1", f"'{first}=1 +1"]


@given(st.text(max_size=30))
def test_no_text_cell_begins_as_a_formula(text: str) -> None:
    assert guarded(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
    assert guarded(text).removeprefix("'") == text.removeprefix("'")


@given(
    st.lists(st.tuples(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=9), st.integers()))
)
def test_rows_survive_csv(rows: list[tuple[str, int]]) -> None:
    data = as_csv((Column("a", "A"), Column("b", "B", "integer")), rows)
    assert [(row["a"], int(row["b"])) for row in read(data)] == [(guarded(text), n) for text, n in rows]
