"""A server of shared texts on its own: the real socket and rooms over storage in memory. `?token=p1` is person p1."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from server.realtime.hub import Hub
from server.realtime.socket import SyncSocket
from tests.server.memory_storage import MemoryStorage


class SyncServer:
    """Runs in a thread until stopped."""

    def __init__(self, storage: MemoryStorage) -> None:
        self.storage = storage
        self.hub = Hub(storage)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.address = f"ws://127.0.0.1:{self.port}/c/demo/sync"
        route = WebSocketRoute("/c/{slug}/sync/{document}", SyncSocket(self.hub, _identify, "http://localhost"))
        config = uvicorn.Config(
            Starlette(routes=[route]),
            log_level="error",
            lifespan="off",
            ws="websockets-sansio",
            ws_max_size=1 << 20,
            ws_per_message_deflate=False,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self.socket]))


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
