"""A measured figure beside its budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`budget` is the most that is allowed, in `unit`; None when the figure only informs."""

    name: str
    value: float
    unit: str
    budget: float | None = None

    @property
    def kept(self) -> bool:
        return self.budget is None or self.value <= self.budget

    def __str__(self) -> str:
        aim = (
            ""
            if self.budget is None
            else f"  (budget {self.budget:g} {self.unit}: {'kept' if self.kept else 'MISSED'})"
        )
        return f"{self.name:.<56} {self.value:10.1f} {self.unit}{aim}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
