"""Forms: drafts stored by their subject, sent once after a network failure, and shown as waiting."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.accessibility import breaches, overflow
from tests.browser.test_islands import open_poll
from tests.conftest import patient
from tests.server_process import Server

SignIn = Callable[..., Page]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
MODERATION = "/organisation/demo/moderation"


def testify(page: Page, *texts: str) -> list[int]:
    """Testimonies that wait for moderation; their numbers."""
    numbers = []
    for text in texts:
        page.goto("/c/demo/temoignages/nouveau")
        page.get_by_label("Votre témoignage").fill(text)
        page.get_by_role("button", name="Envoyer").click()
        expect(page.locator("#recu")).to_be_visible()
        found = re.search(r"temoignages/(\d+)", page.url)
        assert found
        numbers.append(int(found[1]))
    return numbers


def reason(page: Page, number: int) -> Locator:
    return page.locator(f"#champ-reason-{number}")


@pytest.mark.slow
def test_a_reason_never_moves_to_another_testimony(page: Page, sign_in: SignIn) -> None:
    first, second, third = testify(page, "Le car du matin.", "Réclame pour un magasin.", "La halle du bourg.")
    moderator = sign_in("organiser", "Aude Ferrandi")
    moderator.goto(MODERATION)
    reason(moderator, second).fill("C’est une réclame.")
    reason(moderator, third).fill("Déjà dit au n° 12.")
    moderator.locator(f"#t{first}").get_by_role("button", name=re.compile("Publier")).click()
    expect(moderator.locator(f"#t{first}")).to_have_count(0)
    assert reason(moderator, second).input_value() == "C’est une réclame."
    assert reason(moderator, third).input_value() == "Déjà dit au n° 12."
    notice = moderator.locator(f"#t{second} .draft-found")
    expect(notice).to_contain_text("Brouillon retrouvé")
    assert breaches(moderator) == []
    assert overflow(moderator) == []
    notice.get_by_role("button", name="Effacer").click()
    expect(reason(moderator, second)).to_have_value("")
    moderator.reload()
    expect(reason(moderator, second)).to_have_value("")
    expect(reason(moderator, third)).to_have_value("Déjà dit au n° 12.")


@pytest.mark.slow
def test_a_form_without_a_network_is_sent_later_and_once(page: Page) -> None:
    page.goto("/c/demo/temoignages/nouveau")
    page.get_by_label("Votre témoignage").fill("Écrit dans le tunnel, une seule fois.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Envoyer").click()
    waiting = page.locator("[data-outbox]")
    expect(waiting).to_contain_text("partira de lui-même")
    expect(page.get_by_label("Votre témoignage")).to_have_value("Écrit dans le tunnel, une seule fois.")
    with page.expect_event("dialog") as closing:
        page.close(run_before_unload=True)
    assert closing.value.type == "beforeunload"
    closing.value.dismiss()
    page.context.set_offline(False)
    expect(waiting).to_contain_text("c’est enregistré")
    expect(page.get_by_label("Votre témoignage")).to_have_value("")
    entry = waiting.get_by_role("link").get_attribute("href") or ""
    page.goto(entry)
    expect(page.locator("#recu")).to_be_visible()
    page.goto("/c/demo/temoignages/nouveau")
    expect(page.locator("[data-outbox]")).to_have_count(0)


@pytest.mark.slow
def test_a_server_that_is_gone_since_the_page_came_loses_no_form(
    playwright_browser: Browser, start_server: Callable[..., Server]
) -> None:
    server = start_server()
    look: dict[str, Any] = {"base_url": server.url, "locale": "fr-FR"}
    other = patient(playwright_browser.new_context(**look)).new_page()
    other.clock.install()
    [number] = testify(other, "La halle du bourg.")
    page = patient(playwright_browser.new_context(**look)).new_page()
    page.goto(server.invite("organiser", "Aude Ferrandi"))
    page.wait_for_url("**/c/demo/**")
    page.goto(MODERATION)
    reason(page, number).fill("C’est une réclame.")
    other.goto("/c/demo/temoignages/nouveau")
    other.get_by_label("Votre témoignage").fill("Écrit juste avant la panne.")

    server.stop()
    other.get_by_role("button", name="Envoyer").click()
    expect(other.locator("[data-outbox]")).to_contain_text("partira de lui-même")
    expect(other.get_by_label("Votre témoignage")).to_have_value("Écrit juste avant la panne.")
    page.locator(f"#t{number}").get_by_role("button", name=re.compile("Publier")).click()
    expect(page.locator("[data-outbox]").first).to_contain_text("Pas de réseau")
    expect(reason(page, number)).to_have_value("C’est une réclame.")
    page.locator(".own > summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("banner").get_by_text("rien n’est envoyé")).to_be_visible()
    assert page.url.endswith(MODERATION)

    server.start()
    other.clock.fast_forward(15_000)
    expect(other.locator("[data-outbox]")).to_contain_text("c’est enregistré")
    entry = other.locator("[data-outbox]").get_by_role("link").get_attribute("href") or ""
    other.goto(entry)
    expect(other.locator("#recu")).to_be_visible()
    page.goto(MODERATION)
    expect(reason(page, number)).to_have_value("C’est une réclame.")
    expect(page.locator(".queue-item .prose", has_text="Écrit juste avant la panne.")).to_have_count(1)
    page.context.close()
    other.context.close()


@pytest.mark.slow
def test_what_waits_is_told_on_the_next_page(page: Page) -> None:
    page.clock.install()
    page.goto("/c/demo/temoignages/nouveau")
    page.get_by_label("Votre témoignage").fill("Écrit sur le quai.")
    page.clock.fast_forward(60_000)
    page.route("**/healthz", lambda route: route.abort())
    page.route("**/temoignages", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("[data-outbox]")).to_contain_text("partira de lui-même")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/c/demo/motions")
    expect(page.locator("[data-outbox]")).to_contain_text("Un envoi attend le réseau")
    page.unroute_all()
    page.goto("/c/demo/cartes")
    expect(page.locator("[data-outbox]")).to_contain_text("c’est enregistré")


@pytest.mark.slow
def test_a_vote_that_waits_is_told_on_the_next_page(sign_in: SignIn) -> None:
    voter = sign_in("elu", "Maël Kerdoncuff", **PHONE)
    poll = open_poll(sign_in)
    voter.goto(f"/c/demo/scrutins/{poll}")
    voter.get_by_role("button", name="Confirmer").tap()
    expect(voter.get_by_text("Choisissez d’abord une réponse")).to_be_visible()
    voter.route("**/commandes", lambda route: route.abort())
    voter.get_by_label("Contre").tap()
    voter.get_by_role("button", name="Confirmer").tap()
    expect(voter.get_by_text("Pas encore enregistré")).to_be_visible()
    voter.on("dialog", lambda dialog: dialog.accept())
    voter.goto("/c/demo/motions")
    told = voter.get_by_text(f"Votre vote au scrutin n° {poll} n’a pas été confirmé")
    expect(told).to_be_visible()
    assert breaches(voter) == []
    assert overflow(voter) == []
    voter.unroute_all()
    told.get_by_role("link").tap()
    voter.get_by_role("button", name="L’envoyer de nouveau").tap()
    expect(voter.get_by_text("Vote enregistré : Contre.")).to_be_visible()
    voter.goto("/c/demo/motions")
    expect(told).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("window", [(740, 180), (320, 225)])
def test_the_editor_leaves_room_to_write_in_a_low_window(sign_in: SignIn, window: tuple[int, int]) -> None:
    """A phone on its side with its keyboard, and a desk at 400 %: four lines at least are free around the cursor."""
    page = sign_in("elu", f"Rozenn Bas {window[0]}", viewport={"width": window[0], "height": window[1]})
    page.goto("/c/demo/motions/2/edition")
    expect(page.locator(".draft")).to_have_attribute("contenteditable", "true")
    page.locator(".draft p").nth(2).click()
    page.keyboard.press("End")
    assert page.evaluate(COVERED) <= 24
    caret = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
    assert 0 <= caret["top"] < caret["bottom"] <= window[1]
    expect(page.locator(".saving__text")).to_be_in_viewport()


COVERED = """() => [...document.querySelectorAll(".editor *")]
  .filter((each) => ["fixed", "sticky"].includes(getComputedStyle(each).position) && each.checkVisibility())
  .map((each) => each.getBoundingClientRect())
  .filter((box) => box.bottom > 0 && box.top < innerHeight && box.width > 1)
  .reduce((pixels, box) => pixels + box.height, 0)"""
"""Pixels of the window's height that the editor keeps for what does not scroll."""
