"""The commands that the documents show exist, and the files that they link to are there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import run

DOCUMENTS = ("README.md", "CHANGELOG.md", "deliberation/README.md", "server/README.md")
LAUNCHER = re.compile(r"python3 run\.py(?: +([a-z][\w-]*))?")
PRODUCT = re.compile(r"(?:^[ \t]*|[`$] ?|run\.py )pleniere +([a-z][\w-]*)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
SUBCOMMAND = re.compile(r"^ {4}([a-z][\w-]*)", re.MULTILINE)


def product_commands(root: Path) -> set[str]:
    """The subcommands that `pleniere --help` names."""
    shown = subprocess.run([sys.executable, "-m", "server.cli", "--help"], cwd=root, capture_output=True, text=True)
    return set(SUBCOMMAND.findall(shown.stdout))


def unknown_commands(text: str, product: set[str]) -> Iterator[str]:
    yield from (f"run.py {name}" for name in LAUNCHER.findall(text) if name and name not in run.TEXTS)
    yield from (f"pleniere {name}" for name in PRODUCT.findall(text) if name not in product)


def broken_links(text: str, folder: Path) -> Iterator[str]:
    yield from (target for target in LINK.findall(text) if not (folder / target).exists())


def problems(root: Path) -> Iterator[str]:
    product = product_commands(root)
    if not product:
        yield "`pleniere --help` names no command"
    for name in DOCUMENTS:
        path = root / name
        if not path.is_file():
            yield f"{name} is missing"
            continue
        text = path.read_text()
        yield from (
            f"{name} shows a command that does not exist: {command}" for command in unknown_commands(text, product)
        )
        yield from (f"{name} links to {target}, which is not there" for target in broken_links(text, path.parent))
