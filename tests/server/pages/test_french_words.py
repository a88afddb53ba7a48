"""What people wrote in French is marked as French on English pages, for screen readers and translation tools."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.server import sites
from tests.server.sites import ELU, ORGANISER, Site

WORDS = "Paroles citées"
PLAIN = {"script", "style", "title", "option"}
"""Elements that hold plain text, a part of which cannot be marked."""
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Unmarked(HTMLParser):
    """Collects the texts that contain `WORDS` and whose nearest `lang` is not French, each with its surrounding
    elements.
    """

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[tuple[str, str]] = []
        self.seen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        lang = dict(attrs).get("lang") or (self.open[-1][1] if self.open else "")
        if tag not in VOID:
            self.open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        while any(known == tag for known, _ in self.open):
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if WORDS not in data or any(tag in PLAIN for tag, _ in self.open):
            return
        self.seen += 1
        if self.open[-1][1] != "fr":
            self.found.append((" ".join(tag for tag, _ in self.open[-4:]), data.strip()[:80]))


def said(place: str) -> str:
    """French text with `WORDS`, except for names of people and places, which have no language."""
    return "Ana Lima" if place.endswith(("name", "collectivity", "mandate")) else f"{WORDS} {place}."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data: Path = tmp_path_factory.mktemp("data")
    with sites.opened(data) as opened:
        sites.found(opened)
        sites.fill(opened, said)
        yield opened


@pytest.mark.parametrize("who", ["", ELU, ORGANISER])
def test_words_in_french_are_marked_on_english_pages(site: Site, who: str) -> None:
    """Each page that links lead to, asked for in English by `Accept-Language`."""
    seen, unmarked = 0, dict[str, list[tuple[str, str]]]()
    for path, answer in sites.crawl(site, who, **{"accept-language": "en"}).items():
        if answer.headers.get("content-type", "").startswith("text/html") and '<html lang="en"' in answer.text:
            page = Unmarked()
            page.feed(answer.text)
            seen += page.seen
            unmarked |= {path: page.found} if page.found else {}
    assert seen > 50
    assert unmarked == {}
