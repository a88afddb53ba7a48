"""Blocks to Markdown and back.

The writer checks its own output: emphasis that CommonMark would not read back as meant (« l**"a"**b ») is written with
character references beside it, and loses its marks if that does not help either. Words are never lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from exports.portions import portions, words_of
from server.texts.blocks import Block, Break, Citation, Inline, List, Paragraph, TextRun, is_link, normal, runs_of

MAX_CHARACTERS = 20_000
"""Characters of Markdown beyond which a paragraph is written without its marks."""

PARAGRAPHS_KEPT = 4_096
"""Paragraphs whose Markdown is cached: in a long text, one changes at a time."""

Piece = tuple[str, Inline | None]
"""A part of a paragraph's Markdown, and the inline that it writes; None for signs in between."""

MAX_LEVELS = 6
"""Levels of nested lists; deeper ones are flattened."""

_CITATION = re.compile(r"\[\^([1-9][0-9]{0,8})\]")
_SPECIAL = re.compile(r"[\\`\[\]<]|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])|&(?=[#A-Za-z])|!$")
_LINE_START = re.compile(r"(?:[-+=#:>~]|\*(?=\s)|(\d{1,9})(?=[.)]))")
_PLAIN_LINK = re.compile(r"[^\s()<>\\&\x80-\U0010ffff]+")
_LINK_SPECIAL = re.compile(r"[<>&\\]")
_LONG_RUNS = re.compile(r"([\[\]()*_`<>!&\\~])\1{40,}")


def write(blocks: Iterable[Block]) -> str:
    """The Markdown of a clause."""
    return _blocks(_flattened(normal(blocks), MAX_LEVELS))


def write_with_positions(blocks: Iterable[Block]) -> tuple[str, str, tuple[int, ...]]:
    """The Markdown of a clause, its letters (`MARK` for a citation), and the position of each of them in the
    Markdown.
    """
    shaped = _flattened(normal(blocks), MAX_LEVELS)
    text = _blocks(shaped)
    lines = iter(_line_ends(text))
    letters = ""
    places: list[int] = []
    for paragraph in _paragraphs(shaped):
        written = _paragraph(paragraph)
        said, at = _places(paragraph, written)
        ends = [(len(line), next(lines)) for line in written.split("\n")]
        letters += said
        places += _moved(at, ends)
    return text, letters, tuple(places)


MARK = "\ufffc"
"""Stands for a citation among letters."""


def _line_ends(text: str) -> Iterator[int]:
    """The ends of the non-empty lines: each holds one line of a paragraph, after list markers and indentation."""
    at = 0
    for line in text.split("\n"):
        at += len(line) + 1
        if line:
            yield at - 1


