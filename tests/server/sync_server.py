"""A server of shared texts without the rest of the product: the real endpoint and rooms, with storage in memory.

`?token=p1` is person p1, by WebSocket and over HTTP.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection
from starlette.routing import Route, WebSocketRoute

from server.realtime.http_connections import HttpConnections
from server.realtime.http_sync import HttpSync
from server.realtime.hub import Hub
from server.realtime.socket import SyncSocket
from server.realtime.websocket import LightWebSocket
from tests.server.memory_storage import MemoryStorage
from tests.waiting import WITHIN

T = TypeVar("T")


class SyncServer:
    """Runs in a thread until stopped. `greeting` is the number of seconds after which a connection that sends nothing
    is closed.
    """

    def __init__(self, storage: MemoryStorage, greeting: float = WITHIN) -> None:
        self.storage = storage
        self.hub = Hub(storage)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.address = f"ws://127.0.0.1:{self.port}/c/demo/sync"
        endpoint = SyncSocket(self.hub, _identify, "https://assemblee.example", greeting)
        over_http = HttpSync(
            self.hub,
            HttpConnections(self.hub),
            _identify,
            "https://assemblee.example",
            greeting,
            limit_requests=self._limit,
        )
        self.wait = 0
        address = "/c/{slug}/sync/{document}"
        routes = [
            WebSocketRoute(address, endpoint),
            Route(f"{address}/flux", over_http.listen),
            Route(f"{address}/envoi", over_http.send, methods=["POST"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes, middleware=[Middleware(GZipMiddleware)]),
            log_level="error",
            lifespan="off",
            ws=LightWebSocket,
            ws_max_size=1 << 20,
            ws_per_message_deflate=False,
        )
        self._server = uvicorn.Server(config)
        self.loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run)

    def _limit(self, connection: HTTPConnection, slug: str, person: str | None) -> int:
        """Seconds to wait before the next request with frames, which a test sets as `wait`."""
        return self.wait

    def start(self) -> None:
        self._thread.start()

    def call(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Runs a coroutine in the server's event loop; returns its result."""
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(work(), self.loop).result(WITHIN)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(WITHIN)

    def _run(self) -> None:
        async def serve() -> None:
            self.loop = asyncio.get_running_loop()
            await self._server.serve(sockets=[self.socket])
            await self.hub.close()

        asyncio.run(serve())


async def _identify(connection: HTTPConnection, slug: str) -> str | None:
    return connection.query_params.get("token") or None


@contextmanager
def sync_server(storage: MemoryStorage | None = None, greeting: float = WITHIN) -> Iterator[SyncServer]:
    server = SyncServer(storage or MemoryStorage(), greeting)
    server.start()
    try:
        yield server
    finally:
        server.stop()
