"""The first version of the rules by which edits of one text are combined.

Texts that were frozen under it are still read with it, so that decisions on them keep their result. It differs from the
latest version (`composition`): an addition next to words that another amendment changes collides with that change, and
spans are taken as they were typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from deliberation.kernel.vocabulary import Span
from deliberation.text.edits import BASE, Edit, PlacedWord, TokenisedText, WordEdit, as_word_edits
from deliberation.text.spans import snapped, spans_between, word_changes
from deliberation.text.words import split_words

GLUE = 3
"""Words between two changes over which they might still grow into one, as in `3,5`."""


def word_edits(old: str, new: str, spans: tuple[Span, ...]) -> tuple[WordEdit, ...]:
    """The edits that turn `old` into `new`: those of `spans` if these lead from one to the other, otherwise by
    comparison.
    """
    return as_word_edits(word_changes(old, new, spans), split_words(new))


def spans_of(old: str, new: str, given: Sequence[Span]) -> tuple[Span, ...]:
    """The spans to record for an amendment: as typed, widened to whole words."""
    return snapped(old, given) if given else spans_between(old, new)


def compose(text: TokenisedText, given: Iterable[Edit]) -> list[PlacedWord]:
    """The words of the text after these edits; an edit that several amendments make is applied once, as the first
    one's.
    """
    words = [PlacedWord(word, BASE, n) for n, word in enumerate(text.tokens)]
    for edit in sorted(_once(given), key=lambda x: (x.start, x.end), reverse=True):
        words[edit.start : edit.end] = [PlacedWord(word, by) for word, by in zip(edit.words, edit.by, strict=True)]
    return words


def composed_text(text: TokenisedText, given: Iterable[Edit]) -> str:
    """The text after these edits, as a string."""
    return "".join(word.word for word in compose(text, given))


def _once(given: Iterable[Edit]) -> Iterable[Edit]:
    once: dict[tuple[int, int, tuple[str, ...]], Edit] = {}
    for edit in given:
        once.setdefault((edit.start, edit.end, edit.words), edit)
    return once.values()


def clashes(text: TokenisedText, given: Iterable[Edit]) -> Iterator[tuple[Edit, Edit]]:
    """The pairs of edits, of different amendments, that contradict each other, in order of position."""
    ordered = sorted(given, key=lambda x: (x.start, x.end, x.amendment))
    for i, one in enumerate(ordered):
        for other in ordered[i + 1 :]:
            if other.start > one.end + GLUE:
                break
            if _touch(one, other) or _fuse(text.tokens, one, other):
                yield one, other


def _touch(one: Edit, other: Edit) -> bool:
    """Whether both edits change the same words; an addition directly next to changed words counts as touching them."""
    if one.amendment == other.amendment or (one.start, one.end, one.words) == (other.start, other.end, other.words):
        return False
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def _fuse(words: Sequence[str], one: Edit, other: Edit) -> bool:
    """Whether two edits, in order, bring words that would form one word: a word has a single origin (A13)."""
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


def opposes_deletion(edit: Edit) -> bool:
    """Always true in this version: any edit of a clause collides with its deletion."""
    return True
