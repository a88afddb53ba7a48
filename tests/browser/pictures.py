"""Takes the pictures of the README anew: `.venv/bin/python -m tests.browser.pictures`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.needs import BROWSER_ARGUMENTS, find_chromium, playwright_node
from tests.server_process import Server

FOLDER = Path(__file__).resolve().parents[2] / ".pictures"
WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


def entered(browser: Browser, server: Server, link: str, size: dict[str, int]) -> Page:
    context = browser.new_context(viewport=size, base_url=server.url, locale="fr-FR")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(link)
    page.wait_for_url("**/c/demo/**")
    return page


def writing(browser: Browser, server: Server) -> None:
    """A motion under the pen of two people, seen by one of them."""
    ada, bao = (
        entered(browser, server, server.invite("elu", name), WIDE) for name in ("Ada Lormeau", "Bao Kerdoncuff")
    )
    for page in (ada, bao):
        page.goto("/c/demo/motions/2/edition")
        expect(page.locator(".draft")).to_have_attribute("contenteditable", "true")
    bao.locator(".draft p").nth(1).click()
    bao.keyboard.press("End")
    ada.locator(".draft p").nth(2).click()
    ada.keyboard.press("End")
    expect(ada.locator(".remote-caret")).to_have_count(1)
    ada.screenshot(path=FOLDER / "writing.png")


def voting(browser: Browser, server: Server) -> None:
    """The open poll on the phone of one who may vote."""
    page = entered(browser, server, server.links()[0], PHONE)
    page.goto("/c/demo/voter")
    page.get_by_label("Pour").first.check()
    page.screenshot(path=FOLDER / "vote.png")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "data")
        server.start()
        try:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(BROWSER_ARGUMENTS))
            writing(browser, server)
            voting(browser, server)
            browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    playwright_node()
    main()
