"""The voter's screen and the result that a browser counts again, in the hands of people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.stage import DARK, DESK, PHONE, Stage, close, open_a_poll, sound
from tests.server_process import Server


@pytest.fixture(scope="module")
def stage(playwright_browser: Browser, server: Server) -> Iterator[Stage]:
    with ExitStack() as stack:
        yield Stage(playwright_browser, server, "demo", stack)


@pytest.mark.slow
def test_the_voters_screen_shows_what_opens_and_the_result_is_counted_again(stage: Stage) -> None:
    """V3, V9: it opens by itself; two presses, or the keyboard alone; what closes says so, and its figures agree."""
    phone = stage.invite("elu", "Maël Kerdreux", **PHONE)
    keys = stage.invite("elu", "Nora Vasseur", **DARK)
    desk = stage.invite("organiser", "Odette Rivoal", **DESK)
    for page in (phone, keys):
        sound(stage.at(page, "voter"))
    open_a_poll(stage, desk)
    ballot = phone.locator(".booth-poll").filter(has=phone.locator("form"))
    expect(ballot).to_be_visible()
    number = ballot.get_attribute("data-booth-poll")
    ballot.get_by_label("Contre").check()
    ballot.get_by_role("button", name="Confirmer : Contre").tap()
    expect(ballot.get_by_text("Vote enregistré : Contre.")).to_be_visible()
    expect(ballot.get_by_role("button")).to_have_count(0)
    sound(phone)
    form = keys.locator(f'[data-booth-poll="{number}"] form')
    form.get_by_label("Pour").focus()
    keys.keyboard.press("Space")
    keys.keyboard.press("Enter")
    expect(form.get_by_text("Vote enregistré : Pour.")).to_be_visible()
    sound(keys)
    desk.goto(f"/c/demo/scrutins/{number}")
    close(desk)
    expect(ballot.get_by_text(f"Le scrutin n° {number} est clos.")).to_be_visible()
    ballot.get_by_role("link", name="Voir le résultat").tap()
    phone.get_by_role("button", name="Recompter dans ce navigateur").tap()
    expect(phone.get_by_text("Votre navigateur a recompté 2 bulletins")).to_be_visible()
    expect(phone.get_by_text("différent")).to_have_count(0)
    sound(phone)
