"""Rate limits for expensive requests, checked before any page runs: searches, exports, uploads, attempts to sign in."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.web.limits import LimitKind

COSTLY: Sequence[tuple[str, re.Pattern[str], LimitKind]] = (
    ("POST", re.compile(r"/connexion"), LimitKind.SIGN_IN),
    ("POST", re.compile(r"/organisation/(?P<slug>[^/]+)/import"), LimitKind.UPLOAD),
    ("GET", re.compile(r"/c/(?P<slug>[^/]+)/restitution(?:\.zip|/.+)"), LimitKind.EXPORT),
)
SEARCH = re.compile(r"(?:/api/v1)?/c/(?P<slug>[^/]+)/.*")


class Throttle:
    """Middleware. `refuse(request, wait)` makes the response with status 429."""

    def __init__(self, app: ASGIApp, refuse: Callable[[Request, int], Awaitable[Response]]) -> None:
        self.app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (found := _costly(scope)) is not None:
            request = Request(scope, receive)
            if wait := await _wait(request, *found):
                response = await self._refuse(request, wait)
                await response(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _costly(scope: Scope) -> tuple[LimitKind, str] | None:
    """The kind of an expensive request and its congress ("" for none); None for other requests."""
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    path = scope["path"]
    for wanted, pattern, kind in COSTLY:
        if method == wanted and (found := pattern.fullmatch(path)):
            return kind, found.groupdict().get("slug", "")
    searches = method == "GET" and re.search(rb"(?:^|&)q=[^&]", scope["query_string"])
    if searches and (found := SEARCH.fullmatch(path)):
        return LimitKind.SEARCH, found["slug"]
    return None


async def _wait(request: Request, kind: LimitKind, slug: str) -> int:
    services: Any = request.app.state.services
    person = await services.identity.person(request, slug) if slug else None
    wait: int = services.admission.refuse(request, kind, slug, person, services.write_queue.peek(slug))
    return wait
