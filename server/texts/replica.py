"""A Yjs document that takes nothing unchecked, and survives what it refuses.

Every update passes the guard, must rest on what is known, may not nest types too deeply, and may not leave anything
waiting inside. After any failure of the native library the document is rebuilt from what it had taken before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping

import pycrdt

from server.texts import guard, lib0
from server.texts.depths import Depths, Level, Unfit
from server.texts.guard import StructRun, Summary
from server.texts.ranges import Ranges

NOTHING = b"\0\0"
"""The update that changes nothing."""

COMPACT_AFTER = 512
"""Updates kept one by one, for a rebuild, before they are folded into one."""


class Missing(Exception):
    """An update rests on structs that are not known here."""


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
        self._formats = Ranges()
        self._known: Summary | None = None
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
        depths = self._depths.of(summary.items, self.clocks)
        effect, done = self._try(update, fresh)
        self._pairs.add(summary.pairs)
        self._formats.add(summary.formats)
        self._took(effect, fresh, (*summary.deletes, *done.deletes, *done.gone), depths)
        if loose:
            self._loose.append(effect)
        return effect

    def settle(self) -> None:
        """The first loose update stays for good."""
        self._loose.popleft()

    def knows(self, summary: Summary) -> bool:
        """Whether the update would change nothing. What is known stays known."""
        if summary is self._known:
            return True
        known = not self.fresh(summary) and self._deleted.covers(summary.deletes)
        if known:
            self._known = summary
        return known

    def tidies(self, summary: Summary) -> bool:
        """Whether the update only deletes needless marks, as Yjs does by itself in every browser that reads."""
        return not self.fresh(summary) and all(self._deleted.covers_with(self._formats, run) for run in summary.deletes)

    def fresh(self, summary: Summary) -> list[StructRun]:
        """The structs of the update that are not known here."""
        clocks = self.clocks
        return [
            StructRun(run.client, max(run.start, clocks.get(run.client, 0)), run.end)
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

    def since(self, clocks: Mapping[int, int]) -> bytes:
        """What a replica with these clocks lacks, and all deletions."""
        known = {
            client: min(clock - self._pairs.is_odd(client, clock), self.clocks[client])
            for client, clock in clocks.items()
            if client in self.clocks
        }
        return self.doc.get_update(lib0.state_vector(known)) if known else self.full()

    def state_vector(self) -> bytes:
        """How many structs are here for good, per client: what is loose may still be asked for."""
        firm = dict(self.clocks)
        for effect in self._loose:
            for run in guard.inspect(effect).runs:
                firm[run.client] = min(firm[run.client], run.start)
        return lib0.state_vector({client: clock for client, clock in firm.items() if clock})

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

    def _check_rests(self, summary: Summary, fresh: list[StructRun]) -> None:
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

    def _try(self, update: bytes, fresh: list[StructRun]) -> tuple[bytes, Summary]:
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

    def _took(self, effect: bytes, fresh: list[StructRun], gone: Iterable[StructRun], depths: Iterable[Level]) -> None:
        for run in fresh:
            self.clocks[run.client] = run.end
        self._deleted.add(gone)
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


def ends(runs: Iterable[StructRun]) -> dict[int, int]:
    """The last clock of each client among `runs`."""
    return {run.client: run.end for run in runs}


__all__ = ["NOTHING", "Missing", "Replica", "Unfit"]
