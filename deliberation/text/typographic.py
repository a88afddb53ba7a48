"""Compares words regardless of typography: spaces, quotes, apostrophes, first letter and final full stop (A53)."""

from __future__ import annotations

import re
from functools import lru_cache

_ALIKE = str.maketrans(
    {"’": "'", "ʼ": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": ".", "‐": "-", "‑": "-"}
)
_BESIDE_MARKS = re.compile(r"(?<=[^\w\s]) | (?=[^\w\s])")
_END = re.compile(r"[\s.,;:]+$")


@lru_cache(maxsize=8192)
def typographic_key(text: str) -> str:
    """Equal for texts that differ only by typography.

    Blanks become one space, or none next to a mark; quotes and apostrophes take one form; the first letter is lowered,
    and a final full stop is dropped. Question and exclamation marks are kept, because they carry meaning.
    """
    blank = " ".join(text.translate(_ALIKE).split())
    bare = _END.sub("", _BESIDE_MARKS.sub("", blank))
    first = next((n for n, letter in enumerate(bare) if letter.isalnum()), 0)
    return bare[:first] + bare[first : first + 1].lower() + bare[first + 1 :]
