"""Which updates are passed on to the native library, and which are refused."""

from __future__ import annotations

import random
import subprocess
import sys
import tracemalloc

import pycrdt
import pytest

from server.texts import guard, lib0, schemas
from server.texts.guard import StructRun
from server.texts.lib0 import ByteReader, MalformedBytes, text, uint
from server.texts.places import MAX_NESTING
from server.texts.ranges import Ranges
from server.texts.replica import Missing, Replica, Unfit
from tests.server.yjs import (
    ROOT,
    Writer,
    deletion,
    element,
    embed,
    inside,
    nested,
    update,
    values,
    words,
    words_after,
)
from tests.waiting import WITHIN

NULL = b"\x7e"


def typing(count: int = 200, seed: int = 1) -> list[bytes]:
    writer, chance = Writer(seed), random.Random(seed)
    for _ in range(count):
        writer.edit(chance)
    return writer.take()


# The summary


def test_a_summary_says_what_is_new_and_what_is_deleted() -> None:
    first = update([words("été 😀"), words_after(7, 5, "b")])
    summary = guard.inspect(first)
    assert summary.runs == (StructRun(7, 0, 7),)
    assert summary.clients == (7,)
    assert summary.needs == {7: 6}
    assert summary.pairs == (StructRun(7, 4, 6),)
    assert guard.inspect(deletion(7, 2, 3)).deletes == (StructRun(7, 2, 5),)


def test_a_summary_agrees_with_the_native_library() -> None:
    doc: pycrdt.Doc[pycrdt.XmlFragment] = pycrdt.Doc()
    for each in typing(400):
        before = lib0.read_state_vector(doc.get_state())
        doc.apply_update(each)
        after = lib0.read_state_vector(doc.get_state())
        runs = guard.inspect(each).runs
        assert {run.client: (run.start, run.end) for run in runs} == {
            client: (before.get(client, 0), clock) for client, clock in after.items() if clock != before.get(client)
        }


def test_a_hole_parts_what_comes() -> None:
    joined = pycrdt.merge_updates(update([words("x")]), update([words_after(7, 1, "z")], clock=2))
    assert guard.inspect(joined).runs == (StructRun(7, 0, 1), StructRun(7, 2, 3))


@pytest.mark.parametrize("state", [{}, {1: 5}, {2**53 - 1: 2**31, 7: 1}])
def test_state_vectors_come_back(state: dict[int, int]) -> None:
    assert lib0.read_state_vector(lib0.state_vector(state)) == state


@pytest.mark.parametrize("data", [b"", b"\5", b"\1\7", b"\2\7\1\7\2", b"\0\0", b"\xff" * 12, uint(2**40)])
def test_other_state_vectors_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedBytes):
        lib0.read_state_vector(data)


# Refusals

