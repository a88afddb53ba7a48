"""Every address of the server, in one list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from server.api import commanding, live, openapi, reading
from server.api import record as record_api
from server.pages.amendments import amendments, rectifying, tabling
from server.pages.maps import maps
from server.pages.motions import comparing, drafting, history, motions, origins, passages, remarks
from server.pages.organisation import routes as organisation
from server.pages.record import people, record, restitution
from server.pages.session import sitting
from server.pages.shell import offline, sign_in
from server.pages.testimonies import testimonies
from server.pages.today import congress, home
from server.pages.votes import booth, polls, proxies
from server.realtime.socket import SyncSocket

STATIC = Path(__file__).parent / "static"


async def healthz(request: Request) -> Response:
    """Whether the server answers and its database does."""
    congresses = await request.app.state.services.count_congresses()
    return JSONResponse({"status": "ok", "congresses": congresses})


class Built(StaticFiles):
    """The built client: names change with their content, so they are kept for ever."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class Sync:
    """A shared text, over the y-websocket protocol."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        services = scope["app"].state.services
        socket = SyncSocket(services.rooms, services.identity.person, services.settings.public_origin)
        await socket(scope, receive, send)


def routes() -> list[BaseRoute]:
    """The more particular addresses first."""
    return [
        Route("/healthz", healthz, name="healthz"),
        WebSocketRoute("/c/{slug}/sync/{document}", Sync(), name="sync"),
        *live.routes,
        *openapi.routes,
        *commanding.routes,
        *reading.routes,
        *record_api.routes,
        *home.routes,
        *sign_in.routes,
        *organisation,
        *congress.routes,
        *testimonies.routes,
        *maps.routes,
        *motions.routes,
        *drafting.routes,
        *offline.routes,
        *passages.routes,
        *comparing.routes,
        *tabling.routes,
        *rectifying.routes,
        *history.routes,
        *origins.routes,
        *remarks.routes,
        *amendments.routes,
        *booth.routes,
        *polls.routes,
        *proxies.routes,
        *sitting.routes,
        *people.routes,
        *record.routes,
        *restitution.routes,
        Mount("/static", Built(directory=STATIC, check_dir=False), name="static"),
    ]
