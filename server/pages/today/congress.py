"""A congress's first page: what it is, its phases, what happens now, how testimonies were used, what is new."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel.ids import Instant
from deliberation.kernel.state import State, Testimony
from exports import naming
from exports.territories import carried
from exports.translations import Translator
from server.pages.record import entries
from server.pages.session import attendance
from server.pages.shell import phases
from server.pages.shell.heard import heard_everywhere
from server.pages.shell.rendering import render
from server.pages.shell.thread_lines import threads
from server.pages.shell.visit import arrive
from server.pages.today import tasks

LATEST = 6


async def congress(request: Request) -> Response:
    visit = await arrive(request)
    last = await entries.between(visit, visit.state.size - 8, visit.state.size)
    context = {**overview(visit.slug, visit.state, visit.words, visit.now), "last": list(reversed(last))}
    context |= attendance.own_view(visit) | tasks.today(visit)
    context["own_testimonies"] = [brief(visit.state, visit.words, one) for one in tasks.own_testimonies(visit)]
    return render(visit, "congress.html", context, keep=not context["own_attendance"])


def overview(slug: str, state: State, words: Translator, now: Instant) -> dict[str, Any]:
    """What the page and its live fragment show."""
    published = [t for t in state.testimonies.values() if t.status == "published"]
    return {
        "coverage": threads(slug, state).coverage(),
        "latest": [brief(state, words, t) for t in sorted(published, key=lambda t: t.decided, reverse=True)[:LATEST]],
        "motions": list(state.motions.values()),
        "open_polls": [poll for poll in state.polls.values() if poll.is_open],
        "floor": state.floor,
        "floor_title": naming.subject_title(state, words, state.floor) if state.floor else "",
        "floor_path": naming.path(state, state.floor) if state.floor else "",
        "opened": [station for station in phases.line(state, now) if station.status == "open"],
        "coming": phases.next_opening(state, now),
        "deadline": phases.next_deadline(state, now),
        "stations": phases.line(state, now),
        "amendments": {n: sum(a.motion == n for a in state.amendments.values()) for n in state.motions},
        "heard_sentence": carried(words, heard_everywhere(slug, state)),
        "pending": sum(t.status == "pending" for t in state.testimonies.values()),
    }


def brief(state: State, words: Translator, testimony: Testimony) -> dict[str, Any]:
    """A testimony in a list."""
    return {
        "testimony": testimony,
        "title": naming.testimony_title(words, testimony),
        "said": naming.said_by(state, words, testimony),
    }


routes = [Route("/c/{slug}/", congress, name="congress")]
