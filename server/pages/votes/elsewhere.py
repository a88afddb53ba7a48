"""Results of polls held elsewhere: what the archive of a Belenios election says, and the archive itself."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import ids
from deliberation.kernel.events import ResultArchived
from deliberation.kernel.state import OutsideResult
from deliberation.votes import imported
from exports import labels
from server.pages.record import entries
from server.pages.shell.rendering import render
from server.pages.shell.visit import Visit, arrive, number

ADDRESS = "/c/{slug}/scrutins/ailleurs/{n:int}"


async def outside(request: Request) -> Response:
    visit = await arrive(request)
    found = _found(visit)
    record = await entries.about(visit, ids.document(ids.RESULT, found.number))
    said = visit.words(labels.BELENIOS_CHECKS[found.checked], tool=found.tool)
    return render(visit, "outside.html", {"result": found, "record": record, "said": said})


async def archive(request: Request) -> Response:
    """The archive from which that result was read; 404 once it is erased."""
    visit = await arrive(request)
    found = _found(visit)
    if found.archived is None:
        raise HTTPException(404)
    data = await asyncio.to_thread(_archive, visit, found.archived)
    headers = {"Content-Disposition": f'attachment; filename="{imported.archive_name(found.number)}"'}
    return Response(data, media_type="application/x-tar", headers=headers)


def _found(visit: Visit) -> OutsideResult:
    found = visit.state.results.get(number(visit.request))
    if found is None:
        raise HTTPException(404)
    return found


def _archive(visit: Visit, entry: int) -> bytes:
    for kept in visit.services.store.recorded(visit.slug, entry, entry + 1):
        if isinstance(kept.event, ResultArchived):
            return imported.decoded(kept.event.archive) or b""
    raise HTTPException(404)


routes = [
    Route(ADDRESS, outside, name="outside"),
    Route(f"{ADDRESS}/archive", archive, name="outside_archive"),
]
