"""The tables of the state: one per kind of thing, a row per thing, columns named as the fields of its dataclass.

They are the durable form of the `State` value: written in the transaction of the record that changed it, read at the
start, compared with the fold of the record by `pleniere rebuild`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar, get_type_hints

from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, Table, Text, bindparam, delete, insert, select
from sqlmodel import SQLModel

from deliberation.kernel import codec
from deliberation.kernel.state import (
    Act,
    Agenda,
    Amendment,
    Attendance,
    College,
    Division,
    Election,
    Excerpt,
    Frozen,
    InCamera,
    MindMap,
    Motion,
    OutsideResult,
    Person,
    Poll,
    Proxy,
    Redaction,
    Remark,
    Screen,
    Seclusion,
    Settings,
    Sitting,
    Slip,
    SpeakingTurn,
    State,
    Testimony,
    Transcription,
)
from deliberation.kernel.vocabulary import Choice, Elector, Phase, Window
from server.store.columns import field_name

T = TypeVar("T")
Key = tuple[int | str, ...]
Things = Mapping[Key, Any]
Changes = Callable[[State, State], tuple[Things, Things]]
"""What may have changed between two states: those things as they were, and as they are now."""


@dataclass(frozen=True)
class Mirror:
    """A table of things: `things(state)` gives them by key; `without` are fields stored in a table of their own.

    `changes` is given for things that are many and change often: it looks at a part of them only.
    """

    table: Table
    of: type
    keys: tuple[str, ...]
    things: Callable[[State], Things]
    without: frozenset[str] = frozenset()
    changes: Changes | None = None

    @property
    def congress(self) -> Column[Any]:
        """The column of the slug."""
        return self.table.c.congress

    def column(self, of: type[T], read: Callable[[T], object]) -> Column[Any]:
        """The column of the field that `read` takes from a thing of this table, which is an `of`."""
        return self.table.c[field_name(of, read)]

    def row(self, congress: str, key: Key, thing: Any) -> dict[str, Any]:
        """The row of a thing."""
        fields = {k: v for k, v in codec.encode(thing).items() if k not in self.without}
        return {"congress": congress, **dict(zip(self.keys, key, strict=True)), **fields}

    def thing(self, row: Mapping[str, Any]) -> Any:
        """The thing of a row."""
        names = {f.name for f in dataclasses.fields(self.of)} - self.without
        return codec.decode(self.of, {k: v for k, v in row.items() if k in names})


@dataclass(frozen=True)
class Mark:
    """A plain value by key, such as the reason why an entry is withheld."""

    value: str


@dataclass(frozen=True)
class Cast:
    """The entry of a ballot; its fields are empty once the voter has changed their vote."""

    voter: str = ""
    choice: str = ""
    bearer: str = ""


@dataclass(frozen=True)
class Floor:
    """What is under discussion, and how many entries the tables follow from."""

    size: int
    floor: str


def _table(name: str, of: type, keys: dict[str, type], without: frozenset[str] = frozenset()) -> Table:
    columns: list[Column[Any]] = [Column("congress", Text, primary_key=True)]
    columns += [Column(key, _column_type(tp), primary_key=True, autoincrement=False) for key, tp in keys.items()]
    hints = get_type_hints(of)
    for field in dataclasses.fields(of):
        if field.name not in keys and field.name not in without:
            columns.append(Column(field.name, _column_type(hints[field.name]), nullable=True))
    return Table(name, SQLModel.metadata, *columns)


def _column_type(tp: Any) -> Any:
    plain = {int: BigInteger, str: Text, bool: Boolean, int | None: BigInteger, str | None: Text}
    if tp in plain:
        return plain[tp]()
    return Text() if isinstance(tp, type) and issubclass(tp, Enum) else JSON(none_as_null=True)


def _mirror(
    name: str,
    of: type,
    keys: dict[str, type],
    things: Callable[[State], Things],
    without: frozenset[str] = frozenset(),
    changes: Changes | None = None,
) -> Mirror:
    return Mirror(_table(name, of, keys, without), of, tuple(keys), things, without, changes)


def _single(things: Mapping[Any, Any]) -> Things:
    return {(key,): thing for key, thing in things.items()}


def _marks(values: Mapping[int, Any]) -> Things:
    return {(key,): Mark(str(value)) for key, value in values.items()}


def _changed_marks(old: State, new: State) -> tuple[Things, Things]:
    before = {n: why for n, why in old.withheld.items() if new.withheld.get(n) != why}
    after = {n: why for n, why in new.withheld.items() if old.withheld.get(n) != why}
    return _marks(before), _marks(after)


def _casts(poll: Poll, entries: Iterable[int]) -> Iterator[tuple[Key, Cast]]:
    """The rows for these entries of ballots."""
    voters = {entry: voter for voter, entry in poll.cast.items()}
    for entry in entries:
        voter = voters.get(entry)
        found = Cast(voter, poll.ballots[voter].value, poll.by_proxy.get(voter, "")) if voter else Cast()
        yield (poll.number, entry), found


def _all_casts(state: State) -> Things:
    return dict(cast for poll in state.polls.values() for cast in _casts(poll, poll.entries))


def _changed_casts(old: State, new: State) -> tuple[Things, Things]:
    """The entries since, those that counted before them, and earlier ones that count only now: confirmed slips."""
    before: dict[Key, Any] = {}
    after: dict[Key, Any] = {}
    for number, poll in new.polls.items():
        was = old.polls.get(number)
        if was is not None and was is not poll:
            moved = {entry for voter, entry in was.cast.items() if poll.cast.get(voter) != entry}
            before |= _casts(was, moved)
            since = poll.entries[len(was.entries) :]
            confirmed = {entry for voter, entry in poll.cast.items() if was.cast.get(voter) != entry}.difference(since)
            before |= _casts(was, confirmed)
            after |= _casts(poll, [*moved, *confirmed, *since])
        elif was is None:
            after |= _casts(poll, poll.entries)
    return before, after


FROZEN = _mirror(
    "frozen",
    Frozen,
    {"motion": int, "version": int},
    lambda s: {(m.number, f.version): f for m in s.motions.values() for f in m.frozen},
)
AUTHORS = _mirror(
    "author",
    Mark,
    {"document": str, "client": int},
    lambda s: {(document, client): Mark(who) for document, own in s.writing.items() for client, who in own.items()},
)
IN_CASTS = frozenset({"ballots", "entries", "cast", "by_proxy"})
MIRRORS: dict[str, Mirror] = {
    "settings": _mirror("congress", Settings, {}, lambda s: {(): s.settings} if s.settings else {}),
    "floor": _mirror("floor", Floor, {}, lambda s: {(): Floor(s.size, s.floor)}),
    "phases": _mirror("phase", Window, {"phase": str}, lambda s: {(p.value,): w for p, w in s.phases.items()}),
    "people": _mirror("person", Person, {"id": str}, lambda s: _single(s.people)),
    "testimonies": _mirror("testimony", Testimony, {"number": int}, lambda s: _single(s.testimonies)),
    "excerpts": _mirror("excerpt", Excerpt, {"number": int}, lambda s: _single(s.excerpts)),
    "maps": _mirror("map", MindMap, {"number": int}, lambda s: _single(s.maps)),
    "motions": _mirror("motion", Motion, {"number": int}, lambda s: _single(s.motions), frozenset({"frozen"})),
    "frozen": FROZEN,
    "amendments": _mirror("amendment", Amendment, {"number": int}, lambda s: _single(s.amendments)),
    "polls": _mirror("poll", Poll, {"number": int}, lambda s: _single(s.polls), IN_CASTS),
    "casts": _mirror("cast", Cast, {"poll": int, "entry": int}, _all_casts, changes=_changed_casts),
    "proxies": _mirror("proxy", Proxy, {"number": int}, lambda s: _single(s.proxies)),
    "electors": _mirror("elector", Elector, {"person": str}, lambda s: _single(s.electors)),
    "colleges": _mirror("college", College, {"number": int}, lambda s: _single(s.colleges)),
    "remarks": _mirror("remark", Remark, {"number": int}, lambda s: _single(s.remarks)),
    "seclusion": _mirror("seclusion", Seclusion, {}, lambda s: {(): s.seclusion} if s.seclusion else {}),
    "in_camera": _mirror(
        "in_camera", InCamera, {}, lambda s: {(): s.in_camera} if s.in_camera else {}, frozenset({"public"})
    ),
    "sittings": _mirror("sitting", Sitting, {"number": int}, lambda s: _single(s.sittings)),
    "attendance": _mirror("attendance", Attendance, {"number": int}, lambda s: _single(s.attendance)),
    "turns": _mirror("speaking_turn", SpeakingTurn, {"number": int}, lambda s: _single(s.turns)),
    "screen": _mirror("screen", Screen, {}, lambda s: {(): s.screen} if s.screen else {}),
    "agenda": _mirror("agenda", Agenda, {}, lambda s: {(): s.agenda} if s.agenda else {}),
    "acts": _mirror("act", Act, {"entry": int}, lambda s: _single(s.acts)),
    "redactions": _mirror("redaction", Redaction, {"number": int}, lambda s: _single(s.redactions)),
    "divisions": _mirror("division", Division, {"subject": str}, lambda s: _single(s.divisions)),
    "elections": _mirror("election", Election, {"number": int}, lambda s: _single(s.elections)),
    "results": _mirror("outside_result", OutsideResult, {"number": int}, lambda s: _single(s.results)),
    "transcriptions": _mirror("transcription", Transcription, {"number": int}, lambda s: _single(s.transcriptions)),
    "slips": _mirror("slip", Slip, {"number": int}, lambda s: _single(s.slips)),
    "withheld": _mirror("withheld", Mark, {"entry": int}, lambda s: _marks(s.withheld), changes=_changed_marks),
    "redacted": _mirror(
        "redacted", Mark, {"entry": int}, lambda s: {(i,): Mark(str(n)) for i, n in s.redacted.items()}
    ),
    "writing": AUTHORS,
}
SOURCES = {name: {"frozen": "motions", "floor": "size", "casts": "polls"}.get(name, name) for name in MIRRORS}


def save(connection: Connection, congress: str, old: State, new: State, by_value: bool = False) -> None:
    """Brings the rows from `old` to `new`; what did not change is not touched.

    `by_value`: `new` was folded anew, so that what is the same in both is another object.
    """
    for name, mirror in MIRRORS.items():
        if getattr(old, SOURCES[name]) is getattr(new, SOURCES[name]) and name != "floor":
            continue
        by_identity = mirror.changes and not by_value
        before, after = mirror.changes(old, new) if by_identity else (mirror.things(old), mirror.things(new))  # type: ignore[misc]
        gone = [key for key in before if key not in after]
        changed = [
            key
            for key, thing in after.items()
            if not ((by_value and before.get(key) == thing) or _same(mirror, before.get(key), thing))
        ]
        _delete(connection, mirror, congress, [*gone, *(key for key in changed if key in before)])
        if changed:
            connection.execute(insert(mirror.table), [mirror.row(congress, key, after[key]) for key in changed])


def _same(mirror: Mirror, old: Any, new: Any) -> bool:
    """Whether the row stays the same; fields stored elsewhere do not count."""
    if old is new or old is None:
        return old is new
    if isinstance(new, (Mark, Cast)):
        return bool(old == new)
    fields = (field.name for field in dataclasses.fields(new) if field.name not in mirror.without)
    return bool(mirror.without) and all(getattr(old, name) is getattr(new, name) for name in fields)


def _delete(connection: Connection, mirror: Mirror, congress: str, keys: list[Key]) -> None:
    if not keys:
        return
    statement = delete(mirror.table).where(mirror.congress == bindparam("_congress"))
    for name in mirror.keys:
        statement = statement.where(mirror.table.c[name] == bindparam(f"_{name}"))
    names = [f"_{name}" for name in mirror.keys]
    rows = [{"_congress": congress, **dict(zip(names, key, strict=True))} for key in keys]
    connection.execute(statement, rows)


def load(connection: Connection, congress: str) -> State:
    """The state in the rows; an empty one if there is no such congress."""
    things = {name: _read(connection, mirror, congress) for name, mirror in MIRRORS.items()}
    frozen: dict[int, list[Frozen]] = {}
    for (number, _), text in sorted(things["frozen"].items()):
        frozen.setdefault(int(number), []).append(text)
    writing: dict[str, dict[int, str]] = {}
    for (document, client), owner in things["writing"].items():
        writing.setdefault(str(document), {})[int(client)] = owner.value
    floor = things["floor"].get((), Floor(0, ""))
    return State(
        size=floor.size,
        settings=things["settings"].get(()),
        phases={Phase(str(key)): window for (key,), window in things["phases"].items()},
        people=_by_arrival(things["people"]),
        testimonies=_plain(things["testimonies"]),
        excerpts=_plain(things["excerpts"]),
        maps=_plain(things["maps"]),
        motions={
            n: dataclasses.replace(motion, frozen=tuple(frozen.get(n, ())))
            for n, motion in _plain(things["motions"]).items()
        },
        amendments=_plain(things["amendments"]),
        polls=_polls(_plain(things["polls"]), things["casts"]),
        proxies=_plain(things["proxies"]),
        electors={str(key): elector for (key,), elector in things["electors"].items()},
        colleges=_plain(things["colleges"]),
        redactions=_plain(things["redactions"]),
        divisions={str(key): division for (key,), division in sorted(things["divisions"].items())},
        elections=_plain(things["elections"]),
        results=_plain(things["results"]),
        floor=floor.floor,
        remarks=_plain(things["remarks"]),
        seclusion=things["seclusion"].get(()),
        in_camera=things["in_camera"].get(()),
        sittings=_plain(things["sittings"]),
        attendance=_plain(things["attendance"]),
        turns=_plain(things["turns"]),
        screen=things["screen"].get(()),
        agenda=things["agenda"].get(()),
        acts=_plain(things["acts"]),
        slips=_plain(things["slips"]),
        transcriptions=_plain(things["transcriptions"]),
        withheld={n: mark.value for n, mark in _plain(things["withheld"]).items()},
        redacted={n: int(mark.value) for n, mark in _plain(things["redacted"]).items()},
        writing=writing,
    )


def _polls(polls: dict[int, Poll], casts: Mapping[Key, Cast]) -> dict[int, Poll]:
    """The polls with the entries of their ballots."""
    entries: dict[int, list[tuple[int, Cast]]] = {}
    for (number, entry), cast in sorted(casts.items()):
        entries.setdefault(int(number), []).append((int(entry), cast))
    return {number: _with_casts(poll, entries.get(number, [])) for number, poll in polls.items()}


def _with_casts(poll: Poll, casts: list[tuple[int, Cast]]) -> Poll:
    counting = [(entry, cast) for entry, cast in casts if cast.voter]
    return dataclasses.replace(
        poll,
        entries=tuple(entry for entry, _ in casts),
        ballots={cast.voter: Choice(cast.choice) for _, cast in counting},
        cast={cast.voter: entry for entry, cast in counting},
        by_proxy={cast.voter: cast.bearer for _, cast in counting if cast.bearer},
    )


def _read(connection: Connection, mirror: Mirror, congress: str) -> dict[Key, Any]:
    rows = connection.execute(select(mirror.table).where(mirror.congress == congress)).mappings()
    return {tuple(row[name] for name in mirror.keys): mirror.thing(dict(row)) for row in rows}


def _plain(things: Mapping[Key, Any]) -> dict[int, Any]:
    return {int(key): thing for (key,), thing in sorted(things.items())}


def _by_arrival(things: Mapping[Key, Any]) -> dict[str, Person]:
    ordered = sorted(things.items(), key=lambda item: int(str(item[0][0])[1:]))
    return {str(key): person for (key,), person in ordered}


def differences(kept: State, folded: State) -> list[str]:
    """Where two states differ, as lines `table key: field`; [] if they are equal."""
    found = []
    for name, mirror in MIRRORS.items():
        one, other = mirror.things(kept), mirror.things(folded)
        for key in sorted({*one, *other}, key=repr):
            label = " ".join([name, *map(str, key)])
            if key not in one or key not in other:
                found.append(f"{label}: {'missing' if key not in one else 'not in the record'}")
            elif one[key] != other[key]:
                fields = [
                    f.name
                    for f in dataclasses.fields(one[key])
                    if getattr(one[key], f.name) != getattr(other[key], f.name)
                ]
                found.append(f"{label}: {', '.join(fields)}")
    return found


def replace_all(connection: Connection, congress: str, state: State) -> None:
    """Writes every row anew from `state`."""
    for mirror in MIRRORS.values():
        connection.execute(delete(mirror.table).where(mirror.congress == congress))
    save(connection, congress, State(size=-1), state)


def congresses(connection: Connection) -> list[str]:
    """The slugs of all congresses."""
    table = MIRRORS["settings"].table
    return list(connection.execute(select(table.c.congress).order_by(table.c.congress)).scalars())
