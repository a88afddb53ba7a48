"""Safekeeping of records on both databases: restored old copies, damage and jumps of the clock (R5, R10, R45)."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.record import checkpoint, note
from server.app import inspect
from server.realtime.storage import Unavailable
from server.store.integrity import Damage, RecordWalk
from tests.server.offices import SLUG, Office, opened, run

pytestmark = pytest.mark.contract


def refusal(answer: object) -> str:
    assert isinstance(answer, Refused), answer
    assert "{" not in str(answer)
    return answer.code


async def say(office: Office, words: str = "Dit.") -> object:
    return await office.ask("p1", c.SubmitTestimony(text=words))


def walked(office: Office) -> list[Damage]:
    walk = RecordWalk(SLUG)
    more = True
    while more:
        with office.database.read() as connection:
            more = walk.step(connection)
    return walk.found


# Old copies


def test_a_record_without_a_mark_is_read_only_until_somebody_vouches_for_it(database_url: str, tmp_path: Path) -> None:
    """R10: a backup holds no mark."""

    async def work(office: Office) -> None:
        shutil.rmtree(tmp_path / "highwater")
        async with opened(database_url, tmp_path) as restored:
            restored._ids = office._ids
            assert refusal(await say(restored)) == "record.mark_missing"
            size, root = restored.store.root(SLUG)
            restored.safeguards.high_water.lower_to(SLUG, size, root)
            assert not isinstance(await say(restored), Refused)

    run(database_url, tmp_path, work)


@pytest.mark.parametrize("content", ["", "{", "nonsense"])
def test_a_mark_that_cannot_be_read_is_a_refusal(database_url: str, tmp_path: Path, content: str) -> None:
    """R10: of commands and of keystrokes; what waits in the journal waits on."""

    async def work(office: Office) -> None:
        (tmp_path / "highwater" / f"{SLUG}.json").write_text(content)
        async with opened(database_url, tmp_path) as restored:
            restored._ids = office._ids
            assert refusal(await say(restored)) == "record.mark_unusable"
            assert (
                refusal(await restored.write_queue.journal(SLUG, "motion-1", "p1", b"\0\0", ()))
                == "record.mark_unusable"
            )
            assert await restored.write_queue.record_bursts(SLUG, "motion-1") == []
            assert (await restored.write_queue.checkpoint(SLUG)) is not None, "people can read and verify"

    run(database_url, tmp_path, work)


def test_an_old_data_folder_with_its_own_mark_is_noticed_from_outside(tmp_path: Path) -> None:
    """R10: `cp -a` of the whole folder, brought back later."""
    data, outside = tmp_path / "data", tmp_path / "dehors"
    data.mkdir()

    async def work() -> None:
        async with opened(f"sqlite:///{data / 'pleniere.sqlite'}", data, outside) as office:
            await office.found()
            await office.write_queue.checkpoint(SLUG)  # makes the key
            await say(office)
        shutil.copytree(data, tmp_path / "copie")
        async with opened(f"sqlite:///{data / 'pleniere.sqlite'}", data, outside) as office:
            office._ids = iter(range(1_000, 2_000))  # type: ignore[assignment]
            assert not isinstance(await say(office, "Sera perdu."), Refused)
        shutil.rmtree(data)
        shutil.copytree(tmp_path / "copie", data)
        async with opened(f"sqlite:///{data / 'pleniere.sqlite'}", data, outside) as office:
            office._ids = iter(range(2_000, 3_000))  # type: ignore[assignment]
            assert refusal(await say(office)) == "record.gap"
            lost = office.lost_size()
            assert lost is not None
            await office.do(ids.CONGRESS, c.DeclareGap(lost, "Disque perdu."))
            assert not isinstance(await say(office), Refused)

    asyncio.run(work())


def test_what_a_witness_knows_makes_the_record_read_only_until_it_is_declared(
    database_url: str, tmp_path: Path
) -> None:
    """R10"""

    async def work(office: Office) -> None:
        size = (await office.state()).size
        office.safeguards.contradicted(SLUG, "temoin.exemple/1", size + 3)
        assert refusal(await say(office)) == "record.witness"
        await office.do(ids.CONGRESS, c.DeclareGap(size + 3, "Disque perdu."))
        assert not isinstance(await say(office), Refused)
        office.safeguards.contradicted(SLUG, "temoin.exemple/1", size + 50)
        office.safeguards.confirmed(SLUG, "temoin.exemple/1")
        assert not isinstance(await say(office), Refused)

    run(database_url, tmp_path, work)


# Damage

Harm = Callable[[Office], None]


def sql(statement: str, **given: object) -> Harm:
    def harm(office: Office) -> None:
        with office.database.write() as connection:
            assert connection.execute(text(statement), given).rowcount == 1

    return harm


LEAF = sql("UPDATE entry SET leaf = :x WHERE congress = 'essai' AND \"index\" = 280", x=b"\0" * 32)
HARMS: dict[str, tuple[Harm, str]] = {
    "an entry": (sql("UPDATE entry SET data = :x WHERE congress = 'essai' AND \"index\" = 280", x=b"{}"), "entry.leaf"),
    "an early entry": (
        sql("UPDATE entry SET data = :x WHERE \"index\" = 3 AND congress = 'essai'", x=b"{}"),
        "entry.leaf",
    ),
    "a leaf": (LEAF, "entry.leaf"),
    "a missing entry": (sql("DELETE FROM entry WHERE congress = 'essai' AND \"index\" = 280"), "entry.missing"),
    "a payload": (
        sql("UPDATE payload SET data = :x WHERE congress = 'essai' AND \"index\" = 280", x=b'{"x":1}'),
        "payload.commitment",
    ),
    "a missing payload": (sql("DELETE FROM payload WHERE congress = 'essai' AND \"index\" = 280"), "payload.removed"),
    "a tile": (sql("UPDATE tile SET data = :x WHERE congress = 'essai'", x=b"\1" * 8192), "tile.differs"),
    "a missing tile": (sql("DELETE FROM tile WHERE congress = 'essai'"), "tile.missing"),
}


async def fill(office: Office, size: int = 290) -> None:
    while (await office.state()).size < size:
        await asyncio.gather(*(say(office) for _ in range(40)))


@pytest.mark.parametrize("name", HARMS)
def test_damaged_rows_are_found_and_nothing_is_signed_or_kept_on_top_of_them(
    database_url: str, tmp_path: Path, name: str
) -> None:
    """R5: by the walk over the whole record; the server then takes nothing more."""
    harm, code = HARMS[name]

    async def within() -> None:
        async with opened(database_url, tmp_path) as office:
            await office.found()
            await fill(office)
            assert walked(office) == []
            before = await office.write_queue.checkpoint(SLUG)
            await say(office)
            harm(office)
            assert code in {each.code for each in walked(office)}
            await inspect(office.store, office.safeguards, SLUG)
            assert refusal(await say(office)) == "record.damaged"
            assert refusal(await office.ask(ids.CONGRESS, c.DeclareGap(9_999, "Rien."))) == "record.damaged"
            assert before is not None

    asyncio.run(within())


@pytest.mark.parametrize("name", [name for name in HARMS if name != "an early entry"])
def test_a_checkpoint_is_not_signed_over_damage(database_url: str, tmp_path: Path, name: str) -> None:
    """R5: what was signed before is given on; whoever needs more is told that there is nothing."""
    harm, _ = HARMS[name]

    async def within() -> None:
        async with opened(database_url, tmp_path) as office:
            await office.found()
            await fill(office, 270)
            before = await office.write_queue.checkpoint(SLUG)
            await fill(office, 300)
            harm(office)
            with pytest.raises(Unavailable):
                await office.write_queue.checkpoint(SLUG, covering=299)
            assert before is not None
            assert [signed for _, signed in office.store.checkpoints(SLUG)] == [before]
            assert refusal(await say(office)) == "record.damaged"

    asyncio.run(within())


@pytest.mark.parametrize("name", [name for name in HARMS if name != "an early entry"])
def test_damage_at_the_edges_is_noticed_at_the_start(database_url: str, tmp_path: Path, name: str) -> None:
    """R5: pages can still be read."""
    harm, _ = HARMS[name]

    async def within() -> None:
        async with opened(database_url, tmp_path) as office:
            await office.found()
            await fill(office)
            await office.write_queue.checkpoint(SLUG)
            harm(office)
        async with opened(database_url, tmp_path) as office:
            office._ids = iter(range(5_000, 6_000))  # type: ignore[assignment]
            assert refusal(await say(office)) == "record.damaged"
            assert (await office.state()).settings is not None

    asyncio.run(within())


def test_a_redacted_payload_is_no_damage(database_url: str, tmp_path: Path) -> None:
    """R7, R9"""

    async def work(office: Office) -> None:
        await say(office)
        await office.do("p3", c.PublishTestimony(1))
        await office.do("p3", c.ProposeRedaction("temoignage-1", "vie privée", "Nomme un tiers."))
        await office.do("p4", c.DecideRedaction(1, agree=True))
        assert await office.write_queue.checkpoint(SLUG) is not None
        assert walked(office) == []
        async with opened(database_url, tmp_path) as again:
            again._ids = iter(range(5_000, 6_000))  # type: ignore[assignment]
            assert not isinstance(await say(again), Refused)

    run(database_url, tmp_path, work)


# The clock


def test_after_a_jump_deadlines_follow_true_time_again_once_it_is_corrected(database_url: str, tmp_path: Path) -> None:
    """R3, R45: the record says so, and goes on from the machine's time."""

    async def work(office: Office) -> None:
        await office.do("p1", c.CreateMotion("La motion"))
        office.clock.set("2026-03-01T10:00:00.000Z")
        await say(office, "À l’heure.")
        office.clock.set("2026-03-02T10:00:00.000Z")
        await say(office, "Datée de demain.")
        office.clock.set("2026-03-01T10:05:00.000Z")
        assert isinstance(await office.ask("p3", c.SecludeDrafting("2026-03-01T11:00:00.000Z", "Raison.")), Refused)
        ahead = office.store.last_time(SLUG)
        assert ahead == "2026-03-02T10:00:00.000Z"
        assert (
            refusal(await office.ask("p3", c.CorrectClock("2026-03-02T09:00:00.000Z", "Horloge."))) == "clock.changed"
        )
        assert refusal(await office.ask("p1", c.CorrectClock(ahead, "Horloge."))) == "role.not_allowed"
        await office.do("p3", c.CorrectClock(ahead, "Horloge du serveur déréglée."))
        assert refusal(await office.ask("p3", c.CorrectClock(ahead, "Encore."))) == "clock.changed"
        await office.do("p3", c.SecludeDrafting("2026-03-01T11:00:00.000Z", "Raison."))
        times = [each.time for each in office.store.recorded(SLUG)][-4:]
        assert times == [
            "2026-03-01T10:00:00.000Z",
            "2026-03-02T10:00:00.000Z",
            "2026-03-01T10:05:00.000Z",
            "2026-03-01T10:05:00.000Z",
        ]
        assert walked(office) == []
        async with opened(database_url, tmp_path) as again:
            again.clock.set("2026-03-01T10:06:00.000Z")
            again._ids = iter(range(5_000, 6_000))  # type: ignore[assignment]
            await say(again)
            assert again.store.last_time(SLUG) == "2026-03-01T10:06:00.000Z"

    run(database_url, tmp_path, work)


