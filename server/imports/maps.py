"""Imports maps: Markdown outlines, OPML and FreeMind, read into an outline.

A single root becomes the title and its children the main branches. A note becomes a child of its node; empty nodes are
replaced by their children. Links, colours and icons are ignored.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from deliberation.congress.congress import SHORT
from deliberation.kernel.errors import Refused
from server.imports.source import text_of

LARGEST = 5_000_000
NODES = 5_000
DEPTH = 100
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class OutlineNode:
    """`id` is unique in its outline; siblings are sorted by `order`, a key between any two of which another fits."""

    id: str
    parent: str
    order: str
    text: str


@dataclass(frozen=True)
class ImportedOutline:
    title: str
    nodes: tuple[OutlineNode, ...]


@dataclass
class Topic:
    """A node while the file is being read."""

    text: str = ""
    notes: list[str] = field(default_factory=list)
    below: list[Topic] = field(default_factory=list)


class UnreadableMap(Exception):
    """The file exceeds a limit or is malformed; carries the refusal."""

    def __init__(self, code: str, message: str, **params: int) -> None:
        super().__init__(message)
        self.refused = Refused(code, message, "file", params)


def read(data: bytes) -> ImportedOutline | Refused:
    """The map in a Markdown, OPML or FreeMind file; XML with entities or a document type is refused."""
    try:
        if len(data) > LARGEST:
            raise UnreadableMap("import.too_large", "Ce fichier dépasse {limit} Mo.", limit=LARGEST // 1_000_000)
        is_xml = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
        return _outline(_xml(data) if is_xml else _markdown(data))
    except UnreadableMap as stop:
        return stop.refused


def order_key(rank: int) -> str:
    """The rank-th (from 0) of a sequence of sort keys: a0 … az, b00 … bzz, c000 …"""
    length, first = 1, 0
    while rank - first >= len(DIGITS) ** length:
        first += len(DIGITS) ** length
        length += 1
    rest, digits = rank - first, ""
    for _ in range(length):
        rest, digit = divmod(rest, len(DIGITS))
        digits = DIGITS[digit] + digits
    return chr(ord("a") + length - 1) + digits


def _outline(root: Topic) -> ImportedOutline:
    """The outline of a file, whose text is the title if it has one."""
    tops = _without_empty(root.below)
    title = root.text
    if len(tops) == 1 and (tops[0].below or not title):
        title, tops = tops[0].text, [*map(Topic, tops[0].notes), *_without_empty(tops[0].below)]
    nodes = tuple(_nodes(tops))
    if not nodes and not title:
        raise UnreadableMap("import.empty_map", "Ce fichier ne contient aucune idée.")
    return ImportedOutline(_line(title)[:SHORT] or "Carte importée", nodes)


def _nodes(tops: list[Topic]) -> Iterator[OutlineNode]:
    waiting = deque(("", rank, topic, 1) for rank, topic in enumerate(tops))
    count = 0
    while waiting:
        parent, rank, topic, depth = waiting.popleft()
        count += 1
        if count > NODES or depth > DEPTH:
            raise UnreadableMap(
                "import.map_too_large", "Cette carte dépasse {limit} idées ou est trop profonde.", limit=NODES
            )
        id_ = f"i{count:06d}"
        yield OutlineNode(id_, parent, order_key(rank), _line(topic.text)[:2000])
        below = [*map(Topic, topic.notes), *_without_empty(topic.below)]
        waiting.extend((id_, rank, child, depth + 1) for rank, child in enumerate(below))


def _without_empty(topics: list[Topic]) -> list[Topic]:
    """The topics, with each empty one replaced by its children."""
    found: list[Topic] = []
    waiting = list(reversed(topics))
    while waiting:
        topic = waiting.pop()
        if _line(topic.text):
            found.append(topic)
        else:
            waiting.extend(reversed([*map(Topic, topic.notes), *topic.below]))
    return found


def _line(text: str) -> str:
    return " ".join(text.split())


class _Reader:
    """Reads FreeMind's nodes and OPML's outlines event by event; rich text is reduced to its words."""

    def __init__(self) -> None:
        self.root = Topic()
        self._open: list[Topic] = [self.root]
        self._words: list[str] | None = None
        self._rich = ""
        self._depth = self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > 4 * DEPTH or self._count > 20 * NODES:
            raise UnreadableMap(
                "import.map_too_large", "Cette carte dépasse {limit} idées ou est trop profonde.", limit=NODES
            )
        tag = tag.lower()
        if tag in ("node", "outline"):
            topic = Topic(attributes.get("TEXT") or attributes.get("text") or attributes.get("title") or "")
            topic.notes = [note for note in (_line(attributes.get("_note", "")),) if note]
            self._open[-1].below.append(topic)
            self._open.append(topic)
        elif tag == "richcontent":
            self._rich, self._words = attributes.get("TYPE", "NODE").upper(), []
        elif tag == "title" and self._words is None and len(self._open) == 1:
            self._rich, self._words = "TITLE", []
        elif self._words is not None:
            self._words.append(" ")

    def data(self, words: str) -> None:
        if self._words is not None:
            self._words.append(words)

    def end(self, tag: str) -> None:
        self._depth -= 1
        tag = tag.lower()
        if tag in ("node", "outline"):
            self._open.pop()
        elif tag == "richcontent" or (tag == "title" and self._rich == "TITLE"):
            self._close_rich(_line("".join(self._words or [])))

    def _close_rich(self, words: str) -> None:
        if self._rich in ("NODE", "TITLE"):
            self._open[-1].text = self._open[-1].text or words
        elif words:
            self._open[-1].notes.append(words)
        self._rich, self._words = "", None


def _xml(data: bytes) -> Topic:
    def forbidden(*_: object) -> int:
        raise UnreadableMap("import.xml_entities", "Ce fichier XML déclare des entités : il n’est pas accepté.")

    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = forbidden
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.data
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        line = getattr(error, "lineno", 0)
        raise UnreadableMap("import.not_xml", "Ce fichier XML est illisible à la ligne {line}.", line=line) from error
    return reader.root


ITEM = re.compile(r"([ \t]*)(?:[-*+•]|\d{1,3}[.)])(?:[ \t]+|$)(.*)")
HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*$")
NOTE = re.compile(r"\[\^([^\]\s]{1,20})\]:")
CALL = re.compile(r"\s*\[\^([^\]\s]{1,20})\]")


def _markdown(data: bytes) -> Topic:
    """Headings nest by level, items below them by indentation; other lines continue the item before."""
    text = text_of(data)
    if isinstance(text, Refused):
        raise UnreadableMap("import.not_text", "Ce fichier n’est pas un texte.")
    notes = _notes(text)
    root = Topic()
    path: list[tuple[int, Topic]] = [(-1, root)]
    for line in text.split("\n"):
        if NOTE.match(line):
            break
        level, words = _level(line)
        if level is None:
            _continue(path[-1][1], line, root)
        else:
            while path[-1][0] >= level:
                path.pop()
            topic = Topic(words)
            path[-1][1].below.append(topic)
            path.append((level, topic))
    _attach(root, notes)
    return root


def _level(line: str) -> tuple[int | None, str]:
    """The level of a line: headings 1 to 6, items from 10 on by their indentation."""
    if heading := HEADING.fullmatch(line.strip()):
        return len(heading[1]), heading[2]
    if item := ITEM.fullmatch(line):
        return 10 + len(item[1].expandtabs(4)), item[2]
    return None, ""


def _continue(topic: Topic, line: str, root: Topic) -> None:
    words = line.strip()
    if words and topic is root:
        root.below.append(Topic(words))
    elif words:
        topic.text = f"{topic.text} {words}"


def _notes(text: str) -> dict[str, str]:
    """The text of footnotes: each from its definition to the next."""
    start = re.search(r"^\[\^[^\]\s]{1,20}\]:", text, re.MULTILINE)
    parts = NOTE.split(text[start.start() :]) if start else []
    return dict(zip(parts[1::2], (_line(part).removeprefix(": ") for part in parts[2::2]), strict=True))


def _attach(root: Topic, notes: dict[str, str]) -> None:
    """Removes references to notes from the words; the notes become children."""
    waiting = [root]
    while waiting:
        topic = waiting.pop()
        topic.notes += [notes[name] for name in CALL.findall(topic.text) if notes.get(name)]
        topic.text = CALL.sub("", topic.text).strip("* ") if topic is not root else topic.text
        waiting.extend(topic.below)
