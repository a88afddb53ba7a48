"""From journalled keystrokes to entries of the record: one command per person and burst of writing.

Applying the bursts of one group to the recorded document, in their order, gives the document as it is in the room.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Protocol, TypeVar

import pycrdt

from deliberation.kernel import ids
from deliberation.kernel.commands import DrawMap, WriteText
from deliberation.kernel.events import MapDrawn, TextWritten
from deliberation.kernel.vocabulary import ClauseChange, Draft, Node, NodeChange
from server.texts import guard
from server.texts import map as mindmap
from server.texts.letters import NumberedMotion, OldTexts, TrackedMotion, Untracked
from server.texts.motion import MotionText
from server.texts.replica import Missing, Replica
from server.texts.spelling import canonical_nodes

logger = logging.getLogger("pleniere.texts")

MOST_BYTES = 256 * 1024
"""Bytes of the updates of one burst, if it has several: what one person wrote beyond makes a further entry, so that
reading a burst holds the writer for less than half a second. A minute of typing has a hundredth of it.
"""

Told = WriteText | DrawMap
Content = TypeVar("Content")
Change = TypeVar("Change")


class PendingBurst(Protocol):
    """One person's updates that are not recorded yet, in order; `started` is the instant of the first."""

    @property
    def person(self) -> str: ...
    @property
    def updates(self) -> Sequence[bytes]: ...
    @property
    def started(self) -> ids.Instant: ...


@dataclass(frozen=True)
class WaitingUpdate:
    """Journalled updates of one person; implements `PendingBurst`."""

    person: str
    updates: tuple[bytes, ...]
    started: ids.Instant = ""


@dataclass(frozen=True)
class Burst:
    """The updates of one person that make one entry, with the command that records them."""

    person: str
    command: Told


class Recorder:
    """The recorded state of a document, advanced burst by burst. ValueError for a document that is no text or map."""

    def __init__(self, document: str, *recorded: bytes) -> None:
        kind, self._number = ids.split(document)
        if kind not in (ids.MOTION, ids.MAP):
            raise ValueError(f"not a motion or a map: {document!r}")
        self.replica = Replica(*recorded)
        self._motion = MotionReader(self.replica) if kind == ids.MOTION else None

    @property
    def state(self) -> bytes:
        """The whole document as one update."""
        return self.replica.full()

    def take(self, updates: Sequence[bytes], started: ids.Instant = "", is_canonical: bool = True) -> Told:
        """Applies these updates of one person; returns the command that records them, in canonical words (M35) unless
        it is to be as earlier versions said it. Missing if they depend on unrecorded ones.
        """
        update = updates[0] if len(updates) == 1 else pycrdt.merge_updates(*updates)
        clients = _clients(self.replica, update)
        if self._motion:
            return self._motion.take(self._number, update, clients, started, is_canonical)
        return _drawn(self._number, self.replica, update, clients, started, is_canonical)

    def flush(self, waiting: Sequence[PendingBurst]) -> tuple[Burst, ...]:
        """All that waits, as bursts in the order of `waiting`: that of first keystrokes.

        Updates that depend on another person's waiting ones follow these in a further burst. Missing if something
        depends on what is neither recorded nor waiting.
        """
        bursts: list[Burst] = []
        queue = [(each, list(each.updates)) for each in waiting if each.updates]
        while queue:
            before = len(bursts)
            for each, updates in queue:
                if count := self.applicable(updates):
                    bursts.append(Burst(each.person, self.take(updates[:count], each.started)))
                    del updates[:count]
            if len(bursts) == before:
                raise Missing("waiting updates rest on what is not known")
            queue = [(each, updates) for each, updates in queue if updates]
        return tuple(bursts)

    def applicable(self, updates: Sequence[bytes]) -> int:
        """How many of one person's first updates depend only on what is recorded and on each other."""
        reached = dict(self.replica.clocks)
        for count, update in enumerate(updates):
            summary = guard.inspect(update)
            after = reached | {run.client: run.end for run in summary.runs if run.end > reached.get(run.client, 0)}
            starts = all(run.start <= reached.get(run.client, 0) for run in summary.runs)
            rests = all(after.get(client, 0) >= least for client, least in summary.needs.items())
            if not (starts and rests and all(after.get(run.client, 0) >= run.end for run in summary.deletes)):
                return count
            reached = after
        return len(updates)


def fitting(updates: Sequence[bytes]) -> int:
    """How many of these updates, at least one, make a burst of at most `MOST_BYTES`."""
    ends = accumulate(map(len, updates))
    return max(1, sum(end <= MOST_BYTES for end in ends))


def summarise(document: str, before: bytes, updates: Sequence[bytes], started: ids.Instant = "") -> Told:
    """The command that records one person's updates to a recorded state (b"" for none)."""
    return Recorder(document, *_some(before)).take(updates, started)


