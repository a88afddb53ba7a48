"""Optimistic locking: an act may say which state of its object its sender saw, and is refused if that changed (S20).

A *mark* is that state in one line, such as `pending` or `published 2026-11-23T02:45:26.123Z`. Pages put it into their
forms, `Request.seen` brings it back, and no event keeps it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from deliberation.kernel import codec, ids
from deliberation.kernel import commands as c
from deliberation.kernel.errors import N_, Refused
from deliberation.kernel.state import Amendment, College, Motion, Person, Poll, Redaction, Settings, State, Testimony
from deliberation.kernel.vocabulary import Phase, Window

CODE = "seen.changed"
SETTINGS = "reglages"
FLOOR = "appel"
"""Name of the subject under discussion, as the object of acts."""
SECLUSION = "huisclos"

ELSE = N_("Ceci a changé depuis que cette page a été affichée. Relisez, puis décidez.")

TESTIMONY = {
    "published": N_("Depuis que cette page a été affichée, ce témoignage a été publié ({at}). Relisez, puis décidez."),
    "set_aside": N_("Depuis que cette page a été affichée, ce témoignage a été écarté ({at}). Relisez, puis décidez."),
    "hidden": N_("Depuis que cette page a été affichée, ce témoignage a été masqué ({at}). Relisez, puis décidez."),
    "redacted": N_("Depuis que cette page a été affichée, ce témoignage a été caviardé. Relisez, puis décidez."),
}
POLL = {
    "open": N_("Depuis que cette page a été affichée, le vote du scrutin n° {n} a repris. Relisez, puis décidez."),
    "paused": N_(
        "Depuis que cette page a été affichée, le scrutin n° {n} a été suspendu ({at}). Relisez, puis décidez."
    ),
    "closed": N_("Depuis que cette page a été affichée, le scrutin n° {n} a été clos ({at}). Relisez, puis décidez."),
    "cancelled": N_(
        "Depuis que cette page a été affichée, le scrutin n° {n} a été annulé ({at}). Relisez, puis décidez."
    ),
}
AMENDMENT = {
    "tabled": N_(
        "Depuis que cette page a été affichée, l’amendement n° {n} est revenu en attente. Relisez, puis décidez."
    ),
    "admitted": N_(
        "Depuis que cette page a été affichée, l’amendement n° {n} a été déclaré recevable. Relisez, puis décidez."
    ),
    "reserved": N_("Depuis que cette page a été affichée, l’amendement n° {n} a été réservé. Relisez, puis décidez."),
}
SETTLED = N_(
    "Depuis que cette page a été affichée, le sort de l’amendement n° {n} a été fixé ({at}). Relisez, puis décidez."
)
RECTIFIED = N_(
    "Depuis que cette page a été affichée, l’amendement n° {n} a été récrit ({at}). Relisez ses mots, puis décidez."
)
MOTION = {
    "drafting": N_(
        "Depuis que cette page a été affichée, la rédaction de ce texte a été rouverte. Relisez, puis décidez."
    ),
    "frozen": N_("Depuis que cette page a été affichée, ce texte a été gelé ({at}). Relisez, puis décidez."),
    "adopted": N_("Depuis que cette page a été affichée, ce texte a été adopté. Relisez, puis décidez."),
    "rejected": N_("Depuis que cette page a été affichée, ce texte a été rejeté. Relisez, puis décidez."),
}
SETTING = {
    "title": N_("Depuis que cette page a été affichée, le titre du congrès a changé : « {value} »."),
    "description": N_("Depuis que cette page a été affichée, la présentation du congrès a changé : « {value} »."),
    "place": N_("Depuis que cette page a été affichée, le lieu et les dates ont changé : « {value} »."),
    "visitors_may_testify": N_("Depuis que cette page a été affichée, ce qui est permis au public a changé."),
    "cosignatures": N_("Depuis que cette page a été affichée, le nombre de cosignataires a changé : {value}."),
    "rule": N_("Depuis que cette page a été affichée, la règle de vote a changé. Relisez-la, puis décidez."),
}
DATES = N_(
    "Depuis que cette page a été affichée, les dates de cette étape ont changé. Celles d’à présent sont montrées."
)
CORRECTED = N_(
    "Depuis que cette page a été affichée, la fiche de cette personne a été corrigée. Relisez, puis décidez."
)
REVOKED = N_("Depuis que cette page a été affichée, l’accès de cette personne a été retiré.")
CALLED = {
    "": N_("Depuis que cette page a été affichée, la discussion a été suspendue. Relisez, puis décidez."),
    ids.AMENDMENT: N_("Depuis que cette page a été affichée, l’amendement n° {n} a été appelé. Relisez, puis décidez."),
    ids.MOTION: N_("Depuis que cette page a été affichée, la motion n° {n} a été appelée. Relisez, puis décidez."),
    ids.DISCUSSION: N_(
        "Depuis que cette page a été affichée, la discussion commune n° {n} a été appelée. Relisez, puis décidez."
    ),
}
SITTING = {
    "closed": N_("Depuis que cette page a été affichée, la séance a été levée. Relisez, puis décidez."),
    "suspended": N_("Depuis que cette page a été affichée, la séance a été suspendue ({at}). Relisez, puis décidez."),
    "open": N_(
        "Depuis que cette page a été affichée, la séance a été ouverte ou reprise, ou confiée à une autre personne."
    ),
}
SECLUDED = N_("Depuis que cette page a été affichée, le huis clos a été ouvert ({at}). Relisez, puis décidez.")
PUBLISHED = N_("Depuis que cette page a été affichée, le huis clos a pris fin. Relisez, puis décidez.")
DECIDED = N_("Depuis que cette page a été affichée, ce caviardage a été décidé ({at}).")


def refuse(state: State, request: c.Request) -> Refused | None:
    """The refusal of an act whose object is no longer as its sender saw it, with what it is now; None if it may go
    on.
    """
    about = OBJECTS.get(type(request.command))
    if not request.seen or about is None:
        return None
    subject = about(request.command)
    kind, _, name = subject.partition("-")
    if kind == SETTINGS:
        return _refuse_settings(state.settings, request.seen)
    if kind not in MARKS or request.seen == mark(state, subject):
        return None
    return TOLD[kind](state, name, request.seen) or Refused(CODE, ELSE)


def mark(state: State, subject: str) -> str:
    """The state of that object in one line; "" for an unknown object, and for one to which no act refers."""
    kind, _, name = subject.partition("-")
    return MARKS[kind](state, name) if kind in MARKS else ""


def settings_mark(state: State, *fields: str) -> str:
    """The values of these settings in one line: only those that the sender's page shows."""
    return " ".join(f"{name}:{_digest(getattr(state.settings, name))}" for name in fields)


