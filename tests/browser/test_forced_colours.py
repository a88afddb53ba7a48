"""In forced-colours mode, a selection is shown by more than its background colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_islands import open_poll

SignIn = Callable[..., Page]
FORCED: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "forced_colors": "active"}
LOOK = """(paper) => {
  const style = getComputedStyle(paper.querySelector("span"));
  const tick = getComputedStyle(paper.querySelector("span"), "::after").content;
  return [style.backgroundColor, style.borderTopWidth, tick];
}"""


@pytest.mark.slow
def test_a_ballot_shows_what_is_chosen(sign_in: SignIn) -> None:
    voter = sign_in("elu", "Nolwenn Quéré", **FORCED)
    voter.goto(f"/c/demo/scrutins/{open_poll(sign_in)}")
    assert voter.locator("form.ballot-form [required]").count() == 0, "nothing is announced wrong before anybody chose"
    voter.get_by_label("Contre").check(force=True)
    chosen, other = (voter.locator(f".paper.{name}").evaluate(LOOK) for name in ("contre", "pour"))
    assert chosen[0] != other[0]
    assert float(chosen[1].removesuffix("px")) > float(other[1].removesuffix("px"))
    assert "✓" in chosen[2]
    assert "✓" not in other[2]


@pytest.mark.slow
def test_a_tab_shows_where_one_is(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto("/c/demo/motions")
    here = page.locator(".tabs a[aria-current]")
    expect(here).to_have_css("outline-style", "solid")
