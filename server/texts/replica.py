"""A Yjs document that applies only validated updates, and is intact after it refuses one.

Every update is validated, must depend on known structs only, must not nest types too deeply, and must leave nothing
pending. After any failure of the native library the document is rebuilt from the updates applied before.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from time import thread_time
from typing import NamedTuple

import pycrdt

from server.texts import guard, lib0
from server.texts.guard import Id, StructItem, StructRun, Summary
from server.texts.places import ANY, Foreign, PlacedRun, Places, Schema, Unfit
from server.texts.ranges import Ranges

NOTHING = b"\0\0"
"""The update that changes nothing."""

COMPACT_AFTER = 512
"""Updates kept separately, for a rebuild, before they are merged into one."""

STEPS = 60_000
"""Structs that the native library may have to pass, at most, to place the new ones of one piece.

Each new struct is compared with all those at the same place: thousands of them beside as many take seconds.
"""

DELETIONS_AT_ONCE = 500

MAX_ERASED = 3_000
"""Ranges that an update from a client may newly delete: each may split two structs."""

ANSWERS_KEPT = 4
"""Answers to partial state vectors, cached until the document changes: after a restart many clients have the same
one.
"""

LONGEST = 0.02
"""Seconds of processor time that an update from a client may take in the native library."""


@contextmanager
def _without_collections() -> Iterator[None]:
    """Python's garbage collector waits: its time would count as that of the update which a collection fell into."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Missing(Exception):
    """An update depends on structs that are not known here."""


class LooseUpdate(NamedTuple):
    """An update that may be withdrawn, and the structs that it brought."""

    effect: bytes
    runs: tuple[StructRun, ...]


