"""Closes polls at the instant announced at their opening, also when the server was down at that instant (W3).

Nothing depends on its being on time: a ballot that comes after the instant is refused by the instant itself.
"""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from deliberation import commands as c
from deliberation.errors import Refused
from deliberation.ids import CONGRESS
from server.clock import Clock, moment
from server.intake import Intake
from server.store.store import Store

LONGEST_SECONDS = 5.0
"""Between two looks: clocks that other processes started are seen within that."""
SHORTEST_SECONDS = 0.02
logger = logging.getLogger("pleniere.timekeeper")


class Timekeeper:
    def __init__(self, store: Store, intake: Intake, clock: Clock) -> None:
        self._store = store
        self._intake = intake
        self._clock = clock
        self._started = asyncio.Event()
        self._stuck: set[tuple[str, int]] = set()

    def look(self) -> None:
        """A clock was started or moved."""
        self._started.set()

    async def run(self) -> None:
        while True:
            self._started.clear()
            try:
                seconds = await self._close_what_is_due()
            except SQLAlchemyError:
                logger.exception("the clocks of polls could not be looked up")
                seconds = LONGEST_SECONDS
            try:
                await asyncio.wait_for(self._started.wait(), max(seconds, SHORTEST_SECONDS))
            except TimeoutError:
                continue

    async def _close_what_is_due(self) -> float:
        """Closes the polls whose hour has come; the seconds until the next one, at most `LONGEST_SECONDS`."""
        seconds = LONGEST_SECONDS
        for slug, poll, closes in await asyncio.to_thread(self._store.clocks):
            left = (moment(closes) - moment(self._clock.now())).total_seconds()
            if left > 0:
                seconds = min(seconds, left)
            elif (slug, poll) not in self._stuck:
                await self._close(slug, poll, closes)
        return seconds

    async def _close(self, slug: str, poll: int, closes: str) -> None:
        """The same command from every process: one closes, the others are told that it is done."""
        answer = await self._intake.submit(c.Request(f"clock-{poll}-{closes}", slug, CONGRESS, c.ClosePoll(poll)))
        if isinstance(answer, Refused) and answer.code != "poll.already_closed":
            logger.warning("poll %d of %s could not be closed at its hour: %s", poll, slug, answer.code)
            self._stuck.add((slug, poll))
