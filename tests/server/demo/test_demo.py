"""The demonstration congress plays through the real write path, and shows what a visitor should see."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from deliberation.amendments.order import agenda
from deliberation.congress import congress, people
from deliberation.evolve import replay
from deliberation.kernel import codec, ids
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Aim, Channel, Choice, ClauseKind, Outcome, Phase, Role, Way
from deliberation.motions import motions
from deliberation.thread.thread import threads_of
from exports.naming import outcome_reason
from exports.translations import words_for
from server.demo import congress as demo
from server.demo import content
from server.store.clock import ScriptedClock
from server.store.database import Database
from server.store.highwater import HighWater
from server.store.keys import Keys
from server.store.store import Store
from server.texts.replay import differences, verify_texts
from server.writing.commits import CommitFeed
from server.writing.erasure import Erasure
from server.writing.queue import WriteQueue
from server.writing.receipts import Receipt
from server.writing.safeguards import Safeguards
from server.writing.transaction import TransactionWriter

NOW = "2026-11-23T08:30:00.000Z"
ORIGIN = "localhost:8000/c/demo/registre"
T = TypeVar("T")


@dataclass(frozen=True)
class Product:
    """The write path and its storage, without the web server."""

    write_queue: WriteQueue
    store: Store
    clock: ScriptedClock


def with_product(folder: Path, work: Callable[[Product], Awaitable[T]]) -> T:
    async def run() -> T:
        database = Database(f"sqlite:///{folder / 'pleniere.sqlite'}")
        database.create_tables()
        clock = ScriptedClock(NOW)
        store, keys, high_water = Store(database), Keys(folder / "keys"), HighWater(folder / "highwater")
        writer = TransactionWriter(database, keys, clock, Safeguards(high_water), Erasure(database, keys))
        write_queue = WriteQueue(store, writer, CommitFeed())
        await write_queue.start()
        try:
            return await work(Product(write_queue, store, clock))
        finally:
            await write_queue.stop()
            database.close()

    return asyncio.run(run())


async def play(product: Product) -> State:
    await demo.build(product.write_queue, product.clock, NOW, "demo", ORIGIN)
    state = await product.write_queue.state("demo")
    assert state is not None
    return state


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def state(folder: Path) -> State:
    return with_product(folder, play)


def test_it_is_fictional_and_full_of_people(state: State) -> None:
    assert state.settings is not None
    assert state.settings.fictional
    assert Counter(p.role for p in state.people.values()) == {Role.ELU: 35, Role.ORGANISER: 3, Role.SCRIBE: 2}
    assert [p.revoked_reason != "" for p in state.people.values() if p.revoked] == [True]


def test_testimonies_come_by_every_channel_and_meet_every_fate(state: State) -> None:
    told = state.testimonies.values()
    assert len(told) >= 60
    assert {t.channel for t in told if t.status == "published"} == set(Channel)
    fates = Counter(t.status for t in told)
    assert (fates["set_aside"], fates["hidden"], fates["redacted"], fates["pending"]) == (3, 1, 1, 3)
    assert all(t.reason for t in told if t.status in {"set_aside", "hidden"})
    (redaction,) = state.redactions.values()
    assert redaction.status == "done"
    assert redaction.proposed_by != redaction.decided_by


def test_what_was_said_reaches_the_maps_and_the_motions(state: State) -> None:
    coverage = threads_of(state).coverage()
    assert len(state.excerpts) >= 45
    assert len(coverage.placed) >= 50
    assert len(coverage.cited) >= 25
    assert coverage.final
    assert coverage.unplaced, "something is left to do"
    assert all(20 <= len(drawn.nodes) <= 35 for drawn in state.maps.values())


def test_the_motion_was_written_by_many(state: State) -> None:
    motion = state.motions[1]
    first = motion.frozen[0]
    kinds = Counter(clause.kind for clause in first.clauses)
    assert kinds == {ClauseKind.VISA: 3, ClauseKind.CONSIDERANT: 6, ClauseKind.DEMANDE: 8}
    assert len({writer for writers in motion.writers.values() for writer in writers}) >= 8
    assert all(clause.addressee for clause in first.clauses if clause.kind is ClauseKind.DEMANDE)


def test_amendments_meet_different_outcomes(state: State) -> None:
    outcomes = Counter(a.outcome for a in state.amendments.values())
    assert outcomes == {
        Outcome.ADOPTED: 2,
        Outcome.REJECTED: 4,
        Outcome.WITHDRAWN: 1,
        Outcome.FALLEN: 1,
        Outcome.INADMISSIBLE: 1,
        Outcome.NOT_MOVED: 1,
        None: 9,
    }
    assert all(outcome_reason(state, words_for("fr"), a) for a in state.amendments.values() if a.outcome)
    ties = [p for p in state.polls.values() if p.tally and p.tally.in_favour == p.tally.against and not p.tally.carried]
    assert len(ties) == 1
    assert state.motions[1].frozen[-1].adopted == (1, 2)


def test_amendments_are_of_every_kind(state: State) -> None:
    """A sub-amendment, a clause that is moved, an instruction still to be worded, signatures, a rectification."""
    told = state.amendments.values()
    assert {a.aim for a in told} == set(Aim)
    assert [a.parent for a in told if a.parent] == [9]
    assert [a.number for a in told if not a.is_worded] == [17]
    assert [a.called for a in told if a.rectified] == ["14 rect."]
    assert len([a for a in told if a.signatures]) >= 4


def test_a_sitting_is_in_progress(state: State) -> None:
    """An élu presides; amendments are debated together, one is reserved, two are the same, an act was reverted."""
    assert state.people[state.chair].role is Role.ELU
    assert state.chair != next(p.id for p in state.people.values() if p.role is Role.ELU)
    places = {place.amendment.number: place for place in agenda(state, 1)}
    assert len({n for n, place in places.items() if place.discussion}) == 2
    assert [place.reserved for place in places.values()].count(True) == 1
    assert [bool(place.same) for place in places.values()].count(True) == 2
    assert [act.stands for act in state.acts.values()].count(False) == 1
    assert state.sitting == state.sittings[3]


def test_votes_are_held_in_several_ways(state: State) -> None:
    """By roll-call, by show of hands with two tellers, in secret; one failed its quorum and was called again."""
    assert {poll.way for poll in state.polls.values()} == set(Way)
    (shown,) = (poll for poll in state.polls.values() if poll.way is Way.HANDS)
    assert len(shown.counts) == 2
    (second,) = (poll for poll in state.polls.values() if poll.second_call_of)
    first = state.polls[second.second_call_of].tally
    assert first is not None
    assert not first.quorum_met
    spokesperson, witnesses = state.elections.values()
    assert len(spokesperson.rounds) == 2
    assert spokesperson.elected
    assert [bool(each.reason) for each in witnesses.elected] == [False, True]
    (division,) = state.divisions.values()
    assert division.results == {1: True, 2: False}
    assert len([poll for poll in state.polls.values() if poll.sheet]) == 2


def test_the_elu_who_signs_in_can_do_everything_now(state: State) -> None:
    elu = next(p for p in state.people.values() if p.role is Role.ELU)
    for phase in (Phase.COLLECT, Phase.MAPS, Phase.DRAFTING, Phase.AMENDMENTS, Phase.VOTE):
        assert congress.is_open(state, phase, NOW)
        closes = state.phases[phase].closes
        assert closes is not None
        assert closes > NOW
    assert not congress.is_open(state, Phase.RESTITUTION, NOW)
    (poll,) = (poll for poll in state.polls.values() if poll.is_open)
    assert elu.id in poll.electorate
    assert elu.id not in poll.ballots
    assert state.floor == poll.subject
    assert motions.refuse_writing(state, elu.id, 2, NOW) is None
    assert [m.status for m in state.motions.values()] == [
        *("frozen", "drafting", "adopted"),
        *("adopted", "adopted", "rejected"),
    ]
    assert people.may(state, elu.id, c.TableAmendment)


def test_the_record_and_the_texts_say_the_same(folder: Path, state: State) -> None:
    async def read(product: Product) -> None:
        recorded = list(product.store.recorded("demo"))
        assert list(verify_texts(recorded)) == []
        found, documents = differences(product.store, "demo", state)
        assert found == []
        assert set(documents) == {"carte-1", "carte-2", *(f"motion-{n}" for n in range(1, 7))}
        assert replay(recorded).motions == state.motions
        assert [r.time for r in recorded] == sorted(r.time for r in recorded)
        assert all(r.time <= NOW for r in recorded)

    with_product(folder, read)


def test_played_again_it_stays_as_it_is(folder: Path, state: State) -> None:
    assert with_product(folder, play).size == state.size


def test_an_interrupted_play_goes_on_where_it_was(tmp_path: Path, state: State) -> None:
    class Interrupted(Exception):
        pass

    class Failing:
        def __init__(self, write_queue: WriteQueue, left: int) -> None:
            self._write_queue, self._left = write_queue, left

        async def submit(self, request: c.Request) -> Receipt | Refused:
            assert c.decode(request.command.name, codec.encode(request.command)) == request.command
            self._left -= 1
            if self._left < 0:
                raise Interrupted
            return await self._write_queue.submit(request)

    async def begin(product: Product) -> None:
        for left in (1, 30, 250, 500):
            with pytest.raises(Interrupted):
                await demo.build(Failing(product.write_queue, left), product.clock, NOW, "demo", ORIGIN)

    with_product(tmp_path, begin)

    async def resume(product: Product) -> State:
        resumed = await play(product)
        assert differences(product.store, "demo", resumed)[0] == []
        return resumed

    resumed = with_product(tmp_path, resume)
    assert resumed.size == state.size
    assert {n: t.title for n, t in resumed.testimonies.items()} == {n: t.title for n, t in state.testimonies.items()}
    assert resumed.motions[1].frozen[-1].hash == state.motions[1].frozen[-1].hash


def test_the_words_are_typographically_french() -> None:
    told = json.dumps([vars(content.load())], ensure_ascii=False)
    assert "'" not in told
    assert "..." not in told
    assert "oeuvre" not in told


def test_every_quoted_passage_is_in_its_testimony() -> None:
    for testimony in content.load().testimonies:
        for quote in testimony.get("excerpts", {}).values():
            assert not isinstance(quote, str) or quote in testimony["text"], quote


def test_ballots_are_those_that_were_told(state: State) -> None:
    voter = {person.name: person.id for person in state.people.values()}
    tie = next(p for p in state.polls.values() if p.tally and p.tally.in_favour == p.tally.against)
    assert tie.ballots[voter["Guillaume Desportes-Nollet"]] is Choice.FOR, "who changed a vote is counted once"
    assert len(tie.entries) == len(tie.ballots) + 2
    assert tie.subject == ids.document(ids.AMENDMENT, 4)
