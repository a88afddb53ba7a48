"""Reads a motion from an Akoma Ntoso file: its title and its clauses with their permanent ids."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from deliberation.kernel.plain_text import SPACES
from deliberation.kernel.vocabulary import ClauseKind, Draft
from exports.akn.markup import AKN, MAX_DEPTH, markdown_of

KINDS = {kind.value: kind for kind in ClauseKind}
LARGEST = 20_000_000
LEVELS = 4 * MAX_DEPTH
REMOVED = "removed"


class AknClause(NamedTuple):
    """A clause; `id` is its permanent id (`wId`), "" if the file gives none."""

    id: str
    draft: Draft


class AknMotion(NamedTuple):
    title: str
    clauses: tuple[AknClause, ...]


def is_akn(data: bytes) -> bool:
    """Whether the beginning of a file looks like Akoma Ntoso, of any version."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and b"akomaNtoso" in data[:4_000]


def read(data: bytes) -> AknMotion:
    """The motion in a `statement` of Akoma Ntoso 3.0. Raises ValueError, with the reason, for anything else."""
    root = parse(data)
    statement = root.find(AKN + "statement")
    if statement is None:
        raise ValueError("no statement in the namespace of Akoma Ntoso 3.0")
    title = statement.find(f"{AKN}preface//{AKN}docTitle")
    body = statement.find(AKN + "mainBody")
    clauses = body.iterfind(AKN + "hcontainer") if body is not None else ()
    standing = (clause for clause in clauses if clause.get("status") != REMOVED)
    return AknMotion(_line(title), tuple(map(_clause, standing)))


def _clause(element: Element) -> AknClause:
    kind = KINDS.get(element.get("name", ""))
    content = element.find(AKN + "content")
    if kind is None or content is None:
        raise ValueError(f"hcontainer {element.get('eId', '')} is no clause: {element.get('name', '')}")
    addressee = element.find(AKN + "subheading")
    return AknClause(element.get("wId", ""), Draft(kind, markdown_of(content), _line(addressee)))


def _line(element: Element | None) -> str:
    """The words of an element on one line, no-break spaces kept; "" for None."""
    return SPACES.sub(" ", "".join(element.itertext())).strip(" ") if element is not None else ""


def parse(data: bytes) -> Element:
    """The root element of an XML file. Raises ValueError if it is malformed, too large or too deep, or has a document
    type or entities, which could make it expand.
    """
    if len(data) > LARGEST:
        raise ValueError(f"more than {LARGEST} bytes")
    reading = _TreeReading()
    try:
        reading.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(f"not XML: {error}") from error
    root: Element = reading.tree.close()
    return root


class _TreeReading:
    """Builds a tree from what expat reports."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.tree = TreeBuilder()
        self._level = 0
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.tree.data

    def _refuse(self, *declared: object) -> None:
        raise ValueError("a document type is not accepted")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._level += 1
        if self._level > LEVELS:
            raise ValueError("elements are nested too deeply")
        self.tree.start(_tag(name), {_tag(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._level -= 1
        self.tree.end(_tag(name))


def _tag(name: str) -> str:
    return "{" + name if "}" in name else name
