"""Splits a text at its citations of excerpts."""

from __future__ import annotations

from collections.abc import Iterator

from deliberation.thread.thread import CITATION


def split_citations(text: str) -> Iterator[tuple[str, int]]:
    """The parts of a text in order: words between citations as (words, 0), citations as ("", number of the excerpt)."""
    at = 0
    for match in CITATION.finditer(text):
        yield text[at : match.start()] + match[1], 0
        yield "", int(match[2])
        at = match.end()
    yield text[at:], 0
