"""The history of a motion: every state of its draft, what changed, and who wrote what."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from deliberation.kernel import events, ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import Frozen, Motion, State
from deliberation.kernel.vocabulary import Clause
from deliberation.motions import remarks, seclusion
from deliberation.motions.history import BLANK, AuthorSpan, Moment, Spans, joined, moments, plainly
from deliberation.motions.motions import refuse_writing
from deliberation.text.merge import number as numbered
from deliberation.visibility.remains import absence
from exports import comparison, naming
from server.pages.shell import forms
from server.pages.shell.rendering import render, status_of
from server.pages.shell.visit import Visit, arrive, number
from server.realtime import form_writing
from server.store.store import Store
from server.texts.blocks import plain_words
from server.texts.markdown import MARK, write_with_positions
from server.texts.markdown import read as blocks_of
from server.texts.motion import MotionText

VIEWS = ("changements", "auteurs")
WRITING = (events.MotionCreated, events.TextWritten)
COLOURS = 8
NEVER = 2**31
NOWHERE = Refused("history.not_found", "Ce passage n’était pas dans cet état du texte.")


Suggestions = tuple[tuple[int, int], ...]
"""Accepted suggestions of a motion: the Yjs client id under which their words were written, and the remark's number."""


@dataclass(frozen=True)
class TextState:
    """An entry that changed the motion; the state after it has number `place`, from 1."""

    place: int
    index: int
    time: ids.Instant
    actor: str


@dataclass(frozen=True)
class Author:
    """Somebody with words in the text; `mark` counts from 1, `share` is the percentage of letters."""

    id: str
    mark: int
    colour: int
    share: float


@lru_cache(maxsize=16)
def stations(store: Store, slug: str, document: str, size: int) -> tuple[TextState, ...]:
    """The states of a motion in a record of that size, oldest first."""
    bursts = (r for r in store.about(slug, [document], size, NEVER) if isinstance(r.event, WRITING))
    return tuple(TextState(place, r.index, r.time, r.actor) for place, r in enumerate(bursts, start=1))


@lru_cache(maxsize=256)
def state_after(store: Store, slug: str, document: str, index: int, suggested: Suggestions = ()) -> Moment:
    """The motion after that entry. It can be cached: only the accepted suggestions may change who wrote its words."""
    known = _LAST.get((store, slug, document, suggested), BLANK)
    since = known if known.index <= index else BLANK
    entries = store.about(slug, [document], index + 1, NEVER if since is BLANK else index - since.index)
    news = (entry for entry in entries if since is BLANK or entry.index > since.index)
    found = [since, *moments(news, since, dict(suggested))][-1]
    _LAST[store, slug, document, suggested] = found
    while len(_LAST) > MOST_KEPT:
        _LAST.pop(next(iter(_LAST)))
    return found


MOST_KEPT = 64
_LAST: dict[tuple[Store, str, str, Suggestions], Moment] = {}
"""For each motion the state that was asked for last, from which the next one is computed."""


def forget() -> None:
    """Clears the cache, after words were redacted."""
    _LAST.clear()
    for kept in (stations, state_after, _authorship, _plain_spans):
        kept.cache_clear()


async def history(request: Request) -> Response:
    visit = await arrive(request)
    return await _page(visit, _found(visit), forms.Form())


async def authors(request: Request) -> Response:
    """Who wrote which letters of the last recorded state, for the editor; the page shows the same (M12)."""
    visit = await arrive(request)
    document = ids.document(ids.MOTION, _found(visit).number)
    passed = await asyncio.to_thread(_passed, visit, _found(visit))
    index = passed[-1].index if passed else -1
    place = visit.services.store, visit.slug, document, index, _suggested(visit.state, _found(visit))
    known, clauses = await asyncio.to_thread(_authorship, *place)
    named = [{**author, "name": _name(visit, author["id"])} for author in known]
    owners = await _owners(visit, document) if visit.takes_part else {}
    said = {"index": index, "authors": named, "clauses": clauses, "owners": owners}
    return JSONResponse(said, headers={"Cache-Control": "no-store"})


async def _owners(visit: Visit, document: str) -> dict[str, str]:
    """The person of each Yjs client id that wrote in the document."""
    state = await visit.services.write_queue.state(visit.slug)
    return {str(client): who for client, who in state.writing.get(document, {}).items()} if state else {}


Json = dict[str, Any]


@lru_cache(maxsize=64)
def _authorship(store: Store, slug: str, document: str, index: int, suggested: Suggestions) -> tuple[list[Json], Json]:
    """The authors, and for each clause runs of [author, letters] without Markdown's signs; empty before any state."""
    now = state_after(store, slug, document, index, suggested) if index >= 0 else BLANK
    spans = {id_: _plain_spans(now.spans[id_], draft.markdown) for id_, draft in now.clauses if id_ in now.spans}
    found = [{"id": x.id, "mark": x.mark, "colour": x.colour, "share": round(x.share)} for x in _authors(now)]
    return found, {id_: [[span.author, span.text] for span in each] for id_, each in spans.items()}


@lru_cache(maxsize=4096)
def _plain_spans(spans: Spans, text: str) -> Spans:
    blocks = blocks_of(text)
    written, letters, places = write_with_positions(blocks)
    if written != text:
        return plainly(spans, plain_words(blocks))
    people = [span.author for span in spans for _ in span.text]
    found = zip(letters, places, strict=True)
    return joined(AuthorSpan(letter, people[place]) for letter, place in found if letter != MARK)


