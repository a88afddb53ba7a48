"""Contributors' Markdown as HTML: safe, and bounded in work, on any input."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.markdown import Call, citations, plain, render
from exports.shortening import shorten


@pytest.mark.parametrize(
    "typed",
    [
        "[x](javascript:alert(1))",
        "[x](//evil.example/a)",
        "[x](blob:https://a.fr/1)",
        "[x](data:text/html,1)",
        "[x](/chemin)",
        "[^12]: https://a.fr\n\n[^12]",
        "<javascript:alert(1)>",
    ],
)
def test_links_outside_the_allowed_schemes_stay_text(typed: str) -> None:
    assert "<a " not in render(typed)


def test_no_images_and_no_html() -> None:
    html = render('![x](https://a.fr/p.png) <img src=x onerror=alert(1)> <b onclick="x">b</b>')
    assert "<img" not in html
    assert "<b" not in html.replace("<br", "")


def test_links_say_that_they_are_contributed() -> None:
    assert 'rel="nofollow noopener noreferrer ugc"' in render("[z](https://a.fr/?a=1&b=2)")


def test_headings_stay_out_of_the_outline() -> None:
    assert render("# Titre") == '<p class="intertitre"><strong>Titre</strong></p>\n'


def test_citation_leads_to_its_excerpt() -> None:
    html = render("Voir[^12] et[^13]", lambda n: Call("/x#extrait-12", "1", "note 1") if n == 12 else None)
    assert '<sup class="appel"><a href="/x#extrait-12" aria-label="note 1">1</a></sup>' in html
    assert "[^13]" in html
    assert citations("a[^12] b[^3] c[^12]") == [12, 3]


def calls(work: Callable[[], object]) -> int:
    """The number of function calls that `work` makes: a measure of work that does not depend on the machine's load."""
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[a](" * 5_000,
        "> " * 9_000,
        "*a " * 6_600,
        "".join("`" * i + " " for i in range(190)),
        "![[" * 6_000,
    ],
)
def test_work_is_bounded(text: str) -> None:
    """Twice the text is at most a little more than twice the work."""
    half = text[: len(text) // 2]
    assert calls(lambda: (render(text), plain(text))) < 3 * calls(lambda: (render(half), plain(half))) + 10_000


@given(st.text(alphabet="[]()*_`<>!&\\#-1a \n^:/", max_size=80))
def test_never_leaves_an_active_element(text: str) -> None:
    html = render(text)
    assert "<script" not in html
    assert "javascript:" not in html.lower() or "<a" not in html


def test_plain_words() -> None:
    assert plain("# Titre\n\nBon **jour** [z](https://a.fr)[^3]\n- a\n- b") == "Titre Bon jour z a b"
    assert shorten("un deux trois quatre", 12) == "un deux…"


def test_a_very_long_text_shows_no_signs_of_markdown() -> None:
    text = "Demande :\n\n" + "\n".join(f"{n}. un \\*mot\\* **gras** et [^12] l\\_un" for n in range(4, 1_000))
    assert len(text) > 20_000
    html = render(text, lambda n: Call(f"/x#{n}", "1"))
    assert "\\" not in html
    assert "**" not in html
    assert (html.count("<li>"), html.count('<sup class="appel">'), html.count("<strong>gras</strong>")) == (
        996,
        996,
        996,
    )
    assert '<ol start="4">' in html
    assert "\\" not in plain(text)
    assert plain(text).startswith("Demande : un *mot* gras et")


def test_a_very_long_paragraph_stays_one() -> None:
    html = render("mot \\*entre\\* " * 3_000 + "fin")
    assert html.count("<p>") == 1
    assert "\\" not in html
    assert html.count("*entre*") == 3_000


@pytest.mark.parametrize(
    "text", ["x" * 30_000 + " \\*a\\* **b**", "\\[a\\] **b** [c](https://a.fr) " + "`" * 60, "\\_ " * 60_000]
)
def test_what_is_not_parsed_shows_words(text: str) -> None:
    assert "\\" not in render(text)
    assert "**" not in render(text)
    assert "\\" not in plain(text)
