"""The JSON versions of the public pages: each at `/api/v1` followed by the page's own address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.amendments import order, proposals
from deliberation.congress.congress import is_open
from deliberation.kernel import codec
from deliberation.kernel.errors import Refused
from deliberation.kernel.events import Recorded
from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import Amendment, Division, Election, MindMap, Motion, Poll, Remark, State, Testimony
from deliberation.kernel.vocabulary import Phase, Window
from deliberation.motions import layout
from deliberation.motions.motions import draft_clauses
from deliberation.session import attendance, speakers
from deliberation.thread import heard, thread
from deliberation.visibility.remains import absence
from deliberation.visibility.views import public_view
from exports import ballots, naming
from exports.dispositifs import dispositif
from exports.dossier import lines
from exports.translations import words_for
from server.api.answers import answer, cached, congress_of, refusal, services_of
from server.store.store import Store
from server.texts.origins import runs_of

PAGE = 100
MOST = 1_000
Json = Any


@dataclass(frozen=True)
class ApiResource:
    """A kind of thing with a list and a page; `key` is `int` or `str`."""

    name: str
    summary: str
    things: Callable[[State], Mapping[Any, Any]]
    show: Callable[[State, Any], Json]
    key: type


def _testimony(state: State, testimony: Testimony) -> Json:
    quotes = [x for x in state.excerpts.values() if x.testimony == testimony.number]
    return {
        **_plain(testimony),
        "speaker": _speaker(state, testimony),
        "excerpts": [_plain(x) for x in quotes],
        "thread": _plain(thread.threads_of(state).of_testimony(testimony.number)),
    }


def _testimony_row(state: State, testimony: Testimony, quotes: Mapping[int, list[Json]]) -> Json:
    own = quotes.get(testimony.number, [])
    return {**_plain(testimony), "speaker": _speaker(state, testimony), "excerpts": own}


def _speaker(state: State, testimony: Testimony) -> Json:
    """The speaker as named in the testimony, else its author."""
    said, author = testimony.speaker, state.people.get(testimony.author)
    if said.name or author is None or author.role.value != "elu" or testimony.status != "published":
        return _plain(said)
    named = {name: getattr(author, name) for name in ("name", "mandate", "collectivity", "code")}
    return {**named, "territory": _plain(author.territory)}


def _map(state: State, mindmap: MindMap) -> Json:
    return _plain(mindmap)


def _motion(state: State, motion: Motion) -> Json:
    plain: dict[str, Any] = _plain(motion)
    pending = [a.number for a in order.call_order(state, motion.number)]
    return {**plain, "clauses": _plain(draft_clauses(motion)), "call_order": pending, "laid_out": _laid(state, motion)}


def _laid(state: State, motion: Motion) -> list[Json]:
    """The latest frozen text in its order, deleted clauses under their numbers."""
    laid = layout.laid_out(state, motion, motion.text) if motion.text else ()
    return [
        {"id": x.clause.id, "kind": x.clause.kind.value, "number": x.clause.called, "deleted": x.deleted, "by": x.by}
        for x in laid
    ]


def _remark(state: State, remark: Remark) -> Json:
    return _plain(remark)


def _amendment(state: State, amendment: Amendment) -> Json:
    return {**_plain(amendment), "dispositif": dispositif(state, amendment)}


def _poll(state: State, poll: Poll) -> Json:
    return {**_plain(poll), "open": poll.is_open}


def _election(state: State, election: Election) -> Json:
    rounds = [_round(state, found) for found in ballots.rounds(state, election)]
    return {**_plain(election), "vacant": election.vacant, "standings": rounds}


def _round(state: State, found: ballots.Round) -> Json:
    """The result of a round once it is closed."""
    closed = found.poll.tally is not None
    shown = {name: getattr(found, name) for name in ("absolute", "needed", "cast", "blank")}
    candidates = [_plain(candidate) for candidate in found.candidates]
    return {
        "poll": found.poll.number,
        "seats": found.poll.seats,
        **(
            shown
            | {
                "candidates": candidates,
                "tied": [naming.name_of(state, words_for("fr"), person) for person in found.tied],
            }
            if closed
            else {}
        ),
    }


def _division(state: State, found: Division) -> Json:
    parts = [
        {"pieces": [_plain(piece) for piece in part.pieces], "poll": part.poll.number if part.poll else None}
        for part in ballots.parts(state, words_for("fr"), found)
    ]
    return {**_plain(found), "words": parts}


def _as_it_is(state: State, thing: Any) -> Json:
    return _plain(thing)


RESOURCES = (
    ApiResource("temoignages", "Testimonies with their excerpts", lambda s: s.testimonies, _testimony, int),
    ApiResource("cartes", "Mind maps with their nodes", lambda s: s.maps, _map, int),
    ApiResource("motions", "Motions: draft, frozen versions, order of call", lambda s: s.motions, _motion, int),
    ApiResource("remarques", "Comments and suggestions on drafts", lambda s: s.remarks, _remark, int),
    ApiResource("amendements", "Amendments and their outcomes", lambda s: s.amendments, _amendment, int),
    ApiResource("transcriptions", "Amendments on paper, as transcribed", lambda s: s.transcriptions, _as_it_is, int),
    ApiResource("scrutins", "Polls, and their ballots once closed", lambda s: s.polls, _poll, int),
    ApiResource("scrutins/elections", "Elections, their rounds, who is elected", lambda s: s.elections, _election, int),
    ApiResource("scrutins/divisions", "What is voted part by part, by subject", lambda s: s.divisions, _division, str),
    ApiResource(
        "scrutins/ailleurs",
        "Results of polls held elsewhere, read from their archives",
        lambda s: s.results,
        _as_it_is,
        int,
    ),
    ApiResource(
        "scrutins/bulletins", "Signed slips in roll calls, and who confirmed them", lambda s: s.slips, _as_it_is, int
    ),
    ApiResource("pouvoirs", "Proxies: who votes for whom", lambda s: s.proxies, _as_it_is, int),
    ApiResource("colleges", "Lists of élus who may be asked alone", lambda s: s.colleges, _as_it_is, int),
    ApiResource("electeurs", "Voices and populations, for polls with weights", lambda s: s.electors, _as_it_is, str),
    ApiResource("personnes", "People: pseudonym, name, role, mandate", lambda s: s.people, _as_it_is, str),
    ApiResource("collectivites", "Collectivities, who speaks from them", heard.collectivities, _as_it_is, str),
)


def _plain(value: Any) -> Any:
    return [codec.encode(x) for x in value] if isinstance(value, (list, tuple)) else codec.encode(value)


async def congresses(request: Request) -> Response:
    services = services_of(request)
    found = []
    for slug in await asyncio.to_thread(services.store.congresses):
        state = public_view(await services.write_queue.state(slug) or State())
        if state.settings:
            found.append({"slug": slug, "title": state.settings.title, "url": f"/c/{slug}/"})
    return answer({"items": found})


async def congress(request: Request) -> Response:
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    _, state = found
    now = services_of(request).clock.now()
    windows = [(phase, state.phases.get(phase, Window())) for phase in Phase]
    phases = [{"phase": p.value, **_plain(w), "open": is_open(state, p, now)} for p, w in windows]
    counts = {resource.name: len(resource.things(state)) for resource in RESOURCES}
    return answer({"settings": _plain(state.settings), "phases": phases, "counts": counts, "size": state.size})


async def sources(request: Request) -> Response:
    """The origin of each word of a frozen text; `?version=` selects another than the latest."""
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    slug, state = found
    motion = state.motions.get(int(request.path_params["n"]))
    version = number_in(request.query_params.get("version", str(len(motion.frozen)) if motion else ""), 4)
    if motion is None or version is None or not 1 <= version <= len(motion.frozen):
        return refusal(Refused("motion.not_found", "Cette motion n’existe pas.", "motion"))
    store = services_of(request).store
    runs = await asyncio.to_thread(runs_of, store, slug, state, motion.number, version)
    return cached(request, state, {"motion": motion.number, "version": version, "words": _plain(runs)})


async def session(request: Request) -> Response:
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    _, state = found
    shown = {
        "floor": state.floor,
        "open_polls": [poll.number for poll in state.polls.values() if poll.is_open],
        "sittings": [_plain(sitting) for sitting in state.sittings.values()],
        "chair": state.chair,
        "present": attendance.now_present(state),
        "attendance": [_plain(line) for line in state.attendance.values()],
        "agenda": _plain(state.agenda) if state.agenda else None,
        "screen": _plain(state.screen) if state.screen else None,
        "speakers": [_place_of_speaker(place) for place in speakers.of(state)],
        "turns": [_plain(turn) for turn in state.turns.values()],
        "order": [_place(place) for motion in state.motions for place in order.agenda(state, motion)],
        "proposals": [_proposal(x) for motion in state.motions for x in proposals.proposals(state, motion)],
        "acts": [_plain(act) for act in state.acts.values()],
    }
    return cached(request, state, shown)


def _place_of_speaker(place: speakers.SpeakerPlace) -> Json:
    """A place in the list of speakers, with its reasons in French."""
    turn = place.turn
    return {
        "turn": turn.number,
        "person": turn.person,
        "purpose": turn.purpose.value,
        "reasons": [str(why) for why in place.why],
    }


def _place(place: order.PlaceInOrder) -> Json:
    """A position in the order of call, with its reasons in French."""
    amendment = place.amendment
    reasons = [str(why) for why in place.why]
    return {
        "amendment": amendment.number,
        "motion": amendment.motion,
        "discussion": place.discussion,
        "identical": place.same,
        "reserved": place.reserved,
        "reasons": reasons,
    }


def _proposal(proposal: proposals.ProposedOutcome) -> Json:
    return {**_plain(proposal), "why": str(proposal.why)}


async def restitution(request: Request) -> Response:
    """Coverage: how many testimonies reach the maps, the motion and the final text."""
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    slug, state = found
    coverage = thread.threads_of(state).coverage()
    archive = f"/c/{slug}/restitution.zip"
    return cached(request, state, {"coverage": _coverage(coverage), "archive": archive, "size": state.size})


def _coverage(coverage: Any) -> Json:
    encoded = codec.encode(coverage)
    return {name: sorted(value) if isinstance(value, (set, frozenset)) else value for name, value in encoded.items()}


def listing(resource: ApiResource) -> Callable[[Request], Any]:
    """The handler for the list of that resource."""

    async def read(request: Request) -> Response:
        found = await congress_of(request)
        if isinstance(found, Response):
            return found
        shown = found[1]
        things = list(resource.things(shown).values())
        page, size = _bounded(request, "page", 1), min(_bounded(request, "taille", PAGE), MOST)
        part = things[(page - 1) * size : page * size]
        items = _rows(resource, shown, part)
        return cached(request, shown, {"items": items, "total": len(things), "page": page, "size": size})

    return read


def _rows(resource: ApiResource, state: State, part: list[Any]) -> list[Json]:
    if resource.name != "temoignages":
        return [resource.show(state, thing) for thing in part]
    quotes: dict[int, list[Json]] = {}
    for x in state.excerpts.values():
        quotes.setdefault(x.testimony, []).append(_plain(x))
    return [_testimony_row(state, testimony, quotes) for testimony in part]


def single(resource: ApiResource) -> Callable[[Request], Any]:
    """The handler for one thing of that resource."""

    async def read(request: Request) -> Response:
        found = await congress_of(request)
        if isinstance(found, Response):
            return found
        shown = found[1]
        thing = resource.things(shown).get(request.path_params["key"])
        if thing is None:
            return refusal(
                Refused(f"{resource.name.rpartition('/')[2]}.not_found", "Cela n’existe pas dans ce congrès.")
            )
        return cached(request, shown, resource.show(shown, thing))

    return read


def _bounded(request: Request, name: str, default: int) -> int:
    asked = number_in(request.query_params.get(name, ""), 7)
    return default if asked is None else max(1, asked)


async def entry(request: Request) -> Response:
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    slug, state = found
    index = int(request.path_params["index"])
    store = services_of(request).store
    found_lines = await asyncio.to_thread(store.entries, slug, index, index + 1) if index < state.size else []
    if not found_lines:
        return refusal(Refused("entry.not_found", "Cette entrée n’existe pas."))
    (payload,) = await asyncio.to_thread(store.payloads, slug, index, index + 1)
    why = absence(state, index)
    shown = payload if payload and not why else None
    data = {
        "entry": found_lines[0].decode(),
        "payload": shown.data.decode() if shown else None,
        "salt": shown.salt.hex() if shown else None,
        "absence": why,
        "proof": f"/c/{slug}/registre/{index}.proof",
    }
    return cached(request, state, data)


async def record(request: Request) -> Response:
    """Entries in words, page by page."""
    found = await congress_of(request)
    if isinstance(found, Response):
        return found
    slug, state = found
    page, size = _bounded(request, "page", 1), min(_bounded(request, "taille", PAGE), MOST)
    start, stop = (page - 1) * size, min(page * size, state.size)
    recorded = await asyncio.to_thread(_recorded, services_of(request).store, slug, start, stop)
    items = [codec.encode(line) for line in lines(state, recorded)]
    return cached(request, state, {"items": items, "total": state.size, "page": page, "size": size})


def _recorded(store: Store, slug: str, start: int, stop: int) -> list[Recorded]:
    return list(store.recorded(slug, start, stop)) if start < stop else []


routes = [
    Route("/api/v1/", congresses, name="api congresses"),
    Route("/api/v1/c/{slug}/", congress, name="api congress"),
    Route("/api/v1/c/{slug}/motions/{n:int}/origines", sources, name="api origins"),
    Route("/api/v1/c/{slug}/seance", session, name="api session"),
    Route("/api/v1/c/{slug}/restitution", restitution, name="api restitution"),
    Route("/api/v1/c/{slug}/registre", record, name="api record"),
    Route("/api/v1/c/{slug}/registre/{index:int}", entry, name="api entry"),
    *(Route(f"/api/v1/c/{{slug}}/{r.name}", listing(r), name=f"api {r.name}") for r in RESOURCES),
    *(
        Route(
            f"/api/v1/c/{{slug}}/{r.name}/{{key:int}}" if r.key is int else f"/api/v1/c/{{slug}}/{r.name}/{{key}}",
            single(r),
            name=f"api one of {r.name}",
        )
        for r in RESOURCES
    ),
]
