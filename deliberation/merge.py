"""Putting adopted amendments into a frozen text, word by word (A9–A13).

Every amendment is turned into edits of the *base* text: replaced spans of words in a clause, a deleted clause, an
inserted clause, a new title. Edits that do not touch are applied together, so the result does not depend on the order
in which they are given; edits that touch are a `Collision`, a value that names both amendments and the words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby

from deliberation.state import Amendment, Frozen
from deliberation.vocabulary import Aim, Clause, ClauseKind

WORD = re.compile(
    r"\[\^\d+\]"  # a citation
    r"|\d+(?:[.,\u00a0\u202f]\d+)*"  # a number with its separators
    r"|\w+(?:[’'\-\u2011\u00ad]\w+)*[’']?"  # a word with its apostrophes and hyphens
    r"|[ \t\u00a0\u202f]+"
    r"|\n+"
    r"|[^\w\s]",
)


@dataclass(frozen=True)
class Edit:
    """Words [start, end) of a clause (or of the title, clause "") give way to `words`, by one amendment."""

    amendment: int
    clause: str
    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Collision:
    """Two amendments that cannot both stand as written: the clause and the words of the base that both touch."""

    first: int
    second: int
    clause: str
    words: str


@dataclass(frozen=True)
class Merged:
    """`collisions` is empty when `title` and `clauses` carry every amendment given."""

    title: str
    clauses: tuple[Clause, ...]
    collisions: tuple[Collision, ...]


def split_words(text: str) -> list[str]:
    """The words, spaces and marks of a text, in order; joined, they are the text again."""
    words: list[str] = []
    at = 0
    for match in WORD.finditer(text):
        if match.start() > at:
            words.append(text[at : match.start()])
        words.append(match.group())
        at = match.end()
    if at < len(text):
        words.append(text[at:])
    return words


def diff_words(old: str, new: str) -> list[tuple[str, str]]:
    """What leads from `old` to `new`: ("equal" | "delete" | "insert", text) pieces, deletions before insertions."""
    before, after = split_words(old), split_words(new)
    pieces: list[tuple[str, str]] = []
    for op, a1, a2, b1, b2 in _opcodes(before, after):
        if op == "equal":
            pieces.append(("equal", "".join(before[a1:a2])))
        else:
            pieces.extend(
                (kind, text)
                for kind, text in (("delete", "".join(before[a1:a2])), ("insert", "".join(after[b1:b2])))
                if text
            )
    return pieces


def _opcodes(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Changes on words, with lone spaces between two changes taken into one change, so that it reads well."""
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    joined: list[tuple[str, int, int, int, int]] = []
    for changed, run in groupby(_without_lone_spaces(codes, before), key=lambda code: code[0] != "equal"):
        group = list(run)
        if changed:
            first, last = group[0], group[-1]
            joined.append(("replace", first[1], last[2], first[3], last[4]))
        else:
            joined.extend(group)
    return joined


def _without_lone_spaces(
    codes: Sequence[tuple[str, int, int, int, int]], before: Sequence[str]
) -> Iterable[tuple[str, int, int, int, int]]:
    for i, (op, a1, a2, b1, b2) in enumerate(codes):
        between = 0 < i < len(codes) - 1
        if op == "equal" and between and "".join(before[a1:a2]).strip() == "":
            yield "replace", a1, a2, b1, b2
        else:
            yield op, a1, a2, b1, b2


def edits(amendment: Amendment, base: Frozen) -> list[Edit]:
    """The word edits of an amendment that rewrites a clause or the title; [] for the other aims."""
    if amendment.aim is Aim.TITLE:
        old, clause = base.title, ""
    elif amendment.aim is Aim.REWRITE:
        old, clause = _clause(base, amendment.clause).markdown, amendment.clause
    else:
        return []
    before, after = split_words(old), split_words(amendment.text)
    return [
        Edit(amendment.number, clause, a1, a2, tuple(after[b1:b2]))
        for op, a1, a2, b1, b2 in _opcodes(before, after)
        if op != "equal"
    ]


def _clause(base: Frozen, id_: str) -> Clause:
    return next(clause for clause in base.clauses if clause.id == id_)


