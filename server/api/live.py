"""The live channel as server-sent events: `/c/{slug}/direct?sujets=scrutin-3,seance`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from deliberation.kernel.plain_text import number_in
from server.api.answers import congress_of, services_of
from server.web.languages import language_of

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def listen(request: Request) -> Response:
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    slug, _ = found
    topics = [topic for topic in request.query_params.get("sujets", "").split(",") if topic]
    language = language_of(request)
    seen = request.headers.get("last-event-id") or request.query_params.get("depuis", "")
    since = number_in(seen, 15) or 0
    services = services_of(request)
    who = await services.identity.person(request, slug)
    stream = services.live.listen(slug, language, topics, lambda: services.write_queue.peek(slug), since, who or "")
    return StreamingResponse(stream, media_type="text/event-stream", headers=HEADERS)


routes = [Route("/c/{slug}/direct", listen, name="live")]
