"""What a text from people may hold: what they typed, without characters that nobody sees (S5)."""

from __future__ import annotations

import dataclasses
import re
from enum import Enum
from typing import Any, TypeVar

LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
SPACES = re.compile("[ \t\n]+")

T = TypeVar("T")


def cleaned(text: str) -> str:
    """Line ends as "\\n"; without the control characters, of which U+001E and U+001F separate what is hashed."""
    return UNWANTED.sub("", LINE_END.sub("\n", text))


def one_line(text: str) -> str:
    """A title or a name: spaces and line ends as one space, no-break spaces left alone."""
    return SPACES.sub(" ", text).strip()


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing."""
    return not any(character.isprintable() and not character.isspace() for character in text)


def cleaned_within(value: T) -> T:
    """A dataclass, or a tuple, with each of its texts cleaned; the value itself when nothing had to change."""
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
