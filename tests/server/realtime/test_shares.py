"""How much of the event loop's time one person may take."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.realtime import shares
from server.realtime.shares import AT_ONCE, SHARE, LoopShares


def test_keys_cost_nothing_and_costly_frames_are_paid_for() -> None:
    found = LoopShares()
    assert all(found.rest("p1", 0.0003, second / 4) == 0 for second in range(400))
    rest = found.rest("p1", 0.1, 100.0)
    assert abs(rest - (0.1 - AT_ONCE) / SHARE) < 1e-9
    assert found.rest("p2", 0.0003, 100.0) == 0, "others do not wait"
    assert found.owed("p1", 100.0 + rest / 2) > 0, "nor is a new connection a way around it"
    assert found.owed("p1", 100.0 + rest) < 1e-9


@given(st.lists(st.floats(0.0, 0.1), min_size=1, max_size=40))
def test_nobody_takes_more_than_their_share_for_long(costs: list[float]) -> None:
    """Who always waits until they may go on: the share, and what may be taken at once."""
    found, now = LoopShares(), 0.0
    for cost in costs[:-1]:
        now += found.rest("p1", cost, now)
    assert sum(costs[:-1]) <= AT_ONCE + SHARE * now + 1e-6


def test_those_who_were_here_long_ago_are_forgotten() -> None:
    found = LoopShares()
    for number in range(shares.MOST_PEOPLE + 1):
        found.rest(number, 1.0, 0.0)
    assert found.owed(0, 0.0) == 0
    assert found.owed(1, 0.0) > 0
