"""Which way of voting it is, is asked in the tables alone: everything else reads an attribute of a row (W1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLES = {
    "deliberation/kernel/vocabulary.py",
    "deliberation/votes/ways.py",
    "server/pages/votes/ways.py",
    "server/demo/sittings.py",
    "server/demo/ways.py",
}
"""The vocabulary, the two tables, and the demonstration, which opens polls of its own in given ways."""
ASKED = re.compile(r"\bWay\.[A-Z]|\.way(?:\.value)? (?:[!=]==?|is|in) (?!not USUAL)|labels\.WAYS")


def sources() -> Iterator[tuple[str, str]]:
    """The files of the product by their path below the root."""
    for folder, kinds in (("deliberation", "py"), ("exports", "py html"), ("server", "py html"), ("client/vote", "ts")):
        for kind in kinds.split():
            for path in sorted((ROOT / folder).rglob(f"*.{kind}")):
                if not {"static", "node_modules"} & set(path.parts):
                    yield str(path.relative_to(ROOT)), path.read_text("utf-8")


def test_no_way_is_asked_for_outside_the_tables() -> None:
    found = {name for name, text in sources() if ASKED.search(text)}
    assert found <= TABLES
    assert "deliberation/votes/ways.py" in found
