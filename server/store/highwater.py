"""How far each record had grown, kept outside the database: a restored old backup is noticed (R10)."""

from __future__ import annotations

import json
import os
from pathlib import Path


class HighWater:
    """Marks under `folder`, one small file per congress, replaced as a whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, int] = {}

    def above(self, slug: str, size: int) -> int | None:
        """The mark, when it is above `size`."""
        if slug not in self._known:
            self._known[slug] = self._read(slug)
        mark = self._known[slug]
        return mark if mark > size else None

    def raise_to(self, slug: str, size: int, root: bytes) -> None:
        """The record has that many entries, durably."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"{slug}.{os.getpid()}"
        draft.write_text(json.dumps({"size": size, "root": root.hex()}) + "\n")
        draft.replace(self.folder / f"{slug}.json")
        self._known[slug] = size

    def _read(self, slug: str) -> int:
        try:
            return int(json.loads((self.folder / f"{slug}.json").read_text())["size"])
        except FileNotFoundError:
            return 0
