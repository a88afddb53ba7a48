"""Two élus write one motion at once, each in a browser of their own; an organiser may only read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

SignIn = Callable[..., Page]
DRAFT = "/c/demo/motions/2/edition"


def opened(page: Page, editable: bool = True) -> Page:
    page.goto(DRAFT)
    expect(page.locator(".draft")).to_have_attribute("contenteditable", "true" if editable else "false")
    return page


def write(page: Page, text: str) -> None:
    page.locator(".draft p").last.click()
    page.keyboard.press("End")
    page.keyboard.type(text)


@pytest.mark.slow
def test_two_elus_see_each_other_write(sign_in: SignIn) -> None:
    ada, bao = opened(sign_in("elu", "Ada Lormeau")), opened(sign_in("elu", "Bao Kerdoncuff"))
    write(ada, " Ajouté par Ada.")
    expect(bao.locator(".draft")).to_contain_text("Ajouté par Ada.")
    write(bao, " Ajouté par Bao.")
    expect(ada.locator(".draft")).to_contain_text("Ajouté par Bao.")
    expect(ada.get_by_text("Bao Kerdoncuff").first).to_be_attached()


@pytest.mark.slow
def test_what_was_written_is_there_after_a_reload(sign_in: SignIn) -> None:
    page = opened(sign_in("elu", "Cléo Mazurel"))
    write(page, " Gardé pour toujours.")
    expect(page.get_by_text("Enregistré").first).to_be_visible()
    page.reload()
    expect(page.locator(".draft")).to_contain_text("Gardé pour toujours.")


@pytest.mark.slow
def test_an_organiser_reads_and_cannot_write(sign_in: SignIn) -> None:
    page = opened(sign_in("organiser", "Dana Vilmorin"), editable=False)
    expect(page.locator(".draft")).not_to_be_empty()
