"""Text written in camera does not reach outsiders through the rooms of shared texts, by WebSocket or by HTTP (H2,
D3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import ClauseKind, Draft
from server.imports.importing import import_command
from server.realtime import protocol
from tests.marks import MARK, mark
from tests.server import sites, visits
from tests.server.sites import ELU, ORGANISER, SECOND, SLUG, Site
from tests.server.yjs import Writer

ELSEWHERE = "ailleurs"
UNTIL = "2099-01-01T00:00:00.000Z"
CLOSED, OPEN = "motion-2", "motion-1"
PUBLIC = ("published", "map", "motion", "amendment", "redaction")
SHARED = (OPEN, CLOSED, "carte-1")
NOT_SHARED = tuple(f"{kind}-{n}" for kind in ("temoignage", "extrait", "scrutin", "amendement") for n in range(1, 6))


def say(place: str) -> str:
    """A marker for text that is withheld; plain words for the reasons of acts, which are public."""
    is_public = place.startswith(PUBLIC) or place.endswith("reason")
    return f"Mots de {place}." if is_public else mark(place)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A congress with an object of every kind, and a motion written in camera, of which a part is recorded and a part
    is only in the journal.
    """
    data: Path = tmp_path_factory.mktemp("data")
    with sites.opened(data) as opened:
        sites.found(opened)
        sites.fill(opened, say)
        sites.found(opened, ELSEWHERE)
        opened.do(ORGANISER, c.SecludeDrafting(UNTIL, "Sérénité"))
        drafts = [Draft(ClauseKind.DEMANDE, mark("camera recorded"), mark("camera addressee"))]
        opened.do(ids.CONGRESS, import_command("Un titre public", drafts))
        opened.do(ELU, c.MakeRemark(2, next(iter(opened.state.motions[2].draft)), mark("camera remark")))
        write(opened, CLOSED, mark("camera journalled"))
        yield opened


def write(site: Site, document: str, words: str, slug: str = SLUG) -> None:
    """Stores an élue's words in the journal of a shared text, as keystrokes are."""
    recorded, waiting = site.services.store.document(slug, document)
    writer = Writer(1_000 + len(words), *([recorded] if recorded else []))
    for _, update in waiting:
        writer.doc.apply_update(update)
    writer.take()
    writer.clause(f"clause{len(words)}", words)
    kept = site.wait(
        site.services.write_queue.journal(slug, document, ELU, b"".join(writer.take()), (1_000 + len(words),), 0)
    )
    assert isinstance(kept, int), kept


def marks(heard: list[bytes]) -> set[str]:
    return set(MARK.findall(b"\n".join(heard).decode("latin-1")))


def in_room(site: Site, document: str, headers: Mapping[str, str]) -> visits.Visit:
    """What somebody receives who connects to that room, requests everything twice, and leaves."""

    async def visit() -> visits.Visit:
        async with visits.room(site.app, SLUG, document, headers) as visitor:
            await visitor.ask()
            return visitor

    return site.wait(visit())


def strangers(site: Site) -> dict[str, Mapping[str, str]]:
    """The headers of people who may not read what is written in camera, by a name for each."""
    return {"public": {}, "elsewhere": site.cookie(SECOND, ELSEWHERE), "revoked": site.cookie(sites.REVOKED)}


@pytest.mark.parametrize("who", ["public", "elsewhere", "revoked"])
def test_no_room_tells_a_stranger_what_is_withheld(site: Site, who: str) -> None:
    """H2, D1: nor to an élu of another congress, whose session is not of this one."""
    heard = {document: in_room(site, document, strangers(site)[who]) for document in (*SHARED, *NOT_SHARED)}
    assert {document: marks(visit.heard) for document, visit in heard.items() if marks(visit.heard)} == {}
    assert heard[CLOSED].code == protocol.FORBIDDEN
    assert heard[CLOSED].heard == []
    assert b"Mots de motion" in b"".join(heard[OPEN].heard)
    assert {heard[document].code for document in NOT_SHARED} == {protocol.UNKNOWN}


def test_another_elu_hears_what_is_written_in_camera_alone(site: Site) -> None:
    """D3"""
    heard = {document: marks(in_room(site, document, site.cookie(SECOND)).heard) for document in SHARED}
    written = {mark("camera recorded"), mark("camera addressee"), mark("camera journalled")}
    assert heard == {OPEN: set(), "carte-1": set(), CLOSED: written}


@pytest.mark.parametrize("who", ["public", "elsewhere", "revoked"])
def test_a_room_over_http_turns_strangers_away(site: Site, who: str) -> None:
    """H2"""

    async def visit() -> bytes:
        path = f"/c/{SLUG}/sync/{CLOSED}/flux"
        async with visits.stream(site.app, path, "", strangers(site)[who]) as visitor:
            await visitor.until(lambda said: b"event: " in said)
            return b"".join(visitor.heard)

    said = site.wait(visit())
    assert [int(code) for code in re.findall(rb'event: fin\ndata: {"code": (\d+)', said)] == [protocol.FORBIDDEN]
    assert b"\ndata: " in said
    assert said.count(b"data: ") == 1


def test_when_the_doors_close_whoever_is_in_the_room_hears_no_more(site: Site) -> None:
    """H2: the public has left before the first word that is written in camera is relayed."""
    site.do(ids.CONGRESS, import_command("Motion d’ailleurs", [Draft(ClauseKind.DEMANDE, "Public.")]), ELSEWHERE)
    author = Writer(4_242)
    author.clause("quarante2", mark("camera elsewhere"))
    seclude = c.Request("doors", ELSEWHERE, ORGANISER, c.SecludeDrafting(UNTIL, "Sérénité"))

    async def visit() -> tuple[visits.Visit, visits.Visit]:
        people: list[Mapping[str, str]] = [{}, *(site.cookie(person, ELSEWHERE) for person in (ELU, SECOND))]
        async with AsyncExitStack() as stack:
            rooms = [visits.room(site.app, ELSEWHERE, "motion-1", each) for each in people]
            visitor, ana, bo = [await stack.enter_async_context(room) for room in rooms]
            await site.services.write_queue.submit(seclude)
            for update in author.take():
                ana.say(protocol.update(update))
            await bo.until(lambda said: mark("camera elsewhere").encode() in said)
            return visitor, bo

    visitor, bo = site.wait(visit())
    assert marks(bo.heard) == {mark("camera elsewhere")}
    assert visitor.code == protocol.FORBIDDEN
    assert b"Public." in b"".join(visitor.heard)
    assert marks(visitor.heard) == set()
