"""What people said: the list with its filters, each testimony with what became of it, the form to testify."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from deliberation.congress.congress import refuse_phase
from deliberation.congress.people import may, role_of
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import MindMap, State, Testimony
from deliberation.kernel.vocabulary import Channel, Phase
from deliberation.revising import GONE
from deliberation.testimonies.testimonies import TRANSITIONS
from exports import labels, naming
from exports.outline import rows
from server.pages.record import entries
from server.pages.shell import forms
from server.pages.shell.paging import Page, page_of
from server.pages.shell.places import read_place
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.thread_lines import follow_testimony, threads
from server.pages.shell.visit import Visit, arrive, number
from server.pages.today.congress import brief
from server.web.languages import VARY

PER_PAGE = 20
REACHES = ("place", "non-place", "cite", "non-cite")


@dataclass(frozen=True)
class TestimonyFilters:
    """The filters of the list; empty values do not filter."""

    words: str = ""
    channel: str = ""
    theme: str = ""
    status: str = "published"
    reach: str = ""


async def testimonies(request: Request) -> Response:
    visit = await arrive(request)
    asked = _asked(request)
    found = list(_narrowed(visit, asked))
    page = page_of(found, request.query_params, PER_PAGE)
    context = {
        "filters": asked,
        "page": Page([brief(visit.state, visit.words, t) for t in page.items], page.number, page.count, page.total),
        "query": _query(asked),
        "themes": sorted({t.theme for t in visit.state.testimonies.values() if t.theme and _public(t)}),
        "statuses": _counts(visit.state),
        "open": refuse_phase(visit.state, visit.now, Phase.COLLECT) is None,
    }
    return render(visit, "testimonies.html", context)


def _asked(request: Request) -> TestimonyFilters:
    given = request.query_params
    return TestimonyFilters(
        words=given.get("q", "")[:200].strip(),
        channel=given.get("canal", ""),
        theme=given.get("theme", "")[:300],
        status=given.get("statut", "") or "published",
        reach=given.get("suite", "") if given.get("suite", "") in REACHES else "",
    )


def _query(asked: TestimonyFilters) -> dict[str, str]:
    """The filters as query parameters."""
    pairs = {
        "q": asked.words,
        "canal": asked.channel,
        "theme": asked.theme,
        "statut": "" if asked.status == "published" else asked.status,
        "suite": asked.reach,
    }
    return {name: value for name, value in pairs.items() if value}


def _narrowed(visit: Visit, asked: TestimonyFilters) -> Iterable[Testimony]:
    wanted = _fold(asked.words).split()
    reached = _reached(visit, asked.reach)
    for testimony in reversed(list(visit.state.testimonies.values())):
        if testimony.status != asked.status or (reached is not None and testimony.number not in reached):
            continue
        looks_inside = wanted or asked.channel or asked.theme
        if not looks_inside or (readable(visit, testimony) and _fits(visit, testimony, asked, wanted)):
            yield testimony


def _fits(visit: Visit, testimony: Testimony, asked: TestimonyFilters, wanted: list[str]) -> bool:
    """Whether its content matches; must only be asked for what the visitor may read."""
    channel = not asked.channel or testimony.channel == asked.channel
    theme = not asked.theme or testimony.theme == asked.theme
    return channel and theme and (not wanted or _says(visit, testimony, wanted))


def _reached(visit: Visit, reach: str) -> frozenset[int] | None:
    if not reach:
        return None
    cover = threads(visit.slug, visit.state).coverage()
    numbers = {"place": cover.placed, "non-place": cover.unplaced, "cite": cover.cited, "non-cite": cover.uncited}
    return frozenset(numbers[reach])


def _says(visit: Visit, testimony: Testimony, wanted: list[str]) -> bool:
    said = naming.said_by(visit.state, visit.words, testimony)
    parts = (testimony.title, testimony.text, testimony.theme, said.name, said.mandate, said.collectivity)
    text = _fold(" ".join(parts))
    return all(word in text for word in wanted)


def _fold(text: str) -> str:
    """The text without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))


