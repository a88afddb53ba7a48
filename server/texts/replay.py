"""Texts and maps rebuilt from the record alone, and compared with what the record says in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from deliberation.evolve import evolve
from deliberation.kernel import events, ids
from deliberation.kernel.commands import WriteText
from deliberation.kernel.state import State
from deliberation.record.report import Finding
from server.texts import bursts, motion
from server.texts import map as maps
from server.texts.lib0 import MalformedBytes
from server.texts.replica import NOTHING, Missing, Replica, Unfit


class Rebuilt:
    """The documents of a congress, from its `text.written` and `map.drawn` entries.

    `broken` maps a document that cannot be followed any more to the index of the entry where that happened and why:
    its payload is gone, or its update does not fit. `misattributed`: the first entry of each document whose letters
    have other authors than its update says.
    """

    def __init__(self) -> None:
        self.replicas: dict[str, Replica] = {}
        self.broken: dict[str, tuple[int, str]] = {}
        self.misattributed: dict[str, int] = {}
        self._attributions: dict[str, Attribution] = {}

    def take(self, entry: events.Recorded) -> None:
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
        if isinstance(event, events.TextWritten) and (known or _says_authors(event)):
            known = self._attributions[entry.document] = known or Attribution(event.motion, replica)
            if not known.is_right(event, entry.actor) and _says_authors(event):
                self.misattributed.setdefault(entry.document, entry.index)
        else:
            replica.apply(bursts.decode(event.update))

    def state(self, document: str) -> bytes:
        """The document as one update; b"" when nothing was written."""
        replica = self.replicas.get(document)
        return replica.full() if replica else b""


class Attribution:
    """Whether entries about a motion say of each letter what their updates say: kept, or inserted by who wrote them."""

    def __init__(self, motion: int, replica: Replica) -> None:
        self._motion = motion
        self._reader = bursts.MotionReader(replica)
        self._owners: dict[int, str] = {}

    def is_right(self, event: events.TextWritten, actor: str) -> bool:
        """Applies the update of the event. A client id is the congress's, or of whoever wrote first under it (C4)."""
        update = bursts.decode(event.update)
        told = self._reader.take(self._motion, update, self._reader.clients(update), event.started)
        owned = actor == ids.CONGRESS or all(self._owners.setdefault(client, actor) == actor for client in told.clients)
        if event.title is None:  # of a text that was brought in: the entry that opens the motion names it
            told = replace(told, title_kept=None)
        return owned and told.clients == event.clients and _kept(told) == _kept(event)


def _says_authors(event: events.TextWritten) -> bool:
    return event.title_kept is not None or any(change.kept is not None for change in event.changes)


def _kept(told: events.TextWritten | WriteText) -> object:
    return told.title_kept, {change.id: change.kept for change in told.changes}


def rebuild(recorded: Iterable[events.Recorded]) -> Rebuilt:
    rebuilt = Rebuilt()
    for entry in recorded:
        rebuilt.take(entry)
    return rebuilt


def unlike(rebuilt: Rebuilt, state: State) -> Iterator[tuple[str, str]]:
    """The documents whose text as rebuilt is not the folded one, with what differs: title, order, clauses or nodes."""
    for document, replica in rebuilt.replicas.items():
        if document in rebuilt.broken:
            continue
        kind, number = ids.split(document)
        if kind == ids.MOTION:
            yield from ((document, what) for what in _motion_differences(replica, state, number))
        elif maps.read(replica.doc) != dict(state.maps[number].nodes):
            yield document, "nodes"


def _motion_differences(replica: Replica, state: State, number: int) -> Iterator[str]:
    text, folded = motion.read(replica.doc), state.motions[number]
    if text.title and text.title != folded.title:
        yield "title"
    if text.order != folded.order:
        yield "order"
    if dict(text.clauses) != dict(folded.draft):
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
    """Where entries and documents are stored."""

    def recorded(self, slug: str) -> Iterable[events.Recorded]: ...
    def document(self, slug: str, document: str) -> tuple[bytes | None, object]: ...


def differences(store: Kept, slug: str, folded: State) -> tuple[list[str], dict[str, bytes]]:
    """What differs between the record and the texts that are kept, in words; and the documents as they should be."""
    rebuilt = rebuild(store.recorded(slug))
    found = [f"{document}: entrée {index} : {why}" for document, (index, why) in rebuilt.broken.items()]
    found += [f"{document}: entrée {index} : auteurs" for document, index in rebuilt.misattributed.items()]
    found += [f"{document}: {what}" for document, what in unlike(rebuilt, folded)]
    documents = {name: rebuilt.state(name) for name in rebuilt.replicas if name not in rebuilt.broken}
    found += [f"{name}: document" for name in documents if not _is_kept(store, slug, name, rebuilt.replicas[name])]
    return found, documents


def _is_kept(store: Kept, slug: str, document: str, replica: Replica) -> bool:
    """Whether the stored document holds the same structs and deletions."""
    kept, _ = store.document(slug, document)
    try:
        other = Replica(kept or NOTHING)
    except (MalformedBytes, Missing, Unfit):
        return False
    return replica.holds(other) and other.holds(replica)
