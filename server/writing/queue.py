"""The only write path: commands and keystrokes in, one transaction for all that waited, then the news."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from time import sleep
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from deliberation.decide import decide
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Draft
from deliberation.maps import maps
from deliberation.motions import motions
from deliberation.record import checkpoint
from deliberation.votes import secret
from deliberation.votes.ways import of as way_of
from server.realtime.storage import BEHIND, Unavailable
from server.store import log as logs
from server.store.ballot_box import BallotBox, erase
from server.store.batch_loader import BatchLoader
from server.store.clock import Clock, moment
from server.store.database import Database, is_passing
from server.store.highwater import HighWater
from server.store.journal_follower import JournalFollower, RemoteUpdate, pass_on
from server.store.keys import ForeignKey, Keys
from server.store.log import Log, column
from server.store.tables import CheckpointRow, DocumentRow, JournalRow, ReceiptRow
from server.texts import bursts, motion

LARGEST_BATCH = 2_000
LOOKED_UP = 500
"""Command ids in one query."""
CHECKPOINT_SECONDS = 30
ATTEMPTS = 3
"""Of a transaction that the database broke off: commands happen once, keystrokes change nothing the second time."""

UNAVAILABLE = Refused(
    "storage.unavailable",
    "Le serveur ne peut rien enregistrer en ce moment. Ce qui était confirmé est conservé ; réessayez dans un instant.",
)

NO_KEY = Refused(
    "storage.box",
    "L’urne de ce scrutin est scellée par une clé que ce serveur n’a pas : votre vote n’a pas été pris. "
    "Prévenez l’organisation.",
)

WROTE = "wrote"
"""The notification that a congress grew: its slug follows."""

FORGETTING_SECONDS = 1.0
"""Between two tries to empty the write-ahead log."""

ERASING = (e.Redacted, e.BoxOpened, e.PollCancelled)
"""What takes something out of the database for good: nothing of it may linger in a write-ahead log."""
logger = logging.getLogger("pleniere.intake")


@dataclass(frozen=True)
class Receipt:
    """Durable: the entries (index, kind, document) that a command led to. `repeated` when it was known already."""

    entries: tuple[tuple[int, str, str], ...]
    time: ids.Instant
    repeated: bool = False

    @property
    def document(self) -> str:
        return self.entries[0][2]

    @property
    def index(self) -> int:
        return self.entries[0][0]


@dataclass
class WorkItem:
    """A piece of work for the writer, and where its answer goes."""

    slug: str
    work: Any
    answer: asyncio.Future[Any]


@dataclass(frozen=True)
class Keystroke:
    document: str
    person: str
    update: bytes
    clients: tuple[int, ...]
    heard: int


@dataclass(frozen=True)
class Flush:
    document: str


@dataclass(frozen=True)
class Sign:
    covering: int | None


@dataclass(frozen=True)
class CatchUp:
    pass


News = Callable[[str, State, list[e.Recorded]], None]


@dataclass(frozen=True)
class CommitResult:
    """What a transaction brought to one congress: entries, others' included, and others' keystrokes."""

    slug: str
    state: State
    recorded: list[e.Recorded]
    written: list[RemoteUpdate]


class Intake:
    """One writer per process. `news(slug, state, recorded)` is called after each commit, on the event loop.

    So is `signed(slug, note)` whenever a checkpoint is asked for, be it new or not; and before the news,
    `heard(slug, written)` with what other processes kept of texts.
    """

    def __init__(self, database: Database, keys: Keys, clock: Clock, high_water: HighWater, news: News) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._high_water = high_water
        self._news = news
        self._logs: dict[str, Log] = {}
        self._states: dict[str, State] = {}
        self._sizes: dict[str, int] = {}
        self._elsewhere: dict[str, JournalFollower] = {}
        self._numbers: dict[str, int] = {}
        self._sizes_now = BatchLoader(self._look_up_sizes)
        self._queue: asyncio.Queue[WorkItem] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._task: asyncio.Task[None] | None = None
        self._forgetting: asyncio.Task[None] | None = None
        self._lingers = True
        self.pause: Callable[[float], None] = sleep
        self.signed: Callable[[str, str], None] = lambda slug, note: None
        self.heard: Callable[[str, list[RemoteUpdate]], None] = lambda slug, written: None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="writer")
        self._forgetting = asyncio.create_task(self._forget(), name="forgetting")

    async def stop(self) -> None:
        """Finishes what waits, then stops."""
        if self._task and self._forgetting:
            await self._queue.join()
            self._task.cancel()
            self._forgetting.cancel()
            await asyncio.gather(self._task, self._forgetting, return_exceptions=True)
            self._task = self._forgetting = None
        self._thread.shutdown()

    async def submit(self, request: c.Request) -> Receipt | Refused:
        """What the command led to, once it is durable; the same answer when it is sent again."""
        if not request.id.isprintable():  # what a database cannot keep would fail the whole transaction
            return Refused("command.bad_id", "L’identifiant de la commande n’est pas utilisable.", "id")
        answer: Receipt | Refused = await self._ask(request.congress, request)
        return answer

    async def journal(
        self, slug: str, document: str, person: str, update: bytes, clients: tuple[int, ...], heard: int = 0
    ) -> int | Refused:
        """Keeps a keystroke; returns once it is durable.

        `heard`: the number of the last piece from elsewhere that it takes into account; BEHIND when that matters.
        """
        answer: int | Refused = await self._ask(slug, Keystroke(document, person, update, clients, heard))
        return answer

    def number(self, slug: str) -> int:
        """Of the last piece from elsewhere that was told in that congress."""
        return self._numbers.get(slug, 0)

    async def catch_up(self, slug: str) -> None:
        """Learns, and tells, what other processes kept until now."""
        if slug in self._states:
            await self._ask(slug, CatchUp())

    @property
    def known(self) -> list[str]:
        """The congresses that this process has in memory."""
        return list(self._states)

    async def record_bursts(self, slug: str, document: str) -> list[e.Recorded]:
        """Makes entries of everything that waits in the journal of that document."""
        answer: list[e.Recorded] = await self._ask(slug, Flush(document))
        return answer

    async def checkpoint(self, slug: str, covering: int | None = None) -> str | None:
        """A signed checkpoint, at most half a minute old; with `covering`, of more entries than that index.

        While nothing can be stored it may be older; with `covering`, Unavailable is raised then.
        """
        try:
            answer: str | None = await self._ask(slug, Sign(covering))
        except Unavailable:
            if covering is not None:
                raise
            return await asyncio.to_thread(self._last_signed, slug)
        if answer is not None:
            self.signed(slug, answer)
        return answer

    async def state(self, slug: str) -> State | None:
        """What the congress knows now, entries of other processes included; None when there is no such congress."""
        if not ids.SLUG.fullmatch(slug):
            return None
        size = await self._sizes_now.ask(slug)
        if size == 0:
            return None
        known = self.peek(slug)
        if known is None or known.size < size:
            await self._ask(slug, CatchUp())
        return self.peek(slug)

    def peek(self, slug: str) -> State | None:
        """What this process knows without asking the database: a state that is durable, also after a failure."""
        return self._states.get(slug)

    def lost_size(self, slug: str) -> int | None:
        """How many entries the record once had, when it has fewer now."""
        return self._high_water.above(slug, self._size(slug))

    def _size(self, slug: str) -> int:
        return self._look_up_sizes([slug])[slug]

    def _look_up_sizes(self, slugs: Collection[str]) -> dict[str, int]:
        with self._database.read() as connection:
            return {slug: logs.size(connection, slug) for slug in slugs}

    def _last_signed(self, slug: str) -> str | None:
        with self._database.read() as connection:
            signed = logs.checkpoints(connection, slug)
        return signed[-1][1] if signed else None

    async def _ask(self, slug: str, work: Any) -> Any:
        item = WorkItem(slug, work, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(item)
        return await item.answer

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._queue.get()]
            while len(batch) < LARGEST_BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            try:
                answers, news = await loop.run_in_executor(self._thread, self._commit, batch)
            except Exception as error:
                logger.error("a transaction failed; nothing of it was kept: %s", error, exc_info=not is_passing(error))
                answers, news = [_failure(item, error) for item in batch], []
            for told in news:
                self._tell(told)
            for item, answer in zip(batch, answers, strict=True):
                _deliver(item.answer, answer)
                self._queue.task_done()

    def _tell(self, told: CommitResult) -> None:
        try:
            if told.written:
                self._numbers[told.slug] = told.written[-1].number
                self.heard(told.slug, told.written)
            if told.recorded:
                self._news(told.slug, told.state, told.recorded)
        except Exception:  # what is durable is to be confirmed all the same
            logger.exception("the news of %s could not be told", told.slug)

    def destroy_keys(self, slug: str, state: State) -> None:
        """What sealed the boxes that are opened, or never will be."""
        for number in self._keys.urns(slug):
            if number in state.polls and not state.polls[number].is_open:
                self._keys.destroy_urn(slug, number)

    async def _forget(self) -> None:
        """Tries again to empty the write-ahead log while somebody reads an older state."""
        while True:
            await asyncio.sleep(FORGETTING_SECONDS)
            if self._lingers:
                self._lingers = False
                if not await asyncio.to_thread(self._database.forget_deleted):
                    self._lingers = True

    # From here on: the writer's thread.

    def _commit(self, batch: list[WorkItem]) -> tuple[list[Any], list[CommitResult]]:
        for attempt in range(1, ATTEMPTS):
            try:
                return self._try(batch)
            except SQLAlchemyError as error:
                if not is_passing(error):
                    raise
                logger.warning("a transaction is tried again: %s", error)  # the parameters are hidden
                self.pause(attempt * 0.05)
        return self._try(batch)

    def _try(self, batch: list[WorkItem]) -> tuple[list[Any], list[CommitResult]]:
        slugs = sorted({item.slug for item in batch})
        writes = any(not isinstance(item.work, CatchUp) for item in batch)
        try:
            with self._database.write() if writes else self._database.read() as connection:
                works = {slug: self._work(connection, slug, writes) for slug in slugs}
                for slug, work in works.items():
                    work.expect([item.work.id for item in batch if item.slug == slug and _is_request(item)])
                answers = [works[item.slug].handle(item.work) for item in batch]
                for work in works.values():
                    work.finish()
        except BaseException:
            for slug in slugs:
                self._logs.pop(slug, None)  # memory may be ahead of the database: read it again
            raise
        for slug, work in works.items():
            self._keep(slug, work)
        return answers, [CommitResult(slug, w.log.saved, w.recorded, w.written) for slug, w in works.items()]

    def _work(self, connection: Connection, slug: str, writes: bool) -> Work:
        if writes:
            self._database.lock(connection, slug)
        log, caught_up = self._current(connection, slug)
        elsewhere = None if self._database.is_sqlite else self._elsewhere.setdefault(slug, JournalFollower(slug))
        return Work(connection, log, caught_up, elsewhere, self)

    def _current(self, connection: Connection, slug: str) -> tuple[Log, list[e.Recorded]]:
        """The congress as it is now, and the entries of others that nobody here was told of."""
        log, size = self._logs.get(slug), logs.size(connection, slug)
        if log is None or size < log.growth.size:  # a database that was set back is read again
            log = logs.load(connection, slug)
            return log, list(logs.read(connection, slug, self._sizes.get(slug, size)))
        return log, log.catch_up(connection) if size > log.growth.size else []

    def _keep(self, slug: str, work: Work) -> None:
        erased = any(isinstance(r.event, ERASING) for r in work.recorded)
        work.log.written()
        if work.elsewhere:
            work.elsewhere.reached()
        if size := work.log.growth.size:
            self._logs[slug], self._states[slug], self._sizes[slug] = work.log, work.log.saved, size
        if work.recorded:
            declared = any(isinstance(r.event, e.GapDeclared) for r in work.recorded)
            mark = self._high_water.lower_to if declared else self._high_water.raise_to
            try:
                mark(slug, size, work.log.growth.root())
            except OSError:  # the entries are durable all the same; the next ones raise the mark
                logger.exception("the mark of %s could not be kept", slug)
        if erased:
            self.destroy_keys(slug, work.log.state)
            if not self._database.forget_deleted():
                self._lingers = True


class Work:
    """The writing of one batch in one congress, inside the writer's transaction."""

    def __init__(
        self,
        connection: Connection,
        log: Log,
        caught_up: list[e.Recorded],
        elsewhere: JournalFollower | None,
        intake: Intake,
    ) -> None:
        self.connection = connection
        self.log = log
        self.recorded = caught_up
        self.elsewhere = elsewhere
        self.written = elsewhere.read(connection) if elsewhere else []
        self._intake = intake
        self._now = max(intake._clock.now(), log.last_time)  # rules and record tell one time
        self._keystrokes: list[dict[str, Any]] = []
        self._wrote = False
        self._receipts: dict[tuple[str, str], Receipt] = {}
        self._urns: dict[int, BallotBox] = {}
        self._new_receipts: list[dict[str, Any]] = []

    def expect(self, commands: Sequence[str]) -> None:
        """Looks up, all at once, what is known of the commands with these ids."""
        names = [column(ReceiptRow, name) for name in ("actor", "command", "entries", "time")]
        for at in range(0, len(commands), LOOKED_UP):
            query = select(*names).where(
                column(ReceiptRow, "congress") == self.log.congress,
                column(ReceiptRow, "command").in_(commands[at : at + LOOKED_UP]),
            )
            for actor, command, entries, time in self.connection.execute(query):
                found = tuple((i, kind, document) for i, kind, document in entries)
                self._receipts[actor, command] = Receipt(found, time, repeated=True)

    def handle(self, work: Any) -> Any:
        if isinstance(work, c.Request):
            return self._submit(work)
        if isinstance(work, Keystroke):
            return self._keep_keystroke(work)
        if isinstance(work, Flush):
            return self._flush(work.document)
        if isinstance(work, Sign):
            return self._sign(work.covering)
        return None

    def finish(self) -> None:
        self._write_keystrokes()
        for urn in self._urns.values():
            urn.write()
        if self.log.entries or self._wrote:
            self._intake._database.tell(self.connection, WROTE, self.log.congress)
        if self._new_receipts:
            self.connection.execute(insert(ReceiptRow), self._new_receipts)
        self.log.write(self.connection)

    def _submit(self, request: c.Request) -> Receipt | Refused | Exception:
        urn = self._urn(request.command.poll) if isinstance(request.command, c.CastSecret) else None
        if urn and urn.is_foreign:  # a paper put in here would be the only one left
            return NO_KEY
        if urn:
            request = replace(request, id=urn.disguise(request.id))
            self.expect([request.id])
        known = self._receipts.get((request.actor, request.id))
        if known is not None:
            return known
        refused = None if isinstance(request.command, c.DeclareGap) else self._refuse_gap()
        if refused:
            return refused
        if isinstance(request.command, c.FreezeMotion):
            self._flush(ids.document(ids.MOTION, request.command.motion))
        try:
            decision = decide(self.log.state, self._with_box(request), self._now)
        except Exception as error:  # a rule that fails harms its own command only
            logger.exception("the rule of %s failed", request.command.name)
            return error
        if isinstance(decision, Refused):
            return decision
        added = self._append(decision, request.actor)
        if urn and isinstance(request.command, c.CastSecret):
            marks = secret.marks(self.log.state.polls[request.command.poll], request.command)
            assert isinstance(marks, tuple), "the rule let it through"
            urn.put(marks)
        self._follow(decision)
        return self._receipt(request, added)

    def _urn(self, number: int) -> BallotBox | None:
        """The box of that poll; None when it is no secret poll that is open."""
        poll = self.log.state.polls.get(number)
        if poll is None or not way_of(poll).in_box or not poll.is_open:
            return None
        if number not in self._urns:
            key = self._intake._keys.urn(self.log.congress, number)
            self._urns[number] = BallotBox(self.connection, self.log.congress, number, secret.sorts(poll), key)
        return self._urns[number]

    def _with_box(self, request: c.Request) -> c.Request:
        """A secret poll is closed with what its box holds, which nobody else can know."""
        if not isinstance(request.command, c.ClosePoll):
            return request
        number = request.command.poll
        urn = self._urn(number)
        return replace(request, command=c.CountBox(number, urn.papers)) if urn else request

    def _append(self, decision: Sequence[e.Event], actor: str) -> list[e.Recorded]:
        added = self.log.append(decision, actor, self._now)
        for event in decision:
            if isinstance(event, (e.TextWritten, e.MapDrawn)):
                self._merge_document(event)
        self.recorded.extend(added)
        return added

    def _receipt(self, request: c.Request, added: list[e.Recorded]) -> Receipt:
        entries = tuple((r.index, r.kind, r.document) for r in added)
        receipt = Receipt(entries, added[0].time)
        self._receipts[request.actor, request.id] = Receipt(entries, added[0].time, repeated=True)
        row = {"congress": self.log.congress, "actor": request.actor, "command": request.id}
        values = {"entries": [list(x) for x in entries], "time": receipt.time}
        self._new_receipts.append(row | values)
        return receipt

    def _refuse_gap(self) -> Refused | None:
        """A restored old backup must not grow a second history (R10)."""
        lost = self._intake._high_water.above(self.log.congress, self.log.growth.size)
        if lost is None or lost <= logs.declared_loss(self.connection, self.log.congress):
            return None
        return Refused(
            "record.gap",
            "Ce registre comptait {lost} entrées et n’en a plus que {size} : il est en lecture seule.",
            params={"lost": lost, "size": self.log.growth.size},
        )

    def _keep_keystroke(self, work: Keystroke) -> int | Refused:
        refused = self._refuse_gap() or self._refuse_keystroke(work)
        if refused:
            return refused
        if self.elsewhere and self.elsewhere.is_behind(work.document, work.clients, work.heard):
            return BEHIND
        self._keystrokes.append(
            {
                "congress": self.log.congress,
                "document": work.document,
                "person": work.person,
                "update": work.update,
                "clients": list(work.clients),
                "time": self._now,
            }
        )
        return len(self._keystrokes)

    def _refuse_keystroke(self, work: Keystroke) -> Refused | None:
        kind, number = ids.split(work.document)
        refuse = motions.refuse_writing if kind == ids.MOTION else maps.refuse_drawing
        return refuse(self.log.state, work.person, number, self._now)

    def _write_keystrokes(self) -> None:
        if self._keystrokes:
            self.connection.execute(insert(JournalRow), self._keystrokes)
            self._keystrokes, self._wrote = [], True
            if self.elsewhere:
                self.elsewhere.wrote(self.connection)

    def _flush(self, document: str) -> list[e.Recorded]:
        self._write_keystrokes()
        waiting, upto = self._waiting(document)
        if not waiting:
            return []
        added = self._record(document, waiting)
        recorded = (
            (column(JournalRow, "congress") == self.log.congress)
            & (column(JournalRow, "document") == document)
            & (column(JournalRow, "id") <= upto)
        )
        if self.elsewhere:
            pass_on(self.connection, recorded)
        else:
            self.connection.execute(delete(JournalRow).where(recorded))
        return added

    def _record(self, document: str, waiting: Sequence[bursts.WaitingUpdate]) -> list[e.Recorded]:
        """What waits, as bursts at the end of the record; the document follows."""
        recorder = bursts.Recorder(document, *filter(None, [self._document(document)]))
        added: list[e.Recorded] = []
        for burst in recorder.flush(waiting):
            added += self._record_burst(c.Request("", self.log.congress, burst.person, burst.command))
        self._save_document(document, recorder.state)
        return added

    def _record_burst(self, request: c.Request) -> list[e.Recorded]:
        """A confirmed burst is recorded whatever happened since to phase or role (M3)."""
        rule = motions.write if isinstance(request.command, c.WriteText) else maps.draw
        decision = rule(self.log.state, request, request.command, self._now)  # type: ignore[arg-type]
        if isinstance(decision, Refused):
            raise RuntimeError(f"a confirmed burst cannot be recorded: {decision}")
        added = self.log.append(decision, request.actor, self._now)
        self.recorded.extend(added)
        return added

    def _waiting(self, document: str) -> tuple[list[bursts.WaitingUpdate], int]:
        query = (
            select(*(column(JournalRow, name) for name in ("id", "person", "update", "time")))
            .where(column(JournalRow, "congress") == self.log.congress, column(JournalRow, "document") == document)
            .order_by(column(JournalRow, "id"))
        )
        rows = self.connection.execute(query).all()
        people: dict[str, tuple[str, list[bytes]]] = {}
        for _, person, update, time in rows:
            people.setdefault(person, (time, []))[1].append(bytes(update))
        waiting = [bursts.WaitingUpdate(person, tuple(updates), time) for person, (time, updates) in people.items()]
        return waiting, rows[-1][0] if rows else 0

    def _follow(self, decision: Sequence[e.Event]) -> None:
        """A box is emptied, and a document follows a consolidated text in the congress's name: in one transaction."""
        for event in decision:
            if isinstance(event, (e.BoxOpened, e.PollCancelled)):
                self._urns.pop(event.poll, None)
                erase(self.connection, self.log.congress, event.poll)
            if isinstance(event, e.TextFrozen) and (event.adopted or event.divided_by):
                clauses = tuple((x.id, Draft(x.kind, x.markdown, x.addressee)) for x in event.clauses)
                text = motion.MotionText(event.title, clauses)
                update = motion.rewrite(event.document, self._document(event.document) or b"", text)
                self._record(event.document, [bursts.WaitingUpdate(ids.CONGRESS, (update,), self._now)])

    def _merge_document(self, event: e.TextWritten | e.MapDrawn) -> None:
        recorder = bursts.Recorder(event.document, *filter(None, [self._document(event.document)]))
        recorder.replica.apply(bursts.decode(event.update))
        self._save_document(event.document, recorder.state)

    def _document(self, document: str) -> bytes | None:
        update = self.connection.execute(
            select(column(DocumentRow, "update")).where(
                column(DocumentRow, "congress") == self.log.congress, column(DocumentRow, "document") == document
            )
        ).scalar()
        return None if update is None else bytes(update)

    def _save_document(self, document: str, update: bytes) -> None:
        place = {"congress": self.log.congress, "document": document}
        self.connection.execute(
            delete(DocumentRow).where(
                column(DocumentRow, "congress") == self.log.congress, column(DocumentRow, "document") == document
            )
        )
        self.connection.execute(insert(DocumentRow), [{**place, "update": update}])

    def _sign(self, covering: int | None) -> str | None:
        settings = self.log.state.settings
        if settings is None:
            return None
        size, note, time = self._last_checkpoint()
        fresh = (moment(self._now) - moment(time)).total_seconds() < CHECKPOINT_SECONDS if time else False
        covers = size > max(self.log.withdrawn, -1 if covering is None else covering)
        if note and (size == self.log.growth.size or (fresh and covers)):
            return note
        try:
            signer = self._intake._keys.signer(settings.slug, settings.origin)
        except ForeignKey:
            logger.error("the key that signs %s is not in the data folder of this process", settings.slug)
            return note or None
        root = self.log.growth.root()
        note = checkpoint.sign(checkpoint.Checkpoint(settings.origin, self.log.growth.size, root), signer)
        row = {"congress": self.log.congress, "size": self.log.growth.size, "root": root, "note": note}
        self.connection.execute(insert(CheckpointRow), [{**row, "time": self._now}])
        return note

    def _last_checkpoint(self) -> tuple[int, str, str]:
        query = (
            select(*(column(CheckpointRow, name) for name in ("size", "note", "time")))
            .where(column(CheckpointRow, "congress") == self.log.congress)
            .order_by(column(CheckpointRow, "size").desc())
            .limit(1)
        )
        row = self.connection.execute(query).first()
        return (int(row[0]), str(row[1]), str(row[2])) if row else (0, "", "")


def _is_request(item: WorkItem) -> bool:
    return isinstance(item.work, c.Request)


def _failure(item: WorkItem, error: Exception) -> Refused | Exception:
    """What is told to who asked for a work of which nothing was kept."""
    if not is_passing(error):
        return error
    return UNAVAILABLE if _is_request(item) else Unavailable("nothing can be stored")


def _deliver(future: asyncio.Future[Any], answer: Any) -> None:
    if future.done():
        return  # whoever asked has gone; the work is kept all the same
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
