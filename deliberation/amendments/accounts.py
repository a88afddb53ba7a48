"""What each adoption did to a motion: created, changed, removed, moved and renumbered, and nothing else (R50, R51).

The account follows from the spans of the adopted amendments, by the origin of each word before and after. It
is never read off by comparing two texts. Adding it to the text before gives the text after, or the text was changed
outside of what was adopted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from deliberation.kernel.state import Amendment, Frozen, State
from deliberation.kernel.vocabulary import Aim, Clause, ClauseKind, Span
from deliberation.text import merge
from deliberation.text.edits import BASE
from deliberation.text.merge import SourcedWords
from deliberation.text.spans import Misplaced, applied
from deliberation.text.words import changes, split_words

TITLE = ""
"""The passage that is the title."""
ORDER = "*"
"""Stands among unaccounted passages for the order of the clauses; no clause has this id."""

Texts = Mapping[str, str]
"""The words of a text by passage: the title, then its clauses in their order."""


@dataclass(frozen=True)
class PassageChange:
    """The words of a passage that changed, as spans of its words before; before it was created it had none."""

    clause: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Renumbered:
    """A clause that stands under another number since, as `2` or `2 bis`."""

    clause: str
    kind: ClauseKind
    before: str
    after: str


@dataclass(frozen=True)
class AdoptionAccount:
    """What one adoption made of the version before `version`; `entry` is the index of the text that it gave.

    `amendments` are those that it took in, sub-amendments included: none where the parts of a motion were voted (W13).
    `created`, `removed` and `moved` are ids of clauses; `changes` holds the words of every passage concerned: all words
    of those created and removed, the spans of those changed.
    """

    motion: int
    version: int
    entry: int
    time: str
    amendments: tuple[int, ...]
    created: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[str, ...]
    changes: tuple[PassageChange, ...]
    renumbered: tuple[Renumbered, ...]

    @property
    def changed(self) -> tuple[str, ...]:
        """The passages that stood before and stand after with other words; "" is the title."""
        whole = {*self.created, *self.removed}
        return tuple(change.clause for change in self.changes if change.clause not in whole)


def of_motion(state: State, motion: int) -> tuple[AdoptionAccount, ...]:
    """One for each version that an adoption made, in order. Versions frozen from a draft are no adoptions."""
    return tuple(account(state, motion, text) for text in state.motions[motion].frozen if is_adoption(text))


def is_adoption(text: Frozen) -> bool:
    """Whether amendments made this version, or the parts of a motion that were adopted (W13): not one that only
    numbers an adopted text anew (M20).
    """
    return bool(text.adopted or text.divided_by) and text.version > 1 and not text.renumbers


def account(state: State, motion: int, after: Frozen) -> AdoptionAccount:
    """What leads to a version that an adoption made, from the one before it, which `state` holds."""
    before = state.motions[motion].frozen[after.version - 2]
    taken = tuple(n for n in after.adopted if n not in before.adopted)
    old, new = _pieces(state, motion, before, after, taken) if after.adopted else _parts(before, after)
    created = tuple(id_ for id_ in new if id_ not in old)
    removed = tuple(id_ for id_ in old if id_ not in new)
    return AdoptionAccount(
        motion,
        after.version,
        after.entry,
        after.time,
        taken,
        created,
        removed,
        _moved(state, taken, before, after, {*created, *removed}),
        tuple(_changes(old, new)),
        tuple(numbered_anew(before.clauses, after.clauses)),
    )


Pieces = Mapping[str, Sequence[SourcedWords]]
"""The words of a text with their origins, by passage."""


def _parts(before: Frozen, after: Frozen) -> tuple[Pieces, Pieces]:
    """Where the parts of a motion were voted, the clauses that were not adopted are taken out."""
    left = texts_of(after)
    old = {id_: (SourcedWords(words, BASE, 0),) for id_, words in texts_of(before).items()}
    return old, {id_: pieces for id_, pieces in old.items() if id_ in left}


def _pieces(state: State, motion: int, before: Frozen, after: Frozen, taken: Sequence[int]) -> tuple[Pieces, Pieces]:
    """The passages that the amendments `taken` touch, before and after: what their spans make of the base.

    A passage has the words that the amendments to it give, whatever others do elsewhere.
    """
    whole = state.motions[motion].frozen[after.base - 1]
    touched = {target for _, targets in _edits_of(state, taken) for target in targets}
    rested_on = _rested_on(state, after.adopted, touched)
    old, new = (_touching(state, text.adopted, rested_on) for text in (before, after))
    ids = {merge.id_of_inserted(amendment) for amendment in new}
    kept = touched | {place.removeprefix(BEHIND) for place in touched} | {amendment.after for amendment in new}
    kept |= {amendment.clause for amendment in new if amendment.aim is Aim.INSERT}
    base = replace(whole, clauses=tuple(x for x in whole.clauses if x.id in kept or x.id.rstrip("x") in ids))
    return merge.sourced_words(base, old), merge.sourced_words(base, new)


BEHIND = "behind "
"""Stands before the id of the clause behind which something is inserted."""


def _edits_of(state: State, adopted: Iterable[int]) -> Iterator[tuple[Amendment, set[str]]]:
    """Each edit of these amendments as an amendment of its own, with the passages that it touches.

    A sub-amendment touches those of all edits of its parent: the words of each count with all that changed them.
    """
    found = [state.amendments[n] for n in adopted]
    adding: dict[int, set[int]] = {}
    for sub in found:
        if sub.parent is not None and sub.aim is Aim.INSERT:
            adding.setdefault(sub.parent, set()).add(sub.edit_rank)
    for amendment in found:
        head = state.amendments[amendment.parent] if amendment.parent is not None else amendment
        ranks = adding.get(head.number, ())
        targets = [(single, _targets(single, single.edit_rank in ranks)) for single in head.single_edits]
        if head is amendment:
            yield from targets
        else:
            yield amendment, {target for _, each in targets for target in each}


def _targets(head: Amendment, adds: bool) -> set[str]:
    """The passages that one edit touches: a clause, the title, or the place behind a clause, where it or a
    sub-amendment (`adds`) inserts one; and the clause that it inserts.
    """
    found = {BEHIND + head.clause} if adds or head.aim is Aim.INSERT else set()
    if head.aim is Aim.INSERT:
        return found | {merge.id_of_inserted(head)}
    return found | {TITLE if head.aim is Aim.TITLE else head.clause}


def _rested_on(state: State, adopted: Iterable[int], touched: set[str]) -> set[str]:
    """Those passages, and the inserted clauses at which the edits of them aim, and so on."""
    given = list(_edits_of(state, adopted))
    inserted = {merge.id_of_inserted(edit) for edit, _ in given if edit.aim is Aim.INSERT}
    wanted = touched | (inserted & {target.removeprefix(BEHIND) for target in touched})
    while True:
        found = [edit for edit, targets in given if not wanted.isdisjoint(targets)]
        more = inserted & {clause for edit in found for clause in (edit.clause, edit.after)}
        if more <= wanted:
            return wanted
        wanted |= more


def _touching(state: State, adopted: Iterable[int], touched: set[str]) -> list[Amendment]:
    """The edits of these amendments that touch those passages."""
    return [edit for edit, targets in _edits_of(state, adopted) if not touched.isdisjoint(targets)]


def _moved(state: State, taken: Iterable[int], before: Frozen, after: Frozen, others: set[str]) -> tuple[str, ...]:
    """The clauses that these amendments move, where that changed the order."""
    old, new = ([clause.id for clause in text.clauses if clause.id not in others] for text in (before, after))
    moving = {edit.clause for n in taken for edit in state.amendments[n].edits if edit.aim is Aim.MOVE}
    return tuple(id_ for id_ in new if id_ in moving) if old != new else ()


def poll_of(state: State, amendments: Sequence[int]) -> int:
    """The poll that settled the last of them, an amendment after its sub-amendments; 0 where none is known."""
    return next((poll for n in reversed(amendments) if (poll := state.amendments[n].poll)), 0)


def texts_of(text: Frozen) -> Texts:
    return {TITLE: text.title, **{clause.id: clause.markdown for clause in text.clauses}}


def _changes(old: Pieces, new: Pieces) -> Iterator[PassageChange]:
    for id_ in (*new, *(id_ for id_ in old if id_ not in new)):
        if spans := _spans(old.get(id_, ()), new.get(id_, ())):
            yield PassageChange(id_, spans)


def _spans(old: Sequence[SourcedWords], new: Sequence[SourcedWords]) -> tuple[Span, ...]:
    """Between the words of the base that stand in both, what stood there gave way to what stands there."""
    before, after = ("".join(piece.text for piece in pieces) for pieces in (old, new))
    found: list[Span] = []
    at = other = 0
    for start, start_after, length in (*_kept(old, new), (len(before), len(after), 0)):
        found += _refined(before[at:start], after[other:start_after], at)
        at, other = start + length, start_after + length
    return tuple(found)


def _kept(old: Sequence[SourcedWords], new: Sequence[SourcedWords]) -> Iterator[tuple[int, int, int]]:
    """Characters of the base that stand in both: where they begin in the old and in the new text, and how many."""
    runs = list(_of_base(new))
    n = 0
    for at, start, end in _of_base(old):
        while n < len(runs) and runs[n][2] <= start:
            n += 1
        while n < len(runs) and runs[n][1] < end:
            at_new, start_new, end_new = runs[n]
            first, last = max(start, start_new), min(end, end_new)
            yield at + first - start, at_new + first - start_new, last - first
            if end_new > end:
                break
            n += 1


def _of_base(pieces: Iterable[SourcedWords]) -> Iterator[tuple[int, int, int]]:
    """Words left from the base: where they begin in the text, and the characters [start, end) of the base."""
    at = 0
    for piece in pieces:
        if piece.start >= 0:
            yield at, piece.start, piece.start + len(piece.text)
        at += len(piece.text)


def _refined(old: str, new: str, at: int) -> Iterator[Span]:
    """The words in which both differ; `at` is where the old ones begin."""
    if old == new:
        return
    before, after = split_words(old), split_words(new)
    starts = list(accumulate(map(len, before), initial=at))
    for a1, a2, b1, b2 in changes(before, after):
        yield Span(starts[a1], "".join(before[a1:a2]), "".join(after[b1:b2]))


def numbered_anew(before: Iterable[Clause], after: Iterable[Clause]) -> Iterator[Renumbered]:
    """The clauses that are in both and have another number afterwards."""
    numbers = {clause.id: clause.called for clause in before}
    for clause in after:
        if numbers.get(clause.id, clause.called) != clause.called:
            yield Renumbered(clause.id, clause.kind, numbers[clause.id], clause.called)


def unaccounted(made: AdoptionAccount, before: Frozen, after: Frozen) -> tuple[str, ...]:
    """The passages of `after` that are not those of `before` with what the account says: "" is the title, `ORDER` the
    order of the clauses.
    """
    old, new = texts_of(before), texts_of(after)
    spans = {change.clause: change.spans for change in made.changes}
    wrong = [id_ for id_ in {**old, **new} if _with(old.get(id_, ""), spans.get(id_, ())) != new.get(id_, "")]
    due = ({*old} - {*made.removed}) | {*made.created}
    wrong += [id_ for id_ in {**old, **new} if (id_ in due) != (id_ in new) and id_ not in wrong]
    kinds = {clause.id: (clause.kind, clause.addressee) for clause in before.clauses}
    wrong += [x.id for x in after.clauses if kinds.get(x.id, (x.kind, x.addressee)) != (x.kind, x.addressee)]
    stayed = (old.keys() & new.keys()) - {*made.moved}
    in_order = [id_ for id_ in old if id_ in stayed] == [id_ for id_ in new if id_ in stayed]
    return tuple(wrong if in_order else [*wrong, ORDER])


def _with(words: str, spans: tuple[Span, ...]) -> str | None:
    try:
        return applied(words, spans)
    except Misplaced:
        return None


def passage_name(id_: str, before: Frozen, after: Frozen) -> str:
    """A passage as a report names it: "titre", "demande 3", "demande 2 bis", "ordre"."""
    if id_ in (TITLE, ORDER):
        return "titre" if id_ == TITLE else "ordre"
    found = next((clause for clause in (*before.clauses, *after.clauses) if clause.id == id_), None)
    return f"{found.kind.value} {found.called}" if found else id_
