"""The entries that a page confirms after an act: their numbers in its address, and what was done in words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request

from deliberation.kernel.events import Recorded
from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import State
from deliberation.visibility.remains import absence
from exports.confirmations import all_done
from exports.translations import Translator

PARAMETER = "recu"
"""Name of the parameter of an address: the number of the first entry, and after "-" that of the last of several."""
MOST_ENTRIES = 50
"""The largest number of entries that are read for a confirmation."""


@dataclass(frozen=True)
class Confirmation:
    """What was done, in words, and the numbers of its first and last entry."""

    said: str
    first: int
    last: int


def value(entries: Sequence[tuple[int, str, str]]) -> str:
    """The parameter for the entries of a receipt; "" if the act recorded none."""
    if not entries:
        return ""
    first, last = entries[0][0], entries[-1][0]
    return f"{first}-{last}" if last > first else str(first)


async def confirmed_entries(store: Any, request: Request, slug: str, size: int) -> tuple[Recorded, ...]:
    """The entries that the address of a page names, if the record, of `size` entries, has them."""
    asked = request.query_params.get(PARAMETER, "") if request.method in ("GET", "HEAD") else ""
    first, last = _span(asked)
    if first is None or last is None or not first <= last < size:
        return ()
    stop = min(last + 1, first + MOST_ENTRIES)
    return await asyncio.to_thread(lambda: tuple(store.recorded(slug, first, stop)))


def _span(asked: str) -> tuple[int | None, int | None]:
    first, dash, last = asked.partition("-")
    return number_in(first), number_in(last if dash else first)


def confirmation(entries: Sequence[Recorded], words: Translator, state: State) -> Confirmation | None:
    """What these entries did; None if there are none. `state` is the one that the visitor may see."""
    if not entries:
        return None
    public = [replace(each, event=None) if absence(state, each.index) else each for each in entries]
    return Confirmation(all_done(words, state, public), entries[0].index, entries[-1].index)
