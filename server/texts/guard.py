"""Reads a Yjs update (v1) before anything native does, and refuses what could hurt.

The native library crashes the process on deep nesting and can be left half-changed by an update that is malformed
later on. Here every count, length, clock and depth is bounded first. What remains is summarised: which structs the
update brings, what it deletes, what it rests on.

Layout of an update: blocks of structs per client, then a delete set. A struct is an item, a `GC` (contents erased) or
a `Skip` (a hole). Layouts: `yjs/src/utils/encoding.js`, `structs/*.js`; lib0 `decoding.js` for `any`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import NamedTuple

from server.texts.lib0 import ByteReader, MalformedBytes

MAX_CLOCK = 2**31 - 1
MAX_DEPTH = 32
"""Levels of lists and objects within one value."""

XML_ELEMENT = 3
TYPE_REFS = frozenset({0, 1, 2, XML_ELEMENT, 4, 6})
"""Array, map, text, XML element, fragment and text. XML hooks, weak links and subdocuments are not for us."""

Id = tuple[int, int]


class StructRun(NamedTuple):
    """Structs, or deletions, of `client` from clock `start` until before `end`."""

    client: int
    start: int
    end: int


class PlacedItems(NamedTuple):
    """Items of `run` that stand together: in the type `parent`, or beside the struct `beside`, or at the root."""

    run: StructRun
    parent: Id | None
    beside: Id | None


class Summary(NamedTuple):
    """What an update holds.

    `runs`: structs brought, in order; of these, `pairs`: text of characters beyond the basic plane, two clocks each;
    `formats`: beginnings and ends of marks; `gone`: structs without content; `items`: where each of them stands.
    `deletes`: structs deleted. `needs`: per client, how many structs must be known before or come with this update.
    `cuts`: (client, clock) before which text is split.
    """

    runs: tuple[StructRun, ...]
    deletes: tuple[StructRun, ...]
    needs: dict[int, int]
    items: tuple[PlacedItems, ...]
    pairs: tuple[StructRun, ...]
    cuts: tuple[Id, ...]
    gone: tuple[StructRun, ...]
    formats: tuple[StructRun, ...]

    @property
    def clients(self) -> tuple[int, ...]:
        """The clients under which structs come, each once."""
        return tuple(dict.fromkeys(run.client for run in self.runs))


def inspect(update: bytes) -> Summary:
    """The summary of a well-formed update; Malformed for anything else."""
    reader = _Update(update)
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
    )


class _Update(ByteReader):
    __slots__ = ("cuts", "formats", "gone", "items", "needs", "pairs", "runs")

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.runs: list[StructRun] = []
        self.needs: dict[int, int] = {}
        self.items: list[PlacedItems] = []
        self.pairs: list[StructRun] = []
        self.cuts: list[Id] = []
        self.gone: list[StructRun] = []
        self.formats: list[StructRun] = []

    def structs(self) -> None:
        seen: set[int] = set()
        for _ in range(self.count(least=4)):
            structs = self.count(least=2)
            client = self.uint()
            if client in seen or not structs:
                raise MalformedBytes("a client's block stands twice or is empty")
            seen.add(client)
            self.block(client, structs)

    def block(self, client: int, structs: int) -> None:
        clock = start = self.uint()
        for _ in range(structs):
            info = self.byte()
            ref = info & 31
            if ref == _SKIP:
                self.run(client, start, clock)
                clock = start = clock + self.length()
            elif ref == _GC:
                clock = self.without_content(client, clock)
            else:
                clock = self.item(info, ref, client, clock)
            if clock > MAX_CLOCK:
                raise MalformedBytes("a clock is too large")
        self.run(client, start, clock)

    def run(self, client: int, start: int, end: int) -> None:
        if end > start:
            self.runs.append(StructRun(client, start, end))

    def without_content(self, client: int, clock: int) -> int:
        end = clock + self.length()
        self.gone.append(StructRun(client, clock, end))
        return end

    def item(self, info: int, ref: int, client: int, clock: int) -> int:
        """Reads an item; the clock after it."""
        beside = self.beside(info)
        parent = None
        if not info & 0xC0:
            parent = self.parent()
            if info & 0x20:
                self.text()
        end = self.content(ref, client, clock)
        self.items.append(PlacedItems(StructRun(client, clock, end), parent, beside))
        return end

    def content(self, ref: int, client: int, clock: int) -> int:
        """Reads what an item holds; the clock after it."""
        if ref == _TEXT:
            return clock + self.characters(client, clock)
        if ref == _DELETED:
            return self.without_content(client, clock)
        if ref == _FORMAT:
            self.formats.append(StructRun(client, clock, clock + 1))
        try:
            return clock + _CONTENTS[ref](self)
        except KeyError:
            raise MalformedBytes("unknown content") from None

    def beside(self, info: int) -> Id | None:
        """A struct that the item was put beside, if any."""
        left = right = None
        if info & 0x80:
            left = self.reference()
            self.cuts.append((left[0], left[1] + 1))
        if info & 0x40:
            right = self.reference()
            self.cuts.append(right)
            if right == left:
                raise MalformedBytes("a struct stands between a struct and itself")
        return left or right

    def characters(self, client: int, clock: int) -> int:
        """Text counts in UTF-16 units."""
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

    def parent(self) -> Id | None:
        """The type that the item is in; None for a root type, which has a name."""
        named = self.uint()
        if named > 1:
            raise MalformedBytes("unknown parent")
        if named:
            self.text()
            return None
        return self.reference()

    def reference(self) -> Id:
        client, clock = self.uint(), self.uint()
        if clock >= MAX_CLOCK:
            raise MalformedBytes("a clock is too large")
        if self.needs.get(client, 0) <= clock:
            self.needs[client] = clock + 1
        return client, clock

    def length(self) -> int:
        """A number of clock ticks, at least one."""
        value = self.uint()
        if not 0 < value <= MAX_CLOCK:
            raise MalformedBytes("a length is out of bounds")
        return value

    def several(self) -> int:
        """A count of values that each take a clock tick."""
        value = self.count()
        if not value:
            raise MalformedBytes("empty content")
        return value

    def deletes(self) -> tuple[StructRun, ...]:
        found: list[StructRun] = []
        for _ in range(self.count(least=2)):
            client = self.uint()
            for _ in range(self.count(least=2)):
                start = self.uint()
                end = start + self.length()
                if end > MAX_CLOCK:
                    raise MalformedBytes("a clock is too large")
                found.append(StructRun(client, start, end))
        return tuple(found)


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
    reader.text()
    _check_json(reader.text())
    return 1


def _type(reader: _Update) -> int:
    ref = reader.uint()
    if ref not in TYPE_REFS:
        raise MalformedBytes("unknown type")
    if ref == XML_ELEMENT:
        reader.text()
    return 1


def _values(reader: _Update) -> int:
    count = reader.several()
    for _ in range(count):
        check_any(reader)
    return count


_GC, _DELETED, _TEXT, _FORMAT, _SKIP = 0, 1, 4, 6, 10
_BEYOND = re.compile("[\U00010000-\U0010ffff]+")
_CONTENTS: dict[int, Callable[[_Update], int]] = {
    2: _strings,
    3: _binary,
    5: _embed,
    _FORMAT: _format,
    7: _type,
    8: _values,
}

_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PLAIN_JSON = frozenset({"null", "true", "false", "{}", '""'})


def _check_json(value: str, undefined: bool = False) -> None:
    """Malformed unless it is JSON of bounded depth and size that every parser reads alike."""
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


_FIXED = {127: 0, 126: 0, 121: 0, 120: 0, 124: 4, 123: 8, 122: 8}
_INTEGER, _STRING, _OBJECT, _ARRAY, _BYTES = 125, 119, 118, 117, 116


def check_any(reader: ByteReader, depth: int = 0) -> None:
    """Reads a value of lib0's `any`; MalformedBytes when it is not one or is nested too deeply."""
    tag = reader.byte()
    if tag == _STRING:
        reader.text()
    elif tag in _FIXED:
        reader.skip(_FIXED[tag])
    elif tag == _INTEGER:
        _signed(reader)
    elif tag == _BYTES:
        reader.skip(reader.uint())
    elif tag in (_OBJECT, _ARRAY):
        _check_nested(reader, tag, depth + 1)
    else:
        raise MalformedBytes("unknown kind of value")


def _check_nested(reader: ByteReader, tag: int, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise MalformedBytes("a value is nested too deeply")
    for _ in range(reader.count()):
        if tag == _OBJECT:
            reader.text()
        check_any(reader, depth)


def _signed(reader: ByteReader) -> None:
    for _ in range(8):
        if reader.byte() < 128:
            return
    raise MalformedBytes("an integer is too long")
