"""Attacks on a secret ballot: nothing that is stored shows who answered what, and a kill neither loses nor doubles
papers.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import inspect

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import ClauseKind, Draft, Role, Terms, Way
from server.imports.importing import import_command
from server.store import keys
from server.store.columns import column
from server.store.database import Database
from server.store.tables import BallotBoxRow
from tests import hall
from tests.bench.load.voters import Seen, Task, run
from tests.server import offices
from tests.server.offices import SLUG, Office
from tests.server_process import Server, pleniere
from tests.waiting import WITHIN, until_soon

ORGANISER, ELUS = "p3", ("p1", "p2", "p5", "p6", "p7")
SECRET = Terms(Way.SECRET, ground="reglement")
RANDOM = {"entry": {"data", "leaf"}, "payload": {"salt"}, "tile": {"data"}, "checkpoint": {"root", "note"}}
"""Columns of chance: salts, and what is hashed with them."""
DISGUISED = 64
"""How long the kept id of a secret vote is: what the key of the box made of the sender's own."""


async def hold(office: Office, papers: Sequence[int], seen: list[bytes]) -> None:
    """Holds a secret ballot of five élus, each of whom presses twice; its key and its successive seals are added to
    `seen`.
    """
    await hold_open(office, papers, seen)
    seen.append(office.keys.urn(SLUG, 1))
    await office.do(ORGANISER, c.ClosePoll(1))


async def hold_open(office: Office, papers: Sequence[int], seen: list[bytes]) -> None:
    """Holds the same ballot with some of the élus, without closing it; its successive seals are added to `seen`."""
    for name in ("Eva", "Flo", "Gus"):
        await office.do(ids.CONGRESS, c.InvitePerson(name, Role.ELU))
    await office.do(ids.CONGRESS, import_command("Motion", [Draft(ClauseKind.DEMANDE, "Demande la fibre.")]))
    await office.do(ORGANISER, c.FreezeMotion(1))
    await office.do(ORGANISER, c.OpenPoll("motion-1", terms=SECRET))
    for voter, paper in zip(ELUS, papers, strict=False):
        once, again = [await office.ask(voter, c.CastSecret(1, paper), f"vote-{voter}") for _ in range(2)]
        assert not isinstance(once, Refused)
        assert not isinstance(again, Refused)
        assert (once.entries, again.repeated) == (again.entries, True)
        refused = await office.ask(voter, c.CastSecret(1, 0), f"other-{voter}")
        assert isinstance(refused, Refused)
        assert refused.code == "ballot.already_signed"
        seen.append(seal(office.database))


def seal(database: Database) -> bytes:
    """The row of the box in the database."""
    with database.read() as connection:
        return bytes(connection.execute(BallotBoxRow.__table__.select()).one().sealed)  # type: ignore[attr-defined]


def rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables in the order of the database, without random values."""
    found: dict[str, list[dict[str, Any]]] = {}
    with database.read() as connection:
        for name in inspect(connection).get_table_names():
            table = connection.exec_driver_sql(f'SELECT * FROM "{name}"').mappings()  # noqa: S608 - our own names
            hidden = RANDOM.get(name, set())
            found[name] = [{k: v for k, v in row.items() if k not in hidden} for row in table]
    disguised = [row for row in found["receipt"] if len(str(row["command"])) == DISGUISED]
    assert len(disguised) == len(ELUS)
    for row in disguised:
        del row["command"]
    return found


@pytest.fixture
def other_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """A second database of the same kind."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'other.sqlite'}"
    else:
        with request.getfixturevalue("postgres").database() as url:
            yield url


