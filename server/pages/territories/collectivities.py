"""Who is heard, and where: the list of collectivities with the map of France, and the page of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel.territory import TerritoryKind
from deliberation.thread.heard import Collectivity, Heard
from exports import france_map, labels, naming
from exports.breakdowns import heard_by_size
from exports.territories import carried, described
from exports.translations import Translator
from server.pages.shell.heard import heard_everywhere, known_collectivities
from server.pages.shell.paging import page_of
from server.pages.shell.rendering import kept_copy, render
from server.pages.shell.thread_lines import follow_testimony
from server.pages.shell.visit import Visit, arrive
from server.pages.today.congress import brief

PER_PAGE = 100
CODE = re.compile(r"[0-9A-Z]{1,9}")


@dataclass(frozen=True)
class Filter:
    """Which collectivities the list shows: of a département, a région, a kind; "" for all."""

    department: str = ""
    region: str = ""
    kind: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filter:
        return cls(*(query.get(name, "")[:12] for name in ("departement", "region", "sorte")))

    @property
    def query(self) -> dict[str, str]:
        given = {"departement": self.department, "region": self.region, "sorte": self.kind}
        return {name: value for name, value in given.items() if value}

    def matches(self, found: Collectivity) -> bool:
        territory = found.territory
        return (
            self.department in ("", territory.department)
            and self.region in ("", territory.region)
            and self.kind in ("", territory.kind)
        )


async def collectivities(request: Request) -> Response:
    visit = await arrive(request)
    if copy := kept_copy(visit):
        return copy
    asked = Filter.of(request.query_params)
    known = known_collectivities(visit.slug, visit.state)
    found = [each for each in known.values() if asked.matches(each)]
    context = {
        "filter": asked,
        "known": len(known),
        "page": page_of(found, request.query_params, PER_PAGE),
        **_heard(visit.words, heard_everywhere(visit.slug, visit.state)),
    }
    return render(visit, "collectivities.html", context)


def _heard(words: Translator, heard: Heard) -> dict[str, Any]:
    """The whole congress in figures: by kind, département and région, and as a map."""
    departments = heard.departments()
    counts = {area.code: area.testimonies for area in departments}
    kinds, alone = heard.kinds(), heard.kinds_alone()
    told = words(
        "Carte des départements, plus foncés où l’on a entendu plus de témoignages ; le tableau dit la même chose."
    )
    return {
        "heard": heard,
        "carried": carried(words, heard),
        "departments": departments,
        "regions": heard.regions(),
        "sizes": heard_by_size(words, heard),
        "kinds": [
            (kind, words(labels.TERRITORIES[kind]), kinds[kind], alone[kind])
            for kind in TerritoryKind
            if kinds[kind] or alone[kind]
        ],
        "map": Markup(france_map.drawn(counts, told)),  # noqa: S704 - made of numbers and of our own outlines
        "map_source": france_map.source(),
    }


async def collectivity(request: Request) -> Response:
    visit = await arrive(request)
    code = str(request.path_params["code"])
    found = known_collectivities(visit.slug, visit.state).get(code) if CODE.fullmatch(code) else None
    if found is None:
        raise HTTPException(404)
    context = {
        "found": found,
        "facts": described(visit.words, found.territory),
        "testimonies": [_followed(visit, number) for number in found.testimonies],
        "people": [visit.state.people[id_] for id_ in found.people],
        "amendments": [
            {"a": a, "aim": naming.amendment_aim(visit.state, visit.words, a)}
            for a in visit.state.amendments.values()
            if a.author in found.people
        ],
    }
    return render(visit, "collectivity.html", context)


def _followed(visit: Visit, number: int) -> dict[str, Any]:
    """A testimony with the clauses that cite it."""
    found = brief(visit.state, visit.words, visit.state.testimonies[number])
    return {**found, "clauses": follow_testimony(visit, number).clauses}


routes = [
    Route("/c/{slug}/collectivites", collectivities, name="collectivities"),
    Route("/c/{slug}/collectivites/{code}", collectivity, name="collectivity"),
]
