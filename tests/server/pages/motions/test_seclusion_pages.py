"""Drafting in camera (huis clos), as visitors, élus and organisers see it (H1–H5)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import ClauseKind, Draft, Role
from deliberation.visibility.views import public_view
from server.texts import motion
from tests.server.browsing import Site, Visitor, site
from tests.waiting import until

DOCUMENT = "motion-1"
SECRET = "Demande un médecin par canton."


@pytest.fixture
def congress(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as found:
        yield found


def write(found: Site, person: str) -> None:
    """Records a burst of writing, as the rooms do."""
    services = found.app.state.services
    kept, _ = services.store.document("essai", DOCUMENT)
    text = motion.MotionText("Un autre titre", (("a", Draft(ClauseKind.DEMANDE, SECRET)),))
    update = motion.rewrite(DOCUMENT, kept or b"", text)
    found.portal.call(services.write_queue.journal, "essai", DOCUMENT, person, update, ())
    found.portal.call(services.write_queue.record_bursts, "essai", DOCUMENT)


def local(seconds: float) -> str:
    """An instant as an organiser's browser sends it, in the congress's timezone."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return at.astimezone(ZoneInfo("Europe/Paris")).strftime("%Y-%m-%dT%H:%M")


PLACES = (
    "/c/essai/",
    "/c/essai/motions",
    "/c/essai/motions/1",
    "/c/essai/motions/1/edition",
    "/c/essai/motions/1/historique",
    "/c/essai/motions/1/historique?voir=auteurs",
    "/c/essai/motions/1/auteurs.json",
    "/c/essai/motions/1/remarques",
    "/c/essai/motions/1/remarques?marge",
    "/c/essai/registre",
    "/c/essai/personnes/p2",
    "/api/v1/c/essai/motions",
    "/api/v1/c/essai/motions/1",
    "/api/v1/c/essai/registre",
)


def seen(visitor: Visitor) -> list[str]:
    """The pages on which the words or the new title can be read."""
    return [place for place in PLACES if any(words in visitor.go(place) for words in (SECRET, "Un autre titre"))]


def test_behind_closed_doors_and_out_again(congress: Site) -> None:
    public, olga = congress.visitor(), congress.member(Role.ORGANISER, "Olga Orsini")
    ana = congress.member(Role.ELU, "Ana Abadie")
    congress.do(c.CreateMotion("Un titre"), "p2")
    olga.go("/organisation/essai/reglages")
    olga.send("Ouvrir le huis clos", until="2020-01-01T10:00", reason="Pour écrire sereinement.")
    assert olga.status == 422
    assert "doit être à venir" in olga.page
    assert "Pour écrire sereinement." in olga.page
    olga.send("Ouvrir le huis clos", until=local(3600), reason="Pour écrire sereinement.")
    assert "Tout sera public le" in olga.page
    write(congress, "p2")
    assert seen(public) == []
    assert "Ce texte s’écrit à huis clos" in public.go("/c/essai/motions/1")
    assert 'data-island="editor"' not in public.go("/c/essai/motions/1/edition")
    assert SECRET in ana.go("/c/essai/motions/1")
    assert "le public ne lit pas ce texte avant" in ana.page
    assert SECRET in olga.go("/c/essai/motions/1/historique")
    olga.go("/organisation/essai/reglages")
    olga.send("Publier dès maintenant", reason="Le texte est prêt.")
    assert "/c/essai/motions/1" in seen(public)
    assert "/c/essai/motions/1/historique" in seen(public)


def test_the_archive_holds_nothing_of_it(congress: Site) -> None:
    congress.member(Role.ORGANISER, "Olga Orsini")
    congress.member(Role.ELU, "Ana Abadie")
    congress.do(c.CreateMotion("Un titre"), "p2")
    end = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    congress.do(c.SecludeDrafting(end, "Sérénité"), "p1")
    write(congress, "p2")
    answer = congress.request("GET", "/c/essai/restitution.zip", {})
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        found = [name for name in archive.namelist() if SECRET.encode() in archive.read(name)]
    assert found == []


def test_it_ends_by_itself_at_the_announced_moment(congress: Site) -> None:
    congress.member(Role.ORGANISER, "Olga Orsini")
    congress.member(Role.ELU, "Ana Abadie")
    congress.do(c.CreateMotion("Un titre"), "p2")
    end = (datetime.now(UTC) + timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%S.999Z")
    congress.do(c.SecludeDrafting(end, "Sérénité"), "p1")
    write(congress, "p2")
    until(lambda: congress.state().seclusion is None)
    assert SECRET in congress.visitor().go("/c/essai/motions/1")


def test_a_visitor_leaves_the_room_when_the_doors_close(congress: Site) -> None:
    congress.member(Role.ORGANISER, "Olga Orsini")
    congress.member(Role.ELU, "Ana Abadie")
    congress.do(c.CreateMotion("Un titre"), "p2")
    hub = congress.app.state.services.hub
    assert congress.portal.call(hub.permission, "essai", DOCUMENT, None).read
    end = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    congress.do(c.SecludeDrafting(end, "Sérénité"), "p1")
    assert not congress.portal.call(hub.permission, "essai", DOCUMENT, None).read
    assert congress.portal.call(hub.permission, "essai", DOCUMENT, "p2").read


def test_copies_of_pages_serve_again_behind_closed_doors(congress: Site) -> None:
    """What is made once per state, such as the debates or a page for everybody, is found again at the next visit."""
    congress.member(Role.ORGANISER, "Olga Orsini")
    congress.member(Role.ELU, "Ana Abadie")
    congress.do(c.CreateMotion("Un titre"), "p2")
    end = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    congress.do(c.SecludeDrafting(end, "Sérénité"), "p1")
    write(congress, "p2")
    write_queue = congress.app.state.services.write_queue
    seen = [public_view(congress.portal.call(write_queue.state, "essai")) for _ in range(2)]
    assert seen[0] is seen[1]
    assert seen[0].motions[1].draft == {}
    write(congress, "p2")
    congress.do(c.CreateMotion("Un autre"), "p2")
    assert public_view(congress.portal.call(write_queue.state, "essai")).motions.keys() == {1, 2}
