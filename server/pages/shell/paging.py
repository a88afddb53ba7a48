"""Long lists, cut into pages with numbers in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deliberation.kernel.plain_text import number_in


@dataclass(frozen=True)
class Page:
    """`number` of `count` pages, from 1; `total` things in all."""

    items: Sequence[Any]
    number: int
    count: int
    total: int


def page_of(things: Sequence[Any], query: Mapping[str, str], size: int) -> Page:
    """The page in `?page=`, or the nearest existing one."""
    count = max(1, -(-len(things) // size))
    at = min(asked(query), count)
    return Page(things[(at - 1) * size : at * size], at, count, len(things))


def asked(query: Mapping[str, str]) -> int:
    return max(1, number_in(query.get("page", "1"), 7) or 1)
