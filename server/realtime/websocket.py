"""The WebSocket protocol of the server: uvicorn's, which hands the connection over once the handshake is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from server.realtime.connection import WebSocketConnection, take_over

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveEvent


class _Gone:
    """Stands in for the transport that was handed over."""

    def close(self) -> None:
        """Nothing to do: the new owner closes the transport."""

    def is_closing(self) -> bool:
        return True


class LightWebSocket(WebSocketsSansIOProtocol):
    """An application that has accepted may take the connection over and return: no task, queue or parser stays behind.

    Nothing is read between the handshake and the handover, so nothing is lost.
    """

    def hand_over(self) -> WebSocketConnection | None:
        """The open connection, which belongs to the caller from now on; None when something was read already."""
        if not self.handshake_complete or self.close_sent or not self.queue.empty() or self.transport.is_closing():
            return None
        self.stop_keepalive()
        line = take_over(self.transport, cast("set[Any]", self.connections))
        self.connections.discard(self)
        self.transport = cast(Any, _Gone())
        self.disconnected = True
        return line

    def handle_connect(self, event: Request) -> None:
        self._hold()
        super().handle_connect(event)

    async def receive(self) -> ASGIReceiveEvent:
        if self.read_paused and self.handshake_complete and self.queue.empty():
            self.read_paused = False
            self.transport.resume_reading()
        message = await super().receive()
        if not self.handshake_complete:
            self._hold()
        return message

    def _hold(self) -> None:
        """Pauses reading."""
        self.read_paused = True
        self.transport.pause_reading()
