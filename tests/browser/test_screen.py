"""The screen of the hall holds whatever it shows, at the size of every projector, without scrolling (S42)."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import DESK, Stage
from tests.server_process import Server
from tests.waiting import until

SIZES = ((1280, 720), (1440, 900), (1920, 1080), (1024, 768), (3840, 2160))
OVERFLOW = """() => {
  const page = document.documentElement;
  const outside = [...document.querySelectorAll(".stage-fit *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.height > 0 && (box.bottom > innerHeight + 1 || box.right > innerWidth + 1 || box.top < -1);
  });
  return {
    scrolls: page.scrollHeight > innerHeight || page.scrollWidth > innerWidth,
    outside: outside.map((one) => one.className || one.textContent.slice(0, 40)),
    letters: parseFloat(getComputedStyle(document.querySelector(".stage-fit")).fontSize) / innerHeight,
  };
}"""
LEGIBLE = 0.008
"""The least share of the picture's height that the smallest letters take, in the longest of what is shown."""


@pytest.mark.slow
def test_whatever_is_shown_fits_every_picture(playwright_browser: Browser, start_server: Callable[..., Server]) -> None:
    with ExitStack() as stack:
        stage = Stage(playwright_browser, start_server(), "demo", stack)
        olga = stage.invite("organiser", "Olga Orsini", **DESK)
        screen = stage.at(stage.enter(**DESK), "ecran")
        state = olga.request.get(f"{stage.server.url}/api/v1/c/demo/seance").json()
        assert not state["sittings"][-1]["closed"]
        check_fit(stage, olga, screen, "suivre", 0)
        for poll in state["open_polls"]:
            assert ask(stage, olga, "poll.close", poll=poll)
        speak(stage, olga)
        for mode, number in shown(stage, olga):
            check_fit(stage, olga, screen, mode, number)
        assert [problem for found in stage.problems for problem in found] == []


def ask(stage: Stage, page: Page, name: str, **data: Any) -> bool:
    """A command by whoever is signed in there; whether it was accepted."""
    address = f"{stage.server.url}/api/v1/c/{stage.slug}/commandes"
    return page.request.post(address, data={"name": name, "data": data}, headers={"Origin": stage.server.url}).ok


def speak(stage: Stage, olga: Page) -> None:
    """Somebody speaks, and four others wait."""
    ask(stage, olga, "session.call", subject="motion-1")
    for number in range(4, 9):
        ask(stage, olga, "speakers.ask", purpose="pour", person=f"p{number}")
    waiting = olga.request.get(f"{stage.server.url}/api/v1/c/demo/seance").json()["speakers"]
    assert ask(stage, olga, "speakers.give", turn=waiting[0]["turn"])


def shown(stage: Stage, page: Page) -> list[tuple[str, int]]:
    """Every mode, and every result, text, map of the demonstration; the longest testimony."""
    listed = page.request.get(f"{stage.server.url}/api/v1/c/demo/scrutins").json()["items"]
    polls = [("resultat", poll["number"]) for poll in listed if poll.get("tally")]
    return [
        ("suivre", 0),
        *((mode, 0) for mode in ("orateurs", "deroule", "temoigner", "signer")),
        *polls,
        ("texte", 1),
        ("carte", 1),
        ("temoignage", 1),
    ]


SHOWN = {"resultat": re.compile("resultat|adoption")}


def check_fit(stage: Stage, olga: Page, screen: Page, mode: str, number: int) -> None:
    """While that is shown, everything fits at each size, once the page has followed the change of size."""
    ask(stage, olga, "screen.show", mode=mode, number=number)
    screen.reload()
    expect(screen.locator("[data-shown]")).to_have_attribute("data-shown", SHOWN.get(mode, re.compile(mode)))
    for width, height in SIZES:
        screen.set_viewport_size({"width": width, "height": height})
        until(lambda: not misfits(screen), lambda: f"{mode} {number} at {width}×{height}: {misfits(screen)}")  # noqa: B023


def misfits(screen: Page) -> dict[str, Any]:
    """What lies outside the picture, scrolls or is too small; empty when all is well."""
    measured: dict[str, Any] = screen.evaluate(OVERFLOW)
    return measured if measured["scrolls"] or measured["outside"] or measured["letters"] < LEGIBLE else {}
