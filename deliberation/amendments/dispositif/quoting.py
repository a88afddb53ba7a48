"""Finds the words that a dispositif quotes in a text, and the sentences and lines around them."""

from __future__ import annotations

import re
from functools import lru_cache

_ALIKE = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "‐": "-"})
_LOOSE = re.compile(r"\s{2,}|[^\S ]")
"""Blanks that are one common blank to whoever quotes."""
_LOOSE_OR_SIGNS = re.compile(r"\s+|\*+|\[\^\d+\]|\\(?=[^\w\s])")
"""The same, with the Markdown that a quotation may leave out: emphasis, citations, escapes."""
_SENTENCE_END = re.compile(
    r"[.!?…]+[»”\")\]*]*(?:\[\^\d+\])*(?=[ \u00a0\u202f]+[«“\"(*\[]*[ \u00a0\u202f]?[^\W_a-zà-ÿ])"
)
_SHORTENED = re.compile(r"(?:^|[\s(’'])(?:art|al|cf|p|n|M|MM|Mme|Mmes|Dr|St|Ste|[A-Z]|\d+)\.$")
"""A stop that ends an abbreviation, an initial or the number of an item, and no sentence."""
MARKER = re.compile(r" *(?:[-+*•]|\d+[.)]) +")
"""What opens an item of a list."""
CLOSING = re.compile(r"[.,;:!?…\s\u00a0\u202f]*$")

Stretch = tuple[int, int]
"""Characters [start, end) of a text."""


@lru_cache(maxsize=1024)
def _folded(text: str, without_signs: bool) -> tuple[str, tuple[int, ...]]:
    """The text with typographic variants and runs of blanks unified, and the original position of each character."""
    alike = text.translate(_ALIKE)
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for match in (_LOOSE_OR_SIGNS if without_signs else _LOOSE).finditer(text):
        pieces.append(alike[at : match.start()])
        places.extend(range(at, match.start()))
        at = match.end()
        if match.group().isspace() and not (pieces and "".join(pieces[-2:]).endswith(" ")):
            pieces.append(" ")
            places.append(match.start())
    pieces.append(alike[at:])
    return "".join(pieces), (*places, *range(at, len(text) + 1))


def occurrences(text: str, quote: str, scope: Stretch | None = None) -> list[Stretch]:
    """Where these words occur, as whole words. Typography is ignored; Markdown signs count only if they are quoted.

    If the words are not found as quoted, they are searched in the text without its emphasis, citations and escapes.
    """
    start, end = scope or (0, len(text))
    for without_signs in (False, True):
        found = [x for x in _all(text, quote, without_signs) if start <= x[0] and x[1] <= end]
        if found:
            return found
    return []


@lru_cache(maxsize=4096)
def _all(text: str, quote: str, without_signs: bool) -> tuple[Stretch, ...]:
    folded, places = _folded(text, without_signs)
    wanted = _folded(quote.strip(), without_signs)[0]
    found: list[Stretch] = []
    at = folded.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if _is_cut(folded, at) and _is_cut(folded, end):
            found.append((places[at], places[end - 1] + 1))
        at = folded.find(wanted, at + 1)
    return tuple(found)


def _is_cut(text: str, at: int) -> bool:
    """Whether that position is not inside a word."""
    return at in (0, len(text)) or not (text[at - 1].isalnum() and text[at].isalnum())


def apart(found: list[Stretch]) -> list[Stretch]:
    """The ranges, without those that overlap an earlier one."""
    kept: list[Stretch] = []
    for each in found:
        if not kept or each[0] >= kept[-1][1]:
            kept.append(each)
    return kept


@lru_cache(maxsize=1024)
def lines(text: str) -> tuple[Stretch, ...]:
    """The ranges of the lines that are not blank, without blanks at their ends."""
    return tuple(
        (m.start() + len(m.group()) - len(m.group().lstrip()), m.start() + len(m.group().rstrip()))
        for m in re.finditer(r"[^\n]+", text)
        if m.group().strip()
    )


@lru_cache(maxsize=1024)
def sentences(text: str) -> tuple[Stretch, ...]:
    """The ranges of the sentences; the end of a line ends a sentence."""
    found: list[Stretch] = []
    for start, end in lines(text):
        marker = MARKER.match(text, start, end)
        at = marker.end() if marker else start
        for match in _SENTENCE_END.finditer(text, at, end):
            if not _SHORTENED.search(text[at : match.end()]):
                found.append((at, match.end()))
                at = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
        if at < end:
            found.append((at, end))
    return tuple(found)


def is_sentence(words: str) -> bool:
    """Whether these words form complete sentences: a capital letter first, and a full stop at the end."""
    said = words.strip().strip('*«“" \u00a0\u202f')
    return (
        bool(said) and not said[0].islower() and said[0].isalpha() and words.rstrip('»”"*) \u00a0')[-1:] in set(".!?…")
    )
