"""Keep-alive: each peer is pinged at its own interval, however many there are."""

from __future__ import annotations

from itertools import pairwise

import pytest

from server.realtime import hub
from server.realtime.hub import Hub
from server.realtime.keepalive import KeepAlive
from tests.server.memory_storage import MemoryStorage
from tests.server.peers import Client
from tests.simulation.virtual_time import pass_time, run


def test_each_peer_has_its_own_interval() -> None:
    alive: KeepAlive[str] = KeepAlive(20.0)
    alive.add("early", 0.0)
    alive.add("late", 7.5)
    assert alive.due(19.9, most=9) == []
    assert alive.due(20.0, most=9) == ["early"]
    alive.add("early", 20.0)
    assert alive.due(27.5, most=9) == ["late"]
    assert alive.due(39.9, most=9) == []
    assert alive.due(40.0, most=9) == ["early"]


def test_those_beyond_the_share_stay_due() -> None:
    alive: KeepAlive[int] = KeepAlive(20.0)
    for peer in range(5):
        alive.add(peer, 0.0)
    assert alive.due(20.0, most=3) == [0, 1, 2]
    assert alive.due(20.5, most=3) == [3, 4]


@pytest.mark.parametrize("count", [1, 2, 30])
def test_pings_come_at_the_interval_whatever_the_number_of_connections(count: int) -> None:
    async def play() -> None:
        rooms = Hub(MemoryStorage())
        clients = [Client(10 + n, "p1") for n in range(count)]
        for client in clients:
            await client.connect(rooms)
        await pass_time(5 * hub.CHECK_EVERY)
        for client in clients:
            times = client.wire.checked
            assert 4 <= len(times) <= 5
            pauses = [after - before for before, after in pairwise(times)]
            assert min(pauses) >= hub.CHECK_EVERY
            assert max(pauses) <= hub.CHECK_EVERY + 2 * hub.SWEEP_EVERY
        await rooms.close()

    run(play())
