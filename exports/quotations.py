"""Sentences of the narrator on pages in another language than what they quote."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape


def marked(sentence: str, quoted: Iterable[str]) -> Markup:
    """The sentence as HTML on a page in another language, with what people typed marked as French."""
    found = escape(sentence)
    for text in quoted:
        found = Markup(found.replace(escape(text), Markup('<span lang="fr">{}</span>').format(text), 1))  # noqa: S704
    return found
