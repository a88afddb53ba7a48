"""Rebuilds texts and maps from the record alone, and compares them with what the record says in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from deliberation.evolve import evolve
from deliberation.kernel import events, ids
from deliberation.kernel.commands import WriteText
from deliberation.kernel.state import State
from deliberation.record.report import Finding
from deliberation.text.canonical_words import canonical
from server.texts import bursts, motion
from server.texts import map as maps
from server.texts.lib0 import MalformedBytes
from server.texts.replica import NOTHING, Missing, Replica, Unfit
from server.texts.spelling import canonical_drafts, canonical_nodes


class Rebuilt:
    """The documents of a congress, from its `text.written` and `map.drawn` entries.

    `broken` maps a document that can no longer be rebuilt to the index of the entry that caused it and the reason: its
    payload is gone, or its update does not apply. `misattributed`: the first entry of each document whose stated
    authors differ from those that its update implies.
    """

    def __init__(self) -> None:
        self.replicas: dict[str, Replica] = {}
        self.broken: dict[str, tuple[int, str]] = {}
        self.misattributed: dict[str, int] = {}
        self._attributions: dict[str, Attribution] = {}

    def take(self, entry: events.Recorded) -> None:
        """Takes the next entry."""
        if entry.kind not in (events.TextWritten.kind, events.MapDrawn.kind) or entry.document in self.broken:
            return
        if not isinstance(entry.event, (events.TextWritten, events.MapDrawn)):
            self.broken[entry.document] = (entry.index, "gone")
            return
        try:
            self._apply(entry, entry.event)
        except (ValueError, Missing, Unfit) as error:
            self.broken[entry.document] = (entry.index, str(error))

    def _apply(self, entry: events.Recorded, event: events.TextWritten | events.MapDrawn) -> None:
        replica = self.replicas.setdefault(entry.document, Replica())
        known = self._attributions.get(entry.document)
        if isinstance(event, events.TextWritten) and (known or bursts.says_authors(event)):
            known = self._attributions[entry.document] = known or Attribution(event.motion, replica)
            if not known.is_right(event, entry.actor) and bursts.says_authors(event):
                self.misattributed.setdefault(entry.document, entry.index)
        else:
            replica.apply(bursts.decode(event.update))

    def state(self, document: str) -> bytes:
        """The document as one update; b"" if nothing was written."""
        replica = self.replicas.get(document)
        return replica.full() if replica else b""


class Attribution:
    """Checks that entries about a motion attribute letters as their updates do: kept, or inserted by the author."""

    def __init__(self, motion: int, replica: Replica) -> None:
        self._motion = motion
        self._reader = bursts.MotionReader(replica)
        self._owners: dict[int, str] = {}

    def is_right(self, event: events.TextWritten, actor: str) -> bool:
        """Applies the update of the event and checks it. A client id belongs to the congress, or to its first writer
        (C4).
        """
        update = bursts.decode(event.update)
        told = self._reader.take(self._motion, update, self._reader.clients(update), event.started, event.canonical)
        owned = actor == ids.CONGRESS or all(self._owners.setdefault(client, actor) == actor for client in told.clients)
        if event.title is None:  # of a text that was brought in: the entry that opens the motion names it
            told = replace(told, title_kept=None)
        return owned and told.clients == event.clients and _kept(told) == _kept(event)


def _kept(told: events.TextWritten | WriteText) -> object:
    return told.title_kept, {change.id: change.kept for change in told.changes}


def rebuild(recorded: Iterable[events.Recorded]) -> Rebuilt:
    """Rebuilds all documents from these entries."""
    rebuilt = Rebuilt()
    for entry in recorded:
        rebuilt.take(entry)
    return rebuilt


def unlike(rebuilt: Rebuilt, state: State) -> Iterator[tuple[str, str]]:
    """The documents whose rebuilt text differs from the folded one, with what differs: title, order, clauses or
    nodes. Words are compared in canonical spelling: entries of earlier versions say them as they were typed (M35).
    """
    for document, replica in rebuilt.replicas.items():
        if document in rebuilt.broken:
            continue
        kind, number = ids.split(document)
        if kind == ids.MOTION:
            yield from ((document, what) for what in _motion_differences(replica, state, number))
        else:
            if canonical_nodes(maps.read(replica.doc)) != canonical_nodes(state.maps[number].nodes):
                yield document, "nodes"


def _motion_differences(replica: Replica, state: State, number: int) -> Iterator[str]:
    text, folded = motion.read(replica.doc), state.motions[number]
    if (title := canonical(text.title)) and canonical(folded.title) != title:
        yield "title"
    if text.order != folded.order:
        yield "order"
    if canonical_drafts(dict(text.clauses)) != canonical_drafts(folded.draft):
        yield "clauses"


def verify_texts(recorded: Iterable[events.Recorded]) -> Iterator[Finding]:
    """The `texts` hook of `deliberation.record.verify`: replays every document over the same entries."""
    rebuilt, state = Rebuilt(), State()
    for entry in recorded:
        rebuilt.take(entry)
        state = evolve(state, entry)
    for document, (index, why) in rebuilt.broken.items():
        if why != "gone":
            yield Finding("text.update", entry=index, params={"document": document, "why": why})
    for document, index in rebuilt.misattributed.items():
        yield Finding("text.authors", entry=index, params={"document": document})
    for document, what in unlike(rebuilt, state):
        yield Finding("text.differs", params={"document": document, "what": what})


class Kept(Protocol):
    """Storage of entries and documents."""

    def recorded(self, slug: str) -> Iterable[events.Recorded]: ...
    def document(self, slug: str, document: str) -> tuple[bytes | None, object]: ...


def differences(store: Kept, slug: str, folded: State) -> tuple[list[str], dict[str, bytes]]:
    """What differs between the record and the stored documents, as lines; and the documents as they should be."""
    rebuilt = rebuild(store.recorded(slug))
    found = [f"{document}: entrée {index} : {why}" for document, (index, why) in rebuilt.broken.items()]
    found += [f"{document}: entrée {index} : auteurs" for document, index in rebuilt.misattributed.items()]
    found += [f"{document}: {what}" for document, what in unlike(rebuilt, folded)]
    documents = {name: rebuilt.state(name) for name in rebuilt.replicas if name not in rebuilt.broken}
    found += [f"{name}: document" for name in documents if not _is_kept(store, slug, name, rebuilt.replicas[name])]
    return found, documents


def _is_kept(store: Kept, slug: str, document: str, replica: Replica) -> bool:
    """Whether the stored document has the same structs and deletions."""
    kept, _ = store.document(slug, document)
    try:
        other = Replica(kept or NOTHING)
    except (MalformedBytes, Missing, Unfit):
        return False
    return replica.holds(other) and other.holds(replica)