def _some(state: bytes | None) -> tuple[bytes, ...]:
    return (state,) if state else ()


def encode(update: bytes) -> str:
    """An update in the form that commands and entries hold it in, base64."""
    return base64.b64encode(update).decode()


def decode(update: str) -> bytes:
    """The update in base64; ValueError for anything else."""
    return base64.b64decode(update, validate=True)


def as_congress(document: str, before: bytes, update: bytes) -> Told:
    """The command that records what the server itself wrote with `motion.rewrite` or `map.rewrite`."""
    return summarise(document, before, [update])


class MotionReader:
    """Describes what updates change in a motion; only the clauses that they touch are read."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._letters = TrackedMotion(replica.doc)

    def clients(self, update: bytes) -> tuple[int, ...]:
        """The client ids under which the update adds structs."""
        return _clients(self._replica, update)

    def take(self, number: int, update: bytes, clients: tuple[int, ...], started: str, is_canonical: bool) -> WriteText:
        """Applies an update and describes what it changed, in canonical words or as they were typed."""
        before, doc, is_tracked = self._text(is_canonical), self._replica.doc, True
        try:
            self._letters.follow(doc, lambda: self._replica.apply(update))
        except Untracked as error:
            logger.warning("the letters of motion %s are numbered anew: %s", number, error)
            self._letters, is_tracked = TrackedMotion(self._replica.doc), False
        after = self._text(is_canonical)
        told = _written(number, encode(update), clients, started, before.text, after.text)
        told = replace(told, canonical=is_canonical)
        return attributed(told, before, after) if is_tracked else told

    def _text(self, is_canonical: bool) -> NumberedMotion:
        return self._letters.canonical if is_canonical else self._letters.reading


def _clients(replica: Replica, update: bytes) -> tuple[int, ...]:
    return tuple(dict.fromkeys(run.client for run in replica.fresh(guard.inspect(update))))


def attributed(told: WriteText, before: NumberedMotion, after: NumberedMotion) -> WriteText:
    """The command with the characters that each new text keeps of the old ones."""
    old = {id_: (draft.markdown, before.clauses[id_]) for id_, draft in before.text.clauses}
    clauses = OldTexts(old)
    changes = tuple(
        replace(change, kept=clauses.kept(change.id, change.after.markdown, after.clauses[change.id]))
        if change.after
        else replace(change, kept=())
        for change in told.changes
    )
    title = None
    if told.title is not None:
        title = OldTexts({"": (before.text.title, before.title)}).kept("", told.title, after.title)
    return replace(told, changes=changes, title_kept=title)


def says_authors(written: Told | TextWritten | MapDrawn) -> bool:
    """Whether it says which letters were kept: records of earlier versions do not, and maps never do."""
    if isinstance(written, (DrawMap, MapDrawn)):
        return False
    return written.title_kept is not None or any(change.kept is not None for change in written.changes)


def unattributed(told: Told) -> Told:
    """The same in the words of a record that does not say which letters were kept."""
    if isinstance(told, DrawMap):
        return told
    return replace(told, changes=tuple(replace(change, kept=None) for change in told.changes), title_kept=None)


def _written(
    number: int, effect: str, clients: tuple[int, ...], started: str, before: MotionText, after: MotionText
) -> WriteText:
    title = after.title if after.title != before.title else None
    order = after.order if after.order != before.order else None
    return WriteText(number, effect, clients, _clause_changes(before, after), title, order, started)


def _drawn(
    number: int, replica: Replica, update: bytes, clients: tuple[int, ...], started: str, is_canonical: bool
) -> DrawMap:
    before, effect, after = _around(replica, update, mindmap.read)
    if is_canonical:
        before, after = canonical_nodes(before), canonical_nodes(after)
    return DrawMap(number, effect, clients, _node_changes(before, after), started, is_canonical)


def _around(
    replica: Replica, update: bytes, read: Callable[[pycrdt.Doc[Any]], Content]
) -> tuple[Content, str, Content]:
    before = read(replica.doc)
    replica.apply(update)
    return before, encode(update), read(replica.doc)


def _clause_changes(before: MotionText, after: MotionText) -> tuple[ClauseChange, ...]:
    return _changes(ClauseChange, dict[str, Draft](before.clauses), dict[str, Draft](after.clauses))


def _node_changes(before: Mapping[str, Node], after: Mapping[str, Node]) -> tuple[NodeChange, ...]:
    return _changes(NodeChange, before, after)


def _changes(
    change: Callable[[str, Content | None, Content | None], Change],
    before: Mapping[str, Content],
    after: Mapping[str, Content],
) -> tuple[Change, ...]:
    """The changes from `before` to `after`: deletions first, then new and changed ones in their order."""
    gone = [change(id_, old, None) for id_, old in before.items() if id_ not in after]
    other = [change(id_, before.get(id_), new) for id_, new in after.items() if before.get(id_) != new]
    return (*gone, *other)
