"""Mind maps: the list, a map as a picture and as an outline, the page where several people draw it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.congress import refuse_phase
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Excerpt, MindMap, State
from deliberation.kernel.vocabulary import Node, Phase
from deliberation.maps.maps import refuse_drawing
from deliberation.thread.heard import heard_in
from exports.graph import anchor, render_map
from exports.outline import rows
from exports.territories import carried
from exports.translations import Translator
from server.pages.record import entries
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.thread_lines import Quoted, quoted
from server.pages.shell.visit import Visit, arrive, number

DEEPEST = 24
_pictures: dict[tuple[str, int, str], tuple[MindMap, tuple[int, ...], str]] = {}


@dataclass(frozen=True)
class OutlineLine:
    """A node in the outline: how many lists open before it and close after it, and the excerpts that it cites."""

    id: str
    anchor: str
    node: Node
    opens: int
    closes: int
    last_of_item: bool
    quotes: tuple[Quoted, ...]


async def maps(request: Request) -> Response:
    visit = await arrive(request)
    return _list(visit, forms.Form())


def _list(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    may_create = visit.may(c.CreateMap) and refuse_phase(visit.state, visit.now, Phase.MAPS) is None
    listed = [{"map": m, "ideas": len(m.nodes), "excerpts": _excerpts(m)} for m in visit.state.maps.values()]
    context = {"maps": listed, "form": form, "may_create": may_create}
    return render(visit, "maps.html", context, status, keep=not may_create)


def _excerpts(mindmap: MindMap) -> int:
    return len({n for node in mindmap.nodes.values() for n in node.excerpts})


async def create(request: Request) -> Response:
    visit = await arrive(request)
    form = await forms.read(request)
    outcome = await submit(visit, form, form.command(c.CreateMap, title=form.get("title")))
    if isinstance(outcome, Refused):
        return _list(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(f"cartes/{ids.split(outcome.document)[1]}/edition"))


async def one_map(request: Request) -> Response:
    visit = await arrive(request)
    found = _found(visit)
    lines = outline(visit.state, visit.words, found)
    spoken = [quote.testimony.number for line in lines for quote in line.quotes]
    context = {
        "map": found,
        "borne": carried(visit.words, heard_in(visit.state, spoken)),
        "picture": Markup(await picture(visit.slug, visit.state, found, visit.words.lang)),  # noqa: S704
        "outline": lines,
        "record": await entries.about(visit, f"carte-{found.number}", limit=40),
        "may_draw": refuse_drawing(visit.state, visit.actor, found.number, visit.now) is None,
    }
    return render(visit, "map.html", context)


async def picture(slug: str, state: State, mindmap: MindMap, lang: str) -> str:
    """The drawing, kept until the map or what is public of its excerpts changes."""
    shown = public_excerpts(state)
    key, mark = (slug, mindmap.number, lang), tuple(shown)
    kept = _pictures.get(key)
    if kept is None or kept[0] is not mindmap or kept[1] != mark:
        kept = (mindmap, mark, await asyncio.to_thread(render_map, mindmap, shown, lang))
        _pictures[key] = kept
    return kept[2]


def forget_pictures() -> None:
    """Clears the cached drawings, after words were redacted."""
    _pictures.clear()


def public_excerpts(state: State) -> Mapping[int, Excerpt]:
    """Excerpts whose words are public."""
    return {
        n: x
        for n, x in state.excerpts.items()
        if x.quote and x.testimony in state.testimonies and state.testimonies[x.testimony].status == "published"
    }


def outline(state: State, words: Translator, mindmap: MindMap) -> list[OutlineLine]:
    """The map as nested lists; below a maximal depth, deeper ideas are listed side by side."""
    found = rows(mindmap.nodes)
    depths = [min(row.depth, DEEPEST) for row in found]
    lines = []
    for i, row in enumerate(found):
        before = depths[i - 1] if i else -1
        after = depths[i + 1] if i + 1 < len(found) else 0
        quotes = tuple(q for n in row.node.excerpts if (q := quoted(state, words, n)) is not None)
        opens, closes = max(0, depths[i] - before), max(0, depths[i] - after)
        name = anchor(mindmap.number, row.id)
        lines.append(OutlineLine(row.id, name, row.node, opens, closes, after <= depths[i], quotes))
    return lines


async def edit(request: Request) -> Response:
    visit = await arrive(request)
    found = _found(visit)
    context: dict[str, Any] = {
        "map": found,
        "document": f"carte-{found.number}",
        "outline": outline(visit.state, visit.words, found),
        "refused_drawing": refuse_drawing(visit.state, visit.actor, found.number, visit.now),
    }
    return render(visit, "map_edit.html", context, keep=False)


def _found(visit: Visit) -> MindMap:
    found = visit.state.maps.get(number(visit.request))
    if found is None:
        raise HTTPException(404)
    return found


routes = [
    Route("/c/{slug}/cartes", maps, methods=["GET"], name="maps"),
    Route("/c/{slug}/cartes", create, methods=["POST"], name="map_create"),
    Route("/c/{slug}/cartes/{n:int}", one_map, name="map"),
    Route("/c/{slug}/cartes/{n:int}/edition", edit, name="map_edit"),
]
