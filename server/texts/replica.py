"""A Yjs document that takes nothing unchecked, and survives what it refuses.

Every update passes the guard, must rest on what is known, may not nest types too deeply, and may not leave anything
waiting inside. After any failure of the native library the document is rebuilt from what it had taken before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Collection, Iterable

import pycrdt

from server.texts import guard, lib0
from server.texts.guard import Id, Run, Summary, TypeItem

MAX_NESTING = 48
"""Levels of types within types. A few thousand overflow the native stack when the outermost is deleted."""

NOTHING = b"\0\0"
"""The update that changes nothing."""

COMPACT_AFTER = 512
"""Updates kept one by one, for a rebuild, before they are folded into one."""


class Missing(Exception):
    """An update rests on structs that are not known here."""


class Unfit(Exception):
    """A well-formed update that the document cannot take."""


class Replica:
    """A document and what is known of it: clocks, deletions, nesting.

    `version` counts the updates that changed it. Those taken as loose may be withdrawn until they are settled.
    """

    def __init__(self, *updates: bytes) -> None:
        self.clocks: dict[int, int] = {}
        self.version = 0
        self._loose: deque[bytes] = deque()
        self._deleted = Ranges()
        self._pairs = Ranges()
        self._depths = Depths()
        self._base = b""
        self._tail: list[bytes] = []
        self._full: bytes | None = None
        self._open(())
        for update in updates:
            self.apply(update)

    def apply(self, update: bytes, summary: Summary | None = None, loose: bool = False) -> bytes:
        """What the update changed here, as an update; b"" when all of it was known.

        Malformed, Missing or Unfit: nothing has changed.
        """
        summary = guard.inspect(update) if summary is None else summary
        fresh = self.fresh(summary)
        if not fresh and self._deleted.covers(summary.deletes):
            return b""
        self._check_rests(summary, fresh)
        self._check_cuts(summary)
        depths = self._depths.of(summary.types, self.clocks)
        effect, done = self._try(update, fresh)
        self._took(effect, fresh, (*summary.deletes, *done.deletes, *done.gone), summary.pairs, depths)
        if loose:
            self._loose.append(effect)
        return effect

    def settle(self) -> None:
        """The first loose update stays for good."""
        self._loose.popleft()

    def knows(self, summary: Summary) -> bool:
        """Whether the update would change nothing."""
        return not self.fresh(summary) and self._deleted.covers(summary.deletes)

    def fresh(self, summary: Summary) -> list[Run]:
        """The structs of the update that are not known here."""
        clocks = self.clocks
        return [
            Run(run.client, max(run.start, clocks.get(run.client, 0)), run.end)
            for run in summary.runs
            if run.end > clocks.get(run.client, 0)
        ]

    def holds(self, other: Replica) -> bool:
        """Whether it knows all that the other knows."""
        return self.knows(guard.inspect(other.full()))

    def full(self) -> bytes:
        """The whole document as one update."""
        if self._full is None:
            self._full = self.doc.get_update()
            if not self._loose:
                self._base, self._tail = self._full, []
        return self._full

    def since(self, clocks: dict[int, int]) -> bytes:
        """What a replica with these clocks lacks, and all deletions."""
        known = {
            client: min(clock - self._pairs.is_odd(client, clock), self.clocks[client])
            for client, clock in clocks.items()
            if client in self.clocks
        }
        return self.doc.get_update(lib0.state_vector(known)) if known else self.full()

    def state_vector(self) -> bytes:
        return lib0.state_vector(self.clocks)

    def without(self, effects: Collection[bytes]) -> tuple[Replica, list[bytes]]:
        """The document without these loose updates, and those that had to go with them."""
        fallen = list(effects)
        other = Replica(*filter(None, [self._base]))
        for effect in self._tail:
            if effect in effects:
                continue
            try:
                other.apply(effect)
            except (Missing, Unfit):
                fallen.append(effect)
        other._loose.extend(effect for effect in self._loose if effect not in fallen)
        return other, fallen

    def _check_rests(self, summary: Summary, fresh: list[Run]) -> None:
        known = self.clocks
        reached: dict[int, int] = {}
        for run in fresh:
            if run.start > reached.get(run.client, known.get(run.client, 0)):
                raise Missing("a struct is missing before those that came")
            reached[run.client] = run.end
        for client, count in summary.needs.items():
            if count > reached.get(client, known.get(client, 0)):
                raise Missing("a struct is missing that others stand beside or in")
        for run in summary.deletes:
            if run.end > reached.get(run.client, known.get(run.client, 0)):
                raise Missing("a struct is deleted that is not known")

    def _check_cuts(self, summary: Summary) -> None:
        """The native library miscounts text that is split within a character of two UTF-16 units."""
        new = Ranges(summary.pairs)
        if not (new or self._pairs):
            return
        ends = ((run.client, clock) for run in summary.deletes for clock in run[1:])
        for client, clock in (*summary.cuts, *ends):
            if new.is_odd(client, clock) or self._pairs.is_odd(client, clock):
                raise Unfit("a character is split")

    def _try(self, update: bytes, fresh: list[Run]) -> tuple[bytes, Summary]:
        effects: list[bytes] = []
        try:
            subscription = self.doc.observe(lambda event: effects.append(event.update))
            self.doc.apply_update(update)
            self.doc.unobserve(subscription)  # a document that is observed is never freed
            effect = effects[-1] if effects else NOTHING
            done = guard.inspect(effect)
            if ends(done.runs) == ends(fresh):
                return effect, done
            reason = "the structs of an update wait for each other"
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # the native library panics outside of Exception
            reason = str(error)[:200]
        self._rebuild()
        raise Unfit(reason)

    def _took(
        self, effect: bytes, fresh: list[Run], gone: Iterable[Run], pairs: Iterable[Run], depths: dict[Id, int]
    ) -> None:
        for run in fresh:
            self.clocks[run.client] = run.end
        self._deleted.add(gone)
        self._pairs.add(pairs)
        self._depths.add(depths)
        self._full = None
        self._tail.append(effect)
        self.version += 1
        if len(self._tail) % COMPACT_AFTER == 0:
            self._compact()

    def _compact(self) -> None:
        firm = self._tail.index(self._loose[0]) if self._loose else len(self._tail)
        if firm:
            self._base = pycrdt.merge_updates(*filter(None, [self._base]), *self._tail[:firm])
            del self._tail[:firm]

    def _rebuild(self) -> None:
        self._open([*filter(None, [self._base]), *self._tail])

    def _open(self, updates: Iterable[bytes]) -> None:
        self.doc: pycrdt.Doc[pycrdt.XmlFragment | pycrdt.Map[object]] = pycrdt.Doc()
        for update in updates:
            self.doc.apply_update(update)


def ends(runs: Iterable[Run]) -> dict[int, int]:
    """The last clock of each client among `runs`."""
    return {run.client: run.end for run in runs}


class Ranges:
    """Sets of clocks per client, as sorted disjoint ranges."""

    def __init__(self, runs: Iterable[Run] = ()) -> None:
        self._starts: dict[int, list[int]] = {}
        self._ends: dict[int, list[int]] = {}
        self.add(runs)

    def __bool__(self) -> bool:
        return bool(self._starts)

    def is_odd(self, client: int, clock: int) -> bool:
        """Whether the clock lies in a range, at an odd distance from its start."""
        ends = self._ends.get(client)
        if not ends:
            return False
        at = bisect_right(self._starts[client], clock) - 1
        return at >= 0 and ends[at] > clock and (clock - self._starts[client][at]) % 2 == 1

    def covers(self, runs: Iterable[Run]) -> bool:
        return all(self._covers(run) for run in runs)

    def add(self, runs: Iterable[Run]) -> None:
        for run in runs:
            self._add(run)

    def _covers(self, run: Run) -> bool:
        ends = self._ends.get(run.client)
        if not ends:
            return False
        at = bisect_right(self._starts[run.client], run.start) - 1
        return at >= 0 and ends[at] >= run.end

    def _add(self, run: Run) -> None:
        starts = self._starts.setdefault(run.client, [])
        ends = self._ends.setdefault(run.client, [])
        low, high = bisect_left(ends, run.start), bisect_right(starts, run.end)
        first = min(run.start, starts[low]) if low < high else run.start
        last = max(run.end, ends[high - 1]) if low < high else run.end
        starts[low:high], ends[low:high] = [first], [last]


class Depths:
    """How deep each nested type lies, so that no document grows deeper than the native stack bears.

    A type beside something that is no type counts as one level deeper than anything known: never too shallow.
    A parent that is not known here was deleted, and what comes into it is deleted on arrival.
    """

    def __init__(self) -> None:
        self._known: dict[Id, int] = {}
        self._deepest = 0

    def of(self, types: Iterable[TypeItem], clocks: dict[int, int]) -> dict[Id, int]:
        """The depth of each new type; Unfit beyond the limit."""
        found: dict[Id, int] = {}
        deepest = self._deepest
        waiting = [item for item in types if item.id[1] >= clocks.get(item.id[0], 0)]
        new = {item.id: item for item in waiting}
        for item in waiting:
            for step in _chain(item, new, found):
                depth = found[step.id] = self._depth(step, found, deepest)
                deepest = max(deepest, depth)
        if deepest > MAX_NESTING:
            raise Unfit("types are nested too deeply")
        return found

    def add(self, depths: dict[Id, int]) -> None:
        self._known.update(depths)
        self._deepest = max(self._deepest, *depths.values(), 0) if depths else self._deepest

    def _depth(self, item: TypeItem, found: dict[Id, int], deepest: int) -> int:
        if item.parent is not None:
            return self._get(item.parent, found, 0) + 1
        if item.beside is not None:
            return self._get(item.beside, found, deepest + 1)
        return 1

    def _get(self, id_: Id, found: dict[Id, int], otherwise: int) -> int:
        depth = found.get(id_)
        return self._known.get(id_, otherwise) if depth is None else depth


def _chain(item: TypeItem, new: dict[Id, TypeItem], found: dict[Id, int]) -> list[TypeItem]:
    """The item and the new types it hangs on, the outermost first."""
    steps: list[TypeItem] = []
    entered: set[Id] = set()
    current: TypeItem | None = item
    while current is not None and current.id not in found and current.id not in entered:
        steps.append(current)
        entered.add(current.id)
        beneath = current.parent or current.beside
        current = new.get(beneath) if beneath else None
    return steps[::-1]
