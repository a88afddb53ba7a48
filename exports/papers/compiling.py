"""Compiles a document with typst: a template of ours, and data that it reads as JSON, never as markup.

The files are PDF/A-2a and PDF/UA-1 at once. Equal data give equal bytes: the date is the record's, the fonts are those
within typst, nothing is read from the machine or the network.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from exports.moments import parse
from exports.papers.glyphs import Substitution
from exports.papers.typesetting import NotTypeset, typeset, typeset_apart

FOLDER = Path(__file__).parent
KEPT = 24
"""How many compiled documents are cached: a verification makes those of an archive again."""

LARGEST_KEPT = 200_000
"""Characters of data beyond which a document is made in a process of its own, and not cached."""


def compiled(template: str, data: Mapping[str, Any], time: str) -> bytes:
    """The PDF of that template. `time` is the instant that the file states.

    Characters without a glyph are replaced, and the document says so (`missing`).
    """
    try:
        return _compiled(template, data, time, Substitution())
    except NotTypeset:
        return _compiled(template, data, time, Substitution(strict=True))


def _compiled(template: str, data: Mapping[str, Any], time: str, substitution: Substitution) -> bytes:
    shown = substitution.apply(data)
    shown["missing"] = substitution.named
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True)
    run = _cached if len(text) <= LARGEST_KEPT else typeset_apart
    return run(_source(template), text, int(parse(time).timestamp()))


def _source(template: str) -> str:
    return "".join((FOLDER / f"{name}.typ").read_text("utf-8") for name in ("common", template))


@lru_cache(maxsize=KEPT)
def _cached(source: str, data: str, timestamp: int) -> bytes:
    return typeset(source, data, timestamp)
