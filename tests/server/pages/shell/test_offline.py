"""The service worker that stores one edit page on a device, as the server sends it."""

from __future__ import annotations

import re
from pathlib import Path

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Role
from server.pages.shell.assets import build, files
from server.pages.shell.offline import ISLANDS
from tests.server.browsing import site


def test_the_worker_and_the_page_name_the_same_build(tmp_path: Path) -> None:
    with site(tmp_path) as congress:
        ana = congress.member(Role.ELU, "Ana Abadie")
        congress.do(c.CreateMotion("Un titre"), "p1")
        answer = congress.request("GET", "/c/essai/motions/1/hors-ligne.js", {})
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["cache-control"] == "no-cache"
        assert f'BUILD = "{build(*ISLANDS)}"' in answer.text
        page = ana.go("/c/essai/motions/1/edition")
        assert f'data-build="{build(*ISLANDS)}"' in page
        loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        assert loaded
        assert set(loaded) <= set(files(*ISLANDS))
        assert congress.request("GET", "/c/essai/motions/9/hors-ligne.js", {}).status_code == 404
