"""Masks a passage wherever it occurs: its letters and digits are replaced by fillers of the same length (R30).

The length in characters and in UTF-16 units, spaces, punctuation, combining accents and word boundaries are unchanged,
so that offsets, spans and Yjs clocks stay valid. A digit becomes `0`, a letter `x`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from deliberation.text.canonical_words import UNSEEN, canonical
from deliberation.text.masked_places import masked_together

MOST_CHARACTERS = 2_000
"""Characters of a passage."""

BETWEEN = r"[^\w\n]{1,12}"
"""What may stand between two words of a passage where it stands again: spaces, punctuation, marks of Markdown."""

_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[\w\u0300-\u036f]")

WORD_FIELDS = frozenset(
    {
        "title", "description", "place", "name", "mandate", "collectivity", "reason", "text", "theme", "quote",
        "rationale", "instruction", "late_reason", "comment", "question", "office", "markdown", "addressee", "old",
        "new", "proposal", "base", "statement", "label", "code", "video", "url", "before", "after",
    }
)  # fmt: skip
"""Fields of payloads that hold what people wrote; others hold identifiers, instants, figures."""


class Passage:
    """The words to be masked. ValueError if there is no word among them, or too many."""

    def __init__(self, words: str) -> None:
        found = _WORD.findall(canonical(words))
        if not found or len(words) > MOST_CHARACTERS:
            raise ValueError("a passage holds a word, and not too many")
        body = BETWEEN.join(map(_spellings, found))
        self._pattern = re.compile(rf"(?<!\w){body}(?![\w\u0300-\u036f])", re.IGNORECASE)

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the passage occurs in a text: character ranges [start, end)."""
        return (match.span() for match in self._pattern.finditer(text))

    def is_in(self, text: str) -> bool:
        return self._pattern.search(text) is not None

    def mask(self, text: str) -> str:
        return self._pattern.sub(lambda match: fill(match.group()), text)

    def is_in_payload(self, value: Any) -> bool:
        """Whether the passage occurs in a text field of this payload (plain JSON)."""
        return any(self.is_in(text) for _, text in words_of(value))

    def mask_payload(self, value: Any) -> Any:
        """The payload with the passage masked in its text fields, and what else would tell a masked place (R58);
        everything else is unchanged.
        """
        if isinstance(value, dict):
            masked = {k: self.mask(v) if _holds_words(k, v) else self.mask_payload(v) for k, v in value.items()}
            return masked_together(value, masked, fill)
        return [self.mask_payload(item) for item in value] if isinstance(value, list) else value


def _spellings(word: str) -> str:
    """A pattern for a word: its accents in one or apart, and marks that nobody sees between its letters."""
    return f"{UNSEEN}*".join(map(_spelling, word))


def _spelling(letter: str) -> str:
    apart = unicodedata.normalize("NFD", letter)
    if apart == letter:
        return re.escape(letter)
    return f"(?:{re.escape(letter)}|{f'{UNSEEN}*'.join(map(re.escape, apart))})"


def fill(text: str) -> str:
    """The text with its letters and digits masked."""
    return _LETTER.sub(lambda match: _filler(match.group()), text)


def _filler(character: str) -> str:
    if character.isdecimal() and character.isascii():
        return "0"
    if character > "\uffff":
        return "\U0001d431"  # a letter of two UTF-16 units
    return character if "\u0300" <= character <= "\u036f" else "x"


def words_of(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The text fields of a payload: pairs of a path, such as `changes.0.after.markdown`, and its text."""
    if isinstance(value, dict):
        for key, item in value.items():
            at = f"{path}.{key}" if path else key
            if _holds_words(key, item):
                yield at, item
            else:
                yield from words_of(item, at)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from words_of(item, f"{path}.{number}")


def _holds_words(key: str, value: Any) -> bool:
    return key in WORD_FIELDS and isinstance(value, str)
