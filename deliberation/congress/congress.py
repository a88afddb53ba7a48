"""Creating the congress and changing its settings, whether a phase is open, and checks of input that other modules
share (S1–S5).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import is_blank, one_line
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Settings, State
from deliberation.kernel.vocabulary import Phase, PollRule, Window

INSTANT = re.compile(r"2\d{3}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{3}Z", re.ASCII)
ORIGIN = re.compile(r"[!-*,-~]{1,250}")
"""Names allowed for the log by C2SP signed notes: no space, no plus sign."""
TIMEZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}")
CHAIR = re.compile(r"(?:p[1-9][0-9]{0,8})?")
MOST_PROXIES = 20
MOST_BRACKETS = 50
MOST_VOICES = 1_000_000
LATEST_SECOND_CALL = 24 * 60
"""The longest time until a second call, in hours."""
LONG = 20_000
SHORT = 300
MOST_COSIGNATURES = 1000

PHASE_NAMES = {
    Phase.COLLECT: "collecte",
    Phase.MAPS: "cartes",
    Phase.DRAFTING: "rédaction",
    Phase.AMENDMENTS: "amendements",
    Phase.VOTE: "vote",
    Phase.RESTITUTION: "restitution",
}


def is_open(state: State, phase: Phase, now: str) -> bool:
    """Whether the phase is open at `now`: its opening is included, its end is not."""
    window = state.phases.get(phase, Window())
    return window.opens is not None and window.opens <= now and (window.closes is None or now < window.closes)


def refuse_phase(state: State, now: str, *phases: Phase) -> Refused | None:
    """None if one of these phases is open at `now`; otherwise a refusal that names the first of them and when it opens
    or closed.
    """
    if any(is_open(state, phase, now) for phase in phases):
        return None
    phase = phases[0]
    window = state.phases.get(phase, Window())
    params: dict[str, str | int] = {"phase": PHASE_NAMES[phase], "at": ""}
    if window.opens is None:
        return Refused("phase.closed", "La phase « {phase} » n’est pas ouverte.", params=params)
    if now < window.opens:
        return Refused("phase.not_yet", "La phase « {phase} » ouvrira le {at}.", params=params | {"at": window.opens})
    params["at"] = window.closes or ""
    return Refused("phase.over", "La phase « {phase} » est close depuis le {at}.", params=params)


def too_long(value: str, field: str, limit: int) -> Refused | None:
    """The refusal of a text of more than `limit` characters; None if it is short enough."""
    if len(value) <= limit:
        return None
    return Refused("text.too_long", "Ce texte dépasse {limit} caractères.", field, {"limit": limit})


def refuse_reason(reason: str) -> Refused | None:
    """The refusal of a public reason that is blank or too long; None if it is acceptable."""
    if is_blank(reason):
        return Refused("reason.missing", "Donnez la raison : elle est publique.", "reason")
    return too_long(reason, "reason", LONG)


def refuse_title(title: str) -> Refused | None:
    """The refusal of a title that is blank or too long; None if it is acceptable."""
    if is_blank(title):
        return Refused("title.missing", "Donnez un titre.", "title")
    return too_long(title, "title", SHORT)


def is_instant(value: str) -> bool:
    """Whether the text is a valid date and time in the form of `ids.Instant`."""
    if not INSTANT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value[:-1])
    except ValueError:
        return False
    return True


def refuse_rule(rule: PollRule) -> Refused | None:
    """The refusal of a voting rule by which a minority or a tie would carry, or that no vote could satisfy (V8); None
    if the rule is usable.
    """
    half = 2 * rule.majority_n - rule.majority_d
    sound = (
        0 < rule.majority_n <= rule.majority_d <= 1000
        and (half >= 0 if rule.strict else half > 0)
        and not (rule.strict and rule.majority_n == rule.majority_d)
        and 0 < rule.quorum_d <= 1000
        and 0 <= rule.quorum_n < rule.quorum_d + (not rule.quorum_strict)
        and rule.quorum_base in {"personnes", "voix"}
        and 0 <= rule.second_call_hours <= LATEST_SECOND_CALL
        and 0 <= rule.proxies <= MOST_PROXIES
        and rule.base in {"exprimes", "presents", "inscrits"}
        and rule.tie in {"rejected", "chair"}
        and CHAIR.fullmatch(rule.chair) is not None
        and _weighs(rule)
    )
    return None if sound else Refused("rule.unsound", "Cette règle de vote n’est pas applicable.", "rule")


def _weighs(rule: PollRule) -> bool:
    """Whether the rule's weights are of a known kind; weights by population need brackets in rising order from 0
    (V10).
    """
    if rule.weights != "population":
        return rule.weights in {"personne", "collectivite"} and not rule.brackets
    populations = [bracket.population for bracket in rule.brackets]
    rising = populations[:1] == [0] and populations == sorted(set(populations))
    return rising and len(populations) <= MOST_BRACKETS and all(0 < x.voices <= MOST_VOICES for x in rule.brackets)


def create(state: State, request: c.Request, command: c.CreateCongress, now: str) -> Decision:
    if state.settings is not None:
        return Refused("congress.exists", "Un congrès porte déjà cette adresse.", "slug")
    if not ids.SLUG.fullmatch(command.slug):
        return Refused(
            "congress.bad_slug", "L’adresse ne peut contenir que des minuscules, des chiffres et des tirets.", "slug"
        )
    if not ORIGIN.fullmatch(command.origin):
        return Refused("congress.bad_origin", "Ce nom de registre n’est pas utilisable.", "origin")
    if not TIMEZONE.fullmatch(command.timezone):
        return Refused("congress.bad_timezone", "Ce fuseau horaire n’existe pas.", "timezone")
    if refused := _refuse_words(command) or refuse_rule(command.rule):
        return refused
    created = e.CongressCreated(
        slug=command.slug,
        title=one_line(command.title),
        description=command.description.strip(),
        place=one_line(command.place),
        origin=command.origin,
        timezone=command.timezone,
        fictional=command.fictional,
        visitors_may_testify=command.visitors_may_testify,
        rule=command.rule,
        cosignatures=command.cosignatures,
    )
    return (created,)


def change(state: State, request: c.Request, command: c.ChangeCongress, now: str) -> Decision:
    if refused := _refuse_words(command) or refuse_rule(command.rule):
        return refused
    changed = e.CongressChanged(
        one_line(command.title),
        command.description.strip(),
        one_line(command.place),
        command.visitors_may_testify,
        command.rule,
        command.cosignatures,
        command.presence_asked,
    )
    return (changed,)


def _refuse_words(command: c.CreateCongress | c.ChangeCongress) -> Refused | None:
    return (
        refuse_title(command.title)
        or too_long(command.description, "description", LONG)
        or too_long(command.place, "place", SHORT)
        or _refuse_cosignatures(command.cosignatures)
    )


def _refuse_cosignatures(number: int) -> Refused | None:
    if 0 <= number <= MOST_COSIGNATURES:
        return None
    return Refused(
        "congress.cosignatures",
        "Le nombre de cosignataires va de 0 à {limit}.",
        "cosignatures",
        {"limit": MOST_COSIGNATURES},
    )


def declare_gap(state: State, request: c.Request, command: c.DeclareGap, now: str) -> Decision:
    if refused := refuse_reason(command.reason):
        return refused
    if command.lost_size <= state.size:
        return Refused("gap.none", "Le registre n’a rien perdu.", "lost_size")
    return (e.GapDeclared(command.lost_size, state.size, command.reason.strip()),)


def on_created(state: State, r: e.Recorded, event: e.CongressCreated) -> State:
    settings = Settings(
        event.slug,
        event.title,
        event.description,
        event.place,
        event.origin,
        event.timezone,
        event.fictional,
        event.visitors_may_testify,
        event.rule,
        r.time,
        event.cosignatures,
    )
    return replace(state, settings=settings)


def on_changed(state: State, r: e.Recorded, event: e.CongressChanged) -> State:
    assert state.settings is not None
    settings = replace(
        state.settings,
        title=event.title,
        description=event.description,
        place=event.place,
        visitors_may_testify=event.visitors_may_testify,
        rule=event.rule,
        cosignatures=event.cosignatures,
        presence_asked=event.presence_asked,
    )
    return replace(state, settings=settings)


def on_gap(state: State, r: e.Recorded, event: e.GapDeclared) -> State:
    return state


DECIDE: Rules = {
    c.CreateCongress: create,
    c.ChangeCongress: change,
    c.DeclareGap: declare_gap,
}
EVOLVE: Folds = {
    e.CongressCreated: on_created,
    e.CongressChanged: on_changed,
    e.GapDeclared: on_gap,
}
