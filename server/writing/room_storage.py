"""What the rooms of shared texts need from the write path and the store: storage, permissions, owners of Yjs client
ids.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.maps import maps
from deliberation.motions import motions, seclusion
from deliberation.session import in_camera
from server.realtime.storage import Permission
from server.store.clock import Clock
from server.store.store import Store
from server.texts import bursts
from server.texts.editing import congress_client
from server.texts.motion import seed
from server.writing.queue import WriteQueue


class RoomStorage:
    """Implements `server.realtime.storage.Storage` on the write queue and the store."""

    def __init__(self, write_queue: WriteQueue, store: Store, clock: Clock) -> None:
        self._write_queue = write_queue
        self._store = store
        self._clock = clock

    async def load(self, slug: str, document: str) -> tuple[bytes | None, list[tuple[str, bytes]]]:
        """The recorded document and the journalled updates since, as (person, update). A new motion gets its title
        first.
        """
        snapshot, journal = await asyncio.to_thread(self._store.document, slug, document)
        if snapshot is None and not journal and document.startswith(f"{ids.MOTION}-"):
            await self._seed(slug, document)
            snapshot, journal = await asyncio.to_thread(self._store.document, slug, document)
        return snapshot, journal

    async def _seed(self, slug: str, document: str) -> None:
        state = await self._write_queue.state(slug)
        number = ids.split(document)[1]
        if state is None or number not in state.motions:
            return
        update = seed(document, state.motions[number].title)
        command = bursts.as_congress(document, b"", update)
        await self._write_queue.submit(c.Request(f"seed-{document}", slug, ids.CONGRESS, command))

    async def journal(
        self, slug: str, document: str, person: str, update: bytes, clients: tuple[int, ...], heard: int
    ) -> int | Refused:
        """Stores an update durably; see `WriteQueue.journal`."""
        return await self._write_queue.journal(slug, document, person, update, clients, heard)

    def number(self, slug: str) -> int:
        """See `WriteQueue.number`."""
        return self._write_queue.number(slug)

    async def catch_up(self, slug: str) -> None:
        """Reads what other processes confirmed: a client that reconnects here may already hold it."""
        if not self._store.database.is_sqlite:
            await self._write_queue.catch_up(slug)

    async def record_bursts(self, slug: str, document: str) -> None:
        """See `WriteQueue.record_bursts`."""
        await self._write_queue.record_bursts(slug, document)

    async def permission(self, slug: str, document: str, person: str | None) -> Permission:
        """Everybody may read what exists; what is written in camera, the people of the congress (H2), of whom somebody
        revoked is none. Who may write now follows from the rules.
        """
        state = self._write_queue.peek(slug) or await self._write_queue.state(slug)
        if state is None or not _exists(state, document):
            return Permission(
                read=False, write=False, refusal=Refused("document.not_found", "Ce document n’existe pas.")
            )
        known = state.people.get(person) if person else None
        if (known is None or known.revoked) and seclusion.is_veiled(state, document):
            return Permission(read=False, write=False, refusal=seclusion.refuse_reading(state))
        if (known is None or known.revoked) and state.in_camera is not None and document.startswith(ids.MOTION):
            return Permission(read=False, write=False, refusal=in_camera.refuse_reading(state))
        refused = self._refuse(state, document, person or ids.VISITOR)
        return Permission(read=True, write=refused is None, refusal=refused, name=known.name if known else "")

    def _refuse(self, state: State, document: str, actor: str) -> Refused | None:
        kind, number = ids.split(document)
        refuse = motions.refuse_writing if kind == ids.MOTION else maps.refuse_drawing
        return refuse(state, actor, number, self._clock.now())

    async def owners(self, slug: str, document: str) -> Mapping[int, str]:
        """Which person wrote under each Yjs client id; the id under which the server writes belongs to the congress."""
        state = self._write_queue.peek(slug) or await self._write_queue.state(slug)
        recorded = state.writing.get(document, {}) if state else {}
        journalled = await asyncio.to_thread(self._store.journal_owners, slug, document)
        return {**recorded, **journalled, congress_client(document): ids.CONGRESS}


def _exists(state: State, document: str) -> bool:
    try:
        kind, number = ids.split(document)
    except ValueError:
        return False
    return number in {ids.MOTION: state.motions, ids.MAP: state.maps}.get(kind, {})
