"""Carrying out a redaction of words within the writer's transaction (R30).

The whole record is replayed with the passage masked in the documents that the proposal names: letters in Yjs updates
and the changes described in words; frozen and consolidated texts are computed again by the usual rules; all other
fields are masked character by character. The result must pass the verifier before anything is changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from deliberation.kernel import codec
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Redaction, State
from deliberation.motions import motions
from deliberation.motions.renumbering import renumbered
from deliberation.record import canonical, entry
from deliberation.record.payloads import Payload
from deliberation.record.replay import Replay
from deliberation.record.report import Findings
from deliberation.redactions import MASKABLE
from deliberation.text import merge
from deliberation.text.masking import Passage, words_of
from deliberation.votes import imported
from server.texts import bursts, masking
from server.texts.ranges import Ranges

GONE = Refused("redaction.gone", "Les mots à masquer ne sont plus à l’endroit indiqué : refusez cette demande.")
ENTANGLED = Refused(
    "redaction.entangled",
    "Ces mots tiennent aussi à d’autres textes (écriture n° {entry}) : "
    "demandez le caviardage dans tous les textes à la fois.",
)
LEFT = Refused(
    "redaction.left",
    "Ces mots ne peuvent pas être masqués partout (écriture n° {entry}) : choisissez un passage plus court.",
)

IN_ARCHIVE = Refused(
    "redaction.in_archive",
    "L’archive de cette élection contient ces mots (écriture n° {entry}) : faites-la d’abord caviarder en entier.",
)

WRITING = (e.TextWritten, e.MapDrawn)
IN_WORDS = ("changes", "title", "order", "title_kept")
"""Fields of an entry about writing that say in words what its update does; letters kept are among them (M14)."""


@dataclass(frozen=True)
class MaskedRecord:
    """A record with a passage masked. `payloads` are the new ones by index of entry; `state` is the state it leads to;
    `documents` are the Yjs documents with a rewritten update, each as one update; `recorded` are the masked entries.
    """

    payloads: dict[int, Payload]
    state: State
    documents: dict[str, bytes]
    recorded: dict[int, e.Recorded]

    @property
    def targets(self) -> tuple[int, ...]:
        """The indices of the masked entries."""
        return tuple(sorted(self.payloads))

    @property
    def commitments(self) -> tuple[str, ...]:
        """The new commitment of each masked entry, as in `events.WordsRedacted`."""
        found = (self.payloads[index] for index in self.targets)
        return tuple(entry.commitment(payload.salt, payload.data) for payload in found)


def prepare(record: Iterable[e.Recorded], redaction: Redaction) -> PreparedMasking | None:
    """The record made again so far, with the words masked that the proposal names; None when there are none there."""
    entries = list(record)
    passage = passage_at(entries, redaction)
    return PreparedMasking(entries, passage, redaction.documents) if passage else None


def passage_at(record: Sequence[e.Recorded], redaction: Redaction) -> Passage | None:
    """The passage that the proposal points to; None if the words there have changed or been erased since."""
    place = redaction.place
    if place is None or place.entry >= len(record) or (event := record[place.entry].event) is None:
        return None
    text = dict(words_of(codec.encode(event))).get(place.field, "")
    try:
        return Passage(text[place.start : place.end]) if place.end <= len(text) else None
    except ValueError:
        return None


class PreparedMasking:
    """A record that is made again with a passage masked in these documents, entry by entry: most of them beforehand,
    beside the writer, and what came since within its transaction. For one transaction alone.
    """

    def __init__(self, record: Sequence[e.Recorded], passage: Passage, documents: Iterable[str]) -> None:
        self._record, self.passage, self._documents = list(record), passage, frozenset(documents)
        self._archive = self._archive_in(self._record)
        self._refused: Refused | None = None
        self._left: int | None = None
        self.is_used = False
        self._findings = Findings()
        self._replay = Replay(self._findings)
        self._letters: dict[str, Ranges] = {}
        self._before: dict[str, bursts.Recorder] = {}
        self._after: dict[str, bursts.Recorder] = {}
        self._changed: dict[int, e.Recorded] = {}

        self._find_letters()
        self._take_all(self._record)

    @property
    def size(self) -> int:
        """Entries that were taken."""
        return len(self._record)

    def goes_on_with(self, added: Iterable[e.Recorded]) -> bool:
        """Whether these entries may follow: none of them writes in the documents, whose letters are known already."""
        return not any(isinstance(each.event, WRITING) and each.document in self._documents for each in added)

    def result(self, since: Sequence[e.Recorded], overwriting: Sequence[e.Recorded]) -> MaskedRecord | Refused:
        """With the entries that came since, and those by which the congress writes the masked words into the texts."""
        self.is_used = True
        added = [*since, *overwriting]
        self._record += added
        self._take_all(added)
        archive = self._archive_in(added) if self._archive is None else self._archive
        if archive is not None:
            return replace(IN_ARCHIVE, params={"entry": archive})
        if self._refused:
            return self._refused
        if self._left is not None:
            return replace(LEFT, params={"entry": self._left})
        payloads = {index: _payload(each.event) for index, each in self._changed.items() if each.event}
        touched = {each.document for each in self._changed.values() if isinstance(each.event, WRITING)}
        states = {name: self._after[name].state for name in touched}
        return MaskedRecord(payloads, self._replay.state, states, self._changed)

    def _take_all(self, entries: Iterable[e.Recorded]) -> None:
        for recorded in entries:
            if self._refused:
                return
            self._take(recorded)
            if self._findings.count:
                self._refused = replace(ENTANGLED, params={"entry": recorded.index})

    def _find_letters(self) -> None:
        updates: dict[str, list[bytes]] = {}
        for recorded in self._record:
            if isinstance(recorded.event, WRITING) and recorded.document in self._documents:
                updates.setdefault(recorded.document, []).append(bursts.decode(recorded.event.update))
        for document, own in updates.items():
            self._letters[document] = masking.letters_of(self.passage, own)
            self._before[document], self._after[document] = bursts.Recorder(document), bursts.Recorder(document)

    def _take(self, recorded: e.Recorded) -> None:
        event = recorded.event
        if event is not None and recorded.document in self._documents and recorded.kind in MASKABLE:
            event = self._event(event)
            if self._left is None and self.passage.is_in_payload(codec.encode(event)):
                self._left = recorded.index
        if event != recorded.event:
            recorded = self._changed[recorded.index] = replace(recorded, event=event)
            self._replay.masked[recorded.index] = ""
        self._replay.take(recorded)

    def _event(self, event: e.Event) -> e.Event:
        if isinstance(event, WRITING):
            return self._written(event)
        if isinstance(event, e.TextFrozen):
            return self._frozen(event)
        if isinstance(event, e.TextRenumbered):
            return renumbered(self._replay.state, self._replay.state.motions[event.motion]) or event
        other: e.Event = self._in_words(event)
        return other

    def _in_words(self, event: Any) -> Any:
        plain = codec.encode(event)
        if not self.passage.is_in_payload(plain):
            return event
        return e.decode(event.kind, self.passage.mask_payload(plain))

    def _written(self, event: Any) -> e.Event:
        """The burst with its letters masked, and its changes described anew where they differ."""
        name, update = event.document, bursts.decode(event.update)
        other = masking.mask_update(self.passage, self._letters[name], update)
        told = self._before[name].take([update], is_canonical=event.canonical)
        said = self._after[name].take([other], is_canonical=event.canonical)
        told_words, said_words = replace(told, update=""), replace(said, update="")
        if other == update and told_words == said_words:
            told_as_before: e.Event = self._in_words(event)
            return told_as_before
        told_anew = said if bursts.says_authors(event) else bursts.unattributed(said)
        if isinstance(told_anew, c.WriteText) and event.title is None:  # of a text brought in: another entry names it
            told_anew = replace(told_anew, title=None, title_kept=None)
        words = {name: value for name, value in vars(told_anew).items() if name in IN_WORDS}
        return replace(event, update=bursts.encode(other), **words)  # type: ignore[no-any-return]

    def _frozen(self, event: e.TextFrozen) -> e.TextFrozen:
        """The frozen text computed again from the masked draft or from the masked amendments."""
        state = self._replay.state
        motion = state.motions[event.motion]
        if event.adopted and not event.divided_by:
            consolidated = motions.consolidate(state, motion, event.adopted)
            if isinstance(consolidated, e.TextFrozen):
                return replace(event, title=consolidated.title, clauses=consolidated.clauses, hash=consolidated.hash)
        if not event.adopted and not event.divided_by:
            title, drafted = motions.frozen_draft(motion, event.rules)
            return replace(event, title=title, clauses=drafted, hash=merge.text_hash(title, drafted))
        other: e.TextFrozen = self._in_words(event)
        return replace(other, hash=merge.text_hash(other.title, other.clauses)) if other != event else event

    def _archive_in(self, entries: Iterable[e.Recorded]) -> int | None:
        """The first of them that brings an archive with the words into these documents: it is erased, not masked."""
        for recorded in entries:
            event = recorded.event
            if isinstance(event, e.ResultArchived) and recorded.document in self._documents:
                said = (imported.decoded(event.archive) or b"").decode("utf-8", "replace")
                if self.passage.is_in(said):
                    return recorded.index
        return None


def _payload(event: e.Event) -> Payload:
    return Payload(secrets.token_bytes(entry.SALT_BYTES), canonical.encode(codec.encode(event)))
