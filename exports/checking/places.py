"""Shows people where two versions of a file begin to differ."""

from __future__ import annotations

from itertools import zip_longest

from deliberation.record.report import Finding

BEFORE, AFTER = 24, 40
"""The number of characters shown before and from the first difference."""


def differs(code: str, path: str, found: bytes, expected: bytes) -> Finding:
    """The finding that shows the first difference between a file and the expected content."""
    here, there = found.decode("utf-8", "replace"), expected.decode("utf-8", "replace")
    pairs = enumerate(zip_longest(here.split("\n"), there.split("\n"), fillvalue=""), 1)
    line, (one, other) = next(((n, pair) for n, pair in pairs if pair[0] != pair[1]), (1, ("", "")))
    at = first_difference(one, other)
    return Finding(code, path, line=line, params={"found": excerpt(one, at), "expected": excerpt(other, at)})


def first_difference(one: str, other: str) -> int:
    """The index of the first character in which two texts differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def excerpt(text: str, at: int) -> str:
    """The text around that index on one line, with … where it is cut."""
    start = max(0, at - BEFORE)
    shown = " ".join(text[start : at + AFTER].split())
    return ("…" if start else "") + shown + ("…" if at + AFTER < len(text) else "")