def merge(base: Frozen, amendments: Iterable[Amendment]) -> Merged:
    """The base text with all these amendments, each aiming at `base`; their order of arrival does not matter."""
    ordered = sorted(amendments, key=lambda a: a.number)
    deleted = {a.clause: a.number for a in reversed(ordered) if a.aim is Aim.DELETE}
    by_clause: dict[str, list[Edit]] = {}
    for amendment in ordered:
        for edit in edits(amendment, base):
            by_clause.setdefault(edit.clause, []).append(edit)
    collisions = [*_with_deletions(base, deleted, by_clause), *_between_edits(base, by_clause)]
    inserted: dict[str, list[Clause]] = {}
    for amendment in ordered:
        if amendment.aim is Aim.INSERT:
            inserted.setdefault(amendment.clause, []).append(_new_clause(amendment))
    clauses = list(inserted.get("", []))
    for clause in base.clauses:
        if clause.id not in deleted:
            clauses.append(replace(clause, markdown=_apply(clause.markdown, by_clause.get(clause.id, []))))
        clauses.extend(inserted.get(clause.id, []))
    return Merged(_apply(base.title, by_clause.get("", [])), number(clauses), tuple(collisions))


def _new_clause(amendment: Amendment) -> Clause:
    kind = ClauseKind(amendment.new_kind) if amendment.new_kind else ClauseKind.DEMANDE
    return Clause(inserted_id(amendment.number), kind, 0, amendment.text)


def inserted_id(amendment: int) -> str:
    """The id of the clause that an amendment inserts."""
    return f"a{amendment:09d}"


def _apply(text: str, given: Iterable[Edit]) -> str:
    words = split_words(text)
    seen: set[tuple[int, int, tuple[str, ...]]] = set()
    for edit in sorted(given, key=lambda x: (x.start, x.end), reverse=True):
        if (edit.start, edit.end, edit.words) not in seen:
            seen.add((edit.start, edit.end, edit.words))
            words[edit.start : edit.end] = edit.words
    return "".join(words)


def _with_deletions(base: Frozen, deleted: dict[str, int], by_clause: dict[str, list[Edit]]) -> Iterable[Collision]:
    for clause, by in deleted.items():
        for number_ in sorted({edit.amendment for edit in by_clause.get(clause, [])}):
            yield Collision(min(by, number_), max(by, number_), clause, _clause(base, clause).markdown)


def _between_edits(base: Frozen, by_clause: dict[str, list[Edit]]) -> Iterable[Collision]:
    for clause, given in by_clause.items():
        words = split_words(_clause(base, clause).markdown if clause else base.title)
        found: set[tuple[int, int]] = set()
        given = sorted(given, key=lambda x: (x.start, x.end, x.amendment))
        for i, one in enumerate(given):
            for other in given[i + 1 :]:
                if other.start > one.end:
                    break
                pair = (min(one.amendment, other.amendment), max(one.amendment, other.amendment))
                if _touch(one, other) and pair not in found:
                    found.add(pair)
                    yield Collision(*pair, clause, _words_of(words, one, other))


def _touch(one: Edit, other: Edit) -> bool:
    """Whether two edits of different amendments change the same words; the same edit twice is no conflict."""
    if one.amendment == other.amendment or (one.start, one.end, one.words) == (other.start, other.end, other.words):
        return False
    if one.start == other.start and (one.start == one.end or other.start == other.end):
        return True
    return one.start < other.end and other.start < one.end


def _words_of(words: Sequence[str], one: Edit, other: Edit) -> str:
    start, end = max(one.start, other.start), min(one.end, other.end)
    if start < end:
        return "".join(words[start:end])
    return "".join(words[max(0, start - 2) : start + 2])


def number(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """The clauses with numbers that count within each kind, from 1."""
    counts: dict[ClauseKind, int] = {}
    numbered = []
    for clause in clauses:
        counts[clause.kind] = counts.get(clause.kind, 0) + 1
        numbered.append(replace(clause, number=counts[clause.kind]))
    return tuple(numbered)


def text_hash(title: str, clauses: Iterable[Clause]) -> str:
    """SHA-256, in hex, of a frozen text: its title and each clause's id, kind, number, addressee and Markdown.

    Fields are separated by U+001F and clauses by U+001E, which no text may contain.
    """
    parts = [title]
    for x in clauses:
        parts.append("\x1f".join((x.id, x.kind.value, str(x.number), x.addressee, x.markdown)))
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()
