"""A text of 200 clauses with 20,000 edits: what is kept of it, and how long it takes to open."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pycrdt

from deliberation.kernel.errors import Refused
from server.services import Services, open_services
from server.settings import ServerSettings
from tests.bench.contestants import cpu_seconds, memory
from tests.bench.figures import Figure
from tests.bench.options import Options
from tests.bench.place import Hung, Socket, target
from tests.server.workplace import SLUG, found
from tests.server.yjs import Writer, edit_text
from tests.server_process import Server

CLAUSES, EDITS = 200, 20_000
BURST, RUN = 500, 20
"""Edits that become one entry, and those at one place."""

DOCUMENT = "motion-1"


def measure(options: Options) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        place = found(Path(folder) / "data")
        written = asyncio.run(_write(ServerSettings(data=place.data), random.Random(options.seed)))
        kept = (place.data / "pleniere.sqlite").stat().st_size
        server = Server(place.data, demo=False)
        server.start()
        try:
            assert server.process is not None
            before = memory(server.process.pid)
            used = cpu_seconds(server.process.pid)
            cold, size = _open(server)
            used = cpu_seconds(server.process.pid) - used
            warm = min(_open(server)[0] for _ in range(5))
            held = memory(server.process.pid) - before
        finally:
            server.stop()
    yield Figure(f"{CLAUSES} clauses, {EDITS} edits: as they came", written / 1e6, "MB")
    yield Figure("the text as a newcomer gets it", size / 1e6, "MB")
    yield Figure("the same as a part of what came", size / written, "", 0.5)
    yield Figure("the whole database, the record included", kept / 1e6, "MB")
    yield Figure("opened first, after a start", cold * 1e3, "ms")
    yield Figure("what the processor had to do for that", used * 1e3, "ms", 2_000)
    yield Figure("opened again", warm * 1e3, "ms", 300)
    yield Figure("memory of the server for it", held / 1e6, "MB", 150)


async def _write(settings: ServerSettings, chance: random.Random) -> int:
    """Bytes of all updates."""
    async with open_services(settings) as services:
        recorded, _ = await asyncio.to_thread(services.store.document, SLUG, DOCUMENT)
        writer = Writer(7, recorded or b"\0\0")
        writer.take()
        texts = [writer.clause(f"c{n}", f"Considérant le point {n},") for n in range(CLAUSES)]
        total = await _keep(services, writer)
        for _ in range(EDITS // BURST):
            for _ in range(BURST // RUN):
                _type(chance.choice(texts), chance)
            total += await _keep(services, writer)
        return total


def _type(text: pycrdt.XmlText, chance: random.Random) -> None:
    """A run of keys at one place, one in ten of which takes the last one back; now and then a change of marks."""
    if chance.random() < 0.1:
        for _ in range(RUN):
            edit_text(text, chance)
        return
    at = chance.randrange(len(text) + 1) if str(text).isascii() else 0
    for key in range(RUN):
        if key % 10 == 9:
            at -= 1
            del text[at : at + 1]
        else:
            text.insert(at, chance.choice("etaoin shrdlu"))
            at += 1


async def _keep(services: Services, writer: Writer) -> int:
    """Each edit is journalled as it came, and all of them become an entry."""
    updates = writer.take()
    answers = await asyncio.gather(
        *(services.write_queue.journal(SLUG, DOCUMENT, "p1", each, (7,)) for each in updates)
    )
    assert not any(isinstance(answer, Refused) for answer in answers)
    await services.write_queue.record_bursts(SLUG, DOCUMENT)
    return sum(map(len, updates))


def _open(server: Server) -> tuple[float, int]:
    """Seconds from the connection to the whole text, and its size in bytes."""
    began = time.perf_counter()
    socket = Socket(target(server))
    socket.greet()
    try:
        while True:
            for _, payload in socket.hear():
                if payload[:2] == b"\0\1":
                    return time.perf_counter() - began, len(payload)
    except Hung as error:
        raise RuntimeError("the text did not come") from error
    finally:
        socket.close()