def _digest(value: Any) -> str:
    return hashlib.sha256(repr(codec.encode(value)).encode()).hexdigest()[:12]


def _refuse_settings(settings: Settings | None, seen: str) -> Refused | None:
    for name, _, digest in (each.partition(":") for each in seen.split()):
        if name in SETTING and digest != _digest(present := getattr(settings, name)):
            return Refused(CODE, SETTING[name], name, {"value": str(present)})
    return None


def _found(table: Mapping[int, Any], name: str) -> Any:
    return table.get(int(name)) if name.isascii() and name.isdecimal() else None


def _stage(poll: Poll) -> tuple[str, str]:
    """How far a poll is, and since when."""
    if poll.closed:
        return ("cancelled" if poll.cancelled else "closed"), poll.closed
    return ("paused", poll.paused) if poll.paused else ("open", "")


def _of_testimony(state: State, name: str) -> str:
    found: Testimony | None = _found(state.testimonies, name)
    return f"{found.status} {found.decided}".strip() if found else ""


def _of_poll(state: State, name: str) -> str:
    found: Poll | None = _found(state.polls, name)
    return " ".join(_stage(found)).strip() if found else ""


def _of_amendment(state: State, name: str) -> str:
    found: Amendment | None = _found(state.amendments, name)
    return f"{found.status} {found.settled}|{found.rectified} {found.worded}" if found else ""


def _of_motion(state: State, name: str) -> str:
    found: Motion | None = _found(state.motions, name)
    return f"{found.status} {len(found.frozen)}" if found else ""


def _of_phase(state: State, name: str) -> str:
    window = state.phases.get(Phase(name), Window()) if name in list(Phase) else Window()
    return f"{window.opens or '-'} {window.closes or '-'}"


def _of_person(state: State, name: str) -> str:
    found: Person | None = state.people.get(name)
    said = (found.name, found.mandate, found.collectivity, found.code, found.revoked) if found else ()
    return _digest(said) if found else ""


def _of_sitting(state: State, name: str) -> str:
    found = state.sitting
    return f"{found.number} {found.chair or '-'} {found.suspended}".strip() if found else "none"


def _of_redaction(state: State, name: str) -> str:
    found: Redaction | None = _found(state.redactions, name)
    return found.status if found else ""


def _of_college(state: State, name: str) -> str:
    found: College | None = _found(state.colleges, name)
    return found.changed if found else ""


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
}


def _tell_testimony(state: State, name: str, seen: str) -> Refused | None:
    found: Testimony | None = _found(state.testimonies, name)
    if found is None or found.status not in TESTIMONY:
        return None
    return Refused(CODE, TESTIMONY[found.status], params={"at": found.decided})


def _tell_poll(state: State, name: str, seen: str) -> Refused | None:
    found: Poll | None = _found(state.polls, name)
    if found is None:
        return None
    stage, at = _stage(found)
    return Refused(CODE, POLL[stage], params={"n": found.number, "at": at})


