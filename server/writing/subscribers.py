"""Listeners of commits: live pages get new fragments, open texts get updates and new rights, revoked people are cut
off.
"""

from __future__ import annotations

import asyncio

from deliberation.kernel import events as e
from server.identity.identity import Identity
from server.realtime.hub import Hub
from server.realtime.live import Live
from server.texts import bursts
from server.writing.commits import EntriesRecorded, TextsWritten

RIGHTS_CHANGE = (
    e.DraftingSecluded,
    e.DraftingPublished,
    e.SittingInCamera,
    e.SittingPublished,
    e.PhaseSet,
    e.TextFrozen,
    e.MotionReopened,
    e.MotionDecided,
)
"""Events after which other people may write in a document than before."""


class FragmentSubscriber:
    """Announces the documents that changed to live pages."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def follow(self, notice: EntriesRecorded) -> None:
        """Announces the documents that these entries are about."""
        self._live.announce(notice.slug, notice.state, [r.document for r in notice.entries])


class RoomSubscriber:
    """Brings updates from elsewhere into the rooms of this process, and has rights checked again when they may have
    changed.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def take(self, notice: TextsWritten) -> None:
        """Applies updates that other processes stored."""
        self._hub.take_elsewhere(notice.slug, notice.updates)

    async def follow(self, notice: EntriesRecorded) -> None:
        """Applies recorded updates to open texts, and checks rights again where these entries may change them."""
        if any(isinstance(r.event, e.WordsRedacted) for r in notice.entries):
            await self._hub.begin_again(notice.slug)
            return
        for r in notice.entries:
            if isinstance(r.event, (e.TextWritten, e.MapDrawn)):
                await self._hub.apply_recorded(notice.slug, r.document, bursts.decode(r.event.update))
        if any(isinstance(r.event, RIGHTS_CHANGE) for r in notice.entries):
            await self._hub.permissions_changed(notice.slug)


class AccessSubscriber:
    """Ends sessions, tokens and connections of people whose access was withdrawn."""

    def __init__(self, identity: Identity, hub: Hub) -> None:
        self._identity = identity
        self._hub = hub

    async def follow(self, notice: EntriesRecorded) -> None:
        """Ends the access of everybody whom these entries revoke."""
        for r in notice.entries:
            if isinstance(r.event, e.PersonRevoked):
                await asyncio.to_thread(self._identity.revoke, notice.slug, r.event.person)
                await self._hub.revoke(notice.slug, r.event.person)
