"""Writing behind a proxy that blocks WebSockets: two people write one text, and pages say how they are connected."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.conftest import patient, watched
from tests.narrow_proxy import narrow_proxy
from tests.server_process import Server

DRAFT = "/c/demo/motions/2/edition"
BY_HTTP = "Connecté par une voie de secours"


def entered(browser: Browser, server: Server, name: str, port: int) -> Page:
    """A new élu's own browser, on the draft, through that port."""
    look: ViewportSize = {"width": 1440, "height": 900}
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", viewport=look)
    page = patient(context).new_page()
    page.goto(server.invite("elu", name).replace(f":{server.port}/", f":{port}/"))
    page.wait_for_url("**/c/demo/**")
    page.goto(f"http://127.0.0.1:{port}{DRAFT}")
    return page


def saved(page: Page) -> None:
    expect(page.locator(".saving__text")).to_have_text("Enregistré")


def write(page: Page, clause: int, words: str) -> None:
    page.locator(".draft__clause p").nth(clause).click()
    page.keyboard.press("End")
    page.keyboard.type(words)


@pytest.mark.slow
def test_two_write_one_text_where_no_websocket_gets_through(playwright_browser: Browser, server: Server) -> None:
    with narrow_proxy(server.port) as port:
        ada, bao = (entered(playwright_browser, server, name, port) for name in ("Ada Étroite", "Bao Étroit"))
        problems = [watched(page) for page in (ada, bao)]
        for page in (ada, bao):
            expect(page.locator(".saving__way").get_by_text(BY_HTTP)).to_be_visible()
            saved(page)
        write(ada, 0, " Écrit par Ada sans socket.")
        write(bao, 1, " Écrit par Bao sans socket.")
        expect(bao.locator(".draft")).to_contain_text("Écrit par Ada sans socket.")
        expect(ada.locator(".draft")).to_contain_text("Écrit par Bao sans socket.")
        expect(ada.locator(".editor").get_by_text("Bao Étroit").first).to_be_attached()
        for page in (ada, bao):
            saved(page)
        assert problems == [[], []]

        ada.reload()  # remembered: the second visit loses no time over WebSockets
        sockets: list[str] = []
        ada.on("websocket", lambda socket: sockets.append(socket.url))
        saved(ada)
        assert sockets == []
        far = entered(playwright_browser, server, "Cléo Large", server.port)
        saved(far)
        expect(far.get_by_text(BY_HTTP)).to_be_hidden()
        expect(far.locator(".draft")).to_contain_text("Écrit par Ada sans socket.")
        write(far, 0, " Et Cléo avec.")
        expect(ada.locator(".draft")).to_contain_text("Et Cléo avec.")
        for page in (ada, bao, far):
            page.context.close()
