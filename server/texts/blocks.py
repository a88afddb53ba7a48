"""The content of a clause as values, to be converted to and from Markdown.

A clause consists of paragraphs and lists. Words may be strong, emphasised or a link; between them are line breaks and
citations of excerpts, `[^12]`. The Markdown is CommonMark, so that what people type and what is shown agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

MAX_URL = 2_000
LAST_START = 99_999
"""The largest number with which a list may begin: CommonMark reads nine digits, and more items follow."""

_ALLOWED_LINK = re.compile(r"https?://[^/\s]|mailto:[^\s]", re.IGNORECASE)
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_ANY_SPACE = re.compile(r"[\t\n\r\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of text with the same marks; `href` is "" outside of links."""

    text: str
    strong: bool = False
    em: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """A line break within a paragraph."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation of an excerpt, by its number."""

    excerpt: int


Inline = TextRun | Break | Citation


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of words, line breaks and citations."""

    inlines: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class List:
    """`start` is the number of the first item of an ordered list, 1 for any other."""

    ordered: bool
    items: tuple[tuple[Block, ...], ...]
    start: int = 1


Block = Paragraph | List


def is_link(href: str) -> bool:
    """Whether links to this address are allowed."""
    return len(href) <= MAX_URL and _ALLOWED_LINK.match(href) is not None and not _UNWANTED.search(href)


def clean(text: str) -> str:
    """The text without control characters; line ends and tabs become spaces."""
    return _UNWANTED.sub("", _ANY_SPACE.sub(" ", text))


def normal(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The canonical form of equal contents: no empty parts, no spaces at edges, equal runs joined, equal lists
    joined.
    """
    kept: list[Block] = []
    for block in blocks:
        shaped = _normal_paragraph(block) if isinstance(block, Paragraph) else _normal_list(block)
        if shaped is None:
            continue
        before = kept[-1] if kept else None
        if isinstance(before, List) and isinstance(shaped, List) and before.ordered == shaped.ordered:
            kept[-1] = replace(before, items=before.items + shaped.items)
        else:
            kept.append(shaped)
    return tuple(kept)


def _normal_list(block: List) -> List | None:
    items = tuple(item for item in map(normal, block.items) if item)
    start = block.start if block.ordered and 0 <= block.start <= LAST_START else 1
    return List(block.ordered, items, start) if items else None


def _normal_paragraph(block: Paragraph) -> Paragraph | None:
    inlines = _joined(_unmarked_spaces(_tidied(block.inlines)))
    lines = [_stripped(line) for line in _lines(inlines)]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    flat = [inline for index, line in enumerate(lines) for inline in ((Break(),) if index else ()) + tuple(line)]
    return Paragraph(tuple(flat)) if flat else None


def _tidied(inlines: Iterable[Inline]) -> Iterator[Inline]:
    for inline in inlines:
        if not isinstance(inline, TextRun):
            yield inline
        elif text := clean(inline.text):
            href = inline.href if is_link(inline.href) else ""
            yield TextRun(text, inline.strong, inline.em, href)


def _unmarked_spaces(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """Moves spaces at the edges of a marked run out of it, because Markdown cannot express them."""
    for inline in inlines:
        if isinstance(inline, TextRun) and (inline.strong or inline.em or inline.href):
            body = inline.text.strip()
            start = inline.text.index(body) if body else len(inline.text)
            yield from _filled(TextRun(inline.text[:start]), replace(inline, text=body))
            yield from _filled(TextRun(inline.text[start + len(body) :]))
        else:
            yield inline


def _filled(*runs: TextRun) -> Iterator[TextRun]:
    return (run for run in runs if run.text)


def _joined(inlines: Iterable[Inline]) -> list[Inline]:
    """Joins runs with the same marks; a space between two runs with the same marks takes these marks."""
    kept: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, TextRun) and kept:
            if (between := _bridge(kept, inline)) is not None:
                kept[-2:] = [between]
                continue
            before = kept[-1]
            if isinstance(before, TextRun) and _marks(before) == _marks(inline):
                kept[-1] = replace(before, text=before.text + inline.text)
                continue
        kept.append(inline)
    return kept


def _bridge(kept: Sequence[Inline], after: TextRun) -> TextRun | None:
    if len(kept) < 2 or _marks(after) == _PLAIN:
        return None
    before, space = kept[-2], kept[-1]
    if (
        not (isinstance(before, TextRun) and isinstance(space, TextRun))
        or space.text.strip()
        or _marks(space) != _PLAIN
    ):
        return None
    return replace(before, text=before.text + space.text + after.text) if _marks(before) == _marks(after) else None


_PLAIN = (False, False, "")


def _marks(words: TextRun) -> tuple[bool, bool, str]:
    return (words.strong, words.em, words.href)


def _lines(inlines: Iterable[Inline]) -> list[list[Inline]]:
    lines: list[list[Inline]] = [[]]
    for inline in inlines:
        if isinstance(inline, Break):
            lines.append([])
        else:
            lines[-1].append(inline)
    return lines


def _stripped(line: list[Inline]) -> list[Inline]:
    """Removes spaces at the edges of the line, which only unmarked runs have."""
    if line and isinstance(line[0], TextRun):
        line[:1] = _filled(replace(line[0], text=line[0].text.lstrip()))
    if line and isinstance(line[-1], TextRun):
        line[-1:] = _filled(replace(line[-1], text=line[-1].text.rstrip()))
    return line


def plain_words(blocks: Iterable[Block], between: str = "") -> str:
    """The visible letters, without marks and citations; `between` is added after each paragraph."""
    return "".join(
        "".join(inline.text for inline in block.inlines if isinstance(inline, TextRun)) + between
        if isinstance(block, Paragraph)
        else "".join(plain_words(item, between) for item in block.items)
        for block in blocks
    )


def runs_of(inlines: Iterable[Inline]) -> list[tuple[str, list[Inline]]]:
    """The inlines grouped by their link, "" for none."""
    grouped = groupby(inlines, key=lambda inline: inline.href if isinstance(inline, TextRun) else "")
    return [(href, list(group)) for href, group in grouped]
