"""Somebody who types, as the Yjs updates and the presence that a browser would send."""

from __future__ import annotations

import json
from collections.abc import Mapping

from server.realtime import presence, protocol
from server.texts import guard, lib0
from tests.server.yjs import Writer, words_after
from tests.server.yjs import update as yjs_update


class Typist:
    """Types at the end of a clause of their own. `sent` holds, per clock, when that character went out."""

    def __init__(self, client: int) -> None:
        self.client = client
        self.sent: dict[int, float] = {}
        self._clock = 0
        self._presence = 0

    def clause(self) -> bytes:
        """The message that brings the clause."""
        writer = Writer(self.client)
        writer.clause(f"c{self.client}", "Considérant")
        update = writer.take()[0]
        self._clock = max(run.end for run in guard.inspect(update).runs)
        return protocol.update(update)

    def key(self, now: float) -> bytes:
        """The message that brings one more character."""
        struct = words_after(self.client, self._clock - 1, "e")
        self.sent[self._clock] = now
        message = protocol.update(yjs_update([struct], self.client, self._clock))
        self._clock += 1
        return message

    def cursor(self) -> bytes:
        """The message with where the cursor stands, as y-prosemirror writes it."""
        place = {"type": None, "tname": None, "item": {"client": self.client, "clock": self._clock - 1}, "assoc": -1}
        user = {"name": f"Élue {self.client}", "color": "#7a3ed1"}
        self._presence += 1
        state = json.dumps({"user": user, "cursor": {"anchor": place, "head": place}}, ensure_ascii=False)
        entry = presence.AwarenessEntry(self.client, self._presence, state)
        return protocol.aware(presence.encode([entry]))


def seen(body: bytes, typists: Mapping[int, Typist], now: float) -> list[float]:
    """How long ago what stands in a sync message was typed, character by character; [] for other messages."""
    if body[:1] not in (b"\0", b"\4") or body[1:2] not in (b"\1", b"\2"):
        return []
    reader = lib0.ByteReader(body, 2)
    return [
        now - sent
        for run in guard.inspect(reader.blob()).runs
        if (typist := typists.get(run.client)) is not None
        for clock in range(run.start, run.end)
        if (sent := typist.sent.get(clock)) is not None
    ]
