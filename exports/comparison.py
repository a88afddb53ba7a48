"""Comparing two texts word by word: what was added, what was removed, and by which amendments.

Passages are in the order of the later text; a clause that is missing there comes after the clause that it followed in
the earlier one. The results are plain values, which pages and the restitution render.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from deliberation.amendments import amendments
from deliberation.kernel import vocabulary
from deliberation.kernel.state import Amendment, Frozen, State
from deliberation.kernel.vocabulary import Aim, Clause
from deliberation.text import composition_rules, merge, words
from deliberation.text.edits import Edit, PlacedWord, tokenise

TITLE = ""
"""The id of the title in a comparison; no clause has it."""


class DiffPiece(NamedTuple):
    """A piece of a difference. `op` is "equal", "insert" or "delete" (or `PLACE`); `by` are the numbers of the
    amendments that caused it, () if two texts are simply compared.
    """

    op: str
    text: str
    by: tuple[int, ...] = ()


PLACE = "place"
"""The `op` of a piece that names the passage to which the following pieces belong (A40)."""
Pieces = tuple[DiffPiece, ...]


@dataclass(frozen=True)
class ComparedPassage:
    """A clause, or the title (id ""), in two texts. `before` is None if it is new, `after` if it was removed.

    `by` are the numbers of the amendments that added, removed or moved it as a whole.
    """

    id: str
    before: Clause | None
    after: Clause | None
    pieces: Pieces
    moved: bool = False
    by: tuple[int, ...] = ()

    @property
    def change(self) -> str:
        """What happened to the passage: "same", "changed", "moved", "added" or "removed"."""
        if self.id == TITLE:
            return "changed" if self.differs else "same"
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "changed" if self.differs else "moved" if self.moved else "same"

    @property
    def differs(self) -> bool:
        """Whether anything about the passage changed."""
        return any(piece.op != "equal" for piece in self.pieces)

    @property
    def clause(self) -> Clause | None:
        """The clause in the later text, or in the earlier one if it was removed; None for the title."""
        return self.after or self.before

    @property
    def amendments(self) -> tuple[int, ...]:
        """All amendments that changed something in it, by number."""
        return tuple(sorted({n for by in (self.by, *(piece.by for piece in self.pieces)) for n in by}))


@lru_cache(maxsize=8192)
def pieces(before: str, after: str) -> Pieces:
    """The difference between two wordings."""
    return tuple(DiffPiece(op, text) for op, text in words.diff_words(before, after))


def by_passage(given: Pieces) -> tuple[tuple[str, Pieces], ...]:
    """The pieces grouped by passage, as (name, pieces); the name is "" for pieces before the first `PLACE`."""
    found: list[tuple[str, list[DiffPiece]]] = []
    for piece in given:
        if piece.op == PLACE:
            found.append((piece.text, []))
            continue
        if not found:
            found.append(("", []))
        found[-1][1].append(piece)
    return tuple((label, tuple(own)) for label, own in found)


def of_part(old: str, given: Iterable[vocabulary.Piece]) -> Pieces:
    """The changes of a part's pieces to the words `old`, with the unchanged words around them."""
    found: list[DiffPiece] = []
    at = 0
    for piece in sorted(given, key=lambda each: each.at):
        found += [
            DiffPiece("equal", old[at : piece.at]),
            DiffPiece("delete", piece.before),
            DiffPiece("insert", piece.after),
        ]
        at = piece.at + len(piece.before)
    return tuple(piece for piece in (*found, DiffPiece("equal", old[at:])) if piece.text)


def of_amendment(state: State, amendment: Amendment) -> Pieces:
    """What an amendment with one edit changes in the words that it modifies: those of a motion, or of another
    amendment.
    """
    return tuple(DiffPiece(op, text) for op, text in amendments.pieces(state, amendment))


def of_proposal(base: Frozen, aim: Aim, clause: str, proposed: str) -> Pieces:
    """What an amendment that is still being written would change in a frozen text."""
    found = clause_in(base, clause)
    before = base.title if aim is Aim.TITLE else found.markdown if found else ""
    if aim is Aim.INSERT:
        return (DiffPiece("insert", proposed),)
    if aim is Aim.MOVE:
        return (DiffPiece("equal", before),)
    return (DiffPiece("delete", before),) if aim is Aim.DELETE else pieces(before, proposed)


