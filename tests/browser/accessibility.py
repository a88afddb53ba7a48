"""axe-core on a page: WCAG 2.2 AA and best practices; the page's own content policy stays in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "client" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


def breaches(page: Page) -> list[str]:
    """What axe finds wrong, each with the places; empty when the page is clean.

    The script is evaluated through the debugging protocol, which the content policy does not govern.
    """
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate(RUN, TAGS)
    return [
        f"{violation['id']}: {violation['help']}\n    "
        + "\n    ".join(node["html"][:160] for node in violation["nodes"])
        for violation in found["violations"]
    ]


def overflow(page: Page) -> list[str]:
    """The elements that make the page scroll sideways."""
    return list(
        page.evaluate(
            """() => {
              const width = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= width) return [];
              return [...document.querySelectorAll("body *")]
                .filter((element) => element.getBoundingClientRect().right > width + 1)
                .map((element) => element.outerHTML.slice(0, 120))
                .slice(0, 8);
            }"""
        )
    )
