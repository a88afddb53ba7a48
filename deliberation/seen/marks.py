"""The state of an object of acts in one line, which changes whenever what a page shows of it does."""

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
"""What is called now, as an object of acts."""
SECLUSION = "huisclos"
ORDER = "ordre"
"""The order of call, as acts of the chair changed it."""
PRESENCE = "presence"
"""The list of those present in the open sitting."""
AGENDA = "ordredujour"
"""The agenda as it is planned."""
ELECTORS = "electeurs"
"""The voices and populations that people stand for."""
RAPPORTEUR = "rapporteur"
COUNTS = "comptes"
"""What the tellers of a show of hands counted."""

ORDERING = frozenset(
    {
        e.OrderChanged.kind,
        e.OrderArranged.kind,
        e.DiscussionJoined.kind,
        e.IdenticalDeclared.kind,
        e.AmendmentReserved.kind,
    }
)

BETWEEN, IS = "; ", "="
"""In several marks at once, such as `amendement-3=tabled |; ordre=12`."""


def mark(state: State, subject: str) -> str:
    """The state of that object in one line; "" of what is not known, and of what no act answers."""
    kind, _, name = subject.partition("-")
    return MARKS[kind](state, name) if kind in MARKS else ""


def named_marks(state: State, *subjects: str) -> str:
    """The states of several objects in one line, each with its name; what is not known is left out."""
    found = ((subject, mark(state, subject)) for subject in dict.fromkeys(subjects))
    return BETWEEN.join(f"{subject}{IS}{shown}" for subject, shown in found if shown)


def settings_mark(state: State, *fields: str) -> str:
    """The state of these fields of the settings: what a page does not show, it does not answer."""
    return " ".join(f"{name}:{digest(getattr(state.settings, name))}" for name in fields)


def digest(value: Any) -> str:
    """A short digest of a value of the state."""
    return hashlib.sha256(repr(codec.encode(value)).encode()).hexdigest()[:12]


def found(table: Mapping[int, Any], name: str) -> Any:
    """What stands in the table under the number `name`; None for what is no number of it."""
    return table.get(int(name)) if name.isascii() and name.isdecimal() else None


def stage(poll: Poll) -> tuple[str, str]:
    """How far a poll is, and since when."""
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
    """The entry of the last act of the chair that changed it, or that took such an act back."""
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
    """How it stands, and how many answered it."""
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
