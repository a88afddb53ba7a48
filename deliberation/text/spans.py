"""The changes an author made, as spans: the position in the text, the old words and the new ones (A15).

Spans are kept as typed, widened to whole words, so that merging uses the changes themselves instead of inferring them
from two texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

from deliberation.kernel.vocabulary import Span
from deliberation.text import words as words_
from deliberation.text.words import Change, split_words

Stretch = tuple[int, int, int, int]
"""Characters [a1, a2) of the old text are replaced by characters [b1, b2) of the new one."""


class Misplaced(ValueError):
    """Spans overlap, are out of order, or quote words that are not at their position."""


def applied(text: str, spans: Iterable[Span]) -> str:
    """The text after these changes, which are given in order. Misplaced if they do not fit the text."""
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
    """The spans that a word-by-word comparison of two texts finds, for when the author's own are not known."""
    before, after = split_words(old), split_words(new)
    starts = _starts(before)
    return tuple(
        Span(starts[a1], "".join(before[a1:a2]), "".join(after[b1:b2]))
        for a1, a2, b1, b2 in words_.changes(before, after)
    )


def snapped(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans widened to whole words of both texts, merged where they then touch. Misplaced if they do not fit the
    text.
    """
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
    """Widens each stretch to word boundaries. The text between stretches is unchanged, so both sides move together."""
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
    """The changes in terms of words: those of `spans` if these lead from `old` to `new`, otherwise by comparison."""
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
    """The difference as pieces, as `diff_words` gives them: by `spans` if these lead from `old` to `new`."""
    before, after = split_words(old), split_words(new)
    return words_.pieces_of(before, after, word_changes(old, new, spans))


def _fits(changes: Iterable[Change], before: int, after: int) -> bool:
    """Whether the unchanged stretches between the changes have as many words in both texts."""
    ends = [(0, 0, 0, 0), *changes, (before, before, after, after)]
    return all(y[0] - x[1] == y[2] - x[3] for x, y in pairwise(ends))


def _starts(words: Iterable[str]) -> list[int]:
    """The character offset of each word, and of the end of the last one."""
    return list(accumulate((len(word) for word in words), initial=0))
