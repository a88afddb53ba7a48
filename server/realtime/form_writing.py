"""Writing in a shared text by a form, without JavaScript: a connection inside the server, in the person's name.

It speaks the protocol that browsers speak, so that rights, checks, authorship, journal and relay are the same. What it
reads and what it writes is durable.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable

from deliberation.kernel.errors import Refused
from server.realtime import protocol
from server.realtime.hub import Hub
from server.realtime.member import Member
from server.realtime.wire import Frame
from server.texts import motion
from server.texts.motion import MotionText
from server.texts.replica import NOTHING, Replica
from server.texts.spelling import as_typed, canonical_text

SECONDS = 20.0
"""How long a form may wait for its words to be stored."""

Edit = Callable[[MotionText], MotionText | Refused]

LATE = Refused("text.not_stored", "Le texte n’a pas pu être enregistré. Réessayez.")


class Inbox:
    """A `Wire` that ends inside the server: frames are queued until somebody takes them."""

    full = False

    def __init__(self) -> None:
        self._frames: asyncio.Queue[bytes | None] = asyncio.Queue()

    def send(self, frame: Frame) -> None:
        self._frames.put_nowait(frame.data)

    def close(self, code: int, reason: str) -> None:
        self._frames.put_nowait(None)

    def abort(self) -> None:
        self._frames.put_nowait(None)

    def resume(self) -> None:
        """Nothing to do: the writer waits for each answer."""

    def check(self) -> None:
        """Nothing to do: a connection inside the process cannot break."""

    async def take(self) -> protocol.Message:
        """The next message; raises Ended once the connection is closed."""
        data = await self._frames.get()
        if data is None:
            raise Ended
        return protocol.decode(data)


class Ended(Exception):
    """The room closed the connection."""


async def read(hub: Hub, slug: str, document: str, person: str) -> MotionText | Refused:
    """The text as it stands, including what is not recorded yet; Refused if the person may not read it."""
    return await _visit(hub, slug, document, person, None)


async def write(
    hub: Hub, slug: str, document: str, person: str, edit: Edit, client: int | None = None
) -> MotionText | Refused:
    """Applies `edit` to the text as it stands, in that person's name; the new text, once it is durable and in the
    record.

    It is written under the Yjs client id `client`, if given and nobody else wrote under it.
    """
    written = await _visit(hub, slug, document, person, edit, client)
    if isinstance(written, MotionText):
        await hub.flush(slug, document)
    return written


async def _visit(
    hub: Hub, slug: str, document: str, person: str, edit: Edit | None, client: int | None = None
) -> MotionText | Refused:
    permission = await hub.permission(slug, document, person)
    if not permission.read or (edit and not permission.write):
        return permission.refusal or LATE
    inbox = Inbox()
    member = await hub.join(slug, document, person, permission, inbox, acknowledges=True)
    try:
        async with asyncio.timeout(SECONDS):
            return await _exchange(hub, member, inbox, document, edit, client)
    except (TimeoutError, Ended):
        return LATE
    finally:
        hub.leave(member)


async def _exchange(
    hub: Hub, member: Member, inbox: Inbox, document: str, edit: Edit | None, client: int | None
) -> MotionText | Refused:
    hub.received(member, protocol.ask(b"\0"))
    while not isinstance(found := await inbox.take(), protocol.SyncUpdate):
        pass
    replica = Replica(found.update)
    text = motion.read(replica.doc)
    seen = canonical_text(text)
    wanted = edit(seen) if edit else seen
    if isinstance(wanted, Refused) or wanted == seen:
        return wanted
    update = motion.rewrite(
        document, found.update, as_typed(wanted, text), client=_unused(replica, client or new_client())
    )
    if update == NOTHING:
        return wanted
    hub.received(member, protocol.update(update))
    while not isinstance(said := await inbox.take(), protocol.Acknowledged):
        if isinstance(said, protocol.Denied):
            return member.session.refusal or _refusal(said)
    return wanted


def new_client() -> int:
    """A random Yjs client id."""
    return secrets.randbits(31) | 1


def _unused(replica: Replica, client: int) -> int:
    """That Yjs client id, or a random one if somebody has written under it."""
    while client in replica.clocks:
        client = new_client()
    return client


def _refusal(denied: protocol.Denied) -> Refused:
    """The refusal that a room sent, whose message is already a French sentence."""
    said = json.loads(denied.reason)
    return Refused(str(said["code"]), str(said["message"]))
