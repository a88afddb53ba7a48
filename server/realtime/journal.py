"""How a room's updates reach durable storage: in rounds, in order, and only then acknowledged and relayed.

`Rounds` is the state machine, without input or output; `Journal` drives it over a storage.

A step waits, is then part of a round while it is being stored, and ends done or refused. One round is under way at a
time; what gathers meanwhile goes into the next. A step without an update waits its turn as well, so that an answer
never contains more than what is durable. When the storage fails for good the journal is broken: what was not done by
then never will be, and nothing more is taken.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, Protocol, TypeVar

from deliberation.kernel.errors import Refused
from server.realtime.storage import Unavailable

MAX_UNDER_WAY = 4 << 20
"""Bytes on their way to storage, beyond which connections are not read."""

FIRST_RETRY, LONGEST_RETRY = 0.25, 4.0
"""Seconds before the first retry after a failure to store, and the longest pause between two retries."""

logger = logging.getLogger("pleniere.realtime")


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One item in the queue: an update (`effect`, or b"" for none) that a person wrote under these Yjs client ids.

    `heard` is the number of the last update from another process that it takes into account.
    """

    person: str
    effect: bytes = b""
    clients: tuple[int, ...] = ()
    heard: int = 0


S = TypeVar("S", bound=Step)


class Rounds(Generic[S]):
    """The steps of one room: those that wait, and those of the round under way. Pure."""

    def __init__(self) -> None:
        self._waiting: deque[S] = deque()
        self._round: list[S] = []
        self.size = 0
        """Bytes of the updates in both."""
        self.finished = 0
        """How many rounds are over."""
        self.is_broken = False

    @property
    def is_under_way(self) -> bool:
        return bool(self._round)

    @property
    def is_waiting(self) -> bool:
        return bool(self._waiting)

    @property
    def needed(self) -> int:
        """How many rounds must have ended before everything that came so far is done or refused."""
        return self.finished + self.is_under_way + self.is_waiting

    def add(self, step: S) -> None:
        """Appends a step; ignored once the journal is broken."""
        if not self.is_broken:
            self._waiting.append(step)
            self.size += len(step.effect)

    def begin(self) -> list[list[S]]:
        """Moves all that waits into a round; returns what must be stored, as runs of one person's updates, in order."""
        if self._round:
            raise RuntimeError("a round is under way")
        self._round, self._waiting = list(self._waiting), deque()
        updates = (step for step in self._round if step.effect)
        return [list(run) for _, run in groupby(updates, key=lambda step: step.person)]

    def withdraw(self, fallen: Collection[bytes]) -> list[S]:
        """Removes and returns those waiting steps whose updates are among these, because they depend on a refused
        one.
        """
        gone = [step for step in self._waiting if step.effect and step.effect in fallen]
        taken = set(gone)
        self._waiting = deque(step for step in self._waiting if step not in taken)
        self.size -= _bytes(gone)
        return gone

    def end(self) -> list[S]:
        """Ends the round; its steps, in order."""
        ended, self._round = self._round, []
        self.size -= _bytes(ended)
        self.finished += 1
        return ended

    def fail(self) -> None:
        """The storage failed for good: forgets all steps, whose fate is unknown, and takes no more."""
        self._round, self._waiting = [], deque()
        self.size, self.is_broken = 0, True


S_contra = TypeVar("S_contra", bound=Step, contravariant=True)


class JournalOwner(Protocol[S_contra]):
    """The room whose steps these are. Only `done` says that something is durable."""

    async def keep(self, run: Sequence[S_contra]) -> int | Refused:
        """Stores these updates of one person, in the order of calls. Unavailable: nothing was stored."""

    def take_back(self, refused: Collection[bytes]) -> Collection[bytes]:
        """Removes these updates from the document; returns all that had to go, including what depends on them."""

    async def withdrawn(self, steps: Sequence[tuple[S_contra, Refused]]) -> None:
        """These steps will not be stored, for these reasons; their updates were removed from the document."""

    def done(self, step: S_contra) -> None:
        """The step, and all before it, are durable: it may be acknowledged and relayed."""

    def ended(self) -> None:
        """All steps of a round are done or withdrawn."""

    def broke(self) -> None:
        """The storage failed for good: the document in memory may hold more than what is durable."""


