"""Texts and maps rebuilt from the record alone, and compared with what the record says in words."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator

from deliberation import events, ids
from deliberation.evolve import evolve
from deliberation.record.report import Finding
from deliberation.state import State
from server.texts import map, motion
from server.texts.lib0 import Malformed
from server.texts.replica import Missing, Replica, Unfit


class Rebuilt:
    """The documents of a congress, from its `text.written` and `map.drawn` entries.

    `broken` maps a document that cannot be followed any more to the index of the entry where that happened and why:
    its payload is gone, or its update does not fit.
    """

    def __init__(self) -> None:
        self.replicas: dict[str, Replica] = {}
        self.broken: dict[str, tuple[int, str]] = {}

    def take(self, entry: events.Recorded) -> None:
        if entry.kind not in (events.TextWritten.kind, events.MapDrawn.kind) or entry.document in self.broken:
            return
        if not isinstance(entry.event, (events.TextWritten, events.MapDrawn)):
            self.broken[entry.document] = (entry.index, "gone")
            return
        try:
            update = base64.b64decode(entry.event.update, validate=True)
            self.replicas.setdefault(entry.document, Replica()).apply(update)
        except (Malformed, Missing, Unfit, binascii.Error) as error:
            self.broken[entry.document] = (entry.index, str(error))

    def state(self, document: str) -> bytes:
        """The document as one update; b"" when nothing was written."""
        replica = self.replicas.get(document)
        return replica.full() if replica else b""


def rebuild(recorded: Iterable[events.Recorded]) -> Rebuilt:
    rebuilt = Rebuilt()
    for entry in recorded:
        rebuilt.take(entry)
    return rebuilt


def differences(rebuilt: Rebuilt, state: State) -> Iterator[tuple[str, str]]:
    """The documents whose text as rebuilt is not the folded one, with what differs: title, order, clauses or nodes."""
    for number in state.motions:
        name = ids.document(ids.MOTION, number)
        if name in rebuilt.replicas and name not in rebuilt.broken:
            yield from ((name, what) for what in _motion_differences(rebuilt.replicas[name], state, number))
    for number, mindmap in state.maps.items():
        name = ids.document(ids.MAP, number)
        if name in rebuilt.replicas and name not in rebuilt.broken:
            if map.read(rebuilt.replicas[name].doc) != dict(mindmap.nodes):
                yield name, "nodes"


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
    for document, what in differences(rebuilt, state):
        yield Finding("text.differs", params={"document": document, "what": what})
