"""All processes agree on who is present, even if notifications are lost. Time is virtual."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest

from server.realtime.hub import Hub
from server.writing.cluster import BEAT_SECONDS
from server.writing.presence_exchange import FACES, LOST_BEATS, PresenceExchange
from tests.server.memory_storage import MemoryStorage
from tests.server.peers import Client
from tests.simulation.virtual_time import pass_time, run


class Process:
    """The rooms of a simulated process and its messages to others. A `deaf` one receives nothing; a `still` one sends
    no heartbeats.
    """

    def __init__(self, name: str, others: list[Process]) -> None:
        self.name = name
        self.deaf = self.still = False
        self.hub = Hub(MemoryStorage())
        self.said: list[str] = []
        self._others = others
        self.exchange = PresenceExchange(self.hub, name, self._say)
        self.hub.subscribe(self.exchange)

    def _say(self, *words: str) -> bool:
        self.said.append(words[0])
        for other in self._others:
            if other is not self and not other.deaf:
                other.exchange.hear(self.name, words)
        return True

    def here(self) -> set[int]:
        """The client ids that its room shows as present."""
        return {entry.client for room in self.hub._rooms.values() for entry in room._presence.here()}


@dataclass
class House:
    """Three simulated processes, and people who connect to one of them."""

    processes: list[Process] = field(default_factory=list)
    at: dict[Client, Process] = field(default_factory=dict)

    async def come(self, client: Client, process: Process) -> Client:
        self.at[client] = process
        await client.connect(process.hub)
        await self.talk()
        return client

    async def leave(self, client: Client) -> None:
        client.cut(self.at.pop(client).hub)
        await self.talk()

    async def talk(self) -> None:
        for _ in range(3):
            for client, process in self.at.items():
                client.say_all(process.hub)
            await pass_time(0.2)
            for client in self.at:
                client.hear_all()

    async def beat(self, times: int = 1) -> None:
        """Sends the heartbeats of every process that is not `still`."""
        for _ in range(times):
            for process in self.processes:
                if not process.still:
                    process.exchange.beat()
            await pass_time(BEAT_SECONDS)
            await self.talk()

    def agree(self) -> None:
        """Checks that each room shows everybody who is connected, and nobody else."""
        everybody = {client.doc.client_id for client in self.at}
        shown = [process.here() for process in self.processes if process.hub._rooms]
        assert shown == [everybody] * len(shown)


def house(story: Callable[[House], Awaitable[None]]) -> Callable[[], None]:
    """Decorator: a test that runs a scenario in virtual time; at its end all processes must agree."""

    def test() -> None:
        async def play() -> None:
            built = House()
            built.processes += [Process(name, built.processes) for name in ("one", "two", "three")]
            try:
                await story(built)
                built.agree()
            finally:
                for process in built.processes:
                    process.exchange.close()
                    await process.hub.close()

        run(play())

    test.__name__, test.__doc__ = story.__name__, story.__doc__
    return test


@house
async def test_who_comes_and_goes_is_told_at_once(built: House) -> None:
    one, two, _ = built.processes
    await built.beat()
    ana, bo = await built.come(Client(1, "p1"), one), await built.come(Client(2, "p2"), two)
    assert ana.faces.keys() == bo.faces.keys() == {1, 2}
    await built.leave(ana)
    assert bo.faces[1].state == "null"
    assert two.said.count(FACES) == 1


@house
async def test_a_process_that_listened_late_learns_who_is_here(built: House) -> None:
    one, two, _ = built.processes
    two.deaf = True
    await built.come(Client(1, "p1"), one)
    bo = await built.come(Client(2, "p2"), two)
    assert bo.faces.keys() == {2}
    two.deaf = False
    await built.beat()
    assert bo.faces.keys() == {1, 2}


@house
async def test_whoever_left_unheard_is_shown_no_more(built: House) -> None:
    one, two, _ = built.processes
    ana, bo = await built.come(Client(1, "p1"), one), await built.come(Client(2, "p2"), two)
    two.deaf = True
    await built.leave(ana)
    two.deaf = False
    assert bo.faces[1].state != "null"
    await built.beat()
    assert bo.faces[1].state == "null"


@house
async def test_the_people_of_a_process_that_falls_silent_are_shown_until_it_speaks_again(built: House) -> None:
    one, two, _ = built.processes
    ana, bo = await built.come(Client(1, "p1"), one), await built.come(Client(2, "p2"), two)
    one.still = one.deaf = True
    await built.beat(LOST_BEATS)
    assert bo.faces[1].state != "null"
    await built.beat()
    assert bo.faces[1].state == "null"
    one.still = one.deaf = False
    await built.beat(2)
    assert 1 in two.here()
    ana.show()
    await built.talk()
    assert bo.faces[1].state != "null"


@house
async def test_a_process_that_stood_still_has_lost_nobody(built: House) -> None:
    """However long: it heard nobody meanwhile because it did nothing."""
    one, two, _ = built.processes
    ana, _ = await built.come(Client(1, "p1"), one), await built.come(Client(2, "p2"), two)
    await pass_time(100 * BEAT_SECONDS)
    one.exchange.beat()
    await built.talk()
    assert ana.faces[2].state != "null"


@house
async def test_whoever_comes_through_another_process_has_not_left(built: House) -> None:
    """The first one notices later that the connection is lost, and says so."""
    one, two, three = built.processes
    await built.beat()
    bo, cid = await built.come(Client(2, "p2"), two), await built.come(Client(3, "p2"), three)
    ana = await built.come(Client(1, "p1"), one)
    lost = ana.member
    await built.come(ana, two)
    assert lost is not None
    one.hub.leave(lost)
    await built.talk()
    ana.show('{"user":{},"cursor":1}')
    await built.talk()
    assert "cursor" in bo.faces[1].state
    assert "cursor" in cid.faces[1].state


@house
async def test_a_room_that_is_opened_shows_who_is_elsewhere_without_asking(built: House) -> None:
    one, two, _ = built.processes
    await built.beat()
    await built.come(Client(1, "p1"), one)
    said = len(two.said)
    late = await built.come(Client(9, None), two)
    assert late.faces.keys() == {1}
    assert len(two.said) == said
    await built.leave(late)


@pytest.mark.simulation
@pytest.mark.parametrize("seed", range(12))
def test_processes_agree_once_they_hear_each_other(seed: int) -> None:
    chance = random.Random(seed)
    people: Sequence[Client] = [Client(n, f"p{1 + n % 2}") for n in range(1, 7)]

    @house
    async def story(built: House) -> None:
        for _ in range(60):
            client, process = chance.choice(people), chance.choice(built.processes)
            await chance.choice([_come, _leave, _show, _disturb, _disturb, _beat])(built, client, process)
        for process in built.processes:
            process.deaf = process.still = False
        await built.beat(3)

    story()


async def _come(built: House, client: Client, process: Process) -> None:
    await _leave(built, client, process)
    await built.come(client, process)


async def _leave(built: House, client: Client, _process: Process) -> None:
    if client in built.at:
        await built.leave(client)


async def _show(built: House, client: Client, _process: Process) -> None:
    if client in built.at:
        client.show()
        await built.talk()


async def _disturb(_built: House, _client: Client, process: Process) -> None:
    process.deaf = not process.deaf


async def _beat(built: House, client: Client, process: Process) -> None:
    process.still = client.doc.client_id % 3 == 0
    await built.beat(client.doc.client_id)
