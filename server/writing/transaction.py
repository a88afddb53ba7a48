"""The only write path, writer's side: one transaction for everything that waited, on one thread."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import sleep, thread_time
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from server.store import log as logs
from server.store.clock import Clock
from server.store.database import Database, is_passing
from server.store.highwater import UnusableMark
from server.store.journal_follower import JournalFollower
from server.store.keys import Keys
from server.store.log import Log
from server.writing.commits import WROTE, CommitResult
from server.writing.congress_batch import CongressBatch
from server.writing.erasure import Erasure
from server.writing.keystrokes import OpenRecorders
from server.writing.safeguards import Safeguards
from server.writing.work import CatchUp, Work

ATTEMPTS = 3
"""How often a transaction that the database aborted is tried. Repeating is safe: commands have ids, Yjs updates are
idempotent.
"""

Batch = Sequence[tuple[str, Work]]
"""Work items, each with the slug of its congress, in the order in which they came."""

logger = logging.getLogger("pleniere.writing")


class TransactionWriter:
    """Holds the congresses in memory, in step with their records. Only one thread may call it once it is made.

    `pause(seconds)` waits between two attempts; `follow` makes the follower of a congress's journal where several
    processes share the database; `timer` is a clock of processor time, in seconds; `complete` adds to a command
    what the server knows and no sender may say.
    """

    def __init__(
        self,
        database: Database,
        keys: Keys,
        clock: Clock,
        safeguards: Safeguards,
        erasure: Erasure,
        pause: Callable[[float], None] = sleep,
        follow: Callable[[str], JournalFollower] = JournalFollower,
        timer: Callable[[], float] = thread_time,
        complete: Callable[[c.Command], c.Command] = lambda command: command,
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._safeguards = safeguards
        self._erasure = erasure
        self._pause = pause
        self._follow = follow
        self._logs: dict[str, Log] = {}
        self._told: dict[str, int] = {}
        """How many entries of each record were part of a result."""
        self._followers: dict[str, JournalFollower] = {}
        self._recorders: defaultdict[str, OpenRecorders] = defaultdict(OpenRecorders)
        self._timer = timer
        self._complete = complete

    def commit(self, batch: Batch) -> tuple[list[Any], list[CommitResult]]:
        """The answer to each work item, and what each congress got; all of it is durable when this returns.

        Raises when nothing of it was stored.
        """
        for attempt in range(1, ATTEMPTS):
            try:
                return self._try(batch)
            except SQLAlchemyError as error:
                if not is_passing(error):
                    raise
                logger.warning("a transaction is tried again: %s", error)  # the parameters are hidden
                self._pause(attempt * 0.05)
        return self._try(batch)

    def _try(self, batch: Batch) -> tuple[list[Any], list[CommitResult]]:
        slugs = sorted({slug for slug, _ in batch})
        writes = any(not isinstance(work, CatchUp) for _, work in batch)
        try:
            with self._database.write() if writes else self._database.read() as connection:
                parts = {slug: self._open(connection, slug, writes) for slug in slugs}
                answers = self._handle(connection, parts, batch)
        except BaseException:
            for slug in slugs:
                self._logs.pop(slug, None)  # memory may be ahead of the database: read it again
            raise
        return answers, [self._keep(slug, part) for slug, part in parts.items()]

    def _handle(self, connection: Connection, parts: dict[str, CongressBatch], batch: Batch) -> list[Any]:
        for slug, part in parts.items():
            part.expect([work for whose, work in batch if whose == slug])
        answers = [parts[slug].handle(self._completed(work)) for slug, work in batch]
        for slug, part in parts.items():
            if part.finish():
                self._database.tell(connection, WROTE, slug)
        return answers

    def _completed(self, work: Work) -> Work:
        return replace(work, command=self._complete(work.command)) if isinstance(work, c.Request) else work

    def _open(self, connection: Connection, slug: str, writes: bool) -> CongressBatch:
        if writes:
            self._database.lock(connection, slug)
        log, caught_up = self._current(connection, slug)
        follower = self._follower(slug)
        parts = self._keys, self._safeguards, self._clock.now(), self._recorders[slug], self._timer
        return CongressBatch(connection, log, caught_up, follower, *parts)

    def _follower(self, slug: str) -> JournalFollower | None:
        if self._database.is_sqlite:
            return None
        if slug not in self._followers:
            self._followers[slug] = self._follow(slug)
        return self._followers[slug]

    def _current(self, connection: Connection, slug: str) -> tuple[Log, list[e.Recorded]]:
        """The record of the congress as the database has it, and the entries by others that listeners here were not yet
        told of.
        """
        log, size = self._logs.get(slug), logs.size(connection, slug)
        if log is None or size < log.growth.size:  # a database that was set back is read again
            log = logs.load(connection, slug)
            self._safeguards.at_start(connection, log, self._clock.now())
            return log, list(logs.read(connection, slug, self._told.get(slug, size)))
        return log, log.catch_up(connection) if size > log.growth.size else []

    # After the commit

    def _keep(self, slug: str, part: CongressBatch) -> CommitResult:
        log = part.log
        log.written()
        if follower := self._followers.get(slug):
            follower.reached()
        if log.growth.size:
            self._logs[slug], self._told[slug] = log, log.growth.size
        if part.recorded:
            self._mark(slug, log, part.recorded)
        self._erasure.follow(slug, log.state, part.recorded)
        return CommitResult(slug, log.saved, part.recorded, part.written)

    def _mark(self, slug: str, log: Log, recorded: Sequence[e.Recorded]) -> None:
        """Raises the high-water mark of the record, or lowers it where a loss was declared."""
        declared = any(isinstance(r.event, e.GapDeclared) for r in recorded)
        high_water = self._safeguards.high_water
        mark = high_water.lower_to if declared else high_water.raise_to
        try:
            mark(slug, log.growth.size, log.growth.root())
        except (OSError, UnusableMark):  # the entries are durable all the same; the next ones raise the mark
            logger.exception("the mark of %s could not be kept", slug)
