"""The floor: asking for it by one press, the list of speakers with its reasons, the clock, who spoke how long, the
rule.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.people import electorate
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import Instant
from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import Sitting, SpeakingTurn, State
from deliberation.kernel.vocabulary import Precedence, Purpose, Role, SpeakingRule
from deliberation.seen.marks import digest
from deliberation.session import speakers
from exports import labels, naming, sittings
from exports.translations import Translator
from server.imports.source import key
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, arrive

ADDRESS = "seance/parole"
MOST_LISTED = 300
"""Élus beyond whom a name is typed instead of chosen."""
SECONDS = ("turn", "presentation", "person", "group", "item", "warning")
NEVER: Instant = ""
BACK = {"seance": "seance", "conduite": "seance#conduite"}
"""Where an act leads back to, by the page that it was done on; else the page of the list."""


async def show(request: Request) -> Response:
    return _page(await arrive(request), forms.Form())


async def act(request: Request) -> Response:
    """Any act on the list; a refusal shows the page with what was typed."""
    visit = await arrive(request)
    form = await forms.read(request)
    outcome = await submit(visit, form, _command(visit, form))
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(BACK.get(form.get("retour"), ADDRESS)))


async def own(request: Request) -> Response:
    """The visitor's own part of the list alone: their request, or the buttons to make one."""
    visit = await arrive(request)
    context = {**own_view(visit), "form": forms.Form(), "back": _back(visit)}
    return render(visit, "fragments/own_turn.html", context, keep=False)


async def conduct(request: Request) -> Response:
    """The acts of whoever conducts on the list, alone."""
    visit = await arrive(request)
    if not visit.may(c.GiveFloor):
        return Response(status_code=403)
    context = {**chair_view(visit), "form": forms.Form()}
    return render(visit, "fragments/chair_speakers.html", context, keep=False)


def _back(visit: Visit) -> str:
    asked = visit.request.query_params.get("retour", "")
    return asked if asked in BACK else ""


def chair_view(visit: Visit) -> dict[str, Any]:
    """What the acts of whoever conducts need: the list, and whom they may enter."""
    state, words = visit.state, visit.words
    return {
        **speakers_view(state, words),
        "elus": _elus(state, words),
        "many_elus": len(electorate(state.people.values())) > MOST_LISTED,
        "purposes": [(x.value, words(labels.PURPOSES[x])) for x in _purposes(state)],
    }


def _command(visit: Visit, form: forms.Form) -> c.Command | Refused:
    acte, turn = form.get("acte"), form.integer("turn") or 0
    if acte == "regle":
        return _rule(form)
    if acte == "demander":
        return form.command(c.AskFloor, purpose=form.get("purpose"), person=_person(visit, form.get("person")))
    parts: dict[str, tuple[type[c.Command], dict[str, Any]]] = {
        "retirer": (c.WithdrawTurn, {"turn": turn}),
        "donner": (
            c.GiveFloor,
            {"turn": turn, "seconds": _own_time(form.get("seconds"))},
        ),
        "finir": (c.EndTurn, {"turn": turn}),
        "placer": (c.MoveTurn, {"turn": turn, "reason": form.get("reason"), "before": form.integer("before")}),
        "clore": (c.CloseSpeakers, {"subject": form.get("subject")}),
        "rouvrir": (c.ReopenSpeakers, {"subject": form.get("subject")}),
    }
    if acte not in parts:
        return Refused("form.malformed", forms.MALFORMED, "acte")
    kind, data = parts[acte]
    return form.command(kind, **data)


def _person(visit: Visit, typed: str) -> str:
    """The id of the élu chosen or exactly named; the text as typed if that is nobody or several."""
    wanted = key(typed)
    found = [
        p for p in electorate(visit.state.people.values()) if wanted == key(naming.name_of(visit.state, visit.words, p))
    ]
    return found[0] if wanted and len(found) == 1 else typed


def _rule(form: forms.Form) -> c.SetSpeakingRule | Refused:
    """The rule as the form gives it: criteria in their order, populations, and times such as 90 or 1:30."""
    times = {name: _seconds(form.get(name, "0")) for name in SECONDS}
    precedence = [form.get(f"precedence{n}") for n in range(1, len(Precedence) + 1) if form.get(f"precedence{n}")]
    sizes = [number_in(each) for each in form.get("sizes").replace(",", " ").replace(";", " ").split()]
    return form.command(c.SetSpeakingRule, speaking={"precedence": precedence, "sizes": sizes, **times})


def _own_time(typed: str) -> int | None:
    """The time that the chair gives, None for that of the rule; what is no time becomes -1, which is refused."""
    seconds = _seconds(typed) if typed.strip() else None
    return -1 if seconds is None and typed.strip() else seconds


def _seconds(typed: str) -> int | None:
    """Seconds, or minutes and seconds with a colon between them; None for anything else."""
    minutes, colon, rest = typed.strip().rpartition(":")
    seconds, whole = number_in(rest), number_in(minutes) if colon else 0
    if seconds is None or whole is None or (colon and seconds > 59):
        return None
    return whole * 60 + seconds


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    state, words = visit.state, visit.words
    conducts = visit.may(c.GiveFloor)
    context = {
        "form": form,
        **(chair_view(visit) if conducts else speakers_view(state, words)),
        **own_view(visit),
        **figures(state, words, visit.now),
        "conducts": conducts,
        "subject_of_floor": subject_named(state, words, state.floor),
        "sets_rule": visit.may(c.SetSpeakingRule),
        "rule": visit.settings.speaking,
        "criteria": [("", "—"), *((x.value, words(labels.PRECEDENCES[x])) for x in Precedence)],
        "in_words": rule_in_words(visit.settings.speaking, words),
    }
    return render(visit, "speakers.html", context, status, keep=visit.actor not in state.people)


