"""The record of one congress in the database: appending entries with their payloads and tiles, and reading them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from sqlalchemy import Column, Connection, delete, func, insert, select, update

from deliberation.evolve import evolve, replay
from deliberation.kernel import codec, events
from deliberation.kernel.state import State
from deliberation.record import canonical, entry, tiles, tree
from deliberation.record.payloads import Payload
from server.store import mirror
from server.store.columns import column, row
from server.store.tables import CheckpointRow, DocumentRow, EntryRow, PayloadRow, TileRow

PAGE = 2_000
WITHDRAWING = (events.TestimonySetAside, events.TestimonyHidden, *events.ERASING, events.WordsRedacted)
Rows = list[dict[str, Any]]


@dataclass
class Log:
    """A congress in memory, in step with its record: its state, and the growing tree.

    `withdrawn` is the index of the last entry that took content from public view: an older checkpoint does not explain
    what is absent. `saved` is the state in the tables; `entries`, `payloads` and `full_tiles` wait for `write`.
    """

    congress: str
    state: State
    growth: tiles.Growth
    last_time: str = ""
    withdrawn: int = -1
    saved: State = field(default_factory=State)
    entries: Rows = field(default_factory=list)
    payloads: Rows = field(default_factory=list)
    full_tiles: Rows = field(default_factory=list)
    erased: list[int] = field(default_factory=list)

    def append(self, given: Iterable[events.Event], actor: str, now: str) -> list[events.Recorded]:
        """Appends the events as entries and folds them into the state; `write` makes them durable."""
        added = []
        self.last_time = max(now, self.last_time)  # a clock that steps back disorders no record; a correction may (R45)
        for event in given:
            if isinstance(event, events.ClockCorrected):
                self.last_time = now
            recorded = events.Recorded(self.growth.size, self.last_time, actor, event.kind, event.document, event)
            self.state = evolve(self.state, recorded)
            self._add(recorded, event)
            self._note(recorded)
            added.append(recorded)
        return added

    def _note(self, recorded: events.Recorded) -> None:
        if isinstance(recorded.event, WITHDRAWING):
            self.withdrawn = recorded.index

    def _add(self, recorded: events.Recorded, event: events.Event) -> None:
        salt, payload = secrets.token_bytes(entry.SALT_BYTES), canonical.encode(codec.encode(event))
        line = entry.Entry(
            recorded.index,
            recorded.time,
            recorded.actor,
            recorded.kind,
            recorded.document,
            entry.commitment(salt, payload),
        ).encode()
        leaf = tree.leaf_hash(line)
        self.entries.append(
            row(
                (EntryRow.congress, self.congress),
                (EntryRow.index, recorded.index),
                (EntryRow.document, recorded.document),
                (EntryRow.data, line),
                (EntryRow.leaf, leaf),
            )
        )
        self.payloads.append(
            row(
                (PayloadRow.congress, self.congress),
                (PayloadRow.index, recorded.index),
                (PayloadRow.salt, salt),
                (PayloadRow.data, payload),
            )
        )
        self.growth.append(leaf)
        if isinstance(event, events.ERASING):
            self.erased.extend(event.targets)

    def keep_tile(self, tile: tiles.Tile, data: bytes) -> None:
        """Notes a full tile, to be written."""
        self.full_tiles.append(
            row(
                (TileRow.congress, self.congress),
                (TileRow.level, int(tile.level)),
                (TileRow.number, tile.index),
                (TileRow.data, data),
            )
        )

    def write(self, connection: Connection) -> None:
        """Brings record and tables up to the state in memory, inside the caller's transaction."""
        for table, rows in ((EntryRow, self.entries), (PayloadRow, self.payloads), (TileRow, self.full_tiles)):
            if rows:
                connection.execute(insert(table), rows)
        if self.erased:
            erased = delete(PayloadRow).where(
                column(PayloadRow.congress) == self.congress, column(PayloadRow.index).in_(self.erased)
            )
            connection.execute(erased)
        if self.entries:
            mirror.save(connection, self.congress, self.saved, self.state)

    def mask(self, connection: Connection, payloads: Mapping[int, Payload], state: State) -> None:
        """Puts these payloads in the place of those that were, and the state that follows in all tables."""
        for index, payload in payloads.items():
            where = (column(PayloadRow.congress) == self.congress) & (column(PayloadRow.index) == index)
            connection.execute(update(PayloadRow).where(where).values(salt=payload.salt, data=payload.data))
        mirror.save(connection, self.congress, self.saved, state, by_value=True)
        self.state = self.saved = state

    def written(self) -> None:
        """Notes that the transaction is durable."""
        self.saved = self.state
        self.entries, self.payloads, self.full_tiles, self.erased = [], [], [], []

    def catch_up(self, connection: Connection) -> list[events.Recorded]:
        """Reads what another process appended since; the whole record if that process masked earlier payloads."""
        added = list(read(connection, self.congress, self.growth.size))
        for leaf in leaves(connection, self.congress, self.growth.size, self.growth.size + len(added)):
            self.growth.append(leaf)
        self.full_tiles = []  # the other process kept those tiles
        masked = any(isinstance(recorded.event, events.WordsRedacted) for recorded in added)
        self.state = self.saved = state_of(connection, self.congress) if masked else replay(added, self.state)
        for recorded in added:
            self.last_time = recorded.time
            self._note(recorded)
        return added


