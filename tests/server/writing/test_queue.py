"""The queue before the writer and the notifications after it, with a writer that the test controls."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from sqlalchemy.exc import OperationalError

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from server.realtime.storage import Unavailable
from server.store.journal_follower import RemoteUpdate
from server.store.store import Store
from server.writing.commits import CheckpointSigned, CommitFeed, CommitResult, EntriesRecorded, TextsWritten
from server.writing.queue import UNAVAILABLE, WriteQueue
from server.writing.transaction import Batch
from tests.waiting import WITHIN, pace

SLUG = "essai"
SPOKEN = e.Recorded(0, "2026-01-01T00:00:00.000Z", "p1", "motion.created", "motion-1", e.MotionCreated(1, "Motion"))
WRITTEN = RemoteUpdate(7, "motion-1", "p2", b"x", (3,))


class ScriptedWriter:
    """Answers each piece of work with its own name. It is busy while `gate` is closed; `failure` is raised once."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.began, self.gate = threading.Event(), threading.Event()
        self.gate.set()
        self.failure: Exception | None = None
        self.result = CommitResult(SLUG, State(), [], [])

    def commit(self, batch: Batch) -> tuple[list[Any], list[CommitResult]]:
        self.batches.append(batch)
        self.began.set()
        self.gate.wait(WITHIN)
        failure, self.failure = self.failure, None
        if failure:
            raise failure
        return [type(work).__name__ for _, work in batch], [self.result]


class Desk:
    """A queue before a scripted writer; `told` are the notifications and the answers, in order."""

    def __init__(self) -> None:
        self.writer, self.feed = ScriptedWriter(), CommitFeed()
        self.queue = WriteQueue(cast("Store", NoStore()), self.writer, self.feed)
        self.told: list[object] = []

    async def ask(self, name: str = "a") -> object:
        answer: object = await self.queue.submit(c.Request(name, SLUG, "p1", c.CreateMotion("Titre")))
        self.told.append(answer)
        return answer


class NoStore:
    """A store of which only sizes are looked up."""

    def sizes(self, slugs: tuple[str, ...]) -> dict[str, int]:
        return dict.fromkeys(slugs, 1)


def play(work: Callable[[Desk], Awaitable[None]]) -> None:
    async def within() -> None:
        desk = Desk()
        await desk.queue.start()
        try:
            await work(desk)
        finally:
            desk.writer.gate.set()
            await desk.queue.stop()
            await desk.feed.settle()

    asyncio.run(within())


def test_what_gathers_while_the_writer_is_busy_is_one_transaction() -> None:
    async def work(desk: Desk) -> None:
        desk.writer.gate.clear()
        first = asyncio.create_task(desk.ask("first"))
        await asyncio.to_thread(desk.writer.began.wait, 30)
        others = [asyncio.create_task(desk.ask(f"c{n}")) for n in range(5)]
        keystroke = asyncio.create_task(desk.queue.journal(SLUG, "motion-1", "p1", b"x", (1,)))
        await pace(0)
        assert not first.done()
        desk.writer.gate.set()
        assert await asyncio.gather(first, *others) == ["Request"] * 6
        assert str(await keystroke) == "Keystroke"
        assert [len(batch) for batch in desk.writer.batches] == [1, 6]

    play(work)


def test_of_one_commit_texts_are_told_before_entries_and_both_before_the_answer() -> None:
    """Whatever the order of subscriptions: an entry may rest on what others wrote."""

    async def work(desk: Desk) -> None:
        known: list[tuple[State | None, int]] = []
        desk.feed.subscribe(EntriesRecorded, desk.told.append)
        desk.feed.subscribe(TextsWritten, desk.told.append)
        desk.feed.subscribe(TextsWritten, lambda _: known.append((desk.queue.peek(SLUG), desk.queue.number(SLUG))))
        state = State(size=1)
        desk.writer.result = CommitResult(SLUG, state, [SPOKEN], [WRITTEN])
        await desk.ask()
        assert desk.told == [
            TextsWritten(SLUG, [WRITTEN]),
            EntriesRecorded(SLUG, state, [SPOKEN]),
            "Request",
        ]
        assert known == [(state, 7)], "who is told can ask for what it is told of"
        assert await desk.queue.state(SLUG) is state

    play(work)


