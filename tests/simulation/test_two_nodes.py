"""Two processes on one database live many lives; see `two_nodes`. `python3 run.py bench simulate` plays thousands."""

from __future__ import annotations

import pytest

from tests.simulation.two_nodes import play

RUNS_PER_TEST = 4
PINNED = (90, 184)
"""Seeds that failed once: words that a freeze took back though a commit had kept them without being able to say so; a
process that slept, and whose first transaction then failed, took nothing any more.
"""


@pytest.mark.simulation
@pytest.mark.parametrize("first", range(0, 8, RUNS_PER_TEST))
def test_two_processes_agree_and_lose_nothing(first: int) -> None:
    """M3, R3"""
    play(range(first, first + RUNS_PER_TEST))


@pytest.mark.simulation
@pytest.mark.parametrize("seed", PINNED)
def test_what_once_failed_stays_right(seed: int) -> None:
    play([seed])
