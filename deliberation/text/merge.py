"""Putting adopted amendments into a frozen text, word by word (A9–A13, A16–A18).

Every amendment is turned into edits of the *base* text: replaced spans of words in a clause, a deleted clause, an
inserted clause, a clause that is moved, a new title. Edits that do not touch are applied together, so the result does
not depend on the order in which they are given; edits that touch are a `Collision`, a value that names both amendments
and the words. A sub-amendment changes the words of its parent first, and counts only together with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby
from types import MappingProxyType
from typing import NamedTuple

from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim, Clause, ClauseKind, Span
from deliberation.text.spans import word_changes
from deliberation.text.words import diff_words as diff_words
from deliberation.text.words import split_words as split_words

BASE = 0
"""The origin of the words of the base text."""

GLUE = 3
"""Words between two changes over which they might still grow into one, as in `3,5`."""


@dataclass(frozen=True)
class Edit:
    """Words [start, end) of a clause (or of the title, clause "") give way to `words`, by one amendment.

    `by` names the origin of each word: the amendment, or one of its sub-amendments.
    """

    amendment: int
    clause: str
    start: int
    end: int
    words: tuple[str, ...]
    by: tuple[int, ...]


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

Word = tuple[str, int]


_Placed = tuple[str, int, "int | None"]
"""A word, its origin, and its place in the base where it is left from there."""


@dataclass
class Plan:
    """What amendments do to a base, filled by `plan` and only read after.

    `edits` by clause; `deletions` and `moves` by the clause that they take away; `places` by the clause before: what is
    inserted or moved there. `texts` are the words of inserted clauses; `wordings` says which amendment first gave a
    clause those words, `twins` which others give it the very same, perhaps by other spans: they are made once.
    `within` are collisions of sub-amendments.
    """

    base: Frozen
    edits: dict[str, list[Edit]] = field(default_factory=dict)
    deletions: dict[str, list[int]] = field(default_factory=dict)
    moves: dict[str, list[Amendment]] = field(default_factory=dict)
    places: dict[str, list[Amendment]] = field(default_factory=dict)
    texts: dict[int, Pieces] = field(default_factory=dict)
    wordings: dict[tuple[str, str], int] = field(default_factory=dict)
    twins: dict[int, int] = field(default_factory=dict)
    within: list[Collision] = field(default_factory=list)


def merge(base: Frozen, amendments: Iterable[Amendment]) -> Merged:
    """The base text with all these amendments, each aiming at `base`; their order of arrival does not matter.

    A sub-amendment whose parent is not among them changes nothing.
    """
    return merged(plan(base, amendments))


def origins(base: Frozen, amendments: Iterable[Amendment]) -> dict[str, Pieces]:
    """Where each word of `merge` comes from, by clause id; "" is the title (A13)."""
    planned = plan(base, amendments)
    return {"": title(planned), **{clause.id: pieces for clause, pieces in clauses(planned)}}


class Traced(NamedTuple):
    """Words of a merged text: `start` is their character in the clause of the base (-1: brought by amendment `by`)."""

    text: str
    by: int
    start: int


def traced(base: Frozen, amendments: Iterable[Amendment]) -> dict[str, tuple[Traced, ...]]:
    """As `origins`, with the place in the base of the words that were left from there."""
    planned = plan(base, amendments)
    known = {clause.id: clause.markdown for clause in base.clauses}
    found = {"": tuple(_traced(base.title, made(planned, "")))}
    for clause, pieces in clauses(planned):
        if clause.id in known:
            found[clause.id] = tuple(_traced(known[clause.id], made(planned, clause.id)))
        else:
            found[clause.id] = tuple(Traced(text, by, -1) for text, by in pieces)
    return found


def _traced(text: str, given: Iterable[Edit]) -> Iterator[Traced]:
    words = split_words(text)
    starts = list(accumulate((len(word) for word in words), initial=0))
    at = 0
    for edit in sorted(_once(given), key=lambda x: (x.start, x.end)):
        if edit.start > at:
            yield Traced(text[starts[at] : starts[edit.start]], BASE, starts[at])
        for by, run in groupby(zip(edit.words, edit.by, strict=True), key=lambda word: word[1]):
            yield Traced("".join(word for word, _ in run), by, -1)
        at = edit.end
    if at < len(words):
        yield Traced(text[starts[at] :], BASE, starts[at])


def merged(planned: Plan) -> Merged:
    made = (replace(clause, markdown=_text(pieces)) for clause, pieces in clauses(planned))
    return Merged(_text(title(planned)), number(made), tuple(_collisions(planned)))


def plan(base: Frozen, amendments: Iterable[Amendment]) -> Plan:
    """What these amendments do to the base, sub-amendments folded into their parents."""
    given = sorted(amendments, key=lambda a: a.number)
    subs: dict[int, list[Amendment]] = {}
    for sub in given:
        if sub.parent is not None:
            subs.setdefault(sub.parent, []).append(sub)
    planned = Plan(base)
    old = {"": base.title, **{clause.id: clause.markdown for clause in base.clauses}}
    for amendment in given:
        if amendment.parent is None and amendment.is_worded:
            _take(planned, old, amendment, subs.get(amendment.number, ()))
    return planned


def _take(planned: Plan, old: Mapping[str, str], amendment: Amendment, subs: Sequence[Amendment]) -> None:
    """Adds an amendment, with its sub-amendments, to the plan."""
    own = amendment.own if amendment.own and {x.number for x in subs}.issuperset(amendment.amended_by) else None
    if amendment.amended_by and own is None:  # its words already hold those that were adopted
        subs = [sub for sub in subs if sub.aim is Aim.INSERT]
    text, spans = (own.text, own.spans) if own else (amendment.text, amendment.spans)
    alike = sub_twins(subs)
    aim, clause, changes = amendment.aim, amendment.clause, sole(sub_edits(text, subs), alike)
    if aim is Aim.DELETE:
        planned.deletions.setdefault(clause, []).append(amendment.number)
    elif aim is Aim.MOVE:
        planned.moves.setdefault(clause, []).append(amendment)
        planned.places.setdefault(amendment.after, []).append(amendment)
    elif aim is Aim.INSERT:
        planned.texts[amendment.number] = _woven(text, changes, amendment.number)
        planned.places.setdefault(clause, []).append(amendment)
    else:
        clause = "" if aim is Aim.TITLE else clause
        edits_ = _edits(amendment.number, clause, old[clause], text, spans, changes)
        planned.edits.setdefault(clause, []).extend(edits_)
        first = planned.wordings.setdefault((clause, woven(text, changes)), amendment.number)
        if first != amendment.number:
            planned.twins[amendment.number] = first
    target = inserted_id(amendment.number) if aim is Aim.INSERT else clause
    planned.within += _between(text, target, sub_edits(text, subs), alike)
    for sub in subs:
        if sub.aim is Aim.INSERT:
            planned.texts[sub.number] = ((sub.text, sub.number),)
            planned.places.setdefault(clause, []).append(sub)


def edits(amendment: Amendment, base: Frozen) -> list[Edit]:
    """The word edits of an amendment that rewrites a clause or the title; [] for the other aims."""
    return [edit for given in plan(base, [amendment]).edits.values() for edit in given]


def _edits(
    number: int, clause: str, old: str, text: str, spans: tuple[Span, ...], changes: Sequence[Edit]
) -> Iterator[Edit]:
    """What leads from the old words to those of an amendment, as its sub-amendments change them."""
    before, after = split_words(old), split_words(text)
    made = word_changes(old, text, spans)
    if not changes:
        for a1, a2, b1, b2 in made:
            yield Edit(number, clause, a1, a2, tuple(after[b1:b2]), (number,) * (b2 - b1))
        return
    words = _placed(after, made, number)
    for edit in sorted(_once(changes), key=lambda x: (x.start, x.end), reverse=True):
        words[edit.start : edit.end] = [(word, by, None) for word, by in zip(edit.words, edit.by, strict=True)]
    for composed in _from_placed(words, len(before), number, clause):
        yield from _trimmed(composed, before)


def _placed(after: Sequence[str], changes: Iterable[tuple[int, int, int, int]], by: int) -> list[_Placed]:
    """The amendment's words, those left from the base with their place in it."""
    words: list[_Placed] = []
    at, other = 0, 0
    for _, a2, b1, b2 in changes:
        words += [(word, BASE, at + n) for n, word in enumerate(after[other:b1])]
        words += [(word, by, None) for word in after[b1:b2]]
        at, other = a2, b2
    return words + [(word, BASE, at + n) for n, word in enumerate(after[other:])]


