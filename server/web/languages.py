"""The language of an answer: what the visitor chose here, else what their browser prefers, else French."""

from __future__ import annotations

from starlette.requests import Request

from exports.translations import FRENCH, load

COOKIE = "langue"
VARY = "Cookie, Accept-Language"
"""What the answers that are in words depend on, beside the address."""
MOST_RANGES = 20
"""Of an `Accept-Language` header; further ones are not read."""


def language_of(request: Request) -> str:
    """The code of a language of the interface."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in load() else preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> str:
    """The language of the interface that an `Accept-Language` header ranks highest (RFC 9110, 12.5.4)."""
    best, weight = FRENCH, 0.0
    for part in header.split(",")[:MOST_RANGES]:
        name, _, parameter = part.strip().partition(";")
        lang, wanted = name.strip().lower().partition("-")[0], _weight(parameter)
        if wanted > weight and (lang in load() or lang == "*"):
            best, weight = lang if lang in load() else FRENCH, wanted
    return best


def _weight(parameter: str) -> float:
    """`q=0.8` as a number from 0 to 1; 1 where none is given, 0 where it cannot be read."""
    text = parameter.strip().lower()
    if not text:
        return 1.0
    digits = text.removeprefix("q=").strip()
    is_number = digits.replace(".", "", 1).isdecimal() and digits.isascii() and len(digits) <= 5
    return min(1.0, float(digits)) if text.startswith("q=") and is_number else 0.0
