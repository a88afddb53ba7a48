"""Finding damaged rows of a record: what the database holds, compared with the hashes.

Three checks: `at_start` reads both ends of the record, `before_signing` what a new checkpoint would cover, and
`RecordWalk` the whole record in small pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from deliberation import redactions
from deliberation.kernel import codec, events
from deliberation.record import canonical, checkpoint, entry, note, tiles, tree
from deliberation.record.payloads import Payload
from server.store import log as logs
from server.store.columns import column
from server.store.log import Log
from server.store.tables import CheckpointRow, EntryRow

TAIL = 256
"""How many entries at the end of a record are checked at the start."""
UNSIGNED = 2_000
"""How many entries at most are checked before a checkpoint is signed."""
PIECE = 500
"""How many entries `RecordWalk` checks in one step."""

EntryRows = dict[int, tuple[bytes, bytes]]
"""The bytes and the leaf hash of entries, by index."""


@dataclass(frozen=True)
class Damage:
    """A damaged row: `code` as in the verifier's findings, `entry` its index (-1 for none)."""

    code: str
    entry: int = -1
    place: str = ""

    def __str__(self) -> str:
        where = f"{self.place} " if self.place else ""
        return f"{self.code} {where}{self.entry}".strip() if self.entry >= 0 else f"{self.code} {where}".strip()


def at_start(connection: Connection, log: Log) -> list[Damage]:
    """Checks the number of entries, the last ones, and the root of the last checkpoint."""
    size = logs.size(connection, log.congress)
    where = column(EntryRow.congress) == log.congress
    count = connection.execute(select(func.count()).select_from(EntryRow).where(where)).scalar()
    found = [] if count == size == log.growth.size else [Damage("entry.missing", place=f"{count}/{size}")]
    found += compared(connection, log, max(0, size - TAIL), size)
    return found + _last_checkpoint(connection, log.congress)


def before_signing(connection: Connection, log: Log, since: int) -> list[Damage]:
    """Why a checkpoint must not be signed: damaged entries from `since` on or just before, or tiles that lead to
    another tree.
    """
    kept = log.saved.size
    start = max(0, min(since, kept - TAIL), kept - UNSIGNED)
    found = list(compared(connection, log, start, kept))
    try:
        frontier = tree.Frontier(kept, tree.peaks_at(kept, stored_nodes(connection, log.congress, kept)))
    except ValueError as error:
        return [*found, Damage("tile.missing", place=str(error))]
    for row in log.entries:
        frontier.append(row[column(EntryRow.leaf).key])
    if (frontier.size, frontier.root()) != (log.growth.size, log.growth.root()):
        found.append(Damage("tile.differs", place=f"tree of {kept}"))
    return found + _last_checkpoint(connection, log.congress)


def stored_nodes(connection: Connection, congress: str, size: int) -> tree.Nodes:
    """The nodes of the tree of that size according to its tiles; ValueError if one is missing."""
    return tiles.nodes(size, lambda path: logs.tile(connection, congress, path))


def compared(connection: Connection, log: Log, start: int, stop: int) -> Iterator[Damage]:
    """The damage in the entries [start, stop) and their payloads, except those that were redacted."""
    rows = entry_rows(connection, log.congress, start, stop)
    for damage in _compared(connection, log.congress, rows, range(start, stop), redactions.masked(log.state)):
        if not (damage.code.startswith("payload.") and damage.entry in log.state.redacted):
            yield damage


def _compared(
    connection: Connection, congress: str, rows: EntryRows, indices: range, masked: Mapping[int, str]
) -> Iterator[Damage]:
    """`masked` gives the commitment of the payloads in which words were masked; that of the others is in the entry."""
    start, stop = indices.start, indices.stop
    beside = logs.payloads(connection, congress, start, stop)
    for index in indices:
        if index not in rows:
            yield Damage("entry.missing", index)
            continue
        line, leaf = rows[index]
        payload = beside[index - start] if index - start < len(beside) else None
        yield from _entry(index, line, leaf, payload, masked.get(index))


def entry_rows(connection: Connection, congress: str, start: int, stop: int) -> EntryRows:
    """The bytes and the leaf hash of each existing entry of [start, stop)."""
    index = column(EntryRow.index)
    query = select(index, column(EntryRow.data), column(EntryRow.leaf)).where(
        column(EntryRow.congress) == congress, index >= start, index < stop
    )
    return {int(at): (bytes(line), bytes(leaf)) for at, line, leaf in connection.execute(query)}


def _entry(index: int, line: bytes, leaf: bytes, payload: Payload | None, masked: str | None) -> Iterator[Damage]:
    if tree.leaf_hash(line) != leaf:
        yield Damage("entry.leaf", index)
    try:
        found = entry.decode(line)
    except entry.BadEntry:
        yield Damage("entry.bad", index)
        return
    if found.index != index:
        yield Damage("entry.index", index)
    if payload is None:
        yield Damage("payload.removed", index)
    elif entry.commitment(payload.salt, payload.data) != (masked or found.c):
        yield Damage("payload.commitment", index)
    elif not _is_readable(found.kind, payload.data):
        yield Damage("payload.bad", index)


def _is_readable(kind: str, data: bytes) -> bool:
    try:
        events.decode(kind, canonical.parse(data))
    except (KeyError, canonical.NotCanonical, codec.MalformedValue):
        return False
    return True


