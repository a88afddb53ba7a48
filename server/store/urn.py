"""The boxes of the secret polls that are open, kept beside the record until they are opened.

A box is one row that says how many papers of each sort it holds: no person, no order, no time, nothing that came with
one voter. It changes in the transaction that records the signature, so that both are durable or neither is; it is
erased in the transaction that records its papers, or that cancels the poll.

What this cannot hide: whoever reads the database between two signatures, or its write-ahead log or a backup of that
moment, sees which number grew. The pages say so before anybody votes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import Connection, delete, insert, select

from server.store.log import column
from server.store.tables import UrnRow

KEY_BYTES = 32


class Urn:
    """The box of one poll within the writer's transaction: read when it is first needed, written once per batch."""

    def __init__(self, connection: Connection, congress: str, poll: int) -> None:
        self._connection = connection
        self._place = {"congress": congress, "poll": poll}
        self._where = (column(UrnRow, "congress") == congress, column(UrnRow, "poll") == poll)
        row = connection.execute(select(column(UrnRow, "papers"), column(UrnRow, "key")).where(*self._where)).first()
        self._counts: list[int] = list(row[0]) if row else []
        self._key = bytes(row[1]) if row else secrets.token_bytes(KEY_BYTES)
        self._changed = False

    def put(self, paper: int) -> None:
        self._counts += [0] * (paper + 1 - len(self._counts))
        self._counts[paper] += 1
        self._changed = True

    @property
    def papers(self) -> tuple[int, ...]:
        """What is inside, by sort."""
        return tuple(sort for sort, count in enumerate(self._counts) for _ in range(count))

    def disguise(self, command_id: str) -> str:
        """What is kept of a sender's own id of a vote, to know it again: nobody can undo it once the box is opened."""
        return hmac.digest(self._key, command_id.encode(), hashlib.sha256).hex()

    def write(self) -> None:
        if self._changed:
            self.erase()
            row = {**self._place, "papers": self._counts, "key": self._key}
            self._connection.execute(insert(UrnRow), [row])
            self._changed = False

    def erase(self) -> None:
        self._connection.execute(delete(UrnRow).where(*self._where))
