"""An élu who writes without a network, or with a slow one: the page opens, the words are kept, and reach the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.conftest import patient, watched
from tests.satellite import satellite
from tests.server_process import Server

DRAFT = "/c/demo/motions/2/edition"
KEPT = """async () => {
  const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const kept = (await Promise.all(caches_.map((each) => each.keys()))).flat();
  return {
    pages: kept.map(({url}) => new URL(url).pathname).filter((path) => path.endsWith("edition")),
    texts: (await indexedDB.databases()).map(({name}) => name),
  };
}"""


def entered(browser: Browser, server: Server, name: str, port: int = 0) -> Page:
    """The edit page of a new élu; `port` is another way to the server than its own."""
    url = f"http://127.0.0.1:{port}" if port else server.url
    page = patient(browser.new_context(base_url=url, locale="fr-FR")).new_page()
    page.goto(server.invite("elu", name).replace(server.url, url))
    page.wait_for_url("**/c/demo/**")
    page.goto(DRAFT)
    expect(page.locator(".draft")).to_have_attribute("contenteditable", "true")
    return page


def write(page: Page, text: str, clause: int) -> None:
    """In a clause where nothing else is written: a click in its middle lands anywhere."""
    page.locator(".draft__clause").nth(clause).locator("p").click()
    page.keyboard.type(text)


def state(page: Page) -> Locator:
    return page.locator(".saving__text")


@pytest.mark.slow
def test_the_page_opens_again_the_words_arrive_and_whoever_loses_access_keeps_a_copy(
    playwright_browser: Browser, start_server: Callable[..., Server]
) -> None:
    server = start_server()
    page = entered(playwright_browser, server, "Ada Lormeau")
    problems = watched(page)
    page.wait_for_function(f"({KEPT})().then(({{pages}}) => pages.includes('{DRAFT}'))")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()  # so that the worker has seen the testimonies
    expect(state(page)).to_have_text("Enregistré")

    server.stop()
    write(page, " Avant le rechargement.", 0)
    expect(state(page)).to_have_text("Hors ligne — conservé sur cet appareil")
    page.reload()
    expect(page.locator(".draft")).to_contain_text("Avant le rechargement.")
    expect(page.locator(".draft")).not_to_contain_text("extrait non publié")
    expect(page.get_by_text("Le serveur ne répond pas.")).to_be_visible()
    write(page, " Et après.", 1)
    server.start()
    expect(state(page)).to_have_text("Enregistré")
    expect(page.get_by_text("Le serveur ne répond pas.")).to_be_hidden()
    other = entered(playwright_browser, server, "Bao Kerdoncuff")
    for words in ("Avant le rechargement.", "Et après."):
        expect(other.locator(".draft")).to_contain_text(words)

    server.stop()
    write(page, " Mots de trop.", 3)
    page.reload()
    expect(page.locator(".draft")).to_contain_text("Mots de trop.")
    cookies: Any = page.context.cookies()
    page.context.clear_cookies()
    server.start()
    told = page.get_by_role("alert").filter(has_text="Votre accès a pris fin.")
    expect(told).to_be_visible()
    expect(told.get_by_role("button", name="Copier mon texte")).to_be_visible()
    expect(page.locator(".draft")).to_contain_text("Mots de trop.")

    page.context.add_cookies(cookies)
    page.goto(DRAFT)
    expect(page.locator(".draft")).to_contain_text("Mots de trop.")
    expect(state(page)).to_have_text("Enregistré")
    page.locator(".own > summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/c/demo/")
    assert page.evaluate(KEPT) == {"pages": [], "texts": []}
    assert problems == []


@pytest.mark.slow
def test_two_write_at_once_over_a_satellite(playwright_browser: Browser, server: Server) -> None:
    with satellite(server.port) as port:
        far = entered(playwright_browser, server, "Éva Lointaine", port)
        near = entered(playwright_browser, server, "Bao Kerdoncuff")
        problems = watched(far)
        start = far.locator(".draft__clause p").first
        start.click()
        far.keyboard.press("Home")
        near.locator(".draft__clause p").nth(1).click()
        near.keyboard.press("Home")
        for far_word, near_word in zip(("Or ", "donc ", "alors "), ("Un ", "deux ", "trois "), strict=True):
            far.keyboard.type(far_word)
            near.keyboard.type(near_word)
        expect(start).to_contain_text("Or donc alors ")  # at once: nothing waits for the network
        expect(near.locator(".draft__clause p").first).to_contain_text("Or donc alors ")
        expect(far.locator(".draft__clause p").nth(1)).to_contain_text("Un deux trois ")
        expect(state(far)).to_have_text("Enregistré")
        assert problems == []
