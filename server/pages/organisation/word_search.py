"""Searching the whole record for words to be redacted: every entry that contains them, by document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from deliberation.kernel import codec, events, ids
from deliberation.kernel.vocabulary import PassagePlace
from deliberation.redactions import MASKABLE
from deliberation.text.masking import Passage, words_of

AROUND = 60
"""Characters shown on each side of the words."""


@dataclass(frozen=True)
class DocumentHits:
    """A document that contains the words: its entries, and the first place with the text around it."""

    document: str
    entries: tuple[int, ...]
    before: str
    words: str
    after: str

    @property
    def is_person(self) -> bool:
        return self.document.startswith(f"{ids.PERSON}-")


@dataclass(frozen=True)
class WordHits:
    """`place` is the first place of all, by which the proposal refers to the words without containing them."""

    place: PassagePlace
    documents: tuple[DocumentHits, ...]


def find(record: Iterable[events.Recorded], passage: Passage) -> WordHits | None:
    """Where the passage occurs; None if nowhere."""
    place: PassagePlace | None = None
    hits: dict[str, DocumentHits] = {}
    entries: dict[str, list[int]] = {}
    for recorded in record:
        first = _first(recorded, passage)
        if first is None:
            continue
        at, said = first
        place = place or at
        entries.setdefault(recorded.document, []).append(recorded.index)
        around = said[max(0, at.start - AROUND) : at.start], said[at.start : at.end], said[at.end : at.end + AROUND]
        hits.setdefault(recorded.document, DocumentHits(recorded.document, (), *around))
    if place is None:
        return None
    found = (DocumentHits(x.document, tuple(entries[x.document]), x.before, x.words, x.after) for x in hits.values())
    return WordHits(place, tuple(found))


def _first(recorded: events.Recorded, passage: Passage) -> tuple[PassagePlace, str] | None:
    if recorded.event is None or recorded.kind not in MASKABLE:
        return None
    for field, said in words_of(codec.encode(recorded.event)):
        for start, end in passage.places(said):
            return PassagePlace(recorded.index, field, start, end), said
    return None


def words_at(recorded: events.Recorded, place: PassagePlace) -> str:
    """The words at that place; "" if it does not exist."""
    if recorded.event is None:
        return ""
    return dict(words_of(codec.encode(recorded.event))).get(place.field, "")[place.start : place.end]
