"""A map as OPML 2.0, which outliners and mind-map programs read; the attribute `excerpts` lists the cited excerpts."""

from __future__ import annotations

import re
from html import escape

from deliberation.kernel.state import MindMap
from exports.outline import rows

CONTROLS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def outline(mindmap: MindMap) -> str:
    """The whole map under one root with its title; works at any depth without recursion."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f" <head><title>{_text(mindmap.title)}</title></head>", " <body>", _open(mindmap.title, (), 2)]
    depth = 0
    for row in rows(mindmap.nodes):
        lines += [_close(level) for level in range(depth + 2, row.depth + 2, -1)]
        lines.append(_open(row.node.text, tuple(sorted(row.node.excerpts)), row.depth + 3))
        depth = row.depth + 1
    lines += [_close(level) for level in range(depth + 2, 1, -1)]
    return "\n".join([*lines, " </body>", "</opml>", ""])


def _open(text: str, excerpts: tuple[int, ...], level: int) -> str:
    numbers = f' excerpts="{" ".join(map(str, excerpts))}"' if excerpts else ""
    return f'{" " * level}<outline text="{_text(text)}"{numbers}>'


def _close(level: int) -> str:
    return f"{' ' * level}</outline>"


def _text(text: str) -> str:
    return escape(CONTROLS.sub("\ufffd", " ".join(text.split())))
