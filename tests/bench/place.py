"""A server of one congress for measurements, and sockets that a bench drives by hand."""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.realtime import protocol
from tests.bench.contestants import cores, on_core
from tests.bench.load import frames
from tests.bench.load.connection import Target
from tests.server.workplace import SLUG, Workplace, found
from tests.server_process import Server

SETTLING = 2.0
"""Seconds after the start, until what asked whether it answers is gone."""

PATH = f"/c/{SLUG}/sync/motion-1"


@contextmanager
def serving() -> Iterator[tuple[Server, Workplace]]:
    """A server with motion 1 to write in."""
    with tempfile.TemporaryDirectory() as folder:
        place = found(Path(folder) / "data")
        server = Server(place.data, demo=False)
        with on_core(cores()[0]):
            server.start()
        time.sleep(SETTLING)
        try:
            yield server, place
        finally:
            server.kill()


def target(server: Server, token: str = "") -> Target:
    """Motion 1, as the public or as the person of that token."""
    return Target(server.port, f"{PATH}?ack=1&token={token}" if token else PATH, (("Origin", server.url),))


class Hung(Exception):
    """The server ended the connection."""


class Socket:
    """A connection that blocks: each call takes as long as the server does."""

    def __init__(self, where: Target, buffer: int = 0, seconds: float = 60.0) -> None:
        self.socket = socket.socket()
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(seconds)
        self.socket.connect(("127.0.0.1", where.port))
        self.socket.sendall(frames.handshake(f"127.0.0.1:{where.port}", where.path, where.headers))
        self._parser = frames.Parser()
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._read()
        self._rest = head.partition(b"\r\n\r\n")[2]

    def say(self, message: bytes) -> None:
        """A whole message of the sync protocol."""
        self.raw(frames.frame(message))

    def raw(self, data: bytes) -> None:
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise Hung from error

    def greet(self) -> None:
        """Asks for everything, and has nothing of its own."""
        self.say(protocol.ask(b"\0"))
        self.say(protocol.answer(b"\0\0"))

    def hear(self) -> list[tuple[int, bytes]]:
        """The frames that come next, perhaps a part of one only; Hung at the end. Pings are answered."""
        data, self._rest = self._rest or self._read(), b""
        heard = list(self._parser.frames(data))
        for opcode, payload in heard:
            if opcode == frames.PING:
                self.raw(frames.frame(payload, frames.PONG))
        return heard

    def is_heeded(self) -> bool:
        """Whether the server has read all that was said, and still listens."""
        try:
            self.raw(frames.frame(b"", frames.PING))
            while True:
                for opcode, _ in self.hear():
                    if opcode == frames.CLOSE:
                        return False
                    if opcode == frames.PONG:
                        return True
        except Hung:
            return False

    def hang_up(self) -> None:
        """Nothing more will be said."""
        self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.socket.close()

    def _read(self) -> bytes:
        try:
            data = self.socket.recv(1 << 18)
        except ConnectionError as error:
            raise Hung from error
        if not data:
            raise Hung
        return data
