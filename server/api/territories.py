"""Suggestions of places for what was typed so far: public, the same for every congress."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import codec
from deliberation.kernel.errors import Refused
from server.api.answers import answer, refusal, services_of
from server.territories.reference import ListedPlace
from server.territories.search import label, suggest

LONGEST = 100
"""Characters of a search that are looked at."""
CACHED = {"Cache-Control": "public, max-age=3600"}
UNREADABLE = Refused("storage.territories", "La liste des territoires est illisible sur ce serveur.")


async def suggestions(request: Request) -> Response:
    """Up to ten places for the words `q`, best first; none for no words."""
    places = await asyncio.to_thread(services_of(request).territories.readable)
    if places is None:
        return refusal(UNREADABLE)
    typed = request.query_params.get("q", "")[:LONGEST]
    items = [_item(place) for place in suggest(places, typed)]
    return answer({"items": items, "year": places.year, "source": places.source}, headers=CACHED)


def _item(place: ListedPlace) -> dict[str, Any]:
    plain: dict[str, Any] = codec.encode(place.territory)
    return {**plain, "label": label(place.territory), "former": place.former}


routes = [Route("/api/v1/territoires", suggestions, name="api territories")]
