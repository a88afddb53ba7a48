"""How many people one document, or many, can hold: connections rise until a key takes too long to be seen.

The contestants take turns at each number of connections, on the same core; the generators have another.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.contestants import (
    Contestant,
    Hocuspocus,
    Pleniere,
    YWebsocket,
    cores,
    cpu_seconds,
    install_peers,
    memory,
)
from tests.bench.figures import Figure
from tests.bench.load.crowd import Seen
from tests.bench.load.process import CrowdProcess
from tests.bench.options import Options

TOO_LATE = 250.0
"""Milliseconds from a key to a reader's screen, for the slowest of a hundred."""

FIRST, GROWTH = 500, 1.4
WRITERS, PAUSING, CONNECTIONS = 100, 3, 1_000
RECORDED_SECONDS = 50.0
"""In which what a hundred people wrote is recorded three times."""

PEOPLE_IN_A_ROOM = 5
PEERS: dict[str, Callable[[int | None], Contestant]] = {"hocuspocus": Hocuspocus, "y-websocket": YWebsocket}
HEAD = (
    f"{'':12} {'connections':>11} {'p50 ms':>7} {'p99 ms':>7} {'kept p99':>8} {'CPU':>5} {'kB/conn.':>8} "
    f"{'bytes/s':>8} {'frames/s':>8} {'all in s':>8}   generator: CPU, late p99 ms"
)


@dataclass(frozen=True)
class Step:
    """One contestant with so many connections. `cpu` is of one core; `each` bytes of memory per connection."""

    seen: Seen
    cpu: float
    each: float
    joined_in: float

    @property
    def is_good(self) -> bool:
        return self.seen.p99 < TOO_LATE and not self.seen.lost

    def line(self, name: str) -> str:
        s = self.seen
        return (
            f"{name:12} {s.connections:11,} {s.p50:7.1f} {s.p99:7.1f} {s.kept_p99:8.1f} {self.cpu:5.2f} "
            f"{self.each / 1000:8.1f} {s.reader_bytes:8,.0f} {s.reader_frames:8.1f} {self.joined_in:8.2f}"
            f"   {s.load:.2f}, {s.late_p99:.1f}{f', {s.lost} lost' if s.lost else ''}"
        )


class Runner:
    """A contestant with its crowd."""

    def __init__(
        self, contestant: Contestant, core: int | None, writers: int, rooms: int, cursors: bool, pausing: int = 0
    ) -> None:
        self.contestant = contestant
        self.steps: list[Step] = []
        self._before = memory(contestant.pid)
        self._crowd = CrowdProcess(
            core, contestant.writers(writers, rooms), contestant.readers(rooms), cursors, pausing
        )

    @property
    def is_in(self) -> bool:
        return not self.steps or self.steps[-1].is_good

    def step(self, connections: int, seconds: float) -> None:
        before = self.steps[-1].seen.connections if self.steps else 0
        took = self._crowd.grow(connections)
        each = (memory(self.contestant.pid) - self._before) / connections
        began, cpu = time.perf_counter(), cpu_seconds(self.contestant.pid)
        seen = self._crowd.type(seconds)
        used = (cpu_seconds(self.contestant.pid) - cpu) / (time.perf_counter() - began)
        self.steps.append(Step(seen, used, each, took * connections / (connections - before)))
        print(self.steps[-1].line(self.contestant.name), flush=True)

    def capacity(self) -> float:
        """Connections at which the limit is met: between the last good step and the first bad one."""
        good = [step for step in self.steps if step.is_good]
        if not good or self.is_in:
            return good[-1].seen.connections if good else 0.0
        low, high = good[-1].seen, self.steps[-1].seen
        if high.p99 == float("inf") or high.lost:
            return low.connections
        share = (TOO_LATE - low.p99) / (high.p99 - low.p99)
        return low.connections + share * (high.connections - low.connections)

    def close(self) -> None:
        self._crowd.close()


@contextmanager
def running(
    contestants: Sequence[Contestant], writers: int, rooms: int, cursors: bool, pausing: int = 0
) -> Iterator[list[Runner]]:
    """All of them started, each with a crowd of its own."""
    with ExitStack() as stack:
        runners = []
        for contestant in contestants:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            stack.callback(contestant.stop)
            contestant.start(Path(folder), writers, rooms)
            runner = Runner(contestant, cores()[1], writers, rooms, cursors, pausing)
            stack.callback(runner.close)
            runners.append(runner)
        yield runners


