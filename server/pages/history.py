"""The history of a motion: every state that it went through, what changed, and who wrote what."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation import events, ids
from deliberation.history import Moment, Spans, moments
from deliberation.merge import number as numbered
from deliberation.state import Motion
from deliberation.vocabulary import Clause, Draft
from deliberation.words import changes, diff_words
from server.pages import naming
from server.pages.rendering import render
from server.pages.visit import Visit, arrive, number
from server.store.store import Store

VIEWS = ("changements", "auteurs")
WRITING = (events.MotionCreated, events.TextWritten)
COLOURS = 8
NEVER = 2**31
Pieces = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Station:
    """An entry that wrote the motion: the state after it is number `place`, from 1."""

    place: int
    index: int
    time: ids.Instant
    actor: str


@dataclass(frozen=True)
class ClauseThen:
    """A clause in one state; `change` is what became of it since the other: "", added, removed, moved or changed."""

    id: str
    label: str
    pieces: Pieces
    spans: Spans
    change: str
    addressee: str


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
    passed = stations(store, visit.slug, document, visit.state.size)
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
        "title": after.title,
        "title_pieces": diff_words(before.title, after.title),
        "clauses": _clauses(visit, before, after),
        "authors": {author.id: author for author in _authors(after)},
        "people": Counter(station.actor for station in passed).most_common(),
    }


def _place(visit: Visit, name: str, count: int, otherwise: int) -> int:
    """The state asked for in the address, the nearest one when there is no such state."""
    typed = visit.request.query_params.get(name, "")
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        return otherwise
    return min(max(int(typed), 1), count)


def _clauses(visit: Visit, before: Moment, after: Moment) -> list[ClauseThen]:
    """The clauses of the later state in its order; those that left stand after the one that they followed."""
    old, new = dict(before.clauses), dict(after.clauses)
    moved = _moved([id_ for id_ in old if id_ in new], [id_ for id_ in new if id_ in old])
    labels = _labels(visit, before) | _labels(visit, after)
    found = []
    for id_ in _order(list(old), list(new)):
        was, now = old.get(id_), new.get(id_)
        pieces = diff_words(was.markdown if was else "", now.markdown if now else "")
        change = _change(was, now, id_ in moved)
        addressee = now.addressee if now else ""
        found.append(ClauseThen(id_, labels[id_], pieces, after.spans.get(id_, ()), change, addressee))
    return found


def _labels(visit: Visit, moment: Moment) -> dict[str, str]:
    clauses = numbered(Clause(id_, draft.kind, 0, draft.markdown) for id_, draft in moment.clauses)
    return {clause.id: naming.clause_label(visit.words, clause) for clause in clauses}


def _order(old: list[str], new: list[str]) -> Iterator[str]:
    gone: dict[str, list[str]] = {}
    anchor = ""
    for id_ in old:
        if id_ in new:
            anchor = id_
        else:
            gone.setdefault(anchor, []).append(id_)
    yield from gone.get("", ())
    for id_ in new:
        yield id_
        yield from gone.get(id_, ())


def _moved(old: list[str], new: list[str]) -> set[str]:
    """Of the clauses that both states have, in their two orders: those that came to another place."""
    return {id_ for _, _, start, end in changes(old, new) for id_ in new[start:end]}


def _change(was: Draft | None, now: Draft | None, moved: bool) -> str:
    if was is None:
        return "added"
    if now is None:
        return "removed"
    if was != now:
        return "changed"
    return "moved" if moved else ""


def _authors(moment: Moment) -> Iterator[Author]:
    """Those whose words stand in the text, by how many."""
    letters = Counter[str]()
    for spans in moment.spans.values():
        for span in spans:
            letters[span.author] += len(span.text)
    for mark, (id_, count) in enumerate(letters.most_common(), start=1):
        yield Author(id_, mark, (mark - 1) % COLOURS + 1, 100 * count / letters.total())


routes = [Route("/c/{slug}/motions/{n:int}/historique", history, methods=["GET"], name="motion_history")]
