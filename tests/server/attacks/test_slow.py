"""Requests that are too slow, too long or endless, and clients that stop reading; with short limits for the test."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.web.http import LARGEST_HEAD, BoundedHttp
from tests.waiting import until

LONG_ANSWER = 50_000_000
HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


class Hurried(BoundedHttp):
    head_seconds = 0.4
    body_seconds = 0.8
    stalled_seconds = 0.6
    ended = 0
    """How many connections are over."""

    def connection_lost(self, exc: Exception | None) -> None:
        type(self).ended += 1
        super().connection_lost(exc)


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that reads the whole body and answers with its size; `/long` sends a long answer."""
    request = Request(scope, receive)
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
    body = b"x" * LONG_ANSWER if scope["path"] == "/long" else str(size).encode()
    await Response(body)(scope, receive, send)


@contextmanager
def serving(app: ASGIApp, http: type[BoundedHttp]) -> Iterator[int]:
    """Runs a server in a thread; yields its port."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    config = uvicorn.Config(app, http=http, log_level="critical", lifespan="off", timeout_keep_alive=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    yield int(listening.getsockname()[1])
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(answer, Hurried) as port:
        yield port


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def rest(connection: socket.socket) -> bytes:
    """Everything received until the server ends the connection. Raises TimeoutError if it does not."""
    parts = []
    try:
        while part := connection.recv(1 << 16):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


def test_three_hundred_half_requests_are_let_go(port: int) -> None:
    begun = [connect(port) for _ in range(300)]
    for number, connection in enumerate(begun):
        connection.sendall((b"", b"G", HEAD, HEAD + b"X-", b"\r\n", b"\r\n\r\n")[number % 6])
    assert {rest(connection) for connection in begun} == {b""}
    for connection in begun:
        connection.close()
    assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).status_code == 200


@pytest.mark.parametrize("drip", [b"X-a: b\r\n", b"x"])
def test_a_head_that_drips_is_let_go(port: int, drip: bytes) -> None:
    assert drips(port, HEAD, drip) < 200


def test_a_body_that_drips_is_let_go(port: int) -> None:
    assert drips(port, POST, b"1\r\nx\r\n") < 200


def test_blank_lines_do_not_keep_a_connection(port: int) -> None:
    """After an answer, each of them would put off uvicorn's own limit for ever."""
    assert drips(port, HEAD + b"\r\n", b"\r\n") < 200


def drips(port: int, begin: bytes, drip: bytes) -> int:
    """Sends `drip` every 50 ms; returns how often, until the server ends the connection."""
    with connect(port) as connection:
        connection.sendall(begin)
        connection.settimeout(0.05)
        for count in range(200):
            try:
                while connection.recv(1 << 16):
                    pass
                return count
            except TimeoutError:
                pass
            except ConnectionError:
                return count
            try:
                connection.sendall(drip)
            except OSError:
                return count
    return 200


@pytest.mark.parametrize(
    "flood",
    [
        HEAD + b"X: " + b"x" * 4 * LARGEST_HEAD,
        HEAD + b"X: y\r\n" * LARGEST_HEAD,
        b"GET /" + b"x" * 4 * LARGEST_HEAD,
        POST + b"0\r\n" + b"X: " + b"x" * 4 * LARGEST_HEAD,
        POST + b"0\r\n" + b"X: y\r\n" * LARGEST_HEAD,
        POST + b"1;" + b"x" * 4 * LARGEST_HEAD,
    ],
    ids=["long header", "many headers", "long address", "long trailer", "many trailers", "long extension"],
)
def test_a_flood_of_headers_is_cut_off(port: int, flood: bytes) -> None:
    with connect(port) as connection:
        try:
            for start in range(0, len(flood), 1 << 14):
                connection.sendall(flood[start : start + (1 << 14)])
        except ConnectionError:
            return  # it was ended in the middle
        assert b" 431 " in rest(connection)[:20]


def test_a_reader_that_stops_is_let_go(port: int) -> None:
    with connect(port) as connection:
        before = Hurried.ended
        connection.sendall(b"GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
        until(lambda: Hurried.ended > before)
        assert len(rest(connection)) < LONG_ANSWER


def test_an_honest_body_in_small_pieces_arrives() -> None:
    """Under the limits of a real server: those of the attacks above are too short for a busy machine."""
    with serving(answer, BoundedHttp) as port:
        pieces = (b"x" for _ in range(3_000))
        with httpx.Client(trust_env=False) as client:
            assert client.post(f"http://127.0.0.1:{port}/", content=pieces).text == "3000"
            assert client.post(f"http://127.0.0.1:{port}/", content=b"x" * 3_000_000).text == "3000000"
            assert client.get(f"http://127.0.0.1:{port}/long").content == b"x" * LONG_ANSWER
