"""Shared texts in the writer's transaction: the journal of confirmed keystrokes, and the Yjs documents that follow from
it.
"""

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
    """One person's keystrokes that wait to be recorded, with the numbers of their rows. `started` is the instant of the
    first.
    """

    person: str
    started: Instant
    updates: list[bytes] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


class OpenRecorders:
    """A cache of the recorded states of a congress's recently written documents, ready to take the next burst.

    An entry is valid only while the database holds the very state that it reached: another process may have recorded
    something since, or a transaction may have failed.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[bytes, bursts.Recorder]] = {}

    def take(self, document: str, state: bytes) -> bursts.Recorder:
        """Removes and returns the recorder of a document whose recorded state is `state` (b"" for none); makes one if
        need be.
        """
        known, recorder = self._kept.pop(document, (None, None))
        if recorder is None or known != state:
            return bursts.Recorder(document, *([state] if state else []))
        return recorder

    def put(self, document: str, state: bytes, recorder: bursts.Recorder) -> None:
        """Keeps the recorder for the next burst; drops those of other documents when there are too many."""
        self._kept[document] = state, recorder
        while len(self._kept) > RECORDERS_KEPT:
            self._kept.pop(next(iter(self._kept)))


RECORDERS_KEPT = 16


class KeystrokeJournal:
    """The journal of one congress: keystrokes are added in one batch, and removed document by document.

    `elsewhere` follows the rows that other processes add; None when there are no other processes.
    """

    def __init__(self, connection: Connection, congress: str, elsewhere: JournalFollower | None) -> None:
        self._connection = connection
        self._congress = congress
        self._elsewhere = elsewhere
        self._new: list[dict[str, Any]] = []
        self.has_grown = False

    def add(self, keystroke: Keystroke, now: Instant) -> int | Refused:
        """Adds a keystroke to those to be written, and returns how many of them wait; BEHIND when another process
        stored an update under one of its client ids that its sender has not seen.
        """
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
        """Stores the keystrokes that were added."""
        if self._new:
            self._connection.execute(insert(JournalRow), self._new)
            self._new, self.has_grown = [], True
            if self._elsewhere:
                self._elsewhere.wrote(self._connection)

    def last(self, document: str) -> int:
        """The number of the last journal row of a document; 0 when nothing waits."""
        query = select(func.max(column(JournalRow.id))).where(*self._of(document))
        return self._connection.execute(query).scalar() or 0

    def people(self, document: str, until: int) -> list[str]:
        """The authors of the rows up to that number, in the order of their first keystrokes."""
        person = column(JournalRow.person)
        first = func.min(column(JournalRow.id))
        query = select(person).where(*self._of(document), self._up_to(until)).group_by(person).order_by(first)
        return list(self._connection.execute(query).scalars())

    def waiting(self, document: str, people: Sequence[str], until: int) -> list[WaitingRows]:
        """The keystrokes of these people in rows up to that number, in the order of first keystrokes."""
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
        """Removes a person's rows up to that number, which are recorded by now. Other processes may still read them for
        a while.
        """
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
    """The Yjs documents of one congress as recorded, each stored as one merged update."""

    def __init__(self, connection: Connection, congress: str, recorders: OpenRecorders) -> None:
        self._connection = connection
        self._congress = congress
        self._recorders = recorders

    def get(self, document: str) -> bytes | None:
        """The merged update of a document; None if nothing was recorded in it yet."""
        update = self._connection.execute(select(column(DocumentRow.update)).where(*self._of(document))).scalar()
        return None if update is None else bytes(update)

    def recorder(self, document: str) -> bursts.Recorder:
        """An object that turns further updates of the document into events; give it back with `keep`."""
        return self._recorders.take(document, self.get(document) or b"")

    def keep(self, document: str, recorder: bursts.Recorder) -> None:
        """Stores the document as the recorder has it now."""
        state = recorder.state
        self.put(document, state)
        self._recorders.put(document, state, recorder)

    def merge(self, event: e.TextWritten | e.MapDrawn) -> None:
        """Applies an update that was just recorded to the stored document."""
        recorder = self.recorder(event.document)
        recorder.take([bursts.decode(event.update)])
        self.keep(event.document, recorder)

    def put(self, document: str, update: bytes) -> None:
        """Stores this update as the whole document."""
        self._connection.execute(delete(DocumentRow).where(*self._of(document)))
        kept = row(
            (DocumentRow.congress, self._congress), (DocumentRow.document, document), (DocumentRow.update, update)
        )
        self._connection.execute(insert(DocumentRow), [kept])

    def _of(self, document: str) -> Sequence[ColumnElement[bool]]:
        return column(DocumentRow.congress) == self._congress, column(DocumentRow.document) == document
