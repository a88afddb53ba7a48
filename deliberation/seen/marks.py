"""Marks: the state of an object in one line, which differs whenever what a page shows of the object differs (S20).

The constants name the objects that are not numbered documents.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from deliberation.kernel import codec, ids
from deliberation.kernel import events as e
from deliberation.kernel.state import (
    Act,
    Amendment,
    College,
    Election,
    Motion,
    Person,
    Poll,
    Redaction,
    Remark,
    State,
    Testimony,
)
from deliberation.kernel.vocabulary import Phase, Window

SETTINGS = "reglages"
FLOOR = "appel"
"""The subject that is called now."""
SECLUSION = "huisclos"
"""Whether drafting is held in camera."""
IN_CAMERA = "seancehuisclos"
"""Whether a sitting is held in camera."""
ORDER = "ordre"
"""The order of call: its mark is the number of the entry by which the chair last changed it."""
PRESENCE = "presence"
"""The attendance list of the open sitting."""
AGENDA = "ordredujour"
"""The planned agenda."""
ELECTORS = "electeurs"
"""The weights of the electors: the votes and populations that each of them represents."""
RAPPORTEUR = "rapporteur"
"""The rapporteur of a motion, in `rapporteur-` and the number of the motion."""
COUNTS = "comptes"
"""The counts of a vote by show of hands, in `comptes-` and the number of the poll."""

ORDERING = frozenset(
    {
        e.OrderChanged.kind,
        e.OrderArranged.kind,
        e.DiscussionJoined.kind,
        e.IdenticalDeclared.kind,
        e.AmendmentReserved.kind,
    }
)
"""The kinds of events by which the chair changes the order of call."""

BETWEEN, IS = "; ", "="
"""Separators in a list of named marks, such as `amendement-3=tabled |; ordre=12`."""


def mark(state: State, subject: str) -> str:
    """The mark of an object; "" if there is no such object, or if objects of its kind have no marks."""
    kind, _, name = subject.partition("-")
    return MARKS[kind](state, name) if kind in MARKS else ""


def named_marks(state: State, *subjects: str) -> str:
    """The marks of several objects in one line, each after the name of its object; those without one are left out."""
    found = ((subject, mark(state, subject)) for subject in dict.fromkeys(subjects))
    return BETWEEN.join(f"{subject}{IS}{shown}" for subject, shown in found if shown)


def settings_mark(state: State, *fields: str) -> str:
    """The mark of these fields of the settings, as `name:digest` separated by spaces.

    A page names only the fields that it shows, so that a change of another field does not refuse its form.
    """
    return " ".join(f"{name}:{digest(getattr(state.settings, name))}" for name in fields)


def digest(value: Any) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of a value of the state, encoded as in the record."""
    return hashlib.sha256(repr(codec.encode(value)).encode()).hexdigest()[:12]


def found(table: Mapping[int, Any], name: str) -> Any:
    """The row of the table whose number is written in `name`; None if there is none or `name` is not a number."""
    return table.get(int(name)) if name.isascii() and name.isdecimal() else None


def stage(poll: Poll) -> tuple[str, str]:
    """The stage of a poll (open, paused, closed or cancelled), and the instant since when, "" if open."""
    if poll.closed:
        return ("cancelled" if poll.cancelled else "closed"), poll.closed
    return ("paused", poll.paused) if poll.paused else ("open", "")


def _of_testimony(state: State, name: str) -> str:
    it: Testimony | None = found(state.testimonies, name)
    return f"{it.status} {it.decided} {it.revised}".strip() if it else ""


def _of_poll(state: State, name: str) -> str:
    it: Poll | None = found(state.polls, name)
    return " ".join(stage(it)).strip() if it else ""


def _of_amendment(state: State, name: str) -> str:
    it: Amendment | None = found(state.amendments, name)
    return f"{it.status} {it.settled}|{it.rectified} {it.worded}" if it else ""


