"""The minutes of each sitting, taken from the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from deliberation.kernel import events as e
from deliberation.kernel.state import Attendance, Sitting, State
from deliberation.session import attendance
from exports.dossier import Dossier, PublicEntry

TOLD = frozenset(
    x.kind
    for x in (
        e.SittingOpened,
        e.SittingSuspended,
        e.SittingResumed,
        e.SittingClosed,
        e.ChairDesignated,
        e.AttendanceCalledOver,
        e.SubjectCalled,
        e.AmendmentTabled,
        e.AmendmentRectified,
        e.AmendmentAdmitted,
        e.AmendmentWithdrawn,
        e.AmendmentReserved,
        e.AmendmentKept,
        e.AmendmentSettled,
        e.AmendmentReduced,
        e.OpinionGiven,
        e.PositionTaken,
        e.RapporteurNamed,
        e.AmendmentTakenOver,
        e.OrderChanged,
        e.DiscussionJoined,
        e.ActReverted,
        e.SubjectDivided,
        e.PollOpened,
        e.PollPaused,
        e.PollResumed,
        e.PollCancelled,
        e.PollClosed,
        e.HandsDecided,
        e.ElectionOpened,
        e.PersonElected,
        e.ResultImported,
        e.MotionDecided,
        e.MotionTakenUp,
        e.TextFrozen,
    )
)
"""Kinds of entries in the minutes of a sitting: all except single ballots, attendance (a list of its own), and acts
elsewhere in the meantime.
"""


class MinutesEntry(Protocol):
    """A line of the record, in any language."""

    @property
    def index(self) -> int: ...

    @property
    def kind(self) -> str: ...


Told = TypeVar("Told", bound=MinutesEntry)


@dataclass(frozen=True)
class Minutes:
    """The minutes of one sitting, with its attendance list."""

    sitting: Sitting
    lines: tuple[PublicEntry, ...]
    attendance: tuple[Attendance, ...] = ()


def all_minutes(dossier: Dossier) -> Iterator[Minutes]:
    """The minutes of every sitting, in order."""
    for _, sitting in sorted(dossier.state.sittings.items()):
        stop = end(dossier.state, sitting)
        lines = tuple(told(dossier.lines[sitting.first : stop]))
        yield Minutes(sitting, lines, attendance.of(dossier.state, sitting))


def told(lines: Iterable[Told]) -> list[Told]:
    """The lines that belong into minutes."""
    return [line for line in lines if line.kind in TOLD]


def end(state: State, sitting: Sitting) -> int:
    """The index after its last entry; while it is open, that of the record's next entry."""
    return sitting.last + 1 if sitting.last >= 0 else state.size


def undone(state: State) -> frozenset[int]:
    """The entries of acts that were reverted."""
    return frozenset(act.entry for act in state.acts.values() if not act.stands)
