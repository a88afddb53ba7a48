"""Converts the paragraphs of a clause into elements of Akoma Ntoso, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from exports.opml import CONTROLS
from exports.rich_text import BULLET, RichParagraph, RichRun, as_markdown, paragraphs

AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
OWN = "{https://pleniere.org/ns/akn/1}"
MARKDOWN = OWN + "markdown"
"""The attribute with the exact Markdown of a content, used if reading the elements would give different Markdown."""
NOTE = "note-extrait-"
MAX_DEPTH = 40


def text(value: str) -> str:
    """The text with U+FFFD instead of characters that XML does not allow."""
    return CONTROLS.sub("\ufffd", value)


def add(parent: Element, name: str, words: str = "", /, **attributes: str) -> Element:
    """Adds a child element in the namespace of Akoma Ntoso, and returns it. Attributes are given by name; `class_`
    stands for `class`.
    """
    found = SubElement(parent, AKN + name, {key.rstrip("_"): text(value) for key, value in attributes.items()})
    found.text = text(words) or None
    return found


def write_markdown(parent: Element, markdown: str) -> None:
    """Adds the paragraphs of a Markdown text, such that `markdown_of` returns exactly the same text."""
    given = paragraphs(markdown)
    write_paragraphs(parent, given)
    if as_markdown(read_paragraphs(parent)) != markdown:
        parent.set(MARKDOWN, text(markdown))


def markdown_of(content: Element) -> str:
    """The Markdown of a content. The attribute `MARKDOWN` is used only if it matches the elements, which another
    program may have changed.
    """
    read = tuple(read_paragraphs(content))
    exact = content.get(MARKDOWN)
    if exact is not None and _shape(exact) == read:
        return exact
    return as_markdown(read)


def _shape(markdown: str) -> tuple[RichParagraph, ...]:
    """The paragraphs that are read from the elements of this Markdown."""
    parent = Element(AKN + "content")
    write_paragraphs(parent, paragraphs(markdown))
    return tuple(read_paragraphs(parent))


def write_paragraphs(parent: Element, given: Iterable[RichParagraph]) -> None:
    """Adds paragraphs; list items become items of nested `ul` and `ol`."""
    lists = _OpenLists(parent)
    for paragraph in given:
        _write_runs(add(lists.place(paragraph), "p"), paragraph.runs)
    if len(parent) == 0:
        add(parent, "p")


@dataclass
class _OpenLists:
    """The lists that are open while paragraphs are written, outermost first."""

    parent: Element

    def __post_init__(self) -> None:
        self._lists: list[Element] = []

    def place(self, paragraph: RichParagraph) -> Element:
        """The element to which that paragraph is to be added; opens and closes lists as necessary."""
        name = AKN + ("ul" if paragraph.mark == BULLET else "ol")
        del self._lists[min(paragraph.depth, MAX_DEPTH) :]
        if not paragraph.mark:
            return self._inner()
        if len(self._lists) == paragraph.depth and self._lists[-1].tag != name:
            self._lists.pop()
        if len(self._lists) < paragraph.depth:
            self._lists.append(SubElement(self._inner(), name))
        number = {} if paragraph.mark == BULLET else {"value": paragraph.mark.rstrip(".")}
        return SubElement(self._lists[-1], AKN + "li", number)

    def _inner(self) -> Element:
        return self._lists[-1][-1] if self._lists else self.parent


def _write_runs(parent: Element, runs: Iterable[RichRun]) -> None:
    for run in runs:
        if run.note:
            add(parent, "noteRef", href=f"#{NOTE}{run.note}", marker=str(run.note))
            continue
        inner = add(parent, "a", href=run.href) if run.href else parent
        for name in ("b",) * run.strong + ("i",) * run.em:
            inner = add(inner, name)
        _write_lines(inner, run.text)


def _write_lines(parent: Element, words: str) -> None:
    for rank, line in enumerate(text(words).split("\n")):
        if rank:
            add(parent, "br")
        last = parent[-1] if len(parent) else None
        if last is None:
            parent.text = (parent.text or "") + line
        else:
            last.tail = (last.tail or "") + line


def read_paragraphs(parent: Element, depth: int = 0, mark: str = "") -> Iterator[RichParagraph]:
    """The paragraphs below an element; the first one gets that marker. Raises ValueError for lists nested too
    deeply.
    """
    if depth > MAX_DEPTH:
        raise ValueError("lists are nested too deeply")
    for child in parent:
        if child.tag == AKN + "p":
            yield RichParagraph(tuple(_joined(_read_runs(child, RichRun("")))), depth, mark)
            mark = ""
        elif child.tag in (AKN + "ul", AKN + "ol"):
            yield from _read_list(child, depth + 1)


def _read_list(listed: Element, depth: int) -> Iterator[RichParagraph]:
    for rank, item in enumerate(listed, 1):
        mark = BULLET if listed.tag == AKN + "ul" else f"{item.get('value', str(rank))}."
        if item.find(AKN + "p") is None:
            yield RichParagraph(tuple(_joined(_read_runs(item, RichRun("")))), depth, mark)
        else:
            yield from read_paragraphs(item, depth, mark)


def _read_runs(element: Element, style: RichRun, level: int = 0) -> Iterator[RichRun]:
    if level > MAX_DEPTH:
        raise ValueError("styles are nested too deeply")
    yield style._replace(text=element.text or "")
    for child in element:
        name = child.tag.removeprefix(AKN)
        if name == "noteRef":
            number = child.get("href", "").removeprefix("#" + NOTE)
            yield RichRun("", note=int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0)
        elif name == "br":
            yield style._replace(text="\n")
        elif name not in ("ul", "ol", "p"):
            yield from _read_runs(child, _styled(style, name, child), level + 1)
        yield style._replace(text=child.tail or "")


def _styled(style: RichRun, name: str, element: Element) -> RichRun:
    if name == "a":
        return style._replace(href=element.get("href", ""))
    return style._replace(strong=style.strong or name == "b", em=style.em or name == "i")


def _joined(runs: Iterable[RichRun]) -> Iterator[RichRun]:
    """The runs without empty ones, and with adjacent runs of the same style joined."""
    last: RichRun | None = None
    for run in runs:
        if not run.text and not run.note:
            continue
        if last and not run.note and last._replace(text="") == run._replace(text=""):
            last = last._replace(text=last.text + run.text)
            continue
        if last:
            yield last
        last = run
    if last:
        yield last
