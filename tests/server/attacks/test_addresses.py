"""Attacks by addresses: unknown pages, malformed hosts, files outside the site, shared caches."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from starlette.responses import Response

from server.pages.shell.errors import error_page
from server.settings import ServerSettings
from server.web.guard import Guard
from tests.server import sites
from tests.server.sites import ELU, ORGANISER, SLUG, Site

HERE, DESK = f"/c/{SLUG}", f"/organisation/{SLUG}"
HUGE = "9" * 40


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with sites.opened(tmp_path_factory.mktemp("data")) as opened:
        sites.found(opened)
        sites.fill(opened)
        yield opened


@pytest.mark.parametrize("n", ["0", "99", HUGE, "999999999999999", "-1", "%D9%A1", "%00", "1%2F2"])
@pytest.mark.parametrize(
    "path", ["temoignages", "cartes", "motions", "amendements", "scrutins", "personnes", "registre", "extraits"]
)
def test_an_unknown_number_is_a_404(site: Site, path: str, n: str) -> None:
    if (path, n) == ("registre", "0"):
        return
    answer = site.get(f"{HERE}/{path}/{n}")
    assert answer.status_code == 404 or (path == "registre" and n == "99" and answer.status_code == 200)
    for suffix in ("/extraits", "", "/edition"):
        assert site.post(f"{HERE}/{path}/{n}{suffix}", {"text": "Des mots."}, ELU).status_code in (400, 404, 405, 422)


@pytest.mark.parametrize("host", ["a/?x=", "a b", "a,b", "", "a\\b", "a@b", "<x>", "a/../b", "[::1", "a:b", "a:123456"])
def test_a_bent_host_is_refused(site: Site, host: str) -> None:
    answer = site.ask("GET", "/", "", b"", host=host.encode("utf-8").decode("latin-1"))
    assert answer.status_code == 400
    assert sites.is_page(answer)
    assert "<x>" not in answer.text


def test_no_address_follows_from_the_host(site: Site) -> None:
    """Links that sign in come from the configured origin."""
    form = {"acte": "lien", "person": ELU}
    evil = site.post(f"{DESK}/personnes", form, ORGANISER, host="evil.example", origin="http://evil.example")
    assert evil.status_code == 421
    assert "evil.example" not in evil.text
    answer = site.post(f"{DESK}/personnes", form, ORGANISER, host="10.1.2.3", origin="http://10.1.2.3")
    assert answer.status_code == 200
    assert "http://localhost:8000/connexion#" in answer.text
    assert "10.1.2.3" not in answer.text


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "https://evil.example",
        "http://[",
        "\\\\evil",
        "javascript:x",
        "/\t/evil.example",
        "/\r\nSet-Cookie: a=b",
        "evil.example",
        "",
    ],
)
def test_the_way_back_leads_nowhere_else(site: Site, back: str) -> None:
    for path in ("/langue/en", "/apparence/clair"):
        answer = site.ask("GET", f"{path}?{httpx.QueryParams({'retour': back})}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    "path",
    [
        "..%2f..%2fapp.py",
        "%2e%2e/app.py",
        "../app.py",
        "....//app.py",
        "/etc/passwd",
        "%00",
        "a%00.js",
        "a" * 5000,
        "%ff",
        "manifest.json%00.js",
        "..\\app.py",
        "%5c..%5capp.py",
    ],
)
def test_only_what_was_built_is_served(site: Site, path: str) -> None:
    answer = site.get(f"/static/{path}")
    assert answer.status_code == 404
    assert "import" not in answer.text


def test_no_shared_cache_keeps_what_is_somebodys(site: Site) -> None:
    paths = [
        "/",
        f"{HERE}/",
        f"{HERE}/temoignages",
        f"{HERE}/scrutins/2",
        f"{HERE}/motions/1",
        f"{HERE}/personnes/{ELU}",
    ]
    for path in paths:
        public, own = site.get(path), site.get(path, ELU)
        assert public.headers["vary"].lower().find("cookie") >= 0, path
        assert own.headers["cache-control"] == "no-store", path
        assert "etag" not in own.headers, path
        if "etag" in public.headers:
            again = site.ask("GET", path, ELU, b"", if_none_match=public.headers["etag"])
            assert (again.status_code, "Ana" in again.text) == (200, True), path
            bent = site.ask("GET", path, "", b"", if_none_match=public.headers["etag"], cookie="langue=en")
            assert bent.status_code == 200, path
    for path in ("/connexion", f"{HERE}/temoignages/nouveau", f"{HERE}/motions/1/edition"):
        assert site.get(path).headers["cache-control"] == "no-store", path


@pytest.mark.parametrize(
    ("origin", "host", "sent", "status"),
    [
        ("https://congres.example", "congres.example", "https://congres.example", 303),
        ("https://congres.example", "localhost:8000", "https://congres.example", 303),
        ("https://congres.example", "inside:8000", "https://congres.example", 421),
        ("https://congres.example", "congres.example", "http://congres.example", 403),
        ("https://congres.example", "127.0.0.1:8000", "http://127.0.0.1:8000", 403),
        ("", "congres.example", "https://congres.example", 421),
        ("", "127.0.0.1:8000", "https://127.0.0.1:8000", 303),
        ("", "127.0.0.1:8000", "http://127.0.0.1:8000", 303),
        ("", "127.0.0.1:8000", "https://evil.example", 403),
    ],
)
def test_behind_a_proxy_our_own_pages_are_known(origin: str, host: str, sent: str, status: int) -> None:
    """By the address that the operator set; over TLS, what was not is not ours."""

    async def post() -> int:
        app = Guard(Response(status_code=303), ServerSettings(origin=origin).public_origin, error_page)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://inside") as client:
            return (await client.post("/", headers={"host": host, "origin": sent})).status_code

    assert asyncio.run(post()) == status
