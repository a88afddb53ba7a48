"""Cleaning text that people type: Unicode NFC, without control characters and invisible marks (S5).

The editors in the browser do the same (`client/shared/characters.ts`); one fixture tests both.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from enum import Enum
from typing import Any, TypeVar

LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
SPACES = re.compile("[ \t\n]+")

STRAY = re.compile("[\u00ad\u034f\u180e\u202d\u202e\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb]")
"""Invisible characters that no text needs: soft hyphen, word joiner, byte order mark, overrides of direction."""

_JOINING = "\u0600-\u08ff\u0900-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefe"
_PICTURES = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
JOINERS = re.compile(
    f"(?P<needed>(?<=[{_JOINING}])[\u200b-\u200d]|(?<=[{_PICTURES}])\u200d(?=[{_PICTURES}]))|[\u200b-\u200d]"
)
"""Zero-width joiners and non-joiners: needed in scripts of Asia and between the parts of one emoji, removed
elsewhere.
"""

TAGS = re.compile("(?P<needed>\U0001f3f4[\U000e0020-\U000e007f]+)|[\U000e0000-\U000e007f]+")
"""Tag characters: after a black flag they name a region; elsewhere they are invisible letters, and removed."""

DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202c\u2066-\u2069]")
LEFTWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Letters of scripts written from right to left; only texts with such letters need marks of direction."""

T = TypeVar("T")


def number_in(text: str, digits: int = 9) -> int | None:
    """The number that a text of at most so many digits says, 0 to 9 alone; None for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def cleaned(text: str) -> str:
    r"""The text in NFC, line ends as "\n", without control characters and needless invisible marks.

    Control characters matter because U+001E and U+001F separate fields in what is hashed.
    """
    return unicodedata.normalize("NFC", _without_strays(readable(text)))


def readable(text: str) -> str:
    r"""The text with line ends as "\n" and without control characters; all else unchanged."""
    return UNWANTED.sub("", LINE_END.sub("\n", text))


def _without_strays(text: str) -> str:
    if text.isascii():
        return text
    for marks in (TAGS, JOINERS):
        text = marks.sub(_needed, STRAY.sub("", text))
    return text if LEFTWARDS.search(text) else DIRECTIONS.sub("", text)


def _needed(mark: re.Match[str]) -> str:
    return mark["needed"] or ""


def one_line(text: str) -> str:
    """A title or a name: runs of spaces and line ends become one space; no-break spaces stay."""
    return SPACES.sub(" ", text).strip()


def is_blank(text: str) -> bool:
    """Whether the text shows nothing to a reader."""
    return not any(character.isprintable() and not character.isspace() for character in text)


def cleaned_within(value: T) -> T:
    """A dataclass or tuple with every text in it cleaned; the same object if nothing had to change."""
    return _within(value)  # type: ignore[no-any-return]


def _within(value: Any) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, tuple):
        return tuple(_within(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields_within(value)
    return value


def _fields_within(value: Any) -> Any:
    found = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
    changed = {name: new for name, old in found if (new := _within(old)) != old}
    return dataclasses.replace(value, **changed) if changed else value
