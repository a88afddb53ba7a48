"""What is done in a sitting in camera reaches nobody outside before it is published: pages, files, live channel, rooms
(S50–S55, W33).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import Aim, Choice, ClauseKind, Draft, Purpose
from deliberation.record.report import Report
from exports.verify import verify_archive
from server.imports.importing import import_command
from server.realtime import protocol
from server.texts.replay import verify_texts
from server.writing.receipts import Receipt
from tests.marks import MARK, mark
from tests.server import sites, visits
from tests.server.attacks.test_withheld import leaks, said
from tests.server.attacks.test_withheld_rooms import in_room, write
from tests.server.sites import ELU, ORGANISER, SCRIBE, SECOND, SLUG, Site

ELSEWHERE = "ailleurs"
UNTIL = "2099-01-01T00:00:00.000Z"
DOORS = "Une personne est nommée"
"""The public reason."""
TOPICS = "seance,suite,deroule,ecran,conduite,ligne,vote,parole"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A congress with an object of every kind, then a sitting in camera with acts of every sort, with a marker in each
    of their texts.
    """
    data: Path = tmp_path_factory.mktemp("data")
    with sites.opened(data) as opened:
        sites.found(opened)
        sites.fill(opened)
        sites.found(opened, ELSEWHERE)
        opened.do(ORGANISER, c.ClosePoll(2))
        drafts = [Draft(ClauseKind.DEMANDE, "Demande un banc."), Draft(ClauseKind.DEMANDE, "Demande un toit.")]
        opened.do(ids.CONGRESS, import_command("Une autre motion", drafts))
        opened.do(ids.CONGRESS, import_command("Un brouillon", drafts))
        opened.do(ORGANISER, c.FreezeMotion(2))
        opened.do(ORGANISER, c.OpenSitting(ELU))
        opened.do(ELU, c.MeetInCamera(1, UNTIL, DOORS))
        debate(opened)
        yield opened


def debate(site: Site) -> None:
    text = site.state.motions[2].text
    assert text is not None
    site.do(ELU, c.TableAmendment(2, Aim.REWRITE, text.clauses[0].id, mark("camera text"), mark("camera rationale")))
    number = max(site.state.amendments)
    site.do(ORGANISER, c.CallSubject(f"amendement-{number}", mark("camera call")))
    site.do(ELU, c.AskFloor(Purpose.FOR))
    site.do(ELU, c.OpenPoll(f"amendement-{number}"))
    poll = max(site.state.polls)
    site.do(ELU, c.CastBallot(poll, Choice.FOR))
    site.do(SECOND, c.CastBallot(poll, Choice.FOR))
    site.do(ELU, c.ClosePoll(poll))
    site.do(ELU, c.CreateMotion(mark("camera title")))
    site.do(ELU, c.MakeRemark(3, next(iter(site.state.motions[3].draft)), mark("camera remark")))
    write(site, "motion-3", mark("camera journalled"))
    site.wait(site.services.write_queue.record_bursts(SLUG, "motion-3"))
    site.do(ELU, c.SuspendSitting(1, mark("camera pause")))


def strangers(site: Site) -> dict[str, Mapping[str, str]]:
    """The headers of people who are not of this congress, by a name for each."""
    return {"public": {}, "elsewhere": site.cookie(SECOND, ELSEWHERE), "revoked": site.cookie(sites.REVOKED)}


def test_a_stranger_reads_none_on_any_page_nor_in_any_file(site: Site) -> None:
    """S51, S52"""
    answers = sites.crawl(site)
    assert {f"/c/{SLUG}/seance", f"/c/{SLUG}/restitution.zip", f"/c/{SLUG}/motions/3"} <= answers.keys()
    assert not [path for path, answer in answers.items() if answer.status_code >= 500]
    assert leaks(answers) == {}
    for headers in strangers(site).values():
        again = {path: site.get(path, **headers) for path in (*sites.addresses(0), *pages(site))}
        assert leaks(again) == {}


def pages(site: Site) -> list[str]:
    """The pages of everything that the sitting made, linked or not."""
    numbered = {"amendements": site.state.amendments, "scrutins": site.state.polls, "motions": site.state.motions}
    found = [f"/c/{SLUG}/{kind}/{n}" for kind, things in numbered.items() for n in things]
    found += [f"/c/{SLUG}/motions/3/{page}" for page in ("remarques", "historique", "auteurs.json", "origines")]
    found += [f"/c/{SLUG}/seance/1", f"/c/{SLUG}/seance/deroule?tout=1", f"/c/{SLUG}/ecran", f"/c/{SLUG}/personnes/p1"]
    found += [f"/api/v1{path}" for path in found if path.count("/") == 4]
    return [*found, *(f"/c/{SLUG}/registre/{n}" for n in range(site.state.size))]