async def restore(request: Request) -> Response:
    """Writes a clause again as it was in one state, as a new edit by the visitor (M14)."""
    visit = await arrive(request)
    found, form = _found(visit), await forms.read(request)
    if refused := refuse_writing(visit.state, visit.actor, found.number, visit.now):
        return await _page(visit, found, form.answered(refused), status_of(refused))
    then = await asyncio.to_thread(_asked_state, visit, found, form)
    clause = form.get("clause")
    if then is None or clause not in dict(then.clauses):
        return await _page(visit, found, form.answered(NOWHERE), status_of(NOWHERE))
    document = ids.document(ids.MOTION, found.number)
    work = partial(restored, then, clause)
    written = await form_writing.write(visit.services.hub, visit.slug, document, visit.actor, work)
    if isinstance(written, Refused):
        return await _page(visit, found, form.answered(written), status_of(written))
    return RedirectResponse(visit.url(f"motions/{found.number}/historique#clause-{quote(clause)}"), 303)


def _asked_state(visit: Visit, motion: Motion, form: forms.Form) -> Moment | None:
    asked = next((each for each in _passed(visit, motion) if str(each.place) == form.get("etat")), None)
    return None if asked is None else _after(visit, motion, asked)


def restored(then: Moment, clause: str, text: MotionText) -> MotionText:
    """The text with that clause as it was; a deleted one is inserted after the nearest one that preceded it then."""
    draft = dict(then.clauses)[clause]
    if clause in text.order:
        return replace(text, clauses=tuple((id_, draft if id_ == clause else now) for id_, now in text.clauses))
    order = [id_ for id_, _ in then.clauses]
    before = [id_ for id_ in order[: order.index(clause)] if id_ in text.order]
    at = text.order.index(before[-1]) + 1 if before else 0
    return replace(text, clauses=(*text.clauses[:at], (clause, draft), *text.clauses[at:]))


def _found(visit: Visit) -> Motion:
    found = visit.state.motions.get(number(visit.request))
    if found is None:
        raise HTTPException(404)
    return found


async def _page(visit: Visit, motion: Motion, form: forms.Form, status: int = 200) -> Response:
    context = await asyncio.to_thread(_context, visit, motion)
    may_write = refuse_writing(visit.state, visit.actor, motion.number, visit.now) is None
    shown = {**context, "form": form, "may_write": may_write, "draft": motion.draft}
    return render(visit, "motion_history.html", shown, status, keep=not may_write)


def _context(visit: Visit, motion: Motion) -> dict[str, Any]:
    passed = _passed(visit, motion)
    if not passed:
        veiled = seclusion.is_veiled(visit.state, ids.document(ids.MOTION, motion.number))
        return {"motion": motion, "stations": (), "veiled": seclusion.refuse_reading(visit.state) if veiled else None}
    at = _place(visit, "etat", len(passed), len(passed))
    since = _place(visit, "depuis", len(passed), at - 1)
    after = _after(visit, motion, passed[at - 1])
    before = _after(visit, motion, passed[since - 1]) if since else Moment(0, "", "")
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
        "said_author": partial(_name, visit),
    }


def _after(visit: Visit, motion: Motion, station: TextState) -> Moment:
    document, suggested = ids.document(ids.MOTION, motion.number), _suggested(visit.state, motion)
    return state_after(visit.services.store, visit.slug, document, station.index, suggested)


def _suggested(state: State, motion: Motion) -> Suggestions:
    return tuple(remarks.suggested(state, motion.number).items())


def _name(visit: Visit, author: str) -> str:
    """The name of a person, or of the author of a suggestion with who accepted it."""
    kind, _, number = author.rpartition("-")
    if kind != ids.REMARK:
        return naming.name_of(visit.state, visit.words, author)
    remark = visit.state.remarks[int(number)]
    who, other = (naming.name_of(visit.state, visit.words, id_) for id_ in (remark.author, remark.settled_by))
    return f"{who}, {visit.words('accepté par {name}', name=other)}"


def _passed(visit: Visit, motion: Motion) -> tuple[TextState, ...]:
    """The states that the visitor may read: the public must wait for what was written in camera (H2)."""
    document = ids.document(ids.MOTION, motion.number)
    passed = stations(visit.services.store, visit.slug, document, visit.state.size)
    if visit.takes_part:
        return passed
    return tuple(station for station in passed if not absence(visit.state, station.index))


def _place(visit: Visit, name: str, count: int, otherwise: int) -> int:
    """The number of the state asked for, or the nearest existing one."""
    asked = number_in(visit.request.query_params.get(name, ""))
    return otherwise if asked is None else min(max(asked, 1), count)


def _text(moment: Moment) -> Frozen:
    """A state as a text with numbered clauses, for comparison."""
    clauses = numbered(Clause(id_, draft.kind, 0, draft.markdown, draft.addressee) for id_, draft in moment.clauses)
    return Frozen(0, moment.title, clauses, "", 0, (), moment.time, moment.index)


def _authors(moment: Moment) -> Iterator[Author]:
    """The authors of the text, those with most letters first."""
    letters = Counter[str]()
    for spans in moment.spans.values():
        for span in spans:
            letters[span.author] += len(span.text)
    for mark, (id_, count) in enumerate(letters.most_common(), start=1):
        yield Author(id_, mark, (mark - 1) % COLOURS + 1, 100 * count / letters.total())


routes = [
    Route("/c/{slug}/motions/{n:int}/historique", history, methods=["GET"], name="motion_history"),
    Route("/c/{slug}/motions/{n:int}/auteurs.json", authors, name="motion_authors"),
    Route("/c/{slug}/motions/{n:int}/historique", restore, methods=["POST"], name="motion_restore"),
]
