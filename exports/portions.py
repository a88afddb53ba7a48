"""Splits a long Markdown text into portions that are parsed separately, so that the work is linear in its length.

A CommonMark parser can take more than linear time on hostile text. A text is therefore split between its blocks, or
between words of one very long paragraph; a text longer than `MAX_PARSED` is not parsed, and shown without formatting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

MAX_CHARACTERS = 20_000
"""The longest portion that is parsed at once, in characters."""

MAX_PARSED = 100_000
"""Length in characters beyond which a text is not parsed at all."""

_RUNS = re.compile(r"([\[\]()*_`<>!&\\~])\1{40,}")
_BLOCK = re.compile(r"(?:[-*+]|\d{1,9}[.)])\s")
_WORD = re.compile(r"\s(?=[^\W\d_])")
_SIGNS = re.compile(
    r"\\([!-/:-@\[-`{-~])|&#(\d{1,7});|\[([^\[\]]{0,300})\]\(<?[^()\s<>]{1,2000}>?\)|\[\^\d{1,9}\]"
    r"|(?<![\s*])\*{1,3}(?!\*)|(?<!\*)\*{1,3}(?![\s*])"
)


class Portion(NamedTuple):
    """A portion of a text. `is_parsed`: it is to be parsed as Markdown; `goes_on`: it continues the paragraph of the
    portion before.
    """

    text: str
    is_parsed: bool = True
    goes_on: bool = False


def portions(text: str) -> tuple[Portion, ...]:
    """The portions of the text in order; a single one for texts of up to `MAX_CHARACTERS`."""
    if len(text) <= MAX_CHARACTERS:
        return (Portion(text, _RUNS.search(text) is None),)
    if len(text) > MAX_PARSED:
        return (Portion(text, False),)
    return tuple(each for packed in _packed(_units(text)) for each in _cut(packed))


def words_of(text: str) -> str:
    """The text without Markdown signs, in one pass: escapes, emphasis, links and citations are reduced to their
    words.
    """
    return _SIGNS.sub(_said, text)


def _said(match: re.Match[str]) -> str:
    escaped, reference, link = match.groups()
    if reference is not None:
        return chr(int(reference)) if 31 < int(reference) < 0x110000 else ""
    return escaped or link or ""


def _units(text: str) -> Iterator[str]:
    """Groups of lines between which the text may be split: before an unindented paragraph or item."""
    unit: list[str] = []
    blank = False
    for line in text.splitlines(keepends=True):
        if unit and not line[0].isspace() and (blank or _BLOCK.match(line)):
            yield "".join(unit)
            unit = []
        unit.append(line)
        blank = not line.strip()
    yield "".join(unit)


def _packed(units: Iterator[str]) -> Iterator[str]:
    """Joins units into texts of at most `MAX_CHARACTERS`; a longer unit stays alone."""
    kept: list[str] = []
    length = 0
    for unit in units:
        if kept and length + len(unit) > MAX_CHARACTERS:
            yield "".join(kept)
            kept, length = [], 0
        kept.append(unit)
        length += len(unit)
    yield "".join(kept)


def _cut(text: str) -> Iterator[Portion]:
    """Splits a longer paragraph between words, never where the rest would begin another kind of block."""
    goes_on = False
    while len(text) > MAX_CHARACTERS:
        places = [match.start() for match in _WORD.finditer(text, MAX_CHARACTERS // 2, MAX_CHARACTERS)]
        if not places:
            yield Portion(text, False, goes_on)
            return
        yield Portion(text[: places[-1]], _RUNS.search(text[: places[-1]]) is None, goes_on)
        text, goes_on = text[places[-1] + 1 :], True
    yield Portion(text, _RUNS.search(text) is None, goes_on)
