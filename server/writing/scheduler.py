"""What a congress does by itself at an instant announced beforehand, also when the server was down at that instant:
it closes polls (W3), and publishes what was written behind closed doors (H4).

Nothing depends on its being on time: a ballot that comes after the instant is refused by the instant itself, and
nobody reads more than what is public by then.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import CONGRESS, Instant
from server.store.clock import Clock, moment
from server.store.store import Store
from server.writing.commits import EntriesRecorded
from server.writing.queue import WriteQueue

LONGEST_SECONDS = 5.0
"""Between two looks: clocks that other processes started are seen within that."""
SHORTEST_SECONDS = 0.02
STARTS_A_CLOCK = (e.PollOpened, e.PollResumed, e.DraftingSecluded, e.ClockCorrected)
DONE = ("poll.already_closed", "seclusion.none")
"""Refusals which say that somebody did it a moment earlier."""
logger = logging.getLogger("pleniere.scheduler")


@dataclass(frozen=True)
class Deadline:
    """A command that the server issues at a given instant; its id is the same in every process, so that it takes effect
    once.
    """

    slug: str
    at: Instant
    command: c.Command

    @property
    def request(self) -> c.Request:
        number = self.command.poll if isinstance(self.command, c.ClosePoll) else 0
        return c.Request(f"clock-{number}-{self.at}", self.slug, CONGRESS, self.command)


class Scheduler:
    def __init__(self, store: Store, write_queue: WriteQueue, clock: Clock) -> None:
        self._store = store
        self._write_queue = write_queue
        self._clock = clock
        self._started = asyncio.Event()
        self._refused: set[Deadline] = set()

    def follow(self, notice: EntriesRecorded) -> None:
        """Looks again when a clock was started or moved."""
        if any(isinstance(r.event, STARTS_A_CLOCK) for r in notice.entries):
            self.look()

    def look(self) -> None:
        """Looks again at once."""
        self._started.set()

    async def run(self) -> None:
        while True:
            self._started.clear()
            try:
                seconds = await self.do_what_is_due()
            except SQLAlchemyError:
                logger.exception("the clocks could not be looked up")
                seconds = LONGEST_SECONDS
            try:
                await asyncio.wait_for(self._started.wait(), max(seconds, SHORTEST_SECONDS))
            except TimeoutError:
                continue

    def _deadlines(self) -> list[Deadline]:
        polls = [Deadline(slug, closes, c.ClosePoll(poll)) for slug, poll, closes in self._store.clocks()]
        return polls + [Deadline(slug, until, c.EndSeclusion()) for slug, until in self._store.seclusions()]

    async def do_what_is_due(self) -> float:
        """The seconds until the next hour, at most `LONGEST_SECONDS`."""
        seconds = LONGEST_SECONDS
        for deadline in await asyncio.to_thread(self._deadlines):
            left = (moment(deadline.at) - moment(self._clock.now())).total_seconds()
            if left > 0:
                seconds = min(seconds, left)
            else:
                await self._do(deadline)
        return seconds

    async def _do(self, deadline: Deadline) -> None:
        """One process does it, the others are told that it is done. What is refused is asked again at the next look."""
        try:
            answer = await self._write_queue.submit(deadline.request)
        except Exception:  # the clocks of other congresses go on
            logger.exception("%s of %s failed at its hour", deadline.command.name, deadline.slug)
            return
        if isinstance(answer, Refused) and answer.code not in DONE and deadline not in self._refused:
            logger.warning("%s of %s was refused at its hour: %s", deadline.command.name, deadline.slug, answer.code)
            self._refused.add(deadline)
