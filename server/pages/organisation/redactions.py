"""Redactions: one organiser proposes with a ground and a statement, another decides."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from exports import labels
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit


async def redactions(request: Request) -> Response:
    visit = await organiser(request)
    asked = visit.request.query_params.get("cible", "")[:80]
    return _page(visit, forms.Form({"target": asked} if asked else {}))


async def act(request: Request) -> Response:
    visit = await organiser(request)
    form = await forms.read(request)
    outcome = await submit(visit, form, _command(form))
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, desk(visit, "caviardages"))


def _command(form: forms.Form) -> c.Command | Refused:
    if form.get("acte") == "proposer":
        return form.command(
            c.ProposeRedaction,
            target=target(form.get("target")),
            ground=form.get("ground"),
            statement=form.get("statement"),
        )
    return form.command(
        c.DecideRedaction,
        redaction=form.integer("redaction") or 0,
        agree=form.get("acte") == "accepter",
        reason=form.get("reason"),
    )


def target(typed: str) -> str:
    """`12` is testimony 12, `p3` person 3; a document's name stands for itself."""
    typed = typed.strip().lower()
    if typed.isascii() and typed.isdecimal():
        return ids.document(ids.TESTIMONY, typed)
    return f"{ids.PERSON}-{typed}" if typed[:1] == "p" and typed[1:].isdecimal() else typed


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    found = sorted(visit.state.redactions.values(), key=lambda r: r.number, reverse=True)
    context = {
        "form": form,
        "waiting": [r for r in found if r.status == "proposed"],
        "decided": [r for r in found if r.status != "proposed"],
        "grounds": [(ground, visit.words(ground)) for ground in labels.GROUNDS],
    }
    return render(visit, "organisation/redactions.html", context, status, keep=False)


routes = [
    Route("/organisation/{slug}/caviardages", redactions, methods=["GET"], name="redactions"),
    Route("/organisation/{slug}/caviardages", act, methods=["POST"], name="redaction_act"),
]
