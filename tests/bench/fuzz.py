"""Damaged frames of every kind to a real server: no crash, no more memory, and nothing kept of what a reader sends.

Before them, valid but hostile ones: what each kind costs in memory and in time of the event loop.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator

import httpx

from server.realtime import protocol
from tests.bench import hostile
from tests.bench.contestants import memory
from tests.bench.figures import Figure
from tests.bench.load import frames
from tests.bench.options import Options
from tests.bench.place import PATH, Hung, Socket, serving, target
from tests.server.mutants import corpus, damaged
from tests.server.workplace import SLUG, Workplace
from tests.server.writers import Writer
from tests.server_process import Server

THOUSAND = 1_000
FRESH = 2_000
"""Frames after which other updates are damaged."""


def measure(options: Options) -> Iterator[Figure]:
    yield from hostile.measure()
    with serving() as (server, place):
        assert server.process is not None
        process = server.process
        half = options.rounds * THOUSAND // 2
        chance = random.Random(options.seed)
        before, held = _kept(server, place), memory(process.pid)
        began = time.perf_counter()
        connections = _throw(server, "", half, chance)
        after = _kept(server, place)
        connections += _throw(server, place.elus[0], half, chance)
        took = time.perf_counter() - began
        grown = memory(process.pid) - held
        crashed = process.poll() is not None or not server.healthy()
        server.stop()
        place.verify()
    yield Figure("damaged frames, half from readers, half from an élue", 2 * half, "")
    yield Figure("connections that they took", connections, "")
    yield Figure("frames per second", 2 * half / took, "")
    yield Figure("crashes", crashed, "", 0)
    yield Figure("changes of text or record by readers", before != after, "", 0)
    yield Figure("memory of the server, more than before", grown / 1e6, "MB", 100)


def _throw(server: Server, token: str, count: int, chance: random.Random) -> int:
    """So many damaged frames; how many connections were ended over them, and one."""
    where, connections = target(server, token), 1
    socket = Socket(where)
    for number in range(count):
        if number % FRESH == 0:
            updates = corpus(chance)
        update = chance.choice(updates)
        try:
            if chance.random() < 0.1:
                socket.raw(_broken_frame(update, chance))
                socket.hang_up()  # the server may wait for the rest of it
            else:
                socket.raw(_frame(update, chance))
            listens = socket.is_heeded()
        except Hung:
            listens = False
        if not listens:
            socket.close()
            socket, connections = Socket(where), connections + 1
            socket.greet()
    socket.close()
    return connections


def _frame(update: bytes, chance: random.Random) -> bytes:
    """Damaged in the update, in the message around it, or of a kind that is none."""
    kind = chance.randrange(9)
    if kind < 6:
        wrap = chance.choice([protocol.update, protocol.answer])
        return frames.frame(wrap(damaged(update, chance)))
    if kind < 8:
        message = chance.choice([protocol.update(update), protocol.ask(update), protocol.aware(update)])
        return frames.frame(damaged(message, chance))
    return frames.frame(protocol.update(update), chance.choice([0, 1, 2, 3, 8, 11]))


def _broken_frame(update: bytes, chance: random.Random) -> bytes:
    """Damaged as a frame of a WebSocket."""
    return damaged(frames.frame(protocol.update(update)), chance)


def _kept(server: Server, place: Workplace) -> tuple[object, bytes]:
    """What the API says of the congress, the record's size included, and the text as a newcomer gets it."""
    said = httpx.get(f"{server.url}/api/v1/c/{SLUG}/", trust_env=False).json()
    writer = Writer(f"{server.url.replace('http', 'ws')}{PATH}?token={place.elus[0]}")
    asyncio.run(writer.read())
    return said, writer.doc.get_update()
