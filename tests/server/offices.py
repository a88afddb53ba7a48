"""An intake on a real database, in step with a clock that the test sets."""

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
from deliberation.kernel.vocabulary import Phase, Role
from server.store import mirror
from server.store.clock import ScriptedClock
from server.store.database import Database
from server.store.highwater import HighWater
from server.store.keys import Keys
from server.store.store import Store
from server.writing.queue import Intake, Receipt

START = "2026-01-01T00:00:00.000Z"
SLUG = "essai"


@dataclass
class Office:
    """`news` collects what was announced after each commit."""

    intake: Intake
    store: Store
    clock: ScriptedClock
    database: Database
    news: list[tuple[str, int, list[events.Recorded]]] = field(default_factory=list)
    _ids: count[int] = field(default_factory=count)

    async def ask(self, actor: str, command: c.Command, id_: str = "") -> Receipt | Refused:
        return await self.intake.submit(c.Request(id_ or f"c{next(self._ids)}", SLUG, actor, command))

    async def do(self, actor: str, command: c.Command) -> Receipt:
        answer = await self.ask(actor, command)
        assert isinstance(answer, Receipt), answer
        return answer

    async def state(self) -> State:
        state = await self.intake.state(SLUG)
        assert state is not None
        return state

    async def found(self) -> None:
        """A congress with all phases open: élus p1 and p2, organisers p3 and p4."""
        await self.do(ids.CONGRESS, c.CreateCongress(SLUG, "Essai", "localhost/c/essai/registre"))
        for name, role in (("Ana", Role.ELU), ("Bo", Role.ELU), ("Cid", Role.ORGANISER), ("Dea", Role.ORGANISER)):
            await self.do(ids.CONGRESS, c.InvitePerson(name, role))
        for phase in Phase:
            await self.do("p3", c.SetPhase(phase, START))

    def check(self) -> None:
        """The tables are the fold of the record."""
        kept, folded = self.store.state(SLUG), replay(self.store.recorded(SLUG))
        assert mirror.differences(kept, folded) == []
        assert kept == folded


@asynccontextmanager
async def opened(url: str, folder: Path) -> AsyncIterator[Office]:
    database = Database(url)
    database.create_tables()
    clock = ScriptedClock(START)
    news: list[tuple[str, int, list[events.Recorded]]] = []
    intake = Intake(
        database,
        Keys(folder / "keys"),
        clock,
        HighWater(folder / "highwater"),
        lambda slug, state, recorded: news.append((slug, state.size, recorded)),
    )
    await intake.start()
    try:
        yield Office(intake, Store(database), clock, database, news)
    finally:
        await intake.stop()
        database.close()


def run(url: str, folder: Path, work: Callable[[Office], Awaitable[None]]) -> None:
    """Opens an office, founds the congress, does the work, and checks tables against record."""

    async def within() -> None:
        async with opened(url, folder) as office:
            await office.found()
            await work(office)
            office.check()

    asyncio.run(within())
