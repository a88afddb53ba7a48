"""Conversion between frozen dataclasses and plain JSON values, by their type hints.

The same code reads commands (untrusted), events (from the record) and tables, so a field is described once.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
MAX_INTEGER = 2**53 - 1
SURROGATE = re.compile("[\ud800-\udfff]")


class MalformedValue(ValueError):
    """A value is not of the declared shape; `path` names the field, such as `speaker.name`."""

    def __init__(self, path: str, expected: str) -> None:
        super().__init__(f"{path or 'value'}: expected {expected}")
        self.path = path
        self.expected = expected


def encode(value: Any) -> Any:
    """The plain JSON value of a dataclass, enum, tuple or mapping; fields at their default are included."""
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    return value


def decode(tp: type[T], value: Any, path: str = "") -> T:
    """The instance of `tp` that `encode` would turn into `value`; MalformedValue when there is none. `path` names the
    field.
    """
    return _decode(tp, value, path)  # type: ignore[no-any-return]


def _decode(tp: Any, value: Any, path: str) -> Any:
    origin = get_origin(tp)
    if origin in (Union, types.UnionType):
        return _decode_optional(tp, value, path)
    if origin is tuple:
        return _decode_tuple(tp, value, path)
    if origin is not None and issubclass(origin, Mapping):
        return _decode_mapping(tp, value, path)
    if isinstance(tp, type) and issubclass(tp, Enum):
        return _decode_enum(tp, value, path)
    if dataclasses.is_dataclass(tp):
        return _decode_dataclass(tp, value, path)
    return _decode_scalar(tp, value, path)


def _decode_optional(tp: Any, value: Any, path: str) -> Any:
    if value is None:
        return None
    (inner,) = (arg for arg in get_args(tp) if arg is not type(None))
    return _decode(inner, value, path)


def _decode_tuple(tp: Any, value: Any, path: str) -> Any:
    if not isinstance(value, (list, tuple)):
        raise MalformedValue(path, "a list")
    inner = get_args(tp)[0]
    return tuple(_decode(inner, item, f"{path}.{i}") for i, item in enumerate(value))


def _decode_mapping(tp: Any, value: Any, path: str) -> Any:
    if not isinstance(value, Mapping):
        raise MalformedValue(path, "an object")
    key_type, inner = get_args(tp)
    key = int if key_type is int else str
    try:
        return {key(k): _decode(inner, item, f"{path}.{k}") for k, item in value.items()}
    except ValueError as error:
        raise error if isinstance(error, MalformedValue) else MalformedValue(path, "integer keys") from error


def _decode_enum(tp: Any, value: Any, path: str) -> Any:
    try:
        return tp(value)
    except ValueError as error:
        raise MalformedValue(path, "one of " + ", ".join(str(m.value) for m in tp)) from error


@cache
def _hints(tp: type) -> dict[str, Any]:
    return get_type_hints(tp)


def _decode_dataclass(tp: Any, value: Any, path: str) -> Any:
    if not isinstance(value, Mapping):
        raise MalformedValue(path, "an object")
    known = {f.name: f for f in dataclasses.fields(tp)}
    for name in value:
        if name not in known:
            raise MalformedValue(_join(path, str(name)), "no such field")
    filled = {}
    for name, field in known.items():
        if name in value:
            filled[name] = _decode(_hints(tp)[name], value[name], _join(path, name))
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise MalformedValue(_join(path, name), "a value")
    return tp(**filled)


def _decode_scalar(tp: Any, value: Any, path: str) -> Any:
    if tp is int:
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_INTEGER:
            raise MalformedValue(path, "an integer")
    elif tp is bool:
        if not isinstance(value, bool):
            raise MalformedValue(path, "true or false")
    elif tp is str:
        if not isinstance(value, str) or not _is_clean(value):
            raise MalformedValue(path, "text")
    elif tp is Any:  # a part of a value that is kept nowhere
        if value is not None:
            raise MalformedValue(path, "nothing")
    else:
        raise TypeError(f"cannot decode {tp!r}")
    return value


def _is_clean(text: str) -> bool:
    """Whether a text has no lone surrogate and no NUL, which SQLite, PostgreSQL or UTF-8 cannot store."""
    return "\x00" not in text and (text.isascii() or not SURROGATE.search(text))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