def clause_in(text: Frozen, clause: str) -> Clause | None:
    """The clause with that id, or None."""
    return next((each for each in text.clauses if each.id == clause), None)


def between(before: Frozen, after: Frozen) -> tuple[ComparedPassage, ...]:
    """Compares the title and the clauses of two versions."""
    old, new = {x.id: x for x in before.clauses}, {x.id: x for x in after.clauses}
    stayed = _stayed(tuple(old), tuple(new))
    found = [ComparedPassage(TITLE, None, None, pieces(before.title, after.title))]
    for id_ in _in_order(tuple(old), tuple(new)):
        was, now = old.get(id_), new.get(id_)
        changed = pieces(was.markdown if was else "", now.markdown if now else "")
        found.append(ComparedPassage(id_, was, now, changed, bool(was and now) and id_ not in stayed))
    return tuple(found)


def _stayed(before: Sequence[str], after: Sequence[str]) -> frozenset[str]:
    """The largest set of clauses that kept their relative order."""
    gone = (before[i] for a1, a2, _, _ in words.changes(before, after) for i in range(a1, a2))
    return frozenset(before) - frozenset(gone)


def _in_order(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The ids of the later text, each one that it lacks inserted after the one that it followed."""
    present, order = set(after), list(after)
    for place, id_ in enumerate(before):
        if id_ not in present:
            previous = before[place - 1] if place else None
            order.insert(order.index(previous) + 1 if previous in order else 0, id_)
    return order


def consolidated(base: Frozen, after: Frozen, adopted: Iterable[Amendment]) -> tuple[ComparedPassage, ...]:
    """Compares a base with the text that adopted amendments made of it; each change has the numbers of its
    amendments.
    """
    given = sorted((x for a in adopted for x in a.single_edits), key=lambda a: a.number)
    return tuple(_attributed(base, passage, given) for passage in between(base, after))


def _attributed(base: Frozen, passage: ComparedPassage, adopted: Sequence[Amendment]) -> ComparedPassage:
    """Adds to the pieces of a passage the amendments that caused them; each of `adopted` has one edit only."""
    whole = tuple(a.number for a in adopted if _brings(a, passage) or _removes(a, passage))
    touching = [a for a in adopted if _rewrites(a, passage.id)]
    if any(a.version for a in touching):
        return _through_versions(base, passage, adopted, whole)
    old = base.title if passage.id == TITLE else passage.before.markdown if passage.before else ""
    together = _pieces_with(base, old, touching)
    if passage.change == "changed" and _texts(together) == _texts(passage.pieces):
        return replace(passage, pieces=together)
    marked = tuple(piece._replace(by=whole if piece.op != "equal" else ()) for piece in passage.pieces)
    return replace(passage, pieces=marked, by=whole)


def _through_versions(
    base: Frozen, passage: ComparedPassage, adopted: Sequence[Amendment], whole: tuple[int, ...]
) -> ComparedPassage:
    """The same if amendments changed words that other amendments had added: each word is attributed by its origin."""
    gone = tuple(sorted({a.number for a in adopted if _rewrites(a, passage.id)}))
    old = base.title if passage.id == TITLE else passage.before.markdown if passage.before else ""
    found: list[DiffPiece] = []
    at = 0
    for words_, by, start in (*merge.sourced_words(base, adopted).get(passage.id, ()), ("", 0, len(old))):
        if start > at:
            found.append(DiffPiece("delete", old[at:start], gone))
        found.append(DiffPiece("insert", words_, (by,)) if start < 0 else DiffPiece("equal", words_))
        at = max(at, start + len(words_)) if start >= 0 else at
    pieces_ = tuple(piece for piece in found if piece.text)
    return replace(passage, pieces=pieces_, by=() if passage.before and passage.after else whole)


def _brings(amendment: Amendment, passage: ComparedPassage) -> bool:
    return amendment.aim is Aim.INSERT and passage.before is None and merge.id_of_inserted(amendment) == passage.id


def _removes(amendment: Amendment, passage: ComparedPassage) -> bool:
    """Whether an amendment removed the passage, by deleting it, or with others by deleting all of its words."""
    if passage.after is not None or passage.id == TITLE:
        return False
    return _rewrites(amendment, passage.id) or (amendment.aim is Aim.DELETE and amendment.clause == passage.id)


def _rewrites(amendment: Amendment, clause: str) -> bool:
    if amendment.aim is Aim.TITLE:
        return clause == TITLE
    return amendment.aim is Aim.REWRITE and amendment.clause == clause


def _pieces_with(base: Frozen, old: str, given: Sequence[Amendment]) -> Pieces:
    """The old words with the edits of these amendments; each edit has the numbers of all amendments that make it."""
    makers: dict[tuple[int, int, tuple[str, ...]], list[int]] = {}
    for amendment in given:
        for edit in merge.edits(amendment, base):
            makers.setdefault((edit.start, edit.end, edit.words), []).append(edit.amendment)
    edits = [
        Edit(numbers[0], TITLE, start, end, new, (n,) * len(new))
        for n, ((start, end, new), numbers) in enumerate(makers.items(), 1)
    ]
    by = [(), *(tuple(numbers) for numbers in makers.values())]
    return tuple(_told(tokenise(old).tokens, composition_rules.of(base.rules).compose(tokenise(old), edits), edits, by))


def _told(
    old: Sequence[str], now: Iterable[PlacedWord], edits: Sequence[Edit], by: Sequence[tuple[int, ...]]
) -> Iterator[DiffPiece]:
    """The difference from the words `old` to the words `now`; `by[n]` are the numbers of the amendments that make the
    n-th edit, counted from 1.
    """
    over: list[tuple[int, ...]] = [()] * len(old)
    for n, edit in enumerate(edits, 1):
        over[edit.start : edit.end] = [(*known, *by[n]) for known in over[edit.start : edit.end]]
    found: list[DiffPiece] = []
    brought: list[DiffPiece] = []
    at = 0
    for word in (*now, PlacedWord("", 0, len(old))):
        if word.place is None or word.place < at:
            brought.append(DiffPiece("insert", word.word, by[word.by]))
            continue
        found += [DiffPiece("delete", old[n], tuple(sorted(set(over[n])))) for n in range(at, word.place)]
        found += [*brought, DiffPiece("equal", word.word)]
        at, brought = word.place + 1, []
    for (op, numbers), run in groupby(found, key=lambda piece: (piece.op, piece.by)):
        if text := "".join(piece.text for piece in run):
            yield DiffPiece(op, text, numbers)


def _texts(found: Pieces) -> tuple[str, str]:
    """The old text and the new text of a difference."""
    before, after = (("".join(p.text for p in found if p.op != other)) for other in ("insert", "delete"))
    return before, after


def touched(base: Frozen, clause: str, given: Iterable[Amendment]) -> Pieces:
    """A frozen clause ("" is the title), split where the changes of amendments begin and end.

    `op` is "equal", "touched" for words that amendments change, or "gap" for a position at which they insert words.
    """
    found = clause_in(base, clause)
    split = words.split_words(base.title if clause == TITLE else found.markdown if found else "")
    over: list[set[int]] = [set() for _ in split]
    into: Mapping[int, set[int]] = {place: set() for place in range(len(split) + 1)}
    for amendment in (single for each in given for single in each.single_edits):
        for start, end in _spans(base, clause, amendment, len(split)):
            for place in range(start, end):
                over[place].add(amendment.number)
            if start == end:
                into[start].add(amendment.number)
    return tuple(_cut(split, over, into))


def _spans(base: Frozen, clause: str, amendment: Amendment, length: int) -> Iterator[tuple[int, int]]:
    amendment = amendment.on_its_text
    if amendment.aim is Aim.DELETE and amendment.clause == clause != TITLE:
        yield 0, length
    elif _rewrites(amendment, clause):
        yield from ((edit.start, edit.end) for edit in merge.edits(amendment, base))


def _cut(split: Sequence[str], over: Sequence[set[int]], into: Mapping[int, set[int]]) -> Iterator[DiffPiece]:
    run: list[str] = []
    by: set[int] = set()
    for place, word in enumerate((*split, "")):
        now = over[place] if place < len(split) else set()
        if run and (now != by or into[place]):
            yield DiffPiece("touched" if by else "equal", "".join(run), tuple(sorted(by)))
            run = []
        if into[place]:
            yield DiffPiece("gap", "", tuple(sorted(into[place])))
        by = now
        run += [word] if word else []
    if run:
        yield DiffPiece("touched" if by else "equal", "".join(run), tuple(sorted(by)))