def test_the_public_is_told_that_the_doors_are_closed_and_until_when(site: Site) -> None:
    """S50"""
    for path in ("seance", "ecran"):
        page = site.get(f"/c/{SLUG}/{path}").text
        assert re.search(r"huis clos|Huis clos", page), path
        assert 'datetime="2099-01-01T00:00:00.000Z"' in page, path
    assert DOORS in site.get(f"/c/{SLUG}/seance").text
    assert "Séance à huis clos jusqu’au" in site.get(f"/c/{SLUG}/temoignages").text


def test_an_elu_follows_as_usual(site: Site) -> None:
    """S53"""
    read = "\n".join(said(answer) for answer in sites.crawl(site, SECOND).values())
    assert {mark(f"camera {what}") for what in ("text", "rationale", "title", "remark", "pause")} <= set(
        MARK.findall(read)
    )
    assert "Le public ne suit pas cette séance." in site.get(f"/c/{SLUG}/seance", SECOND).text


@pytest.mark.parametrize("who", ["public", "elsewhere", "revoked"])
def test_the_live_channel_tells_strangers_none(site: Site, who: str) -> None:
    """S51: neither at first nor as things happen."""
    assert MARK.findall(site.wait(listening(site, strangers(site)[who], 'scrutin-99"'))) == []


def test_the_live_channel_tells_an_elu_what_happens(site: Site) -> None:
    """S53"""
    heard = site.wait(listening(site, site.cookie(SECOND), mark("camera pause")))
    assert mark("camera pause") in heard


async def listening(site: Site, headers: Mapping[str, str], awaited: str) -> str:
    """What the live channel sends at first, and while the chair acts and a testimony is submitted."""
    state = await site.services.write_queue.state(SLUG)
    assert state is not None
    async with visits.stream(site.app, f"/c/{SLUG}/direct", f"sujets={TOPICS}", headers) as listener:
        await listener.until(lambda said: b'"topic": "conduite"' in said)
        acts: list[tuple[str, c.Command]] = [
            (ELU, c.ResumeSitting(1)),
            (ELU, c.SuspendSitting(1, mark("camera pause"))),
            (SCRIBE, c.SubmitTestimony(text="Un mot.")),
        ]
        for at, (actor, command) in enumerate(acts):
            request = c.Request(f"camera-{state.size}-{at}", SLUG, actor, command)
            assert isinstance(await site.services.write_queue.submit(request), Receipt)
        last = f'"seq": {state.size + len(acts)}, "topic": "conduite"'.encode()
        await listener.until(lambda said: last in said)
        return b"".join(listener.heard).decode()


@pytest.mark.parametrize("who", ["public", "elsewhere", "revoked"])
def test_no_room_of_a_motion_is_open_to_strangers(site: Site, who: str) -> None:
    """S51: a text may be written in the sitting, so that none of its rooms tells what was written since."""
    for document in ("motion-1", "motion-3"):
        visit = in_room(site, document, strangers(site)[who])
        assert visit.heard == []
        assert visit.code == protocol.FORBIDDEN
    assert mark("camera journalled").encode() in b"".join(in_room(site, "motion-3", site.cookie(SECOND)).heard)


def test_the_archive_verifies_meanwhile_and_says_what_is_absent(site: Site, tmp_path: Path) -> None:
    """S55"""
    report = verified(site.get(f"/c/{SLUG}/restitution.zip"), tmp_path)
    assert report.findings == ()


def test_everything_is_public_once_it_is_published(site: Site, tmp_path: Path) -> None:
    """S54: the last test of this module, since it ends the sitting in camera."""
    site.do(ELU, c.PublishSitting("Fini"))
    answer = site.get(f"/c/{SLUG}/restitution.zip")
    read = "\n".join(site.get(path).text for path in pages(site)) + said(answer)
    expected = {"text", "rationale", "call", "title", "remark", "pause", "journalled"}
    assert {mark(f"camera {what}") for what in expected} <= set(MARK.findall(read))
    assert verified(answer, tmp_path).findings == ()


def verified(answer: httpx.Response, folder: Path) -> Report:
    archive = folder / "restitution.zip"
    archive.write_bytes(answer.content)
    return verify_archive(archive, texts=verify_texts)
