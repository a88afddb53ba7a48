"""The client's side of RFC 6455, as little of it as a load generator needs. No I/O."""

from __future__ import annotations

from collections.abc import Iterator

BINARY, CLOSE, PING, PONG = 2, 8, 9, 10
_MASK = b"\0\0\0\0"
"""A mask that changes nothing: the server unmasks as ever, the generator has no work."""


def handshake(host: str, path: str, headers: tuple[tuple[str, str], ...] = ()) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def frame(data: bytes, opcode: int = BINARY) -> bytes:
    """A whole message in one frame."""
    size = len(data)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 1 << 16:
        head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
    return head + _MASK + data


class Parser:
    """Frames out of a server's bytes. Those that are skipped are not copied."""

    __slots__ = ("_rest", "_skip")

    def __init__(self) -> None:
        self._rest = b""
        self._skip = 0

    def frames(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The (opcode, payload) of each frame that is whole by now, and was not left out when it began."""
        if self._skip:
            self._skip, data = max(0, self._skip - len(data)), data[self._skip :]
        data = self._rest + data
        at, end = 0, len(data)
        while (head := _head(data, at, end)) is not None:
            start, stop = head
            if stop > end:
                break
            yield data[at] & 15, data[start:stop]
            at = stop
        self._rest = data[at:]

    def controls(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The same for control frames only; what else comes is left out as early as can be."""
        if self._skip >= len(data) and not self._rest:
            self._skip -= len(data)
            return
        data = self._rest + data[self._skip :]
        at, end = 0, len(data)
        self._skip = 0
        while (head := _head(data, at, end)) is not None:
            start, stop = head
            if data[at] & 8:
                if stop > end:
                    break
                yield data[at] & 15, data[start:stop]
            if stop > end:
                self._skip = stop - end
                self._rest = b""
                return
            at = stop
        self._rest = data[at:]


def _head(data: bytes, at: int, end: int) -> tuple[int, int] | None:
    """Where the payload of the frame at `at` starts and stops; None when its head is not whole."""
    if at + 2 > end:
        return None
    size = data[at + 1]
    if size < 126:
        return at + 2, at + 2 + size
    if size == 126:
        return None if at + 4 > end else (at + 4, at + 4 + (data[at + 2] << 8 | data[at + 3]))
    return None if at + 10 > end else (at + 10, at + 10 + int.from_bytes(data[at + 2 : at + 10], "big"))
