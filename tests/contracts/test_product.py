"""The whole product on either database: it starts, serves the demonstration, exports, verifies, rebuilds."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.server_process import Server, pleniere
from tests.waiting import WITHIN

pytestmark = [pytest.mark.contract, pytest.mark.slow]

PAGES = (
    "",
    "temoignages",
    "temoignages/1",
    "cartes/1",
    "motions/1",
    "amendements/1",
    "scrutins/1",
    "seance",
    "registre",
    "registre/3",
    "personnes/p1",
    "restitution",
    "registre/checkpoint",
)


def test_from_the_demonstration_to_a_verified_archive(
    database_url: str, start_server: Callable[..., Server], tmp_path: Path
) -> None:
    """R9, R14, R15: what the server shows comes out as an archive that says OK."""
    server = start_server(database=database_url)
    with httpx.Client(base_url=server.url, trust_env=False, timeout=WITHIN) as client:
        answers = {page: client.get(f"/c/demo/{page}").status_code for page in PAGES}
    assert set(answers.values()) == {200}, answers
    assert len(server.links()) == 3
    live = pleniere(server.data, "verify", f"{server.url}/c/demo/")
    assert live.returncode == 0, live.stdout
    server.stop()
    options = ("--database", database_url)
    archive = tmp_path / "restitution.zip"
    assert pleniere(server.data, "export", "demo", "-o", str(archive), *options).returncode == 0
    assert pleniere(server.data, "verify", str(archive)).returncode == 0
    rebuilt = pleniere(server.data, "rebuild", "demo", "--check", *options)
    assert rebuilt.returncode == 0, rebuilt.stdout
    with zipfile.ZipFile(archive) as opened:
        names = set(opened.namelist())
    assert {"index.html", "motion.md", "datapackage.json", "verify.py", "README.txt", "record/checkpoint"} <= names


def test_a_port_that_is_taken_is_said(tmp_path: Path, start_server: Callable[..., Server]) -> None:
    server = start_server(demo=False)
    second = pleniere(tmp_path / "second", "serve", "--port", str(server.port))
    assert second.returncode == 1
    assert str(server.port) in second.stdout
