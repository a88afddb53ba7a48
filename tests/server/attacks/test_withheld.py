"""With markers in every withheld text, in the tables themselves, nobody can read a marker on any page (D1–D4)."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pypdf import PdfReader

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import Choice, ClauseKind, Draft, Way
from deliberation.visibility.views import public_view
from server.imports.importing import import_command
from server.pages.shell.fragments import fragment_of
from server.realtime.live import MOST_TOPICS
from server.store import mirror
from server.store.database import Database
from server.writing.receipts import Receipt
from tests.marks import MARK, mark
from tests.secrets import UNTIL, with_secrets
from tests.server import sites, visits
from tests.server.sites import ELU, ORGANISER, SCRIBE, SECOND, SLUG, Site

ELSEWHERE = "ailleurs"
PUBLIC = ("published", "map", "motion", "amendment", "redaction")
WITHHELD_POLL = mark("poll")
TOPICS = ("congres", "seance", "suite", "deroule", "ecran", "conduite", "vote", "remarques", "motion-2", "numeros-2")
LEFT_OUT = re.compile(r"^/c/essai/(temoignages\?|registre/\d+\.proof|recherche)|/api/v1/c/essai/registre/\d+$")


def say(place: str) -> str:
    """A marker for text that is withheld; plain words for the reasons of acts, which are public."""
    is_public = place.startswith(PUBLIC) or place.endswith("reason")
    return f"Mots de {place}." if is_public else mark(place)


def written(site: Site) -> None:
    """Adds by commands a motion and a remark in camera, a ballot by proxy and a teller's count; and a second
    congress.
    """
    sites.found(site)
    sites.fill(site, say)
    sites.found(site, ELSEWHERE)
    site.do(SECOND, c.GiveProxy(ELU))
    site.do(ELU, c.CastBallot(2, Choice.FOR, SECOND))
    site.do(ORGANISER, c.SecludeDrafting(UNTIL, "Sérénité"))
    drafts = [Draft(ClauseKind.DEMANDE, mark("recordedcamera"), mark("recordedcameraaddressee"))]
    site.do(ids.CONGRESS, import_command("Un titre public", drafts))
    clause = next(iter(site.state.motions[2].draft))
    site.do(ELU, c.MakeRemark(2, clause, mark("recordedcameraremark"), mark("recordedcameraquote")))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data: Path = tmp_path_factory.mktemp("data")
    with sites.opened(data) as first:
        written(first)
        state = replace(with_secrets(first.state, ELU, SECOND), floor="motion-2")
    database = Database(f"sqlite:///{data / 'pleniere.sqlite'}")
    with database.write() as connection:
        mirror.replace_all(connection, SLUG, state)
    database.close()
    with sites.opened(data) as opened:
        yield opened


def said(answer: httpx.Response) -> str:
    """The text of an answer; for an archive, the text of all files in it."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return "\n".join(said_by(archive.read(name)) for name in archive.namelist())


def said_by(data: bytes) -> str:
    """The text of a file; that of a PDF, which is compressed, is extracted."""
    if data.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return data.decode("utf-8", "replace")


def leaks(answers: dict[str, httpx.Response], *allowed: str) -> dict[str, set[str]]:
    """The markers in answers that must not contain them, by address."""
    found = {path: set(MARK.findall(said(answer))) for path, answer in answers.items()}
    left = {path: {word for word in words if not any(x in word for x in allowed)} for path, words in found.items()}
    return {path: words for path, words in left.items() if words}


def test_the_tables_hold_the_markers(site: Site) -> None:
    held = set(MARK.findall(repr(site.state)))
    assert {kind for kind in ("testimony", "excerpt", "camera", "poll") if any(kind in word for word in held)} == {
        "testimony",
        "excerpt",
        "camera",
        "poll",
    }


def test_a_visitor_reads_none_on_any_page_nor_in_any_file(site: Site) -> None:
    """D1, D2, D4: pages, interface for programs, the archive with its parts inflated."""
    answers = sites.crawl(site)
    assert {f"/c/{SLUG}/motions/2", f"/c/{SLUG}/scrutins/5", f"/c/{SLUG}/restitution.zip"} <= answers.keys()
    assert not [path for path, answer in answers.items() if answer.status_code >= 500]
    assert leaks(answers) == {}
    assert mark("recordedcamera") not in said(answers[f"/c/{SLUG}/restitution.zip"])


def test_another_elu_reads_what_is_written_in_camera_alone(site: Site) -> None:
    """D3"""
    answers = sites.crawl(site, SECOND)
    assert not [path for path, answer in answers.items() if answer.status_code >= 500]
    assert leaks(answers, "camera") == {}
    assert any("camera" in word for answer in answers.values() for word in MARK.findall(answer.text))


