"""The tables of the dossier in CSV and JSON, and the data package that describes them."""

from __future__ import annotations

import csv
import json
import re
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import columns_page, data_files
from exports.dossier import compile_dossier
from exports.schema import TABLES, Column
from exports.tables import as_csv, files, guarded, homepage
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
        if "schema" not in resource:
            assert (path.endswith(".json"), json.loads(written[path])) == (True, [])
            continue
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
    safe = f"'{first}'=1" if first.isspace() else f"'{first}=1"
    assert guarded(f"{first}=1+1") == f"{safe}+1"
    data = as_csv((Column("a", "A"),), [(f"{first}=1+1",), ((f"{first}=1", "+1"),)])
    assert [row["a"] for row in read(data)] == [f"{safe}+1", f"{safe} +1"]


@given(st.text(max_size=30))
def test_no_text_cell_begins_as_a_formula(text: str) -> None:
    assert guarded(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
    assert guarded(text).replace("'", "") == text.replace("'", "")


HOSTILE = st.lists(
    st.sampled_from(["=1+1", "+1", "-1", "@A", ";", "\n", "\r\n", "\t", '"', '""', "'", " ", ",", "a"]), max_size=8
)


@given(st.lists(st.tuples(HOSTILE.map("".join), HOSTILE.map("".join), st.integers(0, 9)), max_size=3))
def test_no_cell_is_a_formula_where_a_spreadsheet_splits_elsewhere(rows: list[tuple[str, str, int]]) -> None:
    """A French Excel opens the file split at semicolons, whose quotes then stand inside cells and protect nothing."""
    data = as_csv((Column("a", "A"), Column("b", "B"), Column("c", "C", "integer")), rows).decode()
    for splits in (r"[;\r\n]", r"[\t\r\n]", r"[;\t\r\n]"):
        for cell in re.split(splits, data):
            assert not re.match(r"[\s\"]*[=+\-@]", cell), (cell, data)


@pytest.mark.parametrize("text", ["a;=1", 'a;"=1"', "a\n- b", "a\r\n+1", "a;\t@x", "；=1", "a\n＝1"])
def test_a_formula_in_the_middle_is_guarded(text: str) -> None:
    assert guarded(text) != text or text.startswith("；")
    assert guarded("Demande ; que la fibre (-2 %) = +3") == "Demande ; que la fibre (-2 %) = +3"


@given(
    st.lists(st.tuples(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=9), st.integers()))
)
def test_rows_survive_csv(rows: list[tuple[str, int]]) -> None:
    data = as_csv((Column("a", "A"), Column("b", "B", "integer")), rows)
    assert [(row["a"], int(row["b"])) for row in read(data)] == [(guarded(text), n) for text, n in rows]


def test_the_package_is_one_that_frictionless_accepts_whole(written: dict[str, bytes]) -> None:
    """Its validator counts no bytes of JSON tables, finds no columns in one without rows, and follows no key to it."""
    described = package(written)
    assert described["profile"] == "data-package"
    resources = {resource["name"]: resource for resource in described["resources"]}
    without_rows = {name for name, one in resources.items() if "schema" not in one}
    assert without_rows == {
        f"{table.name}-json".replace("_", "-") for table in TABLES if not json.loads(written[f"data/{table.name}.json"])
    }
    for name, resource in resources.items():
        is_csv = name.endswith("-csv")
        assert ("bytes" in resource) == is_csv
        assert resource["profile"] == ("data-resource" if name in without_rows else "tabular-data-resource")
        keys = resource.get("schema", {}).get("foreignKeys", [])
        assert not {key["reference"]["resource"] for key in keys} & without_rows


def test_the_package_says_its_licence_publisher_and_home(written: dict[str, bytes]) -> None:
    described = package(written)
    assert described["licenses"][0]["name"] == "etalab-2.0"
    assert described["homepage"] == "http://localhost:8000/c/essai/"
    assert described["contributors"] == [
        {"title": "Congrès d’essai", "role": "publisher", "path": "http://localhost:8000/c/essai/"}
    ]
    assert homepage("congres.fr/c/x/registre") == "https://congres.fr/c/x/"


def test_a_page_explains_every_column(written: dict[str, bytes]) -> None:
    congress = whole()
    dossier = compile_dossier(congress.state, congress.record)
    page = columns_page.page(dossier).decode()
    assert data_files.files(dossier, "essai")[package(written)["documentation"]].decode() == page
    for table in TABLES:
        section = page.partition(f'<section id="{table.name}">')[2].partition("</section>")[0]
        for column in table.columns:
            assert f"<code>{column.name}</code></th><td>" in section
            assert column.to == "" or f'<a href="#{column.to}">' in section
