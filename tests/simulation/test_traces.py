"""Real writing sessions of two and three people, keystroke by keystroke, through the hub and into the record."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pycrdt
import pytest

from deliberation.motions.history import moments
from server.realtime import protocol
from server.realtime.hub import Hub
from server.texts import markdown, motion, replay
from server.texts.blocks import Paragraph, TextRun, clean
from server.texts.replica import Replica
from tests.server.memory_storage import MemoryStorage
from tests.server.peers import Client
from tests.simulation.virtual_time import pass_time, run

TRACES = Path(__file__).parents[3] / "shared/data/traces"
MOTION = "motion-1"
KEYS_PER_SECOND = 100


class Author:
    """One person of a trace: a client whose document follows the trace's own causal history, not the network."""

    def __init__(self, number: int, base: bytes) -> None:
        self.client = Client(100 + number, f"p{number + 1}")
        self.client.doc.apply_update(base)
        self.known: set[int] = set()

    def type(self, patches: list[tuple[int, int, str]]) -> bytes:
        clause: Any = self.client.root.children[0]
        text: pycrdt.XmlText = clause.children[0].children[0]
        with self.client.doc.transaction():
            for position, deleted, inserted in patches:
                if deleted:
                    del text[position : position + deleted]
                if inserted:
                    text.insert(position, inserted)
        (update,) = self.client.take()
        return update

    def learn(self, parents: list[int], updates: list[bytes], history: list[list[int]]) -> None:
        missing: list[int] = []
        waiting = [parent for parent in parents if parent not in self.known]
        while waiting:
            number = waiting.pop()
            if number not in self.known:
                self.known.add(number)
                missing.append(number)
                waiting += history[number]
        for number in sorted(missing):
            self.client.doc.apply_update(updates[number])
        self.client.take()


async def _replay(trace: dict[str, Any]) -> tuple[MemoryStorage, str]:
    storage = MemoryStorage(writers={f"p{n + 1}" for n in range(trace["numAgents"])})
    hub = Hub(storage)
    opening = Client(99, "p1")
    opening.clause("aaaaaaaaaa", "")
    base = opening.doc.get_update()
    reader = Client(98, None)
    for each in (opening, reader):
        await each.connect(hub)
        each.say_all(hub)
    await pass_time(0.1)
    opening.hear_all()
    opening.say_all(hub)
    authors = [Author(number, base) for number in range(trace["numAgents"])]
    for author in authors:
        await author.client.connect(hub)
        author.client.say_all(hub)
    await pass_time(0.1)
    await _type(trace["txns"], authors, hub)
    await pass_time(1)
    reader.hear_all()
    await hub.flush("demo", MOTION)
    text = motion.read(reader.doc).clauses[0][1].markdown
    await hub.close()
    assert Replica(reader.doc.get_update()).holds(Replica(storage.kept(MOTION).recorded or b"\0\0"))
    return storage, text


async def _type(txns: list[dict[str, Any]], authors: list[Author], hub: Hub) -> None:
    updates: list[bytes] = []
    history: list[list[int]] = []
    for number, txn in enumerate(txns):
        author = authors[txn["agent"]]
        author.learn(txn["parents"], updates, history)
        history.append(txn["parents"])
        updates.append(author.type(txn["patches"]))
        author.known.add(number)
        author.client.say(hub, protocol.update(updates[-1]))
        if number % 10 == 9:
            await pass_time(10 / KEYS_PER_SECOND)


@pytest.mark.simulation
@pytest.mark.parametrize("name", ["friendsforever", "clownschool"])
def test_a_real_session_ends_as_it_did(name: str) -> None:
    path = TRACES / f"{name}.json.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not at hand")
    trace = json.loads(gzip.decompress(path.read_bytes()))
    storage, text = run(_replay(trace))
    expected = markdown.write((Paragraph((TextRun(trace["endContent"]),)),))
    assert sorted(text) == sorted(expected)
    rebuilt = replay.rebuild(storage.entries)
    assert not rebuilt.broken
    assert list(replay.unlike(rebuilt, storage.state())) == []
    assert {entry.actor for entry in storage.entries} >= {f"p{n + 1}" for n in range(trace["numAgents"])}
    assert text == expected
    assert _authors(storage) == _inserted_by(trace)


def _authors(storage: MemoryStorage) -> str:
    """The number of the author of each letter, as the record tells it."""
    now = list(moments(entry for entry in storage.entries if entry.document == MOTION))[-1]
    ((_, draft),) = now.clauses
    (spans,) = now.spans.values()
    people = "".join(span.author[1:] * len(span.text) for span in spans)
    _, letters, places = markdown.write_with_positions(markdown.read(draft.markdown))
    return "".join(people[place] for place, letter in zip(places, letters, strict=True) if letter.strip())


def _inserted_by(trace: dict[str, Any]) -> str:
    """The number of who inserted each letter that is left: each person's letters are written as their number."""
    base = Client(99, "p1")
    base.clause("aaaaaaaaaa", "")
    authors = [Author(number, base.doc.get_update()) for number in range(trace["numAgents"])]
    updates: list[bytes] = []
    history: list[list[int]] = []
    for number, txn in enumerate(trace["txns"]):
        author = authors[txn["agent"]]
        author.learn(txn["parents"], updates, history)
        history.append(txn["parents"])
        own = str(txn["agent"] + 1)
        updates.append(author.type([(at, gone, own * len(text.encode())) for at, gone, text in txn["patches"]]))
        author.known.add(number)
    for update in updates:
        base.doc.apply_update(update)
    clause: Any = base.root.children[0]
    people = "".join(words for words, _ in clause.children[0].children[0].diff())
    letters = trace["endContent"]
    return "".join(who for who, letter in zip(people, letters, strict=True) if clean(letter).strip())
