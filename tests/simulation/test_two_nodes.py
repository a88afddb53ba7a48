"""Two processes on one database live many lives; see `two_nodes`. `python3 run.py bench simulate` plays thousands."""

from __future__ import annotations

import pytest

from tests.simulation.two_nodes import play

RUNS_PER_TEST = 4


@pytest.mark.simulation
@pytest.mark.parametrize("first", range(0, 8, RUNS_PER_TEST))
def test_two_processes_agree_and_lose_nothing(first: int) -> None:
    """M3, R3"""
    play(range(first, first + RUNS_PER_TEST))
