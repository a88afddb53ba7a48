"""Brings the tables that an earlier version left to the form that this one needs, at the start.

The record is the truth: tables that follow from it are made again from it. All others (entries, sessions, invitations,
receipts, journals, open boxes) are carried over row by row; a column that came since is filled by `FILLS`, with its
default, or with null. What cannot be carried over stops the start, and nothing has changed.

What was there before is kept: a copy of the file on SQLite, a schema of PostgreSQL with the old tables.
"""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from sqlalchemy import Column, Connection, MetaData, Table, delete, func, insert, inspect, select, text
from sqlalchemy.schema import CreateIndex, CreateSchema, CreateTable
from sqlmodel import Field, SQLModel

from deliberation.evolve import replay
from deliberation.record import entry
from server.identity import tables as identity_tables
from server.store import log, mirror
from server.store.columns import column
from server.store.database import Database
from server.store.tables import EntryRow
from server.store.versions import OtherVersion

FOLD = 1
"""Raised whenever the same entries give other tables, though these have the same columns."""

ROWS = 1_000
"""Carried over at a time, where a column must be filled."""

Row = Mapping[str, Any]
FILLS: Mapping[str, Mapping[str, Callable[[Row], Any]]] = {
    "entry": {"document": lambda row: entry.decode(bytes(row["data"])).document},
}
"""By table and column: what a row of an earlier version has there."""

OURS = SQLModel.metadata
assert identity_tables.LinkRow.metadata is OURS  # all tables are known once these modules are
logger = logging.getLogger("pleniere.schema")


class ShapeRow(SQLModel, table=True):
    """The form of a table, as the version wrote it that made the table."""

    __tablename__ = "shape"
    name: str = Field(primary_key=True)
    shape: str


SHAPES = OURS.tables["shape"]


def bring_up(database: Database, backups: Path, now: str) -> None:
    """Creates the tables, or changes those of another version. `now` (ISO) names what is kept of them.

    OtherVersion when that cannot be done. Processes that share a database take turns.
    """
    wanted = shapes()
    if _known(database) == wanted:
        return
    aside = "avant_" + "".join(c for c in now if c.isalnum()).lower()
    copy = _copy(database, backups / f"{aside}.sqlite")
    with database.write() as connection:
        database.lock(connection, "schema")
        known = _read(connection)
        if known == wanted:  # another process was first
            return
        try:
            changed = _change(connection, known, wanted, aside)
        except Exception as error:
            if copy:
                copy.unlink()
            raise OtherVersion(str(error)) from error
        connection.execute(delete(SHAPES))
        connection.execute(insert(SHAPES), [{"name": name, "shape": shape} for name, shape in wanted.items()])
    if changed:
        where = copy or f"le schéma « {aside} » de la base"
        logger.warning("tables d’une autre version, mises à jour (%s) ; l’état d’avant est dans %s", changed, where)


# What form tables have


def shapes() -> dict[str, str]:
    """The form of each table, those of the state with all that lies in their columns."""
    mirrors = {each.table.name: f"{FOLD} {_form(each.of)}" for each in mirror.MIRRORS.values()}
    return {table.name: _digest(table, mirrors.get(table.name, "")) for table in OURS.sorted_tables}


def _digest(table: Table, more: str) -> str:
    indexes = sorted(str(CreateIndex(index)) for index in table.indexes)
    return hashlib.sha256("\n".join([str(CreateTable(table)), *indexes, more]).encode()).hexdigest()[:16]


def _form(tp: Any, within: tuple[Any, ...] = ()) -> str:
    """A type in words, dataclasses with their fields."""
    if dataclasses.is_dataclass(tp) and tp not in within:
        hints = get_type_hints(tp)
        fields = (f"{field.name}: {_form(hints[field.name], (*within, tp))}" for field in dataclasses.fields(tp))
        return f"{getattr(tp, '__name__', '')}({', '.join(fields)})"
    if args := get_args(tp):
        return f"{get_origin(tp)}[{', '.join(_form(arg, within) for arg in args)}]"
    is_enum = isinstance(tp, type) and issubclass(tp, Enum)
    return tp.__name__ if is_enum else str(tp)


def _known(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return _read(connection)


def _read(connection: Connection) -> dict[str, str]:
    """The forms of the tables that are there; {} when no version said so."""
    if not inspect(connection).has_table(SHAPES.name):
        return {}
    return {str(row[0]): str(row[1]) for row in connection.execute(select(SHAPES.c.name, SHAPES.c.shape))}


# How they change


def _copy(database: Database, target: Path) -> Path | None:
    """A copy of an SQLite that holds something."""
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


def _change(connection: Connection, known: Mapping[str, str], wanted: Mapping[str, str], aside: str) -> str:
    """Brings every table to its form; the names of those that were there in another one."""
    there = set(inspect(connection).get_table_names())
    derived = {each.table.name for each in mirror.MIRRORS.values()}
    other = [name for name in wanted if name in there and known.get(name) != wanted[name] and name != SHAPES.name]
    changed = [name for name in other if name in derived or _differs(connection, OURS.tables[name], known)]
    new = [name for name in wanted if name not in there]
    if changed and connection.dialect.name == "postgresql":
        connection.execute(CreateSchema(aside))
    for name in changed:
        _renew(connection, OURS.tables[name], aside, carry=name not in derived)
    OURS.create_all(connection, [OURS.tables[name] for name in new])
    if there and derived & {*changed, *new}:
        _rebuild(connection)
    return ", ".join(changed)


def _differs(connection: Connection, table: Table, known: Mapping[str, str]) -> bool:
    """Whether it is really another table: versions that said nothing of the form are judged by columns and indexes."""
    if table.name in known:
        return True
    kept = inspect(connection)
    columns = {column["name"] for column in kept.get_columns(table.name)}
    indexes = {index["name"] for index in kept.get_indexes(table.name)}
    return columns != {column.name for column in table.c} or not {index.name for index in table.indexes} <= indexes


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


def _rebuild(connection: Connection) -> None:
    """Every congress's tables from its record."""
    congress = column(EntryRow.congress)
    for slug in connection.execute(select(congress).distinct()).scalars().all():
        mirror.replace_all(connection, slug, replay(log.read(connection, slug)))