def _counts(state: State) -> dict[str, int]:
    counts = dict.fromkeys(("published", "pending", "set_aside", "hidden", "redacted", "withdrawn"), 0)
    for testimony in state.testimonies.values():
        counts[testimony.status] = counts.get(testimony.status, 0) + 1
    return counts


def readable(visit: Visit, testimony: Testimony) -> bool:
    """Whether this visitor may read it: published ones everybody, others only their author and organisers."""
    if testimony.status == "published":
        return True
    if testimony.status in GONE or visit.actor == ids.VISITOR:
        return False
    return testimony.author == visit.actor or visit.may(c.PublishTestimony)


async def everything(request: Request) -> Response:
    """All published testimonies with their excerpts, and the maps, for the editors' side panel (JSON)."""
    visit = await arrive(request)
    quoted: dict[int, list[dict[str, Any]]] = {}
    for excerpt in visit.state.excerpts.values():
        quoted.setdefault(excerpt.testimony, []).append({"number": excerpt.number, "quote": excerpt.quote})
    shown = [_plain(visit, t, quoted.get(t.number, [])) for t in visit.state.testimonies.values() if _public(t)]
    maps = [{"number": m.number, "title": m.title, "nodes": _nodes(m)} for m in visit.state.maps.values()]
    found = {"testimonies": shown, "maps": maps}
    return JSONResponse(found, headers={"Cache-Control": "no-cache", "Vary": VARY})


def _nodes(mindmap: MindMap) -> list[dict[str, Any]]:
    """The ideas of a map from top to bottom; `depth` counts from 0."""
    return [
        {"text": row.node.text, "depth": row.depth, "excerpts": list(row.node.excerpts)} for row in rows(mindmap.nodes)
    ]


def _public(testimony: Testimony) -> bool:
    return testimony.status == "published"


def _plain(visit: Visit, testimony: Testimony, excerpts: list[dict[str, Any]]) -> dict[str, Any]:
    said = naming.said_by(visit.state, visit.words, testimony)
    return {
        "number": testimony.number,
        "title": naming.testimony_title(visit.words, testimony),
        "text": testimony.text,
        "speaker": {"name": said.name, "mandate": said.mandate, "collectivity": said.collectivity},
        "excerpts": excerpts,
    }


async def testimony(request: Request) -> Response:
    visit = await arrive(request)
    return await _page(visit, _found(visit), forms.Form())


async def _page(visit: Visit, found: Testimony, form: forms.Form, status: int = 200) -> Response:
    followed = follow_testimony(visit, found.number)
    documents = [f"temoignage-{found.number}", *(f"extrait-{q.excerpt.number}" for q in followed.quotes)]
    context = {
        "t": found,
        "readable": readable(visit, found),
        "said": naming.said_by(visit.state, visit.words, found),
        "title": naming.testimony_title(visit.words, found),
        "followed": followed,
        "record": await entries.about(visit, *documents),
        "acts": moderation_acts(visit, found),
        "form": form,
        "own": visit.actor == found.author != ids.VISITOR and found.status not in GONE,
        "may_quote": visit.may(c.QuoteExcerpt) and found.status == "published",
    }
    return render(visit, "testimony.html", context, status)


def moderation_acts(visit: Visit, found: Testimony) -> tuple[str, ...]:
    """The acts of moderation that this visitor may do on it now."""
    return tuple(
        act.name.partition(".")[2]
        for act, (sources, _) in TRANSITIONS.items()
        if found.status in sources and visit.may(act)
    )


async def quote(request: Request) -> Response:
    visit = await arrive(request)
    found = _found(visit)
    form = await forms.read(request)
    command = form.command(
        c.QuoteExcerpt,
        testimony=found.number,
        quote=form.get("quote"),
        medium=form.get("medium", "text"),
        start=_seconds(form.get("start")),
        end=_seconds(form.get("end")),
    )
    outcome = await submit(visit, form, command)
    if isinstance(outcome, Refused):
        return await _page(visit, found, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(f"temoignages/{found.number}#suite"))


