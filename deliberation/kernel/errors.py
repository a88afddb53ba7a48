"""What rules answer instead of raising: refusals, and the reasons for what they propose."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Refused:
    """An expected refusal: a stable code for programs, a sentence in French for people, the field it is about.

    `message` is a template with `{name}` places for `params`, so that it can be translated before it is filled.
    """

    code: str
    message: str
    field: str = ""
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.format(**self.params)


@dataclass(frozen=True)
class Reason:
    """Why a rule proposes something: a template in French with `{name}` places for `params`, as in `Refused`."""

    message: str
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.format(**self.params)


def N_(message: str) -> str:  # noqa: N802 - the usual name of a message that is translated later
    """Marks a message for the translation catalogues; returns it unchanged."""
    return message
