"""The wheel carries all that the server needs: the built client, templates, words, the demonstration."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return wheel.namelist()


@pytest.mark.parametrize(
    "name",
    [
        "deliberation/decide.py",
        "exports/verify.py",
        "server/cli.py",
        "server/static/manifest.json",
        "exports/translations/en.po",
    ],
)
def test_the_wheel_carries(names: list[str], name: str) -> None:
    assert name in names


@pytest.mark.parametrize(
    "start", ["server/templates/", "server/demo/", "server/static/styles-", "server/static/editor-"]
)
def test_the_wheel_carries_files_of(names: list[str], start: str) -> None:
    assert any(name.startswith(start) for name in names)


def test_the_wheel_carries_no_tests_and_no_sources_of_the_client(names: list[str]) -> None:
    assert not [name for name in names if name.startswith(("tests/", "client/", "run.py"))]
