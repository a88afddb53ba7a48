"""The host names under which the server answers; requests for others are refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.web.hosts import is_served
from tests.server import sites
from tests.server.sites import Site, is_page

DEFAULT, SET, ON_A_PORT = "http://localhost:8000", "https://congres.example", "http://192.168.1.5:8080"


@pytest.mark.parametrize(
    ("origin", "host", "served"),
    [
        (DEFAULT, "localhost:8000", True),
        (DEFAULT, "localhost:9999", True),
        (DEFAULT, "127.0.0.1", True),
        (DEFAULT, "[::1]:8000", True),
        (DEFAULT, "192.168.1.5:8000", True),
        (DEFAULT, "evil.example", False),
        (DEFAULT, "localhost.evil.example", False),
        (DEFAULT, "127.0.0.1.evil.example", False),
        (SET, "congres.example", True),
        (SET, "Congres.Example.", True),
        (SET, "congres.example:443", True),
        (SET, "congres.example:80", False),
        (SET, "127.0.0.1:8000", True),
        (SET, "192.168.1.5:8000", False),
        (SET, "www.congres.example", False),
        (ON_A_PORT, "192.168.1.5:8080", True),
        (ON_A_PORT, "192.168.1.5", False),
        (ON_A_PORT, "10.0.0.1:8080", False),
    ],
)
def test_the_names_of_the_server(origin: str, host: str, served: bool) -> None:
    assert is_served(host, origin) is served


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with sites.opened(tmp_path_factory.mktemp("data")) as opened:
        sites.found(opened)
        yield opened


@pytest.mark.parametrize("path", ["/", "/c/essai/registre/checkpoint", "/api/v1/c/essai", "/healthz"])
def test_a_request_for_another_host_is_refused_with_a_reason(site: Site, path: str) -> None:
    answer = site.ask("GET", path, "", b"", host="evil.example")
    assert answer.status_code == 421
    assert "PLENIERE_ORIGIN" in answer.text
    assert "evil.example" not in answer.text
    assert path.startswith("/api/") or is_page(answer)
    assert site.ask("GET", path, "", b"", host="127.0.0.1:8000").status_code == site.get(path).status_code
