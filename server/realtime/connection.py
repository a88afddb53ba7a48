"""The server's side of an open WebSocket, light enough for thousands of them: parses and writes frames on the
transport.

It takes over once the handshake is done (see `server.realtime.websocket`). RFC 6455: client frames are masked, a
message may come in several frames, control frames may stand between them. No extensions: the reserved bits are zero.
"""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from websockets.frames import apply_mask  # type: ignore[attr-defined]  # the faster of the package's two

from server.realtime import protocol
from server.realtime.wire import CAUGHT_UP, MAX_BACKLOG, Frame, close_frame, control_frame

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
FINAL, RESERVED, MASKED = 0x80, 0x70, 0x80
PROTOCOL_ERROR = 1002
GOODBYE_SECONDS = 5.0
PING_FRAME = control_frame(PING, b"")


class FrameReceiver(Protocol):
    """The listener of a connection."""

    def received(self, message: bytes) -> bool:
        """Takes a message; returns whether more may be read now. If not, the connection waits until `resume` is
        called, and so do the messages that came already.
        """

    def misspoke(self) -> None:
        """A text message came, which this protocol does not have."""

    def lost(self) -> None:
        """The connection is gone."""


class ProtocolViolation(Exception):
    """The peer broke RFC 6455; carries the close code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class WebSocketConnection(asyncio.Protocol):
    """Implements `server.realtime.wire.Wire`. `full`: more bytes wait to be sent than one reader may leave waiting."""

    __slots__ = (
        "_closed",
        "_connections",
        "_heard",
        "_listener",
        "_message",
        "_needed",
        "_opcode",
        "_paused",
        "_rest",
        "_transport",
        "full",
    )

    def __init__(self, transport: asyncio.Transport, connections: set[Any]) -> None:
        self.full = False
        self._transport = transport
        self._connections = connections
        self._listener: FrameReceiver | None = None
        self._rest: bytearray | None = None
        self._needed = 0
        self._message: bytearray | None = None
        self._opcode = BINARY
        self._heard = True
        self._closed = False
        self._paused = False
        transport.set_write_buffer_limits(MAX_BACKLOG, CAUGHT_UP)
        connections.add(self)

    def listen(self, listener: FrameReceiver) -> None:
        """Sets the listener, and starts reading."""
        if self._closed:
            listener.lost()
            return
        self._listener = listener
        self._transport.resume_reading()

    # Sending

    def send(self, frame: Frame) -> None:
        if not self._closed:
            self._transport.write(frame.framed)

    def close(self, code: int, reason: str) -> None:
        if self._closed:
            return
        self._closed, self._paused = True, False
        self._transport.write(close_frame(code, reason))
        self._transport.resume_reading()
        asyncio.get_running_loop().call_later(GOODBYE_SECONDS, self._transport.abort)

    def abort(self) -> None:
        self._closed = True
        self._transport.abort()

    def resume(self) -> None:
        """Goes on with the frames that came already, at another turn of the event loop, and then with others."""
        if self._paused:
            self._paused = False
            asyncio.get_running_loop().call_soon(self._go_on)

    def check(self) -> None:
        """Sends a ping; a peer that has given no sign of life by the next check is dropped."""
        if not self._heard:
            self.abort()
        elif not self._closed:
            self._heard = False
            self._transport.write(PING_FRAME)

    def shutdown(self) -> None:
        """The server stops (called by uvicorn)."""
        if not self._closed:
            self._closed = True
            self._transport.write(close_frame(protocol.RESTARTING, ""))
        self._transport.close()

    # In

    def connection_lost(self, error: Exception | None) -> None:
        self._closed = True
        self._connections.discard(self)
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.lost()

    def pause_writing(self) -> None:
        self.full = True

    def resume_writing(self) -> None:
        self.full = False

    def data_received(self, data: bytes) -> None:
        self._heard = True
        if self._rest is not None:
            self._rest += data
            if len(self._rest) < self._needed:
                return
            data, self._rest = bytes(self._rest), None
        self._take(data)

    def _take(self, data: bytes) -> None:
        try:
            at = self._frames(data)
        except ProtocolViolation as broken:
            self.close(broken.code, "")
            return
        if at < len(data):
            self._rest = bytearray(data[at:])

    def _go_on(self) -> None:
        data, self._rest = bytes(self._rest or b""), None
        self._take(data)
        if not self._paused:
            self._transport.resume_reading()

    def _frames(self, data: bytes) -> int:
        """Heeds every whole frame until no more may be read; where the first one begins that is left, of which
        `_needed` bytes must be there.
        """
        at, end = 0, len(data)
        self._needed = 0
        while at < end and not self._paused:
            head = _head(data, at, end)
            if head is None:
                self._needed = end - at + 1
                break
            start, size = head
            stop = start + 4 + size
            if stop > end:
                self._needed = stop - at
                break
            self._heed(data[at], apply_mask(data[start + 4 : stop], data[start : start + 4]))
            at = stop
        return at

    def _heed(self, first: int, payload: bytes) -> None:
        opcode = first & 0x0F
        if opcode >= CLOSE:
            self._heed_control(opcode, payload)
        elif self._closed:
            return
        elif opcode == CONTINUATION:
            self._continue(first, payload)
        elif self._message is not None:
            raise ProtocolViolation(PROTOCOL_ERROR)
        elif first & FINAL:
            self._hand_on(opcode, payload)
        else:
            self._opcode, self._message = opcode, bytearray(payload)

    def _continue(self, first: int, payload: bytes) -> None:
        if self._message is None:
            raise ProtocolViolation(PROTOCOL_ERROR)
        self._message += payload
        if len(self._message) > protocol.MAX_FRAME:
            raise ProtocolViolation(protocol.TOO_LARGE)
        if first & FINAL:
            message, self._message = bytes(self._message), None
            self._hand_on(self._opcode, message)

    def _hand_on(self, opcode: int, message: bytes) -> None:
        if self._listener is None:
            return
        if opcode == TEXT:
            self._listener.misspoke()
        elif not self._listener.received(message):
            self._paused = True
            self._transport.pause_reading()

    def _heed_control(self, opcode: int, payload: bytes) -> None:
        if opcode == PING and not (self._closed or self.full):
            self._transport.write(control_frame(PONG, payload))
        elif opcode == CLOSE:
            if not self._closed:
                self._closed = True
                self._transport.write(control_frame(CLOSE, payload[:2]))
            self._transport.close()


def _head(data: bytes, at: int, end: int) -> tuple[int, int] | None:
    """For the frame at `at`: where its mask begins, and the size of its payload; None while that is not known.

    ProtocolViolation for what no client may send.
    """
    if at + 2 > end:
        return None
    first, second = data[at], data[at + 1]
    opcode, size, start = first & 0x0F, second & 0x7F, at + 2
    if first & RESERVED or not second & MASKED or opcode not in _OPCODES:
        raise ProtocolViolation(PROTOCOL_ERROR)
    if opcode >= CLOSE and (size > 125 or not first & FINAL):
        raise ProtocolViolation(PROTOCOL_ERROR)
    if size > 125:
        width = 2 if size == 126 else 8
        if start + width > end:
            return None
        size, start = int.from_bytes(data[start : start + width], "big"), start + width
        if size > protocol.MAX_FRAME:
            raise ProtocolViolation(protocol.TOO_LARGE)
    return start, size


_OPCODES = frozenset((CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG))


def take_over(transport: asyncio.Transport, connections: set[Any]) -> WebSocketConnection:
    """A WebSocketConnection on that transport; nothing is read before `listen`. `connections` is the server's set of
    connections to be ended when it stops.
    """
    transport.pause_reading()
    line = WebSocketConnection(transport, connections)
    transport.set_protocol(line)
    return line
