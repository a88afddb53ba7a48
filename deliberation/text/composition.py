"""How several edits of one text are combined (A9–A11): what each changes, which collide, and the resulting words.

Amendments change words; the spaces between them follow. Each edit is read as a *region*: the words between two words
that stay, and what replaces them. The result is therefore the same whichever side of a word its space was typed on, and
however an editor split the typing: `word_edits` gives every change one canonical form. Regions that touch are combined
word by word: a word that anybody deletes is gone, and additions stay at their place, in the order of amendment numbers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from deliberation.kernel.vocabulary import Span
from deliberation.text.edits import BASE, Edit, PlacedWord, TokenisedText, WordEdit, from_tokens, starts_of, tokenise
from deliberation.text.spans import Misplaced, applied, snapped
from deliberation.text.words import aligned, split_words

GLUE = 3
"""Words between two changes over which they might still grow into one, as in `3,5`."""
AROUND = 80
"""Words and spaces around what spans name, within which an addition or a deletion is put where it cuts best."""
ENDS = frozenset(".!?…;:")
"""Marks that end a sentence or one of its parts."""
JOINING = "\u00a0\u202f"
"""Spaces that words hold together with, as in `20 000`."""

Block = tuple[int, int, int, int]
"""Words [i1, i2) of the old text give way to words [k1, k2) of the new one, spaces not counted."""


@lru_cache(maxsize=8192)
def word_edits(old: str, new: str, spans: tuple[Span, ...] = ()) -> tuple[WordEdit, ...]:
    """The edits that turn `old` into `new`, in canonical form.

    If `spans` lead from one text to the other, only the passages they cover are compared; otherwise the whole texts
    are.
    """
    at, before, after, windows = _spliced(old, new, spans) or _whole(old, new)
    cut = (at > 0, at + len(before.tokens) < len(tokenise(old).tokens))
    blocks = _settled(before, after, list(_blocks(before, after, windows)), cut)
    found = (_trimmed(before, after, block) for block in _with_spaces(before, after, blocks))
    return tuple((at + start, at + end, words) for start, end, words in found)


def spans_of(old: str, new: str, given: Sequence[Span]) -> tuple[Span, ...]:
    """The spans to record for an amendment, in the canonical form of `word_edits`. Misplaced if `given` does not fit
    `old`.
    """
    text = tokenise(old)
    found = word_edits(old, new, snapped(old, given) if given else ())
    return tuple(
        Span(text.starts[start], "".join(text.tokens[start:end]), "".join(words)) for start, end, words in found
    )


Compared = tuple[int, TokenisedText, TokenisedText, list[Block]]
"""A stretch of the old text from that token on, what becomes of it, and the windows in which they differ."""


def _whole(old: str, new: str) -> Compared:
    before, after = tokenise(old), tokenise(new)
    return 0, before, after, [(0, len(before.words), 0, len(after.words))]


def _spliced(old: str, new: str, spans: tuple[Span, ...]) -> Compared | None:
    """The passage that the spans change, with some words of context; None if the spans do not lead from `old` to `new`,
    or cut a word.
    """
    text = tokenise(old)
    places: list[tuple[int, int]] = []
    try:
        if not spans or applied(old, spans) != new:
            return None
    except Misplaced:
        return None
    for span in spans:
        start, end = (bisect_left(text.starts, at) for at in (span.start, span.start + len(span.old)))
        if (text.starts[start], text.starts[end]) != (span.start, span.start + len(span.old)):
            return None
        places.append((start, end))
    first, last = max(0, places[0][0] - AROUND), min(len(text.tokens), places[-1][1] + AROUND)
    tokens: list[str] = []
    windows: list[tuple[int, int, int, int]] = []
    at = first
    for (start, end), span in zip(places, spans, strict=True):
        brought = split_words(span.new)
        if not _whole_words(text.tokens, start, end, brought):
            return None
        tokens += text.tokens[at:start]
        windows.append((start - first, end - first, len(tokens), len(tokens) + len(brought)))
        tokens += brought
        at = end
    before, after = from_tokens(text.tokens[first:last]), from_tokens((*tokens, *text.tokens[at:last]))
    blocks = [(before.before(a), before.before(b), after.before(c), after.before(d)) for a, b, c, d in windows]
    return first, before, after, blocks


def _whole_words(tokens: Sequence[str], start: int, end: int, brought: Sequence[str]) -> bool:
    """Whether no inserted token forms one word with a neighbouring one."""
    around = [*tokens[max(0, start - GLUE - 1) : start], *brought, *tokens[end : end + GLUE + 1]]
    return split_words("".join(around)) == around


def _blocks(before: TokenisedText, after: TokenisedText, windows: Iterable[Block]) -> Iterator[Block]:
    for i1, i2, k1, k2 in _joined(windows):
        old, new = ([text.word(n) for n in range(*span)] for text, span in ((before, (i1, i2)), (after, (k1, k2))))
        kept = [(-1, -1), *aligned(old, new), (len(old), len(new))]
        for (a, b), (c, d) in pairwise(kept):
            if c - a > 1 or d - b > 1:
                yield i1 + a + 1, i1 + c, k1 + b + 1, k1 + d


def _joined(windows: Iterable[Block]) -> list[Block]:
    """Merges windows that have no unchanged word between them."""
    found: list[Block] = []
    for i1, i2, k1, k2 in windows:
        if found and found[-1][1] == i1 and found[-1][3] == k1:
            i1, _, k1, _ = found.pop()
        found.append((i1, i2, k1, k2))
    return found


def _settled(before: TokenisedText, after: TokenisedText, blocks: list[Block], cut: tuple[bool, bool]) -> list[Block]:
    """Moves each pure addition or deletion to its best position among those that give the same text.

    `cut` says whether the text continues before and after this passage.
    """
    head, tail = int(cut[0]), int(cut[1])
    for _ in range(GLUE):
        known = list(blocks)
        for n, (i1, i2, k1, k2) in enumerate(blocks):
            last, following = blocks[n - 1] if n else None, blocks[n + 1] if n + 1 < len(blocks) else None
            if i1 == i2:
                bounds = (last[3] + 1 if last else head, following[2] - 1 if following else len(after.words) - tail)
                by = _slide(after, before, (k1, k2), i1, bounds)
            elif k1 == k2:
                bounds = (last[1] + 1 if last else head, following[0] - 1 if following else len(before.words) - tail)
                by = _slide(before, after, (i1, i2), k1, bounds)
            else:
                continue
            blocks[n] = (i1 + by, i2 + by, k1 + by, k2 + by)
        if blocks == known:
            break
    return blocks


def _slide(long: TokenisedText, short: TokenisedText, block: tuple[int, int], at: int, bounds: tuple[int, int]) -> int:
    """The shift, in words, that moves a block to its best position. The block is in `long`, and missing from `short` at
    `at`.

    The best position changes the fewest spaces, then cuts the text at the strongest boundaries (`_seam`).
    """
    start, end = block
    first = last = start
    while first > bounds[0] and long.word(first - 1) == long.word(first - 1 + end - start):
        first -= 1
    while last + end - start < bounds[1] and long.word(last) == long.word(last + end - start):
        last += 1
    if first == last:
        return 0
    size, shift = end - start, at - start

    left = [int(long.space(g) != short.space(g + shift)) for g in range(first, last)]
    right = [int(long.space(g) != short.space(g - size + shift)) for g in range(first + size + 1, last + size + 1)]
    changed = [a + b for a, b in zip(accumulate(left, initial=0), _sums_from(right), strict=True)]
    seams = [_seam(long, place) + _seam(long, place + size) for place in range(first, last + 1)]
    best = min(range(len(changed)), key=lambda n: (changed[n], -seams[n], n))
    return first + best - start


def _sums_from(values: Sequence[int]) -> list[int]:
    """The suffix sums: of all values, of all but the first, and so on down to 0."""
    return list(accumulate(reversed(values), initial=0))[::-1]


def _seam(text: TokenisedText, gap: int) -> int:
    """How well the text can be cut at a gap: 3 between lines, 2 after a sentence, 1 at a space between words, 0
    elsewhere.
    """
    if is_line_end(text, gap):
        return 3
    if not text.space(gap):
        return 0
    return 2 if text.word(gap - 1) in ENDS else 1


def is_line_end(text: TokenisedText, gap: int) -> bool:
    return gap in (0, len(text.words)) or "\n" in text.space(gap)


def _with_spaces(before: TokenisedText, after: TokenisedText, blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, and the gaps in between at which only the spaces changed."""
    at, other = 0, 0
    for i1, i2, k1, k2 in (*blocks, (len(before.words) + 1, 0, 0, 0)):
        kept = range(at, i1)
        if kept and _tokens(before, at, i1 - 1) != _tokens(after, at + other, i1 - 1 + other):
            for gap in kept:
                if before.space(gap) != after.space(gap + other):
                    yield gap, gap, gap + other, gap + other
        if i1 <= len(before.words):
            yield i1, i2, k1, k2
        at, other = i2 + 1, k2 - i2


