"""An amendment written on a phone: its changes in sight, its words kept through a cut, tabled once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.stage import PHONE, sound
from tests.conftest import watched
from tests.waiting import until


def choose(page: Page, word: str) -> None:
    """Selects a word of the passage, as a double tap does."""
    page.locator(".draft").evaluate(
        """(draft, word) => {
            const walker = document.createTreeWalker(draft, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(word);
                if (at < 0) continue;
                draft.focus();
                getSelection().setBaseAndExtent(node, at, node, at + word.length);
                return;
            }
        }""",
        word,
    )


def lose_one_answer(page: Page) -> None:
    """The next thing that is sent arrives, and its answer is lost on the way."""

    def cut(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**/amendements", cut, times=1)


@pytest.mark.slow
def test_an_amendment_is_written_on_a_phone_and_tabled_once(sign_in: Callable[..., Page]) -> None:
    page = sign_in("elu", "Lena Kervadec", **PHONE)
    problems = watched(page)
    page.goto("/c/demo/motions/1")
    page.locator("#clause-dsante0001").get_by_role("link", name="Amender").tap()
    choose(page, "soignant")
    page.keyboard.type("médecin")
    expect(page.locator(".draft del")).to_have_text("soignant")
    expect(page.locator(".draft ins")).to_have_text("médecin")
    expect(page.locator(".change-count")).to_have_text("1 changement")
    expect(page.locator(".saving")).to_contain_text("Brouillon gardé sur cet appareil")
    sound(page)
    page.context.set_offline(True)
    expect(page.locator(".saving")).to_contain_text("Hors ligne")
    page.get_by_label("Exposé des motifs").fill("Un médecin, tout simplement.")
    page.get_by_role("button", name="Relire").tap()
    expect(page.locator(".draft ins")).to_have_text("médecin")
    page.context.set_offline(False)
    expect(page.locator(".saving")).to_contain_text("pas encore déposé")
    until(lambda: "tout simplement" in page.evaluate("Object.values(localStorage).join()"))
    page.reload()
    expect(page.locator(".draft ins")).to_have_text("médecin")
    expect(page.get_by_label("Exposé des motifs")).to_have_value("Un médecin, tout simplement.")
    lose_one_answer_of_tabling(page)
    page.goto("/c/demo/amendements/nouveau?motion=1&cible=rewrite:dsante0001")
    expect(page.locator(".draft ins")).to_have_text("médecin")
    page.get_by_role("button", name="Relire").tap()
    page.get_by_role("button", name="Déposer").tap()
    expect(page.locator("#recu")).to_contain_text("déposé.")
    expect(page.locator(".difference ins")).to_contain_text("médecin")
    page.goto("/c/demo/motions/1/passages/dsante0001")
    expect(page.locator(".side").filter(has_text="Lena Kervadec")).to_have_count(1)
    page.goto("/c/demo/amendements/nouveau?motion=1&cible=rewrite:dsante0001")
    expect(page.locator(".change-count")).to_have_text("Rien n’est changé.")
    assert problems == []


def lose_one_answer_of_tabling(page: Page) -> None:
    page.get_by_role("button", name="Relire").tap()
    tabling = page.get_by_role("button", name="Déposer")
    expect(tabling).to_be_visible()
    sound(page)
    lose_one_answer(page)
    with page.expect_event("requestfailed"):
        tabling.tap()
    expect(page).to_have_url(re.compile("^chrome-error:"))  # else it would interrupt what is opened next


@pytest.mark.slow
def test_words_typed_before_the_editor_came_are_tabled(sign_in: Callable[..., Page]) -> None:
    """On a slow network the plain field is there first."""
    page = sign_in("elu", "Alix Rémond", **PHONE)
    held: list[Route] = []
    page.route("**/amend-*.js", lambda route: held.append(route))
    page.goto("/c/demo/amendements/nouveau?motion=1&cible=rewrite:dsante0001", wait_until="commit")
    page.locator("[name=text]").fill("Demande un médecin dans chaque canton.")
    with page.expect_response("**/amend-*.js"):
        held[0].continue_()
    page.get_by_label("Exposé des motifs").fill("Parce qu’il en manque.")
    page.get_by_role("button", name="Relire").tap()
    expect(page.get_by_text("Demande un médecin dans chaque canton.")).to_be_visible()
