"""Valid but hostile: what one person's frames cost a server in memory and in time of its event loop, kind by kind.

Each kind runs in a process of its own (`python -m tests.bench.hostile KIND`), which prints its cost as JSON: a hub with
one document, one connection that means harm, and frames that are well formed.
"""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pycrdt

from deliberation.kernel.errors import Refused
from server.realtime import presence, protocol
from server.realtime.hub import Hub
from server.realtime.member import Member
from server.texts import lib0
from server.texts.lib0 import text, uint
from server.texts.motion import seed
from tests.bench.figures import Figure
from tests.server.memory_storage import MemoryStorage
from tests.server.peers import MemoryWire
from tests.server.yjs import element, inside, update, words, words_after

MEMORY, LOOP = 50.0, 100.0
"""What one person may cost, in MB, and how long a frame, or frames one after the other, may hold the event loop, in ms
of its thread's processor time.
"""

SETTLING = 0.02
"""Seconds in which what a frame leads to is journalled and relayed."""

FINE = 4_000
"""Structs that an update may bring, neighbours joined."""

XML_TEXT = uint(6)
MAP = "carte-1"
ME, OTHER, MINE = 7, 8, 9
Kind = Callable[[], Iterable[bytes]]


def _paragraph() -> list[bytes]:
    """A clause, a paragraph and its text: the next struct has the clock 3."""
    return [element(), element(inside(ME, 0), "paragraph"), b"\7" + inside(ME, 1) + XML_TEXT]


def _text(value: str) -> bytes:
    return update([*_paragraph(), words(value, inside(ME, 2))], client=ME)


def _brought(*updates: bytes) -> Iterator[bytes]:
    return (protocol.update(each) for each in updates)


def _letters(count: int) -> Iterable[bytes]:
    keys = (words_after(ME, clock - 1, "a") for clock in range(4, 3 + count))
    return _brought(update([*_paragraph(), words("a", inside(ME, 2)), *keys], client=ME))


def _between(count: int, long: int = 0) -> Iterable[bytes]:
    """A letter between each two letters of a text."""
    beside = (b"\xc4" + uint(ME) + uint(3 + 2 * n) + uint(ME) + uint(4 + 2 * n) + text("b") for n in range(count))
    return _brought(
        _text("a" * max(2 * count + 2, long)), update([*beside], client=ME, clock=3 + max(2 * count + 2, long))
    )


def _erased(count: int, long: int = 0) -> Iterable[bytes]:
    ranges = b"".join(uint(3 + 2 * n) + uint(1) for n in range(count))
    return _brought(_text("a" * max(2 * count, long)), b"\0" + uint(1) + uint(ME) + uint(count) + ranges)


def _anywhere(count: int) -> Iterable[bytes]:
    """Clauses that may stand before any of as many others."""
    row = (b"\x87" + uint(ME) + uint(n) + uint(3) + text("clause") for n in range(count - 1))
    far = (b"\x47" + uint(ME) + uint(count - 1 - n) + uint(3) + text("clause") for n in range(count - 1))
    return _brought(update([element(), *row], client=ME), update([*far], client=ME, clock=count))


def _clients(count: int, frames: int) -> Iterable[bytes]:
    for frame in range(frames):
        ids = range(1_000 + frame * count, 1_000 + (frame + 1) * count)
        blocks = (uint(1) + uint(client) + uint(0) + element() for client in ids)
        yield protocol.answer(uint(count) + b"".join(blocks) + b"\0")


def _deep(levels: int) -> Iterable[bytes]:
    lists = [element(inside(ME, level), "list_item" if level % 2 else "bullet_list") for level in range(levels)]
    return _brought(update([element(), *lists], client=ME), b"\0" + uint(1) + uint(ME) + uint(1) + uint(0) + uint(1))


def _marks(count: int) -> Iterable[bytes]:
    marks = (b"\x86" + uint(ME) + uint(3 + n) + text("em") + text("{}" if n % 2 else "null") for n in range(count))
    return _brought(update([*_paragraph(), words("a", inside(ME, 2)), *marks], client=ME))


def _nodes(count: int, length: int = 10) -> Iterable[bytes]:
    keys = (b"\x27" + b"\1" + text("nodes") + text(f"{n:0{length}}") + uint(1) for n in range(count))
    return _brought(update([*keys], client=ME))


def _one_key(count: int) -> Iterable[bytes]:
    keys = (b"\x27" + b"\1" + text("nodes") + text("k") + uint(1) for n in range(count))
    return _brought(update([*keys], client=ME))


