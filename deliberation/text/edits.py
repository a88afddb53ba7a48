"""Edits of a text by several amendments, as values, and the text cut into words and what separates them."""

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
    """Words [start, end) of a clause (or of the title, clause "") give way to `words`, by one amendment.

    Spaces count among the words. `by` names the origin of each word: the amendment, or one of its sub-amendments.
    """

    amendment: int
    clause: str
    start: int
    end: int
    words: tuple[str, ...]
    by: tuple[int, ...]


class PlacedWord(NamedTuple):
    """A word of a made text: its origin, and its place among the words of the base where it was left from there."""

    word: str
    by: int
    place: int | None = None


Change = tuple[int, int, int, int]
"""Words [a1, a2) of the old text give way to words [b1, b2) of the new one."""
WordEdit = tuple[int, int, tuple[str, ...]]
"""Words [start, end) of a text give way to these."""


class TokenisedText(NamedTuple):
    """A text cut into `tokens`, spaces included. `words` are the places of those that are no spaces.

    `starts` are the characters at which the tokens begin, and that at which the last one ends. Gap g stands before word
    g, the last one after the last word: `gaps[g]` are the places of its spaces, [first, end).
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
        """How many words stand before that place among the tokens."""
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
    """The character at which each word begins, and that at which the last one ends."""
    return list(accumulate((len(token) for token in tokens), initial=0))


def as_changes(made: Iterable[WordEdit]) -> tuple[Change, ...]:
    """Edits in order, with the places of their words in the text that they make."""
    found: list[Change] = []
    shift = 0
    for start, end, words in made:
        found.append((start, end, start + shift, start + shift + len(words)))
        shift += len(words) - (end - start)
    return tuple(found)


def as_word_edits(changes: Iterable[Change], after: Sequence[str]) -> tuple[WordEdit, ...]:
    return tuple((a1, a2, tuple(after[b1:b2])) for a1, a2, b1, b2 in changes)
