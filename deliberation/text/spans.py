"""The words that an author touched, as values: where in the text, what stood there, what is to stand there (A15).

A span is kept as it was typed, widened to whole words: merging compares what authors changed, and never has to guess it
again from two texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

from deliberation.kernel.vocabulary import Span
from deliberation.text import words as words_
from deliberation.text.words import Change, split_words

Stretch = tuple[int, int, int, int]
"""Characters [a1, a2) of the old text give way to characters [b1, b2) of the new one."""


class Misplaced(ValueError):
    """Spans that overlap, are out of order, or name words that do not stand there."""


def applied(text: str, spans: Iterable[Span]) -> str:
    """The text with these changes, given in order; Misplaced when they do not fit it."""
    parts: list[str] = []
    at = 0
    for span in spans:
        if span.start < at or text[span.start : span.start + len(span.old)] != span.old:
            raise Misplaced(f"no {span.old!r} at {span.start}")
        parts += [text[at : span.start], span.new]
        at = span.start + len(span.old)
    if at > len(text):
        raise Misplaced(f"nothing at {at}")
    return "".join([*parts, text[at:]])


def spans_between(old: str, new: str) -> tuple[Span, ...]:
    """The spans of two texts of which nothing more is known."""
    before, after = split_words(old), split_words(new)
    starts = _starts(before)
    return tuple(
        Span(starts[a1], "".join(before[a1:a2]), "".join(after[b1:b2]))
        for a1, a2, b1, b2 in words_.changes(before, after)
    )


def snapped(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans widened until they cut no word of either text; those that then meet are one. Misplaced as `applied`."""
    new = applied(text, spans)
    stretches = [x for x in _stretches(spans) if text[x[0] : x[1]] != new[x[2] : x[3]]]
    grown = _grown(stretches, set(_starts(split_words(text))), set(_starts(split_words(new))))
    return tuple(Span(a1, text[a1:a2], new[b1:b2]) for a1, a2, b1, b2 in grown)


def _stretches(spans: Iterable[Span]) -> list[Stretch]:
    stretches: list[Stretch] = []
    shift = 0
    for span in spans:
        start = span.start + shift
        stretches.append((span.start, span.start + len(span.old), start, start + len(span.new)))
        shift += len(span.new) - len(span.old)
    return stretches


def _grown(stretches: Iterable[Stretch], before: set[int], after: set[int]) -> list[Stretch]:
    """Each stretch as far as whole words go. Between two of them both texts are the same: both ends move together."""
    grown: list[Stretch] = []
    for stretch in stretches:
        a1, a2, b1, b2 = stretch
        while True:
            if grown and a1 <= grown[-1][1]:
                a1, _, b1, _ = grown.pop()
            elif a1 in before and b1 in after:
                break
            else:
                a1, b1 = a1 - 1, b1 - 1
        grown.append((a1, a2, b1, b2))
    return _grown_onwards(grown, before, after)


def _grown_onwards(stretches: Sequence[Stretch], before: set[int], after: set[int]) -> list[Stretch]:
    grown: list[Stretch] = []
    for a1, a2, b1, b2 in reversed(stretches):
        while True:
            if grown and a2 >= grown[-1][0]:
                _, a2, _, b2 = grown.pop()
            elif a2 in before and b2 in after:
                break
            else:
                a2, b2 = a2 + 1, b2 + 1
        grown.append((a1, a2, b1, b2))
    return grown[::-1]


@lru_cache(maxsize=8192)
def word_changes(old: str, new: str, spans: tuple[Span, ...]) -> tuple[Change, ...]:
    """The same as changes of words: by the spans where there are any that lead from `old` to `new`, else compared."""
    before, after = split_words(old), split_words(new)
    places, others = ({at: n for n, at in enumerate(_starts(words))} for words in (before, after))
    try:
        if not spans or applied(old, spans) != new:
            raise Misplaced
        changes = tuple((places[a1], places[a2], others[b1], others[b2]) for a1, a2, b1, b2 in _stretches(spans))
    except (Misplaced, KeyError):
        return tuple(words_.changes(before, after))
    return changes if _fits(changes, len(before), len(after)) else tuple(words_.changes(before, after))


def changed_pieces(old: str, new: str, spans: tuple[Span, ...]) -> list[tuple[str, str]]:
    """What leads from one text to the other, as `diff_words`: by the spans where there are any that do."""
    before, after = split_words(old), split_words(new)
    return words_.pieces_of(before, after, word_changes(old, new, spans))


def _fits(changes: Iterable[Change], before: int, after: int) -> bool:
    """Whether as many words stay on both sides between the changes."""
    ends = [(0, 0, 0, 0), *changes, (before, before, after, after)]
    return all(y[0] - x[1] == y[2] - x[3] for x, y in pairwise(ends))


def _starts(words: Iterable[str]) -> list[int]:
    """Where each word begins, and where the last one ends."""
    return list(accumulate((len(word) for word in words), initial=0))
