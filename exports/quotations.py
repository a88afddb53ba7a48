"""Marks the language of quoted words in the narrator's sentences."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape


def marked(sentence: str, quoted: Iterable[str]) -> Markup:
    """The sentence as HTML, in which the quoted parts are marked as French (`lang="fr"`) for screen readers."""
    found = escape(sentence)
    for text in quoted:
        found = Markup(found.replace(escape(text), Markup('<span lang="fr">{}</span>').format(text), 1))  # noqa: S704
    return found