def _from_placed(words: Iterable[_Placed], size: int, amendment: int, clause: str) -> Iterator[Edit]:
    """What differs from a base of `size` words."""
    at = 0
    brought: list[Word] = []
    for word, by, place in (*words, ("", BASE, size)):
        if place is None:
            brought.append((word, by))
            continue
        if place > at or brought:
            yield Edit(amendment, clause, at, place, tuple(w for w, _ in brought), tuple(n for _, n in brought))
        at, brought = place + 1, []


def _trimmed(edit: Edit, before: Sequence[str]) -> Iterator[Edit]:
    """Without words at both ends that are again those of the base; nothing where all of them are."""
    old = before[edit.start : edit.end]
    shortest = min(len(old), len(edit.words))
    first = next((n for n in range(shortest) if old[n] != edit.words[n]), shortest)
    left = shortest - first
    last = next((n for n in range(left) if old[-1 - n] != edit.words[-1 - n]), left)
    if len(old) != len(edit.words) or first < shortest:
        kept = slice(first, len(edit.words) - last)
        yield replace(edit, start=edit.start + first, end=edit.end - last, words=edit.words[kept], by=edit.by[kept])


def sub_edits(text: str, subs: Iterable[Amendment]) -> list[Edit]:
    """Edits of an amendment's own words by sub-amendments; those that add a clause have none."""
    found = []
    for sub in subs:
        if sub.aim is Aim.INSERT or not sub.is_worded:
            continue
        after = split_words(sub.text)
        for a1, a2, b1, b2 in word_changes(text, sub.text, sub.spans):
            found.append(Edit(sub.number, "", a1, a2, tuple(after[b1:b2]), (sub.number,) * (b2 - b1)))
    return found


