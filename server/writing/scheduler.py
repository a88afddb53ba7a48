"""Acts that a congress does by itself at an announced instant, also if the server was down then: it closes polls (W3),
publishes what was drafted in camera (H4), and what was done in a sitting in camera (S54).

Correctness does not depend on punctuality: a ballot after the closing time is refused because of its time, and what
readers may see follows from the time too.
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
"""Longest time in seconds between two looks: deadlines that other processes set are noticed within it."""
SHORTEST_SECONDS = 0.02
"""Shortest time in seconds between two looks."""
STARTS_A_CLOCK = (e.PollOpened, e.PollResumed, e.DraftingSecluded, e.SittingInCamera, e.ClockCorrected)
"""Events that set or move a deadline."""
DONE = ("poll.already_closed", "seclusion.none", "in_camera.none")
"""Codes of refusals which say that the act was already done, by a person or another process."""
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
        number: int | str = self.command.poll if isinstance(self.command, c.ClosePoll) else 0
        if isinstance(self.command, c.EndInCamera):
            number = "sitting"  # it may be due at the same instant as drafting in camera
        return c.Request(f"clock-{number}-{self.at}", self.slug, CONGRESS, self.command)


class Scheduler:
    """Issues the commands of deadlines that have passed. Every process runs one; each command takes effect once."""

    def __init__(self, store: Store, write_queue: WriteQueue, clock: Clock) -> None:
        self._store = store
        self._write_queue = write_queue
        self._clock = clock
        self._started = asyncio.Event()
        self._refused: set[Deadline] = set()

    def follow(self, notice: EntriesRecorded) -> None:
        """Looks again after entries that set or move a deadline."""
        if any(isinstance(r.event, STARTS_A_CLOCK) for r in notice.entries):
            self.look()

    def look(self) -> None:
        """Makes `run` look for due deadlines at once."""
        self._started.set()

    async def run(self) -> None:
        """Issues the commands that are due, and waits for the next deadline. Never returns."""
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
        drafts = [Deadline(slug, until, c.EndSeclusion()) for slug, until in self._store.seclusions()]
        sittings = [Deadline(slug, until, c.EndInCamera()) for slug, until in self._store.sittings_in_camera()]
        return polls + drafts + sittings

    async def do_what_is_due(self) -> float:
        """Issues the commands that are due; the seconds until the next deadline, at most `LONGEST_SECONDS`."""
        seconds = LONGEST_SECONDS
        for deadline in await asyncio.to_thread(self._deadlines):
            left = (moment(deadline.at) - moment(self._clock.now())).total_seconds()
            if left > 0:
                seconds = min(seconds, left)
            else:
                await self._do(deadline)
        return seconds

    async def _do(self, deadline: Deadline) -> None:
        """Issues one command; another process may have done so before. A refused one is tried again at the next
        look.
        """
        try:
            answer = await self._write_queue.submit(deadline.request)
        except Exception:  # the clocks of other congresses go on
            logger.exception("%s of %s failed at its hour", deadline.command.name, deadline.slug)
            return
        if isinstance(answer, Refused) and answer.code not in DONE and deadline not in self._refused:
            logger.warning("%s of %s was refused at its hour: %s", deadline.command.name, deadline.slug, answer.code)
            self._refused.add(deadline)
