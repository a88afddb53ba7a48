"""Merges look-ups that arrive while one is running into a single query, in one thread and one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class BatchLoader(Generic[Q, A]):
    """Batches the questions for a blocking look-up. An answer is never older than its question: those that come while a
    look-up runs are answered by the next one.
    """

    def __init__(self, look_up: Callable[[Collection[Q]], Mapping[Q, A]]) -> None:
        self._look_up = look_up
        self._waiting: dict[Q, asyncio.Future[A]] = {}
        self._task: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> A:
        """The answer to this question; the look-up must answer every question that it is given."""
        loop = asyncio.get_running_loop()
        if question not in self._waiting:
            self._waiting[question] = loop.create_future()
        answer = self._waiting[question]
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._run(), name="look-ups")
        return await asyncio.shield(answer)

    async def _run(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            try:
                answers = await asyncio.to_thread(self._look_up, tuple(asked))
            except Exception as error:
                for future in asked.values():
                    _fail(future, error)
                continue
            for question, future in asked.items():
                if not future.done():
                    future.set_result(answers[question])


def _fail(future: asyncio.Future[A], error: Exception) -> None:
    """Passes the error to a waiting caller; if the caller went away, without a warning about an unread exception."""
    if not future.done():
        future.set_exception(error)
        future.exception()
