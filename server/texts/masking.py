"""Masking a passage in a Yjs document: the same structs with other letters, so that all later updates still apply.

A passage may have been typed letter by letter, in several updates, by several people, and be deleted since. Its letters
are found by Yjs client and clock, in every state of the document in which the passage can be read, and in what was
deleted. Then each update is rewritten with these letters masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pycrdt

from deliberation.kernel import ids
from deliberation.kernel.vocabulary import ClauseKind, Node
from deliberation.text.masking import Passage, fill
from server.texts import guard, lib0, motion
from server.texts import map as maps
from server.texts.guard import StructItem, StructRun
from server.texts.motion import MotionText
from server.texts.ranges import Ranges

_ONE_STRING = lib0.uint(1) + b"\x77"
"""The beginning of the content of an item that holds a single value, a string."""

NAMES = frozenset(kind.value for kind in ClauseKind)
"""Values of attributes that are names, not words."""


def letters_of(passage: Passage, updates: Sequence[bytes]) -> Ranges:
    """The clocks of the letters of the passage, wherever it stood in the document that these updates lead to."""
    found = Ranges()
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    undeleted: pycrdt.Doc[Any] = pycrdt.Doc()
    for update in updates:
        doc.apply_update(update)
        summary = guard.inspect(update)
        undeleted.apply_update(_written(summary.items))
        found.add(_in_items(passage, summary.items))
        if any(passage.is_in(text) for text in _texts(doc)):
            found.add(_standing(passage, doc))
    found.add(_standing(passage, undeleted))
    return found


def _in_items(passage: Passage, items: Iterable[StructItem]) -> Iterator[StructRun]:
    """Occurrences whose letters were typed one after the other."""
    for item in items:
        if item.ref == guard.STRING:
            text = lib0.ByteReader(item.body).text()
            for start, end in passage.places(text):
                first = item.run.start + _units(text[:start])
                yield StructRun(item.run.client, first, first + _units(text[start:end]))


def _standing(passage: Passage, doc: pycrdt.Doc[Any]) -> tuple[StructRun, ...]:
    """Occurrences that can be read now, found by deleting the passage from a copy of the document."""
    copy: pycrdt.Doc[Any] = pycrdt.Doc()
    copy.apply_update(doc.get_update())
    before, gone = Ranges(guard.inspect(copy.get_update()).deletes), []
    subscription = copy.observe(lambda event: gone.append(event.update))
    with copy.transaction():
        for text in _words(motion.fragment(copy)):
            _take_out(passage, text)
    copy.unobserve(subscription)
    deleted = (run for update in gone for run in guard.inspect(update).deletes)
    return tuple(run for run in deleted if not before.covers((run,)))


def _take_out(passage: Passage, text: pycrdt.XmlText) -> None:
    """Deletes the passage. Offsets are bytes of UTF-8; works from the end, so that earlier offsets stay valid."""
    said = _said(text)
    for start, end in reversed(list(passage.places(said))):
        del text[len(said[:start].encode()) : len(said[:end].encode())]


def _texts(doc: pycrdt.Doc[Any]) -> Iterator[str]:
    return map(_said, _words(motion.fragment(doc)))


def _said(text: pycrdt.XmlText) -> str:
    return "".join(words for words, _ in text.diff() if isinstance(words, str))


def _words(parent: pycrdt.XmlFragment | pycrdt.XmlElement) -> Iterator[pycrdt.XmlText]:
    for child in list(parent.children):
        if isinstance(child, pycrdt.XmlText):
            yield child
        elif isinstance(child, pycrdt.XmlElement):
            yield from _words(child)


def mask_update(passage: Passage, letters: Ranges, update: bytes) -> bytes:
    """The update with these letters masked, and the passage in its values; the same bytes where there are none."""
    summary = guard.inspect(update)
    items = [_masked(passage, letters, item) for item in summary.items]
    if items == list(summary.items):
        return update
    return _written(items, summary.deletes)


def _masked(passage: Passage, letters: Ranges, item: StructItem) -> StructItem:
    if item.ref == guard.STRING:
        text = lib0.ByteReader(item.body).text()
        return item._replace(body=lib0.text(_mask_letters(letters, item.run, text)))
    if item.ref == guard.VALUES and isinstance(item.value, str) and item.value not in NAMES:
        masked = passage.mask(item.value)
        return item if masked == item.value else item._replace(value=masked, body=_ONE_STRING + lib0.text(masked))
    return item


def _mask_letters(letters: Ranges, run: StructRun, text: str) -> str:
    masked, clock = [], run.start
    for character in text:
        is_named = letters.covers((StructRun(run.client, clock, clock + _units(character)),))
        masked.append(fill(character) if is_named else character)
        clock += _units(character)
    return "".join(masked)


def _units(text: str) -> int:
    """The length in UTF-16 units, as Yjs counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _written(items: Iterable[StructItem], deletes: Iterable[StructRun] = ()) -> bytes:
    """An update of these items; gaps between those of one client are written as `Skip`."""
    whole: list[StructItem] = []
    last: dict[int, int] = {}
    for item in items:
        client, start, end = item.run
        reached = last.get(client, start)
        if start > reached:
            hole = StructRun(client, reached, start)
            head = bytes((guard.SKIP,)) + lib0.uint(start - reached)
            whole.append(StructItem(hole, guard.SKIP, None, None, None, None, None, None, head, b""))
        whole.append(item)
        last[client] = end
    return guard.write(whole, deletes)


def overwrite(passage: Passage, document: str, state: bytes) -> bytes | None:
    """The update, in the congress's name, after which everybody who has the document reads the masked words; None if it
    does not contain the passage. It deletes the letters, so that every editor drops them, and inserts others.
    """
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    doc.apply_update(state)
    if ids.split(document)[0] == ids.MAP:
        nodes = maps.read(doc)
        masked = {id_: _masked_node(passage, node) for id_, node in nodes.items()}
        return maps.rewrite(document, state, masked) if masked != nodes else None
    text = motion.read(doc)
    other = MotionText(
        passage.mask(text.title),
        tuple(
            (id_, replace(draft, markdown=passage.mask(draft.markdown), addressee=passage.mask(draft.addressee)))
            for id_, draft in text.clauses
        ),
    )
    return motion.rewrite(document, state, other) if other != text else None


def _masked_node(passage: Passage, node: Node) -> Node:
    return replace(node, text=passage.mask(node.text))
