"""The boxes of the secret polls that are open, kept beside the record until they are opened.

A box is one row that says how many papers of each sort it holds: no person, no order, no time, nothing that came with
one voter. It changes in the transaction that records the signature, so that both are durable or neither is; it is
erased in the transaction that records its papers, or that cancels the poll.

A database remembers what its rows were: in its write-ahead log, in rows that are dead but not yet cleared, in copies.
So the row is sealed under a key of its own, which is kept in a file outside the database and destroyed once the box is
opened: from then on nothing of that kind can be read any more. Every seal is as long as the others.

What this cannot hide: whoever reads the database and that key while the poll is open, between two signatures, sees
which number grew. The pages say so before anybody votes.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from sqlalchemy import ColumnElement, Connection, delete, insert, select

from server.store.columns import column, row
from server.store.tables import BallotBoxRow

NONCE_BYTES = 12
COUNT_BYTES = 4
logger = logging.getLogger("pleniere.ballot_box")


class BallotBox:
    """The box of one poll within the writer's transaction: read on first use, written once per batch.

    `sorts` is the number of sorts of papers, `key` the 32 bytes that seal it. `is_foreign`: it was sealed under another
    key, so that its content cannot be read here.
    """

    def __init__(self, connection: Connection, congress: str, poll: int, sorts: int, key: bytes) -> None:
        self._connection = connection
        self._congress, self._poll = congress, poll
        self._seal = ChaCha20Poly1305(hmac.digest(key, b"box", hashlib.sha256))
        self._about = f"{congress} {poll}".encode()
        self._commands = hmac.digest(key, b"commands", hashlib.sha256)
        self.is_foreign = False
        self._counts = self._read(sorts)
        self._changed = False

    def _read(self, sorts: int) -> list[int]:
        """The counts in the row; an empty box if there is none, or one that the key does not open."""
        query = select(column(BallotBoxRow.sealed)).where(*_place(self._congress, self._poll))
        sealed = self._connection.execute(query).scalar()
        if sealed is None:
            return [0] * sorts
        nonce, rest = bytes(sealed)[:NONCE_BYTES], bytes(sealed)[NONCE_BYTES:]
        try:
            plain = self._seal.decrypt(nonce, rest, self._about)
        except InvalidTag:
            logger.exception("the box of poll %d is sealed under another key", self._poll)
            self.is_foreign = True
            return [0] * sorts
        return [int.from_bytes(plain[at : at + COUNT_BYTES]) for at in range(0, len(plain), COUNT_BYTES)]

    def put(self, marks: Iterable[int]) -> None:
        """Adds the marks of one paper: a single one, or one for each seat of an election."""
        for mark in marks:
            self._counts[mark] += 1
        self._changed = True

    @property
    def papers(self) -> tuple[int, ...]:
        """The content, as the sorted papers."""
        return tuple(sort for sort, count in enumerate(self._counts) for _ in range(count))

    def disguise(self, command_id: str) -> str:
        """A keyed hash of the sender's id of a vote, to recognise a repetition; it cannot be reversed once the key is
        destroyed.
        """
        return hmac.digest(self._commands, command_id.encode(), hashlib.sha256).hex()

    def write(self) -> None:
        """Seals the content and stores it."""
        if self._changed:
            erase(self._connection, self._congress, self._poll)
            nonce = secrets.token_bytes(NONCE_BYTES)
            plain = b"".join(count.to_bytes(COUNT_BYTES) for count in self._counts)
            sealed = nonce + self._seal.encrypt(nonce, plain, self._about)
            kept = row(
                (BallotBoxRow.congress, self._congress), (BallotBoxRow.poll, self._poll), (BallotBoxRow.sealed, sealed)
            )
            self._connection.execute(insert(BallotBoxRow), [kept])
            self._changed = False


def erase(connection: Connection, congress: str, poll: int) -> None:
    """Deletes the box of a poll."""
    connection.execute(delete(BallotBoxRow).where(*_place(congress, poll)))


def _place(congress: str, poll: int) -> tuple[ColumnElement[bool], ...]:
    return column(BallotBoxRow.congress) == congress, column(BallotBoxRow.poll) == poll
