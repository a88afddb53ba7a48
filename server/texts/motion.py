"""A motion in its Yjs document: the XML fragment "prosemirror" to title and clauses, and back.

The fragment holds a `title`, then `clause` elements with `id`, `kind` and `addressee`, whose blocks are those of
`blocks.py`. Concurrent edits may leave more or other than that; reading is lenient and gives every replica the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import pycrdt

from deliberation.kernel.plain_text import number_in
from deliberation.kernel.vocabulary import ClauseKind, Draft
from deliberation.text.words import changes, split_words
from server.texts import markdown
from server.texts.blocks import Block, Break, Citation, Inline, List, Paragraph, TextRun, clean, normal
from server.texts.editing import Editing

ROOT = "prosemirror"
MAX_ID = 64
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_KINDS = {kind.value: kind for kind in ClauseKind}

Element = pycrdt.XmlElement
Child = pycrdt.XmlElement | pycrdt.XmlText | pycrdt.XmlFragment


@dataclass(frozen=True)
class MotionText:
    """`clauses` in their order, each with a unique id."""

    title: str = ""
    clauses: tuple[tuple[str, Draft], ...] = ()

    @property
    def order(self) -> tuple[str, ...]:
        """The ids of the clauses."""
        return tuple(id_ for id_, _ in self.clauses)


def read(doc: pycrdt.Doc[Any]) -> MotionText:
    """The text of the document, with repaired ids."""
    with doc.transaction():
        children = [child for child in fragment(doc).children if isinstance(child, Element)]
        elements = [child for child in children if child.tag == "clause"]
        titles = (plain_text(child) for child in children if child.tag == "title")
        drafts = zip(repaired(map(id_of, elements)), map(_draft, elements), strict=True)
        return MotionText(next(filter(None, titles), ""), tuple(drafts))


def fragment(doc: pycrdt.Doc[Any]) -> pycrdt.XmlFragment:
    """The root type of a motion."""
    root: pycrdt.XmlFragment = doc.get(ROOT, type=pycrdt.XmlFragment)
    return root


# Ids


def repaired(ids: Iterable[str]) -> list[str]:
    """A unique id for each clause: the first to carry an id keeps it, later and empty ones get a derived one.

    The editor in the browser derives the same (`client/editor/repair.ts`).
    """
    found = list(ids)
    taken = set(found)
    seen: dict[str, int] = {}
    for index, id_ in enumerate(found):
        ordinal = seen.get(id_, 0)
        seen[id_] = ordinal + 1
        if id_ and not ordinal:
            continue
        while derived_id(id_, ordinal) in taken:
            ordinal += 1
        found[index] = derived_id(id_, ordinal)
        taken.add(found[index])
    return found


def derived_id(id_: str, ordinal: int) -> str:
    """Ten lowercase letters and digits from the SHA-256 of `id:ordinal`."""
    digest = hashlib.sha256(f"{id_}:{ordinal}".encode()).digest()
    return "".join(_ALPHABET[byte % 36] for byte in digest[:10])


def id_of(element: Element) -> str:
    """The id that an element carries; "" for none."""
    value = _attribute(element, "id")
    return value if len(value) <= MAX_ID and clean(value) == value else ""


# Reading


def _attribute(node: Element, name: str) -> str:
    value = node.attributes.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, (str, int, float)) else ""


def _draft(element: Element) -> Draft:
    return draft(element, markdown.write(blocks_of(element)))


def draft(element: Element, words: str) -> Draft:
    """The clause with these words, as Markdown."""
    kind = _KINDS.get(_attribute(element, "kind"), ClauseKind.DEMANDE)
    addressee = clean(_attribute(element, "addressee")).strip()
    return Draft(kind, words, addressee)


NO_DRAFT = Draft(ClauseKind.DEMANDE, "")
"""For an element that is no clause."""


def blocks_of(element: Element) -> list[Block]:
    """The blocks inside; words that stand outside of any paragraph form one."""
    found: list[Block] = []
    loose: list[Inline] = []
    for child in element.children:
        inlines = _inlines(child)
        if inlines is not None:
            loose += inlines
            continue
        if loose:
            found.append(Paragraph(tuple(loose)))
            loose = []
        assert isinstance(child, Element)
        found += _block(child)
    return [*found, Paragraph(tuple(loose))] if loose else found


def _block(element: Element) -> list[Block]:
    if element.tag == "paragraph":
        parts = [_inlines(child) for child in element.children]
        if None not in parts:
            return [Paragraph(tuple(inline for part in parts if part for inline in part))]
    if element.tag in ("bullet_list", "ordered_list"):
        items = [tuple(_item(child)) for child in element.children]
        start = _attribute(element, "start")
        return [List(element.tag == "ordered_list", tuple(items), int(start) if _is_start(start) else 1)]
    return blocks_of(element)


def _item(child: Child) -> list[Block]:
    if isinstance(child, Element):
        return blocks_of(child) if child.tag == "list_item" else _block(child)
    return [Paragraph(tuple(_inlines(child) or ()))]


def _inlines(child: Child) -> list[Inline] | None:
    """The inline content of a child; None for a block."""
    if isinstance(child, pycrdt.XmlText):
        return [_words(text, marks or {}) for text, marks in child.diff() if isinstance(text, str)]
    if isinstance(child, Element) and child.tag == "hard_break":
        return [Break()]
    if isinstance(child, Element) and child.tag == "citation":
        excerpt = _attribute(child, "excerpt")
        return [Citation(int(excerpt))] if _is_number(excerpt) else []
    return None if isinstance(child, Element) else []


def _is_number(text: str) -> bool:
    return number_in(text) is not None and text[0] != "0"


def _is_start(text: str) -> bool:
    return number_in(text) is not None


def _words(text: str, marks: Mapping[str, Any]) -> TextRun:
    """A run of text; overlapping marks have `--hash` after their name."""
    named = {
        name.partition("--")[0]: value for name, value in marks.items() if value is not None and value is not False
    }
    link = named.get("link")
    href = link.get("href") if isinstance(link, dict) else None
    return TextRun(text, "strong" in named, "em" in named, href if isinstance(href, str) else "")


def plain_text(element: Element) -> str:
    return clean("".join(_texts(element))).strip()


def texts_of(text: pycrdt.XmlText) -> Iterator[str]:
    return (words for words, _ in text.diff() if isinstance(words, str))


def _texts(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, pycrdt.XmlText):
            yield from texts_of(child)
        elif isinstance(child, Element):
            yield from _texts(child)


# Writing


def seed(document: str, title: str) -> bytes:
    """The first update of a motion: its title and an empty clause to begin with."""
    start = (derived_id(document, 0), Draft(ClauseKind.VISA, ""))
    return rewrite(document, b"", MotionText(title, (start,)))


def rewrite(document: str, state: bytes, text: MotionText, client: int | None = None) -> bytes:
    """The update after which the document in `state` says `text`: in the congress's name, or under a `client` id.

    Clauses that stay the same, in their relative order, are not touched; in a paragraph of plain words only the changed
    words are, so that concurrent edits beside them are not disturbed.
    """
    with Editing(document, state, client) as editing:
        _Rewriting(fragment(editing.doc)).apply(text)
    return editing.update


class _Rewriting:
    """`_marks` mirrors the children of the fragment: the id of a clause, or None for anything else."""

    def __init__(self, root: pycrdt.XmlFragment) -> None:
        self._root = root
        children = list(root.children)
        clauses = [c for c in children if isinstance(c, Element) and c.tag == "clause"]
        ids = iter(repaired(map(id_of, clauses)))
        self._marks = [next(ids) if isinstance(c, Element) and c.tag == "clause" else None for c in children]

    def apply(self, text: MotionText) -> None:
        wanted = dict(text.clauses)
        kept = _longest_in_order([i for i in self._marks if i in wanted and i is not None], text.order)
        self._drop(kept)
        at = self._title(text.title) + 1
        for id_, draft in text.clauses:
            if id_ in kept:
                at = self._marks.index(id_)
                child = self._root.children[at]
                assert isinstance(child, Element)
                _update_clause(child, id_, draft)
            else:
                self._insert(at, "clause", id_)
                _fill_clause(self._root, at, id_, draft)
            at += 1

    def _drop(self, kept: set[str]) -> None:
        for at in reversed(range(len(self._marks))):
            mark = self._marks[at]
            if mark is not None and mark not in kept:
                del self._root.children[at]
                del self._marks[at]

    def _insert(self, at: int, tag: str, mark: str | None) -> Element:
        self._marks.insert(at, mark)
        return self._root.children.insert(at, Element(tag))

    def _title(self, title: str) -> int:
        """Sets the title; returns its position."""
        titles = [
            (at, child)
            for at, child in enumerate(self._root.children)
            if isinstance(child, Element) and child.tag == "title"
        ]
        at, element = next((each for each in titles if plain_text(each[1])), titles[0] if titles else (0, None))
        if element is None:
            element = self._insert(0, "title", None)
        if plain_text(element) != title:
            del element.children[:]
            if title:
                element.children.append(pycrdt.XmlText(title))
        return at


def _fill_clause(root: pycrdt.XmlFragment, at: int, id_: str, draft: Draft) -> None:
    element = root.children[at]
    assert isinstance(element, Element)
    _set_attributes(element, id_, draft)
    _append_blocks(element, markdown.read(draft.markdown) or (Paragraph(),))


def _update_clause(element: Element, id_: str, draft: Draft) -> None:
    _set_attributes(element, id_, draft)
    if markdown.write(blocks_of(element)) != draft.markdown:
        blocks = markdown.read(draft.markdown) or (Paragraph(),)
        if blocks != normal(blocks_of(element)) and not _reword(element, blocks):
            del element.children[:]
            _append_blocks(element, blocks)


def _reword(element: Element, blocks: Sequence[Block]) -> bool:
    """Changes words in place if paragraphs, line breaks, citations and marks stay the same; False otherwise."""
    present = list(element.children)
    pairs = list(zip(present, blocks, strict=False))
    if len(present) != len(blocks) or not all(_is_reworded(child, block) for child, block in pairs):
        return False
    for child, block in pairs:
        assert isinstance(child, Element)
        assert isinstance(block, Paragraph)
        words = (inline for inline in block.inlines if isinstance(inline, TextRun))
        for part in list(child.children):
            if isinstance(part, pycrdt.XmlText) and _inlines(part):
                _retype(part, next(words).text)
    return True


def _is_reworded(child: Child, block: Block) -> bool:
    """Whether a paragraph becomes another with the same parts, all in plain words.

    Editors keep an empty text next to a citation for somebody to write in; it is ignored.
    """
    if not isinstance(block, Paragraph) or not isinstance(child, Element) or child.tag != "paragraph":
        return False
    parts = [part for part in map(_inlines, child.children) if part != []]
    if any(part is None or len(part) != 1 for part in parts):
        return False
    old = [part[0] for part in parts if part]
    return [_form(inline) for inline in old] == [_form(inline) for inline in block.inlines]


def _form(inline: Inline) -> Inline:
    """What must be equal for words to be changed in place; marked words never match."""
    if not isinstance(inline, TextRun):
        return inline
    return TextRun("") if (inline.strong, inline.em, inline.href) == (False, False, "") else inline


def _retype(text: pycrdt.XmlText, wanted: str) -> None:
    """Replaces the changed words. Offsets are bytes of UTF-8; works from the end, so that earlier offsets stay
    valid.
    """
    before, after = split_words("".join(texts_of(text))), split_words(wanted)
    starts = list(accumulate((len(word.encode()) for word in before), initial=0))
    for a1, a2, b1, b2 in reversed(changes(before, after)):
        if a1 < a2:
            del text[starts[a1] : starts[a2]]
        if b1 < b2:
            text.insert(starts[a1], "".join(after[b1:b2]))


def _set_attributes(element: Element, id_: str, draft: Draft) -> None:
    wanted = {"id": id_, "kind": draft.kind.value, "addressee": draft.addressee}
    for name, value in wanted.items():
        if value and _attribute(element, name) != value:
            element.attributes[name] = value
        elif not value and name in element.attributes:
            del element.attributes[name]


def _append_blocks(element: Element, blocks: Iterable[Block]) -> None:
    for block in blocks:
        if isinstance(block, Paragraph):
            _append_inlines(element.children.append(Element("paragraph")), block.inlines)
            continue
        attributes = {"start": str(block.start)} if block.start != 1 else {}
        tag = "ordered_list" if block.ordered else "bullet_list"
        container = element.children.append(Element(tag, attributes))
        for item in block.items:
            _append_blocks(container.children.append(Element("list_item")), item)


def _append_inlines(element: Element, inlines: Sequence[Inline]) -> None:
    run: list[TextRun] = []
    for inline in (*inlines, None):
        if isinstance(inline, TextRun):
            run.append(inline)
            continue
        if run:
            _append_words(element.children.append(pycrdt.XmlText("")), run)
            run = []
        if isinstance(inline, Break):
            element.children.append(Element("hard_break"))
        elif isinstance(inline, Citation):
            element.children.append(Element("citation", {"excerpt": str(inline.excerpt)}))


def _append_words(text: pycrdt.XmlText, run: Sequence[TextRun]) -> None:
    """Offsets are in bytes of UTF-8."""
    text.insert(0, "".join(words.text for words in run))
    start = 0
    for words in run:
        end = start + len(words.text.encode())
        marks: dict[str, Any] = {"strong": {}} if words.strong else {}
        marks |= {"em": {}} if words.em else {}
        marks |= {"link": {"href": words.href}} if words.href else {}
        if marks:
            text.format(start, end, marks)
        start = end


def _longest_in_order(present: Sequence[str], order: Sequence[str]) -> set[str]:
    """The largest part of `present` whose sequence is already that of `order`."""
    rank = {id_: at for at, id_ in enumerate(order)}
    runs: list[tuple[str, ...]] = [()]
    for id_ in present:
        fitting = (run for run in runs if not run or rank[run[-1]] < rank[id_])
        runs.append((*_longest(fitting), id_))
    return set(_longest(runs))


def _longest(runs: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return max(runs, key=lambda run: len(run))
