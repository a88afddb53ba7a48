"""Every address of the server, in one list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from server.api import commanding, documents, live, openapi, reading, territories
from server.api import record as record_api
from server.pages.about import routes as about
from server.pages.amendments import routes as amendments
from server.pages.maps import routes as maps
from server.pages.motions import routes as motions
from server.pages.organisation import routes as organisation
from server.pages.record import routes as record
from server.pages.session import routes as session
from server.pages.shell import routes as shell
from server.pages.territories import routes as territory_pages
from server.pages.testimonies import routes as testimonies
from server.pages.today import routes as today
from server.pages.votes import routes as votes
from server.realtime.http_sync import HttpSync
from server.realtime.socket import Limit, SyncSocket
from server.services import Services
from server.web.limits import LimitKind

STATIC = Path(__file__).parent / "static"


async def healthz(request: Request) -> Response:
    """200 if the server and its database answer."""
    congresses = await request.app.state.services.count_congresses()
    return JSONResponse({"status": "ok", "congresses": congresses})


class Built(StaticFiles):
    """The built client. File names change with their content, so they may be cached for ever."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class Sync:
    """The address of a shared text, over the y-websocket protocol."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        services = scope["app"].state.services
        origin, limit = services.settings.public_origin, _limit(services, LimitKind.SOCKET)
        socket = SyncSocket(services.hub, services.identity.person, origin, limit=limit)
        await socket(scope, receive, send)


def _limit(services: Services, kind: LimitKind) -> Limit:
    def refuse(connection: HTTPConnection, slug: str, person: str | None) -> int:
        return services.admission.refuse(connection, kind, slug, person, services.write_queue.peek(slug))

    return refuse


def _over_http(request: Request) -> HttpSync:
    """Shared texts over HTTP, where a proxy blocks WebSockets."""
    services: Services = request.app.state.services
    return HttpSync(
        services.hub,
        services.http_connections,
        services.identity.person,
        services.settings.public_origin,
        limit_streams=_limit(services, LimitKind.SOCKET),
        limit_requests=_limit(services, LimitKind.FRAMES),
    )


async def listen_over_http(request: Request) -> Response:
    return await _over_http(request).listen(request)


async def send_over_http(request: Request) -> Response:
    return await _over_http(request).send(request)


def routes() -> list[BaseRoute]:
    """Every route; the more particular addresses come first."""
    return [
        Route("/healthz", healthz, name="healthz"),
        WebSocketRoute("/c/{slug}/sync/{document}", Sync(), name="sync"),
        Route("/c/{slug}/sync/{document}/flux", listen_over_http, name="sync_down"),
        Route("/c/{slug}/sync/{document}/envoi", send_over_http, name="sync_up", methods=["POST"]),
        *live.routes,
        *openapi.routes,
        *commanding.routes,
        *territories.routes,
        *reading.routes,
        *record_api.routes,
        *documents.routes,
        *today.routes,
        *shell.routes,
        *organisation.routes,
        *testimonies.routes,
        *maps.routes,
        *motions.routes,
        *about.routes,
        *amendments.routes,
        *votes.routes,
        *session.routes,
        *record.routes,
        *territory_pages.routes,
        Mount("/static", Built(directory=STATIC, check_dir=False), name="static"),
    ]