def _roots(count: int) -> Iterable[bytes]:
    return _brought(update([words("x" * 30, b"\1" + text(f"root{n}")) for n in range(count)], client=ME))


def _hidden(size: int) -> Iterable[bytes]:
    return _brought(update([words("x" * size, b"\1" + text("hidden"))], client=ME))


def _vectors(count: int, clients: int) -> Iterable[bytes]:
    """Questions, each other than the one before, for what somebody lacks who knows a little of everything."""
    yield from _between(FINE - 10)
    for n in range(count):
        known = {ME: n + 1, **{1_000 + client: 1 for client in range(clients)}}
        yield protocol.ask(lib0.state_vector(known))


def _faces(count: int, others: int) -> Iterable[bytes]:
    state = json.dumps({"user": {"name": "x" * 300}})
    for n in range(count):
        yield protocol.aware(
            presence.encode(presence.AwarenessEntry(ME + each, n + 1, state) for each in range(others))
        )


def _openings(count: int) -> Iterable[bytes]:
    """The connection is sent away each time, and the document is asked for from the beginning."""
    return [protocol.update(b"\1"), protocol.ask(b"\0")] * count


def _flood(frames: int, count: int) -> Iterable[bytes]:
    """As finely cut as may be, frame after frame."""
    yield protocol.update(_text("a" * 100_000))
    for frame in range(frames):
        start = 3 + 100_000 + frame * count
        beside = (
            b"\xc4" + uint(ME) + uint(3 + at) + uint(ME) + uint(4 + at) + text("b")
            for at in range(frame * count, (frame + 1) * count)
        )
        yield protocol.update(update([*beside], client=ME, clock=start))


def large_document() -> bytes:
    """A document as large as may be, finely cut: 100,000 structs."""
    count = 50_000
    beside = (b"\xc4" + uint(ME) + uint(3 + 2 * n) + uint(ME) + uint(4 + 2 * n) + text("b") for n in range(count))
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    doc.apply_update(_text("a" * (2 * count + 2)))
    doc.apply_update(update([*beside], client=OTHER))
    return doc.get_update()


IN_LARGE = frozenset({"large", "between, in large"})


def _between_in_large(count: int) -> Iterable[bytes]:
    """A letter beside each of the letters that stand between others."""
    beside = (b"\xc4" + uint(ME) + uint(3 + 2 * n) + uint(OTHER) + uint(n) + text("c") for n in range(count))
    return _brought(update([*beside], client=MINE))


KINDS: dict[str, tuple[str, Kind]] = {
    "letters": ("60,000 letters, each beside the last", lambda: _letters(60_000)),
    "some letters": ("15,000 letters, each beside the last", lambda: _letters(15_000)),
    "between": ("a letter between each two of a text", lambda: _between(FINE - 10)),
    "between, long": ("the same in a text of 900 kB", lambda: _between(FINE - 10, 900_000)),
    "erased": ("each other letter erased, 2,900 times", lambda: _erased(2_900)),
    "erased, long": ("the same in a text of 900 kB", lambda: _erased(2_900, 900_000)),
    "erased, too many": ("each other letter erased, 14,000 times", lambda: _erased(14_000)),
    "anywhere": ("4,000 clauses beside 4,000 others, each anywhere", lambda: _anywhere(4_000)),
    "clients": ("structs of 250 new clients, 40 times", lambda: _clients(250, 40)),
    "deep": ("lists in lists, as deep as may be, then erased", lambda: _deep(46)),
    "too deep": ("lists in lists, 20,000 deep, then erased", lambda: _deep(20_000)),
    "marks": ("marks without words", lambda: _marks(FINE - 10)),
    "nodes": ("nodes of a map", lambda: _nodes(FINE - 10)),
    "long keys": ("nodes with ids of 60 kB", lambda: _nodes(15, 60_000)),
    "one key": ("one key of a map set over and over", lambda: _one_key(FINE - 10)),
    "roots": ("words in 5,000 unknown roots", lambda: _roots(5_000)),
    "hidden": ("900 kB of words in an unknown root", lambda: _hidden(900_000)),
    "vectors": ("20 questions with vectors of 100,000 clients", lambda: _vectors(20, 100_000)),
    "small vectors": ("20 questions with vectors of 5,000 clients", lambda: _vectors(20, 5_000)),
    "faces": ("300 messages of presence of 1,000 others", lambda: _faces(300, 1_000)),
    "large": ("a document of 100,000 structs opened again and again", lambda: _openings(3)),
    "between, in large": (
        "a letter between each two of a text of 100,000 structs",
        lambda: _between_in_large(FINE - 10),
    ),
    "flood": ("20 frames in a row, each cut finely", lambda: _flood(20, FINE - 10)),
}


