"""The journal of a room as a state machine: updates arrive, and the storage confirms them, refuses them, is late, or
fails.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from deliberation.kernel.errors import Refused
from server.realtime.journal import LONGEST_RETRY, MAX_UNDER_WAY, Journal, Rounds, Step
from server.realtime.storage import Unavailable
from tests.simulation.virtual_time import VirtualLoop, pass_time
from tests.waiting import pace

REFUSED = Refused("motion.frozen", "Le texte est gelé : on le change par amendement.")
PEOPLE = ("p1", "p2", "p3")


class ScriptedRoom:
    """A room whose storage does what the test says. An update depends on what the same person wrote just before.

    `kept` are the updates that the storage has, in order; `told` those that were acknowledged, `withdrawals` those that
    were taken back.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[Sequence[Step], asyncio.Future[int | Refused]]] = []
        self.kept: list[bytes] = []
        self.told: list[Step] = []
        self.withdrawals: list[Step] = []
        self.steps: list[Step] = []
        self.broken = 0

    async def keep(self, run: Sequence[Step]) -> int | Refused:
        answer: asyncio.Future[int | Refused] = asyncio.get_running_loop().create_future()
        self.asked.append((run, answer))
        return await answer

    def answer(
        self,
        refuses: Callable[[str], bool] = lambda person: False,
        kept: int | None = None,
        failure: type[Exception] = OSError,
    ) -> None:
        """Answers all writes of a round; if `kept` is given, only that many runs are stored before the storage
        fails.
        """
        asked, self.asked = self.asked, []
        for number, (run, answer) in enumerate(asked):
            if kept is not None and number >= kept:
                answer.set_exception(failure("the disk is gone"))
            elif refuses(run[0].person):
                answer.set_result(REFUSED)
            else:
                self.kept += [step.effect for step in run]
                answer.set_result(len(self.kept))

    def put_off(self) -> None:
        """Answers that nothing can be stored at present."""
        asked, self.asked = self.asked, []
        for _, answer in asked:
            answer.set_exception(Unavailable("the disk is full"))

    def take_back(self, refused: Collection[bytes]) -> Collection[bytes]:
        people = {step.person for step in self.steps if step.effect in refused}
        over = {*self.told, *self.withdrawals}
        return {step.effect for step in self.steps if step.person in people and step not in over}

    async def withdrawn(self, steps: Sequence[tuple[Step, Refused]]) -> None:
        await pass_time(0.01)
        self.withdrawals += [step for step, _ in steps]

    def done(self, step: Step) -> None:
        self.told.append(step)

    def ended(self) -> None:
        over = {*self.told, *self.withdrawals}
        assert not over.intersection(step for run, _ in self.asked for step in run)

    def broke(self) -> None:
        self.broken += 1


class JournalMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = VirtualLoop()
        self.room = ScriptedRoom()
        self.journal: Journal[Step] = Journal(self.room, "motion-1")
        self.resumed = 0

    def go_on(self, seconds: float = 0.05) -> None:
        self.loop.run_until_complete(pass_time(seconds))

    async def _give(self, step: Step) -> None:
        self.room.steps.append(step)
        if step.effect:
            self.journal.add(step)
        else:
            self.journal.when_durable(step)

    def give(self, step: Step) -> None:
        self.loop.run_until_complete(self._give(step))

    @property
    def open(self) -> list[Step]:
        over = {*self.room.told, *self.room.withdrawals}
        return [step for step in self.room.steps if step not in over]

    @rule(person=st.sampled_from(PEOPLE), size=st.sampled_from([1, 1, 1, MAX_UNDER_WAY // 2]))
    def write(self, person: str, size: int) -> None:
        self.give(Step(person, len(self.room.steps).to_bytes(4) + bytes(size)))

    @rule(person=st.sampled_from(PEOPLE))
    def ask(self, person: str) -> None:
        """Asks for an action that brings no update: it must wait until all earlier updates are durable."""
        before = self.open
        self.give(Step(person))
        if not before and not self.room.broken:
            assert self.room.told[-1] is self.room.steps[-1], "nothing was under way"

    @rule()
    def wait(self) -> None:
        self.go_on()

    @rule()
    def confirm(self) -> None:
        self.room.answer()
        self.go_on()

    @rule(people=st.sets(st.sampled_from(PEOPLE), min_size=1))
    def refuse(self, people: set[str]) -> None:
        self.room.answer(lambda person: person in people)
        self.go_on()

    @rule()
    def be_late(self) -> None:
        """Has the storage be late; what it cannot store now is tried again."""
        asked = [run for run, _ in self.room.asked]
        self.room.put_off()
        self.go_on(LONGEST_RETRY + 0.1)
        assert [run for run, _ in self.room.asked][: len(asked)] == asked

    @precondition(lambda self: self.room.asked and not self.room.broken)
    @rule(kept=st.integers(0, 1), failure=st.sampled_from([OSError, Unavailable]))
    def fail(self, kept: int, failure: type[Exception]) -> None:
        """Stores a part of a round and fails: no update of the round may be acknowledged."""
        told = list(self.room.told)
        kept = min(kept, len(self.room.asked) - 1)
        self.room.answer(kept=kept, failure=failure if kept else OSError)
        self.go_on()
        assert self.room.broken == 1
        assert self.room.told == told

    @invariant()
    def nothing_is_told_before_it_is_durable(self) -> None:
        assert {step.effect for step in self.room.told if step.effect} <= set(self.room.kept)

    @invariant()
    def what_is_told_is_told_once_and_in_order(self) -> None:
        places = {step: number for number, step in enumerate(self.room.steps)}
        told = [places[step] for step in self.room.told]
        assert told == sorted(set(told))
        over = [*self.room.told, *self.room.withdrawals]
        assert len(set(over)) == len(over)
        if told:
            assert set(range(told[-1])) <= {places[step] for step in over}, "something before it is not settled"

    @invariant()
    def what_is_kept_is_kept_once_and_in_order(self) -> None:
        effects = [step.effect for step in self.room.steps if step.effect]
        assert self.room.kept == [effect for effect in effects if effect in self.room.kept]

    @invariant()
    def connections_are_held_while_too_much_is_under_way(self) -> None:
        if not self.room.broken:
            under_way = sum(len(step.effect) for step in self.open)
            assert self.journal.takes_more(lambda: None) == (under_way <= MAX_UNDER_WAY)

    def teardown(self) -> None:
        """Checks that in the end, unless the storage failed, everything is settled and nobody waits any more."""
        waiting = self.loop.create_task(self.journal.durable())
        for _ in range(4):
            self.room.answer()
            self.go_on(LONGEST_RETRY + 0.1)
        if not self.room.broken:
            assert self.open == []
        assert waiting.done()
        assert self.journal.is_idle
        self.loop.close()


TestJournal = JournalMachine.TestCase


def test_a_round_begins_when_the_last_one_is_over() -> None:
    rounds: Rounds[Step] = Rounds()
    one, two = Step("p1", b"a"), Step("p1", b"b")
    rounds.add(one)
    assert rounds.begin() == [[one]]
    rounds.add(two)
    with pytest.raises(RuntimeError, match="under way"):
        rounds.begin()
    assert (rounds.needed, rounds.size) == (2, 2)
    assert rounds.end() == [one]
    assert rounds.begin() == [[two]]


def test_updates_of_one_person_go_together_as_long_as_nobody_else_writes() -> None:
    rounds: Rounds[Step] = Rounds()
    steps = [Step(person, person.encode()) for person in ("p1", "p1", "p2", "p1")]
    for step in (*steps, Step("p3")):
        rounds.add(step)
    assert rounds.begin() == [steps[:2], steps[2:3], steps[3:]]


def test_what_is_withdrawn_is_under_way_no_longer() -> None:
    rounds: Rounds[Step] = Rounds()
    first, second, other = Step("p1", b"a"), Step("p1", b"bc"), Step("p2", b"def")
    rounds.add(first)
    rounds.begin()
    rounds.add(second)
    rounds.add(other)
    assert rounds.withdraw({b"a", b"bc"}) == [second], "the round itself is not touched"
    assert rounds.size == 4
    assert rounds.end() == [first]
    assert rounds.begin() == [[other]]
    rounds.end()
    assert rounds.size == 0


def test_a_journal_that_was_closed_takes_nothing_more() -> None:
    room = ScriptedRoom()

    async def work() -> None:
        journal: Journal[Step] = Journal(room, "motion-1")
        journal.add(Step("p1", b"a"))
        await pace(0)
        journal.close()
        journal.add(Step("p1", b"b"))
        journal.when_durable(Step("p1"))
        await journal.durable()
        await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})
        assert journal.is_idle

    asyncio.run(work())
    assert (room.told, room.broken) == ([], 0)
