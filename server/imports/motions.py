"""A motion written elsewhere, as Markdown or Akoma Ntoso: its title and its clauses.

In Markdown, the title is the first `#` heading. A clause begins at a lead word (« Vu », « Considérant », « Demande »…),
at a heading such as « Article 3 », at a numbered item, or, below a heading that names a kind (« Visas »…), at each
paragraph and item. What follows belongs to it. Any other heading is one of the motion (an intertitre). Formulas that
only announce a list are `left_out`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from deliberation.congress.congress import LONG, SHORT
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import cleaned
from deliberation.kernel.vocabulary import ClauseKind, Draft
from exports.akn import reading as akn
from server.imports.source import text_of

LEADS: tuple[tuple[ClauseKind, re.Pattern[str]], ...] = (
    (ClauseKind.VISA, re.compile(r"[*_]*(?:vus?|vues?)\b", re.IGNORECASE)),
    (
        ClauseKind.CONSIDERANT,
        re.compile(r"[*_]*(?:considérant|rappelant|constatant|soulignant|attendu|notant|ayant)\b", re.IGNORECASE),
    ),
    (
        ClauseKind.DEMANDE,
        re.compile(
            r"[*_]*(?:(?:demande|appelle|exige|souhaite|propose|invite|décide|recommande|affirme|réaffirme|interpelle"
            r"|sollicite|s[’']engage)(?:nt)?)\b",
            re.IGNORECASE,
        ),
    ),
)
SECTIONS: tuple[tuple[ClauseKind, re.Pattern[str]], ...] = (
    (ClauseKind.VISA, re.compile(r"visas?$", re.IGNORECASE)),
    (
        ClauseKind.CONSIDERANT,
        re.compile(r"(?:les )?(?:considérants?|constats?|motifs|exposé des motifs)$", re.IGNORECASE),
    ),
    (
        ClauseKind.DEMANDE,
        re.compile(r"(?:les |nos )?(?:demandes?|propositions?|engagements?|articles?)$", re.IGNORECASE),
    ),
)
ARTICLE = re.compile(r"(?:article|demande|proposition)\s+(?:n°\s*)?(?:\d+|premier|1er)\b", re.IGNORECASE)
ADDRESSEE = re.compile(r"(?:à l[’']|à la |au |aux |à )\S.{0,120}$", re.IGNORECASE)
ANNOUNCES = re.compile(
    r"[^\n]{0,200}\b(?:demand|appel|propos|décid|adopt|souhait|exig)\w*[^\n]{0,80}:\s*$", re.IGNORECASE
)
HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
NUMBERED = re.compile(r"\d{1,3}[.)]\s+")
PERMANENT = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""The form of a clause's permanent id."""
BULLET = re.compile(r"[-*+•–]\s+")


@dataclass(frozen=True)
class WrittenMotion:
    """`left_out` are the lines of the file that became neither title nor clause.

    `ids` are the permanent ids of the clauses, in the same order; () where the file has none.
    """

    title: str
    clauses: tuple[Draft, ...]
    left_out: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


def read(data: bytes) -> WrittenMotion | Refused:
    """The motion in a Markdown file, or in one of Akoma Ntoso 3.0."""
    found = _akn(data) if akn.is_akn(data) else _markdown(data)
    if isinstance(found, Refused):
        return found
    if all(draft.kind is ClauseKind.HEADING for draft in found.clauses):
        return Refused("import.no_clause", "Ce texte ne contient ni visa, ni considérant, ni demande.", "file")
    too_long = next((i for i, draft in enumerate(found.clauses, 1) if len(draft.markdown) > LONG), 0)
    if too_long or len(found.title) > SHORT:
        return Refused("import.clause_too_long", "Un passage de ce texte est trop long.", "file", {"clause": too_long})
    return found


def _markdown(data: bytes) -> WrittenMotion | Refused:
    text = text_of(data)
    if isinstance(text, Refused):
        return text
    reading = _Reading()
    for block in _blocks(text):
        reading.take(block)
    clauses = tuple(replace(draft, markdown=draft.markdown.strip()) for draft in reading.clauses)
    return WrittenMotion(reading.title, clauses, tuple(reading.left_out))


def _akn(data: bytes) -> WrittenMotion | Refused:
    try:
        found = akn.read(data)
    except ValueError:
        return Refused("import.not_akn", "Ce fichier n’est pas une motion au format Akoma Ntoso 3.0.", "file")
    clauses = tuple(
        replace(x.draft, markdown=cleaned(x.draft.markdown), addressee=cleaned(x.draft.addressee))
        for x in found.clauses
    )
    ids = tuple(x.id for x in found.clauses)
    proper = len(set(ids)) == len(ids) and all(map(PERMANENT.fullmatch, ids))
    return WrittenMotion(cleaned(found.title), clauses, ids=ids if proper else ())


