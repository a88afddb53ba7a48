"""Payloads with their salts, 256 to a file, beside the entries that commit to them.

One line of JSON per entry: `null` when the payload is absent, else `{"payload":<canonical JSON>,"salt":"<64 hex>"}`
with the payload's bytes as they were committed to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

ABSENT = b"null"
HEAD = b'{"payload":'
MIDDLE = b',"salt":"'
TAIL = b'"}'
_TAIL_BYTES = len(MIDDLE) + 64 + len(TAIL)
_SALT = re.compile(rb"[0-9a-f]{64}")


class Payload(NamedTuple):
    """32 bytes of salt, and the bytes that the entry commits to."""

    salt: bytes
    data: bytes


def path(bundle: int) -> str:
    """The path of the file with the payloads of entries [256 * bundle, 256 * (bundle + 1))."""
    return f"payloads/{bundle}"


def bundle(payloads: Iterable[Payload | None]) -> bytes:
    """The content of a file with up to 256 payloads; None stands for an absent one."""
    return b"".join(_line(payload) + b"\n" for payload in payloads)


def unbundle(data: bytes) -> list[Payload | None]:
    """The payloads in the content of a file. Raises ValueError, which names the line, if one is malformed."""
    lines = data.split(b"\n")
    if lines.pop():
        raise ValueError(f"line {len(lines) + 1}: cut short")
    return [_parse(line, number) for number, line in enumerate(lines, 1)]


def _line(payload: Payload | None) -> bytes:
    if payload is None:
        return ABSENT
    return HEAD + payload.data + MIDDLE + payload.salt.hex().encode() + TAIL


def _parse(line: bytes, number: int) -> Payload | None:
    if line == ABSENT:
        return None
    tail = line[-_TAIL_BYTES:]
    salt = tail[len(MIDDLE) : -len(TAIL)]
    if not line.startswith(HEAD) or not tail.startswith(MIDDLE) or not tail.endswith(TAIL) or not _SALT.fullmatch(salt):
        raise ValueError(f"line {number}: neither null nor a payload with its salt")
    return Payload(bytes.fromhex(salt.decode()), line[len(HEAD) : -_TAIL_BYTES])
