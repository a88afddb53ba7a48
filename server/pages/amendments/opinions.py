"""The rapporteur's page: the same opinion on several amendments at once."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation import offers
from deliberation.amendments.order import call_order
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import number_in
from exports import labels, naming
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, arrive

TICKED = "amendment:"
MOST_SHOWN = 300
"""Amendments among which to choose at once: what a form holds."""


async def show(request: Request) -> Response:
    return _page(await _rapporteur(request), forms.Form())


async def give(request: Request) -> Response:
    visit = await _rapporteur(request)
    form = await forms.read(request)
    chosen = [name.removeprefix(TICKED) for name in form.values if name.startswith(TICKED)]
    numbers = [number for typed in chosen if (number := number_in(typed)) is not None]
    said = {"opinion": form.get("opinion"), "comment": form.get("comment")}
    outcome = await submit(visit, form, form.command(c.GiveOpinions, amendments=numbers, **said))
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url("amendements/avis"))


async def _rapporteur(request: Request) -> Visit:
    """The visit of the rapporteur of a motion; 401 for nobody, 403 for others."""
    visit = await arrive(request)
    if all(motion.rapporteur != visit.actor for motion in visit.state.motions.values()):
        raise HTTPException(401 if visit.actor == ids.VISITOR else 403)
    return visit


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    state, words = visit.state, visit.words
    waiting = [a for motion in state.motions for a in call_order(state, motion)]
    mine = [a for a in waiting if offers.advice(state, visit.actor, a, visit.now)][:MOST_SHOWN]
    context = {
        "form": form,
        "waiting": [(a, naming.amendment_aim(state, words, a)) for a in mine],
        "shown": [ids.document(ids.AMENDMENT, a.number) for a in mine],
        "opinions": [(key, words(label)) for key, label in labels.OPINIONS.items()],
    }
    return render(visit, "opinions.html", context, status, keep=False)


routes = [
    Route("/c/{slug}/amendements/avis", show, methods=["GET"], name="opinions"),
    Route("/c/{slug}/amendements/avis", give, methods=["POST"], name="opinions_act"),
]
