"""French typography for every output: no-break spaces, apostrophes, ellipses; addresses and code are not changed.

Rules follow the usage of the Imprimerie nationale: a narrow no-break space (U+202F) before `;`, `!`, `?`, `%` and
between groups of three digits; a no-break space (U+00A0) before `:`, `»` and units, and after `«`.
"""

from __future__ import annotations

import re

NBSP = "\u00a0"
NARROW = "\u202f"

_GAP = rf"[ {NBSP}{NARROW}]"
_PROTECTED = re.compile(
    r"(`[^`\n]*`|\b(?:https?|mailto|ftp):[^\s<>«»\u00a0\u202f]+|\bwww\.[^\s<>«»]+|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+)"
)
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_UNITS = "€|k€|M€|km|m|cm|mm|kg|g|h|min|s|ha|Mo|Go|ko|Mbit/s|Gbit/s|kWh|MWh|°C|ans|an|mois|jours|jour|habitants"
_TITLES = r"M\.|MM\.|Mme|Mmes|Mlle|Dr"
_MARKERS = r"[nN]°|[nN]os|nº|art\.|Art\.|article|articles|p\.|§|al\.|chap\."

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\.\.\.(?!\.)"), "…"),
    (re.compile(r"(?<=[^\W\d_])'(?=[^\W_«])"), "’"),
    (re.compile(rf"«{_GAP}*+(?=\S)"), f"«{NBSP}"),
    (re.compile(rf"(?<=\S){_GAP}*+»"), f"{NBSP}»"),
    (re.compile(rf"(?<!{_GAP}){_GAP}++(?=[;!?])"), NARROW),
    (re.compile(r"(?<=[\w)\]»’%])([;!?]+)(?=\s|$|[)»])"), rf"{NARROW}\1"),
    (re.compile(rf"(?<!{_GAP}){_GAP}++:(?=\s|$)"), f"{NBSP}:"),
    (re.compile(rf"(?<=[^\W\d_)\]»])(?<!{NBSP}):(?=\s|$)"), f"{NBSP}:"),
    (re.compile(rf"(?<=\d)[ {NARROW}{NBSP}](?=\d{{3}}(?!\d))"), NARROW),
    (re.compile(rf"(?<=\d){_GAP}*+%"), f"{NARROW}%"),
    (re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))"), NBSP),
    (re.compile(rf"(?<=\d) (?=(?:{_MONTHS})\b)"), NBSP),
    (re.compile(rf"\b(1er) (?=(?:{_MONTHS})\b)"), rf"\1{NBSP}"),
    (re.compile(rf"(?<!\w)({_MARKERS}) (?=[\dIVXL])"), rf"\1{NBSP}"),
    (re.compile(rf"(?<!\w)({_TITLES}) (?=[^\W\d_])"), rf"\1{NBSP}"),
)


def french(text: str) -> str:
    """The text with French typography; applying it again changes nothing."""
    parts = _PROTECTED.split(text)
    return "".join(part if i % 2 else _set(part) for i, part in enumerate(parts))


def _set(text: str) -> str:
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def integer(number: int) -> str:
    """A number grouped with narrow no-break spaces, such as `12 345`. Numbers of four digits are grouped as well, so it
    is not for years.
    """
    return f"{number:,}".replace(",", NARROW)


def percent(part: int, whole: int) -> str:
    """The share of `part` in `whole` as a rounded percentage, such as `33 %`; `0 %` if `whole` is 0. A share of less
    than the whole is never rounded up to 100.
    """
    if whole <= 0:
        return f"0{NARROW}%"
    rounded = (200 * part + whole) // (2 * whole)
    return f"{min(rounded, 99) if part < whole else rounded}{NARROW}%"


def ordinal(number: int, feminine: bool = False) -> str:
    """The number as a French ordinal: `1er` or `1re`, `2e`, `3e`…"""
    return f"{number}{('re' if feminine else 'er') if number == 1 else 'e'}"