def measure() -> Iterator[Figure]:
    """The cost of each kind beside its budget, and the worst of all."""
    worst_memory = worst_loop = 0.0
    for kind, (label, _) in KINDS.items():
        memory, loop = _run(kind)
        worst_memory, worst_loop = max(worst_memory, memory), max(worst_loop, loop)
        yield Figure(f"{label}: memory", memory, "MB", MEMORY)
        yield Figure(f"{label}: the loop", loop, "ms", LOOP)
    yield Figure("the worst of all hostile kinds: memory", worst_memory, "MB", MEMORY)
    yield Figure("the worst of all hostile kinds: the loop", worst_loop, "ms", LOOP)


def _run(kind: str) -> tuple[float, float]:
    """MB and ms; a process that dies or does not end cost everything."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.hostile", kind], capture_output=True, text=True, timeout=120
        )
    except subprocess.TimeoutExpired:
        return float("inf"), float("inf")
    if done.returncode:
        return float("inf"), float("inf")
    memory, loop = json.loads(done.stdout.splitlines()[-1])
    return memory, loop


class LoopProbe:
    """The longest turn of the event loop, in processor seconds of its thread: what everybody else waited for."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._began = 0.0

    def start(self) -> None:
        self._began = time.thread_time()
        self._handle = asyncio.get_running_loop().call_soon(self._turn)

    def stop(self) -> float:
        self._handle.cancel()
        return self.longest

    def _turn(self) -> None:
        now = time.thread_time()
        self.longest, self._began = max(self.longest, now - self._began), now
        self._handle = asyncio.get_running_loop().call_soon(self._turn)


class ThreadedStorage(MemoryStorage):
    """Keeps and records beside the event loop, as the write path does."""

    async def journal(
        self, slug: str, document: str, person: str, update: bytes, clients: tuple[int, ...], heard: int = 0
    ) -> int | Refused:
        kept = self.kept(document)
        await asyncio.to_thread(kept.keep, person, update)
        return len(kept.journal)

    async def record_bursts(self, slug: str, document: str) -> None:
        await asyncio.to_thread(self.record, document)


class Attacker:
    """A connection that knows nothing, asks for all, and sends frames; who is sent away comes in again."""

    def __init__(self, hub: Hub, document: str) -> None:
        self._hub, self._document = hub, document
        self._wire = MemoryWire()
        self._member: Member | None = None

    async def connect(self) -> None:
        self._wire = MemoryWire()
        permission = await self._hub.permission("demo", self._document, "p1")
        self._member = await self._hub.join("demo", self._document, "p1", permission, self._wire, acknowledges=True)
        self._hub.received(self._member, protocol.ask(b"\0"))

    async def send(self, frame: bytes) -> None:
        """Within the same turn as the frame before, unless the hub asks to wait."""
        if self._wire.closed is not None:
            await _next_turn()
            await self.connect()
            await _next_turn()
        assert self._member is not None
        if not self._hub.received(self._member, frame):
            await self._hub.ready(self._member)
        self._wire.sent.clear()


async def _next_turn() -> None:
    """Returns in a later turn of the event loop: a handshake has turns of its own, which the probe measures apart from
    those of frames.
    """
    loop = asyncio.get_running_loop()
    begun = loop.create_future()
    loop.call_soon(begun.set_result, None)
    await begun


async def _cost(kind: str) -> tuple[float, float]:
    """The peak of memory above what was held before, and the longest turn of the event loop, while all frames come as
    fast as they are read and until all that they lead to is done.
    """
    storage = ThreadedStorage()
    document = MAP if kind in ("nodes", "long keys", "one key") else "motion-1"
    if document != MAP:
        storage.kept(document).recorded = large_document() if kind in IN_LARGE else seed(document, "Titre")
    hub = Hub(storage)
    one = Attacker(hub, document)
    await one.connect()
    await asyncio.sleep(SETTLING)
    frames = list(KINDS[kind][1]())
    gc.collect()
    gc.freeze()  # as the server does with what is there when it starts
    _forget_peak()
    before, probe = _status("VmRSS"), LoopProbe()
    probe.start()
    for frame in frames:
        await one.send(frame)
    await asyncio.sleep(SETTLING)
    return _status("VmHWM") - before, probe.stop() * 1e3


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _status(name: str) -> float:
    """A size of this process, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1e3


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_cost(sys.argv[1]))) + "\n")
