"""Valid but hostile updates: cut into many pieces, expensive to integrate, or with content that no page shows."""

from __future__ import annotations

import gc
import gzip
import json
import random
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pycrdt
import pytest

from deliberation.kernel.vocabulary import ClauseKind, Draft, Node
from server.realtime.room import MAX_PARTS
from server.texts import guard
from server.texts import map as mindmap
from server.texts.guard import TooMany
from server.texts.lib0 import text, uint
from server.texts.motion import MotionText, rewrite, seed
from server.texts.replica import Foreign, Replica, Unfit
from server.texts.schemas import schema_of
from tests.server.yjs import ROOT, Writer, element, inside, update, words, words_after

TRACES = Path(__file__).parents[4] / "shared/data/traces"
XML_TEXT = uint(6)


def keys(number: int, start: int = 2, client: int = 7) -> list[bytes]:
    """Structs of letters typed one after the other, the first after the struct before `start`."""
    return [words_after(client, clock - 1, "a") for clock in range(start, start + number)]


def paragraph(client: int = 7) -> list[bytes]:
    """The three structs of a clause with a paragraph and its text, to which letters can be added."""
    return [element(), element(inside(client, 0), "paragraph"), b"\7" + inside(client, 1) + XML_TEXT]


def typed(number: int) -> bytes:
    return update([*paragraph(), words("a", inside(7, 2)), *keys(number - 1, 4)])


# Neighbours


def test_letters_one_by_one_are_joined_before_the_native_library_sees_them() -> None:
    """It copies all that it has joined so far for each that comes: 60,000 letters took 2 GB and 11 s."""
    update_ = typed(15_000)
    summary = guard.inspect_bounded(update_)
    assert summary.joined
    assert len(summary.items) == 4
    assert summary.items[3].run == guard.StructRun(7, 3, 15_003)
    joined = guard.write(summary.items, summary.deletes)
    assert len(joined) < 15_100
    replica = Replica(schema=schema_of("motion-1"))
    assert replica.apply(update_, summary, loose=True) == joined
    assert replica.parts == 4
    assert replica.clocks == {7: 15_003}


@pytest.mark.parametrize("seed_", range(6))
def test_joined_updates_mean_the_same(seed_: int) -> None:
    """Merging many updates joins nothing; with neighbours joined the document is the same, byte for byte."""
    chance = random.Random(seed_)
    writers = [Writer(client) for client in (3, 8)]
    updates: list[bytes] = []
    for _ in range(120):
        writer = chance.choice(writers)
        writer.edit(chance)
        own = writer.take()
        updates += own
        for other in writers:
            if other is not writer and chance.random() < 0.7:
                other.doc.apply_update(writer.doc.get_update(other.doc.get_state()))
                other.take()
    merged_update = pycrdt.merge_updates(*updates)
    summary = guard.inspect(merged_update)
    plain: pycrdt.Doc[Any] = pycrdt.Doc()
    plain.apply_update(merged_update)
    joined: pycrdt.Doc[Any] = pycrdt.Doc()
    joined.apply_update(guard.write(summary.items, summary.deletes))
    assert joined.get_update() == plain.get_update() == Replica(merged_update).full()


def test_what_stands_elsewhere_is_not_joined() -> None:
    right = b"\xc4" + uint(7) + uint(3) + uint(7) + uint(2) + text("b")
    summary = guard.inspect(update([*paragraph(), words("a", inside(7, 2)), right, words_after(7, 3, "c")]))
    assert len(summary.items) == 6
    assert not summary.joined


# Bounds


def test_an_update_that_is_cut_too_finely_is_refused() -> None:
    for hostile in (
        typed(60_000),
        update([element() for _ in range(guard.MAX_ITEMS + 1)]),
        b"\0" + uint(1) + uint(7) + uint(60_000) + b"".join(uint(2 * n) + b"\1" for n in range(60_000)),
    ):
        with pytest.raises(TooMany):
            guard.inspect_bounded(hostile)
        guard.inspect(hostile)  # what was recorded opens all the same


def costly() -> tuple[Replica, bytes]:
    """A document, and an update with three thousand clauses, the place of each of which must be searched among as many
    others.
    """
    size = 3_000
    beside = [b"\x87" + uint(7) + uint(n) + uint(3) + text("clause") for n in range(size - 1)]
    replica = Replica(update([element(), *beside]))
    far = [b"\x47" + uint(7) + uint(size - 1 - n) + uint(3) + text("clause") for n in range(size - 1)]
    return replica, update(far, client=3)


def ticking(seconds: float) -> Callable[[], float]:
    """A clock that advances by that many seconds at each reading."""
    looks = count()
    return lambda: next(looks) * seconds


def test_what_takes_too_long_is_given_up_and_changes_nothing() -> None:
    replica, hostile = costly()
    before = replica.full()
    replica._timer = ticking(0.01)
    with pytest.raises(Unfit, match="too long"):
        replica.apply(hostile, loose=True)
    assert replica.full() == before
    assert replica.apply(hostile)  # of the record, whatever it takes


