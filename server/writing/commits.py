"""What a commit brought, and the one way to be notified of it: `CommitFeed.subscribe`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from deliberation.kernel import events as e
from deliberation.kernel.state import State
from server.store.journal_follower import RemoteUpdate

WROTE = "wrote"
"""Name of the notification to other processes that a congress grew; its slug follows."""

LAST_SECONDS = 10.0
"""Seconds that listeners' background work may take when the server stops."""

logger = logging.getLogger("pleniere.commits")


@dataclass(frozen=True)
class CommitResult:
    """What a transaction brought to one congress, entries and updates stored by other processes included.

    `state` is the state after it; `written` are updates of shared texts that other processes put into the journal.
    """

    slug: str
    state: State
    recorded: list[e.Recorded]
    written: list[RemoteUpdate]


@dataclass(frozen=True)
class TextsWritten:
    """Notice: other processes stored these updates of shared texts, in this order."""

    slug: str
    updates: list[RemoteUpdate]


@dataclass(frozen=True)
class EntriesRecorded:
    """Notice: the record of a congress grew by these entries, and `state` is the state after them."""

    slug: str
    state: State
    entries: list[e.Recorded]


@dataclass(frozen=True)
class CheckpointSigned:
    """Notice: somebody asked for a checkpoint and got this signed note, new or not."""

    slug: str
    note: str


Notice = TypeVar("Notice", TextsWritten, EntriesRecorded, CheckpointSigned)
Listener = Callable[[Notice], Coroutine[Any, Any, None] | None]


class CommitFeed:
    """Notifies its subscribers, on the event loop, of what has become durable.

    A listener is called with each notice of its kind, in the order of commits; listeners of one kind in the order in
    which they subscribed. Of one commit, `TextsWritten` comes before `EntriesRecorded`. If a listener returns an
    awaitable, it runs in the background and nobody waits for it. A listener that fails does not affect the others.
    """

    def __init__(self) -> None:
        self._listeners: dict[type, list[Callable[[Any], Coroutine[Any, Any, None] | None]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def subscribe(self, kind: type[Notice], listener: Listener[Notice]) -> None:
        """Calls the listener with every notice of that kind from now on."""
        self._listeners.setdefault(kind, []).append(listener)

    def publish(self, notice: TextsWritten | EntriesRecorded | CheckpointSigned) -> None:
        """Calls everybody who subscribed to notices of that kind. Never raises."""
        for listener in self._listeners.get(type(notice), ()):
            try:
                follow_up = listener(notice)
            except Exception:  # what is durable is to be confirmed, and told to others, all the same
                logger.exception("a listener failed upon %s of %s", type(notice).__name__, notice.slug)
                continue
            if follow_up is not None:
                self._start(follow_up)

    async def settle(self) -> None:
        """Returns when the listeners' background work is done; what takes longer than `LAST_SECONDS` is cancelled."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=LAST_SECONDS)
            for task in late:
                task.cancel()

    def _start(self, follow_up: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(follow_up)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("what followed a commit failed", exc_info=error)
