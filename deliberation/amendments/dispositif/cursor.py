"""A cursor that reads a sentence from left to right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from deliberation.amendments.dispositif.citing import LEFT, RIGHT


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class Cursor:
    """A sentence in the grammar's normalised form, with the position up to which it was read."""

    def __init__(self, text: str, citations: Sequence[str]) -> None:
        self.text = text
        self._citations = citations
        self._at = 0

    @property
    def at(self) -> int:
        """The next character to read; a blank is stepped over."""
        return self._at

    @at.setter
    def at(self, place: int) -> None:
        self._at = place

    @property
    def done(self) -> bool:
        return not self.rest

    @property
    def rest(self) -> str:
        return self.text[self._at :].strip()

    def take(self, pattern: str) -> re.Match[str] | None:
        """Reads the match of a pattern at the cursor; None if it does not match there."""
        match = _compiled(pattern).match(self.text, self._skip())
        if match:
            self._at = match.end()
        return match

    def sees(self, pattern: str) -> bool:
        return _compiled(pattern).match(self.text, self._skip()) is not None

    def _skip(self) -> int:
        at = self._at
        while self.text[at : at + 1] == " ":
            at += 1
        return at

    def citation(self) -> str | None:
        """Reads a citation at the cursor, and returns its words."""
        match = self.take(rf"{LEFT}(\d+){RIGHT}")
        return self._citations[int(match[1])] if match else None

    def citations(self) -> list[str]:
        """Reads all consecutive citations at the cursor."""
        found: list[str] = []
        while (words := self.citation()) is not None:
            found.append(words)
        return found
