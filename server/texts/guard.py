"""Validates a Yjs update (v1) before the native library reads it, and refuses dangerous ones.

The native library crashes the process on deep nesting, and an update that is malformed near its end can leave a
document half changed. So every count, length, clock and depth is bounded here first. The result is a summary: which
structs the update brings, what it deletes, what it depends on.

Layout of an update: blocks of structs per client, then a delete set. A struct is an item, a `GC` (contents erased) or a
`Skip` (a hole). Sources: `yjs/src/utils/encoding.js`, `structs/*.js`; lib0 `decoding.js` for `any`.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from server.texts import lib0
from server.texts.lib0 import ByteReader, MalformedBytes

MAX_CLOCK = 2**31 - 1
MAX_DEPTH = 32
"""Levels of lists and objects within one value."""

ARRAY, MAP, TEXT, XML_ELEMENT, XML_FRAGMENT, XML_TEXT = 0, 1, 2, 3, 4, 6
TYPE_REFS = frozenset({ARRAY, MAP, TEXT, XML_ELEMENT, XML_FRAGMENT, XML_TEXT})
"""Array, map, text, XML element, fragment and text. XML hooks, weak links and subdocuments are not used here."""

MAX_STRUCTS = 20_000
"""Structs of one update from a client, as encoded."""

MAX_ITEMS = 4_000
"""Structs of one update from a client after joining adjacent ones: an hour of typing gives hundreds, a paste
thousands.
"""

MAX_DELETIONS = 15_000
"""Deleted ranges in one update from a client: on connecting, each client sends all that it knows of."""

GC, DELETED, STRING, FORMAT, TYPE, VALUES, SKIP = 0, 1, 4, 6, 7, 8, 10
"""Kinds of content of a struct: erased, deleted, text, a mark, a type, values of lib0; a hole."""

Id = tuple[int, int]


class TooMany(MalformedBytes):
    """An update cut into more pieces than any editor makes."""


class StructRun(NamedTuple):
    """Structs, or deletions, of `client` from clock `start` until before `end`."""

    client: int
    start: int
    end: int


class StructItem(NamedTuple):
    """A struct, or several that stand one after the other as one. `ref` is the kind of its content.

    It stands between the structs `left` and `right`; where there is neither, in the type `parent` or the root type of
    the name `root`, under `key` in a map. `value` is what the content says: of a type its (number, tag), of a mark its
    (name, JSON), of a single value that value; else None. `head` is its encoding up to the content, `body` the rest.
    """

    run: StructRun
    ref: int
    left: Id | None
    right: Id | None
    parent: Id | None
    root: str | None
    key: str | None
    value: Any
    head: bytes
    body: bytes


class Summary(NamedTuple):
    """What an update holds.

    `runs`: structs brought, in order; of these, `pairs`: text of characters beyond the basic plane, two clocks each;
    `formats`: beginnings and ends of marks; `gone`: structs without content; `items`: all of them, neighbours joined.
    `deletes`: structs deleted. `needs`: per client, how many structs must be known before or come with this update.
    `cuts`: (client, clock) before which text is split. `joined`: whether `items` are fewer than what was written.
    """

    runs: tuple[StructRun, ...]
    deletes: tuple[StructRun, ...]
    needs: dict[int, int]
    items: tuple[StructItem, ...]
    pairs: tuple[StructRun, ...]
    cuts: tuple[Id, ...]
    gone: tuple[StructRun, ...]
    formats: tuple[StructRun, ...]
    joined: bool

    @property
    def clients(self) -> tuple[int, ...]:
        """The clients under which structs come, each once."""
        return tuple(dict.fromkeys(run.client for run in self.runs))


def inspect(update: bytes) -> Summary:
    """The summary of a well-formed update; MalformedBytes for anything else."""
    return _summary(_Update(update))


def inspect_bounded(update: bytes) -> Summary:
    """The same for an update from a client; TooMany if it is cut into more pieces than any editor makes."""
    return _summary(_Update(update, MAX_STRUCTS, MAX_DELETIONS, MAX_ITEMS))


def _summary(reader: _Update) -> Summary:
    reader.structs()
    deletes = reader.deletes()
    reader.finish()
    return Summary(
        tuple(reader.runs),
        deletes,
        reader.needs,
        tuple(reader.items),
        tuple(reader.pairs),
        tuple(reader.cuts),
        tuple(reader.gone),
        tuple(reader.formats),
        reader.joined,
    )


def write(items: Iterable[StructItem], deletes: Iterable[StructRun] = ()) -> bytes:
    """An update of these items and deletions; items of one client follow each other without a hole."""
    blocks = b""
    clients = _by_client(items)
    for client, own in clients.items():
        blocks += lib0.uint(len(own)) + lib0.uint(client) + lib0.uint(own[0].run.start)
        blocks += b"".join(part for item in own for part in (item.head, item.body))
    gone = _by_client_runs(deletes)
    removed = b"".join(
        lib0.uint(client)
        + lib0.uint(len(runs))
        + b"".join(lib0.uint(run.start) + lib0.uint(run.end - run.start) for run in runs)
        for client, runs in gone.items()
    )
    return lib0.uint(len(clients)) + blocks + lib0.uint(len(gone)) + removed


def _by_client(items: Iterable[StructItem]) -> dict[int, list[StructItem]]:
    found: dict[int, list[StructItem]] = {}
    for item in items:
        found.setdefault(item.run.client, []).append(item)
    return found


def _by_client_runs(runs: Iterable[StructRun]) -> dict[int, list[StructRun]]:
    found: dict[int, list[StructRun]] = {}
    for run in runs:
        found.setdefault(run.client, []).append(run)
    return found


class _Update(ByteReader):
    __slots__ = (
        "cuts",
        "deletions",
        "formats",
        "gone",
        "items",
        "joined",
        "most",
        "needs",
        "pairs",
        "runs",
        "structs_left",
        "value",
    )

    def __init__(
        self, data: bytes, structs: int = MAX_CLOCK, deletions: int = MAX_CLOCK, items: int = MAX_CLOCK
    ) -> None:
        super().__init__(data)
        self.structs_left, self.deletions, self.most = structs, deletions, items
        self.runs: list[StructRun] = []
        self.needs: dict[int, int] = {}
        self.items: list[StructItem] = []
        self.pairs: list[StructRun] = []
        self.cuts: list[Id] = []
        self.gone: list[StructRun] = []
        self.formats: list[StructRun] = []
        self.joined = False
        self.value: Any = None

    def structs(self) -> None:
        seen: set[int] = set()
        for _ in range(self.count(least=4)):
            structs = self.count(least=2)
            client = self.uint()
            if client in seen or not structs:
                raise MalformedBytes("a client's block stands twice or is empty")
            self.structs_left -= structs
            if self.structs_left < 0:
                raise TooMany("an update is cut too finely")
            seen.add(client)
            self.block(client, structs)
            if len(self.items) > self.most:
                raise TooMany("an update is cut too finely")

    def block(self, client: int, structs: int) -> None:
        clock = start = self.uint()
        row = _Row(self.items)
        for _ in range(structs):
            at = self.pos
            info = self.byte()
            ref = info & 31
            if ref == SKIP:
                row.end()
                self.run(client, start, clock)
                clock = start = clock + self.length()
            elif ref == GC:
                clock = self.without_content(client, clock, row)
            else:
                clock = self.item(info, client, clock, row, at)
            if clock > MAX_CLOCK:
                raise MalformedBytes("a clock is too large")
        row.end()
        self.joined = self.joined or row.joined
        self.run(client, start, clock)

    def run(self, client: int, start: int, end: int) -> None:
        if end > start:
            self.runs.append(StructRun(client, start, end))

    def without_content(self, client: int, clock: int, row: _Row) -> int:
        end = clock + self.length()
        self.gone.append(StructRun(client, clock, end))
        row.add(StructItem(StructRun(client, clock, end), GC, None, None, None, None, None, None, b"\0", b""), b"")
        return end

    def item(self, info: int, client: int, clock: int, row: _Row, at: int) -> int:
        """Reads an item; returns the clock after it."""
        ref = info & 31
        left = self.reference() if info & 0x80 else None
        right = self.reference() if info & 0x40 else None
        parent = root = key = None
        if not info & 0xC0:
            parent, root = self.parent()
            if info & 0x20:
                key = self.text()
        elif right == left:
            raise MalformedBytes("a struct stands between a struct and itself")
        body = self.pos
        self.value = None
        end = self.content(ref, client, clock)
        if not row.continues(ref, left, right):
            self.cut(left, right)
        content = self.data[body : self.pos]
        run = StructRun(client, clock, end)
        row.add(StructItem(run, ref, left, right, parent, root, key, self.value, self.data[at:body], content), content)
        return end

    def content(self, ref: int, client: int, clock: int) -> int:
        """Reads the content of an item; returns the clock after it."""
        if ref == STRING:
            return clock + self.characters(client, clock)
        if ref == DELETED:
            end = clock + self.length()
            self.gone.append(StructRun(client, clock, end))
            return end
        if ref == FORMAT:
            self.formats.append(StructRun(client, clock, clock + 1))
        try:
            return clock + _CONTENTS[ref](self)
        except KeyError:
            raise MalformedBytes("unknown content") from None

    def cut(self, left: Id | None, right: Id | None) -> None:
        """Notes where text is split because an item refers to a place inside it."""
        if left:
            self.cuts.append((left[0], left[1] + 1))
        if right:
            self.cuts.append(right)

    def characters(self, client: int, clock: int) -> int:
        """Reads text, whose length counts UTF-16 units."""
        value = self.text()
        if not value:
            raise MalformedBytes("empty content")
        if value.isascii():
            return len(value)
        length = len(value)
        for match in _BEYOND.finditer(value):
            start = clock + length - len(value) + match.start()
            length += match.end() - match.start()
            self.pairs.append(StructRun(client, start, clock + length - len(value) + match.end()))
        return length

    def parent(self) -> tuple[Id | None, str | None]:
        """Reads the parent of an item: a type, or the name of a root type."""
        named = self.uint()
        if named > 1:
            raise MalformedBytes("unknown parent")
        return (None, self.text()) if named else (self.reference(), None)

    def reference(self) -> Id:
        client, clock = self.uint(), self.uint()
        if clock >= MAX_CLOCK:
            raise MalformedBytes("a clock is too large")
        if self.needs.get(client, 0) <= clock:
            self.needs[client] = clock + 1
        return client, clock

    def length(self) -> int:
        """Reads a number of clock ticks, at least one."""
        value = self.uint()
        if not 0 < value <= MAX_CLOCK:
            raise MalformedBytes("a length is out of bounds")
        return value

    def several(self) -> int:
        """Reads a count of values that each take a clock tick."""
        value = self.count()
        if not value:
            raise MalformedBytes("empty content")
        return value

    def deletes(self) -> tuple[StructRun, ...]:
        found: list[StructRun] = []
        for _ in range(self.count(least=2)):
            client = self.uint()
            ranges = self.count(least=2)
            self.deletions -= ranges + 1
            if self.deletions < 0:
                raise TooMany("an update deletes in too many places")
            for _ in range(ranges):
                start = self.uint()
                end = start + self.length()
                if end > MAX_CLOCK:
                    raise MalformedBytes("a clock is too large")
                found.append(StructRun(client, start, end))
        return tuple(found)


class _Row:
    """Joins consecutive structs of a client, as an editor would have written them.

    The native library joins them too, but copies everything joined so far for each further one.
    """

    __slots__ = ("bodies", "first", "items", "joined", "last")

    def __init__(self, items: list[StructItem]) -> None:
        self.items = items
        self.first: StructItem | None = None
        self.last: StructItem | None = None
        self.bodies: list[bytes] = []
        self.joined = False

    def continues(self, ref: int, left: Id | None, right: Id | None) -> bool:
        """Whether a struct continues the last one at the same place."""
        last = self.last
        if last is None or ref != last.ref or ref not in _JOINED:
            return False
        return left is not None and left == (last.run.client, last.run.end - 1) and right == last.right

    def add(self, item: StructItem, body: bytes) -> None:
        last = self.last
        goes_on = (last is not None and last.ref == GC) if item.ref == GC else self.continues(*item[1:4])
        if goes_on:
            self.joined = True
            self.bodies.append(body)
        else:
            self.end()
            self.first, self.bodies = item, [body]
        self.last = item

    def end(self) -> None:
        """Closes the item gathered so far."""
        first, last = self.first, self.last
        self.first = self.last = None
        if first is None or last is None:
            return
        run = first.run
        if len(self.bodies) > 1 or first.ref == GC:
            run = StructRun(run.client, run.start, last.run.end)
            first = first._replace(run=run, body=_joined_body(first.ref, run, self.bodies))
        self.items.append(first)


def _joined_body(ref: int, run: StructRun, bodies: list[bytes]) -> bytes:
    if ref == STRING:
        return lib0.blob(b"".join(ByteReader(body).blob() for body in bodies))
    return lib0.uint(run.end - run.start)


def _strings(reader: _Update) -> int:
    count = reader.several()
    for _ in range(count):
        _check_json(reader.text(), undefined=True)
    return count


def _binary(reader: _Update) -> int:
    reader.skip(reader.uint())
    return 1


def _embed(reader: _Update) -> int:
    _check_json(reader.text())
    return 1


def _format(reader: _Update) -> int:
    name, value = reader.text(), reader.text()
    _check_json(value)
    reader.value = (name, value)
    return 1


def _type(reader: _Update) -> int:
    ref = reader.uint()
    if ref not in TYPE_REFS:
        raise MalformedBytes("unknown type")
    reader.value = (ref, reader.text() if ref == XML_ELEMENT else "")
    return 1


def _values(reader: _Update) -> int:
    count = reader.several()
    values = [read_any(reader) for _ in range(count)]
    reader.value = values[0] if count == 1 else values
    return count


_JOINED = frozenset({STRING, DELETED})
_BEYOND = re.compile("[\U00010000-\U0010ffff]+")
_CONTENTS: dict[int, Callable[[_Update], int]] = {
    2: _strings,
    3: _binary,
    5: _embed,
    FORMAT: _format,
    TYPE: _type,
    VALUES: _values,
}

_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PLAIN_JSON = frozenset({"null", "true", "false", "{}", '""'})


def _check_json(value: str, undefined: bool = False) -> None:
    """MalformedBytes unless it is JSON of bounded depth and size that every parser reads alike."""
    if value in _PLAIN_JSON or (undefined and value == "undefined"):
        return
    if value.count("[") + value.count("{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise MalformedBytes("a value is nested too deeply")
    try:
        json.loads(value, parse_constant=_refuse_constant, parse_int=_read_number, parse_float=_read_number)
        if "\\u" in value:
            json.dumps(json.loads(value), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise MalformedBytes("a value is not JSON") from None


def _depth(value: str) -> int:
    deepest = depth = 0
    for character in _JSON_STRING.sub("", value):
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}" and depth:
            depth -= 1
    return deepest


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _read_number(digits: str) -> float:
    if len(digits) > 40:
        raise ValueError("too many digits")
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return value


_CONSTANTS = {127: None, 126: None, 121: False, 120: True}
_NUMBERS = {124: ">f", 123: ">d", 122: ">q"}
_INTEGER, _STRING, _OBJECT, _ARRAY, _BYTES = 125, 119, 118, 117, 116


def read_any(reader: ByteReader, depth: int = 0) -> Any:
    """A value of lib0's `any`; MalformedBytes when it is not one or is nested too deeply."""
    tag = reader.byte()
    if tag == _STRING:
        return reader.text()
    if tag in _CONSTANTS:
        return _CONSTANTS[tag]
    if tag in _NUMBERS:
        return _number(reader, _NUMBERS[tag])
    if tag == _INTEGER:
        return _signed(reader)
    if tag == _BYTES:
        return reader.blob()
    if tag in (_OBJECT, _ARRAY):
        return _nested(reader, tag, depth + 1)
    raise MalformedBytes("unknown kind of value")


def _nested(reader: ByteReader, tag: int, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise MalformedBytes("a value is nested too deeply")
    count = reader.count()
    if tag == _OBJECT:
        return {reader.text(): read_any(reader, depth) for _ in range(count)}
    return [read_any(reader, depth) for _ in range(count)]


def _number(reader: ByteReader, layout: str) -> float:
    start = reader.pos
    reader.skip(struct.calcsize(layout))
    value: float = struct.unpack(layout, reader.data[start : reader.pos])[0]
    return value


def _signed(reader: ByteReader) -> int:
    """A signed integer: six bits and a sign in the first byte, seven bits in each that follows."""
    byte = reader.byte()
    value, shift, sign = byte & 63, 6, -1 if byte & 64 else 1
    for _ in range(8):
        if byte < 128:
            return sign * value
        byte = reader.byte()
        value |= (byte & 127) << shift
        shift += 7
    raise MalformedBytes("an integer is too long")
