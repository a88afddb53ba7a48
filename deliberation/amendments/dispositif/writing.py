"""Writes the dispositif of an amendment from its spans, by a versioned set of forms (A30).

For each change, the first form is used that reads back as exactly this change; if there is none, the whole passage is
quoted in its new wording. So every dispositif that is written can be read, with the same meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from deliberation.amendments.dispositif import emphasis, naming, sentences
from deliberation.amendments.dispositif.forms import (
    BEGINNING,
    EVERY,
    LINE,
    SENTENCE,
    EditAct,
    InstructionStep,
    Place,
)
from deliberation.amendments.dispositif.locating import spans_of
from deliberation.amendments.dispositif.quoting import Stretch, is_sentence, lines, occurrences
from deliberation.amendments.dispositif.quoting import sentences as sentences_of
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim, Clause, ClauseKind, Span
from deliberation.text import composition_rules
from deliberation.text.spans import Misplaced, applied
from deliberation.text.words import split_words

WIDEST = 8
"""Number of words by which a quotation is extended on each side to make it unique."""
LONG = 12
"""Number of words from which the end or the beginning of a passage is described by the words beside it."""
_CITATION = re.compile(r"\[\^\d+\]")
MANY = 6
"""Number of changes from which a passage is written out as a whole."""


def steps_of(amendment: Amendment, base: Frozen, parent: Amendment | None = None) -> tuple[InstructionStep, ...]:
    """The steps of an amendment; none as long as its author has not written exact words."""
    if not amendment.is_worded:
        return ()
    if parent is None:
        return tuple(step for single in amendment.single_edits for step in _edit_steps(single, base, None, None))
    there = naming.place_in(parent.number, amendment.edit_rank + 1 if parent.further else 0)
    return _edit_steps(amendment, base, parent.edit_at(amendment.edit_rank), there)


def _edit_steps(
    amendment: Amendment, base: Frozen, parent: Amendment | None, there: Place | None
) -> tuple[InstructionStep, ...]:
    """The steps of one edit. `parent` is given with the edit that a sub-amendment changes; `there` is the name of its
    place.
    """
    clause = next((x for x in base.clauses if x.id == amendment.clause), None)
    place = there or naming.place_of(clause)
    if amendment.aim is Aim.REWRITE or amendment.aim is Aim.TITLE:
        old = parent.wording.text if parent else clause.markdown if clause else base.title
        return VERSIONS[base.rules].reworded(place, old, amendment.text, amendment.spans, base.rules)
    return (_whole(amendment, place, base, clause),)


def _whole(amendment: Amendment, place: Place, base: Frozen, clause: Clause | None) -> InstructionStep:
    if amendment.aim is Aim.INSERT:
        act = EditAct.COMPLETE if amendment.parent else EditAct.ADD
        there = place if clause or amendment.parent else Place(BEGINNING)
        return InstructionStep(act, there, new=amendment.text, unit=naming.NAMES[ClauseKind(amendment.new_kind)])
    if amendment.aim is Aim.MOVE:
        before = next((x for x in base.clauses if x.id == amendment.after), None)
        return InstructionStep(EditAct.MOVE, place, to=naming.place_of(before) if before else Place(BEGINNING))
    return InstructionStep(EditAct.DELETE, place)


def written(amendment: Amendment, base: Frozen, parent: Amendment | None = None) -> str:
    """The dispositif; "" for an amendment without exact words."""
    return sentences.said(steps_of(amendment, base, parent), base)


@lru_cache(maxsize=8192)
def reworded(place: Place, old: str, new: str, spans: tuple[Span, ...], rules: int) -> tuple[InstructionStep, ...]:
    """The steps from the old words to the new ones: one for each change, or one for the whole passage.

    They are used if they read back as the given changes, or else as the differences of the two texts.
    """
    canonical = composition_rules.of(rules).spans_of
    for given in (spans, ()):
        changes = given if _leads(old, given, new) else canonical(old, new, ())
        found = _changes(old, steps) if (steps := _steps(place, old, balanced(old, changes))) else None
        if found is not None and applied(old, found) == new and canonical(old, new, found) == changes:
            return steps
    return (InstructionStep(EditAct.REWRITE, place, new=new),)


def balanced(old: str, changes: Sequence[Span]) -> tuple[Span, ...]:
    """The changes, joined where signs of formatting in one belong to those in the next."""
    found: list[Span] = []
    for change in changes:
        found.append(change)
        if len(found) > 1 and not (emphasis.is_balanced(found[-2].old) and emphasis.is_balanced(found[-2].new)):
            last, before = found.pop(), found.pop()
            between = old[before.start + len(before.old) : last.start]
            found.append(Span(before.start, before.old + between + last.old, before.new + between + last.new))
    return tuple(found)


def _leads(old: str, spans: tuple[Span, ...], new: str) -> bool:
    """Whether the spans lead from the old words to the new ones; older records have no spans."""
    try:
        return bool(spans) and applied(old, spans) == new
    except Misplaced:
        return False


def _steps(place: Place, old: str, changes: tuple[Span, ...]) -> tuple[InstructionStep, ...]:
    """A step for each change; none if the passage is better quoted as a whole."""
    if not changes or len(changes) >= MANY or _mostly_new(old, changes):
        return ()
    if together := _together(place, old, changes):
        return (together,)
    found: list[InstructionStep] = []
    for change in changes:
        step = _step(place, old, change)
        if step is None:
            return ()
        found.append(step)
    return tuple(found)


def _mostly_new(old: str, changes: Sequence[Span]) -> bool:
    """Whether the changes leave no word of the text, or three or more of them delete over two thirds of it."""
    gone = sum(len(change.old.strip(_MARKS)) for change in changes)
    return gone >= len(old.strip(_MARKS)) or (len(changes) > 2 and 3 * gone > 2 * len(old))


_MARKS = " \n.;:,!?…\u00a0\u202f"


def _changes(old: str, steps: Sequence[InstructionStep]) -> tuple[Span, ...] | None:
    """The spans that the steps read back as, in order; None if they cannot be read together."""
    found: list[Span] = []
    for step in steps:
        spans = spans_of(step, old)
        if isinstance(spans, Refused):
            return None
        found += spans
    found.sort(key=lambda span: (span.start, span.start + len(span.old)))
    return tuple(found) if _fit(found) else None


def _fit(spans: Sequence[Span]) -> bool:
    return all(x.start + len(x.old) <= y.start for x, y in pairwise(spans))


def _made(old: str, steps: Sequence[InstructionStep]) -> str | None:
    """The words after these steps; None if they cannot be read."""
    found = _changes(old, steps)
    return None if found is None else applied(old, found)


def _together(place: Place, old: str, changes: Sequence[Span]) -> InstructionStep | None:
    """One step for the same words replaced or deleted at every occurrence."""
    pairs = {(change.old.strip(), change.new.strip()) for change in changes}
    words, new = min(pairs)
    found = len(occurrences(old, words)) if words else 0
    if len(changes) < 2 or len(pairs) > 1 or found != len(changes):
        return None
    step = InstructionStep(EditAct.REPLACE if new else EditAct.STRIKE, place, words, new, EVERY, found)
    return step if _is_quotable(step) and _made(old, [step]) == applied(old, changes) else None


def _step(place: Place, old: str, change: Span) -> InstructionStep | None:
    """The first form that makes this change and no other, its words quoted without Markdown where they can be."""
    wanted = applied(old, (change,))
    for form in FORMS:
        for step in form(place, old, change):
            for said in _quotations(step):
                if _is_quotable(said) and _made(old, [said]) == wanted:
                    return said
    return None


def _quotations(step: InstructionStep) -> Iterator[InstructionStep]:
    plain = emphasis.plain_words(step.words)
    if plain != step.words and plain.strip():
        yield replace(step, words=plain)
    yield step


def _cites(step: InstructionStep) -> bool:
    """Whether all that it does is to cite an excerpt behind words that can be quoted, or no longer."""
    if step.act is EditAct.INSERT:
        return bool(emphasis.citation_in(step.new)) and emphasis.is_sayable(step.words)
    return step.act is EditAct.STRIKE and bool(emphasis.citation_in(step.words))


def _is_quotable(step: InstructionStep) -> bool:
    """Whether the quotation marks around its words would close where they should, and their formatting can be said."""
    if not all(map(emphasis.is_sayable, (step.words, step.new))) and not _cites(step):
        return False
    if step.act is EditAct.INSERT and emphasis.cites_apart(step.words):
        return False
    return all(any(naming.is_paired(words, *pair) for pair in naming.QUOTES) for words in (step.words, step.new))


# The forms, in the order in which they are tried.


class Cut(NamedTuple):
    """A change without the spaces at its ends: the position of the old words, and the old and new words."""

    start: int
    end: int
    old: str
    new: str


def _cut(change: Span) -> Cut:
    start = change.start + len(change.old) - len(change.old.lstrip())
    old = change.old.strip()
    return Cut(start, start + len(old), old, change.new.strip())


def _parts(place: Place, old: str, change: Span) -> Iterator[InstructionStep]:
    """Steps that delete or rewrite whole sentences or lines."""
    cut = _cut(change)
    if not cut.old:
        return
    for unit, found in ((SENTENCE, sentences_of(old)), (LINE, lines(old))):
        inside = tuple(n for n, part in enumerate(found, 1) if cut.start <= part[0] and part[1] <= cut.end)
        if not inside or len(found) == len(inside):
            continue
        if cut.new and len(inside) == 1:
            yield InstructionStep(EditAct.REWRITE, replace(place, unit=unit, nth=inside), new=cut.new)
        elif not cut.new:
            yield InstructionStep(EditAct.DELETE, replace(place, unit=unit, nth=inside))


def _additions(place: Place, old: str, change: Span) -> Iterator[InstructionStep]:
    """Steps that add sentences or lines at the end or beside another one, or words at the end of the passage."""
    cut = _cut(change)
    if cut.old or not cut.new:
        return
    if "\n" in change.new or "\n" in cut.new:
        yield InstructionStep(EditAct.COMPLETE, place, new=cut.new, unit=LINE)
        yield from _beside_part(place, LINE, lines(old), change, cut.new)
    elif is_sentence(cut.new):
        yield InstructionStep(EditAct.COMPLETE, place, new=cut.new, unit=SENTENCE)
        yield from _beside_part(place, SENTENCE, sentences_of(old), change, cut.new)
    if not old[change.start :].strip(_MARKS):
        yield InstructionStep(EditAct.COMPLETE, place, new=cut.new)


def _beside_part(
    place: Place, unit: str, parts: Sequence[Stretch], change: Span, new: str
) -> Iterator[InstructionStep]:
    for n, part in enumerate(parts, 1):
        if part[1] in (change.start, change.start - 1):
            yield InstructionStep(EditAct.ADD, replace(place, unit=unit, nth=(n,)), new=new, unit=unit)
    if parts and change.start <= parts[0][0]:
        yield InstructionStep(EditAct.ADD, replace(place, unit=unit, nth=(1,)), new=new, unit=unit, before=True)


def _edges(place: Place, old: str, change: Span) -> Iterator[InstructionStep]:
    """Steps that name a long beginning or end of the passage by the words next to it."""
    cut = _cut(change)
    if len(cut.old.split()) < LONG:
        return
    rest = old[cut.end :].strip(_MARKS)
    for words in _before(old, cut.start) if not rest else ():
        yield InstructionStep(EditAct.REWRITE_END if cut.new else EditAct.STRIKE_END, place, words, cut.new)
    for words in _behind(old, cut.end) if cut.new and not old[: cut.start].strip() else ():
        yield InstructionStep(EditAct.REWRITE_START, place, words, cut.new, before=True)


def _insertions(place: Place, old: str, change: Span) -> Iterator[InstructionStep]:
    """Steps that insert words after those before them, or before those after them."""
    cut = _cut(change)
    if cut.old or not cut.new or "\n" in cut.new:
        return
    start = change.start + (1 if change.old else 0)
    for at in dict.fromkeys((change.start, start)):
        for words in _before(old, at):
            yield InstructionStep(EditAct.INSERT, place, words, cut.new)
        for words in _behind(old, at):
            yield InstructionStep(EditAct.INSERT, place, words, cut.new, before=True)
        for words in list(_before(old, at))[:1]:
            yield from _which(InstructionStep(EditAct.INSERT, place, words, cut.new), old)


def _replacements(place: Place, old: str, change: Span) -> Iterator[InstructionStep]:
    """Steps that replace or delete words: as quoted, in their sentence, with neighbouring words, or by their
    occurrence.
    """
    cut = _cut(change)
    if not cut.old:
        return
    act = EditAct.REPLACE if cut.new else EditAct.STRIKE
    plain = InstructionStep(act, place, cut.old, cut.new)
    yield plain
    yield from _in_its_sentence(plain, old, cut)
    if cut.new and emphasis.format_changed(cut.old, cut.new):
        yield from _which(plain, old)
    if cut.new:
        yield from _extended(place, old, change)
    yield from _which(plain, old)


def _in_its_sentence(step: InstructionStep, old: str, cut: Cut) -> Iterator[InstructionStep]:
    parts = sentences_of(old)
    for n, part in enumerate(parts, 1):
        if len(parts) > 1 and part[0] <= cut.start and cut.end <= part[1]:
            yield replace(step, place=replace(step.place, unit=SENTENCE, nth=(n,)))


def _extended(place: Place, old: str, change: Span) -> Iterator[InstructionStep]:
    """Steps that replace the change together with more and more of the words around it."""
    new = change.new
    for left, right in _widths():
        before = "".join(_tail(old[: change.start], left))
        after = "".join(_tip(old[change.start + len(change.old) :], right))
        words, said = f"{before}{change.old}{after}", f"{before}{new}{after}"
        if words.strip() and "\n" not in words and words.strip() == words and said.strip() == said and said:
            yield InstructionStep(EditAct.REPLACE, place, words, said)


def _everything_extended(place: Place, old: str, change: Span) -> Iterator[InstructionStep]:
    """Steps for any other change, including one of blanks only, together with the words around it."""
    yield from _extended(place, old, change)
    for left, right in _widths():
        before = "".join(_tail(old[: change.start], left)).lstrip()
        after = "".join(_tip(old[change.start + len(change.old) :], right)).rstrip()
        words, said = f"{before}{change.old}{after}", f"{before}{change.new}{after}"
        if words.strip() == words and said.strip() == said and words and said:
            yield InstructionStep(EditAct.REPLACE, place, words, said)


def _widths() -> Iterator[tuple[int, int]]:
    for width in range(1, WIDEST + 1):
        yield 0, width
        yield width, 0
        yield width, width


def _tail(text: str, count: int) -> list[str]:
    return split_words(text[-400:])[-count:] if count else []


def _tip(text: str, count: int) -> list[str]:
    return split_words(text[:400])[:count]


def _which(step: InstructionStep, old: str) -> Iterator[InstructionStep]:
    for n in range(1, len(occurrences(old, step.words)) + 1):
        yield replace(step, occurrence=n)


def _before(old: str, at: int) -> Iterator[str]:
    """The word that ends at that position, then with more and more of the words before it on the same line."""
    line = old[:at].rpartition("\n")[2]
    for width in range(1, WIDEST + 1):
        words = "".join(_tail(line, width)).strip()
        if _has_word(words):
            yield words


def _has_word(words: str) -> bool:
    """Whether these words can be searched for: punctuation and the number of a citation cannot."""
    return any(letter.isalnum() for letter in _CITATION.sub("", words))


def _behind(old: str, at: int) -> Iterator[str]:
    line = old[at:].partition("\n")[0]
    for width in range(1, WIDEST + 1):
        words = "".join(_tip(line, width)).strip()
        if _has_word(words):
            yield words


Form = Callable[[Place, str, Span], Iterator[InstructionStep]]
FORMS: Sequence[Form] = (_parts, _additions, _edges, _insertions, _replacements, _everything_extended)


class Version(NamedTuple):
    """The forms that one version of the rules uses; a frozen text records the version by which it is amended (A27)."""

    reworded: Callable[[Place, str, str, tuple[Span, ...], int], tuple[InstructionStep, ...]]


VERSIONS: Mapping[int, Version] = dict.fromkeys((1, 2, 3, 4), Version(reworded))