def _last_checkpoint(connection: Connection, congress: str) -> list[Damage]:
    """Checks whether the tiles still lead to the root signed last."""
    point = column(CheckpointRow.size)
    query = select(point, column(CheckpointRow.root), column(CheckpointRow.note))
    last = connection.execute(
        query.where(column(CheckpointRow.congress) == congress).order_by(point.desc()).limit(1)
    ).first()
    if last is None:
        return []
    size, root, signed = int(last[0]), bytes(last[1]), str(last[2])
    if _signed(signed) != (size, root):
        return [Damage("checkpoint.bad", place=str(size))]
    try:
        found = tree.root_at(size, stored_nodes(connection, congress, size))
    except ValueError as error:
        return [Damage("tile.missing", place=str(error))]
    return [] if found == root else [Damage("checkpoint.root", place=str(size))]


def _signed(text: str) -> tuple[int, bytes] | None:
    """The size and the root in a signed checkpoint; None if it is malformed."""
    try:
        stated = checkpoint.parse(note.parse(text.encode()).text)
    except note.BadNote:
        return None
    return stated.size, stated.root


class RecordWalk:
    """One check of a whole record, piece by piece; `found` grows. Each step takes about ten milliseconds."""

    def __init__(self, congress: str) -> None:
        self.congress = congress
        self.found: list[Damage] = []
        self.done = 0
        """How many entries were compared."""
        self._growth = tiles.Growth(self._compare_tile)
        self._connection: Connection | None = None
        self._redacted: set[int] = set()
        self._masked: dict[int, str] = {}
        self._time = ""

    def step(self, connection: Connection) -> bool:
        """Checks the next piece, within a transaction of its own; returns whether there is more."""
        stop = min(self.done + PIECE, logs.size(connection, self.congress))
        if stop <= self.done:
            self._finish(connection)
            return False
        self._connection = connection
        signed = self._checkpoints(connection, self.done, stop)
        rows = entry_rows(connection, self.congress, self.done, stop)
        self.found += _compared(connection, self.congress, rows, range(self.done, stop), {})
        for index in range(self.done, stop):
            self._grow(*rows.get(index, (b"", b"")))
            self._at_size(signed)
        self._note_redactions(connection, rows)
        self.done = stop
        return True

    def _grow(self, line: bytes, leaf: bytes) -> None:
        """Adds the hash of the entry's bytes to the tree, whatever leaf hash its row holds."""
        self._growth.append(tree.leaf_hash(line) if line else tree.EMPTY)
        try:
            found = entry.decode(line)
        except entry.BadEntry:
            return
        if found.time < self._time and found.kind != events.ClockCorrected.kind:
            self.found.append(Damage("entry.time", found.index))
        self._time = found.time

    def _note_redactions(self, connection: Connection, rows: EntryRows) -> None:
        for event in _redactions(connection, self.congress, rows):
            if isinstance(event, events.WordsRedacted):
                self._masked.update(zip(event.targets, event.commitments, strict=False))
            else:
                self._redacted.update(event.targets)

    def _checkpoints(self, connection: Connection, start: int, stop: int) -> dict[int, tuple[bytes, str]]:
        size = column(CheckpointRow.size)
        query = select(size, column(CheckpointRow.root), column(CheckpointRow.note)).where(
            column(CheckpointRow.congress) == self.congress, size > start, size <= stop
        )
        return {int(at): (bytes(root), str(signed)) for at, root, signed in connection.execute(query)}

    def _at_size(self, signed: dict[int, tuple[bytes, str]]) -> None:
        size = self._growth.size
        if size not in signed:
            return
        root, text = signed[size]
        if _signed(text) != (size, root):
            self.found.append(Damage("checkpoint.bad", place=str(size)))
        if root != self._growth.root():
            self.found.append(Damage("checkpoint.root", place=str(size)))

    def _compare_tile(self, tile: tiles.Tile, data: bytes) -> None:
        assert self._connection is not None, "it grows within a step"
        kept = logs.kept_tile(self._connection, self.congress, int(tile.level), tile.index)
        if kept != data:
            self.found.append(Damage("tile.missing" if kept is None else "tile.differs", place=tile.path))

    def _finish(self, connection: Connection) -> None:
        """Ends the check. Redactions come after their targets, so findings about these are checked once more."""
        known = self._redacted | self._masked.keys()
        self.found = [x for x in self.found if not (x.code.startswith("payload.") and x.entry in known)]
        for index, commitment in sorted(self._masked.items()):
            if index not in self._redacted:
                rows = entry_rows(connection, self.congress, index, index + 1)
                self.found += _compared(connection, self.congress, rows, range(index, index + 1), {index: commitment})


def _redactions(connection: Connection, congress: str, rows: EntryRows) -> Iterator[Any]:
    """The acts among these entries that erase or mask others, as far as they can be read."""
    for index, (line, _) in sorted(rows.items()):
        event = _event(connection, congress, index, line)
        if isinstance(event, (*events.ERASING, events.WordsRedacted)):
            yield event


_REVISES = f'"kind":"{events.TestimonyRevised.kind}"'.encode()


def _event(connection: Connection, congress: str, index: int, line: bytes) -> Any:
    """The event of an entry that may be a redaction; None for others, and if it cannot be read."""
    if b'"kind":"redact' not in line and _REVISES not in line:
        return None
    payload = logs.payloads(connection, congress, index, index + 1)
    try:
        return logs.recorded(line, payload[0].data).event if payload and payload[0] else None
    except (KeyError, canonical.NotCanonical, codec.MalformedValue, entry.BadEntry):
        return None
