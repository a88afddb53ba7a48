"""No test waits for a time on a real clock: it waits for a condition (`tests/waiting.py`) or scripts the clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

SLEEP = re.compile(r"(?:\b(?:asyncio|time)\.sleep|\bsleep|wait_for_timeout)\(")
ALLOWED = {
    "tests/waiting.py",
    "tests/simulation/virtual_time.py",
    "tests/satellite.py",
    "tests/server/memory_storage.py",
    "tests/exports/test_layout.py",
}
"""Where waiting is the subject: the helpers themselves, a line or a disk that is slow on purpose, a program that
never ends."""
APART = {"bench", "checks"}


def problems(root: Path) -> Iterator[str]:
    for path in sorted((root / "tests").rglob("*.py")):
        place = path.relative_to(root).as_posix()
        if place in ALLOWED or APART & set(path.parts):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if SLEEP.search(line):
                yield f"{place}:{number} sleeps: wait for a condition, or script the clock"
