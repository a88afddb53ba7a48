"""The history of a motion: every state that it went through, what changed, and who wrote what."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation import events, ids
from deliberation.history import Moment, moments
from deliberation.merge import number as numbered
from deliberation.state import Frozen, Motion
from deliberation.vocabulary import Clause
from exports import comparison
from exports.dossier import absence
from server.pages import naming
from server.pages.rendering import render
from server.pages.visit import Visit, arrive, number
from server.store.store import Store

VIEWS = ("changements", "auteurs")
WRITING = (events.MotionCreated, events.TextWritten)
COLOURS = 8
NEVER = 2**31


@dataclass(frozen=True)
class Station:
    """An entry that wrote the motion: the state after it is number `place`, from 1."""

    place: int
    index: int
    time: ids.Instant
    actor: str


@dataclass(frozen=True)
class Author:
    """Somebody whose words stand in the text; `mark` counts from 1, `share` is a percentage of its letters."""

    id: str
    mark: int
    colour: int
    share: float


@lru_cache(maxsize=16)
def stations(store: Store, slug: str, document: str, size: int) -> tuple[Station, ...]:
    """The states of a motion in a record of that size, oldest first."""
    writing = (r for r in store.about(slug, [document], size, NEVER) if isinstance(r.event, WRITING))
    return tuple(Station(place, r.index, r.time, r.actor) for place, r in enumerate(writing, start=1))


@lru_cache(maxsize=256)
def state_after(store: Store, slug: str, document: str, index: int) -> Moment:
    """The motion once that entry is recorded: it never changes after."""
    return list(moments(store.about(slug, [document], index + 1, NEVER)))[-1]


async def history(request: Request) -> Response:
    visit = await arrive(request)
    found = visit.state.motions.get(number(request))
    if found is None:
        raise HTTPException(404)
    context = await asyncio.to_thread(_context, visit, found)
    return render(visit, "motion_history.html", context)


def _context(visit: Visit, motion: Motion) -> dict[str, Any]:
    store, document = visit.services.store, ids.document(ids.MOTION, motion.number)
    passed = _readable(visit, stations(store, visit.slug, document, visit.state.size))
    at = _place(visit, "etat", len(passed), len(passed))
    since = _place(visit, "depuis", len(passed), at - 1)
    after = state_after(store, visit.slug, document, passed[at - 1].index)
    before = state_after(store, visit.slug, document, passed[since - 1].index) if since else Moment(0, "", "")
    view = visit.request.query_params.get("voir", "")
    return {
        "motion": motion,
        "stations": passed,
        "at": passed[at - 1],
        "since": passed[since - 1] if since else None,
        "compared": "depuis" in visit.request.query_params,
        "view": view if view in VIEWS else VIEWS[0],
        "text": _text(after),
        "spans": after.spans,
        "passages": comparison.between(_text(before), _text(after)),
        "label_of": lambda clause: naming.clause_label(visit.words, clause),
        "authors": {author.id: author for author in _authors(after)},
    }


def _readable(visit: Visit, passed: tuple[Station, ...]) -> tuple[Station, ...]:
    """Visitors do not see what was written behind closed doors before it is published (H2)."""
    if visit.actor != ids.VISITOR:
        return passed
    return tuple(station for station in passed if not absence(visit.state, station.index))


def _place(visit: Visit, name: str, count: int, otherwise: int) -> int:
    """The state asked for in the address, the nearest one when there is no such state."""
    typed = visit.request.query_params.get(name, "")
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        return otherwise
    return min(max(int(typed), 1), count)


def _text(moment: Moment) -> Frozen:
    """A state as a text with numbered clauses, to be compared with another."""
    clauses = numbered(Clause(id_, draft.kind, 0, draft.markdown, draft.addressee) for id_, draft in moment.clauses)
    return Frozen(0, moment.title, clauses, "", 0, (), moment.time, moment.index)


def _authors(moment: Moment) -> Iterator[Author]:
    """Those whose words stand in the text, by how many."""
    letters = Counter[str]()
    for spans in moment.spans.values():
        for span in spans:
            letters[span.author] += len(span.text)
    for mark, (id_, count) in enumerate(letters.most_common(), start=1):
        yield Author(id_, mark, (mark - 1) % COLOURS + 1, 100 * count / letters.total())


routes = [Route("/c/{slug}/motions/{n:int}/historique", history, methods=["GET"], name="motion_history")]
