"""Blocks to and from the JSON of a ProseMirror document in the editor's schema (`client/editor/schema.ts`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from server.texts.blocks import Block, Break, Citation, Inline, List, Paragraph, TextRun, normal

MAX_DEPTH = 40
"""Nested lists that a document may contain; the editor never makes so many."""

_EXCERPT = re.compile(r"[1-9][0-9]{0,8}")
_LISTS = {"bullet_list": False, "ordered_list": True}


class MalformedDocument(ValueError):
    """What was sent is not a document of that schema."""


def write(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """The content of a clause as JSON values."""
    return [_block(block) for block in blocks]


def read(sent: str) -> tuple[Block, ...]:
    """The blocks of the content that a page sent; MalformedDocument if it is malformed."""
    try:
        return normal(_blocks(json.loads(sent), 0))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise MalformedDocument from error


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return _node("paragraph", [_inline(each) for each in block.inlines])
    items = [_node("list_item", write(item)) for item in block.items]
    attributes = {"attrs": {"start": block.start}} if block.start != 1 else {}
    return _node("ordered_list" if block.ordered else "bullet_list", items) | attributes


def _node(kind: str, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": kind, "content": content} if content else {"type": kind}


def _inline(inline: Inline) -> dict[str, Any]:
    if isinstance(inline, Break):
        return {"type": "hard_break"}
    if isinstance(inline, Citation):
        return {"type": "citation", "attrs": {"excerpt": str(inline.excerpt)}}
    marks: list[dict[str, Any]] = [{"type": "link", "attrs": {"href": inline.href}}] if inline.href else []
    marks += [{"type": name} for name, is_on in (("em", inline.em), ("strong", inline.strong)) if is_on]
    return {"type": "text", **({"marks": marks} if marks else {}), "text": inline.text}


def _blocks(content: Sequence[dict[str, Any]], depth: int) -> tuple[Block, ...]:
    if depth > MAX_DEPTH:
        raise MalformedDocument
    return tuple(_read_block(node, depth) for node in content)


def _read_block(node: dict[str, Any], depth: int) -> Block:
    content = node.get("content", [])
    if node["type"] == "paragraph":
        return Paragraph(tuple(_read_inline(each) for each in content))
    items = (_blocks(item.get("content", []), depth + 1) for item in content)
    start = node.get("attrs", {}).get("start")
    return List(_LISTS[node["type"]], tuple(items), start if isinstance(start, int) else 1)


def _read_inline(node: dict[str, Any]) -> Inline:
    if node["type"] == "hard_break":
        return Break()
    if node["type"] == "citation":
        excerpt = node["attrs"]["excerpt"]
        if not (isinstance(excerpt, str) and _EXCERPT.fullmatch(excerpt)):
            raise MalformedDocument
        return Citation(int(excerpt))
    if node["type"] != "text" or not isinstance(node["text"], str):
        raise MalformedDocument
    marks = {mark["type"]: mark.get("attrs", {}) for mark in node.get("marks", [])}
    href = marks.get("link", {}).get("href", "")
    return TextRun(node["text"], "strong" in marks, "em" in marks, href if isinstance(href, str) else "")
