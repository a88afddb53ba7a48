"""The record for everybody to copy and verify: checkpoint, tiles, proofs, payloads, and the whole archive."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from deliberation.kernel.errors import Refused
from deliberation.record import checkpoint, note, payloads, proof, tiles
from deliberation.visibility.remains import absence
from server.api.answers import congress_of, refusal, services_of

if TYPE_CHECKING:
    from server.services import Services

NEWEST = 2**53
FOREVER = "public, max-age=31536000, immutable"
BRIEF = "public, max-age=5"
ABSENT = Refused("record.not_found", "Le registre n’a rien à cette adresse.")


async def latest(request: Request) -> Response:
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    services = services_of(request)
    signed = await services.write_queue.checkpoint(found[0])
    assert signed is not None
    return _text(await asyncio.to_thread(services.store.cosigned, found[0], signed), BRIEF)


async def checkpoints(request: Request) -> Response:
    """Every checkpoint ever signed."""
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    notes = await asyncio.to_thread(services_of(request).store.checkpoints, found[0])
    return Response(checkpoint.bundle(signed for _, signed in notes), media_type="text/plain; charset=utf-8")


async def earlier(request: Request) -> Response:
    """256 of the checkpoints before the newest one, in the archive's form."""
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    notes = await asyncio.to_thread(services_of(request).store.checkpoints, found[0])
    start = int(request.path_params["number"]) * tiles.WIDTH
    part = [signed for _, signed in notes[:-1]][start : start + tiles.WIDTH]
    if not part:
        return refusal(ABSENT)
    return Response(checkpoint.bundle(part), media_type="text/plain; charset=utf-8", headers={"Cache-Control": BRIEF})


async def key(request: Request) -> Response:
    """The public key that signs the checkpoints. It should be compared with a copy from another source."""
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    slug, state = found
    assert state.settings is not None
    return _text(services_of(request).keys.signer(slug, state.settings.origin).key.vkey + "\n", BRIEF)


async def tile(request: Request) -> Response:
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    path = f"tile/{request.path_params['path']}"
    data = await asyncio.to_thread(services_of(request).store.tile, found[0], path)
    if data is None:
        return refusal(ABSENT)
    return Response(data, media_type="application/octet-stream", headers={"Cache-Control": FOREVER})


async def proved(request: Request) -> Response:
    """A C2SP tlog-proof that the entry is part of the record."""
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    slug, state = found
    index = int(request.path_params["index"])
    if index >= state.size:
        return refusal(ABSENT)
    services = services_of(request)
    signed = await services.write_queue.checkpoint(slug, covering=index)
    assert signed is not None
    text = await asyncio.to_thread(_prove, services, slug, index, signed)
    name = f"{slug}-{index}.proof"
    return _text(text, BRIEF, **{"Content-Disposition": f'attachment; filename="{name}"'})


def _size(signed: str) -> int:
    """How many entries a signed checkpoint covers; 0 for none."""
    return checkpoint.parse(note.parse(signed.encode()).text).size if signed else 0


def _prove(services: Services, slug: str, index: int, signed: str) -> str:
    size = _size(signed)
    cosigned = services.store.cosigned(slug, signed)
    (entry,) = services.store.entries(slug, index, index + 1)
    return proof.make(index, cosigned, size, services.store.nodes(slug, size), entry).text


async def bundle(request: Request) -> Response:
    """256 payloads with their salts, as far as the newest checkpoint covers them; those that are not public are
    null.
    """
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    slug, state = found
    signed = await services_of(request).write_queue.checkpoint(slug)
    start = int(request.path_params["number"]) * tiles.WIDTH
    stop = min(start + tiles.WIDTH, _size(signed or ""))
    if start >= stop:
        return refusal(ABSENT)
    kept = await asyncio.to_thread(services_of(request).store.payloads, slug, start, stop)
    shown = [None if absence(state, start + i) else payload for i, payload in enumerate(kept)]
    return Response(payloads.bundle(shown), media_type="text/plain; charset=utf-8", headers={"Cache-Control": BRIEF})


async def archive(request: Request) -> Response:
    """The whole restitution as one zip file, made once per size of the record."""
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    slug, _ = found
    services = services_of(request)
    signed = await services.write_queue.checkpoint(slug, covering=NEWEST)
    assert signed is not None
    path = await services.archives.at(slug, signed)
    return FileResponse(path, filename=f"{slug}-restitution.zip", headers={"Cache-Control": BRIEF})


def _text(text: str, caching: str, **headers: str) -> Response:
    return Response(text, headers={"Cache-Control": caching, **headers}, media_type="text/plain; charset=utf-8")


routes = [
    Route("/c/{slug}/registre/checkpoint", latest, name="checkpoint"),
    Route("/c/{slug}/registre/checkpoints", checkpoints, name="checkpoints"),
    Route("/c/{slug}/registre/checkpoints/{number:int}", earlier, name="earlier checkpoints"),
    Route("/c/{slug}/registre/cle", key, name="key"),
    Route("/c/{slug}/registre/tile/{path:path}", tile, name="tile"),
    Route("/c/{slug}/registre/charges/{number:int}", bundle, name="payloads"),
    Route("/c/{slug}/registre/{index:int}.proof", proved, name="proof"),
    Route("/c/{slug}/restitution.zip", archive, name="archive"),
]
