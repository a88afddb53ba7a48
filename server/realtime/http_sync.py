"""Shared texts over HTTP, where a proxy blocks WebSockets: the same protocol by server-sent events and requests.

`GET /c/{slug}/sync/{document}/flux` brings frames down, `POST /c/{slug}/sync/{document}/envoi?connexion=…&n=…` brings
frames up (`server.realtime.http_connections` says how they belong together). Rooms, rights, checks, leases, order and
confirmations are those of a WebSocket, because the connection is a member of the room like any other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from deliberation.kernel.plain_text import number_in
from server.realtime import protocol
from server.realtime.event_wire import PADDING, EventWire, goodbye
from server.realtime.http_connections import MAX_BODY, Delivery, HttpConnections
from server.realtime.hub import Hub
from server.realtime.member import Member
from server.realtime.room import is_shared
from server.realtime.session import SessionState
from server.realtime.socket import Identify, Limit, is_own_origin, turned_away
from server.realtime.storage import Permission

HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
STATUS = {Delivery.TAKEN: 204, Delivery.UNKNOWN: 404, Delivery.TOO_FAST: 429, Delivery.BROKEN: 409}
RETRY_SECONDS = 1


class HttpSync:
    """The two addresses. `limit_streams` and `limit_requests` bound how often one may connect and send; the other
    parameters are those of `SyncSocket`.
    """

    def __init__(
        self,
        hub: Hub,
        connections: HttpConnections,
        identify: Identify,
        origin: str,
        greeting: float = 15.0,
        limit_streams: Limit | None = None,
        limit_requests: Limit | None = None,
    ) -> None:
        self._hub = hub
        self._connections = connections
        self._identify = identify
        self._origin = origin
        self._greeting = greeting
        self._limit_streams = limit_streams
        self._limit_requests = limit_requests

    async def listen(self, request: Request) -> Response:
        """The response that brings frames down, until either side ends it."""
        if not _is_from_here(request, self._origin):
            return Response(status_code=403)
        if request.method == "HEAD":
            return Response(media_type="text/event-stream", headers=HEADERS)
        slug, document = request.path_params["slug"], request.path_params["document"]
        person = await self._identify(request, slug)
        if wait := self._limit_streams(request, slug, person) if self._limit_streams else 0:
            return Response(status_code=429, headers={"Retry-After": str(wait)})
        permission = await self._hub.permission(slug, document, person) if is_shared(document) else None
        if permission is None or not permission.read:
            stream = _turn_away(permission)
        else:
            acknowledges = request.query_params.get("ack") == "1"
            stream = self._serve(slug, document, person, permission, acknowledges)
        return StreamingResponse(stream, media_type="text/event-stream", headers=HEADERS)

    async def send(self, request: Request) -> Response:
        """Takes frames from a connection. 404: it is no longer open, and its page should open another."""
        if not is_own_origin(request, self._origin):
            return Response(status_code=403)
        slug, number = request.path_params["slug"], number_in(request.query_params.get("n", ""))
        if number is None:
            return Response(status_code=400)
        person = await self._identify(request, slug)
        if wait := self._limit_requests(request, slug, person) if self._limit_requests else 0:
            return Response(status_code=429, headers={"Retry-After": str(wait)})
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        token = request.query_params.get("connexion", "")
        delivery = await self._connections.deliver(token, person, number, body)
        headers = {"Retry-After": str(RETRY_SECONDS)} if delivery is Delivery.TOO_FAST else None
        return Response(status_code=STATUS[delivery], headers=headers)

    async def _serve(
        self, slug: str, document: str, person: str | None, permission: Permission, acknowledges: bool
    ) -> AsyncIterator[bytes]:
        wire, token = EventWire(), self._connections.new_token()
        wire.name(token)  # before the room greets, which the page answers
        member = await self._hub.join(slug, document, person, permission, wire, acknowledges)
        self._connections.add(token, member, wire)
        hurry = asyncio.get_running_loop().call_later(self._greeting, self._give_up, member)
        try:
            async for event in wire.events():
                yield event
        finally:
            hurry.cancel()
            self._connections.remove(token)
            self._hub.leave(member)

    def _give_up(self, member: Member) -> None:
        if member.session.state is SessionState.GREETING:
            self._hub.close_member(member, protocol.MALFORMED, "no greeting")


async def _turn_away(permission: Permission | None) -> AsyncIterator[bytes]:
    yield PADDING + goodbye(*turned_away(permission))


def _is_from_here(request: Request, origin: str) -> bool:
    """Whether a stream is asked for by our own pages. Browsers send `Origin` only if it is foreign; newer ones send
    `Sec-Fetch-Site`.
    """
    if "origin" in request.headers:
        return is_own_origin(request, origin)
    return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


async def _body(request: Request) -> bytes | None:
    """The body of the request; None when it is too large or the sender went away."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)
