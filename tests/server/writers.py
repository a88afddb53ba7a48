"""Simulated people who use the real server and remember what it confirmed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import pycrdt
import websockets
from websockets.asyncio.client import ClientConnection

from server.realtime import protocol
from tests.waiting import WITHIN, pace

GONE = (httpx.TransportError, websockets.WebSocketException, OSError, EOFError)


@dataclass
class Confirmed:
    """`ballots` holds the last confirmed choice of each person, `unanswered` those sent since that got no answer.

    `cast` counts the confirmed ballots.
    """

    testimonies: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    ballots: dict[str, str] = field(default_factory=dict)
    unanswered: dict[str, set[str]] = field(default_factory=dict)
    cast: int = 0

    def counts(self) -> tuple[int, int, int]:
        """The numbers of testimonies, words and ballots that were confirmed."""
        return len(self.testimonies), len(self.words), self.cast


class Api:
    """A person's access to the API by token; an async context manager."""

    def __init__(self, url: str, slug: str, token: str) -> None:
        self.url = url
        self.slug = slug
        self.token = token
        self.client = httpx.AsyncClient(base_url=url, trust_env=False, timeout=WITHIN)

    async def __aenter__(self) -> Api:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.client.aclose()

    async def command(self, name: str, id_: str = "", **data: Any) -> dict[str, Any]:
        """Sends a command and returns the receipt. Raises RuntimeError if it is refused."""
        body = {"name": name, "data": data, **({"id": id_} if id_ else {})}
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self.client.post(f"/api/v1/c/{self.slug}/commandes", json=body, headers=headers)
        if answer.status_code != 200:
            raise RuntimeError(answer.text)
        receipt: dict[str, Any] = answer.json()
        return receipt

    async def read(self, path: str) -> Any:
        answer = await self.client.get(f"/api/v1/c/{self.slug}/{path}")
        answer.raise_for_status()
        return answer.json()


async def speak(api: Api, confirmed: Confirmed, label: str) -> None:
    for i in count():
        said = f"{label} {i}"
        await api.command("testimony.submit", text=said)
        confirmed.testimonies.add(said)


async def vote(api: Api, confirmed: Confirmed, poll: int, chance: random.Random) -> None:
    while True:
        choice = chance.choice(["pour", "contre", "abstention"])
        confirmed.unanswered.setdefault(api.token, set()).add(choice)
        await api.command("ballot.cast", poll=poll, choice=choice)
        confirmed.ballots[api.token] = choice
        confirmed.cast += 1
        confirmed.unanswered[api.token] = set()
        await pace(0.01)


class Writer:
    """A y-websocket client that types words and counts acknowledgements.

    `sent` holds the words of each update since the last connection, of which the first is the whole document.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self.sent: list[str] = []
        self._own: pycrdt.XmlText | None = None

    @property
    def text(self) -> str:
        """The words of all paragraphs."""
        root = self.doc.get("prosemirror", type=pycrdt.XmlFragment)
        return " ".join(str(words) for clause in root.children for part in _parts(clause) for words in _parts(part))

    async def read(self) -> str:
        """The text that the server sends to a new connection."""
        async with websockets.connect(self.address, proxy=None) as socket:
            await self._greet(socket)
            return self.text

    async def write(self, confirmed: Confirmed, label: str) -> None:
        async with websockets.connect(self.address, proxy=None) as socket:
            await self._greet(socket)
            listener = asyncio.create_task(self._listen(socket, confirmed))
            try:
                for i in count():
                    await self._type(socket, f"{label}-{i} ")
                    await pace(0.02)
            finally:
                listener.cancel()

    async def write_somewhere(self, addresses: Sequence[str], confirmed: Confirmed, label: str) -> None:
        """Writes at the first address, and continues at the next one each time the connection is lost."""
        for attempt in count():
            self.address = addresses[attempt % len(addresses)]
            try:
                await self.write(confirmed, f"{label}-{attempt}")
            except GONE:
                await pace(0.1)

    async def _greet(self, socket: ClientConnection) -> None:
        """Exchanges the sync steps 1 and 2 of both sides."""
        self.sent = []
        await socket.send(protocol.ask(self.doc.get_state()))
        asked = brought = False
        while not (asked and brought):
            message = protocol.decode(_bytes(await socket.recv()))
            if isinstance(message, protocol.SyncStep1):
                await socket.send(protocol.answer(self.doc.get_update(message.state_vector)))
                self.sent.append(self.text)
                asked = True
            elif isinstance(message, protocol.SyncUpdate):
                self.doc.apply_update(message.update)
                brought = True

    async def _type(self, socket: ClientConnection, word: str) -> None:
        before = self.doc.get_state()
        with self.doc.transaction():
            if self._own is None:
                root = self.doc.get("prosemirror", type=pycrdt.XmlFragment)
                clause = root.children.append(pycrdt.XmlElement("clause"))
                self._own = clause.children.append(pycrdt.XmlElement("paragraph")).children.append(pycrdt.XmlText(""))
            self._own.insert(len(str(self._own).encode()), word)
        self.sent.append(word)
        await socket.send(protocol.update(self.doc.get_update(before)))

    async def _listen(self, socket: ClientConnection, confirmed: Confirmed) -> None:
        async for frame in socket:
            message = protocol.decode(_bytes(frame))
            if isinstance(message, protocol.Acknowledged):
                confirmed.words.update(*(words.split() for words in self.sent[: message.count]))
            elif isinstance(message, protocol.SyncUpdate):
                self.doc.apply_update(message.update)


def _parts(node: Any) -> list[Any]:
    return list(node.children) if isinstance(node, pycrdt.XmlElement) else []


def _bytes(frame: str | bytes) -> bytes:
    assert isinstance(frame, bytes)
    return frame