def test_the_same_is_kept_whoever_answered_what(
    database_url: str, other_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """W6: two ballots with the same result, in which everybody answers otherwise, leave the same rows, in the same
    order, with the same times, and the same log; and each signature the same receipt.
    """
    caplog.set_level(logging.DEBUG)
    kept, said = [], []
    for url, papers in ((database_url, (0, 1, 2, 0, 1)), (other_url, (1, 0, 0, 1, 2))):
        caplog.clear()

        async def work(office: Office, papers: Sequence[int] = papers) -> None:
            await hold(office, papers, [])
            kept.append(rows(office.database))
            assert (await office.state()).polls[1].papers == (0, 0, 1, 1, 2)

        offices.run(url, tmp_path / str(len(kept)), work)
        said.append([record.getMessage() for record in caplog.records if record.name.startswith("pleniere")])
    assert kept[0]["sealed_urn"] == []
    assert kept[0] == kept[1]
    assert said[0] == said[1]


def test_what_was_in_the_box_cannot_be_read_once_it_is_opened(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """W6: its key stands in no file, the database's own logs and dead rows included; SQLite keeps no seal either."""
    seen: list[bytes] = []

    async def work(office: Office) -> None:
        await hold(office, (0, 1, 2, 0, 1), seen)
        with office.database.write() as connection:
            assert connection.execute(column(BallotBoxRow.poll).table.select()).all() == []

    offices.run(database_url, tmp_path, work)
    *seals, key = seen
    assert len(set(seals)) == len(ELUS)
    assert len({len(each) for each in seals}) == 1
    places = [tmp_path]
    if not database_url.startswith("sqlite"):
        places.append(request.getfixturevalue("postgres").folder)
    texts = (key, key.hex().encode(), base64.b64encode(key))
    assert [path for place in places for path in holding(place, texts)] == []
    assert holding(tmp_path, seals) == []
    assert not list((tmp_path / "keys").glob("*urne*"))


def holding(folder: Path, texts: Sequence[bytes]) -> list[Path]:
    """The files under that folder that contain one of these texts."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(text in path.read_bytes() for text in texts)]


def test_the_write_ahead_log_is_emptied_as_soon_as_nobody_reads_an_older_state(tmp_path: Path) -> None:
    """W6: an export that takes long delays neither the votes nor the end of what they left behind."""
    seen: list[bytes] = []

    async def work(office: Office) -> None:
        with office.database.read() as reader:
            reader.exec_driver_sql("SELECT count(*) FROM entry").scalar()
            await hold(office, (0, 1, 2, 0, 1), seen)
            assert holding(tmp_path, seen[:-1]) != []
        await until_soon(lambda: not holding(tmp_path, seen[:-1]))

    offices.run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


def test_a_box_under_a_lost_key_is_not_counted(tmp_path: Path) -> None:
    """W6: as when only a part of a backup came back."""

    async def work(office: Office) -> None:
        with pytest.raises(AssertionError, match="ne peut qu’être annulé"):
            await hold(LostKey(**vars(office)), (0, 1, 2, 0, 1), [])
        await office.do(ORGANISER, c.CancelPoll(1, "L’urne est perdue."))

    offices.run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


def test_no_paper_goes_into_a_box_under_another_key(tmp_path: Path) -> None:
    """W6: as through a process that does not share the folder of keys; those that are inside stay."""

    async def work(office: Office) -> None:
        await hold_open(office, (0, 1, 2, 0), [])
        kept, key = seal(office.database), office.keys.urn(SLUG, 1)
        office.keys.destroy_urn(SLUG, 1)
        refused = await office.ask(ELUS[4], c.CastSecret(1, 0))
        assert isinstance(refused, Refused)
        assert refused.code == "storage.box"
        assert seal(office.database) == kept
        keys.keep_secret(tmp_path / "other.key", key.hex())
        (tmp_path / "other.key").replace(tmp_path / "keys" / f"{SLUG}.urne-1.key")
        await office.do(ELUS[4], c.CastSecret(1, 1))
        await office.do(ORGANISER, c.ClosePoll(1))
        assert (await office.state()).polls[1].papers == (0, 0, 1, 1, 2)

    offices.run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


class LostKey(Office):
    """An office that loses the key of the box before it closes a poll."""

    async def do(self, actor: str, command: c.Command) -> Any:
        if isinstance(command, c.ClosePoll):
            self.keys.destroy_urn(SLUG, command.poll)
        return await super().do(actor, command)


VOTERS = 60
EVERYBODY = tuple(f"p{n}" for n in range(2, VOTERS + 2))
BALLOTS = {
    "secret": (c.OpenPoll("motion-1", terms=SECRET), 3),
    "election": (c.OpenElection("Présidence", EVERYBODY[:4]), 5),
}


@pytest.mark.parametrize(("held", "kept"), [("secret", "sqlite"), ("election", "sqlite"), ("election", "postgresql")])
def test_secret_papers_outlive_a_process_that_is_killed_among_them(
    tmp_path: Path, held: str, kept: str, request: pytest.FixtureRequest
) -> None:
    """W6, W14: each voter presses once or twice and tries again until told; one signature each, one paper each."""
    opening, sorts = BALLOTS[held]
    data = tmp_path / "data"
    database = "" if kept == "sqlite" else request.getfixturevalue("postgres_url")
    sessions = hall.found(data, VOTERS, opening, database)
    server = Server(data, demo=False, database=database)
    server.start()
    seen: list[Seen] = []
    task = Task(server.port, hall.SLUG, 1, tuple(sessions), seconds=2, doubled=0.3, live=False, papers=sorts)
    crowd = Thread(target=lambda: seen.append(asyncio.run(run(task))))
    crowd.start()
    try:
        crowd.join(1.0)
        server.kill()
        server.start()
        crowd.join(WITHIN)
    finally:
        server.stop()
    (found,) = seen
    assert not found.refused
    poll = hall.closed(data, database).polls[1]
    assert {f"p{rank + 2}": entry for rank, (_, entry) in found.confirmed.items()} == poll.signed
    assert set(poll.signed) == set(EVERYBODY)
    assert Counter(poll.papers) == Counter(rank % sorts for rank in range(VOTERS))
    checked = pleniere(data, "rebuild", hall.SLUG, "--check", "--json", PLENIERE_DATABASE=database)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert not list((data / "keys").glob("*urne*"))
