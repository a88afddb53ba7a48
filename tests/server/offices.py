"""A write queue on a real database, with a clock that the test sets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from deliberation.evolve import replay
from deliberation.kernel import commands as c
from deliberation.kernel import events, ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import PassagePlace, Phase, Role
from deliberation.text.masking import Passage
from server.pages.organisation.word_search import find
from server.store import mirror
from server.store.clock import ScriptedClock
from server.store.database import Database
from server.store.highwater import HighWater
from server.store.keys import Keys
from server.store.store import Store
from server.writing.commits import CommitFeed, EntriesRecorded
from server.writing.erasure import Erasure
from server.writing.queue import WriteQueue
from server.writing.receipts import Receipt
from server.writing.safeguards import Safeguards
from server.writing.transaction import TransactionWriter

START = "2026-01-01T00:00:00.000Z"
SLUG = "essai"


@dataclass
class Office:
    """A write queue with a test's clock; `news` collects what was announced after each commit."""

    write_queue: WriteQueue
    commits: CommitFeed
    store: Store
    keys: Keys
    safeguards: Safeguards
    clock: ScriptedClock
    database: Database
    news: list[tuple[str, int, list[events.Recorded]]] = field(default_factory=list)
    _ids: count[int] = field(default_factory=count)

    async def ask(self, actor: str, command: c.Command, id_: str = "") -> Receipt | Refused:
        return await self.write_queue.submit(c.Request(id_ or f"c{next(self._ids)}", SLUG, actor, command))

    async def do(self, actor: str, command: c.Command) -> Receipt:
        answer = await self.ask(actor, command)
        assert isinstance(answer, Receipt), answer
        return answer

    def lost_size(self) -> int | None:
        return self.safeguards.high_water.above(SLUG, self.store.size(SLUG))

    async def state(self) -> State:
        state = await self.write_queue.state(SLUG)
        assert state is not None
        return state

    async def found(self) -> None:
        """Creates a congress with all phases open: élus p1 and p2, organisers p3 and p4."""
        await self.do(ids.CONGRESS, c.CreateCongress(SLUG, "Essai", "localhost/c/essai/registre"))
        for name, role in (("Ana", Role.ELU), ("Bo", Role.ELU), ("Cid", Role.ORGANISER), ("Dea", Role.ORGANISER)):
            await self.do(ids.CONGRESS, c.InvitePerson(name, role))
        for phase in Phase:
            await self.do("p3", c.SetPhase(phase, START))

    def check(self) -> None:
        """Checks that the tables are the fold of the record."""
        kept, folded = self.store.state(SLUG), replay(self.store.recorded(SLUG))
        assert mirror.differences(kept, folded) == []
        assert kept == folded


@asynccontextmanager
async def opened(
    url: str, folder: Path, outside: Path | None = None, timer: Callable[[], float] = lambda: 0.0
) -> AsyncIterator[Office]:
    """Opens the services. `outside` is the second folder for high-water marks. `timer` is the clock by which the writer
    measures its work; by default work takes no time.
    """
    database = Database(url)
    database.create_tables()
    clock = ScriptedClock(START)
    news: list[tuple[str, int, list[events.Recorded]]] = []
    store, keys = Store(database), Keys(folder / "keys")
    safeguards = Safeguards(HighWater(folder / "highwater", outside, keys.fingerprint))
    erasure, commits = Erasure(database, keys), CommitFeed()
    write_queue = WriteQueue(store, TransactionWriter(database, keys, clock, safeguards, erasure, timer=timer), commits)
    commits.subscribe(EntriesRecorded, lambda notice: news.append((notice.slug, notice.state.size, notice.entries)))
    await write_queue.start()
    erasing = asyncio.create_task(erasure.run())
    try:
        yield Office(write_queue, commits, store, keys, safeguards, clock, database, news)
    finally:
        erasing.cancel()
        await write_queue.stop()
        database.close()


def run(url: str, folder: Path, work: Callable[[Office], Awaitable[None]]) -> None:
    """Opens an office, creates the congress, does the work, and checks that the tables follow from the record."""

    async def within() -> None:
        async with opened(url, folder) as office:
            await office.found()
            await work(office)
            office.check()

    asyncio.run(within())


def place_of(office: Office, words: str) -> tuple[PassagePlace, tuple[str, ...], tuple[int, ...]]:
    """The first place of the words, the documents and the entries that contain them, as the organisers' page finds
    them.
    """
    found = find(office.store.recorded(SLUG), Passage(words))
    assert found is not None
    targets = sorted(index for document in found.documents for index in document.entries)
    return found.place, tuple(sorted(document.document for document in found.documents)), tuple(targets)
