"""What is left of words when typography is set aside: spaces, quotes, apostrophes, first letter, last stop (A53)."""

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
    """Equal for texts that differ by nothing but typography.

    Blanks are one space, and none beside a mark; quotes and apostrophes have one form; the first letter is small, and
    the stop at the end is left out. A question or an exclamation mark says something, and stays.
    """
    blank = " ".join(text.translate(_ALIKE).split())
    bare = _END.sub("", _BESIDE_MARKS.sub("", blank))
    first = next((n for n, letter in enumerate(bare) if letter.isalnum()), 0)
    return bare[:first] + bare[first : first + 1].lower() + bare[first + 1 :]
