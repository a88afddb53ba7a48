"""From waiting keystrokes to what the record keeps: one command per person and burst of writing.

The recorded document plus the bursts of one group, in their order, is the document as it stands in the room.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pycrdt

from deliberation import ids
from deliberation.commands import DrawMap, WriteText
from deliberation.vocabulary import ClauseChange, Draft, Node, NodeChange
from server.texts import guard, map, motion
from server.texts.motion import MotionText
from server.texts.replica import Replica

Told = WriteText | DrawMap
Content = TypeVar("Content")
Change = TypeVar("Change")


@dataclass(frozen=True)
class Waiting:
    """A journalled update that no entry holds yet; `started` is the instant when it came."""

    person: str
    update: bytes
    started: ids.Instant = ""


@dataclass(frozen=True)
class Burst:
    person: str
    command: Told


class Recorder:
    """The recorded state of a document, moved forward by bursts. ValueError for a document that is no text or map."""

    def __init__(self, document: str, *recorded: bytes) -> None:
        self.document = document
        self._tell = _telling(document)
        self.replica = Replica()
        for update in recorded:
            self.replica.apply(update)

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

    def flush(self, waiting: Sequence[Waiting]) -> tuple[Burst, ...]:
        """All that waits, as bursts in the order of first keystrokes.

        Whoever wrote upon another's words that wait as well comes after them, in a burst more.
        """
        bursts: list[Burst] = []
        queue = list(waiting)
        while queue:
            person = queue[0].person
            own = [each for each in queue if each.person == person]
            taken = self._longest(own)
            command = self.take([each.update for each in taken], taken[0].started)
            bursts.append(Burst(person, command))
            kept = {id(each) for each in taken}
            queue = [each for each in queue if id(each) not in kept]
        return tuple(bursts)

    def _longest(self, own: Sequence[Waiting]) -> Sequence[Waiting]:
        """As many of one person's first updates as rest on what is recorded; at least one."""
        trial = self.replica.clocks.copy()
        for count, each in enumerate(own):
            summary = guard.inspect(each.update)
            reach = trial | {run.client: run.end for run in summary.runs if run.end > trial.get(run.client, 0)}
            starts = all(run.start <= trial.get(run.client, 0) for run in summary.runs)
            needs = all(reach.get(client, 0) >= least for client, least in summary.needs.items())
            if not (starts and needs and all(reach.get(run.client, 0) >= run.end for run in summary.deletes)):
                return own[: max(count, 1)]
            trial = reach
        return own


def summarise(document: str, before: bytes, updates: Sequence[bytes], started: ids.Instant = "") -> Told:
    """One person's updates upon a recorded state (b"" for none), as a command."""
    return Recorder(document, *filter(None, [before])).take(updates, started)


def as_congress(document: str, before: bytes, update: bytes) -> Told:
    """What the server itself wrote with `motion.rewrite` or `map.rewrite`, as a command."""
    return summarise(document, before, [update])


def _telling(document: str) -> Callable[[Replica, bytes, tuple[int, ...], str], Told]:
    kind, number = ids.split(document)
    if kind == ids.MOTION:
        return lambda replica, update, clients, started: _written(number, replica, update, clients, started)
    if kind == ids.MAP:
        return lambda replica, update, clients, started: _drawn(number, replica, update, clients, started)
    raise ValueError(f"neither a motion nor a map: {document!r}")


def _written(number: int, replica: Replica, update: bytes, clients: tuple[int, ...], started: str) -> WriteText:
    before, effect, after = _around(replica, update, motion.read)
    title = after.title if after.title != before.title else None
    order = after.order if after.order != before.order else None
    return WriteText(number, effect, clients, _clause_changes(before, after), title, order, started)


def _drawn(number: int, replica: Replica, update: bytes, clients: tuple[int, ...], started: str) -> DrawMap:
    before, effect, after = _around(replica, update, map.read)
    return DrawMap(number, effect, clients, _node_changes(before, after), started)


def _around(
    replica: Replica, update: bytes, read: Callable[[pycrdt.Doc[object]], Content]
) -> tuple[Content, str, Content]:
    before = read(replica.doc)
    replica.apply(update)
    return before, base64.b64encode(update).decode(), read(replica.doc)


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