def _tokens(text: TokenisedText, first: int, last: int) -> tuple[str, ...]:
    """All tokens from the spaces of gap `first` to those of gap `last`."""
    return text.tokens[text.gaps[first][0] : text.gaps[last][1]]


def _trimmed(before: TokenisedText, after: TokenisedText, block: Block) -> WordEdit:
    """The block as tokens with the spaces around it, without the spaces at its ends that both texts share."""
    i1, i2, k1, k2 = block
    start, end = before.gaps[i1][0], before.gaps[i2][1]
    words = after.tokens[after.gaps[k1][0] : after.gaps[k2][1]]
    while start < end and words and before.tokens[start] == words[0] and words[0].isspace():
        start, words = start + 1, words[1:]
    while start < end and words and before.tokens[end - 1] == words[-1] and words[-1].isspace():
        end, words = end - 1, words[:-1]
    return start, end, words


@dataclass(frozen=True)
class Region:
    """An edit in terms of words: those between the gaps `start` and `end` are replaced by `inner`, with spaces around
    it.

    `left` and `right` are these spaces. If `inner` is empty, `left` alone separates the words that remain.
    """

    text: TokenisedText
    edit: Edit
    start: int
    end: int
    left: tuple[PlacedWord, ...]
    inner: tuple[PlacedWord, ...]
    right: tuple[PlacedWord, ...]

    @property
    def adds(self) -> bool:
        return self.start == self.end and bool(self.inner)

    @property
    def deletes(self) -> bool:
        return self.start < self.end and not self.inner

    @property
    def spaces(self) -> bool:
        """Whether it only changes the spaces between two words, such as where a paragraph is split."""
        return self.start == self.end and not self.inner

    @cached_property
    def rank(self) -> int:
        """Orders additions at one gap: 0 within the preceding line, 1 starting there and continuing on new lines.

        2 means on lines of its own, 3 at the beginning of the following line.
        """
        text, gap = self.text, self.start
        opens, closes = "\n" in _said(self.left), "\n" in _said(self.right)
        if is_line_end(text, gap) and gap < len(text.words) and not closes and (opens or gap == 0):
            return 3
        if opens or gap == 0:
            return 2
        return 1 if "\n" in _said(self.inner) or (closes and not is_line_end(text, gap)) else 0

    @cached_property
    def key(self) -> tuple[int, int, str, str, str]:
        """Equal for two amendments that make the same change."""
        return self.start, self.end, _said(self.left), _said(self.inner), _said(self.right)


