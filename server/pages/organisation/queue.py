"""« À traiter »: testimonies, amendments and redactions that wait for an organiser, in one queue, oldest first,
each with the acts at hand.
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Redaction
from deliberation.kernel.vocabulary import Outcome
from exports import naming
from server.pages.organisation.dashboard import floods
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.organisation.pending import counts, pending
from server.pages.organisation.preparation import steps
from server.pages.organisation.redactions import named_words
from server.pages.organisation.safekeeping import safekeeping
from server.pages.shell import forms
from server.pages.shell.paging import page_of
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit
from server.pages.today.congress import brief

PER_PAGE = 20


async def queue(request: Request) -> Response:
    visit = await organiser(request)
    return await page(visit, forms.Form())


async def act(request: Request) -> Response:
    """An act on one item; then the page stands at the next one."""
    visit = await organiser(request)
    form = await forms.read(request)
    command = _command(form)
    outcome = await submit(visit, form, command)
    if isinstance(outcome, Refused):
        return await page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, _onward(visit, form.get("objet")))


def _command(form: forms.Form) -> c.Command | Refused:
    act, (kind, number) = form.get("acte"), _object(form)
    reason = form.get("reason")
    if kind == ids.TESTIMONY and act == "publier":
        return form.command(c.PublishTestimony, testimony=number)
    if kind == ids.TESTIMONY and act == "ecarter":
        return form.command(c.SetAsideTestimony, testimony=number, reason=reason)
    if kind == ids.AMENDMENT and act == "admettre":
        return form.command(c.AdmitAmendment, amendment=number)
    if kind == ids.AMENDMENT and act == "irrecevable":
        return form.command(c.SettleAmendment, amendment=number, outcome=Outcome.INADMISSIBLE.value, reason=reason)
    if kind == ids.REDACTION and act in ("effacer", "refuser"):
        agree = act == "effacer"
        return form.command(c.DecideRedaction, redaction=number, agree=agree, reason="" if agree else reason)
    return Refused("form.malformed", forms.MALFORMED, "acte")


def _object(form: forms.Form) -> tuple[str, int]:
    kind, _, number = form.get("objet").partition("-")
    return (kind, int(number)) if number.isascii() and number.isdecimal() and len(number) < 10 else ("", 0)


def _onward(visit: Visit, done: str) -> str:
    """The address of the queue at the item after the one that is done, for work by keyboard."""
    documents = [item.document for item in pending(visit.state)]
    at = documents.index(done) if done in documents else 0
    rest = [x for x in documents if x != done]
    if not rest:
        return desk(visit)
    at = min(at, len(rest) - 1)
    number = at // PER_PAGE + 1
    return desk(visit, f"{f'?page={number}' if number > 1 else ''}#{rest[at]}")


async def page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    """The queue, with the answer to `form`."""
    found = pending(visit.state)
    shown = page_of(found, visit.request.query_params, PER_PAGE)
    proposed = [item.thing for item in shown.items if isinstance(item.thing, Redaction)]
    context: dict[str, Any] = {
        "form": form,
        "at": form.get("objet"),
        "gone": form.refused is not None and form.get("objet") not in {item.document for item in shown.items},
        "page": shown,
        "brief": lambda testimony: brief(visit.state, visit.words, testimony),
        "aim": lambda amendment: naming.amendment_aim(visit.state, visit.words, amendment),
        "named": await asyncio.to_thread(named_words, visit, proposed),
        "counts": counts(found),
        "steps": steps(visit.state),
        "safekeeping": await safekeeping(visit),
        "floods": floods(visit),
    }
    return render(visit, "organisation/queue.html", context, status, keep=False)


async def set_clock(request: Request) -> Response:
    """Accepts the machine's clock again, or sets the record back to it."""
    visit = await organiser(request)
    form = await forms.read(request)
    if form.get("acte") == "suivre":
        visit.services.clock.follow()
        visit.services.scheduler.look()
        return RedirectResponse(desk(visit), 303)
    command = form.command(c.CorrectClock, ahead=form.get("avance"), reason=form.get("reason"))
    outcome = await submit(visit, form, command)
    if isinstance(outcome, Refused):
        return await page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, desk(visit))


routes = [
    Route("/organisation/{slug}/", queue, methods=["GET"], name="queue"),
    Route("/organisation/{slug}/", act, methods=["POST"], name="queue_act"),
    Route("/organisation/{slug}/horloge", set_clock, methods=["POST"], name="clock"),
]