def test_a_listener_that_fails_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    async def fail_later(notice: EntriesRecorded) -> None:
        raise OSError("later")

    def fail(notice: EntriesRecorded) -> None:
        raise OSError("at once")

    async def work(desk: Desk) -> None:
        for listener in (fail, fail_later, desk.told.append):
            desk.feed.subscribe(EntriesRecorded, listener)
        desk.writer.result = CommitResult(SLUG, State(size=1), [SPOKEN], [])
        assert await desk.ask() == "Request"
        assert desk.told == [EntriesRecorded(SLUG, State(size=1), [SPOKEN]), "Request"]
        await desk.feed.settle()

    play(work)
    assert {str(record.exc_info[1]) for record in caplog.records if record.exc_info} == {"at once", "later"}


def test_nobody_waits_for_what_follows_a_commit() -> None:
    async def work(desk: Desk) -> None:
        may_end = asyncio.Event()

        async def follow(notice: EntriesRecorded) -> None:
            await may_end.wait()
            desk.told.append("followed")

        desk.feed.subscribe(EntriesRecorded, follow)
        desk.writer.result = CommitResult(SLUG, State(size=1), [SPOKEN], [])
        await desk.ask()
        may_end.set()
        await desk.feed.settle()
        assert desk.told == ["Request", "followed"]

    play(work)


FULL = sqlite3.OperationalError("database or disk is full")
FULL.sqlite_errorcode = sqlite3.SQLITE_FULL


def test_of_a_failed_transaction_nothing_is_told_and_the_next_one_works() -> None:
    async def work(desk: Desk) -> None:
        desk.feed.subscribe(EntriesRecorded, desk.told.append)
        desk.writer.result = CommitResult(SLUG, State(size=1), [SPOKEN], [])
        desk.writer.failure = OperationalError("insert", {}, FULL)
        assert await desk.ask() == UNAVAILABLE
        desk.writer.failure = OperationalError("insert", {}, FULL)
        with pytest.raises(Unavailable):
            await desk.queue.journal(SLUG, "motion-1", "p1", b"x", (1,))
        desk.writer.failure = ValueError("a fault of ours")
        with pytest.raises(ValueError, match="ours"):
            await desk.ask()
        assert desk.told == [UNAVAILABLE]
        assert desk.queue.peek(SLUG) is None
        assert await desk.ask() == "Request"
        assert len(desk.told) == 3

    play(work)


def test_who_went_away_leaves_the_others_their_answers() -> None:
    async def work(desk: Desk) -> None:
        desk.writer.gate.clear()
        gone, waiting = asyncio.create_task(desk.ask()), asyncio.create_task(desk.ask("b"))
        await asyncio.to_thread(desk.writer.began.wait, 30)
        gone.cancel()
        desk.writer.gate.set()
        assert await waiting == "Request"

    play(work)


def test_a_checkpoint_is_told_to_whom_it_may_concern() -> None:
    async def work(desk: Desk) -> None:
        desk.feed.subscribe(CheckpointSigned, desk.told.append)
        assert await desk.queue.checkpoint(SLUG) == "Sign"
        assert desk.told == [CheckpointSigned(SLUG, "Sign")]

    play(work)


def test_an_id_that_no_database_keeps_reaches_no_transaction() -> None:
    async def work(desk: Desk) -> None:
        answer = await desk.ask("a\0b")
        assert isinstance(answer, Refused)
        assert answer.code == "command.bad_id"
        assert desk.writer.batches == []

    play(work)