def state_of(connection: Connection, congress: str) -> State:
    """The state that the tables hold; an empty one if there is no such congress.

    While a sitting is in camera, the public's state beside it has no tables of its own: it is folded from the record.
    """
    state = mirror.load(connection, congress)
    if state.in_camera is None:
        return state
    folded = replay(read(connection, congress, 0, state.size))
    if folded.in_camera is None:
        raise ValueError(f"{congress}: the tables hold a sitting in camera that is not in the record")
    return replace(state, in_camera=folded.in_camera)


def load(connection: Connection, congress: str) -> Log:
    """The congress as its tables hold it, brought up to date with its record; an empty one if it does not exist."""
    state = state_of(connection, congress)
    log = Log(congress, state, tiles.Growth())
    log.growth = _growth(connection, log)
    log.saved, log.withdrawn = state, state.size - 1
    log.last_time = last_time(connection, congress, state.size)
    log.catch_up(connection)
    return log


def _growth(connection: Connection, log: Log) -> tiles.Growth:
    """The tree of the entries that the tables follow. If its tiles are damaged it is rebuilt from the leaves, so that
    people can still read; `integrity` reports the damage.
    """
    try:
        return tiles.Growth.resume(log.state.size, lambda path: tile(connection, log.congress, path), log.keep_tile)
    except ValueError:
        growth = tiles.Growth(log.keep_tile)
        for leaf in leaves(connection, log.congress, 0, log.state.size):
            growth.append(leaf)
        log.full_tiles = []
        return growth


def last_time(connection: Connection, congress: str, stop: int) -> str:
    """The time of the last entry before `stop`; "" if there is none or it cannot be read."""
    last = entries(connection, congress, stop - 1, stop)
    try:
        return entry.decode(last[0]).time if last else ""
    except entry.BadEntry:
        return ""


def declared_loss(connection: Connection, congress: str) -> int:
    """The largest size up to which entries were declared lost; 0 for none."""
    gaps = (r.event for r in about(connection, congress, [events.GapDeclared.about], 2**62, PAGE))
    return max((gap.lost_size for gap in gaps if isinstance(gap, events.GapDeclared)), default=0)


def size(connection: Connection, congress: str) -> int:
    """How many entries the record holds."""
    where = column(EntryRow.congress) == congress
    last = connection.execute(select(func.max(column(EntryRow.index))).where(where)).scalar()
    return 0 if last is None else int(last) + 1


def entries(connection: Connection, congress: str, start: int, stop: int) -> list[bytes]:
    """Entries [start, stop), verbatim."""
    return [bytes(data) for data in _range(connection, congress, start, stop, column(EntryRow.data))]


def leaves(connection: Connection, congress: str, start: int, stop: int = 2**62) -> list[bytes]:
    """Hashes of the leaves [start, stop)."""
    return [bytes(leaf) for leaf in _range(connection, congress, start, stop, column(EntryRow.leaf))]


def _range(connection: Connection, congress: str, start: int, stop: int, wanted: Column[bytes]) -> Iterable[bytes]:
    index = column(EntryRow.index)
    query = select(wanted).where(column(EntryRow.congress) == congress, index >= start, index < stop).order_by(index)
    return connection.execute(query).scalars()


def payloads(connection: Connection, congress: str, start: int, stop: int) -> list[Payload | None]:
    """Payloads of the entries [start, stop) that exist; None where erased."""
    index = column(PayloadRow.index)
    query = select(index, column(PayloadRow.salt), column(PayloadRow.data)).where(
        column(PayloadRow.congress) == congress, index >= start, index < stop
    )
    found = {at: Payload(bytes(salt), bytes(data)) for at, salt, data in connection.execute(query)}
    return [found.get(i) for i in range(start, min(stop, size(connection, congress)))]


def read(connection: Connection, congress: str, start: int = 0, stop: int = 2**62) -> Iterator[events.Recorded]:
    """The entries [start, stop) with their events."""
    while start < stop:
        upto = min(stop, start + PAGE)
        lines = entries(connection, congress, start, upto)
        for line, payload in zip(lines, payloads(connection, congress, start, start + len(lines)), strict=True):
            yield recorded(line, payload.data if payload else None)
        if len(lines) < upto - start:
            return
        start = upto


