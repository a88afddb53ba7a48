"""The values that commands, events and state share, in the congress's own words.

Members of an enumeration keep the word that stands in the record; the interface translates it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ELU = "elu"
    ORGANISER = "organiser"
    SCRIBE = "scribe"


class Phase(StrEnum):
    """The phases of a congress, in their usual order; they may overlap."""

    COLLECT = "collecte"
    MAPS = "cartes"
    DRAFTING = "redaction"
    AMENDMENTS = "amendements"
    VOTE = "vote"
    RESTITUTION = "restitution"


class Channel(StrEnum):
    """How a testimony came in."""

    WEB = "web"
    VIDEO = "video"
    PHONE = "telephone"
    PAPER = "papier"
    WORKSHOP = "atelier"
    FLOOR = "tribune"


class ClauseKind(StrEnum):
    VISA = "visa"
    CONSIDERANT = "considerant"
    DEMANDE = "demande"


class Aim(StrEnum):
    """What an amendment does to the frozen text."""

    DELETE = "delete"
    REWRITE = "rewrite"
    INSERT = "insert"
    TITLE = "title"


class Outcome(StrEnum):
    ADOPTED = "adopte"
    REJECTED = "rejete"
    WITHDRAWN = "retire"
    NOT_MOVED = "non_soutenu"
    FALLEN = "tombe"
    SATISFIED = "satisfait"
    MOOT = "sans_objet"
    INADMISSIBLE = "irrecevable"


class Choice(StrEnum):
    FOR = "pour"
    AGAINST = "contre"
    ABSTAIN = "abstention"


@dataclass(frozen=True)
class Speaker:
    """Who said it, as they wish to be named; all fields may be empty."""

    name: str = ""
    mandate: str = ""
    collectivity: str = ""
    code: str = ""


@dataclass(frozen=True)
class Clause:
    """A numbered unit of a motion. `number` counts within its kind, from 1; `markdown` cites excerpts as `[^12]`."""

    id: str
    kind: ClauseKind
    number: int
    markdown: str
    addressee: str = ""


@dataclass(frozen=True)
class Draft:
    """A clause while it is being written: its number follows from its place."""

    kind: ClauseKind
    markdown: str
    addressee: str = ""


@dataclass(frozen=True)
class ClauseChange:
    """`before` is None for a new clause, `after` is None for a deleted one."""

    id: str
    before: Draft | None
    after: Draft | None


@dataclass(frozen=True)
class Node:
    """A theme or idea of a map. `parent` is "" for a main branch; siblings sort by (`order`, id)."""

    parent: str
    order: str
    text: str
    excerpts: tuple[int, ...] = ()


@dataclass(frozen=True)
class NodeChange:
    id: str
    before: Node | None
    after: Node | None


@dataclass(frozen=True)
class PollRule:
    """How a poll is decided. A majority of n/d of the base must be for: more than it when `strict`, else at least it.

    base: "exprimes" (for + against), "presents" (all who voted) or "inscrits" (all entitled).
    tie: "rejected" or "chair" (the ballot of `chair`, a person's id, prevails; CGCT L2121-20).
    quorum: more than n/d of those entitled must vote; 0/1 asks for none (CGCT L2121-17: more than 1/2).
    """

    majority_n: int = 1
    majority_d: int = 2
    strict: bool = True
    base: str = "exprimes"
    tie: str = "rejected"
    chair: str = ""
    quorum_n: int = 0
    quorum_d: int = 1


@dataclass(frozen=True)
class Tally:
    """Counts of a closed poll and what follows from them by its rule."""

    in_favour: int
    against: int
    abstain: int
    entitled: int
    base: int
    needed: int
    quorum_needed: int
    quorum_met: bool
    carried: bool


@dataclass(frozen=True)
class Window:
    """When a phase is open: from `opens` (None: not yet decided) until before `closes` (None: no end set)."""

    opens: str | None = None
    closes: str | None = None
