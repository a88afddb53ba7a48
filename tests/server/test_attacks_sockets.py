"""Connections that mean harm: too slow, too large, from elsewhere, or of somebody whose access has ended."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn
import websockets
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from server.clock import SystemClock
from server.http import LARGEST_HEAD, BoundedHttp
from server.identity.identity import Identity
from server.realtime import protocol
from server.settings import Settings
from server.store.database import Database
from tests.server_process import Server

SLUG = "demo"
LONG_ANSWER = 50_000_000
HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


# Slow and endless requests, with limits that a test can wait for


class Hurried(BoundedHttp):
    head_seconds = 0.4
    body_seconds = 0.8
    stalled_seconds = 0.6


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads all that is sent and answers how much it was; `/long` answers at length."""
    request = Request(scope, receive)
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
    body = b"x" * LONG_ANSWER if scope["path"] == "/long" else str(size).encode()
    await Response(body)(scope, receive, send)


@contextmanager
def serving(app: ASGIApp, http: type[BoundedHttp]) -> Iterator[int]:
    """The port of a server in a thread."""
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
    """What comes until the server ends the connection; TimeoutError when it does not."""
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
    """How many drips, one each 50 ms, until the connection is ended."""
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
        connection.sendall(b"GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(2)
        assert len(rest(connection)) < LONG_ANSWER


def test_an_honest_body_in_small_pieces_arrives(port: int) -> None:
    pieces = (b"x" for _ in range(3_000))
    with httpx.Client(trust_env=False) as client:
        assert client.post(f"http://127.0.0.1:{port}/", content=pieces).text == "3000"
        assert client.post(f"http://127.0.0.1:{port}/", content=b"x" * 3_000_000).text == "3000000"
        assert client.get(f"http://127.0.0.1:{port}/long").content == b"x" * LONG_ANSWER


# The product


def memory(server: Server) -> int:
    """Resident memory of its process, in MB."""
    assert server.process is not None
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(server.process.pid)], capture_output=True, text=True)
    return int(said.stdout) // 1024


@pytest.mark.parametrize("path", [f"/c/{SLUG}/temoignages", f"/api/v1/c/{SLUG}/commandes", "/connexion"])
def test_two_hundred_megabytes_are_not_read_into_memory(server: Server, path: str) -> None:
    before, most = memory(server), [0]
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    with connect(server.port) as connection:
        kind = b"Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n".encode() + kind)
        try:
            for number in range(3_200):
                connection.sendall(chunk)
                if number % 800 == 0:
                    most.append(memory(server))
        except ConnectionError:
            pass
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")
    assert max(most) - before < 60
    assert server.healthy()


def test_an_upload_that_says_it_is_too_large_is_refused_before_it_comes(server: Server) -> None:
    with connect(server.port) as connection:
        head = f"POST /c/{SLUG}/temoignages HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 200000000\r\n"
        connection.sendall(head.encode() + b"Expect: 100-continue\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.fixture(scope="module")
def identity(server: Server) -> Iterator[Identity]:
    """Links and tokens on the database of the running server, as the command line makes them."""
    database = Database(Settings(data=server.data).database_url)
    yield Identity(database, SystemClock(), secure_cookies=False)
    database.close()


@pytest.fixture(scope="module")
def tokens(server: Server, identity: Identity) -> dict[str, str]:
    """An access token for the first person of each role."""
    people = httpx.get(f"{server.url}/api/v1/c/{SLUG}/personnes?taille=1000", trust_env=False).json()["items"]
    first = {one["role"]: one["id"] for one in reversed(people) if not one["revoked"]}
    return {role: identity.make_token(SLUG, person) for role, person in first.items()}


def address(server: Server, token: str = "", document: str = "motion-1") -> str:
    query = f"?token={token}" if token else ""
    return f"ws://127.0.0.1:{server.port}/c/{SLUG}/sync/{document}{query}"


def visit(work: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        async with asyncio.timeout(30):
            await work()

    asyncio.run(within())


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://[", "http://127.0.0.1:1", "http://127.0.0.1.evil.example", "", "é"],
)
def test_a_page_of_another_site_opens_no_socket(server: Server, tokens: dict[str, str], origin: str) -> None:
    """Not even with a token: a page that has one is not a program."""

    async def work() -> None:
        for token in ("", tokens["elu"]):
            with pytest.raises(InvalidStatus) as refused:
                async with websockets.connect(address(server, token), origin=Origin(origin), proxy=None):
                    pass
            assert refused.value.response.status_code == 403

    visit(work)


def test_without_an_origin_only_a_program_with_a_token_passes(server: Server, tokens: dict[str, str]) -> None:
    async def work() -> None:
        with pytest.raises(InvalidStatus):
            async with websockets.connect(address(server), proxy=None, additional_headers={"Cookie": "pleniere=x"}):
                pass
        async with websockets.connect(address(server, tokens["elu"]), proxy=None) as program:
            await program.send(protocol.ask(b"\0"))
            assert await program.recv()
        async with websockets.connect(address(server), origin=Origin(server.url), proxy=None) as page:
            await page.send(protocol.ask(b"\0"))
            assert await page.recv()

    visit(work)


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (["text"], protocol.MALFORMED),
        ([b""], protocol.MALFORMED),
        ([b"\xff" * 100], protocol.MALFORMED),
        ([b"\0\2" + bytes.fromhex("06010007010002")], protocol.MALFORMED),
        ([b"\0\2" + b"\xff\xff\x03" + b"\x76" * 65_535], protocol.MALFORMED),
        ([b"x" * (protocol.MAX_FRAME + 1)], protocol.TOO_LARGE),
    ],
)
def test_a_hostile_frame_ends_its_own_connection_only(
    server: Server, tokens: dict[str, str], frames: list[str | bytes], code: int
) -> None:
    async def work() -> None:
        async with websockets.connect(address(server, tokens["elu"]), proxy=None, compression="deflate") as other:
            assert other.protocol.extensions == []  # no compressed frames, so none that swell
            async with websockets.connect(address(server, tokens["elu"]), proxy=None) as hostile:
                for frame in frames:
                    await hostile.send(frame)
                assert await ended(hostile) == code
            await other.send(protocol.ask(b"\0"))
            assert await other.recv()
        assert server.healthy()

    visit(work)


