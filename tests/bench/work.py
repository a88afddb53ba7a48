"""What one step of work costs, where hostile input could make it cost more."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

from exports.typography import french
from server.texts.replica import Replica
from tests.bench.figures import Figure
from tests.server.yjs import Writer
from tests.server_process import Server

PIECES = (" ", "`", "@a.", "a.", "« ", "!", "https://", "1 ", "M. ")
KEYSTROKES = 2_000


def measure(server: Server) -> Iterator[Figure]:
    updates = _typing()
    replica = Replica()
    spent = _seconds(lambda: [replica.apply(each) for each in updates])
    yield Figure("checks and scratch copy of one keystroke", spent / len(updates) * 1e6, "µs", 500)
    worst = max(_seconds(lambda piece=piece: french(piece * 30_000)) for piece in PIECES)  # type: ignore[misc]
    yield Figure("typography of 30,000 awkward pieces, the worst", worst, "s", 2)


def _typing() -> list[bytes]:
    writer, chance = Writer(1), random.Random(1)
    for _ in range(KEYSTROKES):
        writer.edit(chance)
    return writer.take()


def _seconds(work: Callable[[], object]) -> float:
    """Of the processor."""
    began = time.process_time()
    work()
    return time.process_time() - began
