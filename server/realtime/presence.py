"""Presence (the awareness of y-protocols): who is here and where their cursor is. Never recorded.

A message holds, per Yjs client, a clock and a JSON state; the higher clock wins, and `null` means gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

from server.texts import lib0
from server.texts.lib0 import MalformedBytes

MAX_STATE = 4_000
"""Bytes of one client's state."""

MAX_CLIENTS = 2_000
"""Clients in one message: the package y-websocket sends back all that it learns."""

MAX_DEPTH = 12
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
GONE = "null"


class AwarenessEntry(NamedTuple):
    """`state` is JSON text."""

    client: int
    clock: int
    state: str


def decode(data: bytes) -> list[AwarenessEntry]:
    """The entries of an awareness message; MalformedBytes when it is not one or exceeds the bounds."""
    reader = lib0.ByteReader(data)
    count = reader.count(least=3)
    if count > MAX_CLIENTS:
        raise MalformedBytes("too many clients in one awareness message")
    entries = [AwarenessEntry(reader.uint(), reader.uint(), _state(reader)) for _ in range(count)]
    reader.finish()
    return entries


def encode(entries: Iterable[AwarenessEntry]) -> bytes:
    """The awareness message with these entries."""
    found = list(entries)
    return lib0.uint(len(found)) + b"".join(
        lib0.uint(each.client) + lib0.uint(each.clock) + lib0.text(each.state) for each in found
    )


def _state(reader: lib0.ByteReader) -> str:
    state = reader.text()
    if len(state.encode("utf-8", "surrogatepass")) > MAX_STATE:
        raise MalformedBytes("an awareness state is too long")
    return state


def borne_by(person: str, name: str, state: str) -> str:
    """The same state under the name of the person whose connection it came from, whatever name it claims.

    Reduced to person and name if it would be too long with them.
    """
    if state == GONE:
        return state
    user = {"name": name, "person": person}
    value = json.loads(state)
    given = value.get("user")
    colour = given.get("color") if isinstance(given, dict) else None
    if isinstance(colour, str) and _COLOUR.fullmatch(colour):
        user["color"] = colour
    signed = json.dumps({**value, "user": user}, ensure_ascii=False, separators=(",", ":"))
    return signed if len(signed.encode()) <= MAX_STATE else json.dumps({"user": user}, ensure_ascii=False)


def bearer(state: str) -> str:
    """The person named in a state; "" for none."""
    user = json.loads(state).get("user") if state != GONE else None
    person = user.get("person") if isinstance(user, dict) else None
    return person if isinstance(person, str) else ""


def is_state(state: str) -> bool:
    """Whether it is a JSON object of bounded depth, or null, that any browser can parse."""
    if state == GONE:
        return True
    try:
        value = json.loads(state, parse_constant=_refuse)
        state.encode()
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and _is_shallow(value, MAX_DEPTH)


def _is_shallow(value: object, levels: int) -> bool:
    if not isinstance(value, (dict, list)):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_shallow(each, levels - 1) for each in inner)


def _refuse(name: str) -> None:
    raise ValueError(name)


class Presence:
    """The awareness states of one room, merged as every client does."""

    def __init__(self) -> None:
        self._entries: dict[int, AwarenessEntry] = {}

    def take(self, entry: AwarenessEntry) -> bool:
        """Merges an entry; whether it was newer than what was known of that client."""
        known = self._entries.get(entry.client)
        if known is not None and not is_later(entry, known):
            return False
        if known is None and entry.state == GONE:
            return False
        self._entries[entry.client] = entry
        return True

    def leave(self, client: int) -> AwarenessEntry | None:
        """The entry that tells the others that this client is gone, if they knew of it.

        At the clock that they know: at a later one, they would not believe the client's next sign of life.
        """
        known = self._entries.pop(client, None)
        return None if known is None or known.state == GONE else known._replace(state=GONE)

    def here(self) -> list[AwarenessEntry]:
        """The entries of all clients that are present."""
        return [entry for entry in self._entries.values() if entry.state != GONE]


def is_later(entry: AwarenessEntry, known: AwarenessEntry) -> bool:
    """Whether a client that knows one entry takes the other."""
    if entry.clock != known.clock:
        return entry.clock > known.clock
    return entry.state == GONE and known.state != GONE
