"""The machine's clock compared with the monotonic clock (R45)."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from server.store.clock import JUMP_SECONDS, SystemClock, moment

NOON = 1_800_000_000.0


@dataclass
class Machine:
    wall: float = NOON
    running: float = 50.0

    def passes(self, seconds: float, jump: float = 0.0) -> None:
        self.wall += seconds + jump
        self.running += seconds

    def clock(self) -> SystemClock:
        return SystemClock(lambda: self.wall, lambda: self.running)


def told(clock: SystemClock) -> float:
    return moment(clock.now()).timestamp() - NOON


def test_a_jump_forward_is_not_followed_until_somebody_says_that_it_is_right() -> None:
    """R45"""
    machine = Machine()
    clock = machine.clock()
    machine.passes(10)
    assert (told(clock), clock.lead()) == (10, 0)
    machine.passes(5, jump=7_200)
    assert (told(clock), clock.lead()) == (15, 7_200)
    machine.passes(60)
    assert (told(clock), clock.lead()) == (75, 7_200)
    clock.follow()
    assert (told(clock), clock.lead()) == (7_275, 0)
    machine.passes(1)
    assert (told(clock), clock.lead()) == (7_276, 0)


def test_a_clock_that_is_set_right_again_is_followed_without_a_word() -> None:
    """R45"""
    machine = Machine()
    clock = machine.clock()
    machine.passes(5, jump=86_400)
    assert clock.lead() == 86_400
    machine.passes(600, jump=-86_400)
    assert (told(clock), clock.lead()) == (605, 0)
    machine.passes(0, jump=-300)
    assert (told(clock), clock.lead()) == (305, 0)


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(-JUMP_SECONDS * 0.9, JUMP_SECONDS * 0.9)), max_size=30))
def test_small_corrections_are_followed(steps: list[tuple[float, float]]) -> None:
    machine = Machine()
    clock = machine.clock()
    for passed, slew in steps:
        machine.passes(passed, slew)
        assert clock.lead() == 0
        assert abs(told(clock) - (machine.wall - NOON)) < 0.01
