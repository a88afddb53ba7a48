"""Compiles a document with typst from a template of this package and data, which it reads as JSON and never as markup.

The files conform to both PDF/A-2a and PDF/UA-1. Equal data give equal bytes: the date comes from the record, the fonts
from typst, and nothing is read from the machine or the network.
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
"""The most compiled documents that are cached, since a verification makes those of an archive again."""

LARGEST_KEPT = 200_000
"""The most characters of data for which a document is made in this process and cached; larger ones are made in a
separate process.
"""


def compiled(template: str, data: Mapping[str, Any], time: str) -> bytes:
    """The PDF from that template and data. `time` is the instant that the file states as its date.

    Characters without a glyph are replaced, and the document lists them (`missing` in the data).
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
