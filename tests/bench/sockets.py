"""Connections that cost something without doing anything: idle ones, slow readers, and those whose peer is gone."""

from __future__ import annotations

import socket as sockets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pycrdt

from server.realtime import protocol
from tests.bench.contestants import cores, cpu_seconds, memory
from tests.bench.figures import Figure
from tests.bench.load import frames
from tests.bench.load.process import CrowdProcess
from tests.bench.options import Options
from tests.bench.place import Hung, Socket, serving, target
from tests.server.yjs import Writer
from tests.server_process import Server

IDLE = 1_000
SLOW = 50
SMALL_BUFFER, LARGE_BUFFER = 4_096, 1 << 20
PIECES, PIECE = 11, 500_000
"""What is written at once, beyond what the system keeps for who does not read."""

GONE = 100
LONGEST = 60.0


def measure_idle(options: Options) -> Iterator[Figure]:
    """A thousand people look at a text in which nobody writes."""
    with serving() as (server, _):
        pid = _pid(server)
        before = memory(pid)
        crowd = CrowdProcess(cores()[1], [], [target(server)], False)
        took = crowd.grow(IDLE)
        crowd.type(1.0)
        each = (memory(pid) - before) / IDLE
        began, used = time.perf_counter(), cpu_seconds(pid)
        seen = crowd.type(max(30.0, options.seconds))
        share = (cpu_seconds(pid) - used) / (time.perf_counter() - began)
        crowd.close()
    yield Figure(f"{IDLE} idle connections: all in", took, "s")
    yield Figure("memory of each", each / 1_000, "kB", 20)
    yield Figure("processor, in hundredths of a core", share * 100, "", 5)
    yield Figure("lost", seen.lost, "", 0)


def measure_slow(options: Options) -> Iterator[Figure]:
    """Readers who read nothing while megabytes are written, and one who begins to read again."""
    with serving() as (server, place):
        pid = _pid(server)
        paused, alone = _joined(server, SMALL_BUFFER), _open(pid)
        slow = [_joined(server, SMALL_BUFFER) for _ in range(SLOW)]
        before, began = memory(pid), time.perf_counter()
        written, most = _write_much(server, place.elus[0])
        time.sleep(5)
        most = max(most, memory(pid))
        caught_up, pieces = _read_all(paused, written)
        dropped = _let_go(pid, alone, began)
        for each in slow:
            each.close()
    size = len(written.get_update())
    yield Figure("a text that grows to", size / 1e6, "MB")
    yield Figure(f"{SLOW} readers who read nothing: memory of the server, more", (most - before) / 1e6, "MB", 200)
    yield Figure("were it all kept for them", size * SLOW / 1e6, "MB")
    yield Figure("let go after, the last", dropped, "s", LONGEST)
    yield Figure("one who reads again: has the whole text", caught_up, "", least=1)
    yield Figure("in as many messages as the text has parts", pieces / PIECES, "times", 1)


def measure_gone(options: Options) -> Iterator[Figure]:
    """Peers that vanished without a word: nothing comes from them any more, not even an answer to a ping."""
    with serving() as (server, _):
        alone = _open(_pid(server))
        gone = [_joined(server) for _ in range(GONE)]
        last = _let_go(_pid(server), alone, time.perf_counter())
        left = server.healthy()
        for each in gone:
            each.close()
    yield Figure(f"{GONE} peers that vanished: the last let go after", last, "s", 45)
    yield Figure("the server goes on", left, "", least=1)


def _pid(server: Server) -> int:
    assert server.process is not None
    return server.process.pid


def _joined(server: Server, buffer: int = 0) -> Socket:
    socket = Socket(target(server), buffer)
    socket.greet()
    while not any(payload[:2] == b"\0\1" for _, payload in socket.hear()):
        pass
    return socket


def _write_much(server: Server, token: str) -> tuple[pycrdt.Doc[Any], int]:
    """A document that somebody writes in a few large pieces, all confirmed; the most memory of the server meanwhile."""
    writer, socket, most = Writer(7), Socket(target(server, token)), 0
    socket.greet()
    for number in range(PIECES):
        writer.clause(f"c{number}", "x" * PIECE)
        socket.say(protocol.update(writer.take()[0]))
        if not socket.is_heeded():
            raise Hung
        most = max(most, memory(_pid(server)))
    wanted = protocol.acknowledge(PIECES + 1)
    while not any(payload == wanted for _, payload in socket.hear()):
        pass
    whole = pycrdt.Doc[Any]()
    for _, payload in _answers(server):
        whole.apply_update(payload)
    socket.close()
    return whole, max(most, memory(_pid(server)))


def _answers(server: Server) -> list[tuple[int, bytes]]:
    """The text as a newcomer gets it."""
    socket = Socket(target(server))
    socket.greet()
    found: list[tuple[int, bytes]] = []
    while not found:
        for _, payload in socket.hear():
            message = protocol.decode(payload)
            if isinstance(message, protocol.SyncUpdate):
                found.append((1, message.update))
    socket.close()
    return found


def _read_all(socket: Socket, written: pycrdt.Doc[Any]) -> tuple[bool, int]:
    """Reads until it has all of the text; whether it came to that, and in how many messages."""
    socket.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, LARGE_BUFFER)
    mine, pieces, until = pycrdt.Doc[Any](), 0, time.perf_counter() + 30
    mine.apply_update(b"\0\0")
    while time.perf_counter() < until:
        for opcode, payload in socket.hear():
            if opcode != frames.BINARY:
                continue
            message = protocol.decode(payload)
            if isinstance(message, protocol.SyncUpdate):
                pieces += 1
                mine.apply_update(message.update)
        if written.get_update(mine.get_state())[:1] == b"\0":
            return True, pieces
    return False, pieces


def _open(pid: int) -> int:
    """How many connections a process has open."""
    handles = Path(f"/proc/{pid}/fd")
    return sum(_target(handle).startswith("socket:") for handle in handles.iterdir())


def _target(handle: Path) -> str:
    try:
        return str(handle.readlink())
    except FileNotFoundError:  # closed meanwhile
        return ""


def _let_go(pid: int, alone: int, began: float) -> float:
    """Seconds until the process has no more connections open than it had `alone`; `LONGEST` twice for never.

    Seen from its side: who reads nothing hears of no end.
    """
    now = 0.0
    while _open(pid) > alone and now < 2 * LONGEST:
        time.sleep(0.1)
        now = time.perf_counter() - began
    return now
