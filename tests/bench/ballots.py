"""A hall that votes: 2,000 élus within 10 seconds, all confirmed, the record on; and with a power cut meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from deliberation.kernel.vocabulary import Choice
from tests import hall
from tests.bench.contestants import cores, cpu_seconds, memory, on_core
from tests.bench.figures import Figure, percentile
from tests.bench.load.voters import Seen, Task
from tests.bench.options import Options
from tests.product_process import ROOT
from tests.server_process import Server, environment

ELUS = 2_000
SPREAD = 8.0
"""Seconds over which the hall presses; the last answers must be there two seconds later."""


def measure(options: Options) -> Iterator[Figure]:
    yield from _round("in 8 s", SPREAD, cut=False)
    yield from _round("all at once", 0.0, cut=False)
    yield from _round("power cut", SPREAD, cut=True)


def _round(name: str, spread: float, cut: bool) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        sessions = hall.found(data, ELUS)
        server = Server(data, demo=False)
        core, other = cores()
        with on_core(core):
            server.start()
        try:
            seen, used, held = _vote(server, Task(server.port, hall.SLUG, 1, tuple(sessions), spread), other, cut)
        finally:
            server.stop()
        yield from _figures(f"{ELUS} ballots {name}", seen, cut, spread)
        if not cut:
            yield Figure(f"{ELUS} ballots {name}: server, share of its core", used / seen.took, "")
            yield Figure(f"{ELUS} ballots {name}: processor per ballot, channels included", used / ELUS * 1e3, "ms")
            yield Figure(f"{ELUS} ballots {name}: memory of the server", held / 1e6, "MB")
        yield Figure(f"{ELUS} ballots {name}: confirmed but not in the record", _lost(data, seen), "", 0)


def _vote(server: Server, task: Task, core: int | None, cut: bool) -> tuple[Seen, float, int]:
    """What the voters saw, the processor seconds of the server meanwhile, and its memory after it."""
    assert server.process is not None
    with on_core(core):
        crowd = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.bench.load.voters"],
            cwd=ROOT,
            env=environment(server.data),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert crowd.stdin is not None
    assert crowd.stdout is not None
    assert crowd.stderr is not None
    crowd.stdin.write(json.dumps(asdict(task)))
    crowd.stdin.close()
    assert crowd.stderr.readline() == "ready\n"
    before = cpu_seconds(server.process.pid)
    if cut:
        time.sleep(task.seconds / 2)
        server.kill()
        server.start()
    said = json.loads(crowd.stdout.read())
    assert crowd.wait() == 0
    used = cpu_seconds(server.process.pid) - before
    seen = Seen(**said | {"confirmed": {int(rank): tuple(got) for rank, got in said["confirmed"].items()}})
    return seen, used, memory(server.process.pid)


def _figures(name: str, seen: Seen, cut: bool, spread: float) -> Iterator[Figure]:
    yield Figure(f"{name}: confirmed", len(seen.confirmed), "", None, ELUS)
    yield Figure(f"{name}: refused or failed answers", len(seen.refused), "", 0)
    yield Figure(f"{name}: the last one confirmed after", seen.took, "s", None if cut else 10)
    yield Figure(f"{name}: half are confirmed within", percentile(seen.latencies, 0.5) * 1e3, "ms")
    budget = 1_000 if spread and not cut else None
    yield Figure(f"{name}: ninety-nine in a hundred within", percentile(seen.latencies, 0.99) * 1e3, "ms", budget)
    yield Figure(f"{name}: generator, share of a core", seen.load, "")
    yield Figure(f"{name}: generator behind its plan, p99", percentile(seen.late, 0.99) * 1e3, "ms")


def _lost(data: Path, seen: Seen) -> int:
    """How many confirmed ballots the closed poll does not hold as they were cast."""
    ballots = hall.closed(data).polls[1].ballots
    return sum(ballots.get(f"p{rank + 2}") is not Choice(choice) for rank, (choice, _) in seen.confirmed.items())
