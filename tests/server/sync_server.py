"""A server of shared texts on its own: the real socket and rooms over storage in memory. `?token=p1` is person p1."""

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
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from server.realtime.hub import Hub
from server.realtime.socket import SyncSocket
from server.realtime.websocket import LightWebSocket
from tests.server.memory_storage import MemoryStorage

T = TypeVar("T")


class SyncServer:
    """Runs in a thread until stopped."""

    def __init__(self, storage: MemoryStorage) -> None:
        self.storage = storage
        self.hub = Hub(storage)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.address = f"ws://127.0.0.1:{self.port}/c/demo/sync"
        endpoint = SyncSocket(self.hub, _identify, "https://assemblee.example", greeting=1.0)
        route = WebSocketRoute("/c/{slug}/sync/{document}", endpoint)
        config = uvicorn.Config(
            Starlette(routes=[route], middleware=[Middleware(GZipMiddleware)]),
            log_level="error",
            lifespan="off",
            ws=LightWebSocket,
            ws_max_size=1 << 20,
            ws_per_message_deflate=False,
        )
        self._server = uvicorn.Server(config)
        self.loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._thread.start()

    def call(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of a coroutine in the server's loop."""
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(work(), self.loop).result(10)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    def _run(self) -> None:
        async def serve() -> None:
            self.loop = asyncio.get_running_loop()
            await self._server.serve(sockets=[self.socket])
            await self.hub.close()

        asyncio.run(serve())


async def _identify(connection: WebSocket, slug: str) -> str | None:
    return connection.query_params.get("token") or None


@contextmanager
def sync_server(storage: MemoryStorage | None = None) -> Iterator[SyncServer]:
    server = SyncServer(storage or MemoryStorage())
    server.start()
    try:
        yield server
    finally:
        server.stop()