def test_the_native_library_gets_a_costly_update_in_small_pieces() -> None:
    replica, hostile = costly()
    looks: list[int] = []

    def still() -> float:
        looks.append(1)
        return 0.0

    replica._timer = still
    replica.apply(hostile, loose=True)
    assert len(looks) > 3_000 * 6_000 / 60_000


def test_parts_are_never_fewer_than_what_the_document_holds() -> None:
    writer, chance = Writer(7), random.Random(4)
    replica = Replica(schema=schema_of("motion-1"))
    for _ in range(600):
        writer.edit(chance)
        for each in writer.take():
            replica.apply(each, loose=True)
    held = len(guard.inspect(replica.full()).items)
    assert held <= replica.parts < 8 * held


def test_an_update_may_not_delete_in_too_many_places_at_once() -> None:
    replica = Replica(update([words("a" * 20_000)]))
    erased = b"\0" + uint(1) + uint(7) + uint(3_001) + b"".join(uint(2 * n) + b"\1" for n in range(3_001))
    with pytest.raises(Unfit, match="too many places"):
        replica.apply(erased, guard.inspect_bounded(erased), loose=True)
    assert replica.apply(erased)
    assert replica.apply(erased, loose=True) == b""  # what is known costs little


# What the schema knows

MOTION = seed("motion-1", "Titre")
STRANGE = {
    "text in an unknown root": update([words("x", b"\1" + text("hidden"))]),
    "a map in an unknown root": update([b"\7" + b"\1" + text("nodes") + uint(1)]),
    "a key of an unknown root": update([b"\x28" + b"\1" + text("meta") + text("k") + uint(1) + b"\x77" + text("v")]),
    "deleted content in an unknown root": update([b"\1" + b"\1" + text("hidden") + uint(5)]),
    "text beside the clauses": update([words("x")]),
    "an unknown element": update([element(tag="script")]),
    "a clause within a paragraph": update([*paragraph(), element(inside(7, 1), "clause")]),
    "words within a citation": update(
        [*paragraph(), element(inside(7, 1), "citation"), b"\7" + inside(7, 3) + XML_TEXT]
    ),
    "an unknown attribute": update([element(), b"\x28" + inside(7, 0) + text("style") + uint(1) + b"\x77" + text("v")]),
    "an attribute of another element": update(
        [*paragraph(), b"\x28" + inside(7, 1) + text("id") + uint(1) + b"\x77" + text("v")]
    ),
    "a kind of clause that is none": update(
        [element(), b"\x28" + inside(7, 0) + text("kind") + uint(1) + b"\x77" + text("secret " * 900)]
    ),
    "an attribute with a list": update([element(), b"\x28" + inside(7, 0) + text("id") + uint(1) + b"\x75\0"]),
    "an attribute with bytes": update([element(), b"\x23" + inside(7, 0) + text("id") + b"\2ab"]),
    "an unknown mark": update([*paragraph(), b"\6" + inside(7, 2) + text("blink") + text("{}")]),
    "a mark with hidden words": update([*paragraph(), b"\6" + inside(7, 2) + text("em") + text('{"note":"x"}')]),
    "a picture among the words": update([*paragraph(), b"\5" + inside(7, 2) + text('{"image":"x"}')]),
    "an array": update([b"\7" + ROOT + uint(0)]),
    "values": update([b"\x08" + ROOT + uint(1) + b"\x7e"]),
}


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE.keys())
def test_what_no_page_shows_is_refused_in_a_motion(strange: bytes) -> None:
    replica = Replica(MOTION, schema=schema_of("motion-1"))
    before = replica.full()
    with pytest.raises(Foreign):
        replica.apply(strange, guard.inspect_bounded(strange), loose=True)
    assert replica.full() == before
    assert Replica(MOTION, strange, schema=schema_of("motion-1")).version == 2  # an old record opens


def node(key: str, value: bytes = b"\x77\1x") -> bytes:
    """A node of a map with that key set to a value of lib0."""
    top = b"\x27" + b"\1" + text("nodes") + text("n1") + uint(1)
    return update([top, b"\x28" + inside(7, 0) + text(key) + uint(1) + value])


STRANGE_ON_A_MAP = {
    "an unknown key": node("colour"),
    "a number for a text": node("text", b"\x7d\1"),
    "a parent that is long": node("parent", b"\x77" + text("x" * 70)),
    "a node that is a word": update([b"\x28" + b"\1" + text("nodes") + text("n1") + uint(1) + b"\x77\1x"]),
    "an id that is long": update([b"\x27" + b"\1" + text("nodes") + text("n" * 65) + uint(1)]),
    "words among the nodes": update([words("x", b"\1" + text("nodes"))]),
    "an unknown root": update([words("x")]),
}


@pytest.mark.parametrize("strange", STRANGE_ON_A_MAP.values(), ids=STRANGE_ON_A_MAP.keys())
def test_what_no_page_shows_is_refused_on_a_map(strange: bytes) -> None:
    with pytest.raises(Foreign):
        Replica(schema=schema_of("carte-1")).apply(strange, loose=True)


