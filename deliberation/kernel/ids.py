"""Names of people and documents, as they stand in the record and in addresses."""

from __future__ import annotations

import re

Instant = str
"""A moment in UTC with milliseconds, `2026-11-23T02:45:26.123Z`: sorts as text."""

VISITOR = "visiteur"
"""The actor of a testimony by somebody without an account."""

CONGRESS = "congres"
"""The actor of what happens automatically: consolidated texts, closings at an announced time, consequences of a
vote.
"""

NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")

PERSON = "personne"
TESTIMONY = "temoignage"
EXCERPT = "extrait"
MAP = "carte"
MOTION = "motion"
REMARK = "remarque"
AMENDMENT = "amendement"
POLL = "scrutin"
PROXY = "pouvoir"
COLLEGE = "college"
DISCUSSION = "discussion"
ELECTION = "election"
RESULT = "resultat"
REDACTION = "caviardage"
PHASE = "phase"
SESSION = "seance"


def document(kind: str, number: int | str) -> str:
    """The name of the document that an entry is about, such as `temoignage-12`."""
    return f"{kind}-{number}"


def split(name: str) -> tuple[str, int]:
    """`temoignage-12` as `("temoignage", 12)`; ValueError for anything that `document` does not write."""
    kind, _, number = name.rpartition("-")
    if not kind or not NUMBER.fullmatch(number):
        raise ValueError(f"not a numbered document: {name!r}")
    return kind, int(number)


def person_id(number: int) -> str:
    """The pseudonym of the n-th person of a congress, such as `p12`."""
    return f"p{number}"
