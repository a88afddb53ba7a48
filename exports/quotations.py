"""The narrator's sentences on a page in another language than the words that they quote."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape


def marked(sentence: str, quoted: Iterable[str]) -> Markup:
    """The sentence as HTML, with the quoted parts marked as French."""
    found = escape(sentence)
    for text in quoted:
        found = Markup(found.replace(escape(text), Markup('<span lang="fr">{}</span>').format(text), 1))  # noqa: S704
    return found
