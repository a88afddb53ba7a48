"""Canonical JSON: the one way to write a value as bytes. RFC 8785 without fractions.

Keys sorted, no spaces, UTF-8, integers within ±(2^53 - 1), strings, true, false, null, lists and objects with ASCII
keys. Two different byte strings never stand for the same value, so a hash of the bytes is a hash of the value.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

MAX_INTEGER = 2**53 - 1


class NotCanonical(ValueError):
    """Bytes that are not JSON, or not in canonical form."""


def encode(value: Any) -> bytes:
    """The canonical bytes of a value. Raises NotCanonical for a fraction, an integer out of range, a lone surrogate, or
    a key that is not ASCII.
    """
    _check(value)
    return _write(value)


def parse(data: bytes) -> Any:
    """The value of which these are the canonical bytes. Raises NotCanonical if there is none."""
    try:
        value = _DECODER.decode(data.decode("utf-8"))
        again = _write(value)
    except (ValueError, RecursionError) as error:
        raise NotCanonical(str(error)) from error
    if again != data:
        raise NotCanonical("not in canonical form")
    return value


def _refuse(text: str) -> NoReturn:
    raise NotCanonical(f"not an integer: {text[:40]}")


def _integer(text: str) -> int:
    if len(text) > 17 or abs(number := int(text)) > MAX_INTEGER:
        raise NotCanonical(f"integer out of range: {text[:40]}")
    return number


_DECODER = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse, parse_int=_integer)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _write(value: Any) -> bytes:
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("a lone surrogate") from error


def _check(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _check_key(key)
            _check(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check(item)
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonical(f"integer out of range: {value}")
    elif value is not None and not isinstance(value, str):
        raise NotCanonical(f"cannot stand in the record: {type(value).__name__}")


def _check_key(key: Any) -> None:
    if not isinstance(key, str) or not key.isascii():
        raise NotCanonical(f"not an ASCII key: {key!r}")
