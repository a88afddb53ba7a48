"""Attendance pages: signing in with the code of the hall, the organisers' desk, the call-over, the public list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.people import electorate
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import Instant
from deliberation.kernel.state import Attendance, Sitting, State
from deliberation.kernel.vocabulary import Role
from deliberation.session import attendance
from deliberation.votes import tallies
from exports import moments, naming
from exports.translations import N_, Translator
from server.imports.source import key
from server.pages.organisation.electors import people_named
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, arrive

ADDRESS = "seance/presence"
TICKED = "present:"
MOST_BOXES = 300
"""Élus for whom the call-over shows boxes; more are entered by name, line by line, because forms are limited."""
HOW = {
    attendance.CODE: N_("sur son appareil"),
    attendance.DESK: N_("au bureau"),
    attendance.CALL: N_("à l’appel"),
}


async def show(request: Request) -> Response:
    return _page(await arrive(request), forms.Form())


async def act(request: Request) -> Response:
    """Signing in or out, for oneself or at the desk; the call-over. A refusal shows the page with what was typed."""
    visit = await arrive(request)
    form = await forms.read(request)
    command = _command(visit, form)
    if not isinstance(command, Refused):
        absent = visit.services.admission.refuse_absent(visit.state, visit.actor, command, form.get("presence"))
        command = absent or command
    outcome = await submit(visit, form, command)
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(ADDRESS))


def _command(visit: Visit, form: forms.Form) -> c.Command | Refused:
    acte = form.get("acte")
    if acte == "appel":
        present = _answered(visit.state, form)
        return present if isinstance(present, Refused) else form.command(c.CallOver, present=present)
    kind: type[c.SignIn] | type[c.SignOut] = c.SignOut if acte == "partir" else c.SignIn
    return form.command(kind, person=form.get("person"))


def _answered(state: State, form: forms.Form) -> list[str] | Refused:
    """Those who answered the call-over: by boxes, or names line by line."""
    ticked = [name.removeprefix(TICKED) for name in form.values if name.startswith(TICKED)]
    named = people_named(state, form.get("names"), "names")
    return named if isinstance(named, Refused) else [*ticked, *named]


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    state, words = visit.state, visit.words
    present = frozenset(attendance.now_present(state))
    everybody = [(person, naming.name_of(state, words, person)) for person in electorate(state.people.values())]
    everybody.sort(key=lambda each: key(each[1]))
    context = {
        "form": form,
        **list_view(state, words),
        **own_view(visit),
        "keeps_desk": visit.role == Role.ORGANISER and attendance.keeps_list(state),
        "calls": state.sitting is not None and visit.may(c.CallOver),
        "absent": [("", words("Choisir une personne")), *((p, name) for p, name in everybody if p not in present)],
        "leaving": [("", words("Choisir une personne")), *((p, name) for p, name in everybody if p in present)],
        "everybody": [(p, name, p in present) for p, name in everybody],
        "boxes": len(everybody) <= MOST_BOXES,
        "names": "\n".join(name for p, name in everybody if p in present),
    }
    return render(visit, "attendance.html", context, status, keep=visit.actor not in state.people)


def own_view(visit: Visit) -> dict[str, Any]:
    """What the visitor may do about their own attendance: "in" to sign in, "out" to leave, "" for nothing."""
    state = visit.state
    if visit.role != Role.ELU or not attendance.keeps_list(state):
        return {"own_attendance": ""}
    return {"own_attendance": "out" if visit.actor in attendance.now_present(state) else "in"}


def list_view(state: State, words: Translator) -> dict[str, Any]:
    """The list of the open sitting: who is present since when, who left, and whether the usual quorum is met."""
    sitting = state.sitting
    lines = attendance.of(state, sitting) if sitting else ()
    entitled = electorate(state.people.values())
    present = attendance.at_opening(state, entitled)
    rule = state.settings.rule if state.settings else None
    quorum = tallies.least(len(entitled), rule.quorum_n, rule.quorum_d, rule.quorum_strict) if rule else 0
    in_persons = rule is not None and rule.quorum_n and rule.quorum_base == "personnes"
    return {
        "sitting": sitting,
        "listed": attendance.keeps_list(state),
        "present": [line(state, words, x) for x in lines if not x.left],
        "left": [line(state, words, x) for x in lines if x.left],
        "present_count": len(present or ()),
        "entitled_count": len(entitled),
        "quorum": quorum if in_persons else 0,
    }


def line(state: State, words: Translator, found: Attendance) -> dict[str, Any]:
    """A line of the list, with who entered it if that was another person."""
    at_desk = found.by != found.person
    return {
        "line": found,
        "how": words(HOW[found.how]),
        "by": naming.name_of(state, words, found.by) if at_desk else "",
        "left_by": naming.name_of(state, words, found.left_by) if found.left_by not in ("", found.person) else "",
    }


def minutes_view(state: State, words: Translator, sitting: Sitting, asked: str, timezone: str) -> dict[str, Any]:
    """The list of a sitting in its minutes; with a time of day such as 14:05, who was present then."""
    moment = _moment(sitting, asked, timezone)
    return {
        "attendance": [line(state, words, x) for x in attendance.of(state, sitting)],
        "asked": asked if moment else "",
        "then": attendance.present_at(state, sitting, moment) if moment else (),
    }


def _moment(sitting: Sitting, asked: str, timezone: str) -> Instant:
    """The last instant of that minute on the day of the sitting, or on the next one; "" if no time was given."""
    try:
        at = datetime.strptime(asked, "%H:%M").replace(second=59, microsecond=999000)  # noqa: DTZ007 - a time of day
    except ValueError:
        return ""
    zone = moments.zone(timezone)
    opened = moments.parse(sitting.opened).astimezone(zone)
    then = datetime.combine(opened.date(), at.time(), zone)
    then += timedelta(days=then < opened)
    return then.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def live(slug: str, state: State, words: Translator) -> dict[str, Any]:
    """The context of the public fragment about who is present."""
    return list_view(state, words)


routes = [
    Route("/c/{slug}/seance/presence", show, methods=["GET"], name="attendance"),
    Route("/c/{slug}/seance/presence", act, methods=["POST"], name="attendance_act"),
]
