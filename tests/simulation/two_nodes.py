"""Many people write on one text through two processes on one database, over a bad network.

In each run, seeded: random edits, random delivery, cuts, repeated frames, reconnections to either process; processes
that are killed and started again, that lose their database for hours, whose clocks jump; notifications that come late
or never; a database that is slow, breaks off, or commits without being able to say so; a motion that is frozen and
reopened. At the end every replica holds the same, the replayed record too, and nothing that was acknowledged is lost.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import delete
from sqlalchemy.exc import OperationalError

from deliberation.evolve import replay
from deliberation.kernel import commands as c
from server.realtime.member import Member
from server.realtime.storage import Unavailable
from server.store import mirror
from server.store.columns import column
from server.store.tables import PassedRow
from server.texts import motion
from server.texts import replay as texts
from server.texts.replica import Replica
from tests.server.peers import Client, same
from tests.simulation.twins import DOCUMENT, ORGANISER, SLUG, Node, Post, found, lost_connection, new_engine
from tests.simulation.virtual_time import VirtualLoop, pass_time, run

STEPS = 120


@dataclass
class Ghost:
    """A connection that its client has given up, which its process does not know yet: frames still arrive."""

    node: Node
    member: Member
    frames: deque[bytes]

    def go_on(self) -> None:
        """The next frame arrives, or the loss is noticed."""
        if self.frames:
            self.node.hub.received(self.member, self.frames.popleft())
        else:
            self.node.hub.leave(self.member)


class World:
    """One run. `promised` is, per Yjs client id, the highest clock that was acknowledged."""

    def __init__(self, seed: int, founded: sqlite3.Connection) -> None:
        self.chance = random.Random(seed)
        self.engine = new_engine(founded)
        self.post = Post(self.chance)
        self.keeper = Node(self.engine, "keeper", self.post)
        self.nodes: list[Node] = []
        self.clients = [Client(100 + n, f"p{n}") for n in (1, 2, 3)]
        self.clients.append(Client(104, "p3"))
        self.reader = Client(200, None)
        self.at: dict[Client, Node] = {}
        self.promised: dict[int, int] = {}
        self.burials: list[asyncio.Task[None]] = []
        self.ghosts: list[Ghost] = []
        self.commands = 0
        self.slow = False
        self.dozing: Node | None = None

    @property
    def everybody(self) -> list[Client]:
        return [*self.clients, self.reader]

    # Its life

    async def live(self) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        loop.latency = self._latency
        for _ in range(2):
            await self._start()
        for _ in range(STEPS):
            await self._step(self.chance.choice(self.everybody))
            await pass_time(self.chance.choice([0.0, 0.004]))
            while self.reader.hear():  # who reads is never ahead of what is durable
                self._note(self.reader)
        await self._settle()

    def _latency(self) -> float:
        return self.chance.choice([0.0, 0.001, 0.02, 1.5]) if self.slow else self.chance.choice([0.0, 0.001, 0.01])

    async def _start(self) -> None:
        node = Node(self.engine, f"n{len(self.burials) + len(self.nodes)}", self.post)
        await node.start()
        self.nodes.append(node)
        self.post.nodes = self.nodes

    async def _step(self, client: Client) -> None:
        chance = self.chance.random()
        if chance < 0.35:
            if client.person:
                client.edit(self.chance)
        elif chance < 0.58:
            self._with_hub(client, client.say)
        elif chance < 0.78:
            client.hear()
            self._note(client)
        elif chance < 0.81:
            self._repeat(client)
        elif chance < 0.84 and self.ghosts:
            self.chance.choice(self.ghosts).go_on()
        elif chance < 0.88:
            await pass_time(self.chance.choice([0.0, 0.001, 0.05, 0.5, 7.0]))
        else:
            await self._mishap(client)

    def _with_hub(self, client: Client, act: object) -> None:
        if client in self.at:
            act(self.at[client].hub)  # type: ignore[operator]

    async def _mishap(self, client: Client) -> None:
        kind = self.chance.randrange(21)
        if kind < 9:
            if kind < 5:
                self._drift(client)
            else:
                self._cut(client)
            if kind < 8:
                await self._connect(client)
        elif kind < 11:
            await self._kill(self.chance.choice(self.nodes))
        elif kind < 13:
            self.slow = not self.slow
        elif kind < 15:
            self._break_off(self.chance.choice(self.nodes))
        elif kind == 15:
            self.chance.choice(self.nodes).clock.ahead += self.chance.choice([-7_200.0, -3.0, 90.0, 86_400.0])
        elif kind < 18:
            self._doze(self.chance.choice(self.nodes))
        elif kind == 18:
            await pass_time(150.0)  # so long that what a killed process left in the journal is adopted
        else:
            await self._freeze(self.chance.random() < 0.5)

    def _cut(self, client: Client) -> None:
        node = self.at.pop(client, None)
        if node:
            client.cut(node.hub)

    def _drift(self, client: Client) -> None:
        """The connection is lost without a word to the process, where what was sent still comes in."""
        client.collect()
        if client in self.at and client.member is not None:
            self.ghosts.append(Ghost(self.at.pop(client), client.member, deque(client.outbox)))
            client.member = None
            client.cut(self.ghosts[-1].node.hub)

    async def _connect(self, client: Client) -> None:
        """Connects to one of the processes; may fail while its database does."""
        self.at[client] = node = self.chance.choice(self.nodes)
        try:
            await client.connect(node.hub)
        except (Unavailable, OperationalError):
            self._cut(client)

    def _repeat(self, client: Client) -> None:
        """The same frame twice, as a resending proxy might do."""
        client.collect()
        if client.outbox and client in self.at:
            frame = client.outbox[0]
            client.say(self.at[client].hub)
            client.sent += frame[:2] in (b"\0\1", b"\0\2")
            client.say(self.at[client].hub, frame)

    async def _kill(self, node: Node) -> None:
        """As `kill -9` does: connections break, what is not durable is gone. Another process takes its place."""
        node.database.alive = False
        if node is self.dozing:
            self.dozing = None
        for client in [client for client, where in self.at.items() if where is node]:
            client.member = None
            self._cut(client)
        self.ghosts = [ghost for ghost in self.ghosts if ghost.node is not node]
        self.nodes.remove(node)
        self.burials.append(asyncio.create_task(node.stop()))
        await self._start()

    def _break_off(self, node: Node) -> None:
        """The next transactions of a process end without an answer: before the commit, or after it."""
        left, moment = self.chance.choice([1, 2, 8]), self.chance.choice(["before", "after"])

        def trouble(now: str) -> None:
            nonlocal left
            if now == moment and left:
                left -= 1
                raise lost_connection()

        node.database.trouble = trouble

    def _doze(self, node: Node) -> None:
        """A process loses its database for hours, or the one that did has it again.

        Others forgot meanwhile what they passed on, and had read themselves.
        """
        if self.dozing is None:
            self.dozing, node.database.reachable = node, False
            return
        node, self.dozing = self.dozing, None
        node.database.reachable = True
        node.sleep_long()
        seen = min(other.seen for other in self.nodes if other is not node)
        with self.keeper.database.write() as connection:
            connection.execute(delete(PassedRow).where(column(PassedRow.id) <= seen))

    async def _freeze(self, frozen: bool) -> None:
        command = c.FreezeMotion(1) if frozen else c.ReopenMotion(1, "Encore.")
        self.commands += 1
        request = c.Request(f"c{self.commands}", SLUG, ORGANISER, command)
        await self.chance.choice(self.nodes).write_queue.submit(request)

    # What must hold

    def _kept(self) -> Replica:
        recorded, waiting = self.keeper.store.document(SLUG, DOCUMENT)
        return Replica(*([recorded] if recorded else []), *(update for _, update in waiting))

    def _note(self, client: Client) -> None:
        """What people are told is durable, and what readers hold, must be so at that moment."""
        client.collect()
        said = client.online and client.sent and client.acknowledged >= client.sent and not client.outbox
        if not (said or client is self.reader):
            return
        durable, known = self._kept().clocks, Replica(client.doc.get_update()).clocks
        if client is self.reader:
            assert all(durable.get(id_, 0) >= clock for id_, clock in known.items())
        else:
            own = client.doc.client_id
            self.promised[own] = max(self.promised.get(own, 0), known.get(own, 0))
            assert durable.get(own, 0) >= self.promised[own]

    async def _settle(self) -> None:
        """The network and the database work again, the motion is open, until nothing moves any more."""
        self.slow = False
        if self.dozing:
            self._doze(self.dozing)
        for node in self.nodes:
            node.database.trouble = lambda moment: None
        for ghost in self.ghosts:
            for _ in range(len(ghost.frames) + 1):
                ghost.go_on()
        await pass_time(15.0)
        await self._freeze(False)
        await pass_time(15.0)
        for _ in range(12):
            await self._exchange()

    async def _exchange(self) -> None:
        """Everybody says all, hears all; who is not connected comes back."""
        for client in self.everybody:
            if not client.online:
                self._cut(client)
                await self._connect(client)
            client.say_all(self.at[client].hub)
        await pass_time(3.0)
        for client in self.everybody:
            while client.hear():
                self._note(client)

    async def check(self) -> None:
        assert all(client.synced for client in self.everybody)
        assert all(client.acknowledged == client.sent for client in self.everybody)
        assert same(*(client.doc for client in self.everybody))
        await self.nodes[0].write_queue.record_bursts(SLUG, DOCUMENT)
        recorded, waiting = self.keeper.store.document(SLUG, DOCUMENT)
        assert not waiting
        kept = Replica(*([recorded] if recorded else []))
        assert kept.holds(Replica(self.clients[0].doc.get_update()))
        assert all(kept.clocks.get(id_, 0) >= clock for id_, clock in self.promised.items())
        assert motion.read(kept.doc) == motion.read(self.clients[0].doc)
        await self._check_record()

    async def _check_record(self) -> None:
        """Tables, texts and what both processes know follow from the record."""
        entries = list(self.keeper.store.recorded(SLUG))
        assert [entry.index for entry in entries] == list(range(len(entries)))
        assert all(one.time <= other.time for one, other in pairwise(entries))
        folded = replay(entries)
        assert mirror.differences(self.keeper.store.state(SLUG), folded) == []
        assert texts.differences(self.keeper.store, SLUG, folded)[0] == []
        for node in self.nodes:
            assert await node.write_queue.state(SLUG) == folded
        owners = folded.writing.get(DOCUMENT, {})
        assert all(owners.get(x.doc.client_id, x.person) == x.person for x in self.clients)

    async def end(self) -> None:
        for node in self.nodes:
            await node.stop()
        await asyncio.gather(*self.burials, return_exceptions=True)
        self.engine.dispose()


async def _run(seed: int, founded: sqlite3.Connection) -> None:
    world = World(seed, founded)
    try:
        await world.live()
        await world.check()
    finally:
        await world.end()


def play(seeds: Iterable[int]) -> None:
    """Runs with these seeds; a failure names its own."""
    founded = run(found())
    for seed in seeds:
        try:
            run(_run(seed, founded))
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise
