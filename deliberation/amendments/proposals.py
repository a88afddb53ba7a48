"""Outcomes that the software proposes for pending amendments after an adoption; the chair decides (S13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from deliberation.amendments import chairing, rebase
from deliberation.amendments.order import Why
from deliberation.amendments.rebase import Reaimed
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Outcome


@dataclass(frozen=True)
class ProposedOutcome:
    """An outcome proposed for a pending amendment because of an adopted one, with the words that both change.

    `before` is the passage as it reads now, "" if it was deleted.
    """

    amendment: int
    outcome: Outcome
    because_of: int
    why: Why
    words: str = ""
    before: str = ""


def proposals(state: State, motion: int) -> tuple[ProposedOutcome, ...]:
    """A proposal for each pending amendment that an adoption satisfies, makes fall or deprives of its object."""
    return of_reaimed(state, motion, rebase.of_motion(state, motion))


def of_reaimed(state: State, motion: int, reaimed: Iterable[Reaimed]) -> tuple[ProposedOutcome, ...]:
    """The same proposals, for pending amendments that were already applied to the present text (A23)."""
    kept = chairing.kept(state, motion)
    found = ((x, _cause(x, kept)) for x in reaimed)
    return tuple(_proposal(x, cause) for x, cause in found if cause)


def _cause(reaimed: Reaimed, kept: set[tuple[int, int]]) -> int:
    """The first adopted amendment that the outcome follows from; 0 if there is none, leaving out those despite which
    the chair kept the pending one in discussion.
    """
    left = (n for n in reaimed.causes if (reaimed.amendment, n) not in kept)
    return next(left, 0) if reaimed.proposed else 0


def _proposal(reaimed: Reaimed, cause: int) -> ProposedOutcome:
    assert reaimed.proposed is not None
    assert reaimed.reason is not None
    why = Why(reaimed.reason.message, tuple({**reaimed.reason.params, "other": cause}.items()))
    return ProposedOutcome(reaimed.amendment, reaimed.proposed, cause, why, reaimed.words, reaimed.before)
