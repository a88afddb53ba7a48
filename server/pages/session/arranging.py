"""Arranging the order of call by subject, many amendments at once, with one reason (S24)."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.amendments import arranging
from deliberation.amendments.order import PlaceInOrder
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from exports import naming
from server.pages.session import agenda
from server.pages.session.chair_console import listed_numbers
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, arrive

ADDRESS = "seance/ordre"
RANK = "rang:"
"""Begins the name of the field with the rank of an amendment."""
MOST_RANKED = 300
"""Amendments at one place for which fields are shown: a form holds a bounded number of fields."""
LAST = 10**9


async def show(request: Request) -> Response:
    return _page(await _conductor(request), forms.Form())


async def act(request: Request) -> Response:
    """Sends the order that the ranks give, or the numbers typed; a refusal shows the page with what was typed."""
    visit = await _conductor(request)
    form = await forms.read(request)
    outcome = await submit(visit, form, _command(visit, form))
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(ADDRESS))


async def _conductor(request: Request) -> Visit:
    visit = await arrive(request)
    if not visit.may(c.ArrangeOrder):
        raise HTTPException(403)
    return visit


def _command(visit: Visit, form: forms.Form) -> c.Command | Refused:
    numbers = _ranked(visit, form) or listed_numbers(form.get("amendments"))
    return form.command(c.ArrangeOrder, amendments=numbers, reason=form.get("reason"))


def _ranked(visit: Visit, form: forms.Form) -> list[int]:
    """The amendments that have a field, by their ranks; those of one rank as they stand, those without one last."""
    fields = {name.removeprefix(RANK) for name in form.values if name.startswith(RANK)}
    standing = [
        str(place.amendment.number) for debate in agenda.debates(visit.state).values() for place in debate.places
    ]
    found = [number for number in standing if number in fields]
    return [int(number) for number in sorted(found, key=lambda number: _rank(form, number))]


def _rank(form: forms.Form, number: str) -> int:
    typed = form.integer(RANK + number)
    return LAST if typed is None else typed


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    groups = [
        _group(visit, n, group, form)
        for n, debate in agenda.debates(visit.state).items()
        for group in arranging.insertions(debate.places)
    ]
    waiting = sum(len(debate.places) for debate in agenda.debates(visit.state).values())
    own = form if form.get("amendments") else forms.Form()
    context = {"groups": groups, "waiting": waiting, "form": form, "typed": own}
    return render(visit, "order_arranging.html", context, status, keep=False)


def _group(visit: Visit, motion: int, places: tuple[PlaceInOrder, ...], form: forms.Form) -> dict[str, Any]:
    """What is inserted at one place, with a field for each amendment where they are few enough."""
    first = places[0].amendment
    clause = naming.find_clause(visit.state.motions[motion], first.clause, first.aimed)
    is_own = f"{RANK}{first.number}" in form.values
    return {
        "id": f"{motion}-{first.clause or naming.BEGINNING}",
        "label": naming.spot_label(visit.words, clause),
        "lines": [agenda.line(visit.state, visit.words, place) for place in places],
        "ranked": len(places) <= MOST_RANKED,
        "form": form if is_own else forms.Form(),
    }


routes = [
    Route("/c/{slug}/seance/ordre", show, methods=["GET"], name="arranging"),
    Route("/c/{slug}/seance/ordre", act, methods=["POST"], name="arranging_act"),
]