async def ended(connection: ClientConnection) -> int:
    """The code with which the server ends it."""
    try:
        async for _ in connection:
            pass
    except ConnectionClosed:
        pass
    return connection.close_code or 0


@pytest.mark.parametrize(
    "document", ["motion-99", "motion-0", "motion-01", "carte-%00", "temoignage-1", "x", "motion-" + "9" * 99]
)
def test_a_document_that_is_none_ends_the_connection(server: Server, tokens: dict[str, str], document: str) -> None:
    async def work() -> None:
        async with websockets.connect(address(server, tokens["elu"], document), proxy=None) as connection:
            assert await ended(connection) == protocol.UNKNOWN

    visit(work)


def test_revocation_closes_what_is_open_and_ends_what_signs_in(
    server: Server, tokens: dict[str, str], identity: Identity
) -> None:
    """P4: sockets within seconds; sessions, tokens and links with them."""
    invitation = {"person_name": "Zoé Revoquée", "role": "elu"}
    person = str(command(server, tokens["organiser"], "person.invite", invitation)["entries"][0][2]).partition("-")[2]
    link, token = f"{server.url}/connexion#{identity.make_link(SLUG, person)}", identity.make_token(SLUG, person)
    with httpx.Client(base_url=server.url, trust_env=False) as browser:
        signed = browser.post("/connexion", data={"lien": link})
        assert (signed.status_code, "Zoé Revoquée" in browser.get(f"/c/{SLUG}/").text) == (303, True)
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())

        async def work() -> None:
            session, end = {"Cookie": cookie}, {"person": person, "reason": "Fin de l’essai."}
            async with (
                websockets.connect(address(server, token), proxy=None) as program,
                websockets.connect(
                    address(server),
                    origin=Origin(server.url),
                    additional_headers=session,
                    proxy=None,
                ) as page,
                websockets.connect(address(server, tokens["elu"]), proxy=None) as other,
            ):
                for connection in (program, page, other):
                    await connection.send(protocol.ask(b"\0"))
                await asyncio.to_thread(command, server, tokens["organiser"], "person.revoke", end)
                async with asyncio.timeout(5):
                    assert [await ended(program), await ended(page)] == [protocol.REVOKED] * 2
                await other.send(protocol.ask(b"\0"))
                assert await other.recv()

        visit(work)
        assert "Zoé Revoquée</a>" not in browser.get(f"/c/{SLUG}/").text
        said = browser.post(f"/api/v1/c/{SLUG}/commandes", json={}, headers={"Authorization": f"Bearer {token}"})
        assert said.status_code == 401
    assert not any(secret in server.said() for secret in (token, link.partition("#")[2], *tokens.values()))


def command(server: Server, token: str, name: str, data: dict[str, str]) -> dict[str, Any]:
    """The receipt of a command by API."""
    headers = {"Authorization": f"Bearer {token}"}
    body = {"name": name, "data": data}
    said = httpx.post(f"{server.url}/api/v1/c/{SLUG}/commandes", json=body, headers=headers, trust_env=False)
    assert said.status_code == 200, said.text
    receipt: dict[str, Any] = said.json()
    return receipt
