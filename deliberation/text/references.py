"""References to clauses within a text: « la demande 2 », « les considérants 1 et 3 », « demandes 2 à 4 » (M22, M23).

The grammar is closed: a singular noun with its article and one number, or a plural noun with a list. A number that no
clause of the text has, or that belongs to another text, is not a reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from deliberation.kernel.vocabulary import Clause, ClauseKind, Span
from deliberation.text import numbering

NOUNS = {
    "visa": ClauseKind.VISA,
    "considérant": ClauseKind.CONSIDERANT,
    "demande": ClauseKind.DEMANDE,
    "intertitre": ClauseKind.HEADING,
    "note": ClauseKind.NOTE,
}
DELETED = {kind: "supprimée" if noun in ("demande", "note") else "supprimé" for noun, kind in NOUNS.items()}
_NOUN = "|".join(NOUNS)
_LATIN = "|".join(sorted(numbering.LATIN, key=len, reverse=True))
_ARTICLES = r"\b(?:la|le|au|du|cette|ce|cet|ladite|ledit|voir)\s|\bl[’']|\("
_ONE = re.compile(rf"(?i:(?:{_ARTICLES})({_NOUN})\s(?:n°\s?)?)")
_SEVERAL = re.compile(rf"(?i:\b({_NOUN})s\s(?:n(?:°|os|ᵒˢ)\s?)?)")
_NO_QUANTITY = r"(?![\w°]|[.,]\d|\s\d{3}\b|\s?[%€‰])"
_PLAIN = re.compile(rf"(\d{{1,4}})(?:\s({_LATIN})\b)?{_NO_QUANTITY}")
_LETTERED = re.compile(rf"(\d{{1,4}})(?:\s({_LATIN})\b)?\s([{numbering.LETTERS}]{{1,3}})\b{_NO_QUANTITY}")
_GONE = re.compile(rf"\d{{1,4}}(?:\s(?:{_LATIN}))?(?:\s[{numbering.LETTERS}]{{1,3}})?\s\(supprimée?\)")
"""A number that renumbering has marked as deleted: it refers to no present clause."""
_JOINED = re.compile(r"(?:,\s|,?\s(?:et|ou)\s|\s(à)\s)")
_ELSEWHERE = re.compile(
    r"(?i:,?\s(?:de\s(?:la|cette|notre|votre|leur)|du|des|de\sl[’'])\s?(?!présent)(?:[\w’'-]+\s)?"
    r"(?:motions?|textes?|résolutions?|délibérations?|vœux?|amendements?|lois?|projets?|propositions?|chartes?)\b)"
)


class KnownClauses(NamedTuple):
    """The clauses that a text can refer to: ids by kind and number, and the ids of each kind in number order."""

    by_number: Mapping[tuple[ClauseKind, str], str]
    order: Mapping[ClauseKind, Sequence[str]]


class MentionedNumber(NamedTuple):
    """A number within a reference, at characters [start, end).

    With `through`, it is the end of a range that the number before it begins.
    """

    start: int
    end: int
    clause: str
    through: bool


@dataclass(frozen=True)
class ClauseReference:
    """A reference at characters [start, end) of a text, with the ids of all clauses it means, including those in
    ranges.
    """

    start: int
    end: int
    kind: ClauseKind
    numbers: tuple[MentionedNumber, ...]
    clauses: tuple[str, ...]


def known_clauses(clauses: Iterable[Clause]) -> KnownClauses:
    """The clauses of a text under debate, including deleted ones, whose numbers are kept."""
    ordered = sorted(clauses, key=lambda clause: numbering.number_of(clause).order)
    order = {kind: [x.id for x in ordered if x.kind is kind] for kind in ClauseKind}
    return KnownClauses({(x.kind, x.called): x.id for x in ordered}, order)


def references(text: str, known: KnownClauses) -> tuple[ClauseReference, ...]:
    """The references in the text of a clause, in order."""
    found = sorted([*_matches(_ONE, text, known, 1), *_matches(_SEVERAL, text, known, None)], key=lambda x: x.start)
    return tuple(x for x in found if not _ELSEWHERE.match(text, x.end))


def _matches(pattern: re.Pattern[str], text: str, known: KnownClauses, most: int | None) -> Iterator[ClauseReference]:
    for match in pattern.finditer(text):
        kind = NOUNS[match[1].lower()]
        numbers = tuple(_numbers(text, match.end(), kind, known, most))
        if numbers:
            means = tuple(dict.fromkeys(_meant(numbers, known.order[kind])))
            yield ClauseReference(match.start(1), numbers[-1].end, kind, numbers, means)


def _numbers(text: str, at: int, kind: ClauseKind, known: KnownClauses, most: int | None) -> Iterator[MentionedNumber]:
    """The consecutive numbers from there on that belong to clauses."""
    through, count = False, 0
    while count != most:
        gone = _GONE.match(text, at)
        found = None if gone else _number(text, at, kind, known)
        if found:
            yield MentionedNumber(at, found[0], found[1], through)
        end = gone.end() if gone else found[0] if found else at
        joined = _JOINED.match(text, end)
        if end == at or joined is None:
            return
        at, through, count = joined.end(), joined[1] is not None and found is not None, count + 1


def _number(text: str, at: int, kind: ClauseKind, known: KnownClauses) -> tuple[int, str] | None:
    """The end of the number and the id of its clause. A capital letter after it counts only if a clause has that
    number.
    """
    for pattern in (_LETTERED, _PLAIN):
        match = pattern.match(text, at)
        called = " ".join(filter(None, match.groups())) if match else ""
        if match and (clause := known.by_number.get((kind, called))):
            return match.end(), clause
    return None


def _meant(numbers: Sequence[MentionedNumber], order: Sequence[str]) -> Iterator[str]:
    for n, each in enumerate(numbers):
        yield from _within(numbers[n - 1].clause, each.clause, order) if each.through else (each.clause,)


def _within(first: str, last: str, order: Sequence[str]) -> Sequence[str]:
    """The clauses from the first to the last; just these two if the range runs backwards."""
    start, end = order.index(first), order.index(last)
    return order[start : end + 1] if start < end else (first, last)


def renumbering(text: str, known: KnownClauses, new: Mapping[str, int]) -> tuple[Span, ...]:
    """The changes that update each reference to the new numbers of its clauses (M23).

    A clause that is not in `new` was deleted: its old number is kept and marked « (supprimée) ».
    """
    old = {id_: called for (_, called), id_ in known.by_number.items()}
    found: list[Span] = []
    for reference in references(text, known):
        called = {
            id_: str(new[id_]) if id_ in new else f"{old[id_]} ({DELETED[reference.kind]})" for id_ in reference.clauses
        }
        for run in _runs(reference.numbers):
            found += _renumbered(text, run, known.order[reference.kind], called, new)
    return tuple(span for span in found if span.old != span.new)


def _runs(numbers: Iterable[MentionedNumber]) -> Iterator[list[MentionedNumber]]:
    """Groups the numbers: a single one alone, those of a range together."""
    run: list[MentionedNumber] = []
    for each in numbers:
        if run and not each.through:
            yield run
            run = []
        run.append(each)
    yield run


def _renumbered(
    text: str, run: list[MentionedNumber], order: Sequence[str], called: Mapping[str, str], new: Mapping[str, int]
) -> Iterator[Span]:
    """The new number, or both ends of a range that is still one; otherwise the clauses of the range as a list."""
    ends = [new.get(each.clause, 0) for each in run]
    if len(run) == 1 or (all(ends) and ends == sorted(ends)):
        yield from (Span(x.start, text[x.start : x.end], called[x.clause]) for x in run)
    else:
        members = dict.fromkeys(_meant(run, order))
        yield Span(run[0].start, text[run[0].start : run[-1].end], _listed([called[x] for x in members]))


def _listed(said: Sequence[str]) -> str:
    return f"{', '.join(said[:-1])} et {said[-1]}" if len(said) > 1 else said[0]
