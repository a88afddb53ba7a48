"""What was confirmed survives a kill at any time, and a restart needs no manual step."""

from __future__ import annotations

import asyncio
import random
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.workplace import SLUG, Workplace, address, found
from tests.server.writers import Api, Confirmed, Writer
from tests.server_process import Server
from tests.waiting import pace, until_soon

ROUNDS = 8
"""`python3 run.py bench kill` plays as many as it is told."""
FULL = 32_768
"""Bytes: what SQLite needs to read, and less than a write comes to."""


@pytest.mark.slow(40)
def test_what_was_confirmed_survives_kill_9(start_server: Callable[..., Server], tmp_path: Path) -> None:
    """M3, V4, T1: rounds of testimonies, ballots and keystrokes, each ended by SIGKILL at a random moment."""
    place = found(tmp_path / "data")
    server = start_server(demo=False, data=place.data)
    asyncio.run(place.prepare(server.url))
    confirmed, chance = Confirmed(), random.Random(7)
    for round_ in range(ROUNDS):
        asyncio.run(place.work_until_killed(server, confirmed, round_, chance))
        server.start()
        asyncio.run(place.check(server.url, confirmed))
    assert min(confirmed.counts()) >= ROUNDS
    server.stop()
    place.check_kept(confirmed)
    place.verify()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits the files of another process")
def test_a_full_disk_loses_nothing_and_needs_nobody(start_server: Callable[..., Server], tmp_path: Path) -> None:
    """M3, T1: what cannot be stored is refused or waits, pages are read; once there is room, everything goes on."""
    place = found(tmp_path / "data")
    server = start_server(demo=False, data=place.data)
    asyncio.run(place.prepare(server.url))
    confirmed = Confirmed()
    asyncio.run(fill_the_disk(server, place, confirmed))
    asyncio.run(place.check(server.url, confirmed))
    server.stop()
    place.check_kept(confirmed)
    place.verify()


async def fill_the_disk(server: Server, place: Workplace, confirmed: Confirmed) -> None:
    """Prevents files from growing for a while, as on a full disk, while somebody writes."""
    writer = asyncio.create_task(Writer(address(server.url, place.elus[0])).write(confirmed, "W"))
    async with Api(server.url, SLUG, place.elus[1]) as api:
        await until_soon(lambda: len(confirmed.words) > 20)
        await api.client.get(f"/c/{SLUG}/registre/checkpoint")
        allow(server, FULL)
        with pytest.raises(RuntimeError, match=r"storage\.unavailable"):
            await api.command("testimony.submit", text="en son temps", id_="une")
        await read_everything(api)
        kept = set(confirmed.words)
        await pace(1.5)  # any time is as good: nothing may be confirmed however long the disk stays full
        assert confirmed.words == kept, "confirmed, and not stored"
        assert not writer.done(), "who writes is not sent away"
        allow(server, resource.RLIM_INFINITY)
        await until_soon(lambda: confirmed.words > kept)
        await api.command("testimony.submit", text="en son temps", id_="une")
        confirmed.testimonies.add("en son temps")
    writer.cancel()
    await asyncio.gather(writer, return_exceptions=True)


async def read_everything(api: Api) -> None:
    """Checks that pages can still be read, and that commands are refused with a message to try later."""
    statuses = {
        path: (await api.client.get(path)).status_code
        for path in (
            f"/c/{SLUG}/",
            f"/c/{SLUG}/motions/1",
            f"/c/{SLUG}/registre/checkpoint",
            f"/api/v1/c/{SLUG}/motions",
        )
    }
    assert set(statuses.values()) == {200}, statuses
    said = await api.client.post(f"/c/{SLUG}/temoignages", data={"text": "Patience"}, headers={"Origin": api.url})
    assert said.status_code == 503
    assert "ne peut rien enregistrer" in said.text
    assert "Patience" in said.text


def allow(server: Server, size: int) -> None:
    """Limits the size of the server's files, in bytes."""
    assert server.process is not None
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