class Replica:
    """A document with its clocks, deletions and places.

    `version` counts the updates that changed it. Updates applied as `loose` come from clients: they must conform to the
    schema, must not take long, and may be withdrawn until they are settled. `parts`: an upper estimate of the number of
    its structs. `timer` is a clock of processor time, in seconds.
    """

    def __init__(self, *updates: bytes, schema: Schema = ANY, timer: Callable[[], float] = thread_time) -> None:
        self.clocks: dict[int, int] = {}
        self.version = 0
        self._loose: deque[LooseUpdate] = deque()
        self._deleted = Ranges()
        self._pairs = Ranges()
        self._formats = Ranges()
        self._known: Summary | None = None
        self._schema, self._timer = schema, timer
        self._places = Places(schema)
        self._last: dict[int, tuple[int, Id | None, int]] = {}
        self.parts = 0
        self._answers: tuple[int, dict[bytes, bytes]] = (0, {})
        self._base = b""
        self._tail: list[bytes] = []
        self._full: bytes | None = None
        self._open(())
        for update in updates:
            self.apply(update)

    def apply(self, update: bytes, summary: Summary | None = None, loose: bool = False) -> bytes:
        """Applies an update; returns what it changed, as an update, b"" if all of it was known.

        MalformedBytes, Missing, or Unfit (with its subclass Foreign): nothing has changed.
        """
        summary = guard.inspect(update) if summary is None else summary
        fresh = self.fresh(summary)
        if not fresh and self._deleted.covers(summary.deletes):
            return b""
        self._check_rests(summary, fresh)
        self._check_cuts(summary)
        items, placed = self._places.of(summary, self.clocks, strict=loose)
        deletes = [run for run in summary.deletes if not self._deleted.covers((run,))]
        if loose and len(deletes) > MAX_ERASED:
            raise Unfit("an update deletes in too many places")
        effect, done = self._try(update, summary, items, deletes, LONGEST if loose else None)
        self._count(items, deletes)
        self._pairs.add(summary.pairs)
        self._formats.add(summary.formats)
        self._took(effect, fresh, (*deletes, *done.deletes, *done.gone), placed)
        if loose:
            self._loose.append(LooseUpdate(effect, tuple(fresh)))
        return effect

    def settle(self) -> None:
        """The oldest loose update can no longer be withdrawn."""
        self._loose.popleft()

    def knows(self, summary: Summary) -> bool:
        """Whether the update would change nothing."""
        if summary is self._known:
            return True
        known = not self.fresh(summary) and self._deleted.covers(summary.deletes)
        if known:
            self._known = summary
        return known

    def tidies(self, summary: Summary) -> bool:
        """Whether the update only deletes redundant marks, as Yjs does by itself in every browser that opens the
        document.
        """
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
        """Whether it contains everything that the other replica does."""
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
        if not known:
            return self.full()
        if self._answers[0] != self.version:
            self._answers = (self.version, {})
        vector, answers = lib0.state_vector(dict(sorted(known.items()))), self._answers[1]
        if vector not in answers:
            if len(answers) >= ANSWERS_KEPT:
                answers.clear()
            answers[vector] = self.doc.get_update(vector)
        return answers[vector]

    def state_vector(self) -> bytes:
        """The number of settled structs per client; loose ones may still be asked for."""
        firm = dict(self.clocks)
        for each in self._loose:
            for run in each.runs:
                firm[run.client] = min(firm[run.client], run.start)
        return lib0.state_vector({client: clock for client, clock in firm.items() if clock})

    def without(self, effects: Collection[bytes]) -> tuple[Replica, list[bytes]]:
        """A new replica without these loose updates, and the updates that had to be removed with them."""
        fallen = list(effects)
        other = Replica(*filter(None, [self._base]), schema=self._schema, timer=self._timer)
        for effect in self._tail:
            if effect in effects:
                continue
            try:
                other.apply(effect)
            except (Missing, Unfit):
                fallen.append(effect)
        other._loose.extend(each for each in self._loose if each.effect not in fallen)
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
        """Refuses to split text inside a character of two UTF-16 units, which the native library miscounts."""
        new = Ranges(summary.pairs)
        if not (new or self._pairs):
            return
        ends = ((run.client, clock) for run in summary.deletes for clock in run[1:])
        for client, clock in (*summary.cuts, *ends):
            if new.is_odd(client, clock) or self._pairs.is_odd(client, clock):
                raise Unfit("a character is split")

    def _pieces(
        self, update: bytes, summary: Summary, items: list[StructItem], deletes: list[StructRun]
    ) -> Iterator[bytes]:
        """The update in pieces for the native library to apply one after the other; usually a single one."""
        size = max(1, STEPS // (self.parts + len(items) + 1))
        if len(items) <= size and len(summary.deletes) <= DELETIONS_AT_ONCE and not summary.joined:
            yield update
            return
        for at in range(0, len(items), size):
            yield guard.write(items[at : at + size])
        for at in range(0, len(deletes), DELETIONS_AT_ONCE):
            yield guard.write((), deletes[at : at + DELETIONS_AT_ONCE])

    def _try(
        self, update: bytes, summary: Summary, items: list[StructItem], deletes: list[StructRun], longest: float | None
    ) -> tuple[bytes, Summary]:
        """What the native library changed by the update, and the summary of that."""
        try:
            effects, as_given = self._apply_all(self._pieces(update, summary, items, deletes), longest)
            if as_given:
                return (guard.write(items, deletes) if len(effects) > 1 else effects[0]), summary
            effect = pycrdt.merge_updates(*effects) if len(effects) > 1 else (*effects, NOTHING)[0]
            done = guard.inspect(effect)
            if done.joined:
                effect = guard.write(done.items, done.deletes)
            if ends(done.runs) == ends(self.fresh(summary)):
                return effect, done
            reason = "the structs of an update wait for each other"
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # the native library panics outside of Exception
            reason = str(error)[:200]
        self._rebuild()
        raise Unfit(reason)

    def _apply_all(self, pieces: Iterator[bytes], longest: float | None) -> tuple[list[bytes], bool]:
        """What each piece changed, as an update, and whether these are the pieces themselves, byte for byte."""
        effects: list[bytes] = []
        as_given = True
        subscription = self.doc.observe(lambda event: effects.append(event.update))
        with _without_collections():
            began = self._timer()
            for count, piece in enumerate(pieces, 1):
                self.doc.apply_update(piece)
                as_given = as_given and len(effects) == count and effects[-1] == piece
                if longest is not None and self._timer() - began > longest:
                    raise Unfit("an update takes too long")
        self.doc.unobserve(subscription)  # a document that is observed is never freed
        return effects, as_given

    def _count(self, items: Iterable[StructItem], deletes: Iterable[StructRun]) -> None:
        """Updates the estimate: an item that continues its client's last one is joined to it, any other may split
        one.
        """
        splits = 1 if self.parts else 0
        for item in items:
            run, last = item.run, self._last.get(item.run.client)
            goes_on = item.left == (run.client, run.start - 1) and last == (run.start, item.right, item.ref)
            self.parts += 0 if goes_on and item.ref == guard.STRING else 1 + splits
            self._last[run.client] = (run.end, item.right, item.ref)
        self.parts += 2 * sum(splits for _ in deletes)

    def _took(
        self, effect: bytes, fresh: list[StructRun], gone: Iterable[StructRun], placed: Iterable[PlacedRun]
    ) -> None:
        for run in fresh:
            self.clocks[run.client] = run.end
        self._deleted.add(gone)
        self._places.add(placed)
        self._full = None
        self._tail.append(effect)
        self.version += 1
        if len(self._tail) % COMPACT_AFTER == 0:
            self._compact()

    def _compact(self) -> None:
        """Merging updates does not join their structs, and a document that opens with them would take for ever."""
        firm = self._tail.index(self._loose[0].effect) if self._loose else len(self._tail)
        if firm:
            self._base = _document([*filter(None, [self._base]), *self._tail[:firm]]).get_update()
            del self._tail[:firm]

    def _rebuild(self) -> None:
        self._open([*filter(None, [self._base]), *self._tail])

    def _open(self, updates: Iterable[bytes]) -> None:
        self.doc = _document(updates)


def _document(updates: Iterable[bytes]) -> pycrdt.Doc[pycrdt.XmlFragment | pycrdt.Map[object]]:
    doc: pycrdt.Doc[pycrdt.XmlFragment | pycrdt.Map[object]] = pycrdt.Doc()
    for update in updates:
        doc.apply_update(update)
    return doc


def ends(runs: Iterable[StructRun]) -> dict[int, int]:
    """The last clock of each client among `runs`."""
    return {run.client: run.end for run in runs}


__all__ = ["NOTHING", "Foreign", "Missing", "Replica", "Unfit"]
