"""Frames of the y-websocket protocol, to and from values. No I/O.

A frame is a message type, then: sync (0) with its step and a body; awareness (1) with a body; auth (2), sent to refuse
a write; query awareness (3); and, for those who connect with `?ack=1`, our own acknowledgement (7) with a count: how
many sync messages with an update (step 2 and update) of this connection are durably kept, or brought nothing.
Source: y-protocols `sync.js`, `awareness.js`, `auth.js`, y-websocket `y-websocket.js`.

A connection is closed with 4400 for a malformed or hostile frame, 1009 for one too large, 4429 for too many, 4401 when
the person's access was revoked, 4403 or 4404 for a document that is not open or does not exist, 1013 for a reader that
is too slow, 1011 when storage failed, 1012 on a restart.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from deliberation.kernel.errors import Refused
from server.texts import lib0
from server.texts.lib0 import MalformedBytes

MAX_FRAME = 1 << 20
"""Bytes of one frame from a client."""

SYNC, AWARENESS, AUTH, QUERY_AWARENESS, ACKNOWLEDGEMENT = 0, 1, 2, 3, 7
STEP_1, STEP_2, UPDATE = 0, 1, 2

GOING_AWAY = 1001
TOO_LARGE = 1009
INTERNAL = 1011
RESTARTING = 1012
TRY_LATER = 1013
MALFORMED = 4400
REVOKED = 4401
FORBIDDEN = 4403
UNKNOWN = 4404
TOO_FAST = 4429


@dataclass(frozen=True, slots=True)
class SyncStep1:
    """Sync step 1: what the sender has, as clocks; the other side answers with what it lacks."""

    state_vector: bytes


@dataclass(frozen=True, slots=True)
class SyncUpdate:
    """An update: sync step 2 (`answer`), or an edit as it happens."""

    update: bytes
    answer: bool


@dataclass(frozen=True, slots=True)
class AwarenessUpdate:
    """Presence, encoded as in `presence`."""

    data: bytes


@dataclass(frozen=True, slots=True)
class AwarenessQuery:
    """A request for everybody's presence."""


@dataclass(frozen=True, slots=True)
class Denied:
    """The server refused a write."""

    reason: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """How many updates of this connection are durable by now."""

    count: int


Message = SyncStep1 | SyncUpdate | AwarenessUpdate | AwarenessQuery | Denied | Acknowledged


def decode(frame: bytes) -> Message:
    """The message of a frame; MalformedBytes for anything else."""
    reader = lib0.ByteReader(frame)
    kind = reader.uint()
    if kind == SYNC:
        step = reader.uint()
        if step > UPDATE:
            raise MalformedBytes("unknown step of a sync message")
        body = reader.blob()
        message: Message = SyncStep1(body) if step == STEP_1 else SyncUpdate(body, answer=step == STEP_2)
    elif kind == AWARENESS:
        message = AwarenessUpdate(reader.blob())
    elif kind == QUERY_AWARENESS:
        message = AwarenessQuery()
    elif kind == ACKNOWLEDGEMENT:
        message = Acknowledged(reader.uint())
    elif kind == AUTH and reader.uint() == 0:
        message = Denied(reader.text())
    else:
        raise MalformedBytes("unknown message")
    reader.finish()
    return message


def ask(state_vector: bytes) -> bytes:
    """A sync step 1 with that state vector."""
    return b"\0\0" + lib0.blob(state_vector)


def answer(update: bytes) -> bytes:
    """A sync step 2 with that update."""
    return b"\0\1" + lib0.blob(update)


def update(data: bytes) -> bytes:
    """A message with an update."""
    return b"\0\2" + lib0.blob(data)


def aware(data: bytes) -> bytes:
    """A message with encoded presence."""
    return b"\1" + lib0.blob(data)


def ask_aware() -> bytes:
    """The request for everybody's presence."""
    return b"\3"


def acknowledge(count: int) -> bytes:
    """The acknowledgement of `count` updates."""
    return b"\7" + lib0.uint(count)


def deny(refused: Refused) -> bytes:
    """y-protocols' "permission denied", whose reason is JSON with a code and a sentence in French."""
    reason = {"code": refused.code, "message": str(refused)}
    return b"\2\0" + lib0.text(json.dumps(reason, ensure_ascii=False))
