"""Thousands of connections in one process; a few type, a few are looked at.

The others are only emptied now and then, a slice at a time, so that those who type and those who are looked at are
served at once: the generator measures the server, not itself. It reports its own load and how late its keys were.
"""

from __future__ import annotations

import gc
import select
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.figures import percentile
from tests.bench.load.connection import Connection, Lost, Target
from tests.bench.load.typist import Typist, seen

AT_ONCE = 128
"""Connections that are being opened at one moment."""

KEYS_PER_SECOND = 4
RESTING = 24
"""Of those who pause, one key in so many is pressed: one in six seconds, so that a burst of writing ends in between."""

LOOKED_AT = 40
SLICE = 64
EMPTIED_EVERY = 0.4
SETTLING = 2.0
PATIENCE = 1.5
"""Seconds to wait for the last keys."""


@dataclass(frozen=True)
class Seen:
    """Latencies in milliseconds; `kept_…` until the typist was told that a key is durable, `unkept` keys of which
    nobody was told in time. Rates are per second.

    `load` is the generator's own, of one core; `late_p99` how late its keys went out.
    """

    connections: int
    p50: float
    p99: float
    kept_p50: float
    kept_p99: float
    kept_max: float
    unkept: int
    reader_bytes: float
    reader_frames: float
    load: float
    late_p99: float
    lost: int


@dataclass(frozen=True)
class Work:
    """What a stretch of typing took: `keys` by room."""

    keys: Counter[tuple[str, bytes]]
    late: list[float]
    took: float
    load: float


