"""Shared texts within the writer's transaction: the journal of confirmed keystrokes, and the documents they lead to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, Connection, delete, func, insert, select

from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import Instant
from server.realtime.storage import BEHIND
from server.store.columns import column, row
from server.store.journal_follower import JournalFollower, pass_on
from server.store.tables import DocumentRow, JournalRow
from server.texts import bursts
from server.writing.work import Keystroke


@dataclass
class WaitingRows:
    """A person's keystrokes that wait to be recorded, and the numbers of their rows; `started`: when the first came."""

    person: str
    started: Instant
    updates: list[bytes] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


class OpenRecorders:
    """The recorded states of the documents of a congress that were written in last, ready to take bursts.

    One is of use only while the database holds the very state that it led to: another process may have recorded, or a
    transaction may have failed.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[bytes, bursts.Recorder]] = {}

    def take(self, document: str, state: bytes) -> bursts.Recorder:
        """The recorder of a document in that state (b"" for none); nobody else has it until it is put back."""
        known, recorder = self._kept.pop(document, (None, None))
        if recorder is None or known != state:
            return bursts.Recorder(document, *([state] if state else []))
        return recorder

    def put(self, document: str, state: bytes, recorder: bursts.Recorder) -> None:
        """Keeps it for the next burst; those of other documents make room when there are many."""
        self._kept[document] = state, recorder
        while len(self._kept) > RECORDERS_KEPT:
            self._kept.pop(next(iter(self._kept)))


RECORDERS_KEPT = 16


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

    def last(self, document: str) -> int:
        """The number of the last row of a document; 0 when nothing waits."""
        query = select(func.max(column(JournalRow.id))).where(*self._of(document))
        return self._connection.execute(query).scalar() or 0

    def people(self, document: str, until: int) -> list[str]:
        """Whose keystrokes wait in rows up to that number, in the order of their first ones."""
        person = column(JournalRow.person)
        first = func.min(column(JournalRow.id))
        query = select(person).where(*self._of(document), self._up_to(until)).group_by(person).order_by(first)
        return list(self._connection.execute(query).scalars())

    def waiting(self, document: str, people: Sequence[str], until: int) -> list[WaitingRows]:
        """What waits of these people in rows up to that number, in the order of first keystrokes."""
        query = (
            select(column(JournalRow.id), column(JournalRow.person), column(JournalRow.update), column(JournalRow.time))
            .where(*self._of(document), self._up_to(until), column(JournalRow.person).in_(people))
            .order_by(column(JournalRow.id))
        )
        found: dict[str, WaitingRows] = {}
        for number, person, update, time in self._connection.execute(query):
            rows = found.setdefault(person, WaitingRows(person, time))
            rows.updates.append(bytes(update))
            rows.numbers.append(number or 0)
        return list(found.values())

    def take_out(self, document: str, person: str, last: int) -> None:
        """Removes a person's rows up to that number, which are recorded; other processes may read them for a while."""
        one, other = self._of(document)
        recorded = one & other & (column(JournalRow.person) == person) & self._up_to(last)
        if self._elsewhere:
            pass_on(self._connection, recorded)
        else:
            self._connection.execute(delete(JournalRow).where(recorded))

    def _up_to(self, last: int) -> ColumnElement[bool]:
        return cast("Column[int]", column(JournalRow.id)) <= last

    def _of(self, document: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return column(JournalRow.congress) == self._congress, column(JournalRow.document) == document


class DocumentShelf:
    """The Yjs documents of one congress with everything that is recorded, each as one update."""

    def __init__(self, connection: Connection, congress: str, recorders: OpenRecorders) -> None:
        self._connection = connection
        self._congress = congress
        self._recorders = recorders

    def get(self, document: str) -> bytes | None:
        """None for a document in which nothing was recorded yet."""
        update = self._connection.execute(select(column(DocumentRow.update)).where(*self._of(document))).scalar()
        return None if update is None else bytes(update)

    def recorder(self, document: str) -> bursts.Recorder:
        """What turns updates upon that document into words; `keep` takes it back."""
        return self._recorders.take(document, self.get(document) or b"")

    def keep(self, document: str, recorder: bursts.Recorder) -> None:
        """Keeps the document as the recorder has it."""
        state = recorder.state
        self.put(document, state)
        self._recorders.put(document, state, recorder)

    def merge(self, event: e.TextWritten | e.MapDrawn) -> None:
        """Applies an update that was just recorded."""
        recorder = self.recorder(event.document)
        recorder.take([bursts.decode(event.update)])
        self.keep(event.document, recorder)

    def put(self, document: str, update: bytes) -> None:
        """Keeps the document as this update has it."""
        self._connection.execute(delete(DocumentRow).where(*self._of(document)))
        kept = row(
            (DocumentRow.congress, self._congress), (DocumentRow.document, document), (DocumentRow.update, update)
        )
        self._connection.execute(insert(DocumentRow), [kept])

    def _of(self, document: str) -> Sequence[ColumnElement[bool]]:
        return column(DocumentRow.congress) == self._congress, column(DocumentRow.document) == document
