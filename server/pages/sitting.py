"""The session: what is discussed now, what comes next, what was decided; and the screen of the hall."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation import ids
from deliberation.order import call_order
from deliberation.state import Amendment, Poll, State
from server.pages import naming
from server.pages.amending import amendment_view
from server.pages.polls import poll_view
from server.pages.rendering import render
from server.pages.visit import arrive
from server.translations import Words


async def sitting(request: Request) -> Response:
    visit = await arrive(request)
    return render(visit, "sitting.html", sitting_view(visit.state, visit.words), keep=visit.actor == ids.VISITOR)


async def screen(request: Request) -> Response:
    visit = await arrive(request)
    return render(visit, "screen.html", sitting_view(visit.state, visit.words))


def sitting_view(state: State, words: Words) -> dict[str, Any]:
    """The floor with what is known of it, the amendments still to be called, the outcomes, latest first."""
    kind, number = naming.split(state.floor)
    view: dict[str, Any] = {
        "floor": state.floor,
        "floor_kind": kind,
        "floor_title": naming.subject_title(state, words, state.floor) if state.floor else "",
        "floor_path": naming.path(state, state.floor) if state.floor else "",
        "amendment": None,
        "motion": None,
        "vote": _vote(state, words),
        "next": _next(state, words),
        "done": _done(state, words),
    }
    if kind == ids.AMENDMENT and number in state.amendments:
        view["amendment"] = amendment_view(state, words, state.amendments[number])
    view["voted"] = _voted(state, words, view["vote"]["poll"]) if view["vote"] else None
    if kind == ids.MOTION and number in state.motions:
        view["motion"] = state.motions[number]
    return view


def _vote(state: State, words: Words) -> dict[str, Any] | None:
    """The open poll if there is one, else the last poll on what stands on the floor."""
    polls = list(state.polls.values())
    concerned = [p for p in polls if p.is_open] or [
        p for p in polls if state.floor in (p.subject, ids.document(ids.POLL, p.number))
    ]
    return poll_view(state, words, concerned[-1]) if concerned else None


def _voted(state: State, words: Words, poll: Poll) -> dict[str, Any] | None:
    """The amendment put to the vote: not always the one on the floor."""
    kind, number = naming.split(poll.subject)
    amendment = state.amendments.get(number) if kind == ids.AMENDMENT else None
    return amendment_view(state, words, amendment) if amendment else None


def _next(state: State, words: Words) -> list[dict[str, Any]]:
    """Amendments that wait, in the order of call."""
    waiting = [a for motion in state.motions for a in call_order(state, motion)]
    return [_line(state, words, a) for a in waiting if ids.document(ids.AMENDMENT, a.number) != state.floor]


def _done(state: State, words: Words) -> list[dict[str, Any]]:
    settled = [a for a in state.amendments.values() if a.outcome is not None]
    return [_line(state, words, a) for a in sorted(settled, key=lambda a: a.settled, reverse=True)]


def _line(state: State, words: Words, amendment: Amendment) -> dict[str, Any]:
    return {"amendment": amendment, "aim": naming.amendment_aim(state, words, amendment)}


routes = [
    Route("/c/{slug}/seance", sitting, name="sitting"),
    Route("/c/{slug}/ecran", screen, name="screen"),
]
