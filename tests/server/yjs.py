"""Yjs updates for tests, encoded by hand and by pycrdt."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pycrdt

from server.texts.lib0 import blob, text, uint

ROOT = b"\1" + text("prosemirror")
"""The parent of an item that stands at the root."""


def update(structs: Sequence[bytes], client: int = 7, clock: int = 0, deletes: bytes = b"\0") -> bytes:
    """An update with one block of structs and a delete set."""
    return uint(1) + uint(len(structs)) + uint(client) + uint(clock) + b"".join(structs) + deletes


def deletion(client: int, clock: int, length: int = 1) -> bytes:
    """An update that only deletes."""
    return b"\0" + uint(1) + uint(client) + uint(1) + uint(clock) + uint(length)


def words(value: str, parent: bytes = ROOT) -> bytes:
    return b"\4" + parent + text(value)


def words_after(client: int, clock: int, value: str) -> bytes:
    return b"\x84" + uint(client) + uint(clock) + text(value)


def element(parent: bytes = ROOT, tag: str = "clause") -> bytes:
    return b"\7" + parent + uint(3) + text(tag)


def inside(client: int, clock: int) -> bytes:
    """The encoded parent of an item within a nested type."""
    return b"\0" + uint(client) + uint(clock)


def nested(levels: int, client: int = 7, clock: int = 0, root: bytes = ROOT) -> list[bytes]:
    """Structs of nested elements, each within the one before."""
    below = (element(inside(client, clock + level)) for level in range(levels - 1))
    return [element(root), *below]


def values(*encoded: bytes) -> bytes:
    """The content of an item with lib0 `any` values."""
    return b"\x08" + ROOT + uint(len(encoded)) + b"".join(encoded)


def embed(json: str) -> bytes:
    return b"\5" + ROOT + text(json)


class Writer:
    """A document that collects the update of each change."""

    def __init__(self, client: int, state: bytes = b"") -> None:
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=client)
        if state:
            self.doc.apply_update(state)
        self.updates: list[bytes] = []
        self.doc.observe(lambda event: self.updates.append(event.update))

    @property
    def root(self) -> pycrdt.XmlFragment:
        root: pycrdt.XmlFragment = self.doc.get("prosemirror", type=pycrdt.XmlFragment)
        return root

    def take(self) -> list[bytes]:
        """The updates since the last call."""
        taken, self.updates[:] = list(self.updates), []
        return taken

    def clause(self, id_: str, content: str, at: int | None = None) -> pycrdt.XmlText:
        """A new clause with one paragraph."""
        with self.doc.transaction():
            children = self.root.children
            clause = children.insert(len(children) if at is None else at, pycrdt.XmlElement("clause", {"id": id_}))
            paragraph = clause.children.append(pycrdt.XmlElement("paragraph"))
            return paragraph.children.append(pycrdt.XmlText(content))

    def edit(self, chance: random.Random) -> None:
        """One random edit such as a person makes."""
        texts = [found for clause in self.root.children for found in _texts(clause)]
        if not texts or chance.random() < 0.08:
            self.clause(f"c{chance.randrange(6)}", chance.choice(["Vu", "été 😀", "x"]), 0 if not texts else None)
        elif chance.random() < 0.05:
            del self.root.children[chance.randrange(len(self.root.children))]
        else:
            edit_text(chance.choice(texts), chance)


def edit_text(found: pycrdt.XmlText, chance: random.Random) -> None:
    """Types, deletes or marks text at random. Offsets are bytes of UTF-8 and never within a character."""
    plain = "".join(run for run, _ in found.diff() if isinstance(run, str))
    start = len(plain[: chance.randrange(len(plain) + 1)].encode())
    kind = chance.random()
    if kind < 0.6 or not plain:
        found.insert(start, chance.choice(["a", "é", "😀", "mot ", "b"]))
        return
    stop = len(plain.encode())
    width = next((len(c.encode()) for c in plain.encode()[start:].decode()), 0)
    if kind < 0.85:
        del found[start : start + width]
    elif start < stop:
        found.format(start, stop, {chance.choice(["strong", "em"]): chance.choice([{}, None])})


def _texts(node: Any) -> list[pycrdt.XmlText]:
    if isinstance(node, pycrdt.XmlText):
        return [node]
    return [found for child in node.children for found in _texts(child)] if isinstance(node, pycrdt.XmlElement) else []


__all__ = ["Writer", "blob", "deletion", "element", "embed", "inside", "nested", "update", "values", "words"]
