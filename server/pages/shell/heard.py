"""Who is heard in a whole congress, cached until a testimony or a person changes."""

from __future__ import annotations

from collections.abc import Mapping

from deliberation.kernel.state import State
from deliberation.thread.heard import Collectivity, Heard, collectivities, heard_in
from deliberation.visibility.views import View

_by_congress: dict[str, tuple[State, Heard, Mapping[str, Collectivity]]] = {}


def _of(slug: str, state: State) -> tuple[State, Heard, Mapping[str, Collectivity]]:
    state = (state.common or state) if isinstance(state, View) else state
    kept = _by_congress.get(slug)
    if kept is None or kept[0].testimonies is not state.testimonies or kept[0].people is not state.people:
        kept = _by_congress[slug] = (state, heard_in(state, state.testimonies), collectivities(state))
    return kept


def heard_everywhere(slug: str, state: State) -> Heard:
    """Who is heard in all published testimonies."""
    return _of(slug, state)[1]


def known_collectivities(slug: str, state: State) -> Mapping[str, Collectivity]:
    """The collectivities that this congress knows, by code."""
    return _of(slug, state)[2]
