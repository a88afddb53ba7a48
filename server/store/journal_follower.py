"""What other processes keep of shared texts, learned by sequence.

The writers of one congress take turns (`Database.lock`), so that the rows of its journal become visible in the order of
their numbers: who reads on from where it stopped misses nothing. Rows that became part of a burst stay readable for a
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
"""Seconds without reading, after which something may have been missed."""


@dataclass(frozen=True)
class RemoteUpdate:
    """A piece of a document that another process kept; `number` counts, per congress, what this process learned so.

    Without a document: any of them may have changed in any way.
    """

    number: int
    document: str = ""
    person: str = ""
    update: bytes = b""
    clients: tuple[int, ...] = ()


Table = type[JournalRow] | type[PassedRow]
TABLES: tuple[Table, ...] = (JournalRow, PassedRow)


class JournalFollower:
    """How far this process knows one congress's journal, and who wrote elsewhere under which Yjs client id.

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
        """What others kept since, in its order; the same again until `reached` is called, after the transaction."""
        late, self._began = _since(self._reached) > LONGEST_SILENCE, _clocks()
        if self._seen is None or late:
            first, self._upto = self._seen is None, self._newest(connection)
            if first:
                return []  # no room is open yet
            self._floor = self._number = self._number + 1
            return [RemoteUpdate(self._number)]
        return [self._note(*row) for row in self._rows(connection, self._seen)]

    def wrote(self, connection: Connection) -> None:
        """This process itself added rows in this transaction."""
        self._upto = self._newest(connection)

    def reached(self) -> None:
        """The transaction is durable."""
        self._seen, self._reached = self._upto, self._began

    def is_behind(self, document: str, clients: Iterable[int], number: int) -> bool:
        """Whether somebody may have written elsewhere under one of these client ids after `number`."""
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
    """What is read of a row, in the order of `JournalFollower._note`."""
    return [
        column(table.id),
        column(table.document),
        column(table.person),
        column(table.update),
        column(table.clients),
    ]


def forget_passed(connection: Connection, congress: str) -> None:
    """Drops what other processes could still read of it: they read the documents again instead."""
    connection.execute(delete(PassedRow).where(column(PassedRow.congress) == congress))


def pass_on(connection: Connection, rows: Any) -> None:
    """Takes the rows of the journal that fulfil this condition out of it; other processes may read them a while."""
    chosen = select(column(JournalRow.congress), *_columns(JournalRow)).where(rows)
    names = [column(PassedRow.congress).key, *(each.key for each in _columns(PassedRow))]
    connection.execute(insert(PassedRow).from_select(names, chosen))
    connection.execute(delete(JournalRow).where(rows))
    connection.execute(delete(PassedRow).where(column(PassedRow.at) < func.now() - literal_column(READABLE)))


def _clocks() -> tuple[float, float]:
    return time.monotonic(), time.time()


def _since(then: tuple[float, float]) -> float:
    """By the clock that went on: one of them stands still while the machine sleeps."""
    return max(now - before for now, before in zip(_clocks(), then, strict=True))