OVERLONG = b"\xff" * 9 + b"\1"
BAD = {
    "nothing": b"",
    "a block without structs": bytes.fromhex("010007010002"),
    "bytes behind the end": update([words("x")]) + b"\0",
    "no delete set": update([words("x")])[:-1],
    "counts beyond the data": uint(2**30) + b"\1\7\0",
    "structs beyond the data": uint(1) + uint(2**30) + b"\7\0" + words("x") + b"\0",
    "an overlong integer": OVERLONG,
    "a client beyond 53 bits": uint(1) + uint(1) + uint(2**53) + uint(0) + words("x") + b"\0",
    "a clock beyond 31 bits": update([words("x")], clock=2**31),
    "a length beyond 31 bits": update([b"\0" + uint(2**31)]),
    "lengths that add up beyond": update([b"\0" + uint(2**30)] * 3),
    "a client twice": uint(2) + (uint(1) + uint(7) + uint(0) + words("x")) * 2 + b"\0",
    "empty text": update([words("")]),
    "an empty deletion": update([words("x")], deletes=uint(1) + uint(7) + uint(1) + uint(0) + uint(0)),
    "no values": update([values()]),
    "an unknown struct": update([b"\x0b" + ROOT]),
    "a move": update([b"\x0b" + ROOT + b"\0\1\1"]),
    "a document within": update([b"\x09" + ROOT + text("guid") + NULL]),
    "an XML hook": update([b"\7" + ROOT + uint(5) + text("x")]),
    "a weak link": update([b"\7" + ROOT + uint(7)]),
    "an unknown value": update([values(b"\x70")]),
    "an unknown parent": update([b"\4\2" + text("x")]),
    "text that is not UTF-8": update([b"\4" + ROOT + b"\2\xc3\x28"]),
    "half a character": update([b"\4" + ROOT + b"\3\xed\xa0\x80"]),
    "JSON that is none": update([embed("{bad")]),
    "JSON with half a character": update([embed('"\\ud800"')]),
    "JSON with a constant": update([embed("NaN")]),
    "JSON with a number too large": update([embed("1e999")]),
    "JSON with too many digits": update([embed("1" * 5000)]),
    "JSON too deep": update([embed("[" * 100_000 + "]" * 100_000)]),
    "JSON too deep behind text": update([embed('["]",' * 50 + "1" + "]" * 50)]),
    "values too deep": update([values(b"\x75\1" * 26_000 + NULL)]),
    "objects too deep": update([values(b"\x76\1\1a" * 40 + NULL)]),
    "between a struct and itself": update([words("x"), b"\xc4" + (uint(7) + uint(0)) * 2 + text("y")]),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_what_is_malformed_is_refused(bad: bytes) -> None:
    with pytest.raises(MalformedBytes):
        guard.inspect(bad)


@pytest.mark.parametrize("levels", [1, guard.MAX_DEPTH])
def test_values_of_bounded_depth_pass(levels: int) -> None:
    guard.inspect(update([values(b"\x75\1" * levels + NULL)]))
    guard.inspect(update([embed("[" * levels + "]" * levels)]))


def test_every_truncation_is_refused() -> None:
    whole = Writer(3)
    whole.edit(random.Random(3))
    whole.doc.get("nodes", type=pycrdt.Map)["a"] = {"x": [1, 2.5, "é", None, True]}
    full = whole.doc.get_update()
    guard.inspect(full)
    for length in range(len(full)):
        with pytest.raises(MalformedBytes):
            guard.inspect(full[:length])


def test_a_reader_never_passes_the_end() -> None:
    reader = ByteReader(b"\5abc")
    with pytest.raises(MalformedBytes):
        reader.blob()


# Damaged in every way


@pytest.mark.parametrize("seed", [11, 12])
def test_mutants_crash_nothing(seed: int) -> None:
    """60,000 each; a crash of the native library ends the other process, not this one."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.server.mutants", str(seed), "60000"],
        capture_output=True,
        text=True,
        timeout=WITHIN,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    passed, taken = map(int, run.stdout.split())
    assert passed > 3_000
    assert taken > 300


# The replica


def test_a_replica_knows_what_it_took() -> None:
    replica = Replica()
    updates = typing()
    for each in updates:
        assert replica.apply(each)
        assert replica.apply(each) == b""
    assert Replica(replica.full()).holds(replica)
    assert lib0.read_state_vector(replica.state_vector()) == replica.clocks


def test_what_is_missing_is_asked_for() -> None:
    first, second = update([words("a")]), update([words_after(7, 0, "b")], clock=1)
    replica = Replica()
    for each in (second, update([words_after(9, 0, "b")]), deletion(7, 0), update([element(inside(5, 0))])):
        with pytest.raises(Missing):
            replica.apply(each)
    assert replica.version == 0
    assert replica.apply(first)
    assert replica.apply(second)
    assert replica.apply(deletion(7, 0))


def test_structs_that_wait_for_each_other_leave_nothing_behind() -> None:
    replica = Replica(update([words("a")]))
    before = replica.full()
    knot = uint(2)
    for client, other in ((8, 9), (9, 8)):
        knot += uint(1) + uint(client) + uint(0) + b"\x84" + uint(other) + uint(0) + text("x")
    with pytest.raises(Unfit):
        replica.apply(knot + b"\0")
    assert replica.full() == before
    assert replica.apply(update([words_after(7, 0, "b")], clock=1))


def test_a_parent_that_is_no_type_is_refused_and_nothing_changes() -> None:
    replica = Replica(update([words("a")]))
    before = replica.full()
    with pytest.raises(Unfit):
        replica.apply(update([element(inside(7, 0))], client=8))
    assert replica.full() == before


def test_nesting_is_bounded_across_updates() -> None:
    """A hundred thousand levels, a few at a time, would overflow the stack when the outermost is deleted."""
    replica = Replica(update(nested(MAX_NESTING - 1)))
    replica.apply(update([element(inside(7, MAX_NESTING - 2))], clock=MAX_NESTING - 1))
    for client, parent in ((7, MAX_NESTING - 1), (8, MAX_NESTING - 1)):
        with pytest.raises(Unfit):
            replica.apply(update([element(inside(7, parent))], client=client, clock=MAX_NESTING if client == 7 else 0))
    with pytest.raises(Unfit):
        Replica(update(nested(100_000)))
    with pytest.raises(Unfit):
        replica.apply(update(nested(100_000, client=9), client=9))


def test_nesting_is_bounded_beside_and_in_any_order() -> None:
    replica = Replica(update(nested(MAX_NESTING)))
    beside = b"\x87" + uint(7) + uint(MAX_NESTING - 1) + uint(3) + text("a")
    assert replica.apply(update([beside], client=8))
    with pytest.raises(Unfit):
        replica.apply(update([element(inside(8, 0))], client=9))
    upside_down = uint(2)
    upside_down += uint(40) + uint(2) + uint(0)
    upside_down += element(inside(1, 39)) + b"".join(element(inside(2, level)) for level in range(39))
    upside_down += uint(40) + uint(1) + uint(0) + b"".join(nested(40, client=1))
    with pytest.raises(Unfit):
        Replica(upside_down + b"\0")


def test_nesting_is_bounded_after_a_reload() -> None:
    replica = Replica(Replica(update(nested(MAX_NESTING))).full())
    with pytest.raises(Unfit):
        replica.apply(update([element(inside(7, MAX_NESTING - 1))], client=8))


def test_a_text_that_was_much_reworked_opens_again() -> None:
    """Most clauses stand beside deleted ones, and what stands beside a deleted one is no deeper."""
    doc: pycrdt.Doc[pycrdt.XmlFragment] = pycrdt.Doc()
    root = doc.get("prosemirror", type=pycrdt.XmlFragment)
    for _ in range(MAX_NESTING):
        root.children.insert(0, pycrdt.XmlElement("clause", {}, [pycrdt.XmlText("a")]))
        root.children.insert(0, pycrdt.XmlElement("clause", {}, [pycrdt.XmlText("b")]))
        del root.children[0]
    replica = Replica(Replica(doc.get_update()).full())
    assert str(replica.doc.get("prosemirror", type=pycrdt.XmlFragment)) == str(root)


def test_types_within_words_lie_no_deeper_after_a_reload() -> None:
    """Else whoever puts many of them into a text would close it to everybody."""
    replica = Replica(update([words("a")]))
    for client in range(8, 8 + 4 * MAX_NESTING):
        beside = b"\x87" + uint(client - 1) + uint(0) + uint(3) + text("x")
        replica.apply(update([beside if client % 2 else words_after(client - 1, 0, "y")], client=client))
    assert Replica(replica.full()).full() == replica.full()


def test_a_character_of_two_units_is_not_split() -> None:
    replica = Replica(update([words("a😀b")]))
    between = b"\xc4" + uint(7) + uint(1) + uint(7) + uint(2) + text("x")
    for bad in (deletion(7, 1), deletion(7, 2), deletion(7, 0, 2), update([between], client=8)):
        with pytest.raises(Unfit):
            replica.apply(bad)
    assert replica.since({7: 2}) == replica.since({7: 1})
    assert replica.apply(deletion(7, 1, 2))


def test_loose_updates_can_be_withdrawn_with_what_rests_on_them() -> None:
    kept, gone = update([words("a")]), update([words_after(7, 0, "b")], client=8)
    resting, other = update([words_after(8, 0, "c")], client=9), update([words_after(7, 0, "d")], clock=1)
    replica = Replica(kept)
    effects = [replica.apply(each, loose=True) for each in (gone, resting, other)]
    assert lib0.read_state_vector(replica.state_vector()) == {7: 1}
    before, fallen = replica.without(effects[:1])
    assert fallen == effects[:2]
    assert before.holds(Replica(kept, other))
    assert not before.holds(Replica(kept, gone))
    before.settle()
    assert before.full() == Replica(kept, other).full()


def test_long_histories_are_folded_but_not_what_is_loose() -> None:
    replica = Replica(update([words("a")]))
    loose = replica.apply(update([words("b")], client=8), loose=True)
    for clock in range(1, 2_000):
        replica.apply(update([words_after(7, clock - 1, "x")], clock=clock))
    other, fallen = replica.without([loose])
    assert fallen == [loose]
    assert other.clocks == {7: 2_000}


def test_replicas_are_freed() -> None:
    first = update([words("x" * 20_000)])
    for _ in range(3):
        Replica(first)
    tracemalloc.start()
    for _ in range(100):
        Replica(first)
    current, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert current < 1_000_000


def test_ranges_are_like_sets() -> None:
    chance = random.Random(5)
    for _ in range(200):
        ranges, plain = Ranges(), set[int]()
        for _ in range(chance.randrange(1, 30)):
            start = chance.randrange(60)
            end = start + chance.randrange(1, 12)
            ranges.add([StructRun(1, start, end)])
            plain |= set(range(start, end))
        for start in range(70):
            end = start + chance.randrange(1, 8)
            assert ranges.covers([StructRun(1, start, end)]) == (set(range(start, end)) <= plain)


def test_two_sets_of_ranges_can_cover_together() -> None:
    one, two = Ranges([StructRun(1, 0, 3), StructRun(1, 7, 9)]), Ranges([StructRun(1, 2, 5)])
    assert one.covers_with(two, StructRun(1, 0, 5))
    assert one.covers_with(two, StructRun(1, 8, 9))
    assert not one.covers_with(two, StructRun(1, 4, 8))
    assert not one.covers_with(two, StructRun(2, 0, 1))


@pytest.mark.parametrize(("start", "is_known"), [(None, True), (4.0, True), ("12", True), (1.5, False), ("x", False)])
def test_a_list_may_begin_at_another_number(start: object, is_known: bool) -> None:
    """What the editor writes of a pasted list that begins at 4."""
    assert schemas._ATTRIBUTES["ordered_list", "start"](start) is is_known
