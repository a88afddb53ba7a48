"""How far each record had grown, kept outside the database: a restored old backup is noticed (R10)."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class HighWater:
    """Marks under `folder`, one small file per congress, replaced as a whole; several processes may share them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, int] = {}

    def above(self, slug: str, size: int) -> int | None:
        """The mark, when it is above `size`."""
        if self._known.get(slug, size + 1) > size:  # another process may have lowered it, after a declared loss
            self._known[slug] = self._read(slug)
        mark = self._known[slug]
        return mark if mark > size else None

    def raise_to(self, slug: str, size: int, root: bytes) -> None:
        """The record has at least that many entries, durably."""
        with self._alone():
            mark = self._read(slug)
            if mark < size:
                self._write(slug, size, root)
        self._known[slug] = max(mark, size)

    def lower_to(self, slug: str, size: int, root: bytes) -> None:
        """Lowers the mark to `size`: the entries above it were declared lost."""
        with self._alone():
            self._write(slug, size, root)
        self._known[slug] = size

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, slug: str, size: int, root: bytes) -> None:
        draft = self.folder / f"{slug}.{os.getpid()}"
        draft.write_text(json.dumps({"size": size, "root": root.hex()}) + "\n")
        draft.replace(self.folder / f"{slug}.json")

    def _read(self, slug: str) -> int:
        try:
            return int(json.loads((self.folder / f"{slug}.json").read_text())["size"])
        except FileNotFoundError:
            return 0
