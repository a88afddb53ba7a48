"""The archive of a Belenios election (.bel) as a container: a tar file whose members are named by the hash of their
content (V31).

It holds a header, then data named `<SHA-256>.data.json` and events named `<SHA-256>.event.json`. Each event names the
one before it. Everything is read in memory: names are compared and never used as paths.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

BLOCK = 512
LARGEST = 12_000_000
"""The largest archive in bytes; it holds some thousands of ballots."""
MOST_MEMBERS = 60_000
DEEPEST = 32
"""The deepest nesting of JSON in a member."""
MOST_JSON = 4_000_000
"""The largest member in bytes that is read as JSON."""
HEADER = "BELENIOS"
VERSION = 1

_NAME = re.compile(r"([0-9a-f]{64})\.(data|event)\.json", re.ASCII)
_OCTAL = re.compile(rb"[0-7]{1,11}")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\Z)', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
_CHECKSUM = slice(148, 156)


class BadBelenios(ValueError):
    """The bytes are not an archive of a tallied Belenios election; `code` is a key of `imported.WHY`, `why` gives the
    detail.
    """

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why


@dataclass(frozen=True)
class ChainEvent:
    """An event of an election; `payload` is the SHA-256 of its data in hexadecimal, "" if it has none."""

    type: str
    payload: str


@dataclass(frozen=True)
class BeleniosChain:
    """The events in order, and the data to which they refer, by SHA-256 in hexadecimal."""

    events: tuple[ChainEvent, ...]
    data: Mapping[str, bytes]

    def json(self, digest: Any) -> Any:
        """The JSON value of the data with that digest. Raises BadBelenios if the archive does not hold it."""
        found = self.data.get(digest) if isinstance(digest, str) else None
        if found is None:
            raise BadBelenios("missing", str(digest)[:64])
        return parse(found)


def read_chain(archive: bytes) -> BeleniosChain:
    """The events and data of an archive. Raises BadBelenios if a name does not match its content, or an event does not
    follow the one before it.
    """
    if len(archive) > LARGEST:
        raise BadBelenios("too_large", f"{LARGEST // 1_000_000}")
    members = _members(archive)
    if not members or members[0][0] != HEADER:
        raise BadBelenios("not_belenios")
    head = parse(members[0][1])
    if not isinstance(head, dict) or head.get("version") != VERSION:
        raise BadBelenios("version")
    events: list[ChainEvent] = []
    data: dict[str, bytes] = {}
    parent = ""
    for name, content in members[1:]:
        digest, kind = _named(name, content)
        if kind == "event":
            events.append(_event(content, parent, len(events), data))
            parent = digest
        elif digest in data:
            raise BadBelenios("twice", digest)
        else:
            data[digest] = content
    return BeleniosChain(tuple(events), data)


def _named(name: str, content: bytes) -> tuple[str, str]:
    """The digest and the kind in a member's name. Raises BadBelenios if the digest is not that of the content."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise BadBelenios("name", name[:100])
    if sha256(content).hexdigest() != match[1]:
        raise BadBelenios("digest", name)
    return match[1], match[2]


def _event(content: bytes, parent: str, height: int, data: Mapping[str, bytes]) -> ChainEvent:
    """The event with that content. Raises BadBelenios unless it follows the event `parent` at that height and its
    payload is in `data`, which holds what comes before it.
    """
    value = parse(content)
    if not isinstance(value, dict):
        raise BadBelenios("event", str(height))
    kind, payload = value.get("type"), value.get("payload") or ""
    if (value.get("parent") or "", value.get("height")) != (parent, height) or isinstance(value.get("height"), bool):
        raise BadBelenios("chain", str(height))
    if not isinstance(kind, str) or not isinstance(payload, str) or (payload and payload not in data):
        raise BadBelenios("event", str(height))
    return ChainEvent(kind, payload)


def parse(data: bytes) -> Any:
    """The JSON value. Raises BadBelenios if it is malformed, too large or too deep, or if an object has the same name
    twice.
    """
    if len(data) > MOST_JSON or _depth(data) > DEEPEST:
        raise BadBelenios("json")
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadBelenios("json") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _depth(data: bytes) -> int:
    """The deepest nesting of brackets outside strings."""
    deepest = depth = 0
    for match in _BRACKET.finditer(_STRING.sub(b"", data)):
        depth += 1 if match.group() in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _members(archive: bytes) -> list[tuple[str, bytes]]:
    """The names and contents of a tar file. Raises BadBelenios if it holds anything but plain files."""
    members: list[tuple[str, bytes]] = []
    at = 0
    while at < len(archive):
        block = archive[at : at + BLOCK]
        if not any(block):
            break
        name, size = _tar_header(block)
        start = at + BLOCK
        at = start + -(-size // BLOCK) * BLOCK
        if at > len(archive) or any(archive[start + size : at]):
            raise BadBelenios("cut", name)
        members.append((name, archive[start : start + size]))
        if len(members) > MOST_MEMBERS:
            raise BadBelenios("too_many", f"{MOST_MEMBERS}")
    if any(archive[at:]):
        raise BadBelenios("not_belenios")
    return members


def _tar_header(block: bytes) -> tuple[str, int]:
    """The name and the size that a tar header states. Raises BadBelenios unless it is a plain file's and its checksum
    is right.
    """
    size, stated = (block[place].strip(b" \0") for place in (slice(124, 136), _CHECKSUM))
    if len(block) < BLOCK or not _OCTAL.fullmatch(size) or not _OCTAL.fullmatch(stated):
        raise BadBelenios("not_belenios")
    summed = sum(block) - sum(block[_CHECKSUM]) + 8 * ord(" ")
    name = block[:100].rstrip(b"\0")
    plain = block[156:157] in (b"0", b"\0") and not any(block[157:257]) and not any(block[345:500])
    if int(stated, 8) != summed or not plain or not name.isascii():
        raise BadBelenios("not_belenios")
    return name.decode("ascii"), int(size, 8)
