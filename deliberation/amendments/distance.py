"""Where an amendment first changes the words that it aims at, and how far it departs from them (A7)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim, Span
from deliberation.text import composition
from deliberation.text.edits import tokenise
from deliberation.text.legal_citations import LegalCitation, citation
from deliberation.text.words import aligned

FIGURE = re.compile(r"\d+(?:[\u00a0\u202f]\d{3})*(?:[.,]\d{1,3})?")
"""A number in French notation: digits with no-break spaces between thousands, and up to three decimals."""
THOUSANDTHS = 1000
"""Numbers are compared as integers in thousandths, without rounding."""


@dataclass(frozen=True)
class Distance:
    """How a new wording differs from the words that it replaces.

    `removed` and `added` are numbers of words, as is `total`, that of the words replaced; `start` is the number of
    words before the first change. `adds`: the first change deletes nothing. `whole`: more than half of the words are
    removed, and none is left before the first or after the last change. `gap`: where one number replaces another, their
    difference in thousandths; otherwise 0. `cited`: the article that an addition names first (A64).
    """

    removed: int
    added: int
    total: int
    start: int = 0
    adds: bool = False
    whole: bool = False
    gap: int = 0
    cited: LegalCitation | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """A sort key: by position; at one position additions by the article that each names, then the largest departure
        first.
        """
        if self.adds:
            return self.start, 0, cited_key(self.cited), 0, 0
        return self.start, 1, (), -self.removed - self.added, -self.gap


def cited_key(cited: LegalCitation | None) -> tuple[Any, ...]:
    """A sort key for what is added at one place: by article; what names none comes last."""
    return (1,) if cited is None else (0, *cited)


def texts_of(text: Frozen) -> dict[str, str]:
    """The words of a text by clause; "" is the title."""
    return {clause.id: clause.markdown for clause in text.clauses} | {"": text.title}


def of(amendment: Amendment, said: Mapping[str, str]) -> Distance:
    """The distance of an amendment from the words at which it aims; `said` are the words by clause, the title being "".
    The distance is 0 where an amendment deletes, inserts or moves a clause, or has no exact words yet.
    """
    if amendment.aim is Aim.INSERT:
        return Distance(0, 0, 0, cited=citation(amendment.text))
    if amendment.aim in (Aim.DELETE, Aim.MOVE) or not amendment.is_worded:
        return Distance(0, 0, 0)
    before = said.get("" if amendment.aim is Aim.TITLE else amendment.clause, "")
    return distance(before, amendment.text, amendment.spans)


@lru_cache(maxsize=8192)
def distance(before: str, after: str, spans: tuple[Span, ...] = ()) -> Distance:
    """How far one wording is from another, in the words that were touched (A15); spaces do not count."""
    text, made = tokenise(before), composition.word_edits(before, after, spans)
    old = text.tokens
    removed, added = sum(_counted(old[a:b]) for a, b, _ in made), sum(_counted(new) for *_, new in made)
    total = _total(before)
    visible = [each for each in made if any(not x.isspace() for x in (*old[each[0] : each[1]], *each[2]))] or made
    if not visible:
        return Distance(removed, added, total)
    first, until, brought = visible[0]
    start, end = text.before(first), text.before(until)
    around = not _counted(old[:first]) and not _counted(old[visible[-1][1] :])
    gap = _gap("".join(old[first:until]), "".join(brought)) if len(visible) == 1 else 0
    cited = citation("".join(brought)) if start == end else None
    return Distance(removed, added, total, start, start == end, around and 2 * removed > total, gap, cited)


@lru_cache(maxsize=8192)
def place_in(base: str, text: str, start: int) -> int:
    """The index of the word of the base to which the word `start` of a later version corresponds, or else the next word
    that both have; the number of words of the base if there is none. Spaces do not count.
    """
    before, after = tokenise(base), tokenise(text)
    old, new = ([each.tokens[n] for n in each.words] for each in (before, after))
    return next((i for i, k in aligned(old, new) if k >= start), len(old))


@lru_cache(maxsize=2048)
def _total(text: str) -> int:
    return _counted(tokenise(text).tokens)


def _counted(given: Sequence[str]) -> int:
    return sum(any(x.isalnum() for x in word) for word in given)


def _gap(old: str, new: str) -> int:
    known, wanted = _figure(old), _figure(new)
    return 0 if known is None or wanted is None else abs(known - wanted)


def _figure(words: str) -> int | None:
    """The number that these words consist of, in thousandths; None for other words."""
    if not FIGURE.fullmatch(words.strip()):
        return None
    whole, _, rest = re.sub(r"\s", "", words).replace(",", ".").partition(".")
    return int(whole) * THOUSANDTHS + int(rest.ljust(3, "0") or 0)
