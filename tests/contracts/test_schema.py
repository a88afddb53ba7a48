"""What an earlier version left is brought to this one's form at the start; nothing that only the tables hold is lost.

The tables are made older by hand: columns, indexes and tables that came since are taken away, as is what says which
form they have.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, inspect, select, text

from deliberation.evolve import replay
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import ClauseKind, Draft, Terms, Way
from server.services import Services, open_services
from server.settings import ServerSettings
from server.store import mirror, schema
from server.store.database import Database
from server.store.versions import OtherVersion
from server.texts import motion
from server.writing.receipts import Receipt
from tests.server.workplace import FOUNDING, SLUG

pytestmark = pytest.mark.contract
ELU, ORGANISER = "p1", "p4"
OLDER = (
    "DROP TABLE shape",
    "DROP INDEX entry_document",
    "ALTER TABLE entry DROP COLUMN document",
    "ALTER TABLE membership ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE journal ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE person DROP COLUMN mandate",
    "DROP TABLE sitting",
    "UPDATE congress SET title = 'Autrement'",
)
WORDS = motion.MotionText("À écrire", (("d", Draft(ClauseKind.DEMANDE, "Demande la fibre.")),))


async def do(services: Services, actor: str, command: c.Command, id_: str) -> Receipt:
    receipt = await services.write_queue.submit(c.Request(id_, SLUG, actor, command))
    assert isinstance(receipt, Receipt), receipt
    return receipt


async def leave_something(settings: ServerSettings) -> tuple[str, str, Receipt]:
    """A congress with a box of papers, a keystroke that waits, a session and a link, whose tokens these are."""
    async with open_services(settings) as services:
        for number, command in enumerate(FOUNDING):
            await do(services, ids.CONGRESS, command, f"f{number}")
        await do(services, ORGANISER, c.FreezeMotion(1), "freeze")
        await do(services, ORGANISER, c.OpenPoll("motion-1", terms=Terms(Way.SECRET, ground="reglement")), "open")
        await do(services, ELU, c.CastSecret(1, 0), "paper")
        await do(services, ELU, c.CreateMotion("À écrire"), "motion")
        said = await do(services, ELU, c.SubmitTestimony(text="Déjà dit."), "once")
        update = motion.rewrite("motion-2 p1", b"", WORDS)
        assert await services.write_queue.journal(SLUG, "motion-2", ELU, update, (7,)) == 1
        session = services.identity.open_session(None, SLUG, ELU)
        return session, services.identity.make_link(SLUG, "p2"), said


def make_older(settings: ServerSettings, *more: str) -> None:
    database = Database(settings.database_url)
    with database.write() as connection:
        for statement in (*OLDER, *more):
            connection.execute(text(statement))
    database.close()


async def check(services: Services) -> None:
    """Tables and texts are what the record says."""
    folded = replay(services.store.recorded(SLUG))
    assert mirror.differences(services.store.state(SLUG), folded) == []
    assert await services.write_queue.state(SLUG) == folded


def test_an_older_database_goes_on_where_it_was(database_url: str, tmp_path: Path) -> None:
    """R3, M3"""
    settings = ServerSettings(data=tmp_path, database=database_url)

    async def go_on() -> None:
        session, link, said = await leave_something(settings)
        before = replay_of(settings)
        make_older(settings)
        async with open_services(settings) as services:
            await check(services)
            assert await services.write_queue.state(SLUG) == before
            assert services.identity.memberships(session) == {SLUG: ELU}
            assert services.identity.consume(link) == (SLUG, "p2")
            again = await do(services, ELU, c.SubmitTestimony(text="Déjà dit."), "once")
            assert (again.repeated, again.entries) == (True, said.entries)
            later = motion.rewrite("motion-2 p2", b"", WORDS)
            assert await services.write_queue.journal(SLUG, "motion-2", "p2", later, (8,)) == 1, (
                "its row has a new number"
            )
            await services.recover()
            state = await services.write_queue.state(SLUG)
            assert state is not None
            assert state.motions[2].draft["d"].markdown == "Demande la fibre."
            await do(services, ORGANISER, c.ClosePoll(1), "close")
            assert services.store.about(SLUG, ["motion-2"], 2**40, 1), "entries are found by what they are about"
            await check(services)

    asyncio.run(go_on())
    assert kept(settings) == 1, "what was before is kept"
    schema_is_current(settings)


def note_as_before(settings: ServerSettings, *more: str) -> None:
    """Each table's form as earlier versions noted it: by a library's rendering, which nobody can make again."""
    database = Database(settings.database_url)
    with database.write() as connection:
        for statement in ("UPDATE shape SET shape = '6779fb560085a045'", *more):
            connection.execute(text(statement))
    database.close()


def test_tables_that_are_as_they_should_be_are_left_alone(database_url: str, tmp_path: Path) -> None:
    settings = ServerSettings(data=tmp_path, database=database_url)

    async def go_on() -> None:
        session, _, _ = await leave_something(settings)
        note_as_before(settings, "CREATE INDEX of_the_operator ON entry (leaf)")
        before = contents(settings)
        async with open_services(settings) as services:
            await check(services)
            assert services.identity.memberships(session) == {SLUG: ELU}
        after = contents(settings)
        noted = {row["name"]: row["shape"] for row in after.pop("shape")}
        assert noted == schema.shapes()
        del before["shape"]
        assert after == before
        async with open_services(settings):
            pass

    asyncio.run(go_on())
    assert kept(settings) == 0, "nothing was remade, so nothing had to be kept"


def test_tables_that_do_not_follow_the_record_are_made_again(database_url: str, tmp_path: Path) -> None:
    """R3"""
    settings = ServerSettings(data=tmp_path, database=database_url)

    async def go_on() -> None:
        await leave_something(settings)
        note_as_before(settings, "UPDATE congress SET title = 'Autrement'")
        async with open_services(settings) as services:
            await check(services)

    asyncio.run(go_on())
    assert kept(settings) == 1
    schema_is_current(settings)


def replay_of(settings: ServerSettings) -> object:
    database = Database(settings.database_url)
    with database.read() as connection:
        state = mirror.load(connection, SLUG)
    database.close()
    return state


def kept(settings: ServerSettings) -> int:
    """How many former states are kept."""
    if settings.is_sqlite:
        return len(list((settings.data / "backups").glob("avant_*.sqlite")))
    database = Database(settings.database_url)
    names = inspect(database.engine).get_schema_names()
    database.close()
    return sum(name.startswith("avant_") for name in names)


def schema_is_current(settings: ServerSettings) -> None:
    """A new start changes nothing, and the tables are those of a new database."""
    before = kept(settings)
    database = Database(settings.database_url)
    schema.bring_up(database, settings.data / "backups", "2026-01-01T00:00:00.000Z")
    there = inspect(database.engine)
    for table in schema.OURS.sorted_tables:
        assert {column["name"] for column in there.get_columns(table.name)} == {column.name for column in table.c}
        assert {index["name"] for index in there.get_indexes(table.name)} >= {index.name for index in table.indexes}
    database.close()
    assert kept(settings) == before


def test_what_cannot_be_carried_over_stops_the_start_and_changes_nothing(database_url: str, tmp_path: Path) -> None:
    settings = ServerSettings(data=tmp_path, database=database_url)
    asyncio.run(leave_something(settings))
    make_older(settings, "ALTER TABLE receipt DROP COLUMN time")
    before = contents(settings)
    with pytest.raises(OtherVersion, match="receipt: time"):
        asyncio.run(opened(settings))
    assert contents(settings) == before
    assert kept(settings) == 0


def test_entries_of_a_later_version_stop_the_start_and_change_nothing(database_url: str, tmp_path: Path) -> None:
    settings = ServerSettings(data=tmp_path, database=database_url)
    asyncio.run(leave_something(settings))
    database = Database(settings.database_url)
    with database.write() as connection:
        connection.execute(text("""UPDATE payload SET data = :later WHERE "index" = 3"""), {"later": b'{"unheard":1}'})
        connection.execute(text("DELETE FROM shape"))
    database.close()
    before = contents(settings)
    with pytest.raises(OtherVersion):
        asyncio.run(opened(settings))
    assert contents(settings) == before
    assert kept(settings) == 0


async def opened(settings: ServerSettings) -> None:
    async with open_services(settings):
        pass


def contents(settings: ServerSettings) -> dict[str, list[dict[Any, Any]]]:
    """Each table's rows."""
    database = Database(settings.database_url)
    tables = MetaData()
    tables.reflect(database.engine)
    with database.read() as connection:
        found = {
            name: [dict(row) for row in connection.execute(select(t)).mappings()] for name, t in tables.tables.items()
        }
    database.close()
    return found
