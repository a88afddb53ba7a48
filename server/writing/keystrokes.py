"""Shared texts within the writer's transaction: the journal of confirmed keystrokes, and the documents they lead to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, Connection, delete, insert, select

from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import Instant
from server.realtime.storage import BEHIND
from server.store.columns import column, row
from server.store.journal_follower import JournalFollower, pass_on
from server.store.tables import DocumentRow, JournalRow
from server.texts import bursts
from server.writing.work import Keystroke


class KeystrokeJournal:
    """The journal of one congress: keystrokes are added all at once, and taken out document by document.

    `elsewhere` follows what other processes add to it; None when there are none.
    """

    def __init__(self, connection: Connection, congress: str, elsewhere: JournalFollower | None) -> None:
        self._connection = connection
        self._congress = congress
        self._elsewhere = elsewhere
        self._new: list[dict[str, Any]] = []
        self.has_grown = False

    def add(self, keystroke: Keystroke, now: Instant) -> int | Refused:
        """How many keystrokes wait to be written; BEHIND when somebody wrote under one of its client ids elsewhere."""
        elsewhere = self._elsewhere
        if elsewhere and elsewhere.is_behind(keystroke.document, keystroke.clients, keystroke.heard):
            return BEHIND
        self._new.append(
            row(
                (JournalRow.congress, self._congress),
                (JournalRow.document, keystroke.document),
                (JournalRow.person, keystroke.person),
                (JournalRow.update, keystroke.update),
                (JournalRow.clients, list(keystroke.clients)),
                (JournalRow.time, now),
            )
        )
        return len(self._new)

    def write(self) -> None:
        """Writes what was added."""
        if self._new:
            self._connection.execute(insert(JournalRow), self._new)
            self._new, self.has_grown = [], True
            if self._elsewhere:
                self._elsewhere.wrote(self._connection)

    def waiting(self, document: str) -> tuple[list[bursts.WaitingUpdate], int]:
        """What waits to be recorded, by person in the order of first keystrokes, and the number of its last row."""
        query = (
            select(column(JournalRow.id), column(JournalRow.person), column(JournalRow.update), column(JournalRow.time))
            .where(*self._of(document))
            .order_by(column(JournalRow.id))
        )
        people: dict[str, tuple[str, list[bytes]]] = {}
        last = 0
        for number, person, update, time in self._connection.execute(query):
            people.setdefault(person, (time, []))[1].append(bytes(update))
            last = number or 0
        return [bursts.WaitingUpdate(person, tuple(data), time) for person, (time, data) in people.items()], last

    def take_out(self, document: str, last: int) -> None:
        """Removes the rows up to that number, which are recorded; other processes may read them for a while."""
        number = cast("Column[int]", column(JournalRow.id))
        one, other = self._of(document)
        recorded = one & other & (number <= last)
        if self._elsewhere:
            pass_on(self._connection, recorded)
        else:
            self._connection.execute(delete(JournalRow).where(recorded))

    def _of(self, document: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return column(JournalRow.congress) == self._congress, column(JournalRow.document) == document


class DocumentShelf:
    """The Yjs documents of one congress with everything that is recorded, each as one update."""

    def __init__(self, connection: Connection, congress: str) -> None:
        self._connection = connection
        self._congress = congress

    def get(self, document: str) -> bytes | None:
        """None for a document in which nothing was recorded yet."""
        update = self._connection.execute(select(column(DocumentRow.update)).where(*self._of(document))).scalar()
        return None if update is None else bytes(update)

    def recorder(self, document: str) -> bursts.Recorder:
        """What turns updates upon that document into words."""
        kept = self.get(document)
        return bursts.Recorder(document, *([kept] if kept else []))

    def merge(self, event: e.TextWritten | e.MapDrawn) -> None:
        """Applies an update that was just recorded."""
        recorder = self.recorder(event.document)
        recorder.replica.apply(bursts.decode(event.update))
        self.put(event.document, recorder.state)

    def put(self, document: str, update: bytes) -> None:
        """Keeps the document as this update has it."""
        self._connection.execute(delete(DocumentRow).where(*self._of(document)))
        kept = row(
            (DocumentRow.congress, self._congress), (DocumentRow.document, document), (DocumentRow.update, update)
        )
        self._connection.execute(insert(DocumentRow), [kept])

    def _of(self, document: str) -> Sequence[ColumnElement[bool]]:
        return column(DocumentRow.congress) == self._congress, column(DocumentRow.document) == document
