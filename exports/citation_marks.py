"""Cuts words at the citations in them."""

from __future__ import annotations

from collections.abc import Iterator

from deliberation.thread.thread import CITATION


def split_citations(text: str) -> Iterator[tuple[str, int]]:
    """The words between citations, each with 0, and the citations, each with the number of its excerpt."""
    at = 0
    for match in CITATION.finditer(text):
        yield text[at : match.start()] + match[1], 0
        yield "", int(match[2])
        at = match.end()
    yield text[at:], 0
