"""The client's islands: ballots that survive a network failure, true states of saving, maps by keyboard, checked
proofs.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect

from tests.browser.accessibility import breaches, overflow
from tests.conftest import watched
from tests.waiting import until

SignIn = Callable[..., Page]
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DRAFT = "/c/demo/motions/2/edition"
MAP = "/c/demo/cartes/1/edition"


def command(page: Page, name: str, **data: object) -> APIResponse:
    origin = re.match(r"https?://[^/]+", page.url)
    assert origin
    body = {"id": secrets.token_hex(8), "name": name, "data": data}
    return page.request.post("/api/v1/c/demo/commandes", data=body, headers={"Origin": origin.group()})


def open_poll(sign_in: SignIn) -> int:
    organiser = sign_in("organiser", "Edda Falguière")
    for amendment in (9, 10, 11, *range(1, 25)):
        answer = command(organiser, "poll.open", subject=f"amendement-{amendment}")
        if answer.ok:
            return int(answer.json()["entries"][0][2].rpartition("-")[2])
    raise AssertionError(answer.text())


def lose_the_network(page: Page, pattern: str, times: int) -> list[str]:
    """Cuts the first answers to requests of that kind; the bodies that were sent."""
    sent: list[str] = []

    def cut(route: Route) -> None:
        sent.append(route.request.post_data or "")
        if len(sent) <= times:
            route.abort()
        else:
            route.continue_()

    page.route(pattern, cut)
    return sent


@pytest.mark.slow
def test_a_ballot_is_recorded_once_after_a_cut(sign_in: SignIn) -> None:
    voter = sign_in("elu", "Fanch Ollivaud", **PHONE)
    poll = open_poll(sign_in)
    problems = watched(voter)
    voter.goto(f"/c/demo/scrutins/{poll}")
    sent = lose_the_network(voter, "**/commandes", times=2)
    voter.get_by_label("Pour").tap()
    voter.get_by_role("button", name="Confirmer").tap()
    expect(voter.get_by_text("Pas encore enregistré")).to_be_visible()
    expect(voter.get_by_text("Vote enregistré : Pour.")).to_be_visible()
    assert len(sent) == 3
    assert len(set(sent)) == 1
    assert problems == []
    assert overflow(voter) == []


@pytest.mark.slow
def test_offline_words_stay_and_arrive_later(sign_in: SignIn) -> None:
    writer = sign_in("elu", "Gwenn Aubriot")
    writer.goto(DRAFT)
    saving = writer.locator(".saving__text")
    expect(saving).to_have_text("Enregistré")
    writer.context.set_offline(True)
    expect(saving).to_have_text("Hors ligne — conservé sur cet appareil")
    writer.locator(".draft p").last.click()
    writer.keyboard.press("End")
    writer.keyboard.type(" Écrit dans le train.")
    writer.context.set_offline(False)
    expect(saving).to_have_text("Enregistré")
    reader = sign_in("scribe", "Hugues Tardivel")
    reader.goto(DRAFT)
    expect(reader.locator(".draft")).to_contain_text("Écrit dans le train.")


@pytest.mark.slow
@pytest.mark.parametrize("look", [PHONE, {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"}])
def test_the_editor_is_accessible_and_cites(sign_in: SignIn, look: dict[str, Any]) -> None:
    page = sign_in("elu", "Inès Carlier", **look)
    problems = watched(page)
    page.goto(DRAFT)
    page.locator(".draft p").last.click()
    page.get_by_role("button", name="Citer un témoignage").click()
    page.locator(".source summary").first.click()
    field = page.locator(".source__text").first
    field.evaluate("field => (field.focus(), field.setSelectionRange(0, 40))")
    page.get_by_role("button", name="Citer le passage sélectionné").first.click()
    expect(page.locator(".draft .citation").last).to_be_visible()
    expect(page.locator(".clause__sources q").last).to_be_visible()
    assert breaches(page) == []
    assert overflow(page) == []
    assert problems == []


@pytest.mark.slow
def test_a_map_grows_from_the_keyboard(sign_in: SignIn) -> None:
    page = sign_in("scribe", "Jeanne Pelhate", viewport={"width": 1440, "height": 900})
    problems = watched(page)
    page.goto(MAP)
    page.get_by_role("treeitem").last.click()
    page.keyboard.press("Enter")
    page.keyboard.type("Une idée de la salle")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("et ce qui en découle")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".saving__text")).to_have_text("Enregistré")
    below = page.get_by_role("treeitem").filter(has_text="et ce qui en découle")
    above = page.get_by_role("treeitem").filter(has_text="Une idée de la salle")
    assert int(below.get_attribute("aria-level") or 0) == int(above.get_attribute("aria-level") or 0) + 1
    expect(page.locator(".box").filter(has_text="découle")).to_be_visible()
    assert breaches(page) == []
    assert problems == []
    page.reload()
    expect(above).to_be_visible()


def test_the_browser_verifies_an_entry(page: Page) -> None:
    page.goto("/c/demo/registre/12")
    expect(page.get_by_role("heading", name="Vérifié par votre navigateur")).to_be_visible()
    expect(page.locator(".check-wrong")).to_have_count(0)
    expect(page.get_by_text("Cette écriture est bien dans le registre")).to_be_visible()


def test_a_changed_entry_is_not_verified(page: Page) -> None:
    def forge(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("&#34;actor&#34;:&#34;p", "&#34;actor&#34;:&#34;q"))

    page.route("**/registre/12", forge)
    page.goto("/c/demo/registre/12")
    expect(page.get_by_role("heading", name="La vérification a échoué")).to_be_visible()


def test_what_was_typed_is_there_again(page: Page) -> None:
    page.goto("/c/demo/temoignages/nouveau")
    page.get_by_label("Votre témoignage").fill("La fibre, un jour peut-être.")
    until(lambda: "un jour peut-être" in page.evaluate("Object.values(localStorage).join()"))
    page.goto("/c/demo/")
    page.goto("/c/demo/temoignages/nouveau")
    expect(page.get_by_label("Votre témoignage")).to_have_value("La fibre, un jour peut-être.")
    page.get_by_role("button", name="Effacer").click()
    expect(page.get_by_label("Votre témoignage")).to_have_value("")


def test_a_shrunken_record_raises_an_alarm(new_context: Callable[..., BrowserContext]) -> None:
    context = new_context(bypass_csp=True)  # the browser would not evaluate what the test waits for
    page = context.new_page()
    page.goto("/c/demo/")
    page.wait_for_function("localStorage.getItem('pleniere:checkpoint:demo')")
    page.evaluate(
        """() => {
            const known = JSON.parse(localStorage.getItem('pleniere:checkpoint:demo'));
            localStorage.setItem('pleniere:checkpoint:demo', JSON.stringify({ ...known, size: known.size + 1000 }));
            sessionStorage.clear();
        }"""
    )
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("n’est plus celui que ce navigateur connaissait")