def _said(words: Iterable[PlacedWord]) -> str:
    return "".join(word.word for word in words)


def region(text: TokenisedText, edit: Edit) -> Region:
    """Converts an edit to a region of the text."""
    start, end = text.before(edit.start), text.before(edit.end)
    words = [
        *_left_from(text, text.gaps[start][0], edit.start),
        *(PlacedWord(word, by) for word, by in zip(edit.words, edit.by, strict=True)),
        *_left_from(text, edit.end, text.gaps[end][1]),
    ]
    inner = [n for n, word in enumerate(words) if not word.word.isspace()]
    if not inner:
        return Region(text, edit, start, end, tuple(words), (), ())
    first, last = inner[0], inner[-1] + 1
    return Region(text, edit, start, end, tuple(words[:first]), tuple(words[first:last]), tuple(words[last:]))


def _left_from(text: TokenisedText, start: int, end: int) -> list[PlacedWord]:
    return [PlacedWord(text.tokens[n], BASE, n) for n in range(start, end)]


def _in_order(text: TokenisedText, given: Iterable[Edit]) -> list[Region]:
    found = (region(text, edit) for edit in given)
    return sorted(found, key=lambda x: (x.start, x.end, x.edit.amendment, x.key))


def compose(text: TokenisedText, given: Iterable[Edit]) -> list[PlacedWord]:
    """The words of the text after these edits; an edit that several amendments make is applied once, as the first
    one's.
    """
    return _composed(text, _once(text, given), 0, len(text.tokens))


def composed_text(text: TokenisedText, given: Iterable[Edit]) -> str:
    """The text after these edits, as a string."""
    parts: list[str] = []
    for part in _parts(text, _once(text, given), 0, len(text.tokens)):
        parts += text.tokens[part[0] : part[1]] if isinstance(part, tuple) else (word.word for word in part)
    return "".join(parts)


def _once(text: TokenisedText, given: Iterable[Edit]) -> list[Region]:
    once: dict[tuple[int, int, str, str, str], Region] = {}
    for each in _in_order(text, given):
        once.setdefault(each.key, each)
    return list(once.values())


