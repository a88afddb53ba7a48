"""Real processes on one PostgreSQL, as an operator starts them: if one is killed, the others continue."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.server.workplace import SLUG, Workplace, address, found
from tests.server.writers import Confirmed, Writer
from tests.server_process import Server, pleniere
from tests.waiting import until, until_soon


@asynccontextmanager
async def people_writing(place: Workplace, *urls: Sequence[str]) -> AsyncIterator[list[Confirmed]]:
    """Has a person write for each list of addresses, who continues at the next one if a connection is lost; yields what
    each saw confirmed.
    """
    confirmed = [Confirmed() for _ in urls]
    writers = [
        asyncio.create_task(
            Writer("").write_somewhere([address(url, token) for url in own], said, f"p{number}"), name=f"p{number}"
        )
        for number, (token, own, said) in enumerate(zip(place.elus, urls, confirmed, strict=False), 1)
    ]
    try:
        yield confirmed
    finally:
        for writer in writers:
            writer.cancel()
        ended = await asyncio.gather(*writers, return_exceptions=True)
        assert all(isinstance(each, asyncio.CancelledError) for each in ended), ended


async def more_words(confirmed: Sequence[Confirmed]) -> None:
    """Waits until everybody has seen more confirmed than now."""
    before = [len(each.words) for each in confirmed]
    await until_soon(lambda: all(len(each.words) > n + 5 for each, n in zip(confirmed, before, strict=True)))


def together(confirmed: Sequence[Confirmed]) -> Confirmed:
    return Confirmed(words=set().union(*(each.words for each in confirmed)))


@pytest.mark.slow(20)
def test_two_people_write_through_two_processes_which_are_killed_in_turn(
    postgres_url: str, start_server: Callable[..., Server], tmp_path: Path
) -> None:
    """M3, R5"""
    place = found(tmp_path / "data", postgres_url)
    one, other = (start_server(demo=False, data=place.data, database=postgres_url) for _ in range(2))

    async def work() -> None:
        await place.prepare(one.url)
        async with people_writing(place, [one.url, other.url], [other.url, one.url]) as confirmed:
            await more_words(confirmed)
            for killed, left in ((one, other), (other, one)):
                killed.kill()
                await more_words(confirmed)
                await place.check(left.url, together(confirmed))
                await asyncio.to_thread(killed.start)
                await more_words(confirmed)
        for server in (one, other):
            await place.check(server.url, together(confirmed))
        read = [await Writer(address(server.url, place.elus[2])).read() for server in (one, other)]
        assert read[0] == read[1]

    asyncio.run(work())
    keys = {httpx.get(f"{s.url}/c/{SLUG}/registre/cle", trust_env=False).text for s in (one, other)}
    assert len(keys) == 1
    one.stop()
    other.stop()
    place.verify()


@pytest.mark.slow(20)
def test_processes_that_share_a_port_are_started_again(
    postgres_url: str, start_server: Callable[..., Server], tmp_path: Path
) -> None:
    place = found(tmp_path / "data", postgres_url)
    server = start_server(demo=False, data=place.data, database=postgres_url, workers=2)

    async def work() -> None:
        await place.prepare(server.url)
        async with people_writing(place, [server.url], [server.url], [server.url]) as confirmed:
            await more_words(confirmed)
            first = set(server.processes())
            assert len(first) == 2
            for process in first:
                os.kill(process, signal.SIGKILL)
                await more_words(confirmed)
            await until_soon(lambda: len(set(server.processes()) - first) == 2)
            await more_words(confirmed)
            await place.check(server.url, together(confirmed))

    asyncio.run(work())
    processes = server.processes()
    server.kill()
    until(lambda: not any(map(_lives, processes)))
    server.start()
    assert server.stop() == 0


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_second_server_on_the_same_sqlite_is_refused(start_server: Callable[..., Server], tmp_path: Path) -> None:
    server = start_server(demo=False)
    second = pleniere(server.data, "serve", "--port", "0")
    assert second.returncode == 1
    assert "un autre serveur tourne" in second.stdout
    assert "PLENIERE_DATABASE" in second.stdout
    server.kill()
    server.start()


@pytest.mark.parametrize(("workers", "says"), [("2", "PostgreSQL"), ("0", "--workers")])
def test_a_number_of_processes_that_cannot_be_is_refused(tmp_path: Path, workers: str, says: str) -> None:
    refused = pleniere(tmp_path / "data", "serve", "--workers", workers, "--port", "0")
    assert refused.returncode == 2
    assert says in refused.stdout


def test_a_process_without_the_key_is_refused_until_it_has_it(
    postgres_url: str, start_server: Callable[..., Server], tmp_path: Path
) -> None:
    """R5: no two processes sign one record with different keys."""
    place = found(tmp_path / "data", postgres_url)
    place.run("export", SLUG, "-o", str(tmp_path / "restitution.zip"))  # signs, and so makes the key
    elsewhere = tmp_path / "elsewhere"
    refused = pleniere(elsewhere, "serve", "--port", "0", PLENIERE_DATABASE=postgres_url)
    assert refused.returncode == 1
    assert SLUG in refused.stdout
    assert str(elsewhere / "keys") in refused.stdout
    shutil.copytree(place.data / "keys", elsewhere / "keys", dirs_exist_ok=True)
    server = start_server(demo=False, data=elsewhere, database=postgres_url)
    assert httpx.get(f"{server.url}/c/{SLUG}/registre/checkpoint", trust_env=False).status_code == 200
