"""What masking words in a long record costs: the writer, who keeps everybody's keystrokes, and the machine."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from server.texts import bursts
from server.writing.commits import CommitResult
from server.writing.queue import Writer as QueueWriter
from server.writing.transaction import Batch
from tests.bench.figures import Figure
from tests.bench.options import Options
from tests.server.offices import SLUG, Office, opened, place_of
from tests.server.yjs import Writer

ENTRIES = 20_000
BURSTS = 4_000
TOGETHER = 500
"""Commands that wait for one another."""

NAME = "Zoé Untel-Marqueur"
ELU, ORGANISER, SECOND = "p1", "p3", "p4"


@dataclass
class TimedWriter:
    """A writer with the processor seconds of its longest transaction."""

    writer: QueueWriter
    longest: float = 0.0

    def commit(self, batch: Batch) -> tuple[list[Any], list[CommitResult]]:
        began = time.thread_time()
        try:
            return self.writer.commit(batch)
        finally:
            self.longest = max(self.longest, time.thread_time() - began)


def measure(options: Options) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        size, longest, spent, took = asyncio.run(_redact(Path(folder), random.Random(options.seed)))
    yield Figure("entries of the record in which words are masked", size, "")
    yield Figure("a redaction of words: the longest transaction of the writer", longest, "s", 1)
    yield Figure("a redaction of words: processor time in all", spent, "s")
    yield Figure("a redaction of words: until it was answered", took, "s")


async def _redact(folder: Path, chance: random.Random) -> tuple[float, float, float, float]:
    async with opened(f"sqlite:///{folder / 'pleniere.sqlite'}", folder, timer=time.thread_time) as office:
        await office.found()
        await _fill(office, chance)
        timed = TimedWriter(office.write_queue._writer)
        office.write_queue._writer = timed
        began, spent = time.perf_counter(), time.process_time()
        await _decide(office)
        took, spent = time.perf_counter() - began, time.process_time() - spent
        office.check()
        return office.store.size(SLUG), timed.longest, spent, took


async def _fill(office: Office, chance: random.Random) -> None:
    """Testimonies and a motion written burst by burst; the name stands in one testimony in 100, and a clause."""
    await office.do(ELU, c.CreateMotion("Titre"))
    writer = Writer(7)
    for number in range(20):
        writer.clause(f"c{number}", f"Demande {number} : la fibre pour tous.")
    writer.clause("nom", f"Remercie {NAME} de ses mots.")
    writer.take()
    state = writer.doc.get_update()
    recorder = bursts.Recorder("motion-1")
    await office.do(ELU, recorder.take([state]))
    for _ in range(BURSTS):
        writer.edit(chance)
        if typed := writer.take():
            await office.do(ELU, recorder.take(typed))
    count = (ENTRIES - office.store.size(SLUG)) // 2
    for at in range(0, count, TOGETHER):
        numbers = range(at, min(at + TOGETHER, count))
        said = (
            c.SubmitTestimony(f"Voix {n}", f"Voix {n} : {NAME if not n % 100 else 'la fibre'} manque ici.")
            for n in numbers
        )
        await asyncio.gather(*(office.do(ELU, command) for command in said))
        await asyncio.gather(*(office.do(ORGANISER, c.PublishTestimony(n + 1)) for n in numbers))


async def _decide(office: Office) -> None:
    proposal = c.ProposeMasking(*place_of(office, NAME), "RGPD", "Privée.")
    await office.do(ORGANISER, proposal)
    answer = await office.ask(SECOND, c.DecideRedaction(1, True))
    assert not isinstance(answer, Refused), answer
