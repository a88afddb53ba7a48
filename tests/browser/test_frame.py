"""The frame of every page on a phone: where the first heading begins, and that nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from tests.browser.accessibility import breaches, overflow
from tests.server.pages.test_crawl import ROLES, VARIABLE, walk
from tests.server_process import Server
from tests.waiting import WITHIN

PHONE: ViewportSize = {"width": 390, "height": 844}
FIRST_HEADING = 130
"""Pixels from the top of a phone's screen within which the first heading of a page begins."""
OWN_FRAME = ("/c/demo/ecran",)
"""Pages that are shown on the wall of the hall, without the frame."""
HEADING = "() => document.querySelector('main h1').getBoundingClientRect().top"


def addresses(server: Server, role: str, link: str) -> list[str]:
    """One page of each kind that the crawl reaches in this role."""
    with httpx.Client(base_url=server.url, trust_env=False, timeout=WITHIN, follow_redirects=True) as client:
        if role:
            client.post("/connexion", data={"lien": link.partition("#")[2]}, headers={"Origin": server.url})
        kinds = {VARIABLE.sub("N", address.partition("?")[0]): address for address, _ in walk(client)}
    return sorted(address for kind, address in kinds.items() if not kind.startswith(OWN_FRAME))


@pytest.mark.slow(60)
@pytest.mark.parametrize("role", ROLES)
def test_on_a_phone_pages_begin_with_their_heading_and_do_not_scroll_sideways(
    server: Server, new_context: Callable[..., BrowserContext], role: str
) -> None:
    page = new_context(viewport=PHONE).new_page()
    if role:
        page.goto(server.invite(role, f"Téléphone {role}"))
        page.wait_for_url("**/c/**")
    walked = addresses(server, role, server.invite(role, f"Marche du téléphone {role}") if role else "")
    assert len(walked) > 25, "the walk gets about"
    wrong = [f"{address}: {said}" for address in walked for said in wrong_on_a_phone(page, address)]
    assert not wrong, "\n".join(wrong)


def wrong_on_a_phone(page: Page, address: str) -> list[str]:
    page.goto(address)
    top = round(page.evaluate(HEADING))
    alerts = page.locator("main > .notice.wrong[role=alert]").all_inner_texts()
    late = [f"the first heading begins at {top} px"] if top > FIRST_HEADING else []
    return overflow(page) + late + [f"an alert though nothing was sent: {said}" for said in alerts]


def test_the_menu_opens_at_the_edge_and_closes_on_escape(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/c/demo/seance")
    button, link = page.locator("summary", has_text="Menu"), page.get_by_role("link", name="Se connecter")
    button.click()
    expect(link).to_be_in_viewport(ratio=1)
    assert breaches(page) == []
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(button).to_be_focused()