def sub_twins(subs: Iterable[Amendment]) -> dict[int, int]:
    """Sub-amendments that give their amendment the very same words as an earlier one, and which."""
    first: dict[str, int] = {}
    for sub in subs:
        if sub.aim is not Aim.INSERT:
            first.setdefault(sub.text, sub.number)
    return {x.number: n for x in subs if x.aim is not Aim.INSERT and (n := first[x.text]) != x.number}


def sole(given: Iterable[Edit], twins: Mapping[int, int]) -> list[Edit]:
    """The edits of those that are no twin of another."""
    return [edit for edit in given if edit.amendment not in twins]


def between_subs(parent: Amendment, subs: Iterable[Amendment]) -> tuple[Collision, ...]:
    """What sub-amendments of one parent would both change in its words."""
    text, subs = parent.wording.text, sorted(subs, key=lambda a: a.number)
    return tuple(_between(text, parent.clause, sub_edits(text, subs), sub_twins(subs)))


def amending(parent: Amendment, subs: Iterable[Amendment]) -> list[Edit]:
    """The edits that sub-amendments make in the words of their parent: each change once."""
    subs = sorted(subs, key=lambda a: a.number)
    return sole(sub_edits(parent.wording.text, subs), sub_twins(subs))


def amended(parent: Amendment, subs: Iterable[Amendment]) -> str:
    """What the parent says with these sub-amendments to its words."""
    return woven(parent.wording.text, amending(parent, subs))


def amended_spans(parent: Amendment, subs: Iterable[Amendment], old: str) -> tuple[Span, ...]:
    """The spans that lead from the words aimed at to what the parent says with these sub-amendments."""
    own = parent.wording
    words = split_words(old)
    starts = list(accumulate((len(word) for word in words), initial=0))
    made = _edits(parent.number, "", old, own.text, own.spans, amending(parent, subs))
    return tuple(Span(starts[x.start], "".join(words[x.start : x.end]), "".join(x.words)) for x in made)


def title(planned: Plan) -> Pieces:
    """The title with its origins."""
    return _woven(planned.base.title, made(planned, ""))


def clauses(planned: Plan) -> Iterator[tuple[Clause, Pieces]]:
    """The clauses of the merged text in order, with the origins of their words; numbers and Markdown to be set."""
    known = {clause.id: clause for clause in planned.base.clauses}
    taken, moved = set(known), set(planned.moves)
    for before in ("", *known):
        if before and before not in planned.deletions and before not in moved:
            yield known[before], _clause_pieces(planned, known[before])
        yield from _at_place(planned, before, known, taken)


def _at_place(
    planned: Plan, before: str, known: Mapping[str, Clause], taken: set[str]
) -> Iterator[tuple[Clause, Pieces]]:
    """What is inserted or moved behind a clause of the base; the same thing twice is made once, by the first."""
    said: set[tuple[str, str]] = set()
    for amendment in sorted(planned.places.get(before, ()), key=lambda a: (a.parent or a.number, a.number)):
        if amendment.aim is Aim.MOVE:
            first = planned.moves[amendment.clause][0]
            if first is amendment and amendment.clause not in planned.deletions:
                yield known[amendment.clause], _clause_pieces(planned, known[amendment.clause])
            continue
        pieces = planned.texts[amendment.number]
        if (same := (amendment.new_kind, _text(pieces))) not in said:
            said.add(same)
            yield _inserted(amendment, taken), pieces


def _inserted(amendment: Amendment, taken: set[str]) -> Clause:
    kind = ClauseKind(amendment.new_kind) if amendment.new_kind else ClauseKind.DEMANDE
    id_ = inserted_id(amendment.number)
    while id_ in taken:  # only a writer who forged the id of a clause gets here
        id_ += "x"
    taken.add(id_)
    return Clause(id_, kind, 0, "")


def inserted_id(amendment: int) -> str:
    """The id of the clause that an amendment inserts."""
    return f"a{amendment:09d}"


def _clause_pieces(planned: Plan, clause: Clause) -> Pieces:
    return _woven(clause.markdown, made(planned, clause.id))


