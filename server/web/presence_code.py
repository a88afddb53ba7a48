"""The code on the screen of the hall, by which whoever testifies without an account proves that they are there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from deliberation.kernel.errors import Refused

WINDOW = 300
"""Seconds for which a code is shown; it is taken for as long again, by whoever was still writing."""

DIGITS = 6
WRONG = Refused(
    "testimony.presence",
    "Donnez le code à six chiffres que montre l’écran de la salle ; il change toutes les cinq minutes.",
    "presence",
)

Sign = Callable[[bytes], bytes]
"""A signature that the same bytes always get, and that nobody else can make."""


def code_at(sign: Sign, slug: str, seconds: float) -> str:
    """The code of a congress at that time: six digits."""
    signed = sign(f"presence {slug} {int(seconds) // WINDOW}".encode())
    return f"{int.from_bytes(hashlib.sha256(signed).digest()[:8], 'big') % 10**DIGITS:0{DIGITS}}"


def fits(given: str, sign: Sign, slug: str, seconds: float) -> bool:
    """Whether it is the code that is shown, or the one that was shown just before."""
    typed = "".join(given.split())
    return typed in (code_at(sign, slug, seconds), code_at(sign, slug, seconds - WINDOW))
