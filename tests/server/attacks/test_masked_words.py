"""Words masked by a redaction are not readable anywhere: pages, API, sockets, archives, files (R30–R32)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from deliberation.kernel import commands as c
from server.realtime import protocol
from server.realtime.hub import Hub
from server.texts import motion
from tests.server import sites
from tests.server.peers import Client, MemoryWire
from tests.server.sites import ELU, ORGANISER, OTHER, SLUG, VISITOR, Site
from tests.waiting import until_soon

MARK = "Marqueblanc"
DESK = f"/organisation/{SLUG}/caviardages"
TOPICS = ("congres", "seance", "suite", "deroule", "ecran", "conduite", "scrutin-1", "scrutin-2")


def say(place: str) -> str:
    """A marker, except for addresses and for the reasons of another redaction."""
    return f"Mots de {place}." if place.startswith("redaction.") or place.endswith(".video") else f"{MARK}, {place}."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with sites.opened(tmp_path_factory.mktemp("data")) as opened:
        sites.found(opened)
        sites.fill(opened, say)
        opened.do(ELU, c.CreateMotion(f"Motion sur {MARK}"))
        yield opened


async def connect(client: Client, hub: Hub) -> None:
    """Connects a client, synchronises both ways, and reads everything that the server sends."""
    permission = await hub.permission(SLUG, client.document, client.person)
    client.wire = MemoryWire()
    client.member = await hub.join(SLUG, client.document, client.person, permission, client.wire, acknowledges=True)
    client.take()
    client.outbox.append(protocol.ask(client.doc.get_state()))
    client.say_all(hub)
    client.hear_all()
    client.say_all(hub)
    client.hear_all()


def shown(text: str) -> str:
    """The first occurrence of the word with the text around it, for messages."""
    at = text.index(MARK)
    return text[max(0, at - 60) : at + 60]


def ask_and_decide(site: Site) -> None:
    """Proposes and decides the masking, as two organisers do on their page."""
    page = site.post(DESK, {"acte": "chercher", "words": MARK, "commande": "chercher"}, ORGANISER).text
    boxes = re.findall(r'name="(texte:[^"]+)"', page)
    assert {f"texte:{name}" for name in ("motion-1", "motion-2", "carte-1", "amendement-1", "temoignage-1")} <= set(
        boxes
    )
    form = {"acte": "masquer", "words": MARK, "ground": "RGPD", "statement": "Une personne privée.", "commande": "m1"}
    wanting = site.post(DESK, form, ORGANISER)
    assert wanting.status_code == 422
    assert "Choisissez au moins un texte" in wanting.text.replace("\u00a0", " ")
    sent = site.post(DESK, form | dict.fromkeys(boxes, "oui") | {"commande": "m2"}, ORGANISER)
    assert sent.status_code == 303, sent.text
    number = str(max(site.state.redactions))
    assert MARK in site.get(DESK, OTHER).text
    answer = site.post(DESK, {"acte": "accepter", "redaction": number, "commande": "d1"}, OTHER)
    assert answer.status_code == 303, answer.text


def test_masked_words_are_read_nowhere_and_everybody_gets_the_masked_text(site: Site) -> None:
    """R30, R32: the editor that was open, the one that comes back with the words, every page, file and archive."""
    hub = site.services.hub
    online, offline = Client(901, ELU, "motion-2"), Client(902, ELU, "motion-2")
    for client in (online, offline):
        site.wait(connect(client, hub))
    assert MARK in motion.read(offline.doc).title
    offline.cut(hub)
    assert MARK.encode() in site.get(f"/c/{SLUG}/restitution.zip").content or MARK in site.get(f"/c/{SLUG}/").text
    ask_and_decide(site)

    site.wait(until_soon(lambda: online.wire.closed is not None, lambda: "the old room is still open"))
    for client in (online, offline):
        site.wait(connect(client, hub))
        assert motion.read(client.doc).title == "Motion sur xxxxxxxxxxx"
        assert client.denials == []
    newcomer = Client(903, ELU, "motion-2")
    site.wait(connect(newcomer, hub))
    assert MARK.encode() not in newcomer.doc.get_update()
    assert motion.read(newcomer.doc) == motion.read(offline.doc)

    for who in (VISITOR, ELU, ORGANISER):
        pages = {path: answer.text for path, answer in sites.crawl(site, who).items()}
        assert {path: shown(text) for path, text in pages.items() if MARK in text} == {}
    assert MARK not in site.wait(sites.fragments(site, TOPICS))
    archive = ZipFile(io.BytesIO(site.get(f"/c/{SLUG}/restitution.zip").content))
    assert [name for name in archive.namelist() if MARK.encode() in archive.read(name)] == []

    def kept() -> list[Path]:
        files = (path for path in site.data.rglob("*") if path.is_file())
        return [path for path in files if MARK.encode() in path.read_bytes()]

    site.wait(until_soon(lambda: not kept(), lambda: f"still in {kept()}"))
    entry = site.state.testimonies[1].entry
    page = site.get(f"/c/{SLUG}/registre/{entry}").text
    assert "Des mots sont masqués." in page
    assert 'data-masked="' in page
