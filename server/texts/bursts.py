"""From waiting keystrokes to what the record keeps: one command per person and burst of writing.

The recorded document plus the bursts of one group, in their order, is the document as it stands in the room.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import pycrdt

from deliberation.kernel import ids
from deliberation.kernel.commands import DrawMap, WriteText
from deliberation.kernel.vocabulary import ClauseChange, Draft, Node, NodeChange
from server.texts import guard, motion
from server.texts import map as mindmap
from server.texts.motion import MotionText
from server.texts.replica import Missing, Replica

Told = WriteText | DrawMap
Content = TypeVar("Content")
Change = TypeVar("Change")


class PendingBurst(Protocol):
    """What one person wrote that no entry holds yet: journalled updates in order; when the first came."""

    @property
    def person(self) -> str: ...
    @property
    def updates(self) -> Sequence[bytes]: ...
    @property
    def started(self) -> ids.Instant: ...


@dataclass(frozen=True)
class WaitingUpdate:
    person: str
    updates: tuple[bytes, ...]
    started: ids.Instant = ""


@dataclass(frozen=True)
class Burst:
    person: str
    command: Told


class Recorder:
    """The recorded state of a document, moved forward by bursts. ValueError for a document that is no text or map."""

    def __init__(self, document: str, *recorded: bytes) -> None:
        self._tell = _telling(document)
        self.replica = Replica(*recorded)

    @property
    def state(self) -> bytes:
        """The whole document as one update."""
        return self.replica.full()

    def take(self, updates: Sequence[bytes], started: ids.Instant = "") -> Told:
        """What these updates of one person do, told in words. Missing when they rest on others that wait."""
        merged = updates[0] if len(updates) == 1 else pycrdt.merge_updates(*updates)
        summary = guard.inspect(merged)
        clients = tuple(dict.fromkeys(run.client for run in self.replica.fresh(summary)))
        return self._tell(self.replica, merged, clients, started)

    def flush(self, waiting: Sequence[PendingBurst]) -> tuple[Burst, ...]:
        """All that waits, as bursts in the order of `waiting`: that of first keystrokes.

        Whoever wrote upon another's words that wait as well comes after them, in a burst more. Missing when something
        rests on what is neither recorded nor waiting.
        """
        bursts: list[Burst] = []
        queue = [(each, list(each.updates)) for each in waiting if each.updates]
        while queue:
            before = len(bursts)
            for each, updates in queue:
                if count := self._applicable(updates):
                    bursts.append(Burst(each.person, self.take(updates[:count], each.started)))
                    del updates[:count]
            if len(bursts) == before:
                raise Missing("waiting updates rest on what is not known")
            queue = [(each, updates) for each, updates in queue if updates]
        return tuple(bursts)

    def _applicable(self, updates: Sequence[bytes]) -> int:
        """How many of one person's first updates rest on what is recorded and on each other."""
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


def summarise(document: str, before: bytes, updates: Sequence[bytes], started: ids.Instant = "") -> Told:
    """One person's updates upon a recorded state (b"" for none), as a command."""
    return Recorder(document, *_some(before)).take(updates, started)


def _some(state: bytes | None) -> tuple[bytes, ...]:
    return (state,) if state else ()


def encode(update: bytes) -> str:
    """An update as it stands in a command and in the record."""
    return base64.b64encode(update).decode()


def decode(update: str) -> bytes:
    """ValueError when it is not base64."""
    return base64.b64decode(update, validate=True)


def as_congress(document: str, before: bytes, update: bytes) -> Told:
    """What the server itself wrote with `motion.rewrite` or `map.rewrite`, as a command."""
    return summarise(document, before, [update])


def _telling(document: str) -> Callable[[Replica, bytes, tuple[int, ...], str], Told]:
    kind, number = ids.split(document)
    if kind == ids.MOTION:
        return lambda replica, update, clients, started: _written(number, replica, update, clients, started)
    if kind == ids.MAP:
        return lambda replica, update, clients, started: _drawn(number, replica, update, clients, started)
    raise ValueError(f"not a motion or a map: {document!r}")


def _written(number: int, replica: Replica, update: bytes, clients: tuple[int, ...], started: str) -> WriteText:
    before, effect, after = _around(replica, update, motion.read)
    title = after.title if after.title != before.title else None
    order = after.order if after.order != before.order else None
    return WriteText(number, effect, clients, _clause_changes(before, after), title, order, started)


def _drawn(number: int, replica: Replica, update: bytes, clients: tuple[int, ...], started: str) -> DrawMap:
    before, effect, after = _around(replica, update, mindmap.read)
    return DrawMap(number, effect, clients, _node_changes(before, after), started)


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
    """Deleted first, then new and changed ones in their order."""
    gone = [change(id_, old, None) for id_, old in before.items() if id_ not in after]
    other = [change(id_, before.get(id_), new) for id_, new in after.items() if before.get(id_) != new]
    return (*gone, *other)