def test_an_elu_of_another_congress_reads_what_the_public_reads(site: Site) -> None:
    """D3: their session is of another congress."""
    cookie = site.cookie(SECOND, ELSEWHERE)
    paths = [path for path in sites.addresses(0) if not LEFT_OUT.search(path)]
    paths += [f"/c/{SLUG}/{kind}/{n}" for kind in ("temoignages", "motions", "scrutins") for n in range(1, 6)]
    paths += [f"/c/{SLUG}/motions/2/{page}" for page in ("remarques", "historique", "auteurs.json")]
    answers = {path: site.get(path, **cookie) for path in paths}
    assert leaks(answers) == {}


def topics_of(site: Site) -> list[str]:
    return [*TOPICS, *(f"scrutin-{n}" for n in site.state.polls)]


def test_fragments_of_the_whole_state_would_tell_them(site: Site) -> None:
    """D1, H2: so it is the public's view that keeps the markers out of the channel, not what the templates show."""
    state = site.state
    whole = {topic: MARK.findall(fragment_of(SLUG, topic, "fr", state) or "") for topic in topics_of(site)}
    public = {topic: MARK.findall(fragment_of(SLUG, topic, "fr", public_view(state)) or "") for topic in whole}
    open_polls = {f"scrutin-{poll.number}" for poll in state.polls.values() if WITHHELD_POLL in poll.cancelled}
    assert {topic for topic, words in whole.items() if words} == {"congres", "seance", *open_polls}
    assert len(open_polls) == len(Way)
    assert {topic for topic, words in public.items() if words} == set()


@pytest.mark.parametrize("who", ["public", "elsewhere", "elu"])
def test_the_live_channel_tells_none(site: Site, who: str) -> None:
    """D1, H2: neither at first nor as things happen; it tells everybody the same."""
    headers = {"public": {}, "elsewhere": site.cookie(SECOND, ELSEWHERE), "elu": site.cookie(SECOND)}[who]
    topics, told = topics_of(site), set[str]()
    for first in range(0, len(topics), MOST_TOPICS - 1):
        said = site.wait(listening(site, ["conduite", *topics[first : first + MOST_TOPICS - 1]], headers))
        assert MARK.findall(said) == []
        told |= set(re.findall(r'"topic": "([^"]+)"', said))
    assert told == set(topics)


async def listening(site: Site, topics: Sequence[str], headers: Mapping[str, str]) -> str:
    """What the live channel sends while a testimony is submitted, a remark is made in camera and a ballot is cast."""
    state = await site.services.write_queue.state(SLUG)
    assert state is not None
    acts: list[tuple[str, c.Command]] = [
        (SCRIBE, c.SubmitTestimony(title=mark("live title"), text=mark("live text"))),
        (ELU, c.MakeRemark(2, next(iter(state.motions[2].draft)), mark("live camera"))),
        (ELU, c.CastBallot(2, Choice.FOR)),
    ]
    async with visits.stream(site.app, f"/c/{SLUG}/direct", f"sujets={','.join(topics)}", headers) as listener:
        await listener.until(lambda said: b'"topic": "conduite"' in said)
        for actor, command in acts:
            request = c.Request(f"live-{next(site.ids)}", SLUG, actor, command)
            assert isinstance(await site.services.write_queue.submit(request), Receipt)
        last = f'"seq": {state.size + len(acts)}, "topic": "conduite"'.encode()
        await listener.until(lambda said: last in said)
        assert not listener.closed
        return b"".join(listener.heard).decode()


def test_a_search_finds_none(site: Site) -> None:
    for status in ("pending", "hidden", "set_aside"):
        for word in sorted(set(MARK.findall(repr(site.state.testimonies)))):
            asked = f"/c/{SLUG}/temoignages?statut={status}&q={word}"
            assert "0 témoignage" in site.get(asked).text, asked
    found = json.loads(site.get(f"/c/{SLUG}/temoignages.json", SECOND).text)
    assert [x["number"] for x in found["testimonies"]] == [1]


def test_organisers_read_testimonies_where_they_moderate_and_no_vote(site: Site) -> None:
    """D3"""
    polls = [f"/c/{SLUG}/scrutins/{n}" for n in site.state.polls]
    desks = [f"/organisation/{SLUG}/{desk}" for desk in ("", "moderation", "personnes", "reglages")]
    read = [f"/c/{SLUG}/temoignages/{n}" for n in (1, 2, 3, 4, 5)]
    found = leaks({path: site.get(path, ORGANISER) for path in (*polls, *desks, *read)}, "camera")
    assert set(found) == {*desks[:2], *read[1:4]}
    assert not [word for words in found.values() for word in words if "poll" in word]
