"""Turning keystrokes into commands for the record, and rebuilding texts from the record."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from deliberation.kernel import commands, events
from deliberation.kernel.vocabulary import ClauseChange, ClauseKind, Draft, Node, NodeChange
from server.imports.importing import draw_command, import_command
from server.texts import bursts, motion, replay
from server.texts import map as maps
from server.texts.bursts import Recorder, WaitingUpdate
from server.texts.map import Branch
from server.texts.motion import MotionText
from server.texts.replica import Missing, Replica
from tests.server.memory_storage import CREATED, NOW, Kept, MemoryStorage
from tests.server.yjs import Writer

MOTION, MAP = "motion-1", "carte-1"


def keep(storage: MemoryStorage, document: str, person: str, *updates: bytes) -> None:
    kept = storage.documents.setdefault(document, Kept())
    for update in updates:
        kept.keep(person, update)


# One burst


def test_a_burst_says_what_changed() -> None:
    writer = Writer(5, motion.seed(MOTION, "T"))
    seeded = motion.read(writer.doc).clauses[0]
    text = writer.clause("new", "Été")
    text.insert(5, " 😀")
    told = bursts.summarise(MOTION, motion.seed(MOTION, "T"), writer.take(), NOW)
    assert isinstance(told, commands.WriteText)
    assert told.changes == (ClauseChange("new", None, Draft(ClauseKind.DEMANDE, "Été 😀"), ()),)
    assert (told.title, told.order, told.clients, told.started) == (None, (seeded[0], "new"), (5,), NOW)
    assert Replica(motion.seed(MOTION, "T"), bursts.decode(told.update)).holds(Replica(writer.doc.get_update()))


def test_a_burst_tells_deletions_and_titles() -> None:
    before = motion.rewrite(MOTION, b"", MotionText("T", (("a", Draft(ClauseKind.VISA, "x")),)))
    after = MotionText("U", (("b", Draft(ClauseKind.VISA, "y")),))
    told = bursts.as_congress(MOTION, before, motion.rewrite(MOTION, before, after))
    assert isinstance(told, commands.WriteText)
    assert told.changes == (
        ClauseChange("a", Draft(ClauseKind.VISA, "x"), None, ()),
        ClauseChange("b", None, Draft(ClauseKind.VISA, "y"), ()),
    )
    assert (told.title, told.order) == ("U", ("b",))


def test_a_burst_on_a_map_tells_its_nodes() -> None:
    nodes = maps.grown(MAP, {}, [Branch("un", excerpts=(3,))])
    told = bursts.as_congress(MAP, b"", maps.rewrite(MAP, b"", nodes))
    assert isinstance(told, commands.DrawMap)
    ((id_, node),) = nodes.items()
    assert told.changes == (NodeChange(id_, None, node),)
    assert node == Node("", "a0", "un", (3,))


def test_what_is_imported_says_what_its_document_says() -> None:
    """Markdown as people type it is recorded in the form in which the document reads."""
    drafts = [
        Draft(ClauseKind.VISA, "Vu le 2*3 [x] _y_,"),
        Draft(ClauseKind.DEMANDE, "Demande :\n* un\n* deux\n1) trois"),
    ]
    command = import_command("T", drafts)
    read = motion.read(Replica(bursts.decode(command.update)).doc)
    assert [(change.id, change.after) for change in command.changes] == list(read.clauses)
    assert (command.order, command.title) == (read.order, read.title)
    assert len(command.clients) == 1
    drawn = draw_command(1, {"a": Node("", "a0", " été\t"), "b": Node("gone", "a1", "x")})
    nodes = maps.read(Replica(bursts.decode(drawn.update)).doc)
    assert {change.id: change.after for change in drawn.changes} == nodes


def test_only_motions_and_maps_have_bursts() -> None:
    for name in ("temoignage-1", "motion", "x"):
        with pytest.raises(ValueError, match="not a"):
            Recorder(name)


# Several people at once


def typed_together(seed: int, people: int = 3, steps: int = 60) -> tuple[bytes, list[tuple[str, bytes]]]:
    """A starting text, and (person, update) in an order in which each update depends only on earlier ones."""
    chance = random.Random(seed)
    base = motion.seed(MOTION, "T")
    writers = {f"p{n}": Writer(n, base) for n in range(1, people + 1)}
    rows: list[tuple[str, bytes]] = []
    seen = dict.fromkeys(writers, 0)
    for _ in range(steps):
        person = chance.choice(list(writers))
        if chance.random() < 0.4:
            for _, update in rows[seen[person] :]:
                writers[person].doc.apply_update(update)
            seen[person] = len(rows)
            writers[person].take()
        writers[person].edit(chance)
        rows += [(person, update) for update in writers[person].take()]
    return base, rows


def waiting(rows: list[tuple[str, bytes]]) -> list[WaitingUpdate]:
    people: dict[str, list[bytes]] = {}
    for person, update in rows:
        people.setdefault(person, []).append(update)
    return [WaitingUpdate(person, tuple(updates), NOW) for person, updates in people.items()]


@pytest.mark.parametrize("seed", range(15))
def test_a_group_of_bursts_is_the_room(seed: int) -> None:
    base, rows = typed_together(seed)
    recorder = Recorder(MOTION, base)
    flushed = recorder.flush(waiting(rows))
    room = Replica(base, *(update for _, update in rows))
    assert recorder.replica.holds(room)
    assert room.holds(recorder.replica)
    assert motion.read(recorder.replica.doc) == motion.read(room.doc)
    assert next(iter(flushed)).person == rows[0][0]
    again = Replica(base)
    for burst in flushed:
        again.apply(bursts.decode(burst.command.update))
    assert motion.read(again.doc) == motion.read(room.doc)
    owners = {client: burst.person for burst in flushed for client in burst.command.clients}
    assert owners == {n: f"p{n}" for n in owners}


def test_one_burst_each_when_nobody_builds_on_another() -> None:
    base = motion.seed(MOTION, "T")
    rows = []
    for n in (1, 2, 3):
        writer = Writer(n, base)
        writer.clause(f"c{n}", "mot").insert(0, "x")
        rows += [(f"p{n}", update) for update in writer.take()]
    flushed = Recorder(MOTION, base).flush(waiting(rows))
    assert [burst.person for burst in flushed] == ["p1", "p2", "p3"]


def test_what_rests_on_nothing_is_not_recorded() -> None:
    writer = Writer(1)
    writer.clause("a", "x")
    writer.take()
    writer.clause("b", "y")
    with pytest.raises(Missing):
        Recorder(MOTION).flush([WaitingUpdate("p1", tuple(writer.take()))])


# From the record


def recorded(seed: int) -> MemoryStorage:
    """Storage after three rounds of bursts on a motion and a map."""
    storage = MemoryStorage()
    base, rows = typed_together(seed)
    keep(storage, MOTION, "congres", base)
    for part in range(3):
        for person, update in rows[part * 20 : (part + 1) * 20]:
            keep(storage, MOTION, person, update)
        storage.record(MOTION)
    nodes: dict[str, Node] = {}
    for name in ("un", "deux"):
        state = storage.documents[MAP].recorded or b"" if MAP in storage.documents else b""
        nodes = maps.grown(MAP, nodes, [Branch(name)])
        keep(storage, MAP, "p1", maps.rewrite(MAP, state, nodes))
        storage.record(MAP)
    return storage


@pytest.mark.parametrize("seed", range(5))
def test_texts_rebuilt_from_the_record_are_the_folded_ones(seed: int) -> None:
    storage = recorded(seed)
    rebuilt = replay.rebuild(storage.entries)
    assert not rebuilt.broken
    assert list(replay.unlike(rebuilt, storage.state())) == []
    for name, kept in storage.documents.items():
        assert kept.recorded is not None
        assert rebuilt.replicas[name].holds(Replica(kept.recorded))
    assert list(replay.verify_texts([*CREATED, *storage.entries])) == []


def test_a_changed_word_of_the_record_is_found() -> None:
    storage = recorded(1)
    position, entry = next((i, e) for i, e in enumerate(storage.entries) if isinstance(e.event, events.TextWritten))
    assert isinstance(entry.event, events.TextWritten)
    change = entry.event.changes[0]
    assert change.after is not None
    lie = replace(change, id="lie")
    storage.entries[position] = replace(entry, event=replace(entry.event, changes=(*entry.event.changes, lie)))
    assert ("motion-1", "clauses") in list(replay.unlike(replay.rebuild(storage.entries), storage.state()))
    assert [f.code for f in replay.verify_texts([*CREATED, *storage.entries])] == ["text.authors", "text.differs"]


def test_a_changed_update_of_the_record_is_found() -> None:
    storage = recorded(2)
    position, entry = next((i, e) for i, e in enumerate(storage.entries) if isinstance(e.event, events.TextWritten))
    assert isinstance(entry.event, events.TextWritten)
    for update in ("!", "AAAA", bursts.encode(b"\0\0\0"), bursts.encode(bytes.fromhex("010007010002"))):
        entries = list(storage.entries)
        entries[position] = replace(entry, event=replace(entry.event, update=update))
        assert "motion-1" in replay.rebuild(entries).broken
        assert "text.update" in {finding.code for finding in replay.verify_texts([*CREATED, *entries])}


def test_a_document_whose_payload_is_gone_is_not_compared() -> None:
    storage = recorded(3)
    state = storage.state()
    storage.entries[0] = replace(storage.entries[0], event=None)
    rebuilt = replay.rebuild(storage.entries)
    assert rebuilt.broken == {"motion-1": (2, "gone")}
    assert [name for name, _ in replay.unlike(rebuilt, state)] == []
