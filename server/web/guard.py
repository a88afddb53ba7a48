"""Checks before and headers after every request: host, origin, security headers."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exports.translations import N_
from server.web.hosts import is_served

HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ANOTHER_HOST = N_(
    "Ce serveur ne répond pas sous ce nom. Ouvrez l’adresse que l’organisation vous a donnée ; qui exploite le serveur "
    "règle son adresse publique avec PLENIERE_ORIGIN."
)
MISDIRECTED = 421
POLICY = 1008
"""Close code of a WebSocket whose peer breaks a rule (RFC 6455, 7.4.1)."""
FOREIGN = N_("Cette demande vient d’un autre site. Ouvrez la page ici, puis recommencez.")
Refuse = Callable[[Request, int, str], Response]
"""Renders the error page with that status and explanation."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Guard:
    """Middleware that refuses foreign hosts and origins, and adds security headers to every response."""

    def __init__(self, app: ASGIApp, origin: str, refuse: Refuse) -> None:
        https = origin.startswith("https://")
        self.app = app
        self.origin = origin
        self.schemes = ("https",) if https else ("http", "https")
        self.refuse = refuse
        self.headers = {**HEADERS, **({"Strict-Transport-Security": "max-age=31536000"} if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["type"] == "websocket":
            await self._socket(headers, scope, receive, send)
            return
        send = self._adding(send)
        if not HOST.fullmatch(headers.get("host", "")):
            await self.refuse(Request(scope), 400, "")(scope, receive, send)
        elif not is_served(headers["host"], self.origin):
            await self.refuse(Request(scope), MISDIRECTED, ANOTHER_HOST)(scope, receive, send)
        elif scope["method"] not in SAFE and not self._is_ours(headers):
            await self.refuse(Request(scope), 403, FOREIGN)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _socket(self, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses a WebSocket under a foreign host name."""
        host = headers.get("host", "")
        if HOST.fullmatch(host) and is_served(host, self.origin):
            await self.app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": POLICY})

    def _is_ours(self, headers: Headers) -> bool:
        """Whether a request that changes something comes from our own pages, or from a program with a token."""
        if headers.get("authorization", "").lower().startswith("bearer "):
            return True
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return False
        own = {self.origin, *(f"{scheme}://{headers.get('host')}" for scheme in self.schemes)}
        return headers.get("origin", self.origin) in own

    def _adding(self, send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        return with_headers
