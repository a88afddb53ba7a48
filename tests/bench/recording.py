"""What recording the bursts of a hundred people costs the writer, who keeps everybody's keystrokes in between."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import Role
from server.texts.lib0 import ByteReader
from tests.bench.figures import Figure
from tests.bench.load.typist import Typist
from tests.bench.options import Options
from tests.bench.redaction import TimedWriter
from tests.server.offices import SLUG, Office, opened

PEOPLE, KEYS = 100, 60
"""Who type in one text, and how many keys each has pressed since the last recording: four a second for 15 s."""


def measure(options: Options) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        longest, spent = asyncio.run(_record(Path(folder)))
    yield Figure(f"bursts of {PEOPLE} people recorded: the longest transaction", longest * 1e3, "ms", 200)
    yield Figure(f"bursts of {PEOPLE} people recorded: processor time in all", spent * 1e3, "ms")


async def _record(folder: Path) -> tuple[float, float]:
    """Once before, so that the text is long; then what is measured."""
    async with opened(f"sqlite:///{folder / 'pleniere.sqlite'}", folder, timer=time.thread_time) as office:
        await office.found()
        people = [await _invited(office, number) for number in range(PEOPLE)]
        await office.do(people[0], c.CreateMotion("Titre"))
        typists = [Typist(1_000_000 + number) for number in range(PEOPLE)]
        await asyncio.gather(*(_keep(office, p, t, t.clause()) for p, t in zip(people, typists, strict=True)))
        await _type(office, people, typists)
        await office.write_queue.record_bursts(SLUG, "motion-1")
        await _type(office, people, typists)
        timed = TimedWriter(office.write_queue._writer)
        office.write_queue._writer = timed
        spent = time.process_time()
        await office.write_queue.record_bursts(SLUG, "motion-1")
        return timed.longest, time.process_time() - spent


async def _invited(office: Office, number: int) -> str:
    await office.do(ids.CONGRESS, c.InvitePerson(f"Élue {number}", Role.ELU))
    return list((await office.state()).people)[-1]


async def _type(office: Office, people: list[str], typists: list[Typist]) -> None:
    for _ in range(KEYS):
        keys = ((person, typist, typist.key(0.0)) for person, typist in zip(people, typists, strict=True))
        await asyncio.gather(*(_keep(office, *key) for key in keys))


async def _keep(office: Office, person: str, typist: Typist, message: bytes) -> None:
    """A message of the protocol holds its update behind two bytes and a length."""
    update = ByteReader(message, 2).blob()
    await office.write_queue.journal(SLUG, "motion-1", person, update, (typist.client,), 0)
