"""The archives that the site serves: made on request, kept until the record grows, deleted when something is erased."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from deliberation.kernel import events as e
from deliberation.record import checkpoint, note
from server.store.keys import Keys
from server.store.store import Store
from server.witnessing.cosigning import Cosigning
from server.writing.commits import EntriesRecorded

WAIT_SECONDS = 3.0


class Archives:
    """One zip file per congress, made when somebody asks for it and the record has grown.

    A new one waits briefly for the witnesses; one that a witness has cosigned since then is made again.
    """

    def __init__(self, store: Store, keys: Keys, cosigning: Cosigning, folder: Path) -> None:
        self._store = store
        self._keys = keys
        self._cosigning = cosigning
        self._folder = folder
        self._locks: dict[str, asyncio.Lock] = {}

    async def at(self, slug: str, signed: str) -> Path:
        """The path of the archive under that signed checkpoint."""
        async with self._lock(slug):
            return await asyncio.to_thread(self._at, slug, signed)

    async def forget(self, slug: str) -> None:
        """Deletes the archives of a congress, which may contain what was erased since."""
        async with self._lock(slug):
            await asyncio.to_thread(self._remove, slug, drafts=True)

    async def follow(self, notice: EntriesRecorded) -> None:
        """Deletes them when something was erased."""
        if any(isinstance(r.event, (*e.ERASING, e.WordsRedacted)) for r in notice.entries):
            await self.forget(notice.slug)

    def _lock(self, slug: str) -> asyncio.Lock:
        return self._locks.setdefault(slug, asyncio.Lock())

    def _at(self, slug: str, signed: str) -> Path:
        size = checkpoint.parse(note.parse(signed.encode()).text).size
        if not any(self._folder.glob(f"{slug}_{size}_*.zip")):
            self._cosigning.collect(slug, signed, WAIT_SECONDS)
        path = self._folder / f"{slug}_{size}_{len(self._store.cosignatures.of(slug, size))}.zip"
        if not path.exists():
            self._write(slug, signed, path)
        return path

    def _write(self, slug: str, signed: str, path: Path) -> None:
        from server.archives.restitution import write_restitution  # heavy, and few commands make an archive

        self._folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=f"{slug}.", dir=self._folder)
        with os.fdopen(handle, "wb") as target:
            write_restitution(self._store, self._keys, slug, signed, target)
        self._remove(slug)
        Path(draft).replace(path)

    def _remove(self, slug: str, drafts: bool = False) -> None:
        """Deletes the files; with `drafts` also those that a crash left unfinished."""
        left = [*self._folder.glob(f"{slug}.*")] if drafts else []
        for path in [*left, *self._folder.glob(f"{slug}_*.zip")]:
            path.unlink(missing_ok=True)
