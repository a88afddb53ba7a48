"""Putting adopted amendments into a frozen text, word by word (A9–A13).

Every amendment is turned into edits of the *base* text: replaced spans of words in a clause, a deleted clause, an
inserted clause, a new title. Edits that do not touch are applied together, so the result does not depend on the order
in which they are given; edits that touch are a `Collision`, a value that names both amendments and the words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from deliberation import words as words_
from deliberation.state import Amendment, Frozen
from deliberation.vocabulary import Aim, Clause, ClauseKind
from deliberation.words import diff_words as diff_words
from deliberation.words import split_words as split_words


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


Pieces = tuple[tuple[str, int], ...]
"""A text with the origin of each part: (words, number of the amendment that brought them, or 0 for the base)."""


@dataclass(frozen=True)
class _Plan:
    """What the amendments do to the base: edits by clause, deletions by clause, insertions by the clause before."""

    edits: Mapping[str, Sequence[Edit]]
    deletions: Mapping[str, Sequence[int]]
    insertions: Mapping[str, Sequence[Amendment]]


def edits(amendment: Amendment, base: Frozen) -> list[Edit]:
    """The word edits of an amendment that rewrites a clause or the title; [] for the other aims."""
    if amendment.aim is Aim.TITLE:
        old, clause = base.title, ""
    elif amendment.aim is Aim.REWRITE:
        old, clause = _clause(base, amendment.clause).markdown, amendment.clause
    else:
        return []
    before, after = split_words(old), split_words(amendment.text)
    changes = words_.changes(before, after)
    return [Edit(amendment.number, clause, a1, a2, tuple(after[b1:b2])) for a1, a2, b1, b2 in changes]


def _clause(base: Frozen, id_: str) -> Clause:
    return next(clause for clause in base.clauses if clause.id == id_)


def merge(base: Frozen, amendments: Iterable[Amendment]) -> Merged:
    """The base text with all these amendments, each aiming at `base`; their order of arrival does not matter."""
    plan = _plan(base, amendments)
    collisions = (*_with_deletions(base, plan), *_between_edits(base, plan.edits))
    clauses = (replace(clause, markdown=_text(pieces)) for clause, pieces in _clauses(base, plan))
    return Merged(_text(_title(base, plan)), number(clauses), collisions)


def origins(base: Frozen, amendments: Iterable[Amendment]) -> dict[str, Pieces]:
    """Where each word of `merge` comes from, by clause id; "" is the title (A13)."""
    plan = _plan(base, amendments)
    return {"": _title(base, plan), **{clause.id: pieces for clause, pieces in _clauses(base, plan)}}


def _plan(base: Frozen, amendments: Iterable[Amendment]) -> _Plan:
    plan: tuple[dict[str, list[Edit]], dict[str, list[int]], dict[str, list[Amendment]]] = ({}, {}, {})
    for amendment in sorted(amendments, key=lambda a: a.number):
        for edit in edits(amendment, base):
            plan[0].setdefault(edit.clause, []).append(edit)
        if amendment.aim is Aim.DELETE:
            plan[1].setdefault(amendment.clause, []).append(amendment.number)
        if amendment.aim is Aim.INSERT:
            plan[2].setdefault(amendment.clause, []).append(amendment)
    return _Plan(*plan)


def _title(base: Frozen, plan: _Plan) -> Pieces:
    return _woven(base.title, plan.edits.get("", ()))


def _clauses(base: Frozen, plan: _Plan) -> Iterator[tuple[Clause, Pieces]]:
    """The clauses of the merged text, insertions at one place by their number; numbers and Markdown to be set."""
    taken = {clause.id for clause in base.clauses}
    yield from _inserted(plan, "", taken)
    for clause in base.clauses:
        if clause.id not in plan.deletions:
            yield clause, _woven(clause.markdown, plan.edits.get(clause.id, ()))
        yield from _inserted(plan, clause.id, taken)


def _inserted(plan: _Plan, after: str, taken: set[str]) -> Iterator[tuple[Clause, Pieces]]:
    once: set[tuple[ClauseKind, str]] = set()
    for amendment in plan.insertions.get(after, ()):
        kind = ClauseKind(amendment.new_kind) if amendment.new_kind else ClauseKind.DEMANDE
        if (kind, amendment.text) in once:
            continue
        once.add((kind, amendment.text))
        id_ = inserted_id(amendment.number)
        while id_ in taken:  # only a writer who forged the id of a clause gets here
            id_ += "x"
        taken.add(id_)
        yield Clause(id_, kind, 0, amendment.text), ((amendment.text, amendment.number),)


def inserted_id(amendment: int) -> str:
    """The id of the clause that an amendment inserts."""
    return f"a{amendment:09d}"


def _text(pieces: Pieces) -> str:
    return "".join(text for text, _ in pieces)


def _woven(text: str, given: Iterable[Edit]) -> Pieces:
    """The text with these edits; the same edit by several amendments is made once, in the name of the first."""
    words = [(word, 0) for word in split_words(text)]
    once: dict[tuple[int, int, tuple[str, ...]], Edit] = {}
    for edit in given:
        once.setdefault((edit.start, edit.end, edit.words), edit)
    for edit in sorted(once.values(), key=lambda x: (x.start, x.end), reverse=True):
        words[edit.start : edit.end] = [(word, edit.amendment) for word in edit.words]
    runs = groupby(words, key=lambda word: word[1])
    return tuple(("".join(word for word, _ in run), by) for by, run in runs)


def _with_deletions(base: Frozen, plan: _Plan) -> Iterator[Collision]:
    for clause, deleting in plan.deletions.items():
        rewriting = {edit.amendment for edit in plan.edits.get(clause, ())}
        for one, other in sorted((min(a, b), max(a, b)) for a in deleting for b in rewriting):
            yield Collision(one, other, clause, _clause(base, clause).markdown)


def _between_edits(base: Frozen, by_clause: Mapping[str, Sequence[Edit]]) -> Iterator[Collision]:
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
