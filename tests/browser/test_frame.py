"""The frame of every page on a phone: where the first heading begins, and that nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.accessibility import breaches, overflow
from tests.browser.stage import DARK, DESK, Stage, close, open_a_poll, sound
from tests.browser.stage import PHONE as ON_PHONE
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


@pytest.mark.slow(30)
def test_a_vote_that_opens_is_told_on_every_page_and_offered_to_whoever_has_it(
    playwright_browser: Browser, start_server: Callable[..., Server]
) -> None:
    """Without a reload, also to who is writing. These élus came after the vote that is open in the demonstration."""
    with ExitStack() as stack:
        stage = Stage(playwright_browser, start_server(), "demo", stack)
        writer, phone = stage.invite("elu", "Inès Le Goff", **DARK), stage.invite("elu", "Yann Morvan", **ON_PHONE)
        visitor, chair = stage.enter(**ON_PHONE), stage.invite("organiser", "Ode Rivoal", **DESK)
        offers = [page.locator(".live-line").get_by_role("link", name="Voter") for page in (writer, phone, visitor)]
        for page, path in ((writer, "motions/2/edition"), (phone, "temoignages"), (visitor, "registre")):
            expect(stage.at(page, path).locator(".happening")).to_contain_text("Vote ouvert")
        for offer in offers:
            expect(offer).to_be_hidden()
        open_a_poll(stage, chair)
        for page in (writer, phone):
            expect(page.locator(".live-line [role=status]")).to_have_text("2 votes ouverts. Voter")
            expect(page.locator(".live-line").get_by_role("link", name="Voter")).to_be_in_viewport(ratio=1)
        expect(visitor.locator(".happening")).to_have_text("2 votes ouverts")
        expect(offers[2]).to_have_count(0)
        for page in (phone, visitor):
            assert page.evaluate(HEADING) <= FIRST_HEADING
            sound(page)
        offers[1].tap()
        ballot = phone.locator(".booth-poll:has(form)").first
        number = ballot.get_attribute("data-booth-poll")
        ballot.get_by_label("Pour").check()
        ballot.get_by_role("button", name="Confirmer : Pour").tap()
        expect(ballot.get_by_text("Vote enregistré : Pour.")).to_be_visible()
        expect(stage.at(phone, "temoignages").locator(".happening")).to_contain_text("2 votes ouverts")
        expect(offers[1]).to_be_hidden()
        close(stage.at(chair, f"scrutins/{number}"))
        for page in (writer, phone, visitor):
            expect(page.locator(".happening")).to_contain_text("Vote ouvert")
        expect(offers[0]).to_be_hidden()
