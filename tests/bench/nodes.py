"""Two processes on one PostgreSQL beside one: the same crowd on one text, and what it costs each of them.

On a machine with few cores the generator and the processes would take them from each other, so that the rate says
nothing: all processes share one core here, far from its limit. Few readers get more messages, each with less in it, so
that what a message to a reader costs the busiest process shows how much more two carry.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.bench.contestants import cores, cpu_seconds, on_core
from tests.bench.figures import Figure
from tests.bench.load.connection import Target
from tests.bench.load.crowd import Seen
from tests.bench.load.process import CrowdProcess
from tests.bench.options import Options
from tests.bench.place import target
from tests.needs import find_postgres
from tests.postgres import started
from tests.server.workplace import found
from tests.server_process import Server

READERS, TYPISTS = 4_000, 18


def measure(options: Options) -> Iterator[Figure]:
    binaries = find_postgres()
    assert binaries, "no PostgreSQL found: `python3 run.py test` sets one up"
    with started(binaries) as cluster:
        one, used, seen = _crowd(cluster.url(), options, 1)
    with started(binaries) as cluster:
        two, used_by_two, seen_by_two = _crowd(cluster.url(), options, 2)
    what = f"{READERS} readers, {TYPISTS} who type"
    yield Figure(f"{what}: one process, hundredths of a core", one * 100, "")
    yield Figure("two processes, the busier one, hundredths of a core", two * 100, "")
    carried, carried_by_two = seen.reader_frames / one, seen_by_two.reader_frames / two
    yield Figure("messages that a reader gets in a second, one process", seen.reader_frames, "")
    yield Figure("the same with two", seen_by_two.reader_frames, "")
    yield Figure("so many times more do two carry, message for message", carried_by_two / carried, "", least=1.7)
    yield Figure("both together use, as a multiple of one", used_by_two / used, "")
    yield Figure("from a key to a reader, p99, one process", seen.p99, "ms")
    yield Figure("so many times as long with two", seen_by_two.p99 / seen.p99, "", 2)
    yield Figure("lost connections", seen.lost + seen_by_two.lost, "", 0)


def _crowd(url: str, options: Options, count: int) -> tuple[float, float, Seen]:
    """Of a core: what the busiest process used, and all of them; and what the crowd saw."""
    core, other = cores()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = found(Path(folder) / "data", url)
        servers = [Server(place.data, demo=False, database=url) for _ in range(count)]
        for server in servers:
            stack.callback(server.kill)
            with on_core(core):
                server.start()
        crowd = CrowdProcess(other, _typists(servers, place.elus), [target(each) for each in servers], False)
        stack.callback(crowd.close)
        crowd.grow(READERS + TYPISTS)
        crowd.type(1.0)
        pids = [server.process.pid for server in servers if server.process]
        began, before = time.perf_counter(), [cpu_seconds(pid) for pid in pids]
        seen = crowd.type(max(15.0, options.seconds))
        took = time.perf_counter() - began
        used = [(cpu_seconds(pid) - was) / took for pid, was in zip(pids, before, strict=True)]
    return max(used), sum(used), seen


def _typists(servers: Sequence[Server], tokens: Sequence[str]) -> list[Target]:
    """Everybody in turn at one of the processes."""
    return [target(servers[n % len(servers)], tokens[n % len(tokens)]) for n in range(TYPISTS)]