def test_what_the_server_and_the_pages_write_is_known() -> None:
    blocks = "Un **mot** et *un autre*, [là](https://example.org).\n\n- a\n- b\n\n  1. c\n"
    draft = motion_with(blocks)
    assert Replica(schema=schema_of("motion-1")).apply(draft, loose=True)
    nodes = {"a": Node("", "a0", "Idée", (3, 12)), "b": Node("a", "a0", "Sous-idée", ())}
    assert Replica(schema=schema_of("carte-1")).apply(mindmap.rewrite("carte-1", b"", nodes), loose=True)
    label = node("text", b"\x77" + text("mots"))
    assert Replica(schema=schema_of("carte-1")).apply(label, loose=True)


def motion_with(markdown: str) -> bytes:
    draft = Draft(ClauseKind.DEMANDE, markdown, "État")
    return rewrite("motion-1", b"", MotionText("Titre", (("c1", draft),)))


@pytest.mark.parametrize("name", ["em", "em--AbCd+/0=", "link--AbCd+/0=", "strong"])
def test_marks_that_overlap_carry_a_hash(name: str) -> None:
    href = '{"href":"https://example.org"}' if name.startswith("link") else "{}"
    marked = update([*paragraph(), b"\6" + inside(7, 2) + text(name) + text(href), words_after(7, 3, "x")])
    assert Replica(schema=schema_of("motion-1")).apply(marked, loose=True)


def test_a_collection_of_garbage_is_not_taken_for_a_slow_update() -> None:
    """In a process with much in memory a collection takes longer than any update may."""
    passed: list[str] = []

    def note(phase: str, _: object) -> None:
        passed.append(phase)

    replica = Replica(schema=schema_of("motion-1"), timer=lambda: float(len(passed)))
    thresholds = gc.get_threshold()
    gc.callbacks.append(note)
    try:
        gc.set_threshold(1)
        replica.apply(update([*paragraph(), words("a", inside(7, 2)), *keys(200, 4)]), loose=True)
    finally:
        gc.set_threshold(*thresholds)
        gc.callbacks.remove(note)
    assert passed


# Real writing


@pytest.mark.parametrize("path", sorted(TRACES.glob("*.json.gz")), ids=lambda path: path.name)
def test_hours_of_real_writing_pass(path: Path) -> None:
    """Key by key as it was typed, and whole as from a device that was offline all the time."""
    trace = json.loads(gzip.decompress(path.read_bytes()))
    online = Replica(schema=schema_of("motion-1"))
    writers = [Writer(100 + agent) for agent in range(trace["numAgents"])]
    base = update(
        [element(tag="clause"), element(inside(1, 0), "paragraph"), b"\7" + inside(1, 1) + XML_TEXT], client=1
    )
    online.apply(base, loose=True)
    for writer in writers:
        writer.doc.apply_update(base)
    for each in updates_of(trace, writers):
        online.apply(each, guard.inspect_bounded(each), loose=True)
    whole = online.doc.get_update()
    offline = Replica(base, schema=schema_of("motion-1"))
    offline.apply(whole, guard.inspect_bounded(whole), loose=True)
    assert said(offline.doc) == said(online.doc) == trace["endContent"]
    assert max(offline.parts, online.parts) < MAX_PARTS / 10


def updates_of(trace: dict[str, Any], writers: list[Writer]) -> Iterator[bytes]:
    done: list[bytes] = []
    seen: list[set[int]] = [set() for _ in writers]
    for number, step in enumerate(trace["txns"]):
        agent = step["agent"]
        writer = writers[agent]
        learn(writer, seen[agent], step["parents"], trace["txns"], done)
        writer.take()
        words_ = text_of(writer.doc)
        with writer.doc.transaction():
            for at, gone, came in step["patches"]:
                plain = str(words_)
                start, end = len(plain[:at].encode()), len(plain[: at + gone].encode())
                if gone:
                    del words_[start:end]
                if came:
                    words_.insert(start, came)
        update_ = (writer.take() or [b""])[-1]
        done.append(update_)
        seen[agent].add(number)
        if update_:
            yield update_


def learn(writer: Writer, seen: set[int], parents: list[int], steps: list[Any], done: list[bytes]) -> None:
    """Delivers to the writer everything on which those steps depend."""
    waiting, missing = list(parents), []
    while waiting:
        step = waiting.pop()
        if step not in seen:
            seen.add(step)
            missing.append(step)
            waiting += steps[step]["parents"]
    for step in sorted(missing):
        if done[step]:
            writer.doc.apply_update(done[step])


def text_of(doc: pycrdt.Doc[Any]) -> pycrdt.XmlText:
    root: Any = doc.get("prosemirror", type=pycrdt.XmlFragment)
    found: pycrdt.XmlText = root.children[0].children[0].children[0]
    return found


def said(doc: pycrdt.Doc[Any]) -> str:
    return str(text_of(doc))
