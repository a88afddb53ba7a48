"""Every numbered rule of deliberation/README.md is cited by a test, and tests cite no rule that is not there.

A rule begins a line with its number in bold (`**T1.**`); a test cites it in a docstring or a comment.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

RULE = re.compile(r"^(?:[-*] )?\*\*([A-Z]\d+)\.\*\*", re.MULTILINE)


def numbered(text: str) -> list[str]:
    """The rule numbers of the document, in its order."""
    return RULE.findall(text)


def citations(source: str) -> Iterator[str]:
    """The comments and docstrings of a test module."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string.partition("# noqa")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


def cited(sources: Iterable[str], letters: str) -> set[str]:
    number = re.compile(rf"\b[{letters}]\d+\b")
    return {found for source in sources for text in citations(source) for found in number.findall(text)}


def problems(root: Path) -> Iterator[str]:
    document = root / "deliberation" / "README.md"
    if not document.is_file():
        yield "deliberation/README.md is missing"
        return
    rules = numbered(document.read_text())
    if not rules:
        yield "deliberation/README.md has no numbered rule"
        return
    yield from (f"rule {rule} is numbered twice" for rule in sorted({rule for rule in rules if rules.count(rule) > 1}))
    tests = (path for path in (root / "tests").rglob("test_*.py") if "checks" not in path.parts)
    found = cited((path.read_text() for path in tests), "".join(sorted({rule[0] for rule in rules})))
    yield from (f"rule {rule} is cited by no test" for rule in rules if rule not in found)
    yield from (f"a test cites {rule}, which is no rule" for rule in sorted(found - set(rules)))
