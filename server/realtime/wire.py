"""The sending side of a connection, as rooms use it."""

from __future__ import annotations

import base64
from typing import Protocol


class Frame:
    """A message for one or many connections.

    `framed` is the message as a WebSocket frame, `event` as a server-sent event; each is built once for all.
    """

    __slots__ = ("_event", "_framed", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._framed: bytes | None = None
        self._event: bytes | None = None

    @property
    def framed(self) -> bytes:
        """RFC 6455: a final binary frame from a server, unmasked."""
        if self._framed is None:
            self._framed = _header(len(self.data)) + self.data
        return self._framed

    @property
    def event(self) -> bytes:
        """Server-sent events carry text: the message is in base64."""
        if self._event is None:
            self._event = b"data: " + base64.b64encode(self.data) + b"\n\n"
        return self._event


def _header(length: int) -> bytes:
    if length < 126:
        return bytes((0x82, length))
    if length < 1 << 16:
        return b"\x82\x7e" + length.to_bytes(2, "big")
    return b"\x82\x7f" + length.to_bytes(8, "big")


def control_frame(opcode: int, payload: bytes) -> bytes:
    """RFC 6455: a control frame from a server, of 125 bytes at most."""
    return bytes((0x80 | opcode, len(payload))) + payload


def close_frame(code: int, reason: str) -> bytes:
    return control_frame(8, code.to_bytes(2, "big") + reason.encode()[:120].decode(errors="ignore").encode())


MAX_BACKLOG = 256 * 1024
"""Bytes waiting for one reader, beyond which it gets nothing until they have been sent."""

CAUGHT_UP = 16 * 1024
"""Bytes waiting, below which such a reader gets updates again."""


class Wire(Protocol):
    """Sends without waiting; `backlog` counts the bytes that could not be sent yet.

    `full`: the backlog exceeded `MAX_BACKLOG` and has not fallen below `CAUGHT_UP` since.
    """

    @property
    def full(self) -> bool: ...

    def send(self, frame: Frame) -> None: ...

    def close(self, code: int, reason: str) -> None:
        """Ends the connection with that close code; nothing can be sent after it."""

    def abort(self) -> None:
        """Ends the connection at once and drops the backlog."""

    def resume(self) -> None:
        """Reading may go on, after a message for which `received` returned False."""

    def check(self) -> None:
        """Ends a connection whose peer gave no sign of life since the last check, and asks for one."""
