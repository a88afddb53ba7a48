"""How edits of one text were composed by the first version of the rules.

Texts frozen then are read with it, so that what was decided upon them stays what it was: an addition beside words that
another amendment changes collides with it, and spans are taken as they were typed. The present rules: `composition`.
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
    """What leads from one text to the other, by the spans where there are any that do."""
    return as_word_edits(word_changes(old, new, spans), split_words(new))


def spans_of(old: str, new: str, given: Sequence[Span]) -> tuple[Span, ...]:
    """The spans that are kept of an amendment: as they were typed, widened to whole words."""
    return snapped(old, given) if given else spans_between(old, new)


def compose(text: TokenisedText, given: Iterable[Edit]) -> list[PlacedWord]:
    """The words of the text with these edits; the same edit by several amendments is made once, by the first."""
    words = [PlacedWord(word, BASE, n) for n, word in enumerate(text.tokens)]
    for edit in sorted(_once(given), key=lambda x: (x.start, x.end), reverse=True):
        words[edit.start : edit.end] = [PlacedWord(word, by) for word, by in zip(edit.words, edit.by, strict=True)]
    return words


def composed_text(text: TokenisedText, given: Iterable[Edit]) -> str:
    """What the text says with these edits."""
    return "".join(word.word for word in compose(text, given))


def _once(given: Iterable[Edit]) -> Iterable[Edit]:
    once: dict[tuple[int, int, tuple[str, ...]], Edit] = {}
    for edit in given:
        once.setdefault((edit.start, edit.end, edit.words), edit)
    return once.values()


def clashes(text: TokenisedText, given: Iterable[Edit]) -> Iterator[tuple[Edit, Edit]]:
    """Edits of different amendments that cannot stand together, in order of place."""
    ordered = sorted(given, key=lambda x: (x.start, x.end, x.amendment))
    for i, one in enumerate(ordered):
        for other in ordered[i + 1 :]:
            if other.start > one.end + GLUE:
                break
            if _touch(one, other) or _fuse(text.tokens, one, other):
                yield one, other


def _touch(one: Edit, other: Edit) -> bool:
    """Whether both change the same words; an addition right beside words that the other changes touches them."""
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


def opposes_deletion(edit: Edit) -> bool:
    """Whether it collides with a deletion of the whole clause: whatever it changes."""
    return True
