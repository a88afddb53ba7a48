"""Receipts of commands: a command that is sent again gets its first answer, and takes effect once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from server.store.columns import column, row
from server.store.tables import ReceiptRow

LOOKED_UP = 500
"""Largest number of command ids in one query."""


@dataclass(frozen=True)
class Receipt:
    """What a durable command led to: `entries` as (index, kind, document). `repeated`: it was known before it came this
    time.
    """

    entries: tuple[tuple[int, str, str], ...]
    time: ids.Instant
    repeated: bool = False

    @property
    def document(self) -> str:
        """The document of the first entry."""
        return self.entries[0][2]

    @property
    def index(self) -> int:
        """The index of the first entry."""
        return self.entries[0][0]


class ReceiptBook:
    """The receipts of one congress within a transaction: read in one query, written in one statement."""

    def __init__(self, connection: Connection, congress: str) -> None:
        self._connection = connection
        self._congress = congress
        self._known: dict[tuple[str, str], Receipt] = {}
        self._new: list[dict[str, Any]] = []

    def expect(self, commands: Sequence[str]) -> None:
        """Reads the receipts of the commands with these ids."""
        for at in range(0, len(commands), LOOKED_UP):
            self._look_up(commands[at : at + LOOKED_UP])

    def _look_up(self, commands: Sequence[str]) -> None:
        columns = (
            column(ReceiptRow.actor),
            column(ReceiptRow.command),
            column(ReceiptRow.entries),
            column(ReceiptRow.time),
        )
        query = select(*columns).where(
            column(ReceiptRow.congress) == self._congress, column(ReceiptRow.command).in_(commands)
        )
        for actor, command, entries, time in self._connection.execute(query):
            found = tuple((int(index), str(kind), str(document)) for index, kind, document in entries)
            self._known[actor, command] = Receipt(found, time, repeated=True)

    def known(self, request: c.Request) -> Receipt | None:
        """The receipt of a command that was carried out before, or None; call `expect` with its id first."""
        return self._known.get((request.actor, request.id))

    def give(self, request: c.Request, added: Sequence[e.Recorded]) -> Receipt:
        """Makes the receipt of a command that led to these entries."""
        receipt = Receipt(tuple((r.index, r.kind, r.document) for r in added), added[0].time)
        self._known[request.actor, request.id] = replace(receipt, repeated=True)
        self._new.append(
            row(
                (ReceiptRow.congress, self._congress),
                (ReceiptRow.actor, request.actor),
                (ReceiptRow.command, request.id),
                (ReceiptRow.entries, [list(entry) for entry in receipt.entries]),
                (ReceiptRow.time, receipt.time),
            )
        )
        return receipt

    def write(self) -> None:
        """Stores the new receipts, in the caller's transaction."""
        if self._new:
            self._connection.execute(insert(ReceiptRow), self._new)
            self._new = []