@dataclass
class _Reading:
    """What was read so far: the kind of clause set by a heading or formula, and the addressee."""

    title: str = ""
    kind: ClauseKind | None = None
    addressee: str = ""
    clauses: list[Draft] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    article: bool = False
    """Below a heading such as « Article 3 »: everything up to the next heading is one clause."""
    fresh: bool = True
    """No clause has begun since the last heading."""
    numbered: bool = False
    """Numbered items belong to the current clause, which announces them."""

    def take(self, block: str) -> None:
        if heading := HEADING.fullmatch(block):
            self._heading(len(heading[1]), heading[2].strip("* "))
        elif lead := _lead(block):
            self._begin(lead, block)
        elif (found := NUMBERED.match(block)) and not self.numbered and not self.article:
            self._begin(self.kind or ClauseKind.DEMANDE, block[found.end() :])
        elif (found := BULLET.match(block)) and (lead := _lead(block[found.end() :]) or self._listed()):
            self._begin(lead, block[found.end() :])
        elif ANNOUNCES.fullmatch(block) and not self.article:
            self.left_out.append(block)
            self.kind, self.numbered = ClauseKind.DEMANDE, False
        elif self._may_continue() and (self._continues(block) or not self.kind):
            self._continue(block)
        else:
            self._stand_alone(block)

    def _heading(self, level: int, words: str) -> None:
        section = next((kind for kind, pattern in SECTIONS if pattern.fullmatch(words)), None)
        self.fresh, self.article = True, bool(ARTICLE.match(words))
        if level == 1 and not self.title:
            self.title = " ".join(words.split())
        elif section:
            self.kind, self.addressee = section, ""
        elif self.article:
            self.kind = ClauseKind.DEMANDE
        elif ADDRESSEE.fullmatch(words):
            self.kind, self.addressee = ClauseKind.DEMANDE, words
        elif words:
            self.clauses.append(Draft(ClauseKind.HEADING, " ".join(words.split())))

    def _listed(self) -> ClauseKind | None:
        """The kind of a plain item that is a clause of its own, because of the section or formula; None if it is
        not.
        """
        in_clause = self.article or (self.clauses and not self.fresh and _announces(self.clauses[-1].markdown))
        return None if in_clause else self.kind

    def _may_continue(self) -> bool:
        return bool(self.clauses) and self.clauses[-1].kind is not ClauseKind.HEADING

    def _continues(self, block: str) -> bool:
        """Whether a block belongs to the clause before it, below a heading that names a kind."""
        ends_open = self.clauses[-1].markdown.rstrip().endswith((":", ","))
        return not self.fresh and (self.article or ends_open or _is_item(block))

    def _stand_alone(self, block: str) -> None:
        if not self.title and not self.clauses and not self.kind:
            self.title = " ".join(block.strip("* ").split())
        elif self.kind:
            self._begin(self.kind, block)
        else:
            self.left_out.append(block)

    def _begin(self, kind: ClauseKind, text: str) -> None:
        self.fresh, self.numbered = False, _announces(text)
        self.clauses.append(Draft(kind, text.strip(), self.addressee if kind is ClauseKind.DEMANDE else ""))

    def _continue(self, block: str) -> None:
        last = self.clauses[-1]
        in_list = _is_item(block) and _is_item(last.markdown.rsplit("\n\n", 1)[-1])
        self.clauses[-1] = replace(last, markdown=last.markdown + ("\n" if in_list else "\n\n") + block)


def _announces(text: str) -> bool:
    """Whether a clause ends by announcing a list."""
    return text.split("\n\n", 1)[0].rstrip().endswith(":")


def _is_item(block: str) -> bool:
    return bool(NUMBERED.match(block) or BULLET.match(block))


def _lead(block: str) -> ClauseKind | None:
    return next((kind for kind, pattern in LEADS if pattern.match(block)), None)


def _blocks(text: str) -> Iterator[str]:
    """Headings, paragraphs and top-level items; an indented line belongs to the item above it."""
    block: list[str] = []
    for line in [*text.split("\n"), ""]:
        stripped = line.strip()
        own = HEADING.fullmatch(stripped) or (_is_item(line) and not line.startswith((" ", "\t")))
        if block and (not stripped or own or (_lead(stripped) and not line.startswith((" ", "\t")))):
            yield "\n".join(block)
            block = []
        if stripped and HEADING.fullmatch(stripped):
            yield stripped
        elif stripped and not re.fullmatch(r"(?:[-*_]\s*){3,}", stripped):
            block.append(line.rstrip() if block else stripped)
