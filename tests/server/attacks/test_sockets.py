"""Attacks by WebSockets: too large, from a foreign origin, hostile, or after the person's access has ended."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pycrdt
import pytest
import websockets
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from server.identity.identity import Identity
from server.realtime import protocol
from server.settings import ServerSettings
from server.store.clock import SystemClock
from server.store.database import Database
from tests.server_process import Server
from tests.waiting import WITHIN

SLUG = "demo"


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=WITHIN)


def memory(server: Server) -> int:
    """The resident memory of the server's process in MB."""
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
    """Access to links and tokens in the database of the running server, as the command line has."""
    database = Database(ServerSettings(data=server.data).database_url)
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
        async with asyncio.timeout(WITHIN):
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
    """The close code with which the server ends the connection."""
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
    person = invite(server, tokens, "Zoé Revoquée")
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
                async with asyncio.timeout(WITHIN):
                    assert [await ended(program), await ended(page)] == [protocol.REVOKED] * 2
                await other.send(protocol.ask(b"\0"))
                assert await other.recv()

        visit(work)
        assert "Zoé Revoquée</a>" not in browser.get(f"/c/{SLUG}/").text
        said = browser.post(f"/api/v1/c/{SLUG}/commandes", json={}, headers={"Authorization": f"Bearer {token}"})
        assert said.status_code == 401
    assert not any(secret in server.said() for secret in (token, link.partition("#")[2], *tokens.values()))


def invite(server: Server, tokens: dict[str, str], name: str) -> str:
    """Invites a new élue to the demonstration congress; returns her id."""
    receipt = command(server, tokens["organiser"], "person.invite", {"person_name": name, "role": "elu"})
    return str(receipt["entries"][0][2]).partition("-")[2]


def test_an_access_ended_from_a_terminal_closes_what_is_open(
    server: Server, tokens: dict[str, str], identity: Identity
) -> None:
    """`pleniere token --revoke` is another process: the server looks again every few seconds."""
    person = invite(server, tokens, "Yan Terminé")
    token = identity.make_token(SLUG, person)

    async def work() -> None:
        async with (
            websockets.connect(address(server, token), proxy=None) as program,
            websockets.connect(address(server, tokens["elu"]), proxy=None) as other,
        ):
            for connection in (program, other):
                await connection.send(protocol.ask(b"\0"))
                assert await connection.recv()
            identity.end_access(SLUG, person)
            assert await ended(program) == protocol.REVOKED
            await other.send(protocol.ask(b"\0"))
            assert await other.recv()

    visit(work)


def test_signing_out_closes_what_is_open(server: Server, tokens: dict[str, str], identity: Identity) -> None:
    """Another tab of that browser comes back as a reader; another browser of that person as that person."""
    person = invite(server, tokens, "Ugo Sorti")
    sessions = [identity.open_session(None, SLUG, person) for _ in range(2)]

    async def work() -> None:
        async with page(server, sessions[0]) as leaving, page(server, sessions[1]) as staying:
            for connection in (leaving, staying):
                await connection.send(protocol.ask(b"\0"))
                assert await connection.recv()
            await asyncio.to_thread(sign_out, server, sessions[0])
            assert [await ended(leaving), await ended(staying)] == [protocol.GOING_AWAY] * 2
        async with page(server, sessions[0]) as left, page(server, sessions[1]) as stayed:
            assert [await writes(left), await writes(stayed)] == [False, True]

    visit(work)


def page(server: Server, session: str) -> Any:
    cookie = {"Cookie": f"pleniere={session}"}
    return websockets.connect(
        address(server, document="carte-1"), origin=Origin(server.url), additional_headers=cookie, proxy=None
    )


def sign_out(server: Server, session: str) -> None:
    cookies = {"pleniere": session}
    assert httpx.post(f"{server.url}/deconnexion", cookies=cookies, trust_env=False).status_code == 303


async def writes(connection: ClientConnection) -> bool:
    """Whether the server accepts an update of this connection, so that it has the update when asked again."""
    document: pycrdt.Doc[Any] = pycrdt.Doc()
    nodes = document.get("nodes", type=pycrdt.Map)
    nodes["essai"] = pycrdt.Map({"parent": "", "order": "a0", "text": pycrdt.Text("mot"), "excerpts": pycrdt.Map({})})
    await connection.send(protocol.ask(b"\0"))
    await connection.send(protocol.update(document.get_update()))
    while True:
        await connection.send(protocol.ask(b"\0"))
        frame = await connection.recv()
        said = protocol.decode(frame) if isinstance(frame, bytes) else None
        if isinstance(said, protocol.Denied):
            return False
        if isinstance(said, protocol.SyncUpdate) and pycrdt.merge_updates(said.update).find(b"essai") >= 0:
            return True


def command(server: Server, token: str, name: str, data: dict[str, str]) -> dict[str, Any]:
    """Sends a command to the API; returns the receipt."""
    headers = {"Authorization": f"Bearer {token}"}
    body = {"name": name, "data": data}
    said = httpx.post(f"{server.url}/api/v1/c/{SLUG}/commandes", json=body, headers=headers, trust_env=False)
    assert said.status_code == 200, said.text
    receipt: dict[str, Any] = said.json()
    return receipt
