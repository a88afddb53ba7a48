"""A congress's statements about its site: on its public page, in the restitution, with its colour and logo (S27,
S28).
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deliberation.congress.identity import SIGNATURE
from deliberation.kernel.errors import Refused
from server.imports import logos
from tests.server import sites
from tests.server.sites import ELU, ORGANISER, SLUG, Site

MENTIONS, IDENTITY = f"/c/{SLUG}/mentions", f"/organisation/{SLUG}/identite"
FORM = {
    "organisation": "Association des maires",
    "contact": "contact@maires.example",
    "legal": "Éditeur : **l’association**.",
    "privacy": "DPO : dpo@maires.example",
    "accessibility": "Audit du 3 mai.",
    "conformity": "partielle",
    "own_colour": "oui",
    "colour": "#7a1f3d",
}


def chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


HEAD = chunk(b"IHDR", (2).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0]))
PIXELS = chunk(b"IDAT", zlib.compress(b"\0\1\2" * 2))
END = chunk(b"IEND", b"")
PICTURE = SIGNATURE + HEAD + PIXELS + END


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with sites.opened(tmp_path_factory.mktemp("about")) as opened:
        sites.found(opened)
        yield opened


def identified(site: Site, logo: bytes = b"", **more: str) -> httpx.Response:
    sent = httpx.Request("POST", sites.ORIGIN, data=FORM | more, files={"logo": ("l.png", logo)} if logo else {})
    kind = {"content-type": sent.headers["content-type"]}
    return site.ask("POST", IDENTITY, ORGANISER, sent.read(), **kind)


def test_before_anything_is_said_the_page_says_so(tmp_path: Path) -> None:
    """S27"""
    with sites.opened(tmp_path) as fresh:
        sites.found(fresh)
        page = fresh.get(MENTIONS).text
        assert "n’a pas encore publié ses mentions légales" in page
        assert "conformité non évaluée" in page
        assert "Cid" in page, "who organises is known"
        assert fresh.get(f"/c/{SLUG}/couleurs.css").status_code == 404
        assert fresh.get(f"/c/{SLUG}/logo.png").status_code == 404


def test_what_is_said_stands_on_the_page_and_in_the_restitution(site: Site) -> None:
    """S27, S28"""
    assert identified(site, PICTURE).status_code == 303
    page = site.get(MENTIONS).text
    for words in ("Association des maires", "contact@maires.example", "<strong>l’association</strong>", "dpo@maires"):
        assert words in page, words
    assert "partiellement conforme" in page
    assert "partiellement conforme" in site.get(f"/c/{SLUG}/").text, "and at the foot of every page"
    archive = zipfile.ZipFile(io.BytesIO(site.get(f"/c/{SLUG}/restitution.zip").content))
    told = archive.read("index.html").decode()
    for words in (
        "Association des maires",
        "Audit du 3",
        "--accent:#7a1f3d",
        base64.b64encode(PICTURE).decode(),
    ):
        assert words in told, words
    assert "Accessibility: partially conforming" in archive.read("en/index.html").decode()


def test_the_colour_and_the_logo_are_served_as_they_are(site: Site) -> None:
    """S28"""
    identified(site, PICTURE, contact="autre@maires.example")
    sheet, picture = site.get(f"/c/{SLUG}/couleurs.css"), site.get(f"/c/{SLUG}/logo.png")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "--accent: #7a1f3d" in sheet.text
    assert (picture.headers["content-type"], picture.content) == ("image/png", PICTURE)
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert "couleurs.css?v=7a1f3d" in site.get(f"/c/{SLUG}/").text


def test_a_pale_colour_is_refused_beside_its_field_and_the_words_stay(site: Site) -> None:
    """S28"""
    answer = identified(site, colour="#ffd500", legal="Mentions relues deux fois.")
    assert answer.status_code == 422
    assert 'id="erreur-colour"' in answer.text
    assert "Mentions relues deux fois." in answer.text


def test_the_weight_of_the_page_is_the_one_that_it_has(site: Site) -> None:
    found = re.search(r"se charge en (\d+) fichiers au plus et pèse (\d+)", site.get(MENTIONS).text)
    assert found
    assert (int(found[1]) >= 1, 2 <= int(found[2]) <= 100) == (True, True)


@pytest.mark.parametrize("who", ["", ELU])
def test_nobody_else_says_it(site: Site, who: str) -> None:
    """S27"""
    assert site.post(IDENTITY, FORM, who).status_code == (403 if who else 401)


def test_a_logo_keeps_its_picture_alone() -> None:
    """S28"""
    told = SIGNATURE + HEAD + chunk(b"tEXt", b"Author\0Jean") + chunk(b"eXIf", b"GPS") + PIXELS + END + b"behind"
    assert logos.read(told) == base64.b64encode(PICTURE).decode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<svg onload='x'/>",
        SIGNATURE,
        PICTURE[:-1],
        PICTURE[:40] + b"\0" + PICTURE[41:],
        SIGNATURE + PIXELS + END,
        SIGNATURE + HEAD + chunk(b"IDAT", b"no picture") + END,
        SIGNATURE + HEAD + chunk(b"IDAT", zlib.compress(b"\0" * 20_000_000)) + END,
        SIGNATURE + HEAD + PIXELS,
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    """S28"""
    assert isinstance(logos.read(data), Refused)
