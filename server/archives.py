"""The archives that the site gives away: made when asked for, kept until the record grows, forgotten on erasure."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from deliberation.record import checkpoint, note
from server.store.keys import Keys
from server.store.store import Store


class Archives:
    """The zip files that the site gives away, one per congress, made when one is asked for and the record has grown."""

    def __init__(self, store: Store, keys: Keys, folder: Path) -> None:
        self._store = store
        self._keys = keys
        self._folder = folder
        self._locks: dict[str, asyncio.Lock] = {}

    async def at(self, slug: str, signed: str) -> Path:
        """The archive under that signed checkpoint."""
        path = self._folder / f"{slug}-{checkpoint.parse(note.parse(signed.encode()).text).size}.zip"
        async with self._lock(slug):
            if not path.exists():
                await asyncio.to_thread(self._write, slug, signed, path)
        return path

    async def forget(self, slug: str) -> None:
        """Removes what was made: it may hold what was erased since."""
        async with self._lock(slug):
            await asyncio.to_thread(self._remove, slug, drafts=True)

    def _lock(self, slug: str) -> asyncio.Lock:
        return self._locks.setdefault(slug, asyncio.Lock())

    def _write(self, slug: str, signed: str, path: Path) -> None:
        from server.restitution import write_restitution  # heavy, and few commands make an archive

        self._folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=f"{slug}.", dir=self._folder)
        with os.fdopen(handle, "wb") as target:
            write_restitution(self._store, self._keys, slug, signed, target)
        self._remove(slug)
        Path(draft).replace(path)

    def _remove(self, slug: str, drafts: bool = False) -> None:
        """`drafts`: also what a crash left half written."""
        left = [*self._folder.glob(f"{slug}.*")] if drafts else []
        made = (path for path in self._folder.glob(f"{slug}-*.zip") if path.stem.removeprefix(f"{slug}-").isdecimal())
        for path in [*left, *made]:
            path.unlink(missing_ok=True)
