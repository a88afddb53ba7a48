"""What a measurement may be told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """`most`: connections at most. `seconds`: how long each stretch of typing is looked at."""

    most: int
    seconds: float
    writers: tuple[int, ...]
    cursors: bool
    against: tuple[str, ...]
    rounds: int
    seed: int
