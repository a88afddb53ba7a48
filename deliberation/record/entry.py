"""An entry of the record: who did what kind of act to which document, when, and a commitment to the content.

The content itself, the payload, is stored beside the entry together with its salt. Thus it can be erased while the
record can still be verified.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deliberation.kernel.ids import Instant
from deliberation.record import canonical

VERSION = 1
MAX_BYTES = 65_535
SALT_BYTES = 32

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", re.ASCII)
_COMMITMENT = re.compile(r"[0-9a-f]{64}", re.ASCII)
_FIELDS = {"actor", "c", "document", "index", "kind", "time", "version"}


class BadEntry(ValueError):
    """Bytes that are not an entry of a known version in canonical form."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`c` is the commitment to the payload, in hexadecimal."""

    index: int
    time: Instant
    actor: str
    kind: str
    document: str
    c: str

    def encode(self) -> bytes:
        """The bytes of the entry's leaf in the tree. Raises BadEntry if `decode` would not accept them."""
        data = canonical.encode(
            {
                "actor": self.actor,
                "c": self.c,
                "document": self.document,
                "index": self.index,
                "kind": self.kind,
                "time": self.time,
                "version": VERSION,
            }
        )
        decode(data)
        return data


def decode(data: bytes) -> Entry:
    """The entry of which these bytes are the encoding. Raises BadEntry if there is none."""
    if len(data) > MAX_BYTES:
        raise BadEntry(f"{len(data)} bytes, more than {MAX_BYTES}")
    try:
        value = canonical.parse(data)
    except canonical.NotCanonical as error:
        raise BadEntry(str(error)) from error
    if not isinstance(value, dict) or value.keys() != _FIELDS:
        raise BadEntry("other fields than " + ", ".join(sorted(_FIELDS)))
    if value.pop("version") != VERSION:
        raise BadEntry("unknown version")
    _check(value)
    return Entry(**value)


def commitment(salt: bytes, payload: bytes) -> str:
    """The commitment to a payload: HMAC-SHA256 under a secret salt of 32 bytes, in hexadecimal. Once the salt is
    erased, it reveals nothing about the payload.
    """
    return hmac.digest(salt, payload, "sha256").hex()


def is_instant(text: str) -> bool:
    """Whether the text is a valid date and time such as `2026-11-23T02:45:26.123Z`."""
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text[:-1])
    except ValueError:
        return False
    return True


def _check(value: dict[str, Any]) -> None:
    index = value["index"]
    if isinstance(index, bool) or not isinstance(index, int) or index < 0:
        raise BadEntry("index: not a whole number")
    for name in ("actor", "c", "document", "kind", "time"):
        if not isinstance(value[name], str) or not value[name]:
            raise BadEntry(f"{name}: not a text")
    if not _COMMITMENT.fullmatch(value["c"]):
        raise BadEntry("c: not a commitment")
    if not is_instant(value["time"]):
        raise BadEntry("time: not a moment in UTC")
