"""What somebody saw confirmed survives a kill at any moment; a restart needs nobody."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.server.workplace import SLUG, Workplace, address, found
from tests.server.writers import GONE, Api, Confirmed, Writer, speak, vote
from tests.server_process import Server

ROUNDS = 20


@pytest.mark.slow
def test_what_was_confirmed_survives_kill_9(start_server: Callable[..., Server], tmp_path: Path) -> None:
    """M3, V4, T1: twenty rounds of testimonies, ballots and keystrokes, each ended by SIGKILL at a random moment."""
    place = found(tmp_path / "data")
    server = start_server(demo=False, data=place.data)
    asyncio.run(place.prepare(server.url))
    confirmed, chance = Confirmed(), random.Random(7)
    for round_ in range(ROUNDS):
        asyncio.run(work_until_killed(server, place, confirmed, round_, chance))
        server.start()
        asyncio.run(place.check(server.url, confirmed))
    assert min(len(confirmed.testimonies), len(confirmed.words), len(confirmed.ballots)) > 1
    server.stop()
    place.check_kept(confirmed)
    place.verify()


async def work_until_killed(
    server: Server, place: Workplace, confirmed: Confirmed, round_: int, chance: random.Random
) -> None:
    async with AsyncExitStack() as stack:
        apis = [await stack.enter_async_context(Api(server.url, SLUG, token)) for token in place.elus]
        writers = [Writer(address(server.url, token)) for token in place.elus[:2]]
        people = [
            *(vote(api, confirmed, 1, random.Random(round_)) for api in apis),
            *(speak(api, confirmed, f"T{round_}-{i}") for i, api in enumerate(apis)),
            *(writer.write(confirmed, f"W{round_}-{i}") for i, writer in enumerate(writers)),
        ]
        tasks = [asyncio.create_task(each) for each in people]
        await asyncio.sleep(chance.uniform(0.15, 0.9))
        server.kill()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        unexpected = [error for error in ended if not isinstance(error, GONE)]
        assert not unexpected