async def excerpt(request: Request) -> Response:
    """Redirects the short address of an excerpt to its place on the testimony's page; to the record's entry once it is
    erased.
    """
    visit = await arrive(request)
    found = visit.state.excerpts.get(number(request))
    if found is None:
        raise HTTPException(404)
    place = f"temoignages/{found.testimony}#extrait-{found.number}" if found.testimony else f"registre/{found.entry}"
    return RedirectResponse(visit.url(place), 302)


def _seconds(typed: str) -> int:
    """`75`, `1:15` or `1:02:03` in seconds; 0 for anything else."""
    total = 0
    for part in typed.strip().split(":") if typed.strip() else ["0"]:
        if not (part.isascii() and part.isdecimal() and len(part) <= 5):
            return 0
        total = total * 60 + int(part)
    return total


def _found(visit: Visit) -> Testimony:
    found = visit.state.testimonies.get(number(visit.request))
    if found is None:
        raise HTTPException(404)
    return found


async def new(request: Request) -> Response:
    visit = await arrive(request)
    return _form(visit, forms.Form())


def _form(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    role = role_of(visit.state, visit.actor)
    context = {
        "form": form,
        "for_others": role in ("scribe", "organiser"),
        "visitor": visit.actor == ids.VISITOR,
        "allowed": may(visit.state, visit.actor, c.SubmitTestimony)
        and (visit.actor != ids.VISITOR or visit.settings.visitors_may_testify),
        "closed": refuse_phase(visit.state, visit.now, Phase.COLLECT),
        "channels": list(Channel),
        "namings": [(naming.value, visit.words(said)) for naming, said in labels.NAMINGS.items()],
        "namings_of_others": [(naming.value, visit.words(said)) for naming, said in labels.NAMINGS_OF_OTHERS.items()],
        "themes": sorted({t.theme for t in visit.state.testimonies.values() if t.theme and t.status == "published"}),
    }
    return render(visit, "testimony_form.html", context, status, keep=False)


async def send(request: Request) -> Response:
    visit = await arrive(request)
    form = await forms.read(request)
    if form.get("site"):  # a field that people do not see: only programs fill it
        raise HTTPException(400)
    command = await _testimony(visit, form)
    if not isinstance(command, Refused):
        person = visit.person.id if visit.person else None
        command = visit.services.admission.refuse_absent(visit.state, person, command, form.get("presence")) or command
    outcome = await submit(visit, form, command)
    if isinstance(outcome, Refused):
        return _form(visit, form.answered(outcome), status_of(outcome))
    sent = ids.split(outcome.document)[1]
    if visit.actor != ids.VISITOR:
        return confirmed(outcome, visit.url(f"temoignages/{sent}"))
    return confirmed(
        outcome, visit.url(f"temoignages/{sent}/auteur/{visit.services.admission.author_key(visit.state, sent)}")
    )


async def _testimony(visit: Visit, form: forms.Form) -> c.SubmitTestimony | Refused:
    place = await read_place(visit.services, form, "speaker_collectivity")
    if isinstance(place, Refused):
        return place
    return form.command(
        c.SubmitTestimony,
        title=form.get("title"),
        text=form.get("text"),
        video=form.get("video"),
        channel=form.get("channel")
        or (Channel.VIDEO if form.get("video").strip() and not form.get("text").strip() else Channel.WEB),
        speaker={
            "name": form.get("speaker_name"),
            "mandate": form.get("speaker_mandate"),
            "collectivity": place.name,
            "code": place.code,
        },
        theme=form.get("theme"),
        consent=form.get("consent") == "oui",
        naming=form.get("naming") or None,
    )


routes = [
    Route("/c/{slug}/temoignages", testimonies, methods=["GET"], name="testimonies"),
    Route("/c/{slug}/temoignages", send, methods=["POST"], name="testify"),
    Route("/c/{slug}/temoignages.json", everything, name="testimonies_data"),
    Route("/c/{slug}/temoignages/nouveau", new, name="testimony_form"),
    Route("/c/{slug}/temoignages/{n:int}", testimony, methods=["GET"], name="testimony"),
    Route("/c/{slug}/temoignages/{n:int}/extraits", quote, methods=["POST"], name="quote"),
    Route("/c/{slug}/extraits/{n:int}", excerpt, name="excerpt"),
]