def _of_motion(state: State, name: str) -> str:
    it: Motion | None = found(state.motions, name)
    return f"{it.status} {len(it.frozen)}{' proposed' if it.is_proposed else ''}" if it else ""


def _of_rapporteur(state: State, name: str) -> str:
    it: Motion | None = found(state.motions, name)
    return it.rapporteur or "none" if it else ""


def _of_order(state: State, name: str) -> str:
    """The number of the entry by which the chair last changed the order or took such a change back; else `none`."""
    changed = (act.entry for act in state.acts.values() if _orders(state, act))
    return str(max(changed, default="none"))


def _orders(state: State, act: Act) -> bool:
    undone = state.acts.get(act.other) if act.kind == e.ActReverted.kind else None
    return (undone or act).kind in ORDERING


def _of_presence(state: State, name: str) -> str:
    sitting = state.sitting
    here = [each.number for each in state.attendance.values() if sitting and each.sitting == sitting.number]
    gone = sum(bool(state.attendance[number].left) for number in here)
    return f"{len(here)} {gone}" if sitting else "none"


def _of_counts(state: State, name: str) -> str:
    it: Poll | None = found(state.polls, name)
    return digest((dict(sorted(it.counts.items())), it.hands)) if it else ""


def _of_election(state: State, name: str) -> str:
    it: Election | None = found(state.elections, name)
    return f"{len(it.rounds)} {len(it.elected)} {state.polls[it.rounds[-1]].closed if it.rounds else ''}" if it else ""


def _of_remark(state: State, name: str) -> str:
    """The status of a remark, since when, and the number of replies to it."""
    it: Remark | None = found(state.remarks, name)
    answers = sum(each.reply_to == it.number for each in state.remarks.values()) if it else 0
    return f"{it.status} {it.settled}|{answers}" if it else ""


def _of_phase(state: State, name: str) -> str:
    window = state.phases.get(Phase(name), Window()) if name in list(Phase) else Window()
    return f"{window.opens or '-'} {window.closes or '-'}"


def _of_person(state: State, name: str) -> str:
    found: Person | None = state.people.get(name)
    said = (found.name, found.mandate, found.collectivity, found.code, found.revoked) if found else ()
    return digest(said) if found else ""


def _of_sitting(state: State, name: str) -> str:
    found = state.sitting
    return f"{found.number} {found.chair or '-'} {found.suspended}".strip() if found else "none"


def _of_redaction(state: State, name: str) -> str:
    it: Redaction | None = found(state.redactions, name)
    return it.status if it else ""


def _of_college(state: State, name: str) -> str:
    it: College | None = found(state.colleges, name)
    return it.changed if it else ""


MARKS: dict[str, Callable[[State, str], str]] = {
    ids.TESTIMONY: _of_testimony,
    ids.POLL: _of_poll,
    ids.AMENDMENT: _of_amendment,
    ids.MOTION: _of_motion,
    ids.PHASE: _of_phase,
    ids.PERSON: _of_person,
    ids.SESSION: _of_sitting,
    FLOOR: lambda state, name: state.floor or "none",
    SECLUSION: lambda state, name: state.seclusion.since if state.seclusion else "none",
    IN_CAMERA: lambda state, name: state.in_camera.since if state.in_camera else "none",
    ids.REDACTION: _of_redaction,
    ids.COLLEGE: _of_college,
    ids.ELECTION: _of_election,
    ids.REMARK: _of_remark,
    ORDER: _of_order,
    PRESENCE: _of_presence,
    ELECTORS: lambda state, name: digest(dict(sorted(state.electors.items()))),
    AGENDA: lambda state, name: digest((state.agenda.starts, state.agenda.items)) if state.agenda else "none",
    RAPPORTEUR: _of_rapporteur,
    COUNTS: _of_counts,
}
"""By kind of object: the function from (state, rest of the object's name) to its mark."""
