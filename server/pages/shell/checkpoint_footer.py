"""The last signed checkpoint, shown in the footer of every page, so that readers keep copies of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from deliberation.record import checkpoint, note

FRESH_SECONDS = 30.0


@dataclass(frozen=True)
class Signed:
    """A checkpoint as pages show it; `root` is in base64, as in the signed note."""

    size: int
    root: str


_kept: WeakKeyDictionary[Any, dict[str, tuple[float, int, Signed]]] = WeakKeyDictionary()


async def last_checkpoint(services: Any, slug: str, size: int) -> Signed | None:
    """A checkpoint for a record that has `size` entries, at most half a minute old."""
    kept = _kept.setdefault(services.store, {})
    at, asked, signed = kept.get(slug, (0.0, -1, Signed(0, "")))
    if asked == size or (asked > 0 and time.monotonic() - at < FRESH_SECONDS):
        return signed
    text = await services.write_queue.checkpoint(slug)
    if text is None:
        return None
    parsed = checkpoint.parse(note.parse(text.encode()).text)
    signed = Signed(parsed.size, note.to_base64(parsed.root))
    kept[slug] = (time.monotonic(), size, signed)
    return signed
