"""Estimates the width of words and breaks lines, without a font.

Widths are those of a wide sans-serif face (DejaVu, Verdana), so that other faces fit too. They do not depend on the
machine, so pictures are the same everywhere.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

NARROW = frozenset("iljtfrI.,;:!'’|()[] \u00a0\u202f")
WIDE = frozenset("mwMWÆŒæœ@%—…")
LINES = 6


@lru_cache(maxsize=8192)
def _letter(letter: str) -> float:
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Cf", "Mn", "Me"}:
        return 0.0
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return 1.05
    base = unicodedata.normalize("NFD", letter)[0]
    if base in NARROW:
        return 0.37
    if base in WIDE:
        return 0.95
    return 0.72 if base.isupper() else 0.615


def width(text: str) -> float:
    """The estimated width of a text in ems."""
    return sum(map(_letter, text))


def wrap(text: str, columns: int) -> tuple[str, ...]:
    """Breaks a text into lines of about `columns` letters; at most six, the last one ending with … if something is left
    out.
    """
    limit = columns * 0.615
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, limit):
            joined = f"{lines[-1]} {piece}".strip()
            if width(joined) <= limit or not lines[-1]:
                lines[-1] = joined
            else:
                lines.append(piece)
        if len(lines) > LINES:
            return (*lines[: LINES - 1], lines[LINES - 1][: columns - 1] + "…")
    return tuple(lines)


def _pieces(word: str, limit: float) -> list[str]:
    """A word, split if it is wider than `limit` ems."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1]) + _letter(letter) > limit:
            pieces.append("")
        pieces[-1] += letter
    return pieces
