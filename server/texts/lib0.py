"""The binary encoding of lib0, used by Yjs and its protocols; reading is bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

MAX_UINT = 2**53 - 1


class MalformedBytes(ValueError):
    """Bytes that are not of the expected form; the message says what was expected."""


class ByteReader:
    """Reads from the front of `data`; raises MalformedBytes rather than read past its end."""

    __slots__ = ("data", "end", "pos")

    def __init__(self, data: bytes, pos: int = 0) -> None:
        self.data = data
        self.pos = pos
        self.end = len(data)

    def uint(self) -> int:
        """An unsigned integer of at most 53 bits."""
        data, pos = self.data, self.pos
        try:
            byte = data[pos]
            if byte < 128:
                self.pos = pos + 1
                return byte
            value, shift = byte & 127, 7
            while True:
                pos += 1
                byte = data[pos]
                value |= (byte & 127) << shift
                if byte < 128:
                    break
                shift += 7
                if shift > 56:
                    raise MalformedBytes("an integer is too long")
        except IndexError:
            raise MalformedBytes("the data ends within an integer") from None
        if value > MAX_UINT:
            raise MalformedBytes("an integer is too large")
        self.pos = pos + 1
        return value

    def count(self, least: int = 1) -> int:
        """A number of things of at least `least` bytes each that follow: never more than the remaining bytes can
        hold.
        """
        value = self.uint()
        if value * least > self.end - self.pos:
            raise MalformedBytes("a count exceeds the data")
        return value

    def byte(self) -> int:
        pos = self.pos
        if pos >= self.end:
            raise MalformedBytes("the data ends early")
        self.pos = pos + 1
        return self.data[pos]

    def skip(self, length: int) -> None:
        self.pos += length
        if self.pos > self.end:
            raise MalformedBytes("the data ends early")

    def blob(self) -> bytes:
        """Bytes preceded by their length."""
        length = self.uint()
        start = self.pos
        self.skip(length)
        return self.data[start : self.pos]

    def text(self) -> str:
        """Text in UTF-8 preceded by its length in bytes."""
        try:
            return self.blob().decode()
        except UnicodeDecodeError:
            raise MalformedBytes("text is not UTF-8") from None

    def finish(self) -> None:
        """Raises MalformedBytes if anything follows."""
        if self.pos != self.end:
            raise MalformedBytes("bytes follow the end")


def uint(value: int) -> bytes:
    """The bytes of an unsigned integer."""
    if value < 128:
        return bytes((value,))
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def blob(data: bytes) -> bytes:
    """Bytes preceded by their length."""
    return uint(len(data)) + data


def text(value: str) -> bytes:
    return blob(value.encode())


def state_vector(clocks: Mapping[int, int]) -> bytes:
    """The number of known structs of each client, as Yjs encodes it."""
    parts: Iterable[bytes] = (uint(client) + uint(clock) for client, clock in clocks.items())
    return uint(len(clocks)) + b"".join(parts)


def read_state_vector(data: bytes, most: int = MAX_UINT) -> dict[int, int]:
    """The inverse of `state_vector`; MalformedBytes for anything else, a repeated client or more than `most` too."""
    reader = ByteReader(data)
    clocks: dict[int, int] = {}
    count = reader.count(least=2)
    if count > most:
        raise MalformedBytes("a state vector names too many clients")
    for _ in range(count):
        client = reader.uint()
        clocks[client] = reader.uint()
    reader.finish()
    if len(clocks) != count:
        raise MalformedBytes("a client stands twice in a state vector")
    return clocks
