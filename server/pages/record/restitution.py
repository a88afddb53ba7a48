"""The restitution: everything that was said and what became of it, to read, to download, to verify."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.congress import is_open
from deliberation.kernel.vocabulary import Outcome, Phase
from exports import document_names
from exports.territories import carried
from server.pages.shell.heard import heard_everywhere
from server.pages.shell.rendering import render
from server.pages.shell.thread_lines import threads
from server.pages.shell.visit import arrive


async def restitution(request: Request) -> Response:
    visit = await arrive(request)
    state = visit.state
    amendments = list(state.amendments.values())
    context = {
        "coverage": threads(visit.slug, state).coverage(),
        "heard_sentence": carried(visit.words, heard_everywhere(visit.slug, state)),
        "motions": list(state.motions.values()),
        "maps": list(state.maps.values()),
        "tabled": len(amendments),
        "adopted": sum(a.outcome is Outcome.ADOPTED for a in amendments),
        "rejected": sum(a.outcome is Outcome.REJECTED for a in amendments),
        "polls": len(state.polls),
        "set_aside": sum(t.status == "set_aside" for t in state.testimonies.values()),
        "hidden": sum(t.status == "hidden" for t in state.testimonies.values()),
        "redacted": sum(t.status == "redacted" for t in state.testimonies.values()),
        "whole": document_names.folder(visit.words.lang) + "restitution.pdf",
        "minutes": [(n, document_names.minutes(n)) for n in sorted(state.sittings)],
        "open": is_open(state, Phase.RESTITUTION, visit.now),
    }
    return render(visit, "restitution.html", context)


routes = [Route("/c/{slug}/restitution", restitution, name="restitution")]
