"""A mind map in its Yjs document: the map "nodes" to values, and back.

Each node is a `Y.Map` `{parent, order, text, excerpts}`, so that no node is lost if two people add one at once. Opposed
moves can make a cycle: every replica treats its smallest id as a main branch, and likewise a node whose parent is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pycrdt

from deliberation.kernel.plain_text import number_in
from deliberation.kernel.vocabulary import Node
from server.texts.blocks import clean
from server.texts.editing import Editing
from server.texts.motion import MAX_ID, derived_id

ROOT = "nodes"
_HEADS = "abcdefg"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Branch:
    """An idea of an outline, with those below it."""

    text: str
    children: tuple[Branch, ...] = ()
    excerpts: tuple[int, ...] = ()


def read(doc: pycrdt.Doc[Any]) -> dict[str, Node]:
    """The nodes by id, without cycles or orphans."""
    with doc.transaction():
        nodes = dict(_nodes(doc.get(ROOT, type=pycrdt.Map)))
    return rooted(nodes)


def rooted(nodes: Mapping[str, Node]) -> dict[str, Node]:
    """The same nodes, each reachable from a main branch."""
    loose = {id_ for id_, node in nodes.items() if node.parent and node.parent not in nodes}
    loose |= {min(cycle) for cycle in _cycles(nodes)}
    return {id_: replace(node, parent="") if id_ in loose else node for id_, node in nodes.items()}


def _cycles(nodes: Mapping[str, Node]) -> Iterator[list[str]]:
    done: set[str] = set()
    for start in nodes:
        path: dict[str, int] = {}
        current = start
        while current in nodes and current not in done and current not in path:
            path[current] = len(path)
            current = nodes[current].parent
        if current in path:
            yield list(path)[path[current] :]
        done.update(path)


def _nodes(root: pycrdt.Map[Any]) -> Iterator[tuple[str, Node]]:
    for id_ in sorted(root.keys()):
        value = root[id_]
        if isinstance(value, pycrdt.Map) and id_ and len(id_) <= MAX_ID and clean(id_) == id_:
            yield id_, _node(value)


def _node(value: pycrdt.Map[Any]) -> Node:
    excerpts = value.get("excerpts")
    return Node(
        parent=_text(value.get("parent")),
        order=_text(value.get("order")),
        text=_text(value.get("text")).strip(),
        excerpts=tuple(sorted(_numbers(excerpts))) if isinstance(excerpts, pycrdt.Map) else (),
    )


def _text(value: object) -> str:
    if isinstance(value, pycrdt.Text):
        value = str(value)
    return clean(value) if isinstance(value, str) else ""


def _numbers(excerpts: pycrdt.Map[Any]) -> Iterator[int]:
    for key in sorted(excerpts.keys()):
        if excerpts[key] and (number := number_in(key)) is not None and key[0] != "0":
            yield number


def rewrite(document: str, state: bytes, nodes: Mapping[str, Node], client: int | None = None) -> bytes:
    """The update after which the map in `state` has exactly these nodes: in the congress's name, or under a `client`
    id.
    """
    with Editing(document, state, client) as editing:
        root = editing.doc.get(ROOT, type=pycrdt.Map)
        for id_ in set(root.keys()) - nodes.keys():
            del root[id_]
        for id_, node in nodes.items():
            if isinstance(root.get(id_), pycrdt.Map):
                _change(root[id_], node)
            else:
                root[id_] = pycrdt.Map(_plain(node))
    return editing.update


def _plain(node: Node) -> dict[str, Any]:
    excerpts = pycrdt.Map({str(number): True for number in node.excerpts})
    return {"parent": node.parent, "order": node.order, "text": node.text, "excerpts": excerpts}


def _change(value: pycrdt.Map[Any], node: Node) -> None:
    now = _node(value)
    for name in ("parent", "order", "text"):
        if getattr(now, name) != getattr(node, name):
            value[name] = getattr(node, name)
    if now.excerpts != node.excerpts:
        value["excerpts"] = _plain(node)["excerpts"]


def grown(document: str, nodes: Mapping[str, Node], outline: Iterable[Branch], parent: str = "") -> dict[str, Node]:
    """The nodes with an outline added below `parent`, after its present children."""
    found = dict(nodes)
    _grow(document, found, outline, parent)
    return found


def _grow(document: str, nodes: dict[str, Node], outline: Iterable[Branch], parent: str) -> None:
    last = max((node.order for node in nodes.values() if node.parent == parent), default="")
    for order, branch in zip(orders(last), outline, strict=False):
        id_ = _new_id(document, nodes)
        nodes[id_] = Node(parent, order, clean(branch.text).strip(), tuple(sorted(set(branch.excerpts))))
        _grow(document, nodes, branch.children, id_)


def _new_id(document: str, nodes: Mapping[str, Node]) -> str:
    ordinal = len(nodes)
    while (id_ := derived_id(document, ordinal)) in nodes:
        ordinal += 1
    return id_


def orders(after: str = "") -> Iterator[str]:
    """Ascending sort keys in the form of the package fractional-indexing: a0 … az, b00 … bzz, c000 …"""
    length, number = _place(after)
    beneath = "" if length else after
    for each in range(length or 1, len(_HEADS) + 1):
        for value in range(number if each == length else 0, len(_DIGITS) ** each):
            yield beneath + _key(each, value)


def _place(key: str) -> tuple[int, int]:
    """Length and number of the key after this one; (0, 0) when it is not of our form and keys go below it."""
    length = len(key) - 1
    if not key:
        return 1, 0
    if key[0] not in _HEADS or _HEADS.index(key[0]) != length - 1 or any(c not in _DIGITS for c in key):
        return 0, 0
    number = 0
    for digit in key[1:]:
        number = number * len(_DIGITS) + _DIGITS.index(digit)
    return length, number + 1


def _key(length: int, number: int) -> str:
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return _HEADS[length - 1] + digits
