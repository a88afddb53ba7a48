"""The queue of testimonies: publish, or set aside with a public reason; later hide and restore."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import number_in
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.shell import forms
from server.pages.shell.paging import page_of
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit
from server.pages.testimonies.testimonies import moderation_acts
from server.pages.today.congress import brief

PER_PAGE = 20
ACTS: dict[str, type[c.Command]] = {
    "publish": c.PublishTestimony,
    "set_aside": c.SetAsideTestimony,
    "hide": c.HideTestimony,
    "restore": c.RestoreTestimony,
}


async def moderation(request: Request) -> Response:
    return _page(await organiser(request), forms.Form())


async def moderate(request: Request) -> Response:
    visit = await organiser(request)
    form = await forms.read(request)
    if form.get("acte") == "publish_all":
        return await _publish_all(visit, form)
    outcome = await submit(visit, form, _command(form))
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    back = form.get("retour")
    own = back.startswith("temoignages/") and back.removeprefix("temoignages/").isdecimal()
    return confirmed(outcome, visit.url(back) if own else _onward(visit, form.integer("testimony") or 0))


def _onward(visit: Visit, number: int) -> str:
    """The address of the queue at the next pending testimony, for work by keyboard."""
    waiting = [t.number for t in visit.state.testimonies.values() if t.status == "pending" and t.number != number]
    following = next((n for n in waiting if n > number), waiting[0] if waiting else 0)
    page = (waiting.index(following) // PER_PAGE + 1) if following else 1
    query = f"?page={page}" if page > 1 else ""
    return desk(visit, f"moderation{query}#t{following}") if following else desk(visit, "moderation")


def _command(form: forms.Form) -> c.Command | Refused:
    kind = ACTS.get(form.get("acte"))
    if kind is None:
        return Refused("form.malformed", forms.MALFORMED, "acte")
    reason = {} if kind is c.PublishTestimony else {"reason": form.get("reason")}
    return form.command(kind, testimony=form.integer("testimony") or 0, **reason)


async def _publish_all(visit: Visit, form: forms.Form) -> Response:
    """Publishes the testimonies that the page showed; those that changed meanwhile are left out."""
    shown = [n for typed in form.get("numbers").split(",") if (n := number_in(typed)) is not None]
    last = None
    for number in shown[:PER_PAGE]:
        outcome = await submit(visit, form, c.PublishTestimony(number))
        last = last if isinstance(outcome, Refused) else outcome
    if last is None:
        return _page(visit, forms.Form())
    return confirmed(last, desk(visit, "moderation"))


def _moved(visit: Visit, number: int) -> dict[str, Any] | None:
    """The testimony of a refused act that is no longer pending: its present state, with the acts that it allows."""
    found = visit.state.testimonies.get(number)
    if found is None or found.status == "pending":
        return None
    return {**brief(visit.state, visit.words, found), "acts": moderation_acts(visit, found)}


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    waiting = [t for t in visit.state.testimonies.values() if t.status == "pending"]
    page = page_of(waiting, visit.request.query_params, PER_PAGE)
    number = form.integer("testimony") or 0
    context = {
        "page": page,
        "items": [brief(visit.state, visit.words, t) for t in page.items],
        "moved": _moved(visit, number) if form.refused else None,
        "form": form,
        "at": number,
        "others": [t for t in visit.state.testimonies.values() if t.status in ("hidden", "set_aside")],
    }
    return render(visit, "organisation/moderation.html", context, status, keep=False)


routes = [
    Route("/organisation/{slug}/moderation", moderation, methods=["GET"], name="moderation"),
    Route("/organisation/{slug}/moderation", moderate, methods=["POST"], name="moderate"),
]
