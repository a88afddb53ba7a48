"""The account of each adoption: the clauses that it created, changed, removed, moved and renumbered in a motion (R50,
R51).

An account is computed from the spans of the adopted amendments and from the origin of each word before and after, never
by comparing two texts. Applied to the text before, it must give the text after; where it does not, the text was changed
outside of what was adopted (`unaccounted`).
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
"""The id of the title among the passages of a text."""
ORDER = "*"
"""Stands for the order of the clauses in the result of `unaccounted`; no clause has this id."""

Texts = Mapping[str, str]
"""The Markdown of a text by id of the passage: the title, then the clauses in order."""


@dataclass(frozen=True)
class PassageChange:
    """How the words of one passage changed, as spans of its words before ("" for a created clause)."""

    clause: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Renumbered:
    """A clause whose number changed; both numbers as they are displayed, such as `2` or `2 bis`."""

    clause: str
    kind: ClauseKind
    before: str
    after: str


@dataclass(frozen=True)
class AdoptionAccount:
    """What one adoption changed between the version before `version` and that version, which entry `entry` froze.

    `amendments` are those that were merged by it, sub-amendments included: none where the parts of a motion were voted
    on (W13). `created`, `removed` and `moved` are ids of clauses. `changes` has one item for each passage whose words
    differ: all words of clauses that were created or removed, the changed ones of others.
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
        """The ids of the passages that are in both versions, with different words; "" is the title."""
        whole = {*self.created, *self.removed}
        return tuple(change.clause for change in self.changes if change.clause not in whole)


def of_motion(state: State, motion: int) -> tuple[AdoptionAccount, ...]:
    """The account of each version that an adoption made, in order. Versions frozen from a draft are no adoptions."""
    return tuple(account(state, motion, text) for text in state.motions[motion].frozen if is_adoption(text))


def is_adoption(text: Frozen) -> bool:
    """Whether this version results from adopting amendments, or parts of a motion (W13); False for one that only
    renumbers an adopted text (M20).
    """
    return bool(text.adopted or text.divided_by) and text.version > 1 and not text.renumbers


def account(state: State, motion: int, after: Frozen) -> AdoptionAccount:
    """The account of the version `after`, which an adoption made from the one before it; `state` holds the latter."""
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
    """The passages before and after a vote on the parts of a motion: the clauses that were not adopted are removed."""
    left = texts_of(after)
    old = {id_: (SourcedWords(words, BASE, 0),) for id_, words in texts_of(before).items()}
    return old, {id_: pieces for id_, pieces in old.items() if id_ in left}


def _pieces(state: State, motion: int, before: Frozen, after: Frozen, taken: Sequence[int]) -> tuple[Pieces, Pieces]:
    """The passages that the amendments `taken` touch, before and after them, with the origin of each word.

    Only the amendments that these passages depend on are merged into the base: others do not change their words.
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
"""Precedes, in a set of passages, the id of a clause after which something is inserted."""


def _edits_of(state: State, adopted: Iterable[int]) -> Iterator[tuple[Amendment, set[str]]]:
    """Each edit of these amendments as an amendment of its own, with the passages that it touches.

    A sub-amendment touches the passages of all edits of its parent, so that the parent is always merged with all of its
    sub-amendments.
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
    """The passages that one edit touches: its clause or the title; the place after a clause (`BEHIND`) where the edit,
    or a sub-amendment to it (`adds`), inserts one; and the clause that the edit inserts.
    """
    found = {BEHIND + head.clause} if adds or head.aim is Aim.INSERT else set()
    if head.aim is Aim.INSERT:
        return found | {merge.id_of_inserted(head)}
    return found | {TITLE if head.aim is Aim.TITLE else head.clause}


def _rested_on(state: State, adopted: Iterable[int], touched: set[str]) -> set[str]:
    """These passages, and the inserted clauses to which the edits that touch them refer, directly or indirectly."""
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
    """The clauses that these amendments move; none if the order is unchanged. `others` are clauses that were created or
    removed, which have no place in one of both orders.
    """
    old, new = ([clause.id for clause in text.clauses if clause.id not in others] for text in (before, after))
    moving = {edit.clause for n in taken for edit in state.amendments[n].edits if edit.aim is Aim.MOVE}
    return tuple(id_ for id_ in new if id_ in moving) if old != new else ()


def poll_of(state: State, amendments: Sequence[int]) -> int:
    """The number of the poll that settled the last of these amendments; 0 if none is known. A parent comes after its
    sub-amendments.
    """
    return next((poll for n in reversed(amendments) if (poll := state.amendments[n].poll)), 0)


def texts_of(text: Frozen) -> Texts:
    return {TITLE: text.title, **{clause.id: clause.markdown for clause in text.clauses}}


def _changes(old: Pieces, new: Pieces) -> Iterator[PassageChange]:
    for id_ in (*new, *(id_ for id_ in old if id_ not in new)):
        if spans := _spans(old.get(id_, ()), new.get(id_, ())):
            yield PassageChange(id_, spans)


def _spans(old: Sequence[SourcedWords], new: Sequence[SourcedWords]) -> tuple[Span, ...]:
    """The changes between two wordings of a passage: what differs between the words of the base that both contain."""
    before, after = ("".join(piece.text for piece in pieces) for pieces in (old, new))
    found: list[Span] = []
    at = other = 0
    for start, start_after, length in (*_kept(old, new), (len(before), len(after), 0)):
        found += _refined(before[at:start], after[other:start_after], at)
        at, other = start + length, start_after + length
    return tuple(found)


def _kept(old: Sequence[SourcedWords], new: Sequence[SourcedWords]) -> Iterator[tuple[int, int, int]]:
    """The runs of characters of the base that both texts contain: offset in the old text, offset in the new text,
    length.
    """
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
    """The words that come from the base: their offset in the text, and the characters [start, end) of the base."""
    at = 0
    for piece in pieces:
        if piece.start >= 0:
            yield at, piece.start, piece.start + len(piece.text)
        at += len(piece.text)


def _refined(old: str, new: str, at: int) -> Iterator[Span]:
    """The spans in which two stretches of words differ; `at` is the offset of the old stretch in its passage."""
    if old == new:
        return
    before, after = split_words(old), split_words(new)
    starts = list(accumulate(map(len, before), initial=at))
    for a1, a2, b1, b2 in changes(before, after):
        yield Span(starts[a1], "".join(before[a1:a2]), "".join(after[b1:b2]))


def numbered_anew(before: Iterable[Clause], after: Iterable[Clause]) -> Iterator[Renumbered]:
    """The clauses that are in both versions under different numbers."""
    numbers = {clause.id: clause.called for clause in before}
    for clause in after:
        if numbers.get(clause.id, clause.called) != clause.called:
            yield Renumbered(clause.id, clause.kind, numbers[clause.id], clause.called)


def unaccounted(made: AdoptionAccount, before: Frozen, after: Frozen) -> tuple[str, ...]:
    """The passages in which `after` differs from `before` with the account applied: ids of clauses, "" for the title,
    `ORDER` for the order of the clauses. Empty if the account explains every change.
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
    """The name of a passage in a report: "titre", "demande 3", "demande 2 bis", "ordre"; its id if neither version has
    it.
    """
    if id_ in (TITLE, ORDER):
        return "titre" if id_ == TITLE else "ordre"
    found = next((clause for clause in (*before.clauses, *after.clauses) if clause.id == id_), None)
    return f"{found.kind.value} {found.called}" if found else id_
