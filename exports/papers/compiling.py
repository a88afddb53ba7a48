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

FOLDER = Path(__file__).parent
KEPT = 24
"""How many compiled documents are cached: a verification makes those of an archive again."""


def compiled(template: str, data: Mapping[str, Any], time: str) -> bytes:
    """The PDF of that template. `time` is the instant that the file states.

    Characters without a glyph are replaced, and the document says so (`missing`).
    """
    from typst import TypstError  # takes a while to load, and a server makes few documents

    try:
        return _compiled(template, data, time, Substitution())
    except TypstError:
        return _compiled(template, data, time, Substitution(strict=True))


def _compiled(template: str, data: Mapping[str, Any], time: str, substitution: Substitution) -> bytes:
    shown = substitution.apply(data)
    shown["missing"] = substitution.named
    return _run(template, json.dumps(shown, ensure_ascii=False, sort_keys=True), int(parse(time).timestamp()))


@lru_cache(maxsize=KEPT)
def _run(template: str, data: str, timestamp: int) -> bytes:
    import typst

    source = (FOLDER / "common.typ").read_bytes() + (FOLDER / f"{template}.typ").read_bytes()
    return typst.compile(
        source,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=timestamp,
    )
