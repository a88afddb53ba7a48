"""The HTTP protocol of the server with the limits that uvicorn lacks: time limits, size of headers, clients who stop
reading.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

LARGEST_HEAD = 65_536
"""Bytes of a request's line and headers."""

TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 17\r\nconnection: close\r\n\r\nHeader too large\n"
)


class BoundedHttp(HttpToolsProtocol):
    """Ends connections whose request does not arrive in time, and those whose client does not read the response. Limits
    in seconds.
    """

    head_seconds: ClassVar[float] = 15.0
    body_seconds: ClassVar[float] = 600.0
    stalled_seconds: ClassVar[float] = 120.0

    _deadline: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _upgraded = False
    _beyond = 0
    """Bytes received since the request began that do not belong to its body, less the overhead of a chunked body."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        self._unstall()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._beyond += len(data)
        super().data_received(data)
        if self._upgraded or self.transport.is_closing():
            return
        if self._beyond > LARGEST_HEAD:
            self.transport.write(TOO_LARGE)
            self.transport.close()
        elif self._is_idle():  # bytes that begin no request, such as blank lines, must not keep a connection
            self._expect(self.head_seconds)

    def on_message_begin(self) -> None:
        self._beyond = 0
        self._expect(self.head_seconds)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._beyond = 0
        self._expect(self.body_seconds)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._beyond = max(0, self._beyond - 16 * len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._beyond = 0
        self._expect(None)
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._upgraded = True
        self._expect(None)
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        self._unstall()
        self._stalled = self.loop.call_later(self.stalled_seconds, self.transport.abort)
        super().pause_writing()

    def resume_writing(self) -> None:
        self._unstall()
        super().resume_writing()

    def _is_idle(self) -> bool:
        """Whether no request is being read or answered, and no timeout ends the wait for one."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        answered = cycle is None or cycle.response_complete
        return answered and self._deadline is None and self.timeout_keep_alive_task is None

    def _unstall(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _expect(self, seconds: float | None) -> None:
        """Closes the connection unless the next step happens within that time; None for no limit."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._end)

    def _end(self) -> None:
        self._deadline = None
        self.transport.close()
