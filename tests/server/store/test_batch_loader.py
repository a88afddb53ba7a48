"""Look-ups that arrive while one is running are merged, and no answer is older than its request."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from threading import Event

import pytest

from server.store.batch_loader import BatchLoader
from tests.waiting import WITHIN, pace


def test_what_is_asked_while_a_look_up_runs_is_answered_by_the_next() -> None:
    began, told = Event(), Event()
    calls: list[tuple[str, ...]] = []

    def look_up(asked: Collection[str]) -> dict[str, int]:
        calls.append(tuple(asked))
        number = len(calls)
        began.set()
        told.wait(WITHIN)
        return dict.fromkeys(asked, number)

    async def ask() -> list[int]:
        gathered = BatchLoader(look_up)
        first = asyncio.create_task(gathered.ask("a"))
        await asyncio.to_thread(began.wait, WITHIN)
        later = [asyncio.create_task(gathered.ask(question)) for question in ("a", "b", "a")]
        await pace(0)
        later.pop().cancel()  # one who goes away takes nothing from the others
        told.set()
        return [await task for task in (first, *later)]

    assert asyncio.run(ask()) == [1, 2, 2]
    assert calls == [("a",), ("a", "b")]


def test_a_look_up_that_fails_fails_for_those_who_waited_and_no_longer() -> None:
    failing = [OSError("no disk")]

    def look_up(asked: Collection[str]) -> dict[str, int]:
        if failing:
            raise failing.pop()
        return dict.fromkeys(asked, 1)

    async def ask() -> int:
        gathered = BatchLoader(look_up)
        with pytest.raises(OSError, match="no disk"):
            await gathered.ask("a")
        return await gathered.ask("a")

    assert asyncio.run(ask()) == 1