def _purposes(state: State) -> list[Purpose]:
    """What somebody can still be entered for: once the list is closed, a point of order."""
    closed = state.sitting is not None and state.floor in state.sitting.lists_closed
    return [Purpose.ORDER] if closed else [Purpose.FOR, *(x for x in Purpose if x is not Purpose.FOR)]


def _elus(state: State, words: Translator) -> list[tuple[str, str]]:
    """The élus who do not wait for the floor yet, by name; [] if they are too many for a list."""
    waiting = {place.turn.person for place in speakers.of(state)}
    able = (person for person in electorate(state.people.values()) if person not in waiting)
    found = [(person, naming.name_of(state, words, person)) for person in able]
    return sorted(found, key=lambda each: key(each[1])) if len(found) <= MOST_LISTED else []


def speakers_view(state: State, words: Translator) -> dict[str, Any]:
    """Who has the floor, until when, and the list of those who wait, each place with its reasons."""
    sitting, turn = state.sitting, state.speaking_turn
    rule = state.settings.speaking if state.settings else SpeakingRule()
    return {
        "speaking": _turn(state, words, turn) if turn else None,
        "speaks_until": speakers.ends(turn) if turn else NEVER,
        "warning": rule.warning,
        "waiting_speakers": [_place(state, words, place) for place in speakers.of(state)],
        "speakers_closed": sitting is not None and state.floor in sitting.lists_closed,
        "may_be_asked": sitting is not None,
    }


def _place(state: State, words: Translator, place: speakers.SpeakerPlace) -> dict[str, Any]:
    """A place in the list with its reasons; `placed` if the chair's own reason is the only one."""
    why = [words(why.message, **why.params) for why in place.why]
    placed = any(each.message == speakers.MOVED for each in place.why)
    return {**_turn(state, words, place.turn), "why": why, "placed": placed}


def _turn(state: State, words: Translator, turn: SpeakingTurn) -> dict[str, Any]:
    return {
        "turn": turn,
        "name": naming.name_of(state, words, turn.person),
        "purpose": words(labels.PURPOSES[turn.purpose]),
        "by": naming.name_of(state, words, turn.by) if turn.by != turn.person else "",
        "collectivity": state.people[turn.person].collectivity,
    }


def own_view(visit: Visit) -> dict[str, Any]:
    """What the visitor may do with one press: ask for the floor, take it back, say that they have spoken."""
    state = visit.state
    if visit.role != Role.ELU or state.sitting is None:
        return {"own_turn": None}
    places = [place.turn for place in speakers.of(state)]
    rank = next((n for n, turn in enumerate(places, 1) if turn.person == visit.actor), 0)
    turn = state.speaking_turn
    now_speaks = turn is not None and turn.person == visit.actor
    asks = [x for x in Purpose if not rank and visit.refuses(c.AskFloor(x)) is None]
    return {
        "own_turn": {
            "rank": rank,
            "turn": turn if now_speaks else (places[rank - 1] if rank else None),
            "speaks": now_speaks,
            "until": speakers.ends(turn) if turn and now_speaks else NEVER,
            "asks": [(x.value, visit.words(labels.PURPOSES[x])) for x in asks],
            "warning": visit.settings.speaking.warning,
        }
    }


def figures(state: State, words: Translator, now: Instant) -> dict[str, Any]:
    """Who spoke in the open sitting, how often and how long: people, colleges, subjects."""
    return minutes_view(state, words, state.sitting, now)


def minutes_view(state: State, words: Translator, sitting: Sitting | None, now: Instant) -> dict[str, Any]:
    """The same of any sitting."""
    given = sittings.speeches(state, sitting) if sitting else ()
    return {
        "by_person": [(naming.name_of(state, words, x.of), x) for x in sittings.by_person(given, now)],
        "by_college": [(state.colleges[int(x.of)].title, x) for x in sittings.by_college(state, given, now)],
        "by_subject": [(subject_named(state, words, x.of), x) for x in sittings.by_subject(given, now)],
    }


def subject_named(state: State, words: Translator, subject: str) -> str:
    """What was under discussion, in words."""
    return naming.subject(state, words, subject) if subject else words("Hors de tout point appelé")


def rule_in_words(rule: SpeakingRule, words: Translator) -> list[str]:
    """The criteria of the list, the most important first."""
    return [words(labels.PRECEDENCES[x]) for x in rule.precedence] + [words("Puis l’ordre des demandes")]


def live(slug: str, state: State, words: Translator) -> dict[str, Any]:
    """The context of the public fragment about who speaks and who waits."""
    return speakers_view(state, words)


def pulse(slug: str, state: State, words: Translator) -> dict[str, Any]:
    """A fragment that changes whenever the list may: people then reload their own part of it."""
    sitting = state.sitting
    closed = sitting.lists_closed if sitting else None
    waiting = [(place.turn.number, place.turn.person) for place in speakers.of(state)]
    return {"size": digest((state.floor, closed, state.speaking_turn, waiting))}


routes = [
    Route("/c/{slug}/seance/parole", show, methods=["GET"], name="speakers"),
    Route("/c/{slug}/seance/parole", act, methods=["POST"], name="speakers_act"),
    Route("/c/{slug}/seance/parole/conduite", conduct, methods=["GET"], name="speakers_bar"),
    Route("/c/{slug}/seance/parole/moi", own, methods=["GET"], name="own_turn"),
]
