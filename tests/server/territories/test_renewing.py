"""The list of territories is renewed from the files of its package (P24)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from server.cli import main
from server.territories import compiling
from server.territories.reference import FILE_NAME, SHIPPED, Territories, UnreadableList, shipped

COMMUNES = 30_001


def package(folder: Path, **changed: Any) -> Path:
    """The files of a package with so many communes, all in the Ain; a list by name to put in its place."""
    communes = [
        {"code": f"01{n:03}" if n < 1_000 else f"X{n}", "nom": f"Village {n}", "type": "commune-actuelle"}
        | {"departement": "01" if n < 1_000 else f"X{n}"[:2], "population": n}
        for n in range(COMMUNES)
    ]
    old = {"code": "01999", "nom": "Vieux-Bourg", "type": "commune-deleguee", "chefLieu": "01007"}
    member = {"code": "01007", "populationMunicipale": 7}
    departments = [
        {"code": "01", "nom": "Ain", "region": "84"},
        *({"code": f"X{n}", "nom": f"D{n}", "region": "84"} for n in range(1, 4)),
    ]
    files = {
        "communes": [x for x in communes if x["code"] != "01999"] + [old],
        "departements": departments,
        "regions": [{"code": "84", "nom": "Auvergne-Rhône-Alpes"}],
        "epci": [
            {"code": "200000001", "nom": "CC du Nord", "type": "CC", "populationMunicipale": 7, "membres": [member]}
        ],
    } | changed
    (folder / "data").mkdir(parents=True)
    for name, rows in files.items():
        (folder / "data" / f"{name}.json").write_text(json.dumps(rows), "utf-8")
    (folder / "package.json").write_text('{"version": "7.1.0"}', "utf-8")
    return folder


def test_a_renewed_list_is_used_instead_of_the_shipped_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """P24."""
    data = tmp_path / "data"
    asked = ["--data", str(data), "territoires", str(package(tmp_path / "p")), "--year", "2027", "--json"]
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["communes"], told["year"], told["file"]) == (COMMUNES - 1, 2027, str(data / FILE_NAME))
    renewed = Territories(data).load()
    assert (renewed.year, renewed.source) == (2027, "@etalab/decoupage-administratif 7.1.0")
    found = renewed.find("1999")
    assert found is not None
    assert (found.territory.name, found.territory.region_name) == ("Village 7", "Auvergne-Rhône-Alpes")
    assert Territories(tmp_path / "elsewhere").load().year == shipped().year


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    files = compiling.read_package(package(tmp_path / "p"))
    assert compiling.compiled(files, 2027, "7.1.0") == compiling.compiled(files, 2027, "7.1.0")


@pytest.mark.parametrize(
    ("name", "rows"),
    [("communes", []), ("epci", {}), ("departements", [{"code": "01"}]), ("regions", [{"code": "84", "nom": "A"}, 1])],
)
def test_what_is_no_such_package_changes_nothing(
    tmp_path: Path, name: str, rows: object, capsys: pytest.CaptureFixture[str]
) -> None:
    """P24."""
    folder = package(tmp_path / "p", **{name: rows})
    assert main(["--data", str(tmp_path / "d"), "territoires", str(folder), "--year", "2027"]) == 1
    assert f"{name}.json" in capsys.readouterr().err
    assert not (tmp_path / "d" / FILE_NAME).exists()


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path / "d"), "territoires", str(tmp_path), "--year", "2027"]) == 1
    assert "communes.json" in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b", b"{}"])
def test_a_damaged_list_says_so(tmp_path: Path, data: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(data)
    with pytest.raises(UnreadableList):
        Territories(tmp_path).load()


def test_the_shipped_list_is_small() -> None:
    assert SHIPPED.stat().st_size < 600_000