def _tell_amendment(state: State, name: str, seen: str) -> Refused | None:
    found: Amendment | None = _found(state.amendments, name)
    if found is None:
        return None
    status, _, words = seen.partition("|")
    if found.outcome is not None and status != f"{found.status} {found.settled}":
        return Refused(CODE, SETTLED, params={"n": found.number, "at": found.settled})
    if found.worded and words != f"{found.rectified} {found.worded}":
        return Refused(CODE, RECTIFIED, params={"n": found.number, "at": found.worded})
    return Refused(CODE, AMENDMENT[found.status], params={"n": found.number}) if found.status in AMENDMENT else None


def _tell_motion(state: State, name: str, seen: str) -> Refused | None:
    found: Motion | None = _found(state.motions, name)
    if found is None:
        return None
    return Refused(CODE, MOTION[found.status], params={"at": found.text.time if found.text else ""})


def _tell_person(state: State, name: str, seen: str) -> Refused | None:
    found: Person | None = state.people.get(name)
    return Refused(CODE, REVOKED if found.revoked else CORRECTED) if found else None


def _tell_sitting(state: State, name: str, seen: str) -> Refused | None:
    found = state.sitting
    stage = "closed" if found is None else "suspended" if found.suspended else "open"
    return Refused(CODE, SITTING[stage], params={"at": found.suspended if found else ""})


def _tell_floor(state: State, name: str, seen: str) -> Refused | None:
    kind, number = ids.split(state.floor) if state.floor else ("", 0)
    return Refused(CODE, CALLED[kind], params={"n": number}) if kind in CALLED else None


def _tell_seclusion(state: State, name: str, seen: str) -> Refused | None:
    found = state.seclusion
    return Refused(CODE, SECLUDED, params={"at": found.since}) if found else Refused(CODE, PUBLISHED)


def _tell_redaction(state: State, name: str, seen: str) -> Refused | None:
    found: Redaction | None = _found(state.redactions, name)
    return Refused(CODE, DECIDED, params={"at": found.decided}) if found else None


TOLD: dict[str, Callable[[State, str, str], Refused | None]] = {
    ids.TESTIMONY: _tell_testimony,
    ids.POLL: _tell_poll,
    ids.AMENDMENT: _tell_amendment,
    ids.MOTION: _tell_motion,
    ids.PHASE: lambda state, name, seen: Refused(CODE, DATES),
    ids.PERSON: _tell_person,
    ids.SESSION: _tell_sitting,
    FLOOR: _tell_floor,
    SECLUSION: _tell_seclusion,
    ids.REDACTION: _tell_redaction,
    ids.COLLEGE: lambda state, name, seen: None,
}


def _numbered(kind: str, field: str) -> Callable[[Any], str]:
    return lambda command: ids.document(kind, getattr(command, field))


OBJECTS: dict[type[c.Command], Callable[[Any], str]] = {
    c.PublishTestimony: _numbered(ids.TESTIMONY, "testimony"),
    c.SetAsideTestimony: _numbered(ids.TESTIMONY, "testimony"),
    c.HideTestimony: _numbered(ids.TESTIMONY, "testimony"),
    c.RestoreTestimony: _numbered(ids.TESTIMONY, "testimony"),
    c.DecideRedaction: _numbered(ids.REDACTION, "redaction"),
    c.ChangeCongress: lambda command: SETTINGS,
    c.SetPhase: lambda command: ids.document(ids.PHASE, command.phase.value),
    c.SecludeDrafting: lambda command: SECLUSION,
    c.PublishDrafting: lambda command: SECLUSION,
    c.CorrectPerson: _numbered(ids.PERSON, "person"),
    c.RevokePerson: _numbered(ids.PERSON, "person"),
    c.SetCollege: _numbered(ids.COLLEGE, "college"),
    c.FreezeMotion: _numbered(ids.MOTION, "motion"),
    c.ReopenMotion: _numbered(ids.MOTION, "motion"),
    c.AdmitAmendment: _numbered(ids.AMENDMENT, "amendment"),
    c.SettleAmendment: _numbered(ids.AMENDMENT, "amendment"),
    c.ReserveAmendment: _numbered(ids.AMENDMENT, "amendment"),
    c.KeepAmendment: _numbered(ids.AMENDMENT, "amendment"),
    c.GiveOpinion: _numbered(ids.AMENDMENT, "amendment"),
    c.TakePosition: _numbered(ids.AMENDMENT, "amendment"),
    c.OpenPoll: lambda command: command.subject,
    c.ClosePoll: _numbered(ids.POLL, "poll"),
    c.PausePoll: _numbered(ids.POLL, "poll"),
    c.ResumePoll: _numbered(ids.POLL, "poll"),
    c.CancelPoll: _numbered(ids.POLL, "poll"),
    c.CallSubject: lambda command: FLOOR,
    c.OpenSitting: lambda command: ids.SESSION,
    c.CloseSitting: lambda command: ids.SESSION,
    c.SuspendSitting: lambda command: ids.SESSION,
    c.ResumeSitting: lambda command: ids.SESSION,
    c.DesignateChair: lambda command: ids.SESSION,
}
"""The object whose state each of these acts depends on; acts that only add something are not listed."""
