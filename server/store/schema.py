"""Migration: brings the tables that an earlier version left to the form of this version, at the start.

The record is the truth: tables that follow from it are filled from it again. All others (entries, sessions,
invitations, receipts, journals, open boxes) are copied row by row; a new column is filled by `FILLS`, with its default,
or with null. If something cannot be copied, the start fails and nothing is changed.

The form of each table is noted in the database (`shapes`). If an earlier version noted it in another way, or not at
all, the existing columns decide, and whether the tables of the state agree with the record: what is right already is
not rebuilt.

The former data are kept: a copy of the file on SQLite, a schema with the old tables on PostgreSQL.
"""

from __future__ import annotations

import dataclasses
import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, MetaData, Table, delete, func, insert, inspect, select, text
from sqlalchemy.schema import CreateSchema
from sqlmodel import Field, SQLModel

from deliberation.evolve import replay
from deliberation.record import entry
from server.identity import tables as identity_tables
from server.store import log, mirror
from server.store.columns import column, row
from server.store.database import Database
from server.store.shapes import digest, is_former, of_kept, of_table, of_value
from server.store.tables import EntryRow
from server.store.versions import OtherVersion

FOLD = 1
"""To be raised when the same entries lead to other values in tables with the same columns."""

ROWS = 1_000
"""Rows copied in one statement, where a column must be filled."""

Row = Mapping[str, Any]
FILLS: Mapping[str, Mapping[str, Callable[[Row], Any]]] = {
    "entry": {"document": lambda row: entry.decode(bytes(row["data"])).document},
}
"""By table and column: a function from a row of an earlier version to the value of the new column."""

OURS = SQLModel.metadata
assert identity_tables.LinkRow.metadata is OURS  # all tables are known once these modules are
logger = logging.getLogger("pleniere.schema")
T = TypeVar("T")


class ShapeRow(SQLModel, table=True):
    """The form of a table, as noted by the version that made it."""

    __tablename__ = "shape"
    name: str = Field(primary_key=True)
    shape: str


SHAPES = OURS.tables["shape"]


def bring_up(database: Database, backups: Path, now: str) -> None:
    """Creates the tables, or migrates those of another version. `now` (ISO) names the backup.

    OtherVersion if that is impossible. Processes that share a database take turns.
    """
    aside = "avant_" + "".join(c for c in now if c.isalnum()).lower()
    while not _bring_up(database, backups, aside):
        logger.info("another process changed the tables meanwhile")


def _bring_up(database: Database, backups: Path, aside: str) -> bool:
    """Whether all tables have their form now; False if another process changed some in the meantime."""
    wanted = shapes()
    with database.read() as connection:
        known = _read(connection)
        if known == wanted:
            return True
        changes = _tried(lambda: _needed(connection, known, wanted))
    copy = _copy(database, backups / f"{aside}.sqlite") if changes.takes_away else None
    try:
        with database.write() as connection:
            database.lock(connection, "schema")
            if _read(connection) != known:
                return False
            _tried(lambda: _make(connection, changes, aside))
            connection.execute(delete(SHAPES))
            noted = [row((ShapeRow.name, name), (ShapeRow.shape, shape)) for name, shape in wanted.items()]
            connection.execute(insert(SHAPES), noted)
    except BaseException:
        if copy:
            copy.unlink()
        raise
    if changes.renewed:
        where = copy or f"le schéma « {aside} » de la base"
        logger.warning(
            "tables d’une autre version, mises à jour (%s) ; l’état d’avant est dans %s",
            ", ".join(changes.renewed),
            where,
        )
    return True


def _tried(work: Callable[[], T]) -> T:
    try:
        return work()
    except Exception as error:
        raise OtherVersion(str(error)) from error


# The form of tables


def shapes() -> dict[str, str]:
    """The form of each table; for those of the state including what is stored inside their columns."""
    held = {each.table.name: (str(FOLD), of_value(each.of)) for each in mirror.MIRRORS.values()}
    return {table.name: digest(of_table(table), *held.get(table.name, ())) for table in OURS.sorted_tables}


def _read(connection: Connection) -> dict[str, str]:
    """The noted forms of the existing tables; {} if none is noted."""
    if not inspect(connection).has_table(SHAPES.name):
        return {}
    return {
        str(name): str(shape)
        for name, shape in connection.execute(select(column(ShapeRow.name), column(ShapeRow.shape)))
    }


@dataclasses.dataclass(frozen=True)
class SchemaChanges:
    """Names of tables to rebuild and to add, and whether the tables of the state are to be filled from the record."""

    renewed: tuple[str, ...]
    added: tuple[str, ...]
    fills: bool

    @property
    def takes_away(self) -> bool:
        """Whether data that are in the database now will not be there afterwards."""
        return bool(self.renewed) or self.fills


