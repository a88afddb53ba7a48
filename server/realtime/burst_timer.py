"""When a burst of writing ends, per document. Pure.

A burst ends after a person's silence, after a maximal duration, or when the person leaves. All that waits in a document
is recorded together; while several people write, one person's pause therefore waits a little for the others.
"""

from __future__ import annotations

from dataclasses import dataclass

SILENCE = 5.0
LONGEST = 60.0
BETWEEN = 15.0
"""Seconds between two recordings of a document in which several people write."""


@dataclass(slots=True)
class OpenBurst:
    """Times of one person's burst: when it began, when they last typed."""

    first: float
    last: float
    over: bool = False


class BurstTimer:
    """Times are seconds of any one clock."""

    def __init__(self) -> None:
        self._writing: dict[str, OpenBurst] = {}
        self._recorded = float("-inf")

    @property
    def is_waiting(self) -> bool:
        """Whether anything is not recorded yet."""
        return bool(self._writing)

    def wrote(self, person: str, now: float) -> None:
        """The person typed something."""
        writing = self._writing.setdefault(person, OpenBurst(now, now))
        writing.last = now
        writing.over = False

    def left(self, person: str) -> None:
        """The person closed the document, which ends their burst."""
        if writing := self._writing.get(person):
            writing.over = True

    def is_due(self, now: float) -> bool:
        """Whether what waits should be recorded now."""
        waiting = self._writing.values()
        if any(each.over or now - each.first >= LONGEST for each in waiting):
            return True
        silent = [now - each.last >= SILENCE for each in waiting]
        return any(silent) and (all(silent) or now - self._recorded >= BETWEEN)

    def recording(self, now: float) -> dict[str, OpenBurst]:
        """Everything that waits is being recorded; returns it, to be given back to `failed` if that does not
        succeed.
        """
        waiting, self._writing = self._writing, {}
        self._recorded = now
        return waiting

    def failed(self, waiting: dict[str, OpenBurst]) -> None:
        """The recording did not succeed: its bursts wait again."""
        self._writing = waiting | self._writing
