"""Names of places within a page, from ids that programs of other people made."""

from __future__ import annotations

import hashlib
import re

SAFE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def safe(id_: str) -> str:
    """The id itself where it can stand in a fragment, else a short hash of it."""
    return id_ if SAFE.fullmatch(id_) else hashlib.sha256(id_.encode()).hexdigest()[:16]
