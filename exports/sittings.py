"""The minutes of each sitting, computed from the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from deliberation.kernel import events as e
from deliberation.kernel.ids import Instant
from deliberation.kernel.state import Attendance, Motion, Poll, Sitting, SpeakingTurn, State
from deliberation.session import attendance, speakers
from exports.dossier import Dossier, PublicEntry

TOLD = frozenset(
    x.kind
    for x in (
        e.SittingOpened,
        e.SittingSuspended,
        e.SittingResumed,
        e.SittingClosed,
        e.ChairDesignated,
        e.DeputyNamed,
        e.ChairTaken,
        e.AttendanceCalledOver,
        e.SubjectCalled,
        e.AgendaSet,
        e.AgendaItemBegun,
        e.SpeakerCalled,
        e.SpeakerMoved,
        e.SpeakersClosed,
        e.SpeakersReopened,
        e.AmendmentTabled,
        e.AmendmentTranscribed,
        e.TranscriptionConfirmed,
        e.TranscriptionRefused,
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
        e.OrderArranged,
        e.IdenticalDeclared,
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
        e.BeleniosImported,
        e.BeleniosChecked,
        e.MotionDecided,
        e.MotionTakenUp,
        e.TextFrozen,
        e.TextRenumbered,
    )
)
"""The kinds of entries that minutes contain: all that belong to a sitting, except single ballots, and arrivals and
departures, which the attendance list shows.
"""


class MinutesEntry(Protocol):
    """What minutes need of an entry that is described in words, in any language."""

    @property
    def index(self) -> int: ...

    @property
    def kind(self) -> str: ...


Told = TypeVar("Told", bound=MinutesEntry)


@dataclass(frozen=True)
class Minutes:
    """The minutes of one sitting, with its attendance list and the speaking times."""

    sitting: Sitting
    lines: tuple[PublicEntry, ...]
    attendance: tuple[Attendance, ...] = ()
    speeches: tuple[SpeakingTurn, ...] = ()
    spoken: tuple[SpokenTime, ...] = ()


@dataclass(frozen=True)
class SpokenTime:
    """The number of speeches by a person, on a subject or by a college, and their total duration in seconds."""

    of: str
    turns: int
    seconds: int


def speeches(state: State, sitting: Sitting) -> tuple[SpeakingTurn, ...]:
    """The turns of those who have spoken in that sitting, in order of their beginning."""
    return tuple(sorted((x for x in speakers.in_sitting(state, sitting) if x.began), key=lambda x: (x.began, x.number)))


def by_person(turns: Iterable[SpeakingTurn], now: Instant) -> tuple[SpokenTime, ...]:
    """The speaking time of each person, longest first."""
    return _spoken(((turn.person, turn) for turn in turns), now)


def by_subject(turns: Iterable[SpeakingTurn], now: Instant) -> tuple[SpokenTime, ...]:
    """The speaking time on each subject, longest first."""
    return _spoken(((turn.subject, turn) for turn in turns), now)


def by_college(state: State, turns: Iterable[SpeakingTurn], now: Instant) -> tuple[SpokenTime, ...]:
    """The speaking time of the members of each college, by its number, longest first."""
    given = list(turns)
    colleges = state.colleges.values()
    return _spoken(((str(x.number), turn) for x in colleges for turn in given if turn.person in x.members), now)


def _spoken(turns: Iterable[tuple[str, SpeakingTurn]], now: Instant) -> tuple[SpokenTime, ...]:
    found: dict[str, list[SpeakingTurn]] = {}
    for of, turn in turns:
        found.setdefault(of, []).append(turn)
    times = (SpokenTime(of, len(given), speakers.total(given, now)) for of, given in found.items())
    return tuple(sorted(times, key=lambda time: (-time.seconds, -time.turns, time.of)))


def all_minutes(dossier: Dossier) -> Iterator[Minutes]:
    """The minutes of every sitting, in order."""
    for _, sitting in sorted(dossier.state.sittings.items()):
        stop = end(dossier.state, sitting)
        lines = tuple(told(dossier.lines[sitting.first : stop]))
        given = speeches(dossier.state, sitting)
        times = by_person(given, sitting.closed or given[-1].began) if given else ()
        yield Minutes(sitting, lines, attendance.of(dossier.state, sitting), given, times)


def told(lines: Iterable[Told]) -> list[Told]:
    """The lines that minutes contain."""
    return [line for line in lines if line.kind in TOLD]


def end(state: State, sitting: Sitting) -> int:
    """The index after the sitting's last entry; while it is open, the size of the record."""
    return sitting.last + 1 if sitting.last >= 0 else state.size


@dataclass(frozen=True)
class Decisions:
    """The polls closed in a sitting, and the motions adopted by them."""

    polls: tuple[Poll, ...]
    adopted: tuple[Motion, ...]


def decisions(state: State, sitting: Sitting) -> Decisions:
    """The polls closed in that sitting, in order, and the motions that they adopted."""
    polls = [x for x in state.polls.values() if x.closed >= sitting.opened and _is_until(x.closed, sitting)]
    voted = {poll.subject for poll in polls if poll.tally and poll.tally.carried and not poll.part}
    motions = (m for m in state.motions.values() if m.status == "adopted" and f"motion-{m.number}" in voted)
    return Decisions(tuple(sorted(polls, key=lambda x: (x.closed, x.number))), tuple(motions))


def _is_until(moment: Instant, sitting: Sitting) -> bool:
    return bool(moment) and (not sitting.closed or moment <= sitting.closed)


def undone(state: State) -> frozenset[int]:
    """The entries of acts that were reverted."""
    return frozenset(act.entry for act in state.acts.values() if not act.stands)
