"""Sets of Yjs clocks: what is deleted, and where marks and characters of two UTF-16 units are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from server.texts.guard import StructRun


class Ranges:
    """Sets of clocks per client, as sorted disjoint ranges."""

    def __init__(self, runs: Iterable[StructRun] = ()) -> None:
        self._starts: dict[int, list[int]] = {}
        self._ends: dict[int, list[int]] = {}
        self.add(runs)

    def __bool__(self) -> bool:
        return bool(self._starts)

    def is_odd(self, client: int, clock: int) -> bool:
        """Whether the clock lies in a range, at an odd distance from its start."""
        ends = self._ends.get(client)
        if not ends:
            return False
        at = bisect_right(self._starts[client], clock) - 1
        return at >= 0 and ends[at] > clock and (clock - self._starts[client][at]) % 2 == 1

    def covers(self, runs: Iterable[StructRun]) -> bool:
        """Whether the set contains all of these runs."""
        return all(self._covers(run) for run in runs)

    def add(self, runs: Iterable[StructRun]) -> None:
        """Adds these runs."""
        for run in runs:
            self._add(run)

    def covers_with(self, other: Ranges, run: StructRun) -> bool:
        """Whether the union of both sets contains the whole run."""
        at = run.start
        while at < run.end:
            reached = max(self._reaches(run.client, at), other._reaches(run.client, at))
            if reached == at:
                return False
            at = reached
        return True

    def _reaches(self, client: int, clock: int) -> int:
        """The end of the range with that clock; the clock itself if there is none."""
        ends = self._ends.get(client)
        if not ends:
            return clock
        at = bisect_right(self._starts[client], clock) - 1
        return max(ends[at], clock) if at >= 0 else clock

    def _covers(self, run: StructRun) -> bool:
        ends = self._ends.get(run.client)
        if not ends:
            return False
        at = bisect_right(self._starts[run.client], run.start) - 1
        return at >= 0 and ends[at] >= run.end

    def _add(self, run: StructRun) -> None:
        starts = self._starts.setdefault(run.client, [])
        ends = self._ends.setdefault(run.client, [])
        low, high = bisect_left(ends, run.start), bisect_right(starts, run.end)
        first = min(run.start, starts[low]) if low < high else run.start
        last = max(run.end, ends[high - 1]) if low < high else run.end
        starts[low:high], ends[low:high] = [first], [last]
