"""One connection of the crowd, from its opening to what it is told."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field

from server.realtime import protocol
from server.texts import lib0
from tests.bench.load import frames
from tests.bench.load.typist import Typist

LARGEST_READ = 1 << 18
NOTHING_NEW = protocol.answer(b"\0\0")


@dataclass(frozen=True)
class Target:
    """Where a connection goes. `prefix` stands before each message; `hello` are the messages that come first."""

    port: int
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    prefix: bytes = b""
    hello: tuple[bytes, ...] = ()

    @property
    def room(self) -> tuple[str, bytes]:
        return self.path.partition("?")[0], self.prefix


class Lost(Exception):
    """A connection ended."""


@dataclass(eq=False)
class Connection:
    """`due`: when each update was sent that the server has not acknowledged yet; None for one that is not a key."""

    target: Target
    typist: Typist | None = None
    asked: bool = False
    joined: bool = False
    lost: bool = False
    received: int = 0
    messages: int = 0
    due: list[float | None] = field(default_factory=list)
    acknowledged: int = 0
    _upgraded: bool = False
    _parser: frames.Parser = field(default_factory=frames.Parser)

    def open(self) -> None:
        """Begins to connect."""
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        problem = self.socket.connect_ex(("127.0.0.1", self.target.port))
        if problem not in (0, errno.EINPROGRESS):
            raise Lost(errno.errorcode[problem])

    def close(self) -> None:
        self.socket.close()

    def ask(self) -> None:
        """The TCP connection stands: asks for the WebSocket."""
        self.asked = True
        self.socket.send(frames.handshake(f"127.0.0.1:{self.target.port}", self.target.path, self.target.headers))

    def send(self, message: bytes) -> None:
        self.socket.send(frames.frame(self.target.prefix + message))

    def messages_read(self) -> Iterator[bytes]:
        """The whole messages that have come, without their prefix."""
        data = self._read()
        if not self._upgraded:
            data = self._upgrade(data)
        skipped = len(self.target.prefix)
        for opcode, payload in self._parser.frames(data):
            if opcode == frames.BINARY:
                self.messages += 1
                yield payload[skipped:]
            else:
                self._control(opcode, payload)

    def empty(self) -> None:
        """Reads what has come and heeds nothing of it but pings."""
        for opcode, payload in self._parser.controls(self._read()):
            self._control(opcode, payload)

    def greet(self, message: bytes) -> None:
        """Answers as a client does that joins and has nothing of its own."""
        if message[:2] in (b"\0\0", b"\4\0"):
            self.send(NOTHING_NEW)
            self.due.append(None)
        elif message[:2] in (b"\0\1", b"\4\1"):
            self.joined = True

    def newly_kept(self, message: bytes) -> list[float]:
        """When the keys were sent that this message acknowledges."""
        if message[:1] != b"\7":
            return []
        upto = lib0.ByteReader(message, 1).uint()
        kept = [sent for sent in self.due[: upto - self.acknowledged] if sent is not None]
        del self.due[: upto - self.acknowledged]
        self.acknowledged = upto
        return kept

    def _upgrade(self, data: bytes) -> bytes:
        head, end, rest = data.partition(b"\r\n\r\n")
        if not end or b" 101 " not in head[:16]:
            raise Lost(f"no WebSocket: {head[:60]!r}")
        self._upgraded = True
        for message in self.target.hello:
            self.send(message)
        self.send(protocol.ask(b"\0"))
        return rest

    def _read(self) -> bytes:
        try:
            data = self.socket.recv(LARGEST_READ)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise Lost(str(error)) from error
        if not data:
            raise Lost("the server hung up")
        self.received += len(data)
        return data

    def _control(self, opcode: int, payload: bytes) -> None:
        if opcode == frames.PING:
            self.socket.send(frames.frame(payload, frames.PONG))
        elif opcode == frames.CLOSE:
            raise Lost(f"closed by the server: {payload!r}")
