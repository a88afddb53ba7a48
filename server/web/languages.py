"""The language of a response: what the visitor chose here, else what their browser prefers, else French."""

from __future__ import annotations

from starlette.requests import Request

from exports.translations import FRENCH, load

COOKIE = "langue"
VARY = "Cookie, Accept-Language"
"""The request headers on which pages depend, for caches."""
MOST_RANGES = 20
"""Ranges of an `Accept-Language` header that are read; further ones are ignored."""


def language_of(request: Request) -> str:
    """The code of the interface language for this request."""
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
    """`q=0.8` as a number from 0 to 1; 1 if none is given, 0 if it is malformed."""
    text = parameter.strip().lower()
    if not text:
        return 1.0
    digits = text.removeprefix("q=").strip()
    is_number = digits.replace(".", "", 1).isdecimal() and digits.isascii() and len(digits) <= 5
    return min(1.0, float(digits)) if text.startswith("q=") and is_number else 0.0
