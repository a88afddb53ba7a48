"""Puts a marker into every text of a value, so that tests can search any output for them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from deliberation.kernel.state import State
from deliberation.visibility.published import nothing

MARK = re.compile(r"Secret[a-z]+")
T = TypeVar("T")


def mark(place: str) -> str:
    """The marker for a place in a value. It consists of letters only, which Markdown, slugs, addresses and formulas do
    not change.
    """
    return "Secret" + re.sub(r"[^a-z]", "", place.lower())


def marked(value: T, kept: Collection[str] = (), place: str = "") -> T:
    """The value with a marker in every text of its fields, except the fields named in `kept`."""
    hints = get_type_hints(type(value))
    name = place or type(value).__name__
    changed = {
        field.name: _marked(getattr(value, field.name), hints[field.name], f"{name}{field.name}")
        for field in fields(value)  # type: ignore[arg-type]
        if field.name not in kept
    }
    return replace(value, **changed)  # type: ignore[type-var]


def _marked(value: Any, hint: Any, place: str) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        hint = next(each for each in inner if each is not type(None))
        return _marked(nothing(hint) if value is None else value, hint, place)
    if origin is tuple:
        return tuple(_marked(each, inner[0], place) for each in value or (nothing(inner[0]),))
    if origin is not None:
        return {key: _marked(each, inner[1], place) for key, each in (value or _one(inner, place)).items()}
    if is_dataclass(hint):
        return marked(value, place=place)
    return mark(place) if hint is str else value


def _one(inner: tuple[Any, ...], place: str) -> Mapping[Any, Any]:
    """A mapping with one item; its key is a marker too if it is a text."""
    key = next(iter(inner[0])) if issubclass(inner[0], Enum) else (mark(f"{place}key") if inner[0] is str else 1)
    return {key: nothing(inner[1])}


def value_types(hint: Any = State) -> Iterator[type]:
    """The dataclasses of which a declared type consists, including itself; by default all that a state may contain."""
    if is_dataclass(hint):
        assert isinstance(hint, type)
        yield hint
        inner: Collection[Any] = get_type_hints(hint).values()
    else:
        inner = get_args(hint)
    for each in inner:
        yield from value_types(each)
