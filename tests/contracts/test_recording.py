"""Bursts of many people are recorded in several transactions; new keystrokes are stored in between."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path

import pycrdt
import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.vocabulary import ClauseKind, Draft, Role
from server.texts import bursts, motion, replay
from server.texts.letters import TrackedMotion
from server.writing.congress_batch import LONGEST
from tests.server.offices import SLUG, Office, opened
from tests.server.yjs import Writer

PEOPLE = 12
DOCUMENT = "motion-1"


def test_recording_many_bursts_never_holds_the_writer(database_url: str, tmp_path: Path) -> None:
    """Each burst takes as long as a transaction may record: none records two, and a keystroke waits for one at most."""
    timer = count(0, LONGEST * 1.5)

    async def within() -> None:
        async with opened(database_url, tmp_path, timer=timer.__next__) as office:
            await office.found()
            people = await _written(office)
            size = len(office.news)
            late = asyncio.create_task(_type(office, people[0], 999))
            recorded = asyncio.create_task(office.write_queue.record_bursts(SLUG, DOCUMENT))
            await late
            assert not recorded.done()
            entries = await recorded
            assert [len(added) for _, _, added in office.news[size:]] == [1] * len(entries)
            assert [entry.actor for entry in entries] == people
            assert isinstance(entries[0].event, e.TextWritten)
            await office.write_queue.record_bursts(SLUG, DOCUMENT)
            assert not office.store.journalled()
            office.check()

    asyncio.run(within())


def test_a_text_is_frozen_with_all_that_waits(database_url: str, tmp_path: Path) -> None:
    """M3: also where that takes longer than a transaction may record."""
    timer = count(0, LONGEST * 1.5)

    async def within() -> None:
        async with opened(database_url, tmp_path, timer=timer.__next__) as office:
            await office.found()
            people = await _written(office)
            await office.do("p3", c.FreezeMotion(1))
            (frozen,) = (await office.state()).motions[1].frozen
            assert {clause.markdown for clause in frozen.clauses} == {f"Vu {person}" for person in people}

    asyncio.run(within())


def test_what_a_foreign_program_wrote_is_recorded_in_canonical_words(database_url: str, tmp_path: Path) -> None:
    """M28, M35: its letters and accents are apart in the shared document, and stay so there; the record replays."""

    async def within() -> None:
        async with opened(database_url, tmp_path) as office:
            await office.found()
            await office.do("p1", c.CreateMotion("Titre"))
            writer = Writer(100)
            title = writer.root.children.append(pycrdt.XmlElement("title"))
            title.children.append(pycrdt.XmlText("L’e\u0301te\u0301"))
            writer.clause("clause100", "Vu l’e\u0301te\u0301\u2060")
            for update in writer.take():
                assert isinstance(await office.write_queue.journal(SLUG, DOCUMENT, "p1", update, (100,)), int)
            await office.do("p3", c.FreezeMotion(1))
            (frozen,) = (await office.state()).motions[1].frozen
            assert (frozen.title, frozen.clauses[0].markdown) == ("L’\xe9t\xe9", "Vu l’\xe9t\xe9")
            events = [each.event for each in office.store.recorded(SLUG)]
            (written,) = (event for event in events if isinstance(event, e.TextWritten) and event.changes)
            assert (written.title, written.changes[0].after) == (
                "L’\xe9t\xe9",
                Draft(ClauseKind.DEMANDE, "Vu l’\xe9t\xe9"),
            )
            assert list(replay.verify_texts(office.store.recorded(SLUG))) == []
            office.check()

    asyncio.run(within())


def test_what_one_person_wrote_at_once_is_recorded_in_bursts_of_bounded_size(database_url: str, tmp_path: Path) -> None:
    """A paste of megabytes arrives in frames; each transaction reads a few of them at most."""
    timer = count(0, LONGEST * 1.5)

    async def within() -> None:
        async with opened(database_url, tmp_path, timer=timer.__next__) as office:
            await office.found()
            await office.do("p1", c.CreateMotion("Titre"))
            writer = Writer(100)
            for at in range(5):
                writer.clause(f"clause{at}", f"{at} mots " * (bursts.MOST_BYTES // 20))
                (update,) = writer.take()
                assert isinstance(await office.write_queue.journal(SLUG, DOCUMENT, "p1", update, (100,)), int)
            size = len(office.news)
            entries = await office.write_queue.record_bursts(SLUG, DOCUMENT)
            sizes = [len(bursts.decode(each.event.update)) for each in entries if isinstance(each.event, e.TextWritten)]
            assert len(sizes) == 3
            assert max(sizes) <= bursts.MOST_BYTES
            assert [len(added) for _, _, added in office.news[size:]] == [1] * 3
            assert not office.store.journalled()
            assert list(replay.verify_texts(office.store.recorded(SLUG))) == []
            office.check()

    asyncio.run(within())


async def _written(office: Office) -> list[str]:
    """A motion in which each of the people wrote a clause that waits to be recorded."""
    await office.do("p1", c.CreateMotion("Titre"))
    people = ["p1", "p2"]
    for at in range(PEOPLE - 2):
        await office.do("p3", c.InvitePerson(f"Élu {at}", Role.ELU))
        people.append(f"p{5 + at}")
    for at, person in enumerate(people):
        await _type(office, person, 100 + at)
    return people


async def _type(office: Office, person: str, client: int) -> None:
    writer = Writer(client)
    writer.clause(f"clause{client}", f"Vu {person}")
    (update,) = writer.take()
    assert isinstance(await office.write_queue.journal(SLUG, DOCUMENT, person, update, (client,)), int)


@pytest.mark.parametrize("clauses", [3, 40])
def test_a_burst_reads_the_clauses_that_it_touches(clauses: int) -> None:
    writer = Writer(5)
    texts = [writer.clause(f"clause{n}", f"Vu {n}") for n in range(clauses)]
    writer.take()
    doc = Writer(6, writer.doc.get_update()).doc
    tracked = TrackedMotion(doc)
    before = dict(tracked.reading.text.clauses)
    texts[1].insert(0, "Et ")
    (update,) = writer.take()
    after = dict(tracked.follow(doc, lambda: doc.apply_update(update)).text.clauses)
    assert [id_ for id_ in after if after[id_] is not before[id_]] == ["clause1"]
    assert motion.read(doc).clauses == tuple(after.items())
