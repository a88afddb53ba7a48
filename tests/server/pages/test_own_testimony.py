"""Authors revise their testimonies by the secret link of the receipt or by their account; it is honoured wherever the
testimony can be read (T22–T26).
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pypdf import PdfReader

from deliberation.kernel import commands as c
from tests.server import sites
from tests.server.sites import ELU, ORGANISER, OTHER, SCRIBE, SLUG, Site

NAME, WORD = "Zozophine", "Marquenoire"
SAID = {
    "text": f"La fibre manque. {WORD} aussi.",
    "speaker_name": NAME,
    "speaker_collectivity": "Sainte-Colombe (25)",
    "naming": "nom",
}
HERE = f"/c/{SLUG}/temoignages"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with sites.opened(tmp_path) as opened:
        sites.found(opened)
        yield opened


def testify(site: Site) -> str:
    """A published testimony of a visitor, quoted in a motion; returns its secret address."""
    answer = site.post(HERE, SAID)
    assert answer.status_code == 303
    site.do(ORGANISER, c.PublishTestimony(1))
    site.do(ELU, c.QuoteExcerpt(1, f"{WORD} aussi."))
    sites.motion(site, lambda place: f"Mots de {place}.")
    return answer.headers["location"].partition("?")[0]


def read_everywhere(site: Site) -> str:
    """All that a visitor can read: pages, interface for programs, every file of the archive."""
    return "\n".join(_text(answer) for answer in sites.crawl(site).values())


def _text(answer: httpx.Response) -> str:
    if not answer.content.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return "\n".join(_file(archive.read(name)) for name in archive.namelist())


def _file(data: bytes) -> str:
    if data.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return data.decode("utf-8", "replace")


def kept(site: Site) -> bytes:
    """Everything on disk: database, write-ahead log, archives."""
    return b"".join(path.read_bytes() for path in site.data.rglob("*") if path.is_file())


def send(site: Site, address: str, who: str = "", **fields: str) -> httpx.Response:
    return site.post(address, {"commande": f"essai {sorted(fields.items())}", **fields}, who)


def test_a_name_taken_back_is_read_nowhere_any_more(site: Site) -> None:
    """T22, T23: the words and the région stay."""
    address = testify(site)
    before = read_everywhere(site)
    assert NAME in before
    answer = send(site, address, acte="nom", naming="sorte")
    assert answer.status_code == 303, answer.text
    after = read_everywhere(site)
    assert NAME not in after
    assert "Sainte-Colombe" not in after.replace("Sainte-Colombe (25)", "")
    assert WORD in after
    assert site.state.testimonies[1].speaker.territory is not None
    assert site.state.testimonies[1].speaker.territory.region_name == "Bourgogne-Franche-Comté"
    assert NAME.encode() not in kept(site)


def test_what_is_withdrawn_is_read_nowhere_any_more(site: Site) -> None:
    """T25"""
    address = testify(site)
    assert send(site, address, acte="retrait").status_code == 422
    assert WORD in site.get(HERE + "/1").text
    assert send(site, address, acte="retrait", sur="oui", reason="Je me suis trompée").status_code == 303
    after = read_everywhere(site)
    assert WORD not in after
    assert NAME not in after
    assert "retiré par son auteur" in after
    assert "Je me suis trompée" in after
    assert WORD.encode() not in kept(site)
    assert site.get(address).status_code == 200


def test_a_correction_waits_and_quotes_are_said_to_be_outdated(site: Site) -> None:
    """T24"""
    address = testify(site)
    assert send(site, address, acte="correction", text="Nos cars manquent.").status_code == 303
    assert "Nos cars manquent" not in read_everywhere(site)
    assert "Nos cars manquent" in site.get(address).text
    assert "Nos cars manquent" in site.get(f"/organisation/{SLUG}/moderation", ORGANISER).text
    site.do(ORGANISER, c.PublishTestimony(1))
    assert "Nos cars manquent" in site.get(HERE + "/1").text
    assert "mots corrigés depuis par leur auteur" in site.get(f"/c/{SLUG}/motions/1").text


def test_a_correction_that_is_refused_loses_nothing(site: Site) -> None:
    """T24, S7"""
    address = testify(site)
    answer = send(site, address, acte="correction", text="", title="Un titre gardé")
    assert answer.status_code == 422
    assert "Un titre gardé" in answer.text
    assert WORD in site.state.testimonies[1].text


def test_the_link_is_the_only_way_without_an_account(site: Site) -> None:
    """T22, T26: neither the address without its key, nor that of another testimony, nor another's account."""
    address = testify(site)
    site.post(HERE, SAID | {"text": "Une autre."})
    wrong = (f"{HERE}/1/auteur", f"{HERE}/1/auteur/" + "A" * 24, address.replace("/1/", "/2/"))
    for path in wrong:
        assert site.get(path).status_code == 404
        assert send(site, path, acte="retrait", sur="oui").status_code == 404
    assert site.get(f"{HERE}/1/auteur", ORGANISER).status_code == 404
    assert site.state.testimonies[1].status == "published"
    assert address.rpartition("/")[2] not in read_everywhere(site)
    assert address.rpartition("/")[2].encode() not in kept(site)


def test_an_account_and_the_link_that_its_owner_gives_away(site: Site) -> None:
    """T22: a scribe hands the link to whoever spoke; an élu has their account."""
    said = {"speaker_name": NAME, "naming": "nom", "text": "Dit à l’atelier.", "channel": "atelier"}
    assert site.post(HERE, said, SCRIBE).status_code == 303
    page = site.get(f"{HERE}/1/auteur", SCRIBE).text
    link = re.search(rf"{HERE}/1/auteur/[\w-]+", page)
    assert link is not None
    assert send(site, link.group(), acte="nom", naming="anonyme").status_code == 303
    assert site.state.testimonies[1].speaker.name == ""
    assert site.post(HERE, {"text": "De l’élue."}, ELU).status_code == 303
    page = site.get(f"{HERE}/2/auteur", ELU).text
    assert "Changer la signature" not in page
    assert send(site, f"{HERE}/2/auteur", ELU, acte="correction", text="De l’élue, autrement.").status_code == 303
    assert site.state.testimonies[2].text == "De l’élue, autrement."


def test_programs_need_the_key_as_well(site: Site) -> None:
    """T22, T26"""

    def command(name: str, data: dict[str, object], who: str = "", **more: str) -> httpx.Response:
        body = json.dumps({"name": name, "data": data, **more}).encode()
        headers = {"content-type": "application/json", "origin": sites.ORIGIN}
        return site.ask("POST", f"/api/v1/c/{SLUG}/commandes", who, body, **headers)

    sent = command("testimony.submit", {"text": "Par un programme.", "speaker": {"name": NAME}, "naming": "nom"})
    key = sent.json()["key"]
    change = {"testimony": 1, "naming": "anonyme"}
    for given in ({}, {"key": "A" * 24}, {"key": "é"}):
        assert command("testimony.change_naming", change, **given).json()["code"] == "testimony.wrong_key"
    assert command("testimony.change_naming", change, OTHER).json()["code"] == "testimony.not_yours"
    assert command("testimony.change_naming", change, key=key).status_code == 200
    assert site.state.testimonies[1].speaker.name == ""
