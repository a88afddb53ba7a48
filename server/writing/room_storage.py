"""What the rooms of shared texts need of the rest of the server: storage, rights and owners of client ids."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.maps import maps
from deliberation.motions import motions, seclusion
from server.realtime.storage import Permission
from server.store.clock import Clock
from server.store.store import Store
from server.texts import bursts
from server.texts.editing import congress_client
from server.texts.motion import seed
from server.writing.queue import WriteQueue


class RoomStorage:
    """Implements `server.realtime.storage.Storage` on the intake and the store."""

    def __init__(self, intake: WriteQueue, store: Store, clock: Clock) -> None:
        self._intake = intake
        self._store = store
        self._clock = clock

    async def load(self, slug: str, document: str) -> tuple[bytes | None, list[tuple[str, bytes]]]:
        """The recorded document and the journal since; a motion opened for the first time gets its title."""
        merged, journal = await asyncio.to_thread(self._store.document, slug, document)
        if merged is None and not journal and document.startswith(f"{ids.MOTION}-"):
            await self._seed(slug, document)
            merged, journal = await asyncio.to_thread(self._store.document, slug, document)
        return merged, journal

    async def _seed(self, slug: str, document: str) -> None:
        state = await self._intake.state(slug)
        number = ids.split(document)[1]
        if state is None or number not in state.motions:
            return
        update = seed(document, state.motions[number].title)
        command = bursts.as_congress(document, b"", update)
        await self._intake.submit(c.Request(f"seed-{document}", slug, ids.CONGRESS, command))

    async def journal(
        self, slug: str, document: str, person: str, update: bytes, clients: tuple[int, ...], heard: int
    ) -> int | Refused:
        return await self._intake.journal(slug, document, person, update, clients, heard)

    def number(self, slug: str) -> int:
        return self._intake.number(slug)

    async def catch_up(self, slug: str) -> None:
        """Whoever comes may hold what another process confirmed a moment ago."""
        if not self._store.database.is_sqlite:
            await self._intake.catch_up(slug)

    async def record_bursts(self, slug: str, document: str) -> None:
        await self._intake.record_bursts(slug, document)

    async def permission(self, slug: str, document: str, person: str | None) -> Permission:
        """Everybody may read what exists; what is written in camera, the people of the congress (H2), of whom somebody
        revoked is none. Who may write now follows from the rules.
        """
        state = self._intake.peek(slug) or await self._intake.state(slug)
        if state is None or not _exists(state, document):
            return Permission(
                read=False, write=False, refusal=Refused("document.not_found", "Ce document n’existe pas.")
            )
        known = state.people.get(person) if person else None
        if (known is None or known.revoked) and seclusion.is_veiled(state, document):
            return Permission(read=False, write=False, refusal=seclusion.refuse_reading(state))
        refused = self._refuse(state, document, person or ids.VISITOR)
        return Permission(read=True, write=refused is None, refusal=refused, name=known.name if known else "")

    def _refuse(self, state: State, document: str, actor: str) -> Refused | None:
        kind, number = ids.split(document)
        refuse = motions.refuse_writing if kind == ids.MOTION else maps.refuse_drawing
        return refuse(state, actor, number, self._clock.now())

    async def owners(self, slug: str, document: str) -> Mapping[int, str]:
        """Who wrote under which Yjs client id; the congress's own id is never anybody else's."""
        state = self._intake.peek(slug) or await self._intake.state(slug)
        recorded = state.writing.get(document, {}) if state else {}
        journalled = await asyncio.to_thread(self._store.journal_owners, slug, document)
        return {**recorded, **journalled, congress_client(document): ids.CONGRESS}


def _exists(state: State, document: str) -> bool:
    try:
        kind, number = ids.split(document)
    except ValueError:
        return False
    return number in {ids.MOTION: state.motions, ids.MAP: state.maps}.get(kind, {})
