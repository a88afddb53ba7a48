"""`kill -9` in the middle of testimonies, ballots and keystrokes, again and again: nothing confirmed is lost."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, percentile
from tests.bench.options import Options
from tests.server.workplace import Workplace, found
from tests.server.writers import Confirmed
from tests.server_process import Server


def measure(options: Options) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        place = found(Path(folder) / "data")
        server = Server(place.data, demo=False)
        server.start()
        try:
            confirmed, starts, lost = _rounds(server, place, options)
        finally:
            server.stop()
        place.check_kept(confirmed)
        place.verify()
    yield Figure("kill -9 under load: rounds", len(starts), "")
    yield Figure("confirmed testimonies", len(confirmed.testimonies), "")
    yield Figure("confirmed words in a shared text", len(confirmed.words), "")
    yield Figure("confirmed and lost", lost, "", 0)
    yield Figure("from the start after a kill to the first answer, median", percentile(starts, 0.5), "s")
    yield Figure("the slowest", max(starts), "s")


def _rounds(server: Server, place: Workplace, options: Options) -> tuple[Confirmed, list[float], int]:
    """What was confirmed, how long each start took, and how much was missing after them."""
    confirmed, starts, lost = Confirmed(), [], 0
    chance = random.Random(options.seed)
    asyncio.run(place.prepare(server.url))
    for round_ in range(options.rounds):
        asyncio.run(place.work_until_killed(server, confirmed, round_, chance))
        began = time.perf_counter()
        server.start()
        starts.append(time.perf_counter() - began)
        lost += asyncio.run(place.missing(server.url, confirmed))
    return confirmed, starts, lost
