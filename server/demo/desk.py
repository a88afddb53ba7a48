"""Where the people of the story write: the Yjs documents of motions and maps, and what each burst changed in them."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import pycrdt

from deliberation import commands as c
from deliberation import ids
from deliberation.vocabulary import ClauseChange, Draft, Node, NodeChange
from server.texts import map as maps
from server.texts import motion as motions
from server.texts.editing import congress_client
from server.texts.motion import MotionText


class Desk:
    """Keeps each document as the bursts so far have made it; the same bursts always give the same bytes."""

    def __init__(self) -> None:
        self._documents: dict[str, bytes] = {}

    def write(
        self,
        document: str,
        person: str,
        title: str | None,
        changes: Mapping[str, Draft | None],
        order: tuple[str, ...],
        started: ids.Instant,
    ) -> c.WriteText:
        """One person's burst: a new title, new clauses or wordings; None takes a clause out. `order` is that of all."""
        before = motions.read(self._open(document))
        drafts = {**dict(before.clauses), **changes}
        told = tuple((id_, draft) for id_ in order if (draft := drafts.get(id_)) is not None)
        seat = _seat(document, person)
        update = motions.rewrite(seat, self._state(document), MotionText(title or before.title, told))
        after = motions.read(self._take(document, update))
        return c.WriteText(
            motion=ids.split(document)[1],
            update=base64.b64encode(update).decode(),
            clients=(congress_client(seat),),
            changes=_clause_changes(before, after),
            title=after.title if after.title != before.title else None,
            order=after.order if after.order != before.order else None,
            started=started,
        )

    def draw(self, document: str, person: str, nodes: Mapping[str, Node], started: ids.Instant) -> c.DrawMap:
        """One person's burst: nodes added or changed."""
        before = maps.read(self._open(document))
        seat = _seat(document, person)
        update = maps.rewrite(seat, self._state(document), {**before, **nodes})
        after = maps.read(self._take(document, update))
        changed = (id_ for id_ in after if before.get(id_) != after[id_])
        return c.DrawMap(
            map=ids.split(document)[1],
            update=base64.b64encode(update).decode(),
            clients=(congress_client(seat),),
            changes=tuple(NodeChange(id_, before.get(id_), after[id_]) for id_ in changed),
            started=started,
        )

    def _state(self, document: str) -> bytes:
        return self._documents.get(document, b"")

    def _open(self, document: str) -> pycrdt.Doc[pycrdt.XmlFragment | pycrdt.Map[object]]:
        doc: pycrdt.Doc[pycrdt.XmlFragment | pycrdt.Map[object]] = pycrdt.Doc()
        if state := self._state(document):
            doc.apply_update(state)
        return doc

    def _take(self, document: str, update: bytes) -> pycrdt.Doc[pycrdt.XmlFragment | pycrdt.Map[object]]:
        doc = self._open(document)
        doc.apply_update(update)
        self._documents[document] = doc.get_update()
        return doc


def _seat(document: str, person: str) -> str:
    """The name from which this person's own client id in that document follows."""
    return f"{document} {person}"


def _clause_changes(before: MotionText, after: MotionText) -> tuple[ClauseChange, ...]:
    old, new = dict(before.clauses), dict(after.clauses)
    touched = (id_ for id_ in {**old, **new} if old.get(id_) != new.get(id_))
    return tuple(ClauseChange(id_, old.get(id_), new.get(id_)) for id_ in touched)
