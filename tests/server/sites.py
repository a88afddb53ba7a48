"""The whole application in this process, with a congress that has an object of every kind, for tests with many
requests.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import httpx
from starlette.applications import Starlette

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Aim, Channel, Choice, ClauseKind, Draft, Node, Phase, Role, Speaker
from server.app import create_app
from server.imports.importing import draw_command, import_command
from server.services import Services
from server.settings import ServerSettings
from server.web.guard import HEADERS
from server.writing.receipts import Receipt
from tests.waiting import WITHIN

SLUG = "essai"
ORIGIN = "http://localhost:8000"
ELU, SECOND, ORGANISER, OTHER, SCRIBE, REVOKED = "p1", "p2", "p3", "p4", "p5", "p6"
VISITOR = ""
SESSION = re.compile(r"pleniere=([\w-]+)")
T = TypeVar("T")
Say = Callable[[str], str]
"""The words for a place, such as `published.text`."""
Form = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass
class Site:
    """The application on its own event loop; people are signed in by the cookie of a session."""

    app: Starlette
    loop: asyncio.AbstractEventLoop
    data: Path
    sessions: dict[tuple[str, str], str] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=count)

    @property
    def services(self) -> Services:
        found: Services = self.app.state.services
        return found

    @property
    def state(self) -> State:
        found = self.wait(self.services.write_queue.state(SLUG))
        assert found is not None
        return found

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(WITHIN)

    def do(self, actor: str, command: c.Command, slug: str = SLUG) -> Receipt:
        """Sends a command directly to the write queue; returns the receipt."""
        answer = self.wait(
            self.services.write_queue.submit(c.Request(f"direct-{next(self.ids)}", slug, actor, command))
        )
        assert isinstance(answer, Receipt), answer
        return answer

    def cookie(self, person: str, slug: str = SLUG) -> dict[str, str]:
        """The headers that sign that person in; none for a visitor."""
        if not person:
            return {}
        if (slug, person) not in self.sessions:
            self.sessions[slug, person] = self.services.identity.open_session(None, slug, person)
        return {"cookie": f"pleniere={self.sessions[slug, person]}"}

    def get(self, path: str, who: str = VISITOR, **headers: str) -> httpx.Response:
        return self.ask("GET", path, who, b"", **headers)

    def post(self, path: str, form: Form, who: str = VISITOR, **headers: str) -> httpx.Response:
        """Sends a form as a browser does."""
        body = str(httpx.QueryParams(dict(form) if isinstance(form, Mapping) else list(form))).encode()
        kind = {"content-type": "application/x-www-form-urlencoded", "origin": ORIGIN}
        return self.ask("POST", path, who, body, **(kind | headers))

    def upload(self, path: str, form: Mapping[str, str], data: bytes, who: str, name: str = "f.csv") -> httpx.Response:
        """Sends a form with a file in its field `file`."""
        sent = httpx.Request("POST", ORIGIN, data=form, files={"file": (name, data)})
        return self.ask("POST", path, who, sent.read(), **{"content-type": sent.headers["content-type"]})

    def ask(self, method: str, path: str, who: str = VISITOR, body: bytes = b"", **headers: str) -> httpx.Response:
        given = self.cookie(who) | {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.wait(self._send(method, path, body, given))
        if who and (session := SESSION.search(answer.headers.get("set-cookie", ""))):
            self.sessions[SLUG, who] = session.group(1)
        return answer

    async def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
            return await client.request(method, path, content=body, headers=sent)

    async def together(self, requests: Sequence[tuple[str, str, bytes, Mapping[str, str]]]) -> list[httpx.Response]:
        """Sends requests (method, path, body, headers) concurrently; returns their answers in order."""
        return await asyncio.gather(*(self._send(*request) for request in requests))


@contextmanager
def opened(data: Path) -> Iterator[Site]:
    """Starts the application without any congress; stops it at the end."""
    site = Site(create_app(ServerSettings(data=data)), asyncio.new_event_loop(), data)
    thread = Thread(target=site.loop.run_forever)
    thread.start()
    lifespan = site.app.router.lifespan_context(site.app)
    site.wait(lifespan.__aenter__())
    try:
        yield site
    finally:
        site.wait(lifespan.__aexit__(None, None, None))
        site.loop.call_soon_threadsafe(site.loop.stop)
        thread.join()
        site.loop.close()


ROLES = {
    ELU: Role.ELU,
    SECOND: Role.ELU,
    ORGANISER: Role.ORGANISER,
    OTHER: Role.ORGANISER,
    SCRIBE: Role.SCRIBE,
    REVOKED: Role.ELU,
}


def found(site: Site, slug: str = SLUG) -> None:
    """Creates a congress with all phases open: élus p1 and p2, organisers p3 and p4, scribe p5, and p6, whose access is
    revoked.
    """
    site.do(ids.CONGRESS, c.CreateCongress(slug, "Essai", f"localhost:8000/c/{slug}/registre"), slug)
    for name, role in zip(("Ana", "Bo", "Cid", "Dea", "Eva", "Flo"), ROLES.values(), strict=True):
        site.do(ids.CONGRESS, c.InvitePerson(name, role, "maire", "Bourg"), slug)
    for phase in Phase:
        site.do(ORGANISER, c.SetPhase(phase, "2020-01-01T00:00:00.000Z"), slug)
    site.do(ORGANISER, c.RevokePerson(REVOKED, "Départ"), slug)


def plainly(place: str) -> str:
    return f"Mots de {place}."


def fill(site: Site, say: Say = plainly) -> None:
    """Adds an object of every kind; `say(place)` gives the text for each field."""
    testimonies(site, say)
    mind_map(site, say)
    motion(site, say)
    polls(site)


def testimony(site: Site, say: Say, place: str) -> int:
    """Adds a testimony with words in every field, entered by the scribe; returns its number."""
    name, mandate, collectivity, code = (
        say(f"{place}.{field}") for field in ("name", "mandate", "collectivity", "code")
    )
    said = c.SubmitTestimony(
        title=say(f"{place}.title"),
        text=f"Un passage. {say(f'{place}.text')}",
        video=f"https://video.example/{re.sub(r'[^A-Za-z]', '', say(f'{place}.video'))}",
        channel=Channel.PAPER,
        speaker=Speaker(name, mandate, collectivity, code),
        theme=say(f"{place}.theme"),
        consent=True,
    )
    number: int = ids.split(site.do(SCRIBE, said).document)[1]
    return number


def testimonies(site: Site, say: Say) -> None:
    """Adds testimonies: 1 published, 2 pending, 3 set aside, 4 hidden, 5 redacted; excerpts 1, 2 and 3 quote 1, 4 and
    5.
    """
    for place in ("published", "pending", "aside", "hidden", "redacted"):
        testimony(site, say, place)
    for number in (1, 4, 5):
        site.do(ORGANISER, c.PublishTestimony(number))
        quote = site.state.testimonies[number].text[:200]
        site.do(SCRIBE, c.QuoteExcerpt(number, quote))
    site.do(ORGANISER, c.SetAsideTestimony(3, say("aside.reason")))
    site.do(ORGANISER, c.HideTestimony(4, say("hidden.reason")))
    redact(site, "temoignage-5", say)


def redact(site: Site, target: str, say: Say) -> None:
    site.do(ORGANISER, c.ProposeRedaction(target, say("redaction.ground"), say("redaction.statement")))
    site.do(OTHER, c.DecideRedaction(max(site.state.redactions), agree=True))


def mind_map(site: Site, say: Say) -> None:
    """Adds a map whose nodes cite every excerpt."""
    site.do(SCRIBE, c.CreateMap(say("map.title")))
    nodes = {
        "n1": Node("", "a", say("map.branch")),
        "n2": Node("n1", "a", say("map.idea"), (1, 2, 3)),
    }
    site.do(ids.CONGRESS, draw_command(1, nodes))


def motion(site: Site, say: Say) -> None:
    """Adds a frozen motion that cites every excerpt, and amendments: 1 adopted, 2 pending, 3 withdrawn."""
    drafts = [
        Draft(ClauseKind.VISA, say("motion.visa")),
        Draft(ClauseKind.CONSIDERANT, f"{say('motion.considerant')} [^1] [^2] [^3]"),
        Draft(ClauseKind.DEMANDE, say("motion.demande"), say("motion.addressee")),
    ]
    site.do(ids.CONGRESS, import_command(say("motion.title"), drafts))
    site.do(ORGANISER, c.FreezeMotion(1))
    text = site.state.motions[1].text
    assert text is not None
    for clause in text.clauses:
        site.do(ELU, c.TableAmendment(1, Aim.REWRITE, clause.id, say("amendment.text"), say("amendment.rationale")))
    site.do(ORGANISER, c.NameRapporteur(1, ELU))
    site.do(ELU, c.GiveOpinion(1, "favorable", say("amendment.comment")))
    site.do(ELU, c.WithdrawAmendment(3, say("amendment.reason")))


def polls(site: Site) -> None:
    """Adds poll 1, closed on amendment 1, and poll 2, open on amendment 2, which is being discussed; p1 voted
    against.
    """
    site.do(ORGANISER, c.OpenPoll("amendement-1"))
    site.do(ELU, c.CastBallot(1, Choice.FOR))
    site.do(SECOND, c.CastBallot(1, Choice.FOR))
    site.do(ORGANISER, c.ClosePoll(1))
    site.do(ORGANISER, c.OpenPoll("amendement-2"))
    site.do(ELU, c.CastBallot(2, Choice.AGAINST))
    site.do(ORGANISER, c.CallSubject("amendement-2"))


def is_page(answer: httpx.Response, lang: str = "fr") -> bool:
    """Whether the answer is a page of the product in that language, with its security headers."""
    assert answer.headers["content-type"] == "text/html; charset=utf-8", answer.text[:200]
    assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    assert "no-store" in answer.headers["cache-control"]
    return f'<html lang="{lang}"' in answer.text and "<h1" in answer.text


# What may be read

API = ("temoignages", "cartes", "motions", "amendements", "scrutins", "personnes", "seance", "restitution", "registre")
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')
NOT_FOLLOWED = (
    "/static/",
    "/langue/",
    "/apparence/",
    "/deconnexion",
    f"/c/{SLUG}/direct",
    f"/c/{SLUG}/sync",
    f"/c/{SLUG}/restitution/",
)
"""Addresses that change the visit, never end, or give a part of the archive, which is followed whole."""


def addresses(size: int) -> list[str]:
    """The addresses from which a crawl reaches everything that may be read."""
    congress, api = f"/c/{SLUG}", f"/api/v1/c/{SLUG}"
    return [
        "/",
        "/api/v1/",
        f"{api}/",
        *(f"{api}/{name}" for name in API),
        *(f"{api}/{name}/{n}" for name in API[:5] for n in range(1, 7)),
        *(f"{api}/personnes/p{n}" for n in range(1, 8)),
        *(f"{api}/registre/{index}" for index in range(size)),
        *(f"{congress}/registre/{index}" for index in range(size)),
        *(f"{congress}/temoignages?statut={status}" for status in ("pending", "set_aside", "hidden", "redacted")),
        f"{congress}/temoignages.json",
        f"{congress}/temoignages/nouveau",
        f"{congress}/motions/1/historique?voir=auteurs",
        f"{congress}/amendements/nouveau?motion=1",
        f"{congress}/ecran",
        f"{congress}/registre/charges/0",
        f"{congress}/registre/checkpoint",
        f"{congress}/registre/tile/entries/000.p/{size}",
        f"{congress}/restitution.zip",
    ]


def crawl(site: Site, who: str = VISITOR, **headers: str) -> dict[str, httpx.Response]:
    """Every answer that can be reached by links, by address; for a visitor also those of the API."""
    answers: dict[str, httpx.Response] = {}
    waiting = [f"/c/{SLUG}/", "/organisation/"] if who else addresses(site.state.size)
    while waiting:
        path = waiting.pop().replace("&amp;", "&")
        if path in answers or path.startswith(NOT_FOLLOWED):
            continue
        answers[path] = answer = site.get(path, who, **headers)
        if "html" in answer.headers.get("content-type", ""):
            waiting += LINK.findall(answer.text)
    return answers


async def fragments(site: Site, topics: Sequence[str]) -> str:
    """The HTML that the live channel sends first for these topics."""
    state = await site.services.write_queue.state(SLUG)
    assert state is not None
    said = []
    for topic in topics:
        news = site.services.live.listen(SLUG, "fr", [topic], lambda: state, 0)
        await anext(news)
        said.append(json.loads((await anext(news)).partition(b"data: ")[2])["html"])
        await news.aclose()  # type: ignore[attr-defined]
    return "".join(said)
