"""The wordings of an amendment before each rectification, and what its author changed (A25)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from deliberation.kernel.ids import Instant
from deliberation.kernel.state import Amendment
from deliberation.kernel.vocabulary import rectified
from exports import comparison


@dataclass(frozen=True)
class Earlier:
    """A wording that was replaced at `until`: `pieces` are the difference from it to the next one.

    `after` is the clause after which it moved one; `rationale` is "" if it stayed the same.
    """

    called: str
    since: Instant
    until: Instant
    text: str
    pieces: comparison.Pieces
    after: str
    rationale: str


def earlier(amendment: Amendment) -> tuple[Earlier, ...]:
    """The earlier wordings, latest first."""
    return tuple(_each(amendment))[::-1]


def _each(amendment: Amendment) -> Iterator[Earlier]:
    for rank, (was, now) in enumerate(pairwise((*amendment.earlier, amendment.wording))):
        yield Earlier(
            f"{amendment.number} {rectified(rank)}".strip(),
            was.time,
            now.time,
            was.text,
            comparison.pieces(was.text, now.text),
            was.after,
            was.rationale if was.rationale != now.rationale else "",
        )