def _paragraphs(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            for item in block.items:
                yield from _paragraphs(item)


def _moved(places: Iterable[int], ends: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Positions in a paragraph as positions in the whole: `ends` are the length of each line and where it ends
    there.
    """
    rows = iter(ends)
    length, end = next(rows)
    start = 0
    for place in places:
        while place > start + length:
            start += length + 1
            length, end = next(rows)
        yield end - length + place - start


def _places(paragraph: Paragraph, written: str) -> tuple[str, list[int]]:
    """The letters of a paragraph, and the position of each in its Markdown."""
    pieces = next(pieces for pieces in _variants(paragraph) if _lined("".join(text for text, _ in pieces)) == written)
    letters, at = "", 0
    places: list[int] = []
    shift = _Shift(written, "".join(text for text, _ in pieces))
    for text, inline in pieces:
        if isinstance(inline, Citation):
            letters += MARK
            places.append(shift.of(at))
        elif isinstance(inline, TextRun):
            letters += inline.text
            places += [shift.of(at + offset) for offset in _offsets(text, inline.text)]
        at += len(text)
    return letters, places


class _Shift:
    """Converts positions in a paragraph to those after its lines were escaped; they must be asked for in ascending
    order.
    """

    def __init__(self, written: str, plain: str) -> None:
        self._written, self._plain, self._at, self._by = written, plain, 0, 0

    def of(self, place: int) -> int:
        while self._at <= place:
            if self._written[self._at + self._by] != self._plain[self._at]:
                self._by += 1
            else:
                self._at += 1
        return place + self._by


def _offsets(text: str, letters: str) -> Iterator[int]:
    """The position of each letter in a written run, in which it may be escaped or a character reference."""
    if text == letters:
        yield from range(len(letters))
        return
    at = 0
    for letter in letters:
        reference = f"&#{ord(letter)};"
        if text.startswith(reference, at):
            yield at
            at += len(reference)
            continue
        at += text[at] == "\\"
        yield at
        at += 1


def read(markdown: str) -> tuple[Block, ...]:
    """The blocks of a Markdown text; headings, images and HTML stay as the characters typed."""
    found: list[Block] = []
    for portion in portions(markdown):
        blocks = _parsed(portion.text) if portion.is_parsed else _unparsed(portion.text)
        if portion.goes_on and found and blocks:
            found[-1:] = _as_one(found[-1], blocks[0])
            blocks = blocks[1:]
        found += blocks
    return normal(found)


def _parsed(markdown: str) -> tuple[Block, ...]:
    return normal(_Tokens(_PARSER.parse(markdown)).blocks())


def _as_one(before: Block, after: Block) -> tuple[Block, ...]:
    if not isinstance(before, Paragraph) or not isinstance(after, Paragraph):
        return (before, after)
    return (Paragraph((*before.inlines, TextRun(" "), *after.inlines)),)


def _reads_back(text: str, paragraph: Paragraph) -> bool:
    """Whether the written text is read back as the same. Must not change: records depend on its results."""
    if len(text) > MAX_CHARACTERS or _LONG_RUNS.search(text):
        return _plain(text) == (paragraph,)
    return _parsed(text) == (paragraph,)


def _unparsed(markdown: str) -> tuple[Block, ...]:
    """The words and the citations of a text that is not parsed."""
    paragraphs = re.split(r"\n[ \t]*\n", markdown)
    return normal(Paragraph(tuple(_unparsed_inlines(each))) for each in paragraphs)


def _unparsed_inlines(text: str) -> Iterator[Inline]:
    for index, part in enumerate(_CITATION.split(text)):
        if index % 2:
            yield Citation(int(part))
        else:
            yield from _plain_lines(words_of(part))


def _plain(markdown: str) -> tuple[Block, ...]:
    paragraphs = re.split(r"\n[ \t]*\n", markdown)
    return normal(Paragraph(tuple(_plain_lines(each))) for each in paragraphs)


def _plain_lines(text: str) -> Iterator[Inline]:
    for index, line in enumerate(text.splitlines()):
        if index:
            yield Break()
        yield TextRun(line)


# Writing


def _blocks(blocks: Sequence[Block]) -> str:
    return "\n\n".join(_paragraph(block) if isinstance(block, Paragraph) else _list(block) for block in blocks)


def _list(block: List) -> str:
    loose = any(len(item) > 1 and not _is_tight(item) for item in block.items)
    written = [
        _item(f"{number}. " if block.ordered else "- ", item) for number, item in enumerate(block.items, block.start)
    ]
    return ("\n\n" if loose else "\n").join(written)


def _is_tight(item: Sequence[Block]) -> bool:
    """Whether an item is one paragraph, or one followed by one list. CommonMark lets only lists that start from 1
    follow on the next line.
    """
    return len(item) == 1 or (
        len(item) == 2 and isinstance(item[0], Paragraph) and isinstance(item[1], List) and item[1].start == 1
    )


def _item(marker: str, item: Sequence[Block]) -> str:
    text = _blocks(item) if not _is_tight(item) else "\n".join(_blocks((block,)) for block in item)
    return marker + text.replace("\n", "\n" + " " * len(marker)).replace("\n" + " " * len(marker) + "\n", "\n\n")


def _flattened(blocks: Sequence[Block], levels: int) -> tuple[Block, ...]:
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            kept.append(block)
        elif levels:
            kept.append(replace(block, items=tuple(_flattened(item, levels - 1) for item in block.items)))
        else:
            kept.extend(_flattened([inner for item in block.items for inner in item], 0))
    return normal(kept)


@lru_cache(maxsize=PARAGRAPHS_KEPT)
def _paragraph(paragraph: Paragraph) -> str:
    plain, safe, unmarked = _variants(paragraph)
    for pieces in (plain, safe):
        text = _lined("".join(text for text, _ in pieces))
        if _reads_back(text, paragraph):
            return text
    return _lined("".join(text for text, _ in unmarked))


def _variants(paragraph: Paragraph) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """The ways to write a paragraph: plainly, with character references, without emphasis."""
    unmarked = [replace(i, strong=False, em=False) if isinstance(i, TextRun) else i for i in paragraph.inlines]
    return _inlines(paragraph.inlines, False), _inlines(paragraph.inlines, True), _inlines(unmarked, False)


def _inlines(inlines: Iterable[Inline], safely: bool) -> list[Piece]:
    return [piece for href, group in runs_of(inlines) for piece in _linked(href, group, safely)]


def _lined(text: str) -> str:
    return "\n".join(map(_line, text.split("\n")))


def _linked(href: str, group: Sequence[Inline], safely: bool) -> list[Piece]:
    pieces = _marked(group, safely)
    return [("[", None), *pieces, (f"]({_destination(href)})", None)] if href else pieces


def _destination(href: str) -> str:
    if _PLAIN_LINK.fullmatch(href):
        return href
    return "<" + _LINK_SPECIAL.sub(r"\\\g<0>", href) + ">"


def _marked(group: Sequence[Inline], safely: bool) -> list[Piece]:
    """The pieces of a group with nested marks: the mark that lasts longest is opened first."""
    out: list[Piece] = []
    open_: list[str] = []
    for index, inline in enumerate(group):
        wanted = _wanted(inline)
        while any(mark not in wanted for mark in open_):
            out.append((open_.pop(), None))
        missing = sorted((m for m in wanted if m not in open_), key=lambda m: -_lasts(group[index:], m))
        for mark in missing:
            out.append((mark, None))
            open_.append(mark)
        out.append((_inline(inline, safely and any(_wanted(i) for i in group)), inline))
    return out + [(mark, None) for mark in open_[::-1]]


def _wanted(inline: Inline) -> tuple[str, ...]:
    if not isinstance(inline, TextRun):
        return ()
    return ("**",) * inline.strong + ("*",) * inline.em


def _lasts(inlines: Sequence[Inline], mark: str) -> int:
    for count, inline in enumerate(inlines):
        if mark not in _wanted(inline):
            return count
    return len(inlines)


def _inline(inline: Inline, safely: bool) -> str:
    if isinstance(inline, Break):
        return "\\\n"
    if isinstance(inline, Citation):
        return f"[^{inline.excerpt}]"
    text = inline.text
    if safely and len(text) > 1:
        return _reference(text[0]) + _escaped(text[1:-1]) + _reference(text[-1])
    return _reference(text) if safely else _escaped(text)


def _reference(character: str) -> str:
    return character if character == " " else f"&#{ord(character)};"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: "\\" + match.group(), text)


def _line(line: str) -> str:
    """The line with its start escaped if it would begin another kind of block."""
    match = _LINE_START.match(line)
    if match is None:
        return line
    return line[: match.end()] + "\\" + line[match.end() :] if match.group(1) else "\\" + line


# Reading


class _Tokens:
    """Walks the tokens of markdown-it."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = iter(tokens)

    def blocks(self, until: str = "") -> list[Block]:
        found: list[Block] = []
        for token in self._tokens:
            if token.type == until:
                break
            if token.type == "inline":
                found.append(Paragraph(tuple(_read_inlines(token.children or []))))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                start = int(token.attrs.get("start", 1))
                found.append(List(token.type == "ordered_list_open", tuple(self._items(token)), start))
        return found

    def _items(self, opening: Token) -> Iterator[tuple[Block, ...]]:
        closing = opening.type.replace("open", "close")
        for token in self._tokens:
            if token.type == closing:
                break
            yield tuple(self.blocks("list_item_close"))


def _read_inlines(tokens: Iterable[Token]) -> Iterator[Inline]:
    strong = em = 0
    href = ""
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            strong += token.nesting
        elif token.type in ("em_open", "em_close"):
            em += token.nesting
        elif token.type in ("link_open", "link_close"):
            href = str(token.attrs.get("href", "")) if token.nesting == 1 else ""
        elif token.type in ("hardbreak", "softbreak"):
            yield Break()
        elif token.type == "citation":
            yield Citation(int(token.content))
        else:
            yield TextRun(token.content, strong > 0, em > 0, href)


def _citation_rule(state: StateInline, silent: bool) -> bool:
    match = _CITATION.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("citation", "", 0).content = match.group(1)
    state.pos = match.end()
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"maxNesting": 20})
    parser.enable(["list", "emphasis", "link", "escape", "entity", "newline", "balance_pairs", "fragments_join"])
    parser.inline.ruler.before("link", "citation", _citation_rule)
    parser.validateLink = is_link  # type: ignore[method-assign, assignment]
    parser.normalizeLink = str  # type: ignore[method-assign, assignment]
    return parser


_PARSER = _parser()
