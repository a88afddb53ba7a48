"""An empty folder, Python and nothing else: the first start sets everything up, the second does nothing twice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.server_process import LINK, environment, free_port
from tests.waiting import WITHIN, until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, without anything that was installed or built."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    copy = tmp_path_factory.mktemp("fresh")
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def bare_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A path with a shell and no Node, make or Graphviz."""
    bare = tmp_path_factory.mktemp("bin")
    for name in ("sh", "env"):
        (bare / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    return str(bare)


class Started:
    def __init__(self, folder: Path, path: str) -> None:
        self.port = free_port()
        self.output = folder / f"{self.port}.log"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [os.path.realpath(sys.executable), str(folder / "run.py")],
                cwd=folder,
                env=environment(folder / "data", PORT=str(self.port), PATH=path),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        until(lambda: self.process.poll() is not None or self.answers(), self.output.read_text, 600)
        assert self.process.poll() is None, self.output.read_text()

    def answers(self) -> bool:
        try:
            return (
                httpx.get(f"http://127.0.0.1:{self.port}/c/demo/", timeout=WITHIN, trust_env=False).status_code == 200
            )
        except httpx.TransportError:
            return False

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WITHIN)


@pytest.fixture(scope="module")
def first(folder: Path, bare_path: str) -> tuple[str, int]:
    started = Started(folder, bare_path)
    status = started.stop()
    return started.output.read_text(), status


@pytest.mark.slow(20)
def test_the_first_start_serves_the_demonstration_and_prints_three_links(first: tuple[str, int]) -> None:
    said, status = first
    assert len(LINK.findall(said)) == 3
    assert status in {0, -signal.SIGTERM}


@pytest.mark.slow(20)
def test_the_second_start_repeats_no_step(first: tuple[str, int], folder: Path, bare_path: str) -> None:
    """How long it takes is measured by `run.py bench start`."""
    started = Started(folder, bare_path)
    started.stop()
    assert "·" not in started.output.read_text().split("http")[0]
