"""What a commit brought, and the one way to be told of it: `CommitFeed.subscribe`."""

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
"""The notification to other processes that a congress grew: its slug follows."""

LAST_SECONDS = 10.0
"""For what follows the last commits, when the server stops."""

logger = logging.getLogger("pleniere.commits")


@dataclass(frozen=True)
class CommitResult:
    """What a transaction brought to one congress: entries and updates of texts, those of other processes included.

    `state` is what the congress knows after it; `written` are updates that other processes kept in the journal.
    """

    slug: str
    state: State
    recorded: list[e.Recorded]
    written: list[RemoteUpdate]


@dataclass(frozen=True)
class TextsWritten:
    """Other processes kept these updates of texts, in this order."""

    slug: str
    updates: list[RemoteUpdate]


@dataclass(frozen=True)
class EntriesRecorded:
    """The record of a congress grew by these entries, and now leads to that state."""

    slug: str
    state: State
    entries: list[e.Recorded]


@dataclass(frozen=True)
class CheckpointSigned:
    """Somebody asked for a checkpoint and got this signed note, new or not."""

    slug: str
    note: str


Notice = TypeVar("Notice", TextsWritten, EntriesRecorded, CheckpointSigned)
Listener = Callable[[Notice], Coroutine[Any, Any, None] | None]


class CommitFeed:
    """Tells its subscribers, on the event loop, what is durable.

    A listener is called with each notice of its kind, in the order of commits; those of one kind in the order in which
    they subscribed. Of one commit, `TextsWritten` comes before `EntriesRecorded`. What a listener returns to be awaited
    runs in the background, so nobody waits for it. A listener that fails harms no other one.
    """

    def __init__(self) -> None:
        self._listeners: dict[type, list[Callable[[Any], Coroutine[Any, Any, None] | None]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def subscribe(self, kind: type[Notice], listener: Listener[Notice]) -> None:
        """Has the listener told of everything of that kind from now on."""
        self._listeners.setdefault(kind, []).append(listener)

    def publish(self, notice: TextsWritten | EntriesRecorded | CheckpointSigned) -> None:
        """Tells everybody who subscribed to notices of that kind. Never raises."""
        for listener in self._listeners.get(type(notice), ()):
            try:
                follow_up = listener(notice)
            except Exception:  # what is durable is to be confirmed, and told to others, all the same
                logger.exception("a listener failed upon %s of %s", type(notice).__name__, notice.slug)
                continue
            if follow_up is not None:
                self._start(follow_up)

    async def settle(self) -> None:
        """Returns when what listeners began in the background is done; what takes too long is given up."""
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
