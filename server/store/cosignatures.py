"""Cosignatures of the checkpoints: at most one line per witness and size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, insert, select

from server.store.columns import column, row
from server.store.database import Database
from server.store.tables import CosignatureRow


class Cosignatures:
    """Reads and stores them. Blocking: call it from a thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, slug: str, at: int) -> Mapping[str, str]:
        """The lines under the checkpoint of that size, by the key of the witness."""
        query = select(column(CosignatureRow.witness), column(CosignatureRow.line)).where(
            column(CosignatureRow.congress) == slug, column(CosignatureRow.size) == at
        )
        with self._database.read() as connection:
            found = connection.execute(query.order_by(column(CosignatureRow.witness)))
            return {str(witness): str(line) for witness, line in found}

    def last_size(self, slug: str, witness: str) -> int:
        """The largest size that this witness cosigned, as far as is known here; 0 for none."""
        query = (
            select(column(CosignatureRow.size))
            .where(column(CosignatureRow.congress) == slug, column(CosignatureRow.witness) == witness)
            .order_by(column(CosignatureRow.size).desc())
            .limit(1)
        )
        with self._database.read() as connection:
            return int(connection.execute(query).scalar() or 0)

    def keep(self, slug: str, at: int, witness: str, line: str) -> None:
        """Stores the line unless there is one already."""
        place = (
            (CosignatureRow.congress, slug),
            (CosignatureRow.size, at),
            (CosignatureRow.witness, witness),
        )
        with self._database.write() as connection:
            self._database.lock(connection, slug)
            known = select(column(CosignatureRow.size)).where(
                *(column(attribute) == value for attribute, value in place)
            )
            if connection.execute(known).first() is None:
                connection.execute(insert(CosignatureRow), [row(*place, (CosignatureRow.line, line))])


def beneath(connection: Connection, slug: str, notes: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """These signed checkpoints with the witnesses' lines added."""
    query = select(column(CosignatureRow.size), column(CosignatureRow.line)).where(
        column(CosignatureRow.congress) == slug
    )
    lines: dict[int, str] = {}
    for at, line in connection.execute(query.order_by(column(CosignatureRow.witness))):
        lines[int(at)] = lines.get(int(at), "") + str(line)
    return [(at, signed + lines.get(at, "")) for at, signed in notes]