class Crowd:
    """Those who type, one at each of `writers`, come first; then readers at each of `readers` in turn. The first
    `pausing` of those who type press a key now and then.
    """

    def __init__(
        self, writers: Sequence[Target], readers: Sequence[Target], cursors: bool = False, pausing: int = 0
    ) -> None:
        self._pausing = pausing
        self._targets = [*((target, Typist(1_000_000 + i)) for i, target in enumerate(writers))]
        self._readers = readers
        self._cursors = cursors
        self._typists = {typist.client: typist for _, typist in self._targets}
        self._all: list[Connection] = []
        self._poll = select.epoll()
        self._by_fd: dict[int, Connection] = {}
        self._bulk: list[Connection] = []
        self._next = 0
        self._latencies: list[float] = []
        self._kept: list[float] = []
        self._since = float("inf")
        self._lost = 0

    def grow(self, count: int) -> float:
        """Opens connections until there are `count`; the seconds that took."""
        began = time.perf_counter()
        coming = 0
        while len(self._all) < count or coming:
            while len(self._all) < count and coming < AT_ONCE:
                self._open(len(self._all))
                coming += 1
            for fd, _ in self._poll.poll(1.0, 256):
                coming -= self._join(self._by_fd[fd])
            self._empty(SLICE)
        return time.perf_counter() - began

    def type(self, seconds: float) -> Seen:
        """Lets the typists type and looks at what arrives; a moment to settle comes before."""
        readers = self._all[len(self._targets) :]
        looked_at = readers[:: max(1, len(readers) // LOOKED_AT)] or self._all
        self._watch(looked_at)
        self._type(SETTLING)
        self._empty(len(self._bulk))
        self._latencies, self._kept, self._lost = [], [], 0
        received, messages = _received(readers), sum(each.messages for each in looked_at)
        self._since = time.perf_counter()
        work = self._type(seconds)
        self._empty(len(self._bulk))
        rate = (_received(readers) - received) / max(1, len(readers)) / work.took
        frames = (sum(each.messages for each in looked_at) - messages) / len(looked_at) / work.took
        expected = sum(work.keys[each.target.room] for each in looked_at)
        self._wait(expected, work.keys.total())
        unkept = work.keys.total() - len(self._kept)
        self._since = float("inf")
        self._unwatch(looked_at)
        unseen = [float("inf")] * (expected - len(self._latencies))
        return Seen(
            len(self._all),
            _milliseconds(self._latencies + unseen, 0.5),
            _milliseconds(self._latencies + unseen, 0.99),
            _milliseconds(self._kept, 0.5),
            _milliseconds(self._kept, 0.99),
            _milliseconds(self._kept, 1.0),
            unkept,
            rate,
            frames,
            work.load,
            _milliseconds(work.late, 0.99),
            self._lost,
        )

    def close(self) -> None:
        for connection in self._all:
            connection.close()

    # Joining

    def _open(self, number: int) -> None:
        target, typist = (
            self._targets[number]
            if number < len(self._targets)
            else (self._readers[(number - len(self._targets)) % len(self._readers)], None)
        )
        connection = Connection(target, typist)
        connection.open()
        self._all.append(connection)
        self._by_fd[connection.socket.fileno()] = connection
        self._poll.register(connection.socket, select.EPOLLOUT)

    def _join(self, connection: Connection) -> bool:
        """Goes on with a connection that opens; whether it needs no more: it has joined, or was lost."""
        if connection.joined:
            self._hear(connection)
            return False
        try:
            if not connection.asked:
                connection.ask()
                self._poll.modify(connection.socket, select.EPOLLIN)
            else:
                for message in connection.messages_read():
                    connection.greet(message)
        except (Lost, OSError):
            self._lose(connection)
            return True
        return self._settle_in(connection)

    def _settle_in(self, connection: Connection) -> bool:
        """Whether it has joined: a typist brings their clause, a reader is only emptied from then on."""
        if not connection.joined:
            return False
        if connection.typist is None:
            self._unwatch([connection])
            return True
        connection.send(connection.typist.clause())
        connection.due.append(None)
        connection.send(connection.typist.cursor())
        return True

    # Typing

    def _type(self, seconds: float) -> Work:
        """Keys at an even pace, one typist after another."""
        typing = [each for each in self._all[: len(self._targets)] if not each.lost]
        pause = 1 / (KEYS_PER_SECOND * max(1, len(typing)))
        keys: Counter[tuple[str, bytes]] = Counter()
        late: list[float] = []
        gc.collect()
        gc.disable()
        began, worked = time.perf_counter(), time.process_time()
        due = began
        turn = 0
        emptied = 0.0
        while (now := time.perf_counter()) - began < seconds:
            while typing and due <= now:
                round_, place = divmod(turn, len(typing))
                connection = typing[place]
                if place >= self._pausing or not round_ % RESTING:
                    self._press(connection)
                    keys[connection.target.room] += 1
                    late.append(now - due)
                turn += 1
                due += pause
            owed = int((now - began) / EMPTIED_EVERY * len(self._bulk) - emptied)
            if owed > SLICE:
                self._empty(SLICE)
                emptied += SLICE
                owed -= SLICE
            wait = 0.0 if owed > SLICE else max(0.0, min(0.02, due - time.perf_counter()))
            for fd, _ in self._poll.poll(wait, 64):
                self._hear(self._by_fd[fd])
        took = time.perf_counter() - began
        load = (time.process_time() - worked) / took
        gc.enable()
        return Work(keys, late, took, load)

    def _press(self, connection: Connection) -> None:
        assert connection.typist is not None
        now = time.perf_counter()
        try:
            connection.send(connection.typist.key(now))
            connection.due.append(now)
            if self._cursors:
                connection.send(connection.typist.cursor())
        except OSError:
            self._lose(connection)

    def _hear(self, connection: Connection) -> None:
        try:
            for message in connection.messages_read():
                now = time.perf_counter()
                if connection.typist is None:
                    self._latencies += [ago for ago in seen(message, self._typists, now) if now - ago >= self._since]
                else:
                    self._kept += [now - sent for sent in connection.newly_kept(message) if sent >= self._since]
        except Lost:
            self._lose(connection)

    def _watch(self, connections: Sequence[Connection]) -> None:
        """Hears these at once; the others of the crowd's readers are emptied."""
        chosen = set(connections)
        self._bulk = [each for each in self._bulk if each not in chosen]
        for connection in chosen:
            if not connection.lost:
                self._poll.register(connection.socket, select.EPOLLIN)

    def _unwatch(self, connections: Sequence[Connection]) -> None:
        for connection in connections:
            if not connection.lost:
                self._poll.unregister(connection.socket)
                self._bulk.append(connection)

    def _empty(self, count: int) -> None:
        """Empties so many of those that nobody looks at, the next in turn."""
        for _ in range(min(count, len(self._bulk))):
            self._next = (self._next + 1) % len(self._bulk)
            connection = self._bulk[self._next]
            try:
                connection.empty()
            except Lost:
                self._bulk.remove(connection)
                self._lose(connection)

    def _wait(self, expected: int, pressed: int) -> None:
        """Hears what is still under way."""
        until = time.perf_counter() + PATIENCE
        while (len(self._latencies) < expected or len(self._kept) < pressed) and time.perf_counter() < until:
            for fd, _ in self._poll.poll(0.05, 64):
                self._hear(self._by_fd[fd])

    def _lose(self, connection: Connection) -> None:
        self._lost += not connection.lost
        connection.lost = True
        connection.close()


def _received(connections: Sequence[Connection]) -> int:
    return sum(each.received for each in connections)


def _milliseconds(seconds: Sequence[float], share: float) -> float:
    return percentile(seconds, share) * 1000 if seconds else float("nan")
