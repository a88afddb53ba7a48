"""The map of the server names each module once; no class name serves two things."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

MAP = Path("server/README.md")
HEADING = re.compile(r"^### `([\w/]+)/`", re.MULTILINE)
LINE = re.compile(r"^- `([\w.]+\.py)`: ", re.MULTILINE)
PLACE = re.compile(r"`([\w.]+/[\w./]*)`")
PACKAGES = ("deliberation", "exports", "server")


def problems(root: Path) -> Iterator[str]:
    yield from map_problems(root)
    yield from name_problems(root)


def map_problems(root: Path) -> Iterator[str]:
    """A module that the map lacks or names twice, and a line for a module that is not there."""
    path = root / MAP
    if not path.is_file():
        yield f"{MAP} is missing"
        return
    named = Counter(mapped(path.read_text()))
    there = {found.relative_to(root).as_posix() for found in (root / "server").rglob("*.py") if is_module(found)}
    yield from (f"{MAP} does not name {module}" for module in sorted(there - named.keys()))
    yield from (f"{MAP} names {module}, which is not there" for module in sorted(named.keys() - there))
    yield from (f"{MAP} names {module} {times} times" for module, times in sorted(named.items()) if times > 1)
    yield from (f"{MAP} speaks of {place}, which is not there" for place in spoken_of(path.read_text(), root))


def is_module(path: Path) -> bool:
    """Whether it holds code: an `__init__.py` says what its folder is, which the map's heading says too."""
    return path.name != "__init__.py"


def mapped(text: str) -> Iterator[str]:
    """The modules that the map names: each line below a heading that names its folder."""
    parts = HEADING.split(text)
    for folder, lines in zip(parts[1::2], parts[2::2], strict=True):
        yield from (f"{folder}/{module}" for module in LINE.findall(lines))


def spoken_of(text: str, root: Path) -> Iterator[str]:
    """The files and folders that the journeys name and that are not there; from the server's folder or the root."""
    for place in sorted({*PLACE.findall(text)}):
        if not (root / "server" / place).exists() and not (root / place).exists():
            yield place


def name_problems(root: Path) -> Iterator[str]:
    """A class name that two modules define."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(path.relative_to(root).as_posix())
    yield from (f"class {name} stands in {' and '.join(found)}" for name, found in places.items() if len(found) > 1)