def about(connection: Connection, congress: str, names: Iterable[str], stop: int, limit: int) -> list[events.Recorded]:
    """The last `limit` entries before `stop` about these documents, oldest first."""
    index = column(EntryRow.index)
    payload = _perhaps(column(PayloadRow.data))
    query = (
        select(column(EntryRow.data), payload)
        .select_from(EntryRow)
        .outerjoin(PayloadRow, (column(PayloadRow.congress) == congress) & (column(PayloadRow.index) == index))
        .where(column(EntryRow.congress) == congress, column(EntryRow.document).in_(list(names)), index < stop)
        .order_by(index.desc())
        .limit(limit)
    )
    rows = connection.execute(query).all()
    return [recorded(bytes(line), None if data is None else bytes(data)) for line, data in reversed(rows)]


def others(
    connection: Connection, congress: str, names: Iterable[str], stop: int, limit: int, apart: Collection[int]
) -> list[events.Recorded]:
    """The same without those whose indices are `apart`, which are not read."""
    index = column(EntryRow.index)
    about_them = column(EntryRow.congress) == congress, column(EntryRow.document).in_(list(names)), index < stop
    found = connection.execute(select(index).where(*about_them).order_by(index.desc())).scalars()
    chosen = [i for i in found if i not in apart][:limit]
    payload, here = _perhaps(column(PayloadRow.data)), column(PayloadRow.congress) == congress
    query = (
        select(column(EntryRow.data), payload)
        .select_from(EntryRow)
        .outerjoin(PayloadRow, here & (column(PayloadRow.index) == index))
        .where(column(EntryRow.congress) == congress, index.in_(chosen))
        .order_by(index)
    )
    rows = connection.execute(query).all()
    return [recorded(bytes(line), None if data is None else bytes(data)) for line, data in rows]


def _perhaps(wanted: Column[bytes]) -> Column[bytes | None]:
    """The column in an outer join, where it may be null."""
    return cast("Column[bytes | None]", wanted)


def recorded(line: bytes, payload: bytes | None) -> events.Recorded:
    """An entry with its payload as a value."""
    e = entry.decode(line)
    event = None if payload is None else events.decode(e.kind, canonical.parse(payload))
    return events.Recorded(e.index, e.time, e.actor, e.kind, e.document, event)


def tile(connection: Connection, congress: str, path: str) -> bytes | None:
    """The bytes of a tile or entry bundle at its tlog-tiles path; None when the record has no such tile."""
    wanted = tiles.parse_path(path)
    if wanted is None or not tiles.exists_at(wanted, size(connection, congress)):
        return None
    stop = wanted.start + wanted.width
    if wanted.level == tiles.ENTRIES:
        return tiles.bundle(entries(connection, congress, wanted.start, stop))
    level = int(wanted.level)
    kept = kept_tile(connection, congress, level, wanted.index)
    if kept is not None:
        return kept[: wanted.width * tree.HASH_BYTES]
    if level == 0:
        return b"".join(leaves(connection, congress, wanted.start, stop))
    below = (kept_tile(connection, congress, level - 1, i) for i in range(wanted.start, stop))
    return b"".join(_tile_root(data or b"") for data in below)


def kept_tile(connection: Connection, congress: str, level: int, number: int) -> bytes | None:
    """The bytes of a stored full tile; None if there is none."""
    query = select(column(TileRow.data)).where(
        column(TileRow.congress) == congress,
        column(TileRow.level) == level,
        column(TileRow.number) == number,
    )
    data = connection.execute(query).scalar()
    return None if data is None else bytes(data)


def _tile_root(data: bytes) -> bytes:
    width = tree.HASH_BYTES
    return tree.root_of(data[at : at + width] for at in range(0, len(data), width))


def checkpoints(connection: Connection, congress: str) -> list[tuple[int, str]]:
    """Every signed checkpoint as (size, note), smallest first."""
    query = (
        select(column(CheckpointRow.size), column(CheckpointRow.note))
        .where(column(CheckpointRow.congress) == congress)
        .order_by(column(CheckpointRow.size))
    )
    return [(int(size), str(note)) for size, note in connection.execute(query)]


def replace_documents(connection: Connection, congress: str, given: Mapping[str, bytes]) -> None:
    """Stores these documents and deletes all others of the congress."""
    connection.execute(delete(DocumentRow).where(column(DocumentRow.congress) == congress))
    rows = [
        row((DocumentRow.congress, congress), (DocumentRow.document, name), (DocumentRow.update, update))
        for name, update in given.items()
    ]
    if rows:
        connection.execute(insert(DocumentRow), rows)