def _composed(text: TokenisedText, regions: Sequence[Region], start: int, end: int) -> list[PlacedWord]:
    """The words between tokens `start` and `end` with these regions applied, all of which lie between the two."""
    words: list[PlacedWord] = []
    for part in _parts(text, regions, start, end):
        words += _left_from(text, *part) if isinstance(part, tuple) else part
    return words


def _parts(
    text: TokenisedText, regions: Sequence[Region], start: int, end: int
) -> Iterator[tuple[int, int] | Iterator[PlacedWord]]:
    """Alternates unchanged stretches, as token positions [start, end), and the new words of each group of touching
    regions.
    """
    for cluster in _clusters(regions):
        yield start, text.gaps[cluster[0].start][0]
        yield _Cluster(text, cluster).words()
        start = text.gaps[max(each.end for each in cluster)][1]
    yield start, end


def _clusters(regions: Iterable[Region]) -> Iterator[list[Region]]:
    """Groups of regions that touch: each shares a gap with another one of its group."""
    cluster: list[Region] = []
    end = 0
    for each in regions:
        if cluster and each.start > end:
            yield cluster
            cluster = []
        end = max(end, each.end) if cluster else each.end
        cluster.append(each)
    if cluster:
        yield cluster


class _Item(NamedTuple):
    """Words that stay or are added together, between two gaps.

    `left` and `right` are the spaces around them, None if unchanged. `goes_on`: an addition that continues the line
    before.
    """

    start: int
    end: int
    words: tuple[PlacedWord, ...] = ()
    left: tuple[PlacedWord, ...] | None = None
    right: tuple[PlacedWord, ...] | None = None
    stays: bool = False
    goes_on: bool = False


def _by(one: _Item, other: _Item) -> int:
    """The number of the amendment to which a repeated space is attributed: the one that brought a word beside it."""
    return next((word.by for word in (*one.words[-1:], *other.words[:1]) if word.by), BASE)


def _kept_apart(one: _Item, other: _Item) -> Sequence[PlacedWord]:
    """A space, if words of two amendments would otherwise form one word; nothing in all other cases."""
    if one.stays or other.stays:
        return ()
    words = [word.word for word in (*one.words[-GLUE:], *other.words[:GLUE])]
    return () if split_words("".join(words)) == words else (PlacedWord(" ", other.words[0].by),)


class _Cluster:
    """Composes regions that touch: the words between the unchanged word before them and the one after."""

    def __init__(self, text: TokenisedText, regions: Sequence[Region]) -> None:
        self._text = text
        self._regions = regions
        self._start = regions[0].start
        self._end = max(each.end for each in regions)
        self._deletions = [x for x in regions if x.deletes]
        self._spaces: dict[int, Region] = {}
        for each in regions:
            if each.spaces:
                self._spaces.setdefault(each.start, each)

    def words(self) -> Iterator[PlacedWord]:
        ends = _Item(0, self._start, stays=True), _Item(self._end, 0, stays=True)
        known: set[int | None] = {None}
        for one, other in pairwise((ends[0], *self._items(), ends[1])):
            for space in self._between(one, other):
                yield PlacedWord(space.word, space.by or _by(one, other)) if space.place in known else space
                known.add(space.place)
            yield from other.words

    def _items(self) -> Iterator[_Item]:
        """The words that are added and those that stay, in their final order."""
        gone = {n for x in self._regions for n in range(x.start, x.end)}
        adding = sorted((x for x in self._regions if x.adds), key=lambda x: (x.start, x.rank, x.edit.amendment, x.key))
        brought = {gap: list(found) for gap, found in groupby(adding, key=lambda x: x.start)}
        replacing = [x for x in self._regions if x.inner and not x.adds]
        for gap in range(self._start, self._end + 1):
            yield from (self._item(x) for x in brought.get(gap, ()))
            yield from (self._item(x) for x in replacing if x.start == gap)
            if gap < self._end and gap not in gone:
                at = self._text.words[gap]
                yield _Item(gap, gap + 1, tuple(_left_from(self._text, at, at + 1)), stays=True)

    def _item(self, region: Region) -> _Item:
        left = None if _said(region.left) == self._text.space(region.start) else region.left
        right = None if _said(region.right) == self._text.space(region.end) else region.right
        return _Item(region.start, region.end, region.inner, left, right, goes_on=region.adds and region.rank < 2)

    def _space(self, gap: int, other: _Item | None = None) -> Sequence[PlacedWord]:
        """The spaces at a gap, as an edit changed them (unless `other` continues the line before), or unchanged."""
        if gap in self._spaces and not (other and other.goes_on):
            return self._spaces[gap].left
        return _left_from(self._text, *self._text.gaps[gap])

    def _between(self, one: _Item, other: _Item) -> Sequence[PlacedWord]:
        """The spaces between two neighbouring items: as an author set them, otherwise as in the text."""
        if one.end == other.start:
            set_ = one.right if other.left is None else other.left
            space = self._space(one.end, other) if set_ is None else set_
            return space or _kept_apart(one, other)
        if one.stays and other.stays:
            return self._over_deleted(one.end, other.start)
        if one.stays and one.end == 0:
            return self._space(0)
        if other.stays and other.start == len(self._text.words):
            return self._space(other.start)
        right = self._space(one.end) if one.right is None else one.right
        left = self._space(other.start, other) if other.left is None else other.left
        if ("\n" in _said(right)) != ("\n" in _said(left)):
            return right if "\n" in _said(right) else left
        if other.left is not None or one.right is not None:
            return left if other.left is not None else right
        return left if other.stays else right

    def _over_deleted(self, start: int, end: int) -> Sequence[PlacedWord]:
        """The spaces that remain where all words between two gaps are deleted."""
        changed = next((gap for gap in (start, end) if gap in self._spaces), None)
        if changed is not None and start > 0 and end < len(self._text.words):
            return self._spaces[changed].left
        inside = [x for x in self._deletions if start <= x.start and x.end <= end]
        whole = [x for x in inside if (x.start, x.end) == (start, end)]
        edge = [x for x in inside if x.start == start] if start == 0 else [x for x in inside if x.end == end]
        return (whole or edge or inside)[0].left


