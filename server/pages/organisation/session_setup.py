"""Managing the session: freezing and reopening texts, admitting and settling amendments, calling, opening and closing
polls.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.amendments.order import call_order
from deliberation.congress.people import electorate
from deliberation.kernel import codec, ids
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Motion, Poll
from deliberation.kernel.vocabulary import Outcome
from deliberation.visibility.views import progress
from deliberation.votes import polls
from exports import labels, naming
from exports.voting_rules import rule_sentence
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.organisation.presets import NAMES, PRESETS
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit


async def session(request: Request) -> Response:
    return _page(await organiser(request), forms.Form())


async def act(request: Request) -> Response:
    visit = await organiser(request)
    form = await forms.read(request)
    outcome = await submit(visit, form, _command(visit, form))
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    back = form.get("retour")
    kind, _, number = back.partition("/")
    own = kind == "scrutins" and number.isdecimal()
    return confirmed(outcome, visit.url(back) if own else desk(visit, "scrutins"))


def _command(visit: Visit, form: forms.Form) -> c.Command | Refused:
    motion, amendment = form.integer("motion") or 0, form.integer("amendment") or 0
    commands: dict[str, tuple[type[c.Command], dict[str, Any]]] = {
        "appeler": (c.CallSubject, {"subject": form.get("subject")}),
        "ouvrir": (c.OpenPoll, _opening(visit, form)),
        "clore": (c.ClosePoll, {"poll": form.integer("poll") or 0}),
        "admettre": (c.AdmitAmendment, {"amendment": amendment}),
        "fixer": (c.SettleAmendment, _settling(form, amendment)),
        "rapporteur": (c.NameRapporteur, {"motion": motion, "person": form.get("person")}),
        "rouvrir": (c.ReopenMotion, {"motion": motion, "reason": form.get("reason")}),
    }
    if form.get("acte") not in commands:
        return Refused("form.malformed", forms.MALFORMED, "acte")
    kind, data = commands[form.get("acte")]
    return form.command(kind, **data)


def _opening(visit: Visit, form: forms.Form) -> dict[str, Any]:
    """A preset, with the congress's chair, or the congress's own rule if none is chosen."""
    preset = PRESETS.get(form.get("preset"))
    rule = replace(preset, chair=visit.settings.rule.chair) if preset else None
    return {
        "subject": form.get("subject"),
        "question": form.get("question"),
        "rule": codec.encode(rule),
        "college": form.integer("college") or 0,
        "second_call_of": form.integer("second_call_of") or 0,
    }


def _settling(form: forms.Form, amendment: int) -> dict[str, Any]:
    return {
        "amendment": amendment,
        "outcome": form.get("outcome"),
        "reason": form.get("reason"),
        "because_of": form.integer("because_of"),
    }


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    state, words = visit.state, visit.words
    context = {
        "form": form,
        "elus": [
            ("", words("Personne")),
            *((p, naming.name_of(state, words, p)) for p in electorate(state.people.values())),
        ],
        "motions": [_motion(visit, motion, form) for motion in state.motions.values()],
        "open_polls": [(p, progress(state, p).voted) for p in state.polls.values() if p.is_open],
        "floor_title": naming.subject_title(state, words, state.floor) if state.floor else "",
        "rule": rule_sentence(state, words, visit.settings.rule),
        "presets": [("", words("La règle du congrès")), *((key, words(name)) for key, name in NAMES.items())],
        "colleges": [("0", words("Tous les élus")), *((str(x.number), x.title) for x in state.colleges.values())],
        "outcomes": [(key, words(label)) for key, label in labels.SETTLED_WITHOUT_VOTE.items()],
    }
    return render(visit, "organisation/session.html", context, status, keep=False)


def _motion(visit: Visit, motion: Motion, form: forms.Form) -> dict[str, Any]:
    waiting = call_order(visit.state, motion.number)
    return {
        "motion": motion,
        "document": ids.document(ids.MOTION, motion.number),
        "voting": _voting(visit, ids.document(ids.MOTION, motion.number)),
        "second": _second(visit, ids.document(ids.MOTION, motion.number)),
        "waiting": [_amendment(visit, amendment, form) for amendment in waiting],
        "adopted": [("", visit.words("Aucun"))]
        + [
            (str(a.number), visit.words("Amendement n° {n}", n=a.number))
            for a in visit.state.amendments.values()
            if a.motion == motion.number and a.outcome is Outcome.ADOPTED
        ],
    }


def _amendment(visit: Visit, amendment: Amendment, form: forms.Form) -> dict[str, Any]:
    document = ids.document(ids.AMENDMENT, amendment.number)
    return {
        "a": amendment,
        "aim": naming.amendment_aim(visit.state, visit.words, amendment),
        "document": document,
        "voting": _voting(visit, document),
        "second": _second(visit, document),
        "form": form if form.integer("amendment") == amendment.number else forms.Form(),
    }


def _voting(visit: Visit, document: str) -> int | None:
    """The number of the open poll on that document, or None."""
    return next((p.number for p in visit.state.polls.values() if p.is_open and p.subject == document), None)


def _second(visit: Visit, document: str) -> Poll | None:
    """The poll on that document that failed its quorum and may have a second call, or None."""
    asked = (p for p in visit.state.polls.values() if p.subject == document)
    return next((p for p in asked if polls.may_be_called_again(visit.state, p)), None)


routes = [
    Route("/organisation/{slug}/scrutins", session, methods=["GET"], name="session"),
    Route("/organisation/{slug}/scrutins", act, methods=["POST"], name="session_act"),
]