class Journal(Generic[S]):
    """Stores the steps of a room, one round after the other. `name` identifies the room in the log."""

    def __init__(self, owner: JournalOwner[S], name: str) -> None:
        self._owner = owner
        self._name = name
        self._rounds: Rounds[S] = Rounds()
        self._task: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()
        self._calm = asyncio.Event()
        self._calm.set()
        self._held: list[Callable[[], None]] = []

    @property
    def is_idle(self) -> bool:
        return self._task is None

    def add(self, step: S) -> None:
        """Queues a step; its update is stored in its turn."""
        self._rounds.add(step)
        if self._rounds.size > MAX_UNDER_WAY:
            self._calm.clear()
        if self._task is None and self._rounds.is_waiting:
            self._task = asyncio.create_task(self._run(), name=f"journal {self._name}")

    def when_durable(self, step: S) -> None:
        """Queues a step without an update: it is done at once if nothing is under way."""
        if self._task is None and not self._rounds.is_broken:
            self._owner.done(step)
        else:
            self.add(step)

    async def durable(self) -> None:
        """Returns when all that came so far is done or refused, or the journal is broken."""
        needed = self._rounds.needed
        while self._task is not None and self._rounds.finished < needed:
            await self._ended.wait()

    async def ready(self) -> None:
        """Returns when more may be read from connections."""
        await self._calm.wait()

    def takes_more(self, resume: Callable[[], None]) -> bool:
        """Whether more may be read from a connection; if not, `resume` is called once it may."""
        if not (calm := self._calm.is_set()):
            self._held.append(resume)
        return calm

    def close(self) -> None:
        """Stops; what is not done by now never will be."""
        self._rounds.fail()
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    async def _run(self) -> None:
        """Works one round at a time until nothing waits."""
        try:
            while self._rounds.is_waiting:
                await self._make_round()
        except Exception:
            logger.exception("the journal of %s failed", self._name)
            self._rounds.fail()
            self._owner.broke()
        finally:
            self._task = None
            self._tell_ended()

    async def _make_round(self) -> None:
        runs = self._rounds.begin()
        answers = await self._keep_all(runs)
        refused = {
            step: answer
            for run, answer in zip(runs, answers, strict=True)
            if isinstance(answer, Refused)
            for step in run
        }
        if refused:
            await self._withdraw(refused)
        ended = self._rounds.end()
        if self._rounds.size <= MAX_UNDER_WAY:
            self._relax()
        for step in ended:
            if step not in refused:
                self._owner.done(step)
        self._owner.ended()
        self._tell_ended()

    async def _keep_all(self, runs: Sequence[Sequence[S]]) -> list[int | Refused]:
        """Stores the runs of a round, retrying for as long as storage is unavailable: writers see that their words
        wait.
        """
        pause = FIRST_RETRY
        while True:
            kept = (asyncio.ensure_future(self._owner.keep(run)) for run in runs)
            answers = await asyncio.gather(*kept, return_exceptions=True)
            failures = [answer for answer in answers if isinstance(answer, BaseException)]
            if not failures:
                return [answer for answer in answers if not isinstance(answer, BaseException)]
            if len(failures) < len(answers) or not all(isinstance(each, Unavailable) for each in failures):
                raise failures[0]
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_RETRY)

    async def _withdraw(self, refused: Mapping[S, Refused]) -> None:
        """Withdraws the refused steps, and the waiting ones that depend on them, each with the first reason."""
        fallen = self._owner.take_back({step.effect for step in refused})
        why = next(iter(refused.values()))
        gone = self._rounds.withdraw(fallen)
        await self._owner.withdrawn([*refused.items(), *((step, why) for step in gone)])

    def _relax(self) -> None:
        """Resumes the connections that were held back."""
        self._calm.set()
        held, self._held = self._held, []
        for resume in held:
            resume()

    def _tell_ended(self) -> None:
        self._ended.set()
        self._ended = asyncio.Event()


def _bytes(steps: Iterable[Step]) -> int:
    return sum(len(step.effect) for step in steps)
