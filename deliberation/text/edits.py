"""Edits of a text by several amendments as values, and texts cut into tokens (words and the spaces between them)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from deliberation.text.words import split_words

BASE = 0
"""The origin of the words of the base text."""


@dataclass(frozen=True)
class Edit:
    """Replaces the tokens [start, end) of a clause (or of the title, clause "") by `words`, in the name of one
    amendment.

    Spaces are tokens too. `by` gives the origin of each token: the amendment, or one of its sub-amendments.
    """

    amendment: int
    clause: str
    start: int
    end: int
    words: tuple[str, ...]
    by: tuple[int, ...]


class PlacedWord(NamedTuple):
    """A token of a composed text: its origin, and its position among the tokens of the base if it comes from there."""

    word: str
    by: int
    place: int | None = None


Change = tuple[int, int, int, int]
"""Words [a1, a2) of the old text give way to words [b1, b2) of the new one."""
WordEdit = tuple[int, int, tuple[str, ...]]
"""Words [start, end) of a text give way to these."""


class TokenisedText(NamedTuple):
    """A text cut into `tokens`, spaces included. `words` are the positions of those that are not spaces.

    `starts` are the character offsets of the tokens, and the length of the text. Gap g lies before word g, the last one
    after the last word: `gaps[g]` are the positions [first, end) of its spaces among the tokens.
    """

    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    words: tuple[int, ...]
    gaps: tuple[tuple[int, int], ...]

    def space(self, gap: int) -> str:
        start, end = self.gaps[gap]
        return self.tokens[start] if end - start == 1 else "".join(self.tokens[start:end])

    def word(self, at: int) -> str:
        return self.tokens[self.words[at]]

    def before(self, token: int) -> int:
        """The number of words before that token."""
        return bisect_left(self.words, token)


@lru_cache(maxsize=2048)
def tokenise(text: str) -> TokenisedText:
    return from_tokens(split_words(text))


def from_tokens(tokens: Iterable[str]) -> TokenisedText:
    tokens = tuple(tokens)
    words = tuple(n for n, token in enumerate(tokens) if not token.isspace())
    ends = (-1, *words, len(tokens))
    return TokenisedText(tokens, tuple(starts_of(tokens)), words, tuple((a + 1, b) for a, b in pairwise(ends)))


def starts_of(tokens: Iterable[str]) -> list[int]:
    """The character offset of each word, and of the end of the last one."""
    return list(accumulate((len(token) for token in tokens), initial=0))


def as_changes(edits: Iterable[WordEdit]) -> tuple[Change, ...]:
    """The edits, given in order, as token positions: [start, end) in the old text, then [start, end) in the new one."""
    found: list[Change] = []
    shift = 0
    for start, end, words in edits:
        found.append((start, end, start + shift, start + shift + len(words)))
        shift += len(words) - (end - start)
    return tuple(found)


def as_word_edits(changes: Iterable[Change], after: Sequence[str]) -> tuple[WordEdit, ...]:
    return tuple((a1, a2, tuple(after[b1:b2])) for a1, a2, b1, b2 in changes)
