"""Processes that share one PostgreSQL: two simulated within one test process, and real ones that are killed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pycrdt

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import Choice, ClauseKind, Draft, Phase, Role
from server.realtime import protocol
from server.realtime.event_wire import EventWire
from server.realtime.http_connections import Delivery
from server.services import Services, open_services
from server.settings import ServerSettings
from server.store import mirror
from server.store.database import Database
from server.store.journal_follower import JournalFollower
from server.texts import lib0, motion, replay
from server.writing.receipts import Receipt
from tests.server.peers import Client
from tests.waiting import pace, until_soon

SLUG = "demo"
ANA, BO, ORGANISER = "p1", "p2", "p3"


@dataclass
class Pair:
    """The services of two processes on one database."""

    one: Services
    other: Services
    _ids: count[int] = field(default_factory=count)

    async def do(self, actor: str, command: c.Command, at: Services | None = None) -> Receipt:
        request = c.Request(f"c{next(self._ids)}", SLUG, actor, command)
        answer = await (at or self.one).write_queue.submit(request)
        assert isinstance(answer, Receipt), answer
        return answer

    async def found(self) -> None:
        """Creates a congress with all phases open and a draft motion."""
        await self.do(ids.CONGRESS, c.CreateCongress(SLUG, "Essai", "localhost/c/demo/registre"))
        for name, role in (("Ana", Role.ELU), ("Bo", Role.ELU), ("Cid", Role.ORGANISER)):
            await self.do(ids.CONGRESS, c.InvitePerson(name, role))
        for phase in Phase:
            await self.do(ORGANISER, c.SetPhase(phase, "2020-01-01T00:00:00.000Z"))
        await self.do(ANA, c.CreateMotion("Été"))
        for person in (ANA, BO):  # whom nothing signs in is shown out
            await asyncio.to_thread(self.one.identity.make_token, SLUG, person)

    async def check(self) -> None:
        """Checks that both processes have the same state, and that it follows from the record."""
        for document in {document for _, document in self.one.store.journalled()}:
            await self.other.write_queue.record_bursts(SLUG, document)
        state, other = await self.one.write_queue.state(SLUG), await self.other.write_queue.state(SLUG)
        assert state is not None
        assert state == other
        assert mirror.differences(self.one.store.state(SLUG), state) == []
        assert replay.differences(self.one.store, SLUG, state)[0] == []
        assert [r.index for r in self.one.store.recorded(SLUG)] == list(range(state.size))


@asynccontextmanager
async def pair_on(url: str, folder: Path) -> AsyncIterator[Pair]:
    settings = ServerSettings(data=folder / "data", database=url)
    async with open_services(settings) as one, open_services(settings) as other:
        for services in (one, other):
            services.cluster.start()
        pair = Pair(one, other)
        await pair.found()
        yield pair
        await pair.check()


def run(url: str, folder: Path, work: Callable[[Pair], Coroutine[Any, Any, None]]) -> None:
    async def within() -> None:
        async with pair_on(url, folder) as pair:
            await work(pair)

    asyncio.run(within())


async def until(condition: Callable[[], bool], *clients: tuple[Client, Services]) -> None:
    """Has these clients exchange frames until the condition holds."""

    def talk() -> bool:
        for client, services in clients:
            client.say_all(services.hub)
            client.hear_all()
        return condition()

    await until_soon(talk)


def agree(*docs: pycrdt.Doc[Any]) -> bool:
    """Whether the documents have the same structs and the same text."""
    return all(doc.get_state() == docs[0].get_state() and motion.read(doc) == motion.read(docs[0]) for doc in docs)


def test_people_on_two_processes_write_one_text(postgres_url: str, tmp_path: Path) -> None:
    async def work(pair: Pair) -> None:
        ana, bo, reader = Client(101, ANA), Client(102, BO), Client(103, None)
        places = ((ana, pair.one), (bo, pair.other), (reader, pair.other))
        for client, services in places:
            await client.connect(services.hub)
        await until(lambda: all(client.synced for client, _ in places), *places)
        for word in range(10):
            ana.clause(f"aaaaaaaaa{word}", f"Vu {word},")
            bo.clause(f"bbbbbbbbb{word}", f"Demande {word}.")
            await until(lambda: ana.acknowledged == ana.sent and bo.acknowledged == bo.sent, *places)
        await until(lambda: agree(ana.doc, bo.doc, reader.doc), *places)
        assert len(motion.read(reader.doc).clauses) >= 20

    run(postgres_url, tmp_path, work)


def test_requests_over_http_reach_the_process_of_their_connection(postgres_url: str, tmp_path: Path) -> None:
    async def work(pair: Pair) -> None:
        hub, connections = pair.one.hub, pair.one.http_connections
        wire, token = EventWire(), connections.new_token()
        permission = await hub.permission(SLUG, "motion-1", ANA)
        member = await hub.join(SLUG, "motion-1", ANA, permission, wire, acknowledges=True)
        connections.add(token, member, wire)
        ana = Client(101, ANA)
        ana.clause("aaaaaaaaaa", "Considérant que " + "é" * 20_000)
        answer = protocol.answer(ana.doc.get_update())
        while (await pair.other.http_connections.deliver(token, ANA, 0, b"")) is Delivery.UNKNOWN:
            await pace(0.02)  # until the processes know of each other
        requests: list[list[bytes]] = [[protocol.ask(b"\0")], [answer], []]
        for number, frames in enumerate(requests, 1):
            body = b"".join(map(lib0.blob, frames))
            assert await pair.other.http_connections.deliver(token, ANA, number, body) is Delivery.TAKEN
        await until(lambda: member.session.committed == 1)
        hub.leave(member)

    run(postgres_url, tmp_path, work)


def test_who_is_here_is_shown_across_processes(postgres_url: str, tmp_path: Path) -> None:
    async def work(pair: Pair) -> None:
        ana, bo, late = Client(101, ANA), Client(102, BO), Client(103, None)
        await bo.connect(pair.other.hub)
        await ana.connect(pair.one.hub)
        ana.show(json.dumps({"user": {}, "cursor": "é" * 1_900}, ensure_ascii=False))
        here = (ana, pair.one), (bo, pair.other)
        await until(lambda: 101 in bo.faces and "éé" in bo.faces[101].state and 102 in ana.faces, *here)
        await late.connect(pair.one.hub)
        await until(lambda: {101, 102} <= late.faces.keys(), *here, (late, pair.one))
        ana.cut(pair.one.hub)
        await until(lambda: bo.faces[101].state == "null" == late.faces[101].state, (bo, pair.other), (late, pair.one))
        await ana.connect(pair.other.hub)
        await until(lambda: late.faces[101].state != "null", (ana, pair.other), (late, pair.one))

    run(postgres_url, tmp_path, work)


def test_a_client_id_belongs_to_one_person_on_all_processes(postgres_url: str, tmp_path: Path) -> None:
    async def work(pair: Pair) -> None:
        ana, thief = Client(101, ANA), Client(101, BO)
        await ana.connect(pair.one.hub)
        await thief.connect(pair.other.hub)
        both = (ana, pair.one), (thief, pair.other)
        await until(lambda: ana.synced and thief.synced, *both)
        ana.clause("aaaaaaaaaa", "À moi.")
        await until(lambda: ana.acknowledged == ana.sent, (ana, pair.one))
        await until(lambda: thief.wire.closed is not None, *both)
        await thief.connect(pair.other.hub)
        thief.clause("bbbbbbbbbb", "À moi aussi, sous ton nom, quoi que tu écrives.")
        await until(lambda: ana.acknowledged == ana.sent and bool(thief.denials), *both)
        reader = Client(103, None)
        await reader.connect(pair.one.hub)
        await until(lambda: reader.synced, (reader, pair.one))
        assert len([id_ for id_, _ in motion.read(reader.doc).clauses if id_ in {"aaaaaaaaaa", "bbbbbbbbbb"}]) == 1

    run(postgres_url, tmp_path, work)


def test_one_person_on_two_processes_under_one_client_id_never_diverges(postgres_url: str, tmp_path: Path) -> None:
    """As when a connection that was lost without a word is followed by one to another process, and worse."""

    async def work(pair: Pair) -> None:
        here, there, reader = Client(101, ANA), Client(101, ANA), Client(103, None)
        await reader.connect(pair.other.hub)
        for round_ in range(5):
            await here.connect(pair.one.hub)
            await there.connect(pair.other.hub)
            here.clause("aaaaaaaaaa", f"Ici {round_}")
            there.clause("bbbbbbbbbb", f"Là {round_}")
            for client, services in ((here, pair.one), (there, pair.other)):
                client.say_all(services.hub)
            await pace(0.2)
            here.hear_all()
            there.hear_all()
        newcomer = Client(104, None)
        await newcomer.connect(pair.one.hub)
        places = (newcomer, pair.one), (reader, pair.other)
        await until(lambda: newcomer.synced and reader.synced and agree(newcomer.doc, reader.doc), *places)

    run(postgres_url, tmp_path, work)


def test_commands_at_both_processes_happen_once_in_one_order(postgres_url: str, tmp_path: Path) -> None:
    """R3, R5"""

    async def work(pair: Pair) -> None:
        text = motion.rewrite("motion-1 p1", b"", motion.MotionText("Été", (("d", Draft(ClauseKind.DEMANDE, "Mot.")),)))
        assert await pair.one.write_queue.journal(SLUG, "motion-1", ANA, text, (7,)) == 1
        await pair.do(ORGANISER, c.FreezeMotion(1), pair.other)
        await pair.do(ORGANISER, c.OpenPoll("motion-1"), pair.one)
        both = (pair.one, pair.other)
        said = [pair.do(ANA, c.SubmitTestimony(text=f"Mot {i}."), both[i % 2]) for i in range(40)]
        cast = [pair.do(BO, c.CastBallot(1, choice), services) for services in both for choice in Choice]
        receipts = await asyncio.gather(*said, *cast)
        indices = [index for receipt in receipts for index, _, _ in receipt.entries]
        assert sorted(indices) == list(range(min(indices), max(indices) + 1))
        again = c.Request("twice", SLUG, ANA, c.SubmitTestimony(text="Une fois."))
        once, twice = await asyncio.gather(*(services.write_queue.submit(again) for services in both))
        assert isinstance(once, Receipt)
        assert isinstance(twice, Receipt)
        assert once.entries == twice.entries
        assert {once.repeated, twice.repeated} == {False, True}
        signed = await asyncio.gather(
            *(services.write_queue.checkpoint(SLUG, covering=once.index) for services in both)
        )
        assert signed[0] == signed[1] is not None
        assert (await pair.do(ORGANISER, c.ClosePoll(1), pair.other)).entries

    run(postgres_url, tmp_path, work)


def test_an_end_of_writing_and_a_revocation_reach_every_process(postgres_url: str, tmp_path: Path) -> None:
    """M3, P4"""

    async def work(pair: Pair) -> None:
        ana, bo = Client(101, ANA), Client(102, BO)
        await ana.connect(pair.one.hub)
        await bo.connect(pair.other.hub)
        both = (ana, pair.one), (bo, pair.other)
        bo.clause("bbbbbbbbbb", "Avant.")
        await until(lambda: bo.synced and bo.acknowledged == bo.sent, *both)
        await pair.do(ORGANISER, c.FreezeMotion(1), pair.one)
        bo.clause("cccccccccc", "Après.")
        await until(lambda: bool(bo.denials), *both)
        state = await pair.other.write_queue.state(SLUG)
        assert state is not None
        assert state.motions[1].text is not None
        assert [x.id for x in state.motions[1].text.clauses if x.id[0] in "bc"] == ["bbbbbbbbbb"]
        await pair.do(ORGANISER, c.RevokePerson(BO, "Départ"), pair.one)
        await until(lambda: bo.wire.closed is not None, *both)
        assert bo.wire.closed is not None
        assert bo.wire.closed[0] == protocol.REVOKED
        pair.other.cluster.call_in(SLUG, ANA)
        await until(lambda: ana.wire.closed is not None, (ana, pair.one))

    run(postgres_url, tmp_path, work)


def test_a_gap_is_told_until_a_transaction_is_durable(tmp_path: Path) -> None:
    """A process that slept, and whose first transaction then failed, would else take nothing any more."""
    database = Database(f"sqlite:///{tmp_path / 'pleniere.sqlite'}")
    database.create_tables()
    elsewhere = JournalFollower(SLUG)
    with database.read() as connection:
        assert elsewhere.read(connection) == []
        elsewhere.reached()
        elsewhere._reached = (float("-inf"), float("-inf"))  # as after hours
        told = [elsewhere.read(connection) for _ in range(2)]
        assert [[piece.document for piece in pieces] for pieces in told] == [[""], [""]]
        assert elsewhere.is_behind("motion-1", (7,), told[1][0].number - 1)
        assert not elsewhere.is_behind("motion-1", (7,), told[1][0].number)
        elsewhere.reached()
        assert elsewhere.read(connection) == []
    database.close()
