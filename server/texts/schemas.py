"""The schemas of motions and maps in their Yjs documents; anything else that a client sends is refused.

A motion is what y-prosemirror makes of the editor's schema (`client/editor/schema.ts`): a fragment of elements with
attributes, in which only paragraphs and titles contain words, with marks. A map is what `client/map/model.ts` writes: a
map of nodes, each a map with four keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from deliberation.kernel import ids
from deliberation.kernel.vocabulary import ClauseKind
from server.texts import guard
from server.texts import map as mindmap
from server.texts.guard import StructItem
from server.texts.motion import MAX_ID
from server.texts.motion import ROOT as MOTION_ROOT
from server.texts.places import ANY, UNKNOWN, Schema

MAX_ORDER = 1_000
"""Characters of a sort key: it grows with each node inserted between the same two."""

MAX_ADDRESSEE = 20_000
MAX_LABEL = 100_000
MAX_HREF = 8_000
"""Characters of an address. Pages allow less; an older page must not be disconnected over it."""

LEAF = ""
ROOT, WORDS = "document", "words"
NODES, NODE, LABEL, EXCERPTS = "nodes", "node", "label", "excerpts"

Check = Callable[[Any], bool]
_BLOCKS = frozenset({"paragraph", "bullet_list", "ordered_list"})
_CHILDREN: Mapping[str, frozenset[str]] = {
    ROOT: frozenset({"title", "clause"}),
    "title": frozenset({WORDS}),
    "clause": _BLOCKS,
    "list_item": _BLOCKS,
    "bullet_list": frozenset({"list_item"}),
    "ordered_list": frozenset({"list_item"}),
    "paragraph": frozenset({WORDS, "hard_break", "citation"}),
    "hard_break": frozenset(),
    "citation": frozenset(),
}
_EXCERPT = re.compile(r"[1-9][0-9]{0,8}")
_START = re.compile(r"[0-9]{1,5}")
_HASHED = re.compile(r"(.*)--[A-Za-z0-9+/=]{8}", re.DOTALL)
"""A mark that overlaps another of its kind carries a hash of its attributes, as y-prosemirror writes it."""


class MotionSchema:
    """The schema of motions."""

    def root(self, name: str) -> str:
        return ROOT if name == MOTION_ROOT else UNKNOWN

    def judge(self, within: str, key: str | None, item: StructItem) -> str:
        if within == WORDS:
            return LEAF if key is None and _is_words(item) else UNKNOWN
        if key is not None:
            return _attribute(_ATTRIBUTES.get((within, key)), item)
        if item.ref == guard.DELETED:
            return LEAF
        kind = _kind(item)
        return kind if kind in _CHILDREN.get(within, ()) else UNKNOWN


class MapSchema:
    """The schema of maps."""

    def root(self, name: str) -> str:
        return NODES if name == mindmap.ROOT else UNKNOWN

    def judge(self, within: str, key: str | None, item: StructItem) -> str:
        if within == LABEL:
            return LEAF if key is None and item.ref in (guard.STRING, guard.DELETED) else UNKNOWN
        if key is None:
            return UNKNOWN
        if within == NODES:
            return _opened(NODE, item) if _is_id(key) else UNKNOWN
        if within == EXCERPTS:
            return _attribute(_is_bool if _EXCERPT.fullmatch(key) else None, item)
        if key == "excerpts":
            return _opened(EXCERPTS, item)
        if key in _FIELDS and item.ref == guard.TYPE and item.value == (guard.TEXT, ""):
            return LABEL
        return _attribute(_FIELDS.get(key), item)


def schema_of(document: str) -> Schema:
    """The schema of a document by its name, such as `motion-1`."""
    try:
        kind, _ = ids.split(document)
    except ValueError:
        return ANY
    return MotionSchema() if kind == ids.MOTION else MapSchema() if kind == ids.MAP else ANY


def _kind(item: StructItem) -> str:
    """The kind of a type in a motion."""
    if item.ref != guard.TYPE:
        return UNKNOWN
    ref, tag = item.value
    if ref == guard.XML_TEXT:
        return WORDS
    return str(tag) if ref == guard.XML_ELEMENT else UNKNOWN


def _opened(kind: str, item: StructItem) -> str:
    """The kind of a type in a map; deleted values have none."""
    if item.ref == guard.DELETED:
        return LEAF
    return kind if item.ref == guard.TYPE and item.value == (guard.MAP, "") else UNKNOWN


def _attribute(check: Check | None, item: StructItem) -> str:
    if check is None:
        return UNKNOWN
    if item.ref == guard.DELETED or (item.ref == guard.VALUES and check(item.value)):
        return LEAF
    return UNKNOWN


def _is_words(item: StructItem) -> bool:
    if item.ref == guard.FORMAT:
        return _is_mark(*item.value)
    return item.ref in (guard.STRING, guard.DELETED)


def _is_mark(name: str, encoded: str) -> bool:
    hashed = _HASHED.fullmatch(name)
    name = hashed[1] if hashed else name
    value = json.loads(encoded)
    if name not in ("strong", "em", "link"):
        return False
    if value is None or isinstance(value, bool):
        return True
    return isinstance(value, dict) and (_is_link(value) if name == "link" else not value)


def _is_link(value: Mapping[str, object]) -> bool:
    href = value.get("href")
    return value.keys() <= {"href"} and (href is None or (isinstance(href, str) and len(href) <= MAX_HREF))


def _is_id(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_ID


def _is_short(most: int) -> Check:
    return lambda value: isinstance(value, str) and len(value) <= most


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_kind(value: object) -> bool:
    return isinstance(value, str) and value in _KINDS


def _is_excerpt(value: object) -> bool:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return isinstance(value, (str, int)) and (value == "" or _EXCERPT.fullmatch(str(value)) is not None)


def _is_start(value: object) -> bool:
    """Whether it can be the first number of a list: an integer, which Yjs may write as a float, or its digits."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return isinstance(value, (str, int)) and _START.fullmatch(str(value)) is not None


_KINDS = frozenset(kind.value for kind in ClauseKind)
_ATTRIBUTES: Mapping[tuple[str, str], Check] = {
    ("clause", "id"): _or_none(_is_id),
    ("clause", "kind"): _or_none(_is_kind),
    ("clause", "addressee"): _or_none(_is_short(MAX_ADDRESSEE)),
    ("citation", "excerpt"): _or_none(_is_excerpt),
    ("ordered_list", "start"): _or_none(_is_start),
}
_FIELDS: Mapping[str, Check] = {
    "parent": _is_id,
    "order": _is_short(MAX_ORDER),
    "text": _is_short(MAX_LABEL),
}

__all__ = ["MapSchema", "MotionSchema", "schema_of"]
