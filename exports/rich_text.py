"""Converts contributors' Markdown into paragraphs and runs of text, for formats other than HTML; and paragraphs into
Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from markdown_it.token import Token

from exports.markdown import tokens_of
from exports.portions import portions, words_of

BULLET = "•"
_SPECIAL = re.compile(r"[\\`*_\[\]<]|&(?=[#A-Za-z])")
_LINE_START = re.compile(r"(?m)^(?:([-+=#:>~])|(\d{1,9})(?=[.)]))")


class RichRun(NamedTuple):
    """Words in one style; "\n" is a line break. If `note` is not 0, the run is a citation of the excerpt with that
    number, and `text` is "".
    """

    text: str
    strong: bool = False
    em: bool = False
    href: str = ""
    note: int = 0


class RichParagraph(NamedTuple):
    """A paragraph. `depth` is the number of lists around it; `mark` is the marker of a list item ("•", or "2."), "" if
    it has none.
    """

    runs: tuple[RichRun, ...]
    depth: int = 0
    mark: str = ""

    @property
    def text(self) -> str:
        """The words without styles and citations."""
        return "".join(run.text for run in self.runs)


def paragraphs(markdown: str) -> tuple[RichParagraph, ...]:
    """The paragraphs of a Markdown text; list items become paragraphs with their depth."""
    found: list[RichParagraph] = []
    for portion in portions(markdown):
        if portion.is_parsed:
            found += _paragraphs(tokens_of(portion.text))
        else:
            found += [_plain(block) for block in re.split(r"\n\s*\n", words_of(portion.text)) if block.strip()]
    return tuple(found)


def _plain(text: str) -> RichParagraph:
    return RichParagraph((RichRun(text.strip()),))


class _Lists:
    """The lists that are open while tokens are read, with the number of the next item of each: 0 in a bullet list."""

    def __init__(self) -> None:
        self._next: list[int] = []
        self._mark = ""

    @property
    def depth(self) -> int:
        return len(self._next)

    def follow(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self._next.append(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else 0)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._next.pop()
            self._mark = ""
        elif token.type == "list_item_open":
            number = self._next[-1]
            self._mark = f"{number}." if number else BULLET
            self._next[-1] += bool(number)

    def take_mark(self) -> str:
        """The marker of the item for its first paragraph, "" for its other paragraphs."""
        mark, self._mark = self._mark, ""
        return mark


def _paragraphs(tokens: Iterable[Token]) -> Iterator[RichParagraph]:
    lists = _Lists()
    for token in tokens:
        lists.follow(token)
        if token.type == "inline":
            yield RichParagraph(tuple(_runs(token.children or [])), lists.depth, lists.take_mark())
        elif token.type in ("fence", "code_block"):
            yield RichParagraph((RichRun(token.content.rstrip("\n")),), lists.depth, lists.take_mark())


def _runs(children: Sequence[Token]) -> Iterator[RichRun]:
    """The runs of inline tokens, with adjacent ones of the same style joined."""
    for style, group in groupby(_single_runs(children), key=lambda run: run._replace(text="")):
        words = "".join(run.text for run in group)
        if words or style.note:
            yield style._replace(text=words)


def _single_runs(children: Sequence[Token]) -> Iterator[RichRun]:
    strong = em = 0
    href = ""
    for token in children:
        strong += token.nesting if token.type.startswith("strong") else 0
        em += token.nesting if token.type.startswith("em") else 0
        if token.type in ("link_open", "link_close"):
            href = str(token.attrs.get("href", "")) if token.nesting > 0 else ""
        elif token.type == "citation":
            yield RichRun("", note=token.meta["excerpt"])
        elif token.type in ("softbreak", "hardbreak"):
            yield RichRun("\n", strong > 0, em > 0, href)
        elif token.content:
            yield RichRun(token.content, strong > 0, em > 0, href)


def as_markdown(given: Iterable[RichParagraph]) -> str:
    """Markdown from which `paragraphs` gives these paragraphs again, provided they are such as the editor can
    produce.
    """
    text = ""
    indents: list[int] = []
    for paragraph in given:
        tight = bool(indents) and bool(paragraph.mark)
        del indents[max(paragraph.depth - bool(paragraph.mark), 0) :]
        outer = " " * sum(indents)
        if paragraph.mark:
            mark = "- " if paragraph.mark == BULLET else f"{paragraph.mark} "
            indents.append(len(mark))
        inner = " " * sum(indents)
        lines = "".join(map(_written, paragraph.runs)).split("\n")
        said = "\n".join(inner + line if line else line for line in lines)
        if paragraph.mark:
            said = f"{outer}{mark}{said[len(inner) :]}"
        text += ("\n" if tight else "\n\n") + said if text else said
    return text


def _written(run: RichRun) -> str:
    if run.note:
        return f"[^{run.note}]"
    words = _LINE_START.sub(_escaped_start, _SPECIAL.sub(r"\\\g<0>", run.text)).replace("\n", "\\\n")
    for mark in ("**" * run.strong, "*" * run.em):
        words = f"{mark}{words}{mark}"
    return f"[{words}]({run.href})" if run.href else words


def _escaped_start(match: re.Match[str]) -> str:
    return f"\\{match[1]}" if match[1] else f"{match[2]}\\"
