"""Two wordings of one clause that were written upon the same one (M13): both where they touch different words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from deliberation.text.words import changes, split_words


def both(base: str, one: str, other: str) -> str | None:
    """`base` with what `one` and `other` changed in it, or None when they changed the same words differently."""
    if one in (other, base):
        return other
    if other == base:
        return one
    words = split_words(base)
    made = sorted({*_made(words, one), *_made(words, other)})
    if any(_touch(before, after) for before, after in pairwise(made)):
        return None
    for start, end, new in reversed(made):
        words[start:end] = new
    return "".join(words)


Made = tuple[int, int, tuple[str, ...]]
"""Words [start, end) of the base give way to these; the same change made twice is one."""


def _made(base: Sequence[str], text: str) -> list[Made]:
    after = split_words(text)
    return [(a1, a2, tuple(after[b1:b2])) for a1, a2, b1, b2 in changes(base, after)]


def _touch(before: Made, after: Made) -> bool:
    """Whether two changes, the first of which begins no later, share words or meet where one of them inserts."""
    return after[0] < before[1] or (after[0] == before[1] and (after[0] == after[1] or before[0] == before[1]))
