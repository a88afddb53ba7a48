"""Splits a text into words and compares texts word by word (A9).

A word includes its apostrophes, hyphens and no-break spaces: amendments never cut inside it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

_WORD = r"(?:\d+(?:[.,]\d+)+(?!\w)|\w[\w\u0300-\u036f]*)"
WORD = re.compile(
    r"\\[^\w\s]"  # an escaped mark
    r"|\[\^\d+\]"  # a citation
    rf"|{_WORD}(?:[’'\-\u2010\u2011\u00ad\u00a0\u202f]{_WORD})*[’']?"
    r"|\*+"
    r"|[ \t\u00a0\u202f]+"
    r"|\n+"
    r"|[^\w\s]",
)

EASY = 4_000
"""Pairs of equal words up to which every one of them is weighed; beyond, words that stand once lead the way."""
DEEPEST = 20
"""How often a stretch is cut again at words that stand once in it: what no cut opens up is one change."""

Pairs = list[tuple[int, int]]
Change = tuple[int, int, int, int]
"""Words [a1, a2) of the old text give way to words [b1, b2) of the new one."""


def split_words(text: str) -> list[str]:
    """The words, spaces and punctuation marks of a text, in order; joining them gives the text back."""
    words: list[str] = []
    at = 0
    for match in WORD.finditer(text):
        if match.start() > at:
            words.append(text[at : match.start()])
        words.append(match.group())
        at = match.end()
    if at < len(text):
        words.append(text[at:])
    return words


def diff_words(old: str, new: str) -> list[tuple[str, str]]:
    """The difference as ("equal" | "delete" | "insert", text) pieces, deletions before insertions."""
    before, after = split_words(old), split_words(new)
    return pieces_of(before, after, changes(before, after))


def pieces_of(before: Sequence[str], after: Sequence[str], changed: Iterable[Change]) -> list[tuple[str, str]]:
    """The pieces of `diff_words`, for changes that are already known."""
    pieces: list[tuple[str, str]] = []
    at = 0
    for a1, a2, b1, b2 in changed:
        pieces.append(("equal", "".join(before[at:a1])))
        pieces.append(("delete", "".join(before[a1:a2])))
        pieces.append(("insert", "".join(after[b1:b2])))
        at = a2
    pieces.append(("equal", "".join(before[at:])))
    return [piece for piece in pieces if piece[1]]


def changes(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """The changes, in order, separated by at least one unchanged word. Takes about n log n steps for any input."""
    kept = [(-1, -1), *_kept(before, after), (len(before), len(after))]
    return [(i + 1, j, k + 1, m) for (i, k), (j, m) in pairwise(kept) if j - i > 1 or m - k > 1]


def _kept(before: Sequence[str], after: Sequence[str]) -> Pairs:
    """Pairs of positions that stay. Words are compared without spaces; a space stays if it is next to a kept word."""
    old = [i for i, word in enumerate(before) if not word.isspace()]
    new = [i for i, word in enumerate(after) if not word.isspace()]
    shared = aligned([before[i] for i in old], [after[i] for i in new])
    kept = [(-1, -1), *((old[i], new[k]) for i, k in shared), (len(before), len(after))]
    found: Pairs = []
    for (i, k), (j, m) in pairwise(kept):
        first, last = _ends(before, after, i + 1, j, k + 1, m)
        found += [(i + 1 + n, k + 1 + n) for n in range(first)]
        found += [(j - n, m - n) for n in range(last, -1, -1)]
    return found[:-1]


def _ends(before: Sequence[str], after: Sequence[str], a1: int, a2: int, b1: int, b2: int) -> tuple[int, int]:
    """The number of words that two stretches share at the beginning, and at the end of what remains."""
    shortest = min(a2 - a1, b2 - b1)
    first = next((n for n in range(shortest) if before[a1 + n] != after[b1 + n]), shortest)
    left = shortest - first
    last = next((n for n in range(left) if before[a2 - 1 - n] != after[b2 - 1 - n]), left)
    return first, last


def aligned(before: Sequence[str], after: Sequence[str], depth: int = 0) -> Pairs:
    """Pairs of positions of words that both texts share, increasing in both."""
    first, last = _ends(before, after, 0, len(before), 0, len(after))
    end, other_end = len(before) - last, len(after) - last
    inner, other = before[first:end], after[first:other_end]
    between = _between(inner, other, depth) if inner and other else []
    return [
        *((n, n) for n in range(first)),
        *((i + first, k + first) for i, k in between),
        *((end + n, other_end + n) for n in range(last)),
    ]


def _between(before: Sequence[str], after: Sequence[str], depth: int) -> Pairs:
    known = Counter(after)
    if sum(known[word] for word in before) <= EASY:
        blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        return [(block.a + n, block.b + n) for block in blocks for n in range(block.size)]
    anchors = list(_anchors(before, after)) if depth < DEEPEST else []
    return list(_around(before, after, anchors, depth + 1)) if anchors else []


def _around(before: Sequence[str], after: Sequence[str], anchors: Pairs, depth: int) -> Iterator[tuple[int, int]]:
    """The anchors, and the shared words between them."""
    for (i, k), (j, m) in pairwise([(-1, -1), *anchors, (len(before), len(after))]):
        yield from ((i + 1 + a, k + 1 + b) for a, b in aligned(before[i + 1 : j], after[k + 1 : m], depth))
        if j < len(before):
            yield j, m


def _anchors(before: Sequence[str], after: Sequence[str]) -> Iterable[tuple[int, int]]:
    """The words that occur exactly once in both texts, as many as keep their order."""
    once, places = Counter(before), Counter(after)
    where = {word: k for k, word in enumerate(after) if places[word] == 1}
    return _rising([(i, where[word]) for i, word in enumerate(before) if once[word] == 1 and word in where])


def _rising(pairs: Pairs) -> Pairs:
    """A longest subsequence of pairs whose second numbers increase."""
    ends: list[int] = []
    at: list[int] = []
    previous: list[int] = []
    for n, (_, k) in enumerate(pairs):
        length = bisect_left(ends, k)
        previous.append(at[length - 1] if length else -1)
        ends[length : length + 1] = [k]
        at[length : length + 1] = [n]
    found: Pairs = []
    n = at[-1] if at else -1
    while n >= 0:
        found.append(pairs[n])
        n = previous[n]
    return found[::-1]
