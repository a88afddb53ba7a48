"""The language of an answer: the one chosen, otherwise the one preferred by the browser, otherwise French."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.translations import load
from server.web.languages import preferred
from tests.server.browsing import Site, site


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "fr"),
        ("en-GB,en;q=0.9", "en"),
        ("de,en;q=0.7,fr;q=0.3", "en"),
        ("fr-CA, en;q=0.8", "fr"),
        ("de-DE", "fr"),
        ("en;q=0, fr;q=0.1", "fr"),
        ("*", "fr"),
        ("*;q=0.2, EN;q=0.5", "en"),
        ("en;q=plenty, fr;q=0.2", "fr"),
        ("x," * 100 + "en", "fr"),
    ],
)
def test_the_browser_s_preference_is_followed(header: str, lang: str) -> None:
    assert preferred(header) == lang


@given(st.text(max_size=200))
def test_any_header_gives_a_language_of_the_interface(header: str) -> None:
    assert preferred(header) in load()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as found:
        yield found


def test_what_was_chosen_here_goes_before_what_the_browser_prefers(running: Site) -> None:
    english = {"accept-language": "en"}
    page = running.request("GET", "/c/essai/", {}, headers=english)
    assert '<html lang="en"' in page.text
    assert page.headers["vary"].startswith("Cookie, Accept-Language")
    assert '<html lang="fr"' in running.request("GET", "/c/essai/", {"langue": "fr"}, headers=english).text
    assert '<html lang="fr"' in running.request("GET", "/c/essai/", {}).text
