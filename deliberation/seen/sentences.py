"""The sentences that tell somebody how an object has changed since their page was drawn (S20)."""

from __future__ import annotations

from collections.abc import Callable

from deliberation.kernel import ids
from deliberation.kernel.errors import N_, Refused
from deliberation.kernel.state import (
    Amendment,
    Election,
    Motion,
    Person,
    Poll,
    Redaction,
    Remark,
    Settings,
    State,
    Testimony,
)
from deliberation.seen import marks

CODE = "seen.changed"
"""The code of these refusals."""

ELSE = N_("Ceci a changé depuis que cette page a été affichée. Relisez, puis décidez.")
"""Used if there is no sentence for that change."""

REVISED = N_(
    "Depuis que cette page a été affichée, ce témoignage a été modifié par son auteur ({at}). Relisez, puis décidez."
)
TESTIMONY = {
    "published": N_("Depuis que cette page a été affichée, ce témoignage a été publié ({at}). Relisez, puis décidez."),
    "set_aside": N_("Depuis que cette page a été affichée, ce témoignage a été écarté ({at}). Relisez, puis décidez."),
    "hidden": N_("Depuis que cette page a été affichée, ce témoignage a été masqué ({at}). Relisez, puis décidez."),
    "redacted": N_("Depuis que cette page a été affichée, ce témoignage a été caviardé. Relisez, puis décidez."),
    "withdrawn": N_(
        "Depuis que cette page a été affichée, ce témoignage a été retiré par son auteur ({at}). Relisez, puis décidez."
    ),
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
TAKEN_UP = N_("Depuis que cette page a été affichée, ce texte a été repris par {person}.")
NAMED = N_("Depuis que cette page a été affichée, le rapporteur de cette motion a changé. Relisez, puis décidez.")
ORDERED = N_(
    "Depuis que cette page a été affichée, l’ordre d’appel a changé. Il est montré tel qu’il est : relisez, puis "
    "décidez."
)
CALLED_OVER = N_("Depuis que cette page a été affichée, la liste de présence a changé. Relisez-la, puis enregistrez.")
COUNTED = N_(
    "Depuis que cette page a été affichée, les comptes du scrutin n° {n} ont changé. Relisez-les, puis décidez."
)
WEIGHED = N_("Depuis que cette page a été affichée, la liste électorale a changé. Relisez-la, puis inscrivez.")
ROUND = N_("Depuis que cette page a été affichée, cette élection a avancé : « {office} ». Relisez, puis décidez.")
REMARK = {
    "open": N_("Depuis que cette page a été affichée, quelqu’un a répondu ou a rouvert cette remarque. Relisez-la."),
    "resolved": N_("Depuis que cette page a été affichée, cette remarque a été classée ({at})."),
    "accepted": N_("Depuis que cette page a été affichée, cette suggestion a été acceptée ({at})."),
    "declined": N_("Depuis que cette page a été affichée, cette suggestion a été écartée ({at})."),
}
SETTING = {
    "title": N_("Depuis que cette page a été affichée, le titre du congrès a changé : « {value} »."),
    "description": N_("Depuis que cette page a été affichée, la présentation du congrès a changé : « {value} »."),
    "place": N_("Depuis que cette page a été affichée, le lieu et les dates ont changé : « {value} »."),
    "visitors_may_testify": N_("Depuis que cette page a été affichée, ce qui est permis au public a changé."),
    "cosignatures": N_("Depuis que cette page a été affichée, le nombre de cosignataires a changé : {value}."),
    "identity": N_("Depuis que cette page a été affichée, l’identité du congrès a changé. Relisez-la, puis décidez."),
    "rule": N_("Depuis que cette page a été affichée, la règle de vote a changé. Relisez-la, puis décidez."),
    "speaking": N_("Depuis que cette page a été affichée, la règle de parole a changé. Relisez-la, puis décidez."),
}
DATES = N_(
    "Depuis que cette page a été affichée, les dates de cette étape ont changé. Celles d’à présent sont montrées."
)
CORRECTED = N_(
    "Depuis que cette page a été affichée, la fiche de cette personne a été corrigée. Relisez, puis décidez."
)
REVOKED = N_("Depuis que cette page a été affichée, l’accès de cette personne a été retiré.")
AGENDA_CHANGED = N_("Depuis que cette page a été affichée, l’ordre du jour a changé. Celui d’à présent est montré.")
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
IN_CAMERA = N_("Depuis que cette page a été affichée, la séance est passée à huis clos ({at}). Relisez, puis décidez.")
IN_PUBLIC = N_("Depuis que cette page a été affichée, le huis clos de la séance a pris fin. Relisez, puis décidez.")
DECIDED = N_("Depuis que cette page a été affichée, ce caviardage a été décidé ({at}).")


def refuse_settings(settings: Settings | None, seen: str) -> Refused | None:
    """The refusal that names the first field of the settings that differs from the mark `seen`, with its present value;
    None if none differs.
    """
    for name, _, digest in (each.partition(":") for each in seen.split()):
        if name in SETTING and digest != marks.digest(present := getattr(settings, name)):
            return Refused(CODE, SETTING[name], name, {"value": str(present)})
    return None


def _tell_testimony(state: State, name: str, seen: str) -> Refused | None:
    found: Testimony | None = marks.found(state.testimonies, name)
    if found is not None and found.revised > found.decided and found.status != "redacted":
        message = TESTIMONY["withdrawn"] if found.status == "withdrawn" else REVISED
        return Refused(CODE, message, params={"at": found.revised})
    if found is None or found.status not in TESTIMONY:
        return None
    return Refused(CODE, TESTIMONY[found.status], params={"at": found.decided})


def _tell_poll(state: State, name: str, seen: str) -> Refused | None:
    found: Poll | None = marks.found(state.polls, name)
    if found is None:
        return None
    stage, at = marks.stage(found)
    return Refused(CODE, POLL[stage], params={"n": found.number, "at": at})


def _tell_amendment(state: State, name: str, seen: str) -> Refused | None:
    found: Amendment | None = marks.found(state.amendments, name)
    if found is None:
        return None
    status, _, words = seen.partition("|")
    if found.outcome is not None and status != f"{found.status} {found.settled}":
        return Refused(CODE, SETTLED, params={"n": found.number, "at": found.settled})
    if found.worded and words != f"{found.rectified} {found.worded}":
        return Refused(CODE, RECTIFIED, params={"n": found.number, "at": found.worded})
    return Refused(CODE, AMENDMENT[found.status], params={"n": found.number}) if found.status in AMENDMENT else None


def _tell_motion(state: State, name: str, seen: str) -> Refused | None:
    found: Motion | None = marks.found(state.motions, name)
    if found is None:
        return None
    if seen.endswith(" proposed") and found.taken_up_by:
        return Refused(CODE, TAKEN_UP, params={"person": state.people[found.taken_up_by].name})
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


def _tell_in_camera(state: State, name: str, seen: str) -> Refused | None:
    found = state.in_camera
    return Refused(CODE, IN_CAMERA, params={"at": found.since}) if found else Refused(CODE, IN_PUBLIC)


def _tell_redaction(state: State, name: str, seen: str) -> Refused | None:
    found: Redaction | None = marks.found(state.redactions, name)
    return Refused(CODE, DECIDED, params={"at": found.decided}) if found else None


def _tell_counts(state: State, name: str, seen: str) -> Refused | None:
    return Refused(CODE, COUNTED, params={"n": name})


def _tell_election(state: State, name: str, seen: str) -> Refused | None:
    found: Election | None = marks.found(state.elections, name)
    return Refused(CODE, ROUND, params={"office": found.office}) if found else None


def _tell_remark(state: State, name: str, seen: str) -> Refused | None:
    found: Remark | None = marks.found(state.remarks, name)
    return Refused(CODE, REMARK[found.status], params={"at": found.settled}) if found else None


def _always(sentence: str) -> Callable[[State, str, str], Refused]:
    return lambda state, name, seen: Refused(CODE, sentence)


TOLD: dict[str, Callable[[State, str, str], Refused | None]] = {
    ids.TESTIMONY: _tell_testimony,
    ids.POLL: _tell_poll,
    ids.AMENDMENT: _tell_amendment,
    ids.MOTION: _tell_motion,
    ids.PHASE: _always(DATES),
    ids.PERSON: _tell_person,
    ids.SESSION: _tell_sitting,
    marks.FLOOR: _tell_floor,
    marks.SECLUSION: _tell_seclusion,
    marks.IN_CAMERA: _tell_in_camera,
    ids.REDACTION: _tell_redaction,
    ids.COLLEGE: lambda state, name, seen: None,
    ids.ELECTION: _tell_election,
    ids.REMARK: _tell_remark,
    marks.ORDER: _always(ORDERED),
    marks.PRESENCE: _always(CALLED_OVER),
    marks.AGENDA: _always(AGENDA_CHANGED),
    marks.ELECTORS: _always(WEIGHED),
    marks.RAPPORTEUR: _always(NAMED),
    marks.COUNTS: _tell_counts,
}
"""By kind of object: the refusal that says how it changed, given (state, name of the object, mark seen)."""