def test_checkpoints_are_signed_anew_although_the_last_is_dated_ahead(database_url: str, tmp_path: Path) -> None:
    """R24, R45: a checkpoint of tomorrow is no fresh one."""

    async def work(office: Office) -> None:
        await say(office)
        office.clock.set("2026-03-02T10:00:00.000Z")
        await say(office)
        await office.write_queue.checkpoint(SLUG)
        office.clock.set("2026-03-01T10:00:00.000Z")
        await office.do("p3", c.CorrectClock(office.store.last_time(SLUG), "Horloge."))
        signed = await office.write_queue.checkpoint(SLUG)
        assert signed is not None
        assert checkpoint.parse(note.parse(signed.encode()).text).size == (await office.state()).size

    run(database_url, tmp_path, work)


def test_a_copy_made_while_the_server_writes_is_whole(tmp_path: Path) -> None:
    """R10: what `backup` copies is a sound record."""

    async def work(office: Office) -> None:
        await fill(office, 100)
        with sqlite3.connect(tmp_path / "pleniere.sqlite") as one, sqlite3.connect(tmp_path / "copie.sqlite") as two:
            one.backup(two)
        async with opened(f"sqlite:///{tmp_path / 'copie.sqlite'}", tmp_path / "ailleurs") as copied:
            assert walked(copied) == []

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)
