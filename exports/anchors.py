"""Fragment identifiers in pages, made from ids that other programs may have chosen."""

from __future__ import annotations

import hashlib
import re

SAFE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def safe(id_: str) -> str:
    """The id itself if it can be used in a fragment, otherwise 16 hexadecimal digits of its SHA-256."""
    return id_ if SAFE.fullmatch(id_) else hashlib.sha256(id_.encode()).hexdigest()[:16]