def clashes(text: TokenisedText, given: Iterable[Edit]) -> Iterator[tuple[Edit, Edit]]:
    """The pairs of edits, of different amendments, that contradict each other, in order of position (A11)."""
    ordered = _in_order(text, given)
    for i, one in enumerate(ordered):
        for other in ordered[i + 1 :]:
            if other.start > one.end + GLUE:
                break
            if one.edit.amendment != other.edit.amendment and one.key != other.key and _clash(text, one, other):
                yield one.edit, other.edit


def _clash(text: TokenisedText, one: Region, other: Region) -> bool:
    """Whether two regions contradict each other: different words for one place, or an addition to words the other
    deletes.
    """
    if one.start == one.end == other.start == other.end:
        return one.spaces and other.spaces
    for inner, outer in ((one, other), (other, one)):
        if inner.start == inner.end and outer.start < outer.end:
            return _inside(text, inner, outer) or _fuse(text, one, other)
    overlap = max(one.start, other.start) < min(one.end, other.end)
    return (overlap and not (one.deletes and other.deletes)) or _fuse(text, one, other)


def _inside(text: TokenisedText, region: Region, outer: Region) -> bool:
    """Whether an addition, or a change of spaces, depends on words that `outer` deletes or replaces.

    Separate lines that are added between deleted lines do not depend on them.
    """
    gap = region.start
    if outer.start < gap < outer.end:
        return not outer.deletes or (region.adds and not (region.rank == 2 and "\n" in text.space(gap)))
    if not (region.adds and outer.deletes and is_line_end(text, gap)):
        return False
    if gap == outer.end:
        return region.rank < 2 and outer.start <= _line_start(text, gap)
    return gap == outer.start and region.rank == 3 and _line_end(text, gap) <= outer.end


def _line_start(text: TokenisedText, gap: int) -> int:
    """The gap at which the line that ends at `gap` begins."""
    return next(g for g in range(gap - 1, -1, -1) if is_line_end(text, g)) if gap else 0


def _line_end(text: TokenisedText, gap: int) -> int:
    return next((g for g in range(gap + 1, len(text.words)) if is_line_end(text, g)), len(text.words))


def _fuse(text: TokenisedText, one: Region, other: Region) -> bool:
    """Whether the two edits bring words that would form one word: a word has a single origin (A13)."""
    if not all(_holds(text.space(gap)) for gap in range(one.end + 1, other.start)):
        return False
    if one.end == other.start and one.inner and other.inner:
        return False
    first, last = max(0, one.start - GLUE), min(len(text.words), max(one.end, other.end) + GLUE)
    words = _composed(text, [one, other], text.gaps[first][1], text.gaps[last][0])
    seams, at = set(), 0
    for word in words:
        if not word.word.isspace():
            seams |= {at, at + len(word.word)}
        at += len(word.word)
    return not seams <= set(starts_of(split_words(_said(words))))


def _holds(space: str) -> bool:
    """Whether the words on both sides of this space may form one word."""
    return not space.strip(JOINING)


def opposes_deletion(edit: Edit) -> bool:
    """Whether the edit adds words, which would be lost if the whole clause were deleted."""
    return not all(word.isspace() for word in edit.words)