def _needed(connection: Connection, known: Mapping[str, str], wanted: Mapping[str, str]) -> SchemaChanges:
    """The changes that bring the existing tables to their form."""
    there = set(inspect(connection).get_table_names())
    derived = {each.table.name for each in mirror.MIRRORS.values()}
    added = tuple(name for name in wanted if name not in there)
    other = [name for name in wanted if name in there and known.get(name) != wanted[name] and name != SHAPES.name]
    renewed = {name for name in other if _differs(connection, OURS.tables[name], known.get(name, ""))}
    stale = derived & {*renewed, *added} or (derived.intersection(other) and not _follows_the_record(connection))
    fills = bool(there and stale)
    if fills:
        renewed |= derived.intersection(other)
    return SchemaChanges(tuple(name for name in other if name in renewed), added, fills)


def _differs(connection: Connection, table: Table, noted: str) -> bool:
    """Whether a table has another form; without a noted shape its columns and indexes decide."""
    if not is_former(noted):
        return True
    return not of_kept(connection, table.name).has(of_table(table, connection.dialect))


def _follows_the_record(connection: Connection) -> bool:
    """Whether the tables of the state, which have the right columns, agree with the record."""
    for slug in _congresses(connection):
        folded = replay(log.read(connection, slug))
        try:
            kept = log.state_of(connection, slug)
        except (KeyError, TypeError, ValueError):  # written by a version with other fields
            return False
        if mirror.differences(kept, folded):
            return False
    return True


# Migration


def _copy(database: Database, target: Path) -> Path | None:
    """A copy of an SQLite database that is not empty."""
    source = database.engine.url.database
    if not database.is_sqlite or not source or not _holds_tables(database):
        return None
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        target.chmod(0o600)
        one.backup(other)
    return target


def _holds_tables(database: Database) -> bool:
    with database.read() as connection:
        return inspect(connection).has_table(OURS.tables["entry"].name)


def _make(connection: Connection, changes: SchemaChanges, aside: str) -> None:
    """Brings every table to its form."""
    derived = {each.table.name for each in mirror.MIRRORS.values()}
    if changes.renewed and connection.dialect.name == "postgresql":
        connection.execute(CreateSchema(aside))
    for name in changes.renewed:
        _renew(connection, OURS.tables[name], aside, carry=name not in derived)
    OURS.create_all(connection, [OURS.tables[name] for name in changes.added])
    if changes.fills:
        for slug in _congresses(connection):
            mirror.replace_all(connection, slug, replay(log.read(connection, slug)))


def _renew(connection: Connection, table: Table, aside: str, carry: bool) -> None:
    """The table anew, the old one put aside; `carry`: with its rows."""
    old = _put_aside(connection, table, aside)
    table.create(connection)
    if carry:
        _carry_over(connection, old, table)
    if connection.dialect.name == "sqlite":
        old.drop(connection)  # the copy of the file has it


def _put_aside(connection: Connection, table: Table, aside: str) -> Table:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f'ALTER TABLE "{table.name}" SET SCHEMA "{aside}"'))
        return Table(table.name, MetaData(), schema=aside, autoload_with=connection)
    for index in inspect(connection).get_indexes(table.name):
        connection.execute(text(f'DROP INDEX "{index["name"]}"'))
    connection.execute(text(f'ALTER TABLE "{table.name}" RENAME TO "{aside}_{table.name}"'))
    return Table(f"{aside}_{table.name}", MetaData(), autoload_with=connection)


def _carry_over(connection: Connection, old: Table, new: Table) -> None:
    common = [column.name for column in new.c if column.name in old.c]
    fills = {name: fill for name, fill in FILLS.get(new.name, {}).items() if name not in old.c}
    if connection.execute(select(text("1")).select_from(old).limit(1)).first() is None:
        return
    if missing := [column.name for column in new.c if _must_be_filled(column, {*common, *fills})]:
        raise ValueError(f"{new.name}: {', '.join(missing)}")
    if fills:
        _fill(connection, old, new, common, fills)
    else:
        connection.execute(insert(new).from_select(common, select(*(old.c[name] for name in common))))
    _go_on_counting(connection, new)


def _must_be_filled(column: Column[Any], filled: Iterable[str]) -> bool:
    return not (column.name in filled or column.nullable or column.server_default is not None)


def _fill(
    connection: Connection, old: Table, new: Table, common: list[str], fills: Mapping[str, Callable[[Row], Any]]
) -> None:
    query = select(*(old.c[name] for name in common)).order_by(*old.primary_key.columns)
    for rows in connection.execute(query).mappings().partitions(ROWS):
        carried = [{str(name): value for name, value in row.items()} for row in rows]
        filled = [{**row, **{name: fill(row) for name, fill in fills.items()}} for row in carried]
        connection.execute(insert(new), filled)


def _go_on_counting(connection: Connection, table: Table) -> None:
    """New rows get numbers above those that were carried over."""
    counted = table.autoincrement_column
    if counted is None or connection.dialect.name != "postgresql":
        return
    sequence = func.pg_get_serial_sequence(table.name, counted.name)
    connection.execute(select(func.setval(sequence, select(func.max(counted)).scalar_subquery())))


def _congresses(connection: Connection) -> Sequence[str]:
    """Those that have a record."""
    return connection.execute(select(column(EntryRow.congress)).distinct()).scalars().all()
