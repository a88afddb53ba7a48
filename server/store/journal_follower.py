"""Reading what other processes store of shared texts, by sequence number.

The writers of one congress take turns (`Database.lock`), so that the rows of its journal become visible in the order of
their numbers: reading on from the last number misses nothing. Rows that became part of a burst stay readable for a
while (`pass_on`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Column, Connection, delete, func, insert, literal_column, select, union_all

from server.store.columns import column
from server.store.tables import JournalRow, PassedRow

READABLE = "interval '5 minutes'"
LONGEST_SILENCE = 240.0
"""Seconds without reading, after which rows may have been missed."""


@dataclass(frozen=True)
class RemoteUpdate:
    """An update of a document that another process stored; `number` counts, per congress, what this process learned so.

    Without a document it means: any document may have changed in any way.
    """

    number: int
    document: str = ""
    person: str = ""
    update: bytes = b""
    clients: tuple[int, ...] = ()


Table = type[JournalRow] | type[PassedRow]
TABLES: tuple[Table, ...] = (JournalRow, PassedRow)


class JournalFollower:
    """How far this process has read one congress's journal, and who wrote through other processes under which Yjs
    client id.

    For the writer's thread alone.
    """

    def __init__(self, congress: str) -> None:
        self._congress = congress
        self._number = 0
        self._floor = 0
        self._seen: int | None = None
        self._upto = 0
        self._reached = self._began = _clocks()
        self._last: dict[tuple[str, int], int] = {}

    def read(self, connection: Connection) -> list[RemoteUpdate]:
        """What other processes stored since the last call of `reached`, in their order."""
        late, self._began = _since(self._reached) > LONGEST_SILENCE, _clocks()
        if self._seen is None or late:
            first, self._upto = self._seen is None, self._newest(connection)
            if first:
                return []  # no room is open yet
            self._floor = self._number = self._number + 1
            return [RemoteUpdate(self._number)]
        return [self._note(*row) for row in self._rows(connection, self._seen)]

    def wrote(self, connection: Connection) -> None:
        """Notes that this process itself added rows in this transaction."""
        self._upto = self._newest(connection)

    def reached(self) -> None:
        """Notes that the transaction is durable."""
        self._seen, self._reached = self._upto, self._began

    def is_behind(self, document: str, clients: Iterable[int], number: int) -> bool:
        """Whether somebody may have written through another process under one of these client ids after `number`."""
        return number < self._floor or any(self._last.get((document, client), 0) > number for client in clients)

    def _note(self, id_: int, document: str, person: str, update: bytes, clients: Iterable[int]) -> RemoteUpdate:
        self._number += 1
        self._upto = id_
        written = RemoteUpdate(self._number, document, person, bytes(update), tuple(clients))
        self._last.update(dict.fromkeys(((document, client) for client in written.clients), self._number))
        return written

    def _rows(self, connection: Connection, after: int) -> Sequence[Any]:
        each = (
            select(*_columns(table)).where(
                column(table.congress) == self._congress, cast("Column[int]", column(table.id)) > after
            )
            for table in TABLES
        )
        return connection.execute(union_all(*each).order_by(column(JournalRow.id).key)).all()

    def _newest(self, connection: Connection) -> int:
        each = (select(column(table.id)).where(column(table.congress) == self._congress) for table in TABLES)
        numbers = union_all(*each).subquery()
        return int(connection.execute(select(func.max(*numbers.c))).scalar() or 0)


def _columns(table: Table) -> list[Column[Any]]:
    """The columns that are read, in the order of `JournalFollower._note`."""
    return [
        column(table.id),
        column(table.document),
        column(table.person),
        column(table.update),
        column(table.clients),
    ]


def forget_passed(connection: Connection, congress: str) -> None:
    """Deletes the rows that other processes could still read: they read the whole documents instead."""
    connection.execute(delete(PassedRow).where(column(PassedRow.congress) == congress))


def pass_on(connection: Connection, rows: Any) -> None:
    """Moves the rows of the journal that meet this condition to a table in which other processes can read them for a
    while.
    """
    chosen = select(column(JournalRow.congress), *_columns(JournalRow)).where(rows)
    names = [column(PassedRow.congress).key, *(each.key for each in _columns(PassedRow))]
    connection.execute(insert(PassedRow).from_select(names, chosen))
    connection.execute(delete(JournalRow).where(rows))
    connection.execute(delete(PassedRow).where(column(PassedRow.at) < func.now() - literal_column(READABLE)))


def _clocks() -> tuple[float, float]:
    return time.monotonic(), time.time()


def _since(then: tuple[float, float]) -> float:
    """Seconds since then, by whichever of the two clocks went further: one of them stands still while the machine
    sleeps.
    """
    return max(now - before for now, before in zip(_clocks(), then, strict=True))
