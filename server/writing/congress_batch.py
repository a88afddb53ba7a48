"""What a transaction does in one congress: the rules decide, and record, tables, texts and boxes follow."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from deliberation.decide import decide
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import Draft
from deliberation.maps import maps
from deliberation.motions import motions
from deliberation.votes import secret
from server.store import log as logs
from server.store.ballot_box import BallotBox
from server.store.highwater import HighWater
from server.store.journal_follower import JournalFollower
from server.store.keys import Keys
from server.store.log import Log
from server.texts import bursts, motion
from server.texts.replica import Missing
from server.writing import checkpoints
from server.writing.boxes import OpenBoxes
from server.writing.keystrokes import DocumentShelf, KeystrokeJournal, OpenRecorders, WaitingRows
from server.writing.receipts import Receipt, ReceiptBook
from server.writing.work import Flush, FlushedPiece, Keystroke, Sign, Work

NO_KEY = Refused(
    "storage.box",
    "L’urne de ce scrutin est scellée par une clé que ce serveur n’a pas : votre vote n’a pas été pris. "
    "Prévenez l’organisation.",
)

LONGEST = 0.02
"""Seconds of processor time after which a transaction leaves the bursts that still wait to the next one."""

PEOPLE_AT_ONCE = 8
"""Whose keystrokes are read from the journal together."""

logger = logging.getLogger("pleniere.intake")


class CongressBatch:
    """Handles, one after the other, what was asked of one congress, inside the writer's transaction.

    `log` is the congress as the database has it now, `caught_up` the entries of it that nobody here was told of.
    `recorded` are these and the entries that the batch adds; `written` is what other processes kept of texts. `timer`
    is a clock of processor time, in seconds.
    """

    def __init__(
        self,
        connection: Connection,
        log: Log,
        caught_up: Sequence[e.Recorded],
        elsewhere: JournalFollower | None,
        keys: Keys,
        high_water: HighWater,
        now: ids.Instant,
        recorders: OpenRecorders,
        timer: Callable[[], float],
    ) -> None:
        self.log = log
        self.recorded = list(caught_up)
        self.written = elsewhere.read(connection) if elsewhere else []
        self._connection = connection
        self._keys = keys
        self._high_water = high_water
        self._now = max(now, log.last_time)  # rules and record tell one time
        self._receipts = ReceiptBook(connection, log.congress)
        self._boxes = OpenBoxes(connection, log.congress, keys)
        self._journal = KeystrokeJournal(connection, log.congress, elsewhere)
        self._documents = DocumentShelf(connection, log.congress, recorders)
        self._timer, self._began = timer, timer()

    def expect(self, works: Sequence[Work]) -> None:
        """Looks up, all at once, what is known of the commands that are to be handled."""
        self._receipts.expect([work.id for work in works if isinstance(work, c.Request)])

    def handle(self, work: Work) -> Any:
        """The answer to who asked; an exception is an answer too, and concerns this work only."""
        if isinstance(work, c.Request):
            return self._submit(work)
        if isinstance(work, Keystroke):
            return self._keep(work)
        if isinstance(work, Flush):
            return self._flush_piece(work, self._is_long)
        if isinstance(work, Sign):
            return checkpoints.sign(self._connection, self.log, self._keys, work.covering, self._now)
        return None

    def finish(self) -> bool:
        """Writes what was gathered; whether there is something new for other processes."""
        self._journal.write()
        self._boxes.write()
        self._receipts.write()
        grew = bool(self.log.entries) or self._journal.has_grown
        self.log.write(self._connection)
        return grew

    # Commands

    def _submit(self, request: c.Request) -> Receipt | Refused | Exception:
        box = (
            self._boxes.of(self.log.state, request.command.poll) if isinstance(request.command, c.CastSecret) else None
        )
        if box and box.is_foreign:  # a paper put in here would be the only one left
            return NO_KEY
        if box:
            request = replace(request, id=box.disguise(request.id))
            self._receipts.expect([request.id])
        if known := self._receipts.known(request):
            return known
        refused = None if isinstance(request.command, c.DeclareGap) else self._refuse_gap()
        return refused or self._decide(request, box)

    def _decide(self, request: c.Request, box: BallotBox | None) -> Receipt | Refused | Exception:
        if isinstance(request.command, c.FreezeMotion):
            self._flush(ids.document(ids.MOTION, request.command.motion))
        try:
            decision = decide(self.log.state, self._boxes.counted(self.log.state, request), self._now)
        except Exception as error:  # a rule that fails harms its own command only
            logger.exception("the rule of %s failed", request.command.name)
            return error
        if isinstance(decision, Refused):
            return decision
        added = self._append(decision, request.actor)
        if box and isinstance(request.command, c.CastSecret):
            self._put(box, request.command)
        self._follow(decision)
        return self._receipts.give(request, added)

    def _put(self, box: BallotBox, ballot: c.CastSecret) -> None:
        marks = secret.marks(self.log.state.polls[ballot.poll], ballot)
        assert isinstance(marks, tuple), "the rule let it through"
        box.put(marks)

    def _append(self, decision: Sequence[e.Event], actor: str) -> list[e.Recorded]:
        added = self.log.append(decision, actor, self._now)
        for event in decision:
            if isinstance(event, (e.TextWritten, e.MapDrawn)):
                self._documents.merge(event)
        self.recorded.extend(added)
        return added

    def _follow(self, decision: Sequence[e.Event]) -> None:
        """A box is emptied, and a document follows a consolidated text in the congress's name: in one transaction."""
        for event in decision:
            if isinstance(event, (e.BoxOpened, e.PollCancelled)):
                self._boxes.erase(event.poll)
            if isinstance(event, e.TextFrozen) and (event.adopted or event.divided_by):
                self._rewrite(event)

    def _rewrite(self, event: e.TextFrozen) -> None:
        clauses = tuple((x.id, Draft(x.kind, x.markdown, x.addressee)) for x in event.clauses)
        text = motion.MotionText(event.title, clauses)
        update = motion.rewrite(event.document, self._documents.get(event.document) or b"", text)
        self._record(event.document, [bursts.WaitingUpdate(ids.CONGRESS, (update,), self._now)])

    def _refuse_gap(self) -> Refused | None:
        """A restored old backup must not grow a second history (R10)."""
        lost = self._high_water.above(self.log.congress, self.log.growth.size)
        if lost is None or lost <= logs.declared_loss(self._connection, self.log.congress):
            return None
        return Refused(
            "record.gap",
            "Ce registre comptait {lost} entrées et n’en a plus que {size} : il est en lecture seule.",
            params={"lost": lost, "size": self.log.growth.size},
        )

    # Shared texts

    def _keep(self, keystroke: Keystroke) -> int | Refused:
        return self._refuse_gap() or self._refuse(keystroke) or self._journal.add(keystroke, self._now)

    def _refuse(self, keystroke: Keystroke) -> Refused | None:
        kind, number = ids.split(keystroke.document)
        refuse = motions.refuse_writing if kind == ids.MOTION else maps.refuse_drawing
        return refuse(self.log.state, keystroke.person, number, self._now)

    def _flush(self, document: str) -> None:
        """Records all that waits, within this transaction."""
        piece = FlushedPiece((), 0, False)
        while not piece.is_done:
            piece = self._flush_piece(Flush(document, piece.until), lambda: False)

    def _flush_piece(self, work: Flush, is_long: Callable[[], bool]) -> FlushedPiece:
        """Records what waits, one burst at least; `is_long` says when the rest is to wait for another transaction."""
        self._journal.write()
        document = work.document
        until = work.until or self._journal.last(document)
        people = self._journal.people(document, until)
        if not people:
            return FlushedPiece((), until, True)
        recorder = self._documents.recorder(document)
        added: list[e.Recorded] = []
        for at in range(0, len(people), PEOPLE_AT_ONCE):
            for rows in self._journal.waiting(document, people[at : at + PEOPLE_AT_ONCE], until):
                added += self._record_rows(document, recorder, rows)
                if added and is_long():
                    self._documents.keep(document, recorder)
                    return FlushedPiece(tuple(added), until, False)
        if not added:
            raise Missing("waiting updates rest on what is not known")
        self._documents.keep(document, recorder)
        return FlushedPiece(tuple(added), until, not self._journal.people(document, until))

    def _record_rows(self, document: str, recorder: bursts.Recorder, rows: WaitingRows) -> list[e.Recorded]:
        """A burst of one person's keystrokes; those that rest on others' that wait come after these."""
        count = recorder.applicable(rows.updates)
        if not count:
            return []
        burst = recorder.take(rows.updates[:count], rows.started)
        added = self._record_burst(c.Request("", self.log.congress, rows.person, burst))
        self._journal.take_out(document, rows.person, rows.numbers[count - 1])
        return added

    def _is_long(self) -> bool:
        """Whether this transaction has recorded bursts for as long as keystrokes may wait."""
        return self._timer() - self._began > LONGEST

    def _record(self, document: str, waiting: Sequence[bursts.WaitingUpdate]) -> list[e.Recorded]:
        """What waits, as bursts at the end of the record; the document follows."""
        recorder = self._documents.recorder(document)
        added: list[e.Recorded] = []
        for burst in recorder.flush(waiting):
            added += self._record_burst(c.Request("", self.log.congress, burst.person, burst.command))
        self._documents.keep(document, recorder)
        return added

    def _record_burst(self, request: c.Request) -> list[e.Recorded]:
        """A confirmed burst is recorded whatever happened since to phase or role (M3)."""
        rule = motions.write if isinstance(request.command, c.WriteText) else maps.draw
        decision = rule(self.log.state, request, request.command, self._now)  # type: ignore[arg-type]
        if isinstance(decision, Refused):
            raise RuntimeError(f"a confirmed burst cannot be recorded: {decision}")
        added = self.log.append(decision, request.actor, self._now)
        self.recorded.extend(added)
        return added
