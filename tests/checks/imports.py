"""Parts that may use the standard library only: the rules, the launcher, and the verifier in archives."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ALONE = {"deliberation": {"deliberation"}, "run.py": set[str](), "exports/checking": {"deliberation", "exports"}}
"""What stands alone, and which packages of the product it may import."""
NOW = {"now", "today", "utcnow", "fromtimestamp"}


def imported(tree: ast.AST) -> Iterator[str]:
    """The top-level names of every import, also of those inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def clocks(tree: ast.AST) -> Iterator[int]:
    """The lines where a date is taken from the machine's clock, which no import contract can see."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in NOW:
            yield node.lineno


def problems(root: Path) -> Iterator[str]:
    for name, own in ALONE.items():
        start = root / name
        for path in sorted(start.rglob("*.py")) if start.is_dir() else [start] * start.is_file():
            tree = ast.parse(path.read_text())
            place = path.relative_to(root).as_posix()
            allowed = sys.stdlib_module_names | own
            yield from (f"{place} imports {module}" for module in sorted(set(imported(tree)) - allowed))
            if name == "deliberation":
                yield from (f"{place}:{line} reads the clock" for line in clocks(tree))
