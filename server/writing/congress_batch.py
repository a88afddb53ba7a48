"""The part of a transaction that concerns one congress: the rules decide, then record, tables, texts and boxes are
updated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from deliberation.decide import decide
from deliberation.evolve import replay
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import Draft
from deliberation.maps import maps
from deliberation.motions import motions
from deliberation.redactions import BY_SERVER
from deliberation.text.masking import Passage
from deliberation.votes import secret
from server.realtime.storage import Unavailable
from server.store import log as logs
from server.store.ballot_box import BallotBox
from server.store.journal_follower import JournalFollower, forget_passed
from server.store.keys import Keys
from server.store.log import Log
from server.texts import bursts, motion
from server.texts.masking import overwrite
from server.texts.replica import Missing
from server.writing import checkpoints, masking
from server.writing.boxes import OpenBoxes
from server.writing.keystrokes import DocumentShelf, KeystrokeJournal, OpenRecorders, WaitingRows
from server.writing.receipts import Receipt, ReceiptBook
from server.writing.safeguards import Safeguards
from server.writing.work import Flush, FlushedPiece, Keystroke, MaskingDue, MaskWords, Sign, Work


class MaskingFailed(RuntimeError):
    """A redaction of words could not be carried out; the transaction must be rolled back."""


NO_KEY = Refused(
    "storage.box",
    "L’urne de ce scrutin est scellée par une clé que ce serveur n’a pas : votre vote n’a pas été pris. "
    "Prévenez l’organisation.",
)

LONGEST = 0.02
"""Seconds of processor time after which a transaction leaves the bursts that still wait to the next one."""

PEOPLE_AT_ONCE = 8
"""Number of people whose keystrokes are read from the journal in one query."""

logger = logging.getLogger("pleniere.writing")


class CongressBatch:
    """Handles, one after the other, the work items of one congress, inside the writer's transaction.

    `log` is the record as the database has it now; `caught_up` are entries of it that listeners here were not yet told
    of. `recorded` are these and the entries that the batch adds; `written` are updates of texts from other processes.
    `timer` is a clock of processor time, in seconds.
    """

    def __init__(
        self,
        connection: Connection,
        log: Log,
        caught_up: Sequence[e.Recorded],
        elsewhere: JournalFollower | None,
        keys: Keys,
        safeguards: Safeguards,
        now: ids.Instant,
        recorders: OpenRecorders,
        timer: Callable[[], float],
    ) -> None:
        self.log = log
        self.recorded = list(caught_up)
        self.written = elsewhere.read(connection) if elsewhere else []
        self._grew = False
        self._connection = connection
        self._keys = keys
        self._safeguards = safeguards
        self._true_now = now
        self._now = max(now, log.last_time)  # rules and record tell one time
        self._receipts = ReceiptBook(connection, log.congress)
        self._boxes = OpenBoxes(connection, log.congress, keys)
        self._journal = KeystrokeJournal(connection, log.congress, elsewhere)
        self._documents = DocumentShelf(connection, log.congress, recorders)
        self._timer, self._began = timer, timer()
        self._masking: MaskWords | None = None

    def expect(self, works: Sequence[Work]) -> None:
        """Looks up, all at once, what is known of the commands that are to be handled."""
        requests = (work.request if isinstance(work, MaskWords) else work for work in works)
        self._receipts.expect([work.id for work in requests if isinstance(work, c.Request)])

    def handle(self, work: Work) -> Any:
        """The answer to one work item. An exception is an answer too, and concerns this item only."""
        if isinstance(work, c.Request):
            return self._submit(work)
        if isinstance(work, MaskWords):
            self._masking = work
            answer = self._submit(work.request)
            self._masking = None
            return answer
        if isinstance(work, Keystroke):
            return self._keep(work)
        if isinstance(work, Flush):
            refused = self._refuse_growth()
            return FlushedPiece((), work.until or 0, True) if refused else self._flush_piece(work, self._is_long)
        if isinstance(work, Sign):
            return self._sign(work.covering)
        return None

    def finish(self) -> bool:
        """Writes everything that was gathered; whether other processes must be notified."""
        self._journal.write()
        self._boxes.write()
        self._receipts.write()
        grew = self._grew or bool(self.log.entries) or self._journal.has_grown
        self.log.write(self._connection)
        return grew

    # Commands

    def _submit(self, request: c.Request) -> Receipt | MaskingDue | Refused | Exception:
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
        is_gap = isinstance(request.command, c.DeclareGap)
        refused = self._safeguards.refuse_damage(self.log.congress) if is_gap else self._refuse_growth()
        return refused or self._refuse_correction(request.command) or self._decide(request, box)

    def _refuse_correction(self, command: c.Command) -> Refused | None:
        """Refuses a correction of the clock unless it names the time of the last entry. Once corrected, the machine's
        time counts.
        """
        if not isinstance(command, c.CorrectClock):
            return None
        if command.ahead != self.log.last_time:
            return Refused("clock.changed", "Une écriture est venue entre-temps. Relisez l’heure, puis corrigez-la.")
        return None

    def _decide(self, request: c.Request, box: BallotBox | None) -> Receipt | MaskingDue | Refused | Exception:
        if isinstance(request.command, c.FreezeMotion):
            self._flush(ids.document(ids.MOTION, request.command.motion))
        if isinstance(request.command, c.DecideRedaction):
            return self._decide_redaction(request)
        return self._decide_now(request, box)

    def _decide_now(self, request: c.Request, box: BallotBox | None = None) -> Receipt | Refused | Exception:
        try:
            now = self._true_now if isinstance(request.command, c.CorrectClock) else self._now
            decision = decide(self.log.state, self._boxes.counted(self.log.state, request), now)
        except Exception as error:  # a rule that fails harms its own command only
            logger.exception("the rule of %s failed", request.command.name)
            return error
        if isinstance(decision, Refused):
            return decision
        if isinstance(request.command, c.CorrectClock):
            self._now = self._true_now
        added = self._append(decision, request.actor)
        if box and isinstance(request.command, c.CastSecret):
            self._put(box, request.command)
        self._follow(decision)
        return self._receipts.give(request, added)

    def _decide_redaction(self, request: c.Request) -> Receipt | MaskingDue | Refused | Exception:
        """The server itself masks words that a second person agreed to mask (R30)."""
        answer = self._decide_now(request)
        if not isinstance(answer, Refused) or answer.code != BY_SERVER:
            return answer
        try:
            return self._mask(request)
        except Exception as error:
            logger.exception("a redaction of words failed")
            raise MaskingFailed from error  # memory may be ahead of the database: nothing of the batch is kept

    def _mask(self, request: c.Request) -> Receipt | MaskingDue | Refused | Exception:
        assert isinstance(request.command, c.DecideRedaction)
        redaction = self.log.state.redactions[request.command.redaction]
        for document in filter(_is_shared_text, redaction.documents):
            self._flush(document)
        self._keep_so_far()
        if self._masking is None:
            return MaskingDue(redaction.number)
        prepared = self._masking.prepared or masking.prepare(logs.read(self._connection, self.log.congress), redaction)
        if prepared is None:
            return masking.GONE
        since = list(logs.read(self._connection, self.log.congress, prepared.size))
        if prepared.is_used or not prepared.goes_on_with(since):
            return MaskingDue(redaction.number)
        added = self._overwriting(prepared.passage, redaction.documents)
        found = prepared.result(since, added)
        if isinstance(found, Refused):
            return found
        self.recorded += self.log.append([r.event for r in added if r.event], ids.CONGRESS, self._now)
        command = c.ApplyMasking(redaction.number, found.targets, found.commitments)
        receipt = self._decide_now(replace(request, command=command))
        self._keep_so_far()
        self._replace(found, prepared.size)
        return receipt

    def _overwriting(self, passage: Passage, documents: Sequence[str]) -> list[e.Recorded]:
        """Bursts in the congress's name by which people who have a text open receive the masked words."""
        found: list[e.Recorded] = []
        for document in filter(_is_shared_text, documents):
            kept = self._documents.get(document)
            update = overwrite(passage, document, kept) if kept else None
            if not kept or not update:
                continue
            told = bursts.as_congress(document, kept, update)
            rule = motions.write if isinstance(told, c.WriteText) else maps.draw
            decided = rule(self.log.state, c.Request("", self.log.congress, ids.CONGRESS, told), told, self._now)  # type: ignore[arg-type]
            assert not isinstance(decided, Refused), decided
            for event in decided:
                index = self.log.growth.size + len(found)
                found.append(e.Recorded(index, self._now, ids.CONGRESS, event.kind, event.document, event))
        return found

    def _keep_so_far(self) -> None:
        """Writes what the batch added so far, within the transaction."""
        self._grew = self._grew or bool(self.log.entries)
        self.log.write(self._connection)
        self.log.written()

    def _replace(self, found: masking.MaskedRecord, size: int) -> None:
        """Masked payloads, tables and documents take the place of those that were; `size` entries are in `found`."""
        state = replay(logs.read(self._connection, self.log.congress, size), found.state)
        self.log.mask(self._connection, found.payloads, state)
        self.recorded = [found.recorded.get(r.index, r) for r in self.recorded]
        for document, update in found.documents.items():
            self._documents.put(document, update)
        forget_passed(self._connection, self.log.congress)

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
        """Consequences of a decision in the same transaction: a box is deleted, or the shared document gets the
        consolidated text.
        """
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

    def _refuse_growth(self) -> Refused | None:
        """Refuses any new entry on a restored old copy of the record (R10) and on a damaged one."""
        return self._safeguards.refuse(self._connection, self.log.congress, self.log.saved.size)

    def _sign(self, covering: int | None) -> str | Exception | None:
        """A signed checkpoint; if the record is damaged, the last one signed before, or the exception where `covering`
        asks for more.
        """
        try:
            signed = checkpoints.sign(self._connection, self.log, self._keys, covering, self._now)
        except checkpoints.Damaged as error:
            self._safeguards.found(self.log.congress, error.damage)
            return error.last if covering is None else Unavailable("the record is damaged")
        return signed

    # Shared texts

    def _keep(self, keystroke: Keystroke) -> int | Refused:
        return self._refuse_growth() or self._refuse(keystroke) or self._journal.add(keystroke, self._now)

    def _refuse(self, keystroke: Keystroke) -> Refused | None:
        kind, number = ids.split(keystroke.document)
        refuse = motions.refuse_writing if kind == ids.MOTION else maps.refuse_drawing
        return refuse(self.log.state, keystroke.person, number, self._now)

    def _flush(self, document: str) -> None:
        """Records all keystrokes that wait in a document, within this transaction."""
        piece = FlushedPiece((), 0, False)
        while not piece.is_done:
            piece = self._flush_piece(Flush(document, piece.until), lambda: False)

    def _flush_piece(self, work: Flush, is_long: Callable[[], bool]) -> FlushedPiece:
        """Records keystrokes that wait, at least one burst; once `is_long()` is true the rest is left to another
        transaction.
        """
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
        """Records one person's burst. Keystrokes that depend on others' unrecorded ones come after these, and so do
        those that are too many for one burst.
        """
        count = recorder.applicable(rows.updates)
        if not count:
            return []
        count = bursts.fitting(rows.updates[:count])
        burst = recorder.take(rows.updates[:count], rows.started)
        added = self._record_burst(c.Request("", self.log.congress, rows.person, burst))
        self._journal.take_out(document, rows.person, rows.numbers[count - 1])
        return added

    def _is_long(self) -> bool:
        """Whether this transaction has recorded bursts for so long that new keystrokes must not wait any more."""
        return self._timer() - self._began > LONGEST

    def _record(self, document: str, waiting: Sequence[bursts.WaitingUpdate]) -> list[e.Recorded]:
        """Appends what waits to the record as bursts, and applies it to the stored document."""
        recorder = self._documents.recorder(document)
        added: list[e.Recorded] = []
        for burst in recorder.flush(waiting):
            added += self._record_burst(c.Request("", self.log.congress, burst.person, burst.command))
        self._documents.keep(document, recorder)
        return added

    def _record_burst(self, request: c.Request) -> list[e.Recorded]:
        """Records a confirmed burst, even if the phase or the person's rights have changed since it was typed (M3)."""
        rule = motions.write if isinstance(request.command, c.WriteText) else maps.draw
        decision = rule(self.log.state, request, request.command, self._now)  # type: ignore[arg-type]
        if isinstance(decision, Refused):
            raise RuntimeError(f"a confirmed burst cannot be recorded: {decision}")
        added = self.log.append(decision, request.actor, self._now)
        self.recorded.extend(added)
        return added


def _is_shared_text(document: str) -> bool:
    """Whether a document of that name is a Yjs document: a motion or a map."""
    return document.startswith((f"{ids.MOTION}-", f"{ids.MAP}-"))
