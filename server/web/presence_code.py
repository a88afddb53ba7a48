"""The code on the screen in the hall, which proves that somebody who testifies without an account is there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from deliberation.kernel.errors import Refused

WINDOW = 300
"""Seconds for which a code is shown; it is accepted for as long again, for those who were still writing."""

DIGITS = 6
WRONG = Refused(
    "testimony.presence",
    "Donnez le code à six chiffres que montre l’écran de la salle ; il change toutes les cinq minutes.",
    "presence",
)

Sign = Callable[[bytes], bytes]
"""A deterministic signature that nobody else can make."""


def code_at(sign: Sign, slug: str, seconds: float) -> str:
    """The code of a congress at that time: six digits."""
    signed = sign(f"presence {slug} {int(seconds) // WINDOW}".encode())
    return f"{int.from_bytes(hashlib.sha256(signed).digest()[:8], 'big') % 10**DIGITS:0{DIGITS}}"


def fits(given: str, sign: Sign, slug: str, seconds: float) -> bool:
    """Whether it is the current code or the one before."""
    typed = "".join(given.split())
    return typed in (code_at(sign, slug, seconds), code_at(sign, slug, seconds - WINDOW))
