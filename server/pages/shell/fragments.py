"""Fragments of pages that are sent again when something changes: rendered for the public, once per topic and
language.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deliberation.kernel import ids
from deliberation.kernel.state import State
from deliberation.visibility.views import members_view, public_view
from exports import labels, naming
from exports.translations import Translator, words_for
from server.pages.motions.motion_text import standing_numbers
from server.pages.session import attendance, screen, sitting, speakers
from server.pages.shell.live_line import live_line
from server.pages.shell.rendering import render_text
from server.pages.shell.visit import now
from server.pages.today import congress
from server.pages.votes import voter_screen
from server.pages.votes.polls import poll_view
from server.realtime.live import NUMBERS, REMARKS

Fragment = tuple[str, dict[str, Any]]


async def render_fragment(slug: str, topic: str, language: str, state: State, inside: bool = False) -> str | None:
    """The public's HTML of a topic; None for a topic that does not exist. `inside` is for those who sit in camera."""
    return fragment_of(slug, topic, language, members_view(state) if inside else public_view(state))


def fragment_of(slug: str, topic: str, language: str, state: State) -> str | None:
    """The HTML of a topic for a reader whose view is `state`: everything that it holds may be shown."""
    words = words_for(language)
    found = _fragment(slug, topic, state, words)
    if found is None or state.settings is None:
        return None
    template, context = found
    return render_text(template, {**shared(slug, state, words), **context}, words, state.settings.timezone)


def shared(slug: str, state: State, words: Translator) -> dict[str, Any]:
    """The context of every fragment."""
    return {
        "slug": slug,
        "state": state,
        "settings": state.settings,
        "labels": labels,
        "url": lambda path="": f"/c/{slug}/{path}",
        "name_of": lambda id_: naming.name_of(state, words, id_),
    }


def _fragment(slug: str, topic: str, state: State, words: Translator) -> Fragment | None:
    if topic in _WHOLE:
        template, view = _WHOLE[topic]
        return template, view(slug, state, words)
    kind, number = naming.split(topic)
    if topic == REMARKS or (kind == ids.MOTION and number in state.motions):
        return "fragments/told.html", {}
    if kind == NUMBERS and number in state.motions:
        return "fragments/numbers.html", {"numbers": standing_numbers(state.motions[number])}
    if kind == ids.POLL and number in state.polls:
        return "fragments/poll.html", poll_view(state, words, state.polls[number])
    return None


def _congress(slug: str, state: State, words: Translator) -> dict[str, Any]:
    return congress.overview(slug, state, words, now())


def _line(slug: str, state: State, words: Translator) -> dict[str, Any]:
    return {"live_line": live_line(state, words, now())}


def _sitting(slug: str, state: State, words: Translator) -> dict[str, Any]:
    return sitting.sitting_view(state, words)


def _order(slug: str, state: State, words: Translator) -> dict[str, Any]:
    return sitting.order_view(state, words)


def _pulse(slug: str, state: State, words: Translator) -> dict[str, Any]:
    """A fragment that only signals a change: those who conduct then reload their own console."""
    return {"size": state.size}


_WHOLE: dict[str, tuple[str, Callable[[str, State, Translator], dict[str, Any]]]] = {
    "ligne": ("fragments/live_line.html", _line),
    "congres": ("fragments/now.html", _congress),
    "seance": ("fragments/sitting.html", _sitting),
    "suite": ("fragments/following.html", _sitting),
    "deroule": ("fragments/order.html", _order),
    "ecran": ("fragments/screen.html", screen.live),
    "presence": ("fragments/attendance.html", attendance.live),
    "parole": ("fragments/speakers.html", speakers.live),
    "demande": ("fragments/pulse.html", speakers.pulse),
    "conduite": ("fragments/pulse.html", _pulse),
    "vote": ("fragments/booth.html", voter_screen.live),
}
