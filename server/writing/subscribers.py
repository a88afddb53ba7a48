"""What live pages, rooms of shared texts, and the access of people owe to what was recorded."""

from __future__ import annotations

import asyncio

from deliberation.kernel import events as e
from server.identity.identity import Identity
from server.realtime.hub import Hub
from server.realtime.live import Live
from server.texts import bursts
from server.writing.commits import EntriesRecorded, TextsWritten

RIGHTS_CHANGE = (e.DraftingSecluded, e.DraftingPublished, e.PhaseSet, e.TextFrozen, e.MotionReopened, e.MotionDecided)
"""What changes who may write in which document."""


class FragmentSubscriber:
    """Has live pages told what changed."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def follow(self, notice: EntriesRecorded) -> None:
        self._live.announce(notice.slug, notice.state, [r.document for r in notice.entries])


class RoomSubscriber:
    """Brings into the rooms of this process what was written elsewhere, and what people may do in them now."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def take(self, notice: TextsWritten) -> None:
        self._hub.take_elsewhere(notice.slug, notice.updates)

    async def follow(self, notice: EntriesRecorded) -> None:
        if any(isinstance(r.event, e.WordsRedacted) for r in notice.entries):
            await self._hub.begin_again(notice.slug)
            return
        for r in notice.entries:
            if isinstance(r.event, (e.TextWritten, e.MapDrawn)):
                await self._hub.apply_recorded(notice.slug, r.document, bursts.decode(r.event.update))
        if any(isinstance(r.event, RIGHTS_CHANGE) for r in notice.entries):
            await self._hub.permissions_changed(notice.slug)


class AccessSubscriber:
    """Ends sessions, tokens and connections of people who were revoked."""

    def __init__(self, identity: Identity, hub: Hub) -> None:
        self._identity = identity
        self._hub = hub

    async def follow(self, notice: EntriesRecorded) -> None:
        for r in notice.entries:
            if isinstance(r.event, e.PersonRevoked):
                await asyncio.to_thread(self._identity.revoke, notice.slug, r.event.person)
                await self._hub.revoke(notice.slug, r.event.person)
