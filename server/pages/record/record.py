"""The record: every entry in words, each with its bytes, its commitment, and how to prove it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel.events import WordsRedacted
from deliberation.kernel.state import Redaction, State
from exports import labels
from server.pages.record import entries
from server.pages.shell.paging import Page, asked
from server.pages.shell.rendering import render
from server.pages.shell.visit import Visit, arrive, number

PER_PAGE = 50
LARGEST_SHOWN = 300_000
"""Bytes of a payload that a page shows and a browser checks; of a larger one, an archive, it shows the beginning."""


async def record(request: Request) -> Response:
    visit = await arrive(request)
    size = visit.state.size
    count = max(1, -(-size // PER_PAGE))
    at = min(asked(request.query_params), count)
    stop = size - (at - 1) * PER_PAGE
    lines = await entries.between(visit, stop - PER_PAGE, stop)
    context = {"page": Page(list(reversed(lines)), at, count, size), "redactions": _redactions(visit.state)}
    return render(visit, "record.html", context)


def _redactions(state: State) -> int:
    return sum(r.status == "done" for r in state.redactions.values())


async def entry(request: Request) -> Response:
    visit = await arrive(request)
    index = number(request, "index")
    if index >= visit.state.size:
        raise HTTPException(404)
    line = (await entries.between(visit, index, index + 1))[0]
    data, payload = await asyncio.to_thread(_stored, visit, index, bool(line.absent))
    erased = visit.state.redactions.get(visit.state.redacted.get(index, 0))
    redaction = erased or visit.state.masked_by(index)
    masked = await asyncio.to_thread(_masked, visit, index, redaction) if redaction and not erased else ""
    context = {
        "line": line,
        "entry": data.decode("utf-8"),
        "commitment": json.loads(data)["c"],
        "payload": payload,
        "withheld": labels.WITHHELD.get(line.absent, ""),
        "redaction": redaction,
        "masked": masked,
    }
    return render(visit, "entry.html", context)


def _masked(visit: Visit, index: int, redaction: Redaction) -> str:
    """The new commitment of the entry's payload in that redaction of words."""
    (act,) = visit.services.store.recorded(visit.slug, redaction.entry, redaction.entry + 1)
    event = act.event
    if not isinstance(event, WordsRedacted) or index not in event.targets:
        return ""
    return event.commitments[event.targets.index(index)]


def _stored(visit: Visit, index: int, absent: bool) -> tuple[bytes, dict[str, str] | None]:
    """The entry's bytes, and its payload with its salt if the public may read it."""
    store: Any = visit.services.store
    data: bytes = store.entries(visit.slug, index, index + 1)[0]
    kept = None if absent else store.payloads(visit.slug, index, index + 1)[0]
    if kept is None:
        return data, None
    if len(kept.data) > LARGEST_SHOWN:
        return data, {"salt": kept.salt.hex(), "text": "", "shown": kept.data[:1000].decode("utf-8", "ignore") + " …"}
    shown = json.dumps(json.loads(kept.data), ensure_ascii=False, indent=2)
    return data, {"salt": kept.salt.hex(), "text": kept.data.decode("utf-8"), "shown": shown}


routes = [
    Route("/c/{slug}/registre", record, name="record"),
    Route("/c/{slug}/registre/{index:int}", entry, name="entry"),
]
