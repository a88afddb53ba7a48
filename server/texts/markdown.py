"""Blocks to Markdown and back.

Writing checks itself: emphasis that CommonMark would not read back as meant (« l**"a"**b ») is written with character
references beside it, and loses its marks when that does not help either. Words are never lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from server.texts.blocks import Block, Break, Citation, Inline, List, Paragraph, TextRun, is_link, normal, runs_of

MAX_CHARACTERS = 20_000
"""A longer clause is read as plain paragraphs: parsing stays linear in what people really write."""

MAX_LEVELS = 6
"""Lists within lists; deeper ones are flattened."""

_CITATION = re.compile(r"\[\^([1-9][0-9]{0,8})\]")
_SPECIAL = re.compile(r"[\\`\[\]<]|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])|&(?=[#A-Za-z])|!$")
_LINE_START = re.compile(r"(?:[-+=#:>~]|\*(?=\s)|(\d{1,9})(?=[.)]))")
_PLAIN_LINK = re.compile(r"[^\s()<>\\&\x80-\U0010ffff]+")
_LINK_SPECIAL = re.compile(r"[<>&\\]")
_LONG_RUNS = re.compile(r"([\[\]()*_`<>!&\\~])\1{40,}")


def write(blocks: Iterable[Block]) -> str:
    """The Markdown of a clause."""
    return _blocks(_flattened(normal(blocks), MAX_LEVELS))


def read(markdown: str) -> tuple[Block, ...]:
    """The blocks of a Markdown text; whatever is not ours (headings, images, HTML) stays as the words typed."""
    if len(markdown) > MAX_CHARACTERS or _LONG_RUNS.search(markdown):
        return _plain(markdown)
    return normal(_Tokens(_PARSER.parse(markdown)).blocks())


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
    written = [_item(f"{number}. " if block.ordered else "- ", item) for number, item in enumerate(block.items, 1)]
    return ("\n\n" if loose else "\n").join(written)


def _is_tight(item: Sequence[Block]) -> bool:
    """One paragraph, or one with one list below it."""
    return len(item) == 1 or (len(item) == 2 and isinstance(item[0], Paragraph) and isinstance(item[1], List))


def _item(marker: str, item: Sequence[Block]) -> str:
    text = _blocks(item) if not _is_tight(item) else "\n".join(_blocks((block,)) for block in item)
    return marker + text.replace("\n", "\n" + " " * len(marker)).replace("\n" + " " * len(marker) + "\n", "\n\n")


def _flattened(blocks: Sequence[Block], levels: int) -> tuple[Block, ...]:
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            kept.append(block)
        elif levels:
            kept.append(List(block.ordered, tuple(_flattened(item, levels - 1) for item in block.items)))
        else:
            kept.extend(_flattened([inner for item in block.items for inner in item], 0))
    return normal(kept)


def _paragraph(paragraph: Paragraph) -> str:
    for safely in (False, True):
        text = _inlines(paragraph.inlines, safely)
        if read(text) == (paragraph,):
            return text
    unmarked = [replace(i, strong=False, em=False) if isinstance(i, TextRun) else i for i in paragraph.inlines]
    return _inlines(unmarked, safely=False)


def _inlines(inlines: Iterable[Inline], safely: bool) -> str:
    parts = (_linked(href, group, safely) for href, group in runs_of(inlines))
    lines = "".join(parts).split("\n")
    return "\n".join(map(_line, lines))


def _linked(href: str, group: Sequence[Inline], safely: bool) -> str:
    text = _marked(group, safely)
    return f"[{text}]({_destination(href)})" if href else text


def _destination(href: str) -> str:
    if _PLAIN_LINK.fullmatch(href):
        return href
    return "<" + _LINK_SPECIAL.sub(r"\\\g<0>", href) + ">"


def _marked(group: Sequence[Inline], safely: bool) -> str:
    """Marks nest: what lasts longer is opened first."""
    out: list[str] = []
    open_: list[str] = []
    for index, inline in enumerate(group):
        wanted = _wanted(inline)
        while any(mark not in wanted for mark in open_):
            out.append(open_.pop())
        missing = sorted((m for m in wanted if m not in open_), key=lambda m: -_lasts(group[index:], m))
        for mark in missing:
            out.append(mark)
            open_.append(mark)
        out.append(_inline(inline, safely and any(_wanted(i) for i in group)))
    return "".join(out + open_[::-1])


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
    """Escapes what would begin another kind of block."""
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
                found.append(List(token.type == "ordered_list_open", tuple(self._items(token))))
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
