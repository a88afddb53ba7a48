"""How much of the event loop's time one person may take. Pure: times are arguments, in seconds.

What a person's frames cost is processor time of the event loop. Beyond what they may take at once they rest until their
share has come up again, so that whoever sends what is costly waits, and everybody else is served in between.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from server.realtime.rates import Bucket

SHARE = 0.25
"""Of the time of the event loop, for one person while they go on and on."""

AT_ONCE = 0.04
"""Seconds of processor time that a person may take before they rest."""

MOST_PEOPLE = 5_000
"""Beyond these, those who took the least lately are forgotten."""


class LoopShares:
    """The time that each person took lately."""

    def __init__(self) -> None:
        self._taken: OrderedDict[Hashable, Bucket] = OrderedDict()

    def rest(self, who: Hashable, cost: float, now: float) -> float:
        """For how many seconds no more frames of theirs are taken, after one that cost so much."""
        taken = self._taken.setdefault(who, Bucket(SHARE, AT_ONCE))
        self._taken.move_to_end(who)
        if len(self._taken) > MOST_PEOPLE:
            self._taken.popitem(last=False)
        return taken.fill(cost, now)

    def owed(self, who: Hashable, now: float) -> float:
        """For how many seconds they still rest: a connection opened anew pays what the one before it cost."""
        taken = self._taken.get(who)
        return taken.fill(0.0, now) if taken else 0.0
