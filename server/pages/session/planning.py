"""The agenda: its items with their planned times, drawn from the order of call; where the congress is and how late."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import Instant
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import AgendaItem, AgendaKind
from deliberation.session import agenda as rules
from exports import labels
from exports.translations import Translator
from server.pages.session import agenda
from server.pages.shell import forms, local_times
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, arrive

ADDRESS = "seance/ordre-du-jour"
BLANK_ROWS = 4
"""Rows offered for further items."""
MOST_ROWS = 60
"""Rows of the form: each has five fields, and a form holds a bounded number of them."""
PER_AMENDMENT, PRESENTATION, WHOLE = 4, 10, 10
"""Minutes that the agenda drawn from the order of call plans at first; whoever conducts changes them."""


async def show(request: Request) -> Response:
    return _page(await arrive(request), forms.Form())


async def act(request: Request) -> Response:
    """Sets the agenda or begins an item; a refusal shows the page with what was typed."""
    visit = await arrive(request)
    if not visit.may(c.SetAgenda):
        raise HTTPException(403)
    form = await forms.read(request)
    outcome = await submit(visit, form, _command(visit, form))
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(ADDRESS))


def _command(visit: Visit, form: forms.Form) -> c.Command | Refused:
    if form.get("acte") == "commencer":
        return form.command(c.BeginItem, item=form.integer("item") or 0)
    if form.get("acte") != "fixer":
        return Refused("form.malformed", forms.MALFORMED, "acte")
    try:
        starts = local_times.from_field(form.get("starts"), visit.timezone)
    except local_times.UnreadableDate:
        starts = None
    if starts is None:
        return Refused("time.malformed", "Cette date n’est pas lisible.", "starts")
    return form.command(c.SetAgenda, starts=starts, items=_items(form))


def _items(form: forms.Form) -> list[dict[str, Any]]:
    """The rows that have a title, by their ranks; a row without one takes its item away."""
    rows = [n for n in range(1, MOST_ROWS + 1) if form.get(f"title{n}").strip()]
    known = [form.integer(f"id{n}") or 0 for n in rows]
    free = max([0, *known])
    found = []
    for n, id_ in zip(rows, known, strict=True):
        free += id_ == 0
        minutes = form.integer(f"minutes{n}")
        item = {
            "id": id_ or free,
            "kind": form.get(f"kind{n}"),
            "title": form.get(f"title{n}"),
            "minutes": -1 if minutes is None else minutes,
            "subject": form.get(f"subject{n}"),
        }
        found.append((form.integer(f"rank{n}") or 0, n, item))
    return [item for _, _, item in sorted(found, key=lambda each: each[:2])]


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    state, words = visit.state, visit.words
    sets = visit.may(c.SetAgenda)
    drawn = visit.request.query_params.get("tirer") == "1"
    context = {
        "form": form,
        **agenda_view(state, words, visit.now),
        "sets": sets,
        "kinds": [(kind.value, words(label)) for kind, label in labels.AGENDA_KINDS.items()],
        "rows": _rows(state, words, drawn) if sets else [],
        "starts": local_times.to_field(state.agenda.starts if state.agenda else visit.now, visit.timezone),
    }
    return render(visit, "agenda.html", context, status, keep=False)


def agenda_view(state: State, words: Translator, now: Instant) -> dict[str, Any]:
    """The items with their times, the present one, and by how many minutes the congress is late."""
    found = state.agenda
    items = rules.planned(found) if found else []
    late = rules.minutes_late(found, now) if found and state.sitting else 0
    return {
        "agenda_items": [{"p": x, "kind": words(labels.AGENDA_KINDS[x.item.kind])} for x in items],
        "minutes_late": late,
        "agenda_at": next((n for n, x in enumerate(items) if x.is_present), -1),
    }


def _rows(state: State, words: Translator, drawn: bool) -> list[dict[str, Any]]:
    """The rows of the form: the items, or those drawn from the order of call; then blank ones."""
    items = drawn_items(state, words) if drawn or state.agenda is None else state.agenda.items
    rows = [
        {"id": x.id, "kind": x.kind.value, "title": x.title, "minutes": str(x.minutes), "subject": x.subject}
        for x in items[: MOST_ROWS - BLANK_ROWS]
    ]
    blank = {"id": 0, "kind": AgendaKind.DISCUSSION.value, "title": "", "minutes": "10", "subject": ""}
    return [*rows, *(dict(blank) for _ in range(BLANK_ROWS))]


def drawn_items(state: State, words: Translator) -> tuple[AgendaItem, ...]:
    """What the order of call leads to: for each frozen motion its presentation, its amendments, the vote on the whole.

    Minutes are proportional to the pending amendments.
    """
    found: list[tuple[AgendaKind, str, int, str]] = []
    for number, debate in agenda.debates(state).items():
        document, title = ids.document(ids.MOTION, number), state.motions[number].title
        found.append((AgendaKind.PRESENTATION, words("Présentation : {title}", title=title), PRESENTATION, ""))
        if debate.places:
            said = words.many("{n} amendement", "{n} amendements", len(debate.places))
            found.append((AgendaKind.DISCUSSION, f"{said} : {title}", PER_AMENDMENT * len(debate.places), document))
        found.append((AgendaKind.TEXT, words("Vote sur l’ensemble : {title}", title=title), WHOLE, ""))
    return tuple(
        AgendaItem(n, kind, title[:300], minutes, subject) for n, (kind, title, minutes, subject) in enumerate(found, 1)
    )


routes = [
    Route("/c/{slug}/seance/ordre-du-jour", show, methods=["GET"], name="agenda"),
    Route("/c/{slug}/seance/ordre-du-jour", act, methods=["POST"], name="agenda_act"),
]
