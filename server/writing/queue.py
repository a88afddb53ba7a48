"""The only write path, event loop side: collects commands and keystrokes, has them stored in one transaction, then
notifies.

`transaction` does the storing on a thread of its own; whoever wants to be notified subscribes to `commits`.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from server.realtime.storage import Unavailable
from server.store.batch_loader import BatchLoader
from server.store.database import is_passing
from server.store.store import Store
from server.writing import masking
from server.writing.commits import CheckpointSigned, CommitFeed, CommitResult, EntriesRecorded, TextsWritten
from server.writing.masking import PreparedMasking
from server.writing.receipts import Receipt
from server.writing.transaction import Batch
from server.writing.work import CatchUp, Flush, FlushedPiece, Keystroke, MaskingDue, MaskWords, Sign, Work

LARGEST_BATCH = 2_000
"""Largest number of work items in one transaction."""

PREPARATIONS = 3
"""Times that a record is made again beside the writer: somebody may have gone on writing in those texts meanwhile."""

UNAVAILABLE = Refused(
    "storage.unavailable",
    "Le serveur ne peut rien enregistrer en ce moment. Ce qui était confirmé est conservé ; réessayez dans un instant.",
)

logger = logging.getLogger("pleniere.writing")


class Writer(Protocol):
    """What carries out transactions on a thread of its own: see `transaction.TransactionWriter`."""

    def commit(self, batch: Batch) -> tuple[list[Any], list[CommitResult]]:
        """The answer to each work item in its order, and what each congress got; raises when nothing was stored."""


@dataclass
class WorkItem:
    """A piece of work for the writer, with the future that receives its answer."""

    slug: str
    work: Work
    answer: asyncio.Future[Any]


class WriteQueue:
    """One per process. After each commit, and before the senders get their answers, it publishes to `feed` what is
    new.
    """

    def __init__(self, store: Store, writer: Writer, feed: CommitFeed) -> None:
        self._store = store
        self._writer = writer
        self._feed = feed
        self._states: dict[str, State] = {}
        self._numbers: dict[str, int] = {}
        self._sizes = BatchLoader(store.sizes)
        self._queue: asyncio.Queue[WorkItem] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Starts the task that takes work items and has them stored."""
        self._task = asyncio.create_task(self._run(), name="writer")

    async def stop(self) -> None:
        """Finishes what waits, then stops."""
        if self._task:
            await self._queue.join()
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._thread.shutdown()

    async def submit(self, request: c.Request) -> Receipt | Refused:
        """What the command led to, once it is durable. The same command id of the same actor again gets the first
        answer.
        """
        if not request.id.isprintable():  # what a database cannot keep would fail the whole transaction
            return Refused("command.bad_id", "L’identifiant de la commande n’est pas utilisable.", "id")
        answer: Receipt | Refused | MaskingDue = await self._ask(request.congress, request)
        for attempt in range(PREPARATIONS + 1):
            if not isinstance(answer, MaskingDue):
                return answer
            is_last = attempt == PREPARATIONS
            prepared = None if is_last else await self._prepare(request.congress, answer.redaction)
            answer = await self._ask(request.congress, MaskWords(request, prepared))
        raise RuntimeError("what is made within the transaction is never due")

    async def _prepare(self, slug: str, number: int) -> PreparedMasking | None:
        """The record made again with words masked, in a thread that holds up neither the writer nor the event loop."""
        state = await self.state(slug)
        assert state is not None
        redaction = state.redactions[number]
        return await asyncio.to_thread(lambda: masking.prepare(self._store.recorded(slug), redaction))

    async def journal(
        self, slug: str, document: str, person: str, update: bytes, clients: tuple[int, ...], heard: int = 0
    ) -> int | Refused:
        """Stores a keystroke, a Yjs update written under the ids `clients`; returns once it is durable.

        `heard` is the number of the last update from another process that the sender had applied; BEHIND when it missed
        one that matters. Unavailable is raised while nothing can be stored.
        """
        answer: int | Refused = await self._ask(slug, Keystroke(document, person, update, clients, heard))
        return answer

    async def record_bursts(self, slug: str, document: str) -> list[e.Recorded]:
        """Turns all that waits in the journal of a document into entries, in as many transactions as needed."""
        added: list[e.Recorded] = []
        piece = FlushedPiece((), 0, False)
        while not piece.is_done:
            piece = await self._ask(slug, Flush(document, piece.until))
            added += piece.entries
        return added

    async def checkpoint(self, slug: str, covering: int | None = None) -> str | None:
        """A signed checkpoint, at most `CHECKPOINT_SECONDS` old; with `covering`, one that includes the entry of that
        index.

        While nothing can be stored it may be older; with `covering`, Unavailable is raised then.
        """
        try:
            answer: str | None = await self._ask(slug, Sign(covering))
        except Unavailable:
            if covering is not None:
                raise
            return await asyncio.to_thread(self._store.last_signed, slug)
        if answer is not None:
            self._feed.publish(CheckpointSigned(slug, answer))
        return answer

    # What this process knows

    async def state(self, slug: str) -> State | None:
        """The state of the congress, entries by other processes included; None when there is no such congress."""
        if not ids.SLUG.fullmatch(slug):
            return None
        size = await self._sizes.ask(slug)
        if size == 0:
            return None
        known = self.peek(slug)
        if known is None or known.size < size:
            await self._ask(slug, CatchUp())
        return self.peek(slug)

    def peek(self, slug: str) -> State | None:
        """The state that this process has in memory, without a query; durable, though other processes may be ahead of
        it.
        """
        return self._states.get(slug)

    @property
    def known(self) -> list[str]:
        """The slugs of the congresses that this process has in memory."""
        return list(self._states)

    def number(self, slug: str) -> int:
        """The number of the last update from another process that listeners in this congress were told of."""
        return self._numbers.get(slug, 0)

    async def catch_up(self, slug: str) -> None:
        """Reads what other processes stored until now, and notifies the listeners of it."""
        if slug in self._states:
            await self._ask(slug, CatchUp())

    # The queue

    async def _ask(self, slug: str, work: Work) -> Any:
        item = WorkItem(slug, work, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(item)
        return await item.answer

    async def _run(self) -> None:
        while True:
            batch = await self._next()
            answers, commits = await self._commit(batch)
            for commit in commits:
                self._tell(commit)
            for item, answer in zip(batch, answers, strict=True):
                _deliver(item.answer, answer)
                self._queue.task_done()

    async def _next(self) -> list[WorkItem]:
        """Waits for work, then returns all that has gathered, at most `LARGEST_BATCH`."""
        batch = [await self._queue.get()]
        while len(batch) < LARGEST_BATCH and not self._queue.empty():
            batch.append(self._queue.get_nowait())
        return batch

    async def _commit(self, batch: list[WorkItem]) -> tuple[list[Any], list[CommitResult]]:
        works = [(item.slug, item.work) for item in batch]
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._writer.commit, works)
        except Exception as error:
            logger.error("a transaction failed; nothing of it was kept: %s", error, exc_info=not is_passing(error))
            return [_failure(item.work, error) for item in batch], []

    def _tell(self, commit: CommitResult) -> None:
        """Publishes a commit: updates of texts from other processes before the entries, which may depend on them."""
        if commit.state.size:
            self._states[commit.slug] = commit.state
        if commit.written:
            self._numbers[commit.slug] = commit.written[-1].number
            self._feed.publish(TextsWritten(commit.slug, commit.written))
        if commit.recorded:
            self._feed.publish(EntriesRecorded(commit.slug, commit.state, commit.recorded))


def _failure(work: Work, error: Exception) -> Refused | Exception:
    """The answer to a sender of whose work nothing was stored: that it may try again after an error of the database
    that may pass, else the error itself.
    """
    if not is_passing(error):
        return error
    return UNAVAILABLE if isinstance(work, (c.Request, MaskWords)) else Unavailable("nothing can be stored")


def _deliver(future: asyncio.Future[Any], answer: Any) -> None:
    if future.done():
        return  # whoever asked has gone; the work is kept all the same
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
