"""Files of single texts, to take elsewhere: a testimony or an amendment as Markdown, a map, the people; and the QR code
of a page's address. They contain what the public may read, whoever asks.
"""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import State
from deliberation.visibility.views import public_view
from exports import labels, naming, opml
from exports.dispositifs import dispositif
from exports.schema import Column
from exports.tables import as_csv
from server.pages.maps.maps import picture
from server.pages.session.screen import qr_svg
from server.pages.shell.visit import Visit, arrive

_FILE = re.compile(r"(temoignage|amendement|carte|personnes)(?:-([1-9][0-9]{0,8}))?\.(md|svg|opml|csv)", re.ASCII)
_PAGE = re.compile(r"[a-z0-9/-]{0,120}", re.ASCII)
"""Addresses below the congress's whose QR code is drawn."""
TYPES = {
    "md": "text/markdown; charset=utf-8",
    "svg": "image/svg+xml",
    "opml": "text/x-opml; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
PEOPLE = (
    Column("nom", "Nom"),
    Column("qualite", "Qualité"),
    Column("mandat", "Mandat"),
    Column("collectivite", "Collectivité"),
)


def testimony(visit: Visit, state: State, n: int) -> str | None:
    found = state.testimonies.get(n)
    if found is None or found.status != "published":
        return None
    said = naming.said_by(state, visit.words, found)
    who = ", ".join(part for part in (said.name, said.mandate, said.collectivity) if part)
    title = naming.testimony_title(visit.words, found)
    return _document(visit, title, who, found.text, found.video, f"temoignages/{n}")


def amendment(visit: Visit, state: State, n: int) -> str | None:
    found = state.amendments.get(n)
    if found is None:
        return None
    words = visit.words
    outcome = words(labels.AMENDMENT_STATUSES[found.status]) if found.outcome else ""
    words_changed = dispositif(state, found) if found.is_worded else found.instruction
    parts = (naming.amendment_aim(state, words, found), words_changed, found.rationale, outcome)
    title = naming.amendment_name(words, found)
    return _document(visit, title, naming.name_of(state, words, found.author), *parts, f"amendements/{n}")


def _document(visit: Visit, title: str, who: str, *parts: str) -> str:
    """Markdown: the title, who said it, the paragraphs that are not empty, and last the address of the page."""
    *said, path = parts
    source = f"{visit.settings.title} — {visit.services.settings.public_origin}{visit.url(path)}"
    return "\n\n".join(part.strip() for part in (f"# {title}", f"**{who}**", *said, source) if part.strip()) + "\n"


async def _map(visit: Visit, state: State, n: int, kind: str) -> str | None:
    found = state.maps.get(n)
    if found is None:
        return None
    return opml.outline(found) if kind == "opml" else await picture(visit.slug, state, found, visit.words.lang)


def people(visit: Visit, state: State) -> bytes:
    words = visit.words
    rows = (
        (naming.name_of(state, words, person.id), words(labels.ROLES[person.role]), person.mandate, person.collectivity)
        for person in state.people.values()
        if not person.revoked
    )
    return as_csv(PEOPLE, rows)


async def file(request: Request) -> Response:
    """404 for a file of something that the public cannot read."""
    visit = await arrive(request)
    name = str(request.path_params["name"])
    asked = _FILE.fullmatch(name)
    state = public_view(await visit.services.write_queue.state(visit.slug))
    content = await _content(replace(visit, state=state), asked) if asked else None
    if asked is None or content is None:
        raise HTTPException(404)
    headers = {"Content-Disposition": f'attachment; filename="{visit.slug}-{name}"', "Cache-Control": "no-cache"}
    return Response(content, media_type=TYPES[asked[3]], headers=headers)


async def _content(visit: Visit, asked: re.Match[str]) -> str | bytes | None:
    what, n, kind = asked[1], number_in(asked[2] or "") or 0, asked[3]
    match what, kind:
        case "temoignage", "md":
            return testimony(visit, visit.state, n)
        case "amendement", "md":
            return amendment(visit, visit.state, n)
        case "carte", "svg" | "opml":
            return await _map(visit, visit.state, n, kind)
        case "personnes", "csv":
            return people(visit, visit.state) if not n else None
    return None


async def qr(request: Request) -> Response:
    """The QR code of a page of the congress, with the version of the text if one is asked for."""
    visit = await arrive(request)
    path = str(request.path_params["path"])
    if not _PAGE.fullmatch(path):
        raise HTTPException(404)
    version = number_in(request.query_params.get("version", ""))
    address = f"{visit.services.settings.public_origin}{visit.url(path)}{f'?version={version}' if version else ''}"
    return Response(qr_svg(address), media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


routes = [
    Route("/c/{slug}/fichiers/{name}", file, name="file"),
    Route("/c/{slug}/qr/{path:path}", qr, name="page_qr"),
]
