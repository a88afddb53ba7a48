"""The people of one congress, each in a browser of their own, and what every page that they meet must be."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.accessibility import breaches, overflow
from tests.conftest import patient, watched
from tests.server_process import Server, pleniere
from tests.waiting import until

DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
DARK: dict[str, Any] = DESK | {"color_scheme": "dark"}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
BETWEEN_RELOADS = 1_500
"""Milliseconds that a page is given to show what is new by itself."""
NO_SCRIPT: dict[str, Any] = PHONE | {"java_script_enabled": False}


@dataclass
class Stage:
    """`slug` is the congress where short addresses lead: `at(page, "motions/1")`."""

    browser: Browser
    server: Server
    slug: str
    stack: ExitStack
    problems: list[list[str]] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def enter(self, link: str = "", **look: Any) -> Page:
        """A person's own browser, signed in by that link; a visitor's without one."""
        common = {"base_url": self.server.url, "locale": "fr-FR", "timezone_id": "Europe/Paris"}
        context = patient(self.browser.new_context(**(common | look)))
        self.stack.callback(context.close)
        page = context.new_page()
        self.problems.append(watched(page))
        self.pages.append(page)
        if link:
            page.goto(link)
            page.wait_for_url("**/c/**")
        return page

    def invite(self, role: str, name: str, **look: Any) -> Page:
        """A new person of that role, invited by the operator."""
        return self.enter(self.server.invite(role, name, self.slug), **look)

    def at(self, page: Page, path: str = "") -> Page:
        self.settle()
        page.goto(f"/c/{self.slug}/{path}")
        return page

    def desk(self, page: Page, path: str = "") -> Page:
        self.settle()
        page.goto(f"/organisation/{self.slug}/{path}")
        return page

    def settle(self) -> None:
        """Returns once nobody is sending anything: what one pressed may be what another is about to look for."""
        for page in self.pages:
            if not page.is_closed():
                settled(page)

    def pleniere(self, *arguments: str) -> str:
        """One command of the operator on this server's data; it must succeed."""
        done = pleniere(self.server.data, *arguments, PLENIERE_ORIGIN=self.server.url)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def open_a_poll(stage: Stage, organiser: Page) -> None:
    """On the first amendment that waits and may be voted now, from the chair's console."""
    stage.at(organiser, "amendements")
    hrefs = organiser.locator("main a[href*='/amendements/']").evaluate_all("all => all.map((a) => a.pathname)")
    numbers = sorted({int(href.rpartition("/")[2]) for href in hrefs if href.rpartition("/")[2].isdecimal()})
    for number in numbers:
        opening = stage.at(organiser, f"seance?agir={number}").get_by_role(
            "button", name=f"Ouvrir le vote sur le n° {number}"
        )
        if opening.count():
            opening.first.click()
            opened = organiser.locator(".chair-poll").filter(has_text=re.compile(rf"n°\s{number}\b"))
            expect(opened.first).to_be_visible()
            return
    raise AssertionError("no amendment may be voted now")


def appears(words: Locator) -> None:
    """The page shows it, now or when it is loaded anew: what is written live reaches pages when its burst ends."""

    def is_shown() -> bool:
        try:
            expect(words).to_be_visible(timeout=BETWEEN_RELOADS)
        except AssertionError:
            words.page.reload()
            return False
        return True

    until(is_shown, lambda: f"not shown: {words}")


def close(page: Page) -> None:
    """Closes the poll of this page: the first press says what follows, the second does it."""
    page.locator("summary").filter(has_text="Clore le scrutin").click()
    page.get_by_role("button", name="Clore le scrutin et proclamer").click()


def sound(page: Page) -> Page:
    """The page as it stands is accessible (WCAG 2.2 AA) and does not scroll sideways."""
    assert breaches(settled(page)) == []
    assert overflow(page) == []
    return page


def settled(page: Page) -> Page:
    """The page, once no form of it is being sent: a press first asks whether the server answers, then leaves."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.wait_for_load_state()
    return page