def rise(runners: Sequence[Runner], sizes: Sequence[int], seconds: float) -> None:
    """Lets the contestants take turns at each size until all are out."""
    print(HEAD)
    for size in sizes:
        for runner in runners:
            if runner.is_in:
                runner.step(size, seconds)


def sizes(most: int) -> list[int]:
    found = [FIRST]
    while found[-1] < most:
        found.append(min(most, round(found[-1] * GROWTH / 100) * 100))
    return found


def contestants(options: Options) -> list[Contestant]:
    if options.against:
        install_peers()
    core = cores()[0]
    return [Pleniere(core), *(PEERS[name](core) for name in options.against)]


def measure_one(options: Options) -> Iterator[Figure]:
    for writers in options.writers:
        print(f"\n{writers} people type four keys a second in one text{', with cursors' if options.cursors else ''}.")
        with running(contestants(options), writers, 1, options.cursors) as runners:
            rise(runners, sizes(options.most), options.seconds)
            yield from compare(runners, f"{writers} who type")
            yield Figure("memory of a connection", min(s.each for s in runners[0].steps) / 1000, "kB", 20)


def compare(runners: Sequence[Runner], what: str) -> Iterator[Figure]:
    """Each one's capacity, and ours as a multiple of each peer's."""
    for runner in runners:
        unless = " or more" if runner.is_in else ""
        yield Figure(f"{what}: connections of {runner.contestant.name}{unless}", runner.capacity(), "")
    ours, *others = runners
    for other in others:
        ratio = ours.capacity() / max(1.0, other.capacity())
        yield Figure(f"{what}: Plénière as a multiple of {other.contestant.name}", ratio, "", least=1.5)


def measure_rooms(options: Options) -> Iterator[Figure]:
    """In each room one of five types, until so many rooms are too many."""
    print("\nTexts with five people each, one of whom types four keys a second.")
    for rooms in (50, 100, 200):
        with running(contestants(options), rooms, rooms, options.cursors) as runners:
            rise(runners, [rooms * PEOPLE_IN_A_ROOM], options.seconds)
            for runner in runners:
                step = runner.steps[0]
                yield Figure(f"{rooms} rooms: {runner.contestant.name}, slowest of a hundred", step.seen.p99, "ms")


def measure_kept(options: Options) -> Iterator[Figure]:
    """A hundred type in one text before a thousand connections, and somebody pauses all the time, so that what all of
    them wrote is recorded every fifteen seconds; how long each waits until a key is known to be kept.
    """
    print("\nA hundred people type four keys a second in one text before a thousand connections.")
    with running([Pleniere(cores()[0])], WRITERS, 1, False, PAUSING) as (runner,):
        rise([runner], [CONNECTIONS], max(options.seconds, RECORDED_SECONDS))
        seen = runner.steps[0].seen
    yield Figure("a hundred at once: until a key is known to be kept, median", seen.kept_p50, "ms", 100)
    yield Figure("a hundred at once: slowest of a hundred", seen.kept_p99, "ms", 250)
    yield Figure("a hundred at once: the slowest", seen.kept_max, "ms")
    yield Figure("a hundred at once: keys of which nobody was told", seen.unkept, "", 0)
    yield Figure("a hundred at once: from a key to a reader's screen, slowest of a hundred", seen.p99, "ms", 250)


def measure_pair(options: Options) -> Iterator[Figure]:
    """Two who type, and one who looks: what a small group feels."""
    print("\nTwo people type four keys a second, a third one looks.")
    with running([Pleniere(cores()[0])], 2, 1, True) as (runner,):
        rise([runner], [3], max(options.seconds, 10.0))
        seen = runner.steps[0].seen
    yield Figure("two alone: from a key to the other's screen, median", seen.p50, "ms", 30)
    yield Figure("two alone: slowest of a hundred", seen.p99, "ms")
    yield Figure("two alone: until a key is known to be kept, median", seen.kept_p50, "ms")
