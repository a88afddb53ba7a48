"""Restored backups, damaged rows and a record ahead of the clock, handled by the command line (R10, R45)."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.server_process import Server, pleniere

pytestmark = pytest.mark.slow


def done(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    ended = pleniere(data, *arguments, **more)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended


def checked(data: Path, status: int, **more: str) -> dict[str, Any]:
    ended = pleniere(data, "check", "--json", **more)
    assert ended.returncode == status, ended.stdout + ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)["essai"]
    return found


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of a congress with a signed checkpoint and one person."""
    folder = tmp_path / "data"
    done(folder, "create", "essai", "--title", "Essai")
    done(folder, "invite", "essai", "--role", "elu", "--name", "Ana")
    done(folder, "export", "essai", "-o", str(tmp_path / "avant.zip"))
    return folder


def invite(data: Path, name: str, **more: str) -> subprocess.CompletedProcess[str]:
    return pleniere(data, "invite", "essai", "--role", "elu", "--name", name, **more)


def test_a_backup_copied_back_is_noticed_here_and_elsewhere(data: Path, tmp_path: Path) -> None:
    """R10: it holds no mark. On this machine the loss is known; elsewhere somebody says what was lost."""
    done(data, "backup", str(tmp_path / "copie"))
    assert not (tmp_path / "copie" / "highwater").exists()
    assert invite(data, "Bo").returncode == 0
    size = checked(data, 0)["size"]
    shutil.rmtree(data)
    shutil.copytree(tmp_path / "copie", data)
    refused = invite(data, "Cid")
    assert (refused.returncode, "pleniere gap" in refused.stderr) == (1, True), refused.stderr
    assert checked(data, 1)["read_only"]["code"] == "record.gap"
    assert pleniere(data, "gap", "essai", "--none").returncode == 1

    elsewhere = {"PLENIERE_MARKS": str(tmp_path / "autre machine")}
    other = shutil.copytree(tmp_path / "copie", tmp_path / "ailleurs")
    assert "--none" in invite(other, "Cid", **elsewhere).stderr
    assert checked(other, 1, **elsewhere)["read_only"]["code"] == "record.mark_missing"
    assert pleniere(other, "gap", "essai", "--reason", "Panne.", **elsewhere).returncode == 1, "how many is not known"
    done(other, "gap", "essai", "--reason", "Panne.", "--size", str(size), **elsewhere)
    assert invite(other, "Cid", **elsewhere).returncode == 0
    assert checked(other, 0, **elsewhere)["read_only"] is None

    done(data, "gap", "essai", "--reason", "Panne.")
    assert invite(data, "Cid").returncode == 0
    done(data, "export", "essai", "-o", str(tmp_path / "apres.zip"))
    done(data, "verify", str(tmp_path / "apres.zip"))


def test_a_mark_that_cannot_be_read_has_a_remedy(data: Path) -> None:
    """R10"""
    (data / "highwater" / "essai.json").write_text("")
    refused = invite(data, "Bo")
    assert (refused.returncode, "--none" in refused.stderr) == (1, True), refused.stderr
    assert checked(data, 1)["read_only"]["code"] == "record.mark_unusable"
    done(data, "gap", "essai", "--none")
    assert invite(data, "Bo").returncode == 0


def test_check_says_what_is_damaged_and_where(data: Path) -> None:
    with sqlite3.connect(data / "pleniere.sqlite") as connection:
        connection.execute("UPDATE payload SET data = X'7B7D' WHERE \"index\" = 1")
    found = checked(data, 1)
    assert found["damage"] == [{"code": "payload.commitment", "entry": 1, "place": ""}]
    assert "payload.commitment 1" in pleniere(data, "check", "essai").stdout
    refused = invite(data, "Bo")
    assert (refused.returncode, "pleniere check" in refused.stderr) == (1, True), refused.stderr


def test_a_killed_server_leaves_marks_that_it_can_go_on_from(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    """R10: whenever it ends, the mark is whole and not above the record."""
    folder = tmp_path / "data"
    server = start_server(demo=False, data=folder)
    done(folder, "create", "essai", "--title", "Essai", PLENIERE_ORIGIN=server.url)
    for name in ("Ana", "Bo"):
        assert invite(folder, name, PLENIERE_ORIGIN=server.url).returncode == 0
        server.kill()
        found = checked(folder, 0)
        mark = json.loads((folder / "highwater" / "essai.json").read_text())
        assert mark["size"] == found["size"]
        server.start()


def test_a_record_in_advance_is_told_and_corrected(data: Path, tmp_path: Path) -> None:
    """R45"""
    assert "à l’heure" in done(data, "clock", "essai").stdout
    refused = pleniere(data, "clock", "essai", "--reason", "Rien.")
    assert (refused.returncode, "pas en avance" in refused.stderr) == (1, True), refused.stderr
