"""The key in the secret link of a receipt: whoever has it may revise that testimony without an account (T26)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

KEY_BYTES = 18

Sign = Callable[[bytes], bytes]
"""A deterministic signature that nobody else can make."""


def key_of(sign: Sign, slug: str, testimony: int) -> str:
    """The key of a testimony: 24 characters that need no escaping in an address."""
    signed = sign(f"testimony author {slug} {testimony}".encode())
    return base64.urlsafe_b64encode(hashlib.sha256(signed).digest()[:KEY_BYTES]).decode("ascii")


def fits(given: str, sign: Sign, slug: str, testimony: int) -> bool:
    """Whether that is the key of the testimony."""
    return hmac.compare_digest(given.encode(), key_of(sign, slug, testimony).encode())
