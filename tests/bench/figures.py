"""A measured figure beside its budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`budget` is the most that is allowed, `least` the least, in `unit`; with neither, the figure only informs."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    least: float | None = None

    @property
    def kept(self) -> bool:
        return (self.budget is None or self.value <= self.budget) and (self.least is None or self.value >= self.least)

    @property
    def _aim(self) -> str:
        bounds = (("at most", self.budget), ("at least", self.least))
        return " and ".join(f"{words} {bound:g} {self.unit}".rstrip() for words, bound in bounds if bound is not None)

    def __str__(self) -> str:
        aim = f"  ({self._aim}: {'kept' if self.kept else 'MISSED'})" if self._aim else ""
        return f"{self.name:.<64} {self.value:10,.1f} {self.unit}{aim}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
