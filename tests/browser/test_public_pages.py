"""Every public page: clean for axe, no sideways scrolling, light and dark, on a phone and on a wide screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext

from tests.browser.accessibility import breaches, overflow
from tests.conftest import watched
from tests.server_process import Server
from tests.waiting import WITHIN

PAGES = (
    "/",
    "/connexion",
    "/c/demo/",
    "/c/demo/temoignages",
    "/c/demo/temoignages/1",
    "/c/demo/cartes",
    "/c/demo/cartes/1",
    "/c/demo/motions",
    "/c/demo/motions/1",
    "/c/demo/motions/1/comparaison",
    "/c/demo/motions/1/passages/dmobile001",
    "/c/demo/motions/1/historique",
    "/c/demo/motions/2/remarques",
    "/c/demo/motions/1/historique?voir=auteurs",
    "/c/demo/amendements",
    "/c/demo/amendements/1",
    "/c/demo/scrutins",
    "/c/demo/scrutins/1",
    "/c/demo/seance",
    "/c/demo/ecran",
    "/c/demo/registre",
    "/c/demo/registre/1",
    "/c/demo/personnes",
    "/c/demo/personnes/p1",
    "/c/demo/restitution",
    "/c/demo/nulle-part",
)
LOOKS: dict[str, dict[str, Any]] = {
    "phone-light": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
    "desk-dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_is_accessible_and_fits(
    new_context: Callable[..., BrowserContext], address: str, look: str
) -> None:
    page = new_context(**LOOKS[look]).new_page()
    problems = watched(page)
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == (404 if address.endswith("nulle-part") else 200)
    assert breaches(page) == []
    assert overflow(page) == []
    assert problems == []


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_stands_without_javascript(server: Server, address: str) -> None:
    """The page as the server sends it has its title, one main heading and a main part."""
    text = httpx.get(server.url + address, timeout=WITHIN, trust_env=False).text
    assert text.count("<h1") == 1
    assert "<main" in text
    assert "<title>" in text


@pytest.mark.parametrize("address", PAGES)
def test_a_page_allows_no_inline_code_and_no_stranger(server: Server, address: str) -> None:
    policy = httpx.get(server.url + address, timeout=WITHIN, trust_env=False).headers["content-security-policy"]
    rules = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert rules["style-src"] == "'self'"
    assert "unsafe" not in policy


def test_a_visitor_can_read_by_keyboard(new_context: Callable[..., BrowserContext]) -> None:
    """The first stop of the Tab key is the link past the navigation, and it works."""
    page = new_context().new_page()
    page.goto("/c/demo/")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused.startswith("#")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == focused