def made(planned: Plan, clause: str) -> Sequence[Edit]:
    """The edits that make the words of a clause, or of the title (""): each change once."""
    return sole(planned.edits.get(clause, ()), planned.twins)


def _text(pieces: Pieces) -> str:
    return "".join(text for text, _ in pieces)


def woven(text: str, given: Iterable[Edit]) -> str:
    """The text with these edits of it."""
    return _text(_woven(text, given))


def _woven(text: str, given: Iterable[Edit], origin: int = BASE) -> Pieces:
    """The text with these edits; the same edit by several amendments is made once, in the name of the first."""
    if not given:
        return ((text, origin),) if text else ()
    words: list[Word] = [(word, origin) for word in split_words(text)]
    for edit in sorted(_once(given), key=lambda x: (x.start, x.end), reverse=True):
        words[edit.start : edit.end] = list(zip(edit.words, edit.by, strict=True))
    runs = groupby(words, key=lambda word: word[1])
    return tuple(("".join(word for word, _ in run), by) for by, run in runs)


def _once(given: Iterable[Edit]) -> Iterable[Edit]:
    """The edits without those that another made before."""
    once: dict[tuple[int, int, tuple[str, ...]], Edit] = {}
    for edit in given:
        once.setdefault((edit.start, edit.end, edit.words), edit)
    return once.values()


def _collisions(planned: Plan) -> Iterator[Collision]:
    markdown = {"": planned.base.title, **{clause.id: clause.markdown for clause in planned.base.clauses}}
    yield from planned.within
    for clause, one, other in _whole_clauses(planned):
        yield Collision(min(one, other), max(one, other), clause, markdown[clause])
    for clause, given in planned.edits.items():
        yield from _between(markdown[clause], clause, given, planned.twins)


def _whole_clauses(planned: Plan) -> Iterator[tuple[str, int, int]]:
    """Pairs that want different things of a whole clause: deleted and rewritten or moved, moved here and there."""
    for clause, deleting in planned.deletions.items():
        others = {edit.amendment for edit in planned.edits.get(clause, ())}
        others |= {moving.number for moving in planned.moves.get(clause, ())}
        yield from ((clause, one, other) for one in deleting for other in sorted(others))
    for clause, moving in planned.moves.items():
        pairs = ((a, b) for n, a in enumerate(moving) for b in moving[n + 1 :])
        yield from ((clause, a.number, b.number) for a, b in pairs if a.after != b.after)


def _between(
    text: str, clause: str, given: Sequence[Edit], twins: Mapping[int, int] = MappingProxyType({})
) -> Iterator[Collision]:
    """Edits of one text that touch, each pair of amendments once."""
    if len({edit.amendment for edit in given}) < 2:
        return
    words = split_words(text)
    given = sorted(given, key=lambda x: (x.start, x.end, x.amendment))
    found: set[tuple[int, int]] = set()
    for i, one in enumerate(given):
        for other in given[i + 1 :]:
            if other.start > one.end + GLUE:
                break
            pair = (min(one.amendment, other.amendment), max(one.amendment, other.amendment))
            if twins.get(pair[0], pair[0]) == twins.get(pair[1], pair[1]):
                continue
            if pair not in found and (touch(one, other) or _fuse(words, one, other)):
                found.add(pair)
                yield Collision(*pair, clause, _quoted(words, one, other))


def touch(one: Edit, other: Edit) -> bool:
    """Whether two edits of different amendments change the same words; the same edit twice is no conflict.

    An addition right beside words that the other changes touches them: it was written for what stood there.
    """
    if one.amendment == other.amendment or (one.start, one.end, one.words) == (other.start, other.end, other.words):
        return False
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def _fuse(words: Sequence[str], one: Edit, other: Edit) -> bool:
    """Whether two edits, in order, bring words that would grow together into one: a word has one origin (A13)."""
    if one.amendment == other.amendment or one.start == other.start:
        return False
    parts = (
        words[max(0, one.start - GLUE) : one.start],
        one.words,
        words[one.end : other.start],
        other.words,
        words[other.end : other.end + GLUE],
    )
    seams = accumulate(len("".join(part)) for part in parts)
    grown = split_words("".join(word for part in parts for word in part))
    return not set(seams).issubset(accumulate((len(word) for word in grown), initial=0))


def clash(text: str, one: Edit, other: Edit) -> bool:
    """Whether two edits of that text cannot stand together."""
    if touch(one, other):
        return True
    first, second = sorted((one, other), key=lambda x: (x.start, x.end, x.amendment))
    return second.start <= first.end + GLUE and _fuse(split_words(text), first, second)


def words_of(text: str, one: Edit, other: Edit) -> str:
    """The words of that text that both change."""
    return _quoted(split_words(text), one, other)


def _quoted(words: Sequence[str], one: Edit, other: Edit) -> str:
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
