"""The client's own tests, run by vitest, as one test of the suite."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

CLIENT = Path(__file__).resolve().parents[2] / "client"


def npm(*arguments: str) -> str:
    program = shutil.which("npm") or "npm"
    environment = os.environ | {"NO_COLOR": "1", "CI": "1"}
    done = subprocess.run([program, *arguments], cwd=CLIENT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_client_passes_its_own_tests(node: str) -> None:
    npm("test", "--silent")


def test_the_islands_keep_to_their_budgets(node: str) -> None:
    assert "edit page" in npm("run", "--silent", "size")
