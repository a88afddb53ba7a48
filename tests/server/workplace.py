"""A congress for tests that kill the server, and checks of what must be there afterwards."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import ClauseKind, Draft, Phase, Role
from server.imports.importing import import_command
from server.services import Services, open_services
from server.settings import ServerSettings
from server.store.database import Database
from server.store.store import Store
from server.writing.receipts import Receipt
from tests.server.writers import GONE, Api, Confirmed, Writer, speak, vote
from tests.server_process import Server, pleniere
from tests.waiting import pace, until_soon

SLUG = "essai"
CLAUSES = (Draft(ClauseKind.VISA, "Vu la loi,"), Draft(ClauseKind.DEMANDE, "Demande la fibre pour tous."))
FOUNDING: tuple[c.Command, ...] = (
    c.CreateCongress(SLUG, "Essai", "localhost/c/essai/registre"),
    *(c.SetPhase(phase, "2020-01-01T00:00:00.000Z") for phase in Phase),
    *(c.InvitePerson(name, Role.ELU, "maire") for name in ("Ana Un", "Bo Deux", "Cid Trois")),
    c.InvitePerson("Dea Quatre", Role.ORGANISER),
    import_command("Motion", CLAUSES),
)


@dataclass(frozen=True)
class Workplace:
    """A congress with all phases open, three élus and an organiser, and their access tokens."""

    data: Path
    elus: list[str]
    organiser: str
    database: str = ""

    async def prepare(self, url: str) -> None:
        """Creates motion 1, frozen with an open poll on it, and motion 2 to write in."""
        async with Api(url, SLUG, self.organiser) as organiser, Api(url, SLUG, self.elus[0]) as elu:
            await organiser.command("motion.freeze", motion=1)
            await organiser.command("poll.open", subject="motion-1")
            await elu.command("motion.create", title="À écrire")

    async def work_until_killed(self, server: Server, confirmed: Confirmed, round_: int, chance: random.Random) -> None:
        """Has people testify, vote and write, and kills the server in the middle: a random time after each kind of act
        was confirmed at least once in this round.
        """
        async with AsyncExitStack() as stack:
            apis = [await stack.enter_async_context(Api(server.url, SLUG, token)) for token in self.elus]
            writers = [Writer(address(server.url, token)) for token in self.elus[:2]]
            people = [
                *(vote(api, confirmed, 1, random.Random(round_)) for api in apis),
                *(speak(api, confirmed, f"T{round_}-{i}") for i, api in enumerate(apis)),
                *(writer.write(confirmed, f"W{round_}-{i}") for i, writer in enumerate(writers)),
            ]
            before = confirmed.counts()
            tasks = [asyncio.create_task(each) for each in people]
            await until_soon(lambda: _all_grew(before, confirmed.counts()) or any(task.done() for task in tasks))
            await pace(chance.uniform(0.0, 0.4))
            server.kill()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            unexpected = [error for error in ended if not isinstance(error, GONE)]
            assert not unexpected, unexpected

    async def missing(self, url: str, confirmed: Confirmed) -> int:
        """The number of confirmed testimonies and words that a server does not have."""
        async with Api(url, SLUG, self.organiser) as api:
            submitted = int((await api.read("temoignages?taille=1"))["total"])
        words = set((await Writer(address(url, self.elus[0])).read()).split())
        return max(0, len(confirmed.testimonies) - submitted) + len(confirmed.words - words)

    async def check(self, url: str, confirmed: Confirmed) -> None:
        assert await self.missing(url, confirmed) == 0

    def check_kept(self, confirmed: Confirmed) -> None:
        """Checks that the tables have every confirmed testimony, and for each voter the last confirmed choice or one
        sent after it.
        """
        database = Database(self.database or f"sqlite:///{self.data / 'pleniere.sqlite'}")
        state = Store(database).state(SLUG)
        database.close()
        assert confirmed.testimonies <= {x.text for x in state.testimonies.values()}
        for number, token in enumerate(self.elus, 1):
            if token in confirmed.ballots:
                kept = state.polls[1].ballots[f"p{number}"].value
                assert kept in {confirmed.ballots[token], *confirmed.unanswered[token]}

    def verify(self) -> None:
        """Checks that the record gives the same tables and texts, and that its archive verifies."""
        self.run("rebuild", "--check")
        archive = str(self.data.parent / "restitution.zip")
        self.run("export", SLUG, "-o", archive)
        self.run("verify", archive)

    def run(self, *arguments: str) -> None:
        """Runs a command, which must succeed."""
        done = pleniere(self.data, *arguments, PLENIERE_DATABASE=self.database)
        assert done.returncode == 0, done.stdout + done.stderr


def found(data: Path, database: str = "") -> Workplace:
    return asyncio.run(_found(ServerSettings(data=data, database=database)))


async def _found(settings: ServerSettings) -> Workplace:
    async with open_services(settings) as services:
        for command in FOUNDING:
            receipt = await services.write_queue.submit(c.Request(secrets.token_hex(8), SLUG, ids.CONGRESS, command))
            assert isinstance(receipt, Receipt), receipt
        elus, organiser = [await _token(services, f"p{n}") for n in (1, 2, 3)], await _token(services, "p4")
        return Workplace(settings.data, elus, organiser, settings.database)


async def _token(services: Services, person: str) -> str:
    return await asyncio.to_thread(services.identity.make_token, SLUG, person)


def _all_grew(before: Sequence[int], now: Sequence[int]) -> bool:
    return all(later > earlier for earlier, later in zip(before, now, strict=True))


def address(url: str, token: str) -> str:
    """The WebSocket address for writing motion 2, with acknowledgements."""
    return f"{url.replace('http', 'ws')}/c/{SLUG}/sync/motion-2?token={token}&ack=1"
