"""The documents to hand over, one by one: the very files of the archive, which is made once per size of the record."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel.errors import Refused
from exports.container import Container
from exports.document_names import PATH, media_type
from server.api.answers import congress_of, refusal, services_of
from server.api.record import BRIEF, NEWEST

ABSENT = Refused("document.not_found", "La restitution n’a pas ce document.")


async def document(request: Request) -> Response:
    """A motion, the restitution or minutes, as a file."""
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    path = request.path_params["path"]
    if not PATH.fullmatch(path):
        return refusal(ABSENT)
    services = services_of(request)
    signed = await services.write_queue.checkpoint(found[0], covering=NEWEST)
    assert signed is not None
    archive = await services.archives.at(found[0], signed)
    data = await asyncio.to_thread(_member, archive, path)
    if data is None:
        return refusal(ABSENT)
    name = f"{found[0]}-{path.replace('/', '-')}"
    headers = {"Cache-Control": BRIEF, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=media_type(path), headers=headers)


def _member(archive: Path, path: str) -> bytes | None:
    with archive.open("rb") as file:
        return Container(file).read(path)


routes = [Route("/c/{slug}/restitution/{path:path}", document, name="document")]
