"""Merges adopted amendments into a frozen text, word by word (A9–A13, A16–A18).

Every amendment is turned into edits of the *base* text: replaced spans of words in a clause, a deleted, inserted or
moved clause, a new title. Edits that do not touch are applied together, so the result does not depend on the order in
which they are given; edits that touch give a `Collision`, a value that names both amendments and the words. A
sub-amendment changes the words of its parent before those are merged, and has no effect without its parent. An
amendment may aim at a later version, in which others are already merged: its edits are edits of the words there
(`layers`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import RULES, Aim, Clause, ClauseKind, Span
from deliberation.text import composition_rules, layers, numbering
from deliberation.text.composition_rules import CompositionRules
from deliberation.text.edits import BASE, Edit, PlacedWord, as_changes, tokenise
from deliberation.text.layers import Layer, Stage, without_twins
from deliberation.text.typographic import typographic_key


@dataclass(frozen=True)
class Collision:
    """Two amendments that cannot both be merged as written: their numbers, the clause, and the words both touch."""

    first: int
    second: int
    clause: str
    words: str


@dataclass(frozen=True)
class Consolidation:
    """The merged text. It contains every amendment given if `collisions` is empty."""

    title: str
    clauses: tuple[Clause, ...]
    collisions: tuple[Collision, ...]


Numbers = Mapping[str, numbering.ClauseNumber]
"""Numbers of clauses, by id."""
NO_NUMBERS: Numbers = MappingProxyType({})

Pieces = tuple[tuple[str, int], ...]
"""A text with the origin of each part: (words, number of the amendment that brought them, or 0 for the base)."""


@dataclass
class Plan:
    """What amendments do to a base: filled by `plan`, and only read afterwards.

    - `layers`: the word edits of each passage, by the version at which they aim, 0 being the base. Amendments that give
      a passage the very same words, perhaps by other spans, are applied once.
    - `deletions`, `moves`: the amendments that delete or move a clause, by its id; the latest move comes first.
    - `places`: the amendments that insert or move something after a clause, by the key of that place (`_behind`), each
      holding the one edit that it makes there.
    - `texts`, `bringers`: the words of inserted clauses, and the numbers of the amendments that insert them, by id.
    - `upon`: for each amendment, those on whose result it was tabled; `amended`: all of these together.
    - `within`: the collisions between sub-amendments.
    """

    base: Frozen
    layers: dict[str, dict[int, Layer]] = field(default_factory=dict)
    deletions: dict[str, list[int]] = field(default_factory=dict)
    moves: dict[str, list[Amendment]] = field(default_factory=dict)
    places: dict[str, list[Amendment]] = field(default_factory=dict)
    texts: dict[str, Pieces] = field(default_factory=dict)
    bringers: dict[str, int] = field(default_factory=dict)
    upon: dict[int, frozenset[int]] = field(default_factory=dict)
    amended: set[int] = field(default_factory=set)
    within: list[Collision] = field(default_factory=list)

    @property
    def composer(self) -> CompositionRules:
        """The version of the composition rules that the base records."""
        return composition_rules.of(self.base.rules)

    def leaves(self, words: str) -> bool:
        """Whether a passage with these words is kept. Version 1 of the rules also kept a passage without words."""
        return bool(words.strip()) or self.base.rules == 1

    def is_later(self, one: int, other: int) -> bool:
        """Whether amendment `one` was tabled on the result of `other`, and may therefore change it."""
        return other in self.upon.get(one, ())

    def first_with(self, clause: str, wording: str) -> int | None:
        """The number of the first amendment that gives a passage of the base these words; None if none does."""
        layer = self.layers.get(clause, {}).get(0)
        return layer.wordings.get(wording) if layer else None

    def is_layered(self, clause: str) -> bool:
        """Whether amendments aim at words of the passage that other amendments brought."""
        return any(self.layers.get(clause, ()))


def consolidate(base: Frozen, amendments: Iterable[Amendment], known: Numbers = NO_NUMBERS) -> Consolidation:
    """The base text with all these amendments, each aiming at `base`; their order of arrival does not matter.

    A sub-amendment whose parent is not among them changes nothing. `known` are the numbers that the debate gave to
    clauses so far.
    """
    return consolidate_plan(plan(base, amendments), known)


def origins(base: Frozen, amendments: Iterable[Amendment]) -> dict[str, Pieces]:
    """Where each word of `consolidate` comes from, by clause id; "" is the title (A13)."""
    planned = plan(base, amendments)
    return {"": title(planned), **{clause.id: pieces for clause, pieces in clauses(planned)}}


class SourcedWords(NamedTuple):
    """Words of a merged text that come from one place.

    `by` is the number of the amendment that brought them, or 0 for the base; `start` is their character offset in the
    clause of the base, or -1 if an amendment brought them.
    """

    text: str
    by: int
    start: int


def sourced_words(base: Frozen, amendments: Iterable[Amendment]) -> dict[str, tuple[SourcedWords, ...]]:
    """As `origins`, with the offset in the base of the words that come from it."""
    planned = plan(base, amendments)
    known = {clause.id: clause.markdown for clause in base.clauses}
    found = {"": tuple(_sourced_words(planned, "", base.title))}
    for clause, pieces in clauses(planned):
        if clause.id in known:
            found[clause.id] = tuple(_sourced_words(planned, clause.id, known[clause.id]))
        else:
            found[clause.id] = tuple(SourcedWords(text, by, -1) for text, by in pieces)
    return found


def _sourced_words(planned: Plan, clause: str, text: str) -> Iterator[SourcedWords]:
    starts = tokenise(text).starts
    run: list[PlacedWord] = []
    words = passage_words(planned, clause, text)
    if not planned.leaves("".join(word.word for word in words)):
        words = _as_it_is(text)
    for word in (*words, None):
        if run and (word is None or not _goes_on(run[-1], word)):
            place = run[0].place
            yield SourcedWords("".join(x.word for x in run), run[0].by, -1 if place is None else starts[place])
            run = []
        run += [word] if word else []


def _goes_on(word: PlacedWord, following: PlacedWord) -> bool:
    """Whether two words belong to one run: neighbours in the base, or words brought by one amendment."""
    if word.place is None or following.place is None:
        return word.place is following.place and word.by == following.by
    return following.place == word.place + 1


def collisions(base: Frozen, amendments: Iterable[Amendment]) -> tuple[Collision, ...]:
    """The collisions between these amendments."""
    return tuple(_collisions(plan(base, amendments)))


def consolidate_plan(planned: Plan, known: Numbers = NO_NUMBERS) -> Consolidation:
    merged = (replace(clause, markdown=_text(pieces)) for clause, pieces in clauses(planned))
    return Consolidation(_text(title(planned)), set_numbers(planned, merged, known), tuple(_collisions(planned)))


def plan(base: Frozen, amendments: Iterable[Amendment]) -> Plan:
    """The plan of these amendments on the base. Sub-amendments are applied to their parents."""
    given = sorted(amendments, key=lambda a: a.number)
    subs: dict[int, list[Amendment]] = {}
    for sub in given:
        if sub.parent is not None:
            subs.setdefault(sub.parent, []).append(sub)
    planned = Plan(base)
    for amendment in sorted(given, key=lambda a: a.version):
        if amendment.parent is None and amendment.is_worded:
            planned.upon[amendment.number] = frozenset(amendment.upon)
            planned.amended.update(amendment.upon)
            for single in amendment.single_edits:
                _take(planned, single, subs.get(amendment.number, ()))
    return planned


def _take(planned: Plan, amendment: Amendment, subs: Sequence[Amendment]) -> None:
    """Adds one edit of an amendment, with the sub-amendments to it, to the plan; `subs` are those to all its edits."""
    own = amendment.own if amendment.own and {x.number for x in subs}.issuperset(amendment.amended_by) else None
    subs = [sub for sub in subs if sub.edit_rank == amendment.edit_rank]
    if amendment.amended_by and own is None:  # its words already hold those that were adopted
        subs = [sub for sub in subs if sub.aim is Aim.INSERT]
    text, spans = (own.text, own.spans) if own else (amendment.text, amendment.spans)
    alike = sub_twins(subs)
    composer, aim, clause = planned.composer, amendment.aim, amendment.clause
    changes = without_twins(sub_edits(composer, text, subs), alike)
    if aim is Aim.DELETE:
        planned.deletions.setdefault(clause, []).append(amendment.number)
    elif aim is Aim.MOVE:
        planned.places.setdefault(_behind(planned, amendment, amendment.after), []).append(amendment)
        moving = planned.moves.setdefault(clause, [])
        moving.insert(0 if amendment.version else len(moving), amendment)
    elif aim is Aim.INSERT:
        _insert(planned, amendment, _pieces(composed_words(composer, text, changes), amendment.number))
    else:
        clause = "" if aim is Aim.TITLE else clause
        layer = _layer(planned, amendment, clause)
        old = _stack(planned, clause, amendment.version).last[0].said if amendment.version else _old(planned, clause)
        layer.edits += _edits(composer, amendment.number, clause, old, text, spans, changes)
        first = amendment.number
        for wording in _wordings(amendment, words_with(composer, text, changes)):
            first = min(first, layer.wordings.setdefault(wording, amendment.number))
        first = layer.twins.get(first, first)
        if first != amendment.number:
            layer.twins[amendment.number] = first
    target = id_of_inserted(amendment) if aim is Aim.INSERT else clause
    planned.within += _between(composer, text, target, sub_edits(composer, text, subs), alike)
    for sub in subs:
        if sub.aim is Aim.INSERT:
            _insert(planned, replace(sub, clause=clause), ((sub.text, sub.number),))


def _insert(planned: Plan, amendment: Amendment, pieces: Pieces) -> None:
    id_ = id_of_inserted(amendment)
    planned.texts[id_], planned.bringers[id_] = pieces, amendment.number
    planned.places.setdefault(_behind(planned, amendment, amendment.clause), []).append(amendment)


def _behind(planned: Plan, amendment: Amendment, clause: str) -> str:
    """The key in `places` of the place after a clause, as the amendment saw it.

    It is the place where the clause was frozen or inserted, or to which one of the amendments `upon` moved it.
    """
    seen = (moving.number for moving in planned.moves.get(clause, ()) if moving.number in amendment.upon)
    return next((_behind_moved(clause, number) for number in seen), clause)


def _behind_moved(clause: str, amendment: int) -> str:
    return f"{clause}@{amendment}"


def _layer(planned: Plan, amendment: Amendment, clause: str) -> Layer:
    """The layer to which the edits of this amendment to a passage belong."""
    by_version = planned.layers.setdefault(clause, {})
    return by_version.setdefault(amendment.version, Layer(frozenset(amendment.upon)))


def _old(planned: Plan, clause: str) -> str:
    """The words of a passage before any edit: those of the base, or those with which the clause was inserted."""
    if clause in planned.texts:
        return _text(planned.texts[clause])
    if not clause:
        return planned.base.title
    return next(x.markdown for x in planned.base.clauses if x.id == clause)


def _stack(planned: Plan, clause: str, until: int = 0) -> layers.Stack:
    """The stages of a passage: all of them, or those up to the version `until`, with the edits of earlier versions
    only.
    """
    inserted = planned.texts.get(clause)
    first = layers.of_text(_old(planned, clause)) if inserted is None else _stage_of(inserted)
    known = planned.layers.get(clause, {})
    given = [layer for version, layer in sorted(known.items()) if 0 < version < (until or version + 1)]
    if until:
        given.append(Layer(known[until].upon))
    return layers.stacked(planned.composer, first, [known.get(0, Layer()), *given])


def _stage_of(pieces: Pieces) -> Stage:
    """The stage that consists of the words of an inserted clause, each with the amendment that brought it."""
    return layers.of_words([PlacedWord(word, by) for text, by in pieces for word in tokenise(text).tokens])


def edits(amendment: Amendment, base: Frozen) -> list[Edit]:
    """The word edits of an amendment that rewrites a clause or the title; [] for the other aims.

    `base` is the version at which it aims.
    """
    found = plan(base, [amendment.on_its_text]).layers
    return [edit for by_version in found.values() for edit in by_version[0].edits]


def _edits(
    composer: CompositionRules,
    number: int,
    clause: str,
    old: str,
    text: str,
    spans: tuple[Span, ...],
    changes: Sequence[Edit],
) -> Iterator[Edit]:
    """The edits that lead from the words `old` to those of an amendment after its sub-amendments' `changes`."""
    own = composer.word_edits(old, text, spans)
    if not changes:
        yield from (Edit(number, clause, start, end, words, (number,) * len(words)) for start, end, words in own)
        return
    before = tokenise(old).tokens
    placed = _placed_words(tokenise(text).tokens, as_changes(own), number)
    words = [word if word.place is None else placed[word.place] for word in composed_words(composer, text, changes)]
    composed = [_trimmed(edit, before) for edit in _from_placed(words, len(before), number, clause)]
    said, by = "".join(word.word for word in words), [word.by for word in words]
    yield from layers.in_their_form(composer, old, said, by, [edit for edit in composed if edit])


def _placed_words(after: Sequence[str], changes: Iterable[tuple[int, int, int, int]], by: int) -> list[PlacedWord]:
    """The words of an amendment; those that come from the base have their position there."""
    words: list[PlacedWord] = []
    at, other = 0, 0
    for _, a2, b1, b2 in changes:
        words += [PlacedWord(word, BASE, at + n) for n, word in enumerate(after[other:b1])]
        words += [PlacedWord(word, by) for word in after[b1:b2]]
        at, other = a2, b2
    return words + [PlacedWord(word, BASE, at + n) for n, word in enumerate(after[other:])]


def _from_placed(words: Iterable[PlacedWord], size: int, amendment: int, clause: str) -> Iterator[Edit]:
    """The edits that lead from a base of `size` tokens to these words."""
    at = 0
    brought: list[PlacedWord] = []
    for word in (*words, PlacedWord("", BASE, size)):
        if word.place is None or word.place < at:
            brought.append(word)
            continue
        if word.place > at or brought:
            yield Edit(amendment, clause, at, word.place, tuple(x.word for x in brought), tuple(x.by for x in brought))
        at, brought = word.place + 1, []


def _trimmed(edit: Edit, before: Sequence[str]) -> Edit | None:
    """The edit without the words at both ends that equal those of the base; None if all of them do."""
    old = before[edit.start : edit.end]
    shortest = min(len(old), len(edit.words))
    first = next((n for n in range(shortest) if old[n] != edit.words[n]), shortest)
    left = shortest - first
    last = next((n for n in range(left) if old[-1 - n] != edit.words[-1 - n]), left)
    if len(old) == len(edit.words) == first:
        return None
    kept = slice(first, len(edit.words) - last)
    return replace(edit, start=edit.start + first, end=edit.end - last, words=edit.words[kept], by=edit.by[kept])


def sub_edits(composer: CompositionRules, text: str, subs: Iterable[Amendment]) -> list[Edit]:
    """The edits that sub-amendments make in the words of their amendment; one that adds a clause makes none."""
    return [
        Edit(sub.number, "", start, end, words, (sub.number,) * len(words))
        for sub in subs
        if sub.aim is not Aim.INSERT and sub.is_worded
        for start, end, words in composer.word_edits(text, sub.text, sub.spans)
    ]


def sub_twins(subs: Iterable[Amendment]) -> dict[int, int]:
    """For each sub-amendment that gives its amendment the very same words as an earlier one, the number of that one."""
    first: dict[str, int] = {}
    twins: dict[int, int] = {}
    for sub in subs:
        if sub.aim is not Aim.INSERT:
            known = min(first.setdefault(wording, sub.number) for wording in _wordings(sub, sub.text))
            if known != sub.number:
                twins[sub.number] = twins.get(known, known)
    return twins


def _wordings(amendment: Amendment, text: str) -> tuple[str, ...]:
    """Keys of a wording. Amendments that share one are applied once: their words are the same, or differ by typography
    and the chair declared them identical (A53).
    """
    return (text, f"{amendment.declared}\0{typographic_key(text)}") if amendment.declared else (text,)


def between_subs(parent: Amendment, subs: Iterable[Amendment], rules: int = RULES) -> tuple[Collision, ...]:
    """The collisions between sub-amendments of one parent, in its words."""
    subs = sorted(subs, key=lambda a: a.number)
    return tuple(found for single in parent.single_edits for found in _between_subs(single, subs, rules))


def _between_subs(parent: Amendment, subs: Iterable[Amendment], rules: int) -> Iterator[Collision]:
    """As `between_subs`, for one edit of the parent."""
    subs = [sub for sub in subs if sub.edit_rank == parent.edit_rank]
    composer, text = composition_rules.of(rules), parent.wording.text
    return _between(composer, text, parent.clause, sub_edits(composer, text, subs), sub_twins(subs))


def sub_amendment_edits(parent: Amendment, subs: Iterable[Amendment], rules: int = RULES) -> list[Edit]:
    """The edits that sub-amendments make in the words of one edit of their parent; the same change is given once."""
    subs = sorted((sub for sub in subs if sub.edit_rank == parent.edit_rank), key=lambda a: a.number)
    return without_twins(sub_edits(composition_rules.of(rules), parent.wording.text, subs), sub_twins(subs))


def amended_words(parent: Amendment, subs: Iterable[Amendment], rules: int = RULES) -> str:
    """The words of one edit of the parent with these sub-amendments."""
    return words_with(composition_rules.of(rules), parent.wording.text, sub_amendment_edits(parent, subs, rules))


def amended_spans(parent: Amendment, subs: Iterable[Amendment], old: str, rules: int = RULES) -> tuple[Span, ...]:
    """The spans that lead from `old`, the words aimed at, to the parent's words with these sub-amendments."""
    own, (words, starts, *_) = parent.wording, tokenise(old)
    found = _edits(
        composition_rules.of(rules),
        parent.number,
        "",
        old,
        own.text,
        own.spans,
        sub_amendment_edits(parent, subs, rules),
    )
    return tuple(Span(starts[x.start], "".join(words[x.start : x.end]), "".join(x.words)) for x in found)


def title(planned: Plan) -> Pieces:
    """The merged title with its origins; the title of the base if deletions together would leave no words."""
    pieces = _pieces_of(planned, "", planned.base.title)
    return pieces if planned.leaves(_text(pieces)) else _pieces(_as_it_is(planned.base.title))


def clauses(planned: Plan) -> Iterator[tuple[Clause, Pieces]]:
    """The clauses of the merged text in order, each with its words and their origins; numbers and Markdown are not set
    yet.
    """
    known = {clause.id: clause for clause in planned.base.clauses}
    taken = set(known)
    for before in ("", *known):
        if before and before not in planned.moves:
            yield from _standing(planned, known[before], before)
        yield from _at_place(planned, before, known, taken)


def _at_place(
    planned: Plan, before: str, known: Mapping[str, Clause], taken: set[str]
) -> Iterator[tuple[Clause, Pieces]]:
    """The clauses that are inserted or moved to a place, each followed by those at the place after it."""
    for amendment in _made_at(planned, before):
        clause, behind = _made(planned, amendment, known, taken)
        if clause is not None:
            yield from _standing(planned, clause, _brought_by(amendment))
        yield from _at_place(planned, behind, known, taken)


def _made(
    planned: Plan, amendment: Amendment, known: Mapping[str, Clause], taken: set[str]
) -> tuple[Clause | None, str]:
    """The clause that an amendment inserts or moves to a place, None if another amendment moves it elsewhere; and the
    key of the place after it.
    """
    if amendment.aim is not Aim.MOVE:
        id_ = _brought_by(amendment)
        return (None if id_ in planned.moves else _inserted(amendment, taken)), id_
    behind = _behind_moved(amendment.clause, amendment.number)
    if planned.moves[amendment.clause][0] is not amendment:
        return None, behind
    return known.get(amendment.clause) or _moved_insertion(planned, amendment.clause, taken), behind


def _brought_by(amendment: Amendment) -> str:
    """The id of the clause that an amendment moves or inserts."""
    return amendment.clause if amendment.aim is Aim.MOVE else id_of_inserted(amendment)


def _moved_insertion(planned: Plan, id_: str, taken: set[str]) -> Clause | None:
    inserting = (x for at in planned.places.values() for x in at if x.aim is not Aim.MOVE)
    return next((_inserted(each, taken) for each in inserting if id_of_inserted(each) == id_), None)


def _made_at(planned: Plan, before: str) -> Iterator[Amendment]:
    """The amendments that insert or move something after a clause, in order; those that aim at a later version are
    nearer to it.

    Identical insertions are made once: by the first amendment, or by one on whose result others were tabled.
    """
    given = planned.places.get(before, ())
    ordered = sorted(given, key=lambda a: (-a.version, a.parent or a.number, a.edit_rank, a.number))
    said: set[tuple[str, str]] = set()
    repeating: list[Amendment] = []
    for amendment in sorted(ordered, key=lambda a: a.number not in planned.amended):
        if amendment.aim is Aim.MOVE:
            continue
        words = _text(planned.texts[id_of_inserted(amendment)])
        same = {(amendment.new_kind, wording) for wording in _wordings(amendment, words)}
        if not said.isdisjoint(same):
            repeating.append(amendment)
        elif id_of_inserted(amendment) not in planned.deletions:
            said |= same
    return (amendment for amendment in ordered if not any(amendment is each for each in repeating))


def _inserted(amendment: Amendment, taken: set[str]) -> Clause:
    kind = ClauseKind(amendment.new_kind) if amendment.new_kind else ClauseKind.DEMANDE
    id_ = id_of_inserted(amendment)
    while id_ in taken:  # only a writer who forged the id of a clause gets here
        id_ += "x"
    taken.add(id_)
    return Clause(id_, kind, 0, "")


def placed(planned: Plan) -> Iterator[Clause]:
    """Every clause in the order of the merged text: those of the base, deleted ones included, and the inserted ones."""
    known = {clause.id: clause for clause in planned.base.clauses}
    taken = set(known)
    for before in ("", *known):
        if before and before not in planned.moves:
            yield known[before]
        yield from _placed_at(planned, before, known, taken)


def _placed_at(planned: Plan, before: str, known: Mapping[str, Clause], taken: set[str]) -> Iterator[Clause]:
    for each in _made_at(planned, before):
        clause, behind = _made(planned, each, known, taken)
        if clause is not None:
            yield clause
        yield from _placed_at(planned, behind, known, taken)


def deleting(planned: Plan, clause: str) -> tuple[int, ...]:
    """The numbers of the amendments that delete a clause or change its words, in order."""
    return tuple(sorted({*planned.deletions.get(clause, ()), *(edit.amendment for edit in edits_of(planned, clause))}))


def inserted_id(amendment: int, edit_rank: int = 0) -> str:
    """The id of the clause that an amendment inserts by its edit number `edit_rank`, counted from 0."""
    return f"a{amendment:09d}" if not edit_rank else f"a{amendment:09d}e{edit_rank}"


def id_of_inserted(amendment: Amendment) -> str:
    """The id of the clause that an amendment, or one of its edits, inserts."""
    return inserted_id(amendment.number, 0 if amendment.parent is not None else amendment.edit_rank)


def _standing(planned: Plan, clause: Clause, id_: str) -> Iterator[tuple[Clause, Pieces]]:
    """A clause with its words; nothing if it is deleted, or if deletions together leave no words of it."""
    if id_ in planned.deletions:
        return
    pieces = _pieces_of(planned, id_, clause.markdown)
    if planned.leaves(_text(pieces)) or not (id_ in planned.texts or clause.markdown.strip()):
        yield clause, pieces


def _pieces_of(planned: Plan, clause: str, text: str) -> Pieces:
    """The words of a passage with their origins; `text` is its wording in the base, "" for an inserted clause."""
    if planned.is_layered(clause) or clause_edits(planned, clause):
        return _pieces(passage_words(planned, clause, text))
    return planned.texts.get(clause) or (((text, BASE),) if text else ())


def passage_words(planned: Plan, clause: str, text: str) -> Sequence[PlacedWord]:
    """The words of a passage with all edits of it; `text` is its wording in the base."""
    if planned.is_layered(clause):
        return _stack(planned, clause).words()
    return composed_words(planned.composer, text, clause_edits(planned, clause))


def edits_of(planned: Plan, clause: str) -> list[Edit]:
    """All edits of a passage ("" is the title): those of its words in the base, then those of its words in later
    versions.
    """
    return [edit for _, layer in sorted(planned.layers.get(clause, {}).items()) for edit in layer.edits]


def clause_edits(planned: Plan, clause: str) -> Sequence[Edit]:
    """The edits of a passage's words in the base ("" is the title), each change once."""
    layer = planned.layers.get(clause, {}).get(0)
    return without_twins(layer.edits, layer.twins) if layer else ()


def _text(pieces: Pieces) -> str:
    return "".join(text for text, _ in pieces)


def composed_words(composer: CompositionRules, text: str, given: Sequence[Edit]) -> Sequence[PlacedWord]:
    """The words of the text with these edits."""
    if not given:
        return _as_it_is(text)
    return composer.compose(tokenise(text), given)


def _as_it_is(text: str) -> list[PlacedWord]:
    return [PlacedWord(word, BASE, n) for n, word in enumerate(tokenise(text).tokens)]


def words_with(composer: CompositionRules, text: str, given: Sequence[Edit]) -> str:
    """The text with these edits."""
    return composer.composed_text(tokenise(text), given) if given else text


def _pieces(words: Iterable[PlacedWord], origin: int = BASE) -> Pieces:
    """Joins words of the same origin; `origin` is that of the words of the text itself."""
    runs = groupby(words, key=lambda word: word.by or origin)
    return tuple(("".join(word.word for word in run), by) for by, run in runs)


def _collisions(planned: Plan) -> Iterator[Collision]:
    markdown = {"": planned.base.title, **{clause.id: clause.markdown for clause in planned.base.clauses}}
    yield from planned.within
    for clause, one, other in _whole_clauses(planned):
        yield Collision(min(one, other), max(one, other), clause, markdown.get(clause) or _old(planned, clause))
    for clause, by_version in planned.layers.items():
        if planned.is_layered(clause):
            yield from _through_versions(planned, clause)
        else:
            yield from _between(planned.composer, markdown[clause], clause, by_version[0].edits, by_version[0].twins)


def _whole_clauses(planned: Plan) -> Iterator[tuple[str, int, int]]:
    """Pairs of amendments that treat a whole clause differently, each with the id of the clause: one deletes it and the
    other rewrites or moves it, or both move it to different places.

    An amendment that deletes or moves a clause of a later version does not collide with those already merged there.
    """
    for clause, deleting in planned.deletions.items():
        edits_ = edits_of(planned, clause)
        others = {edit.amendment for edit in edits_ if planned.composer.opposes_deletion(edit)}
        others |= {moving.number for moving in planned.moves.get(clause, ())}
        pairs = ((one, other) for one in deleting for other in sorted(others))
        yield from ((clause, one, other) for one, other in pairs if not planned.is_later(one, other))
    for clause, moving in planned.moves.items():
        moves = ((a, b) for n, a in enumerate(moving) for b in moving[n + 1 :] if a.after != b.after)
        yield from ((clause, a.number, b.number) for a, b in moves if not planned.is_later(a.number, b.number))


def _through_versions(planned: Plan, clause: str) -> Iterator[Collision]:
    """The collisions in a passage with several layers, each pair of amendments once."""
    stack = _stack(planned, clause)
    found: set[tuple[int, int]] = set()
    for text, one, other in stack.clashes():
        pair = (min(one.amendment, other.amendment), max(one.amendment, other.amendment))
        if pair not in found and stack.twins.get(pair[0], pair[0]) != stack.twins.get(pair[1], pair[1]):
            found.add(pair)
            yield Collision(*pair, clause, words_of(text, one, other))


class Meeting(NamedTuple):
    """Whether an amendment fits what is already planned for a passage.

    `taken` are its edits that collide with others, as (text that both edit, its edit, the other edit), on the first
    version where any collide; `partly` says that other edits of it do not collide there. `after` is what the passage
    would say with it. `by` is the amendment that already gives the passage these very words, or 0.
    """

    taken: tuple[tuple[str, Edit, Edit], ...]
    partly: bool
    after: str
    by: int


def meeting(planned: Plan, amendment: Amendment) -> Meeting:
    """Whether an amendment to the words of a passage fits what is planned for it, whatever versions both aim at."""
    clause = "" if amendment.aim is Aim.TITLE else amendment.clause
    known = planned.layers.get(clause, {})
    by = known[amendment.version].wordings.get(amendment.text, 0) if amendment.version in known else 0
    copied = {version: Layer(x.upon, [*x.edits], {**x.twins}, {**x.wordings}) for version, x in known.items()}
    with_it = replace(planned, layers={clause: copied}, within=[])
    _take(with_it, amendment, ())
    stack = _stack(with_it, clause)
    after = "".join(word.word for word in stack.words())
    for stage, given in zip(stack.stages, stack.edits, strict=True):
        own = [edit for edit in given if edit.amendment == amendment.number]
        others = [edit for edit in given if edit.amendment != amendment.number]
        text = stage.said
        if taken := tuple((text, x, y) for x in own for y in others if clash(planned.composer, text, x, y)):
            return Meeting(taken, len({x for _, x, _ in taken}) < len(own), after, by)
    return Meeting((), False, after, by)


def _between(
    composer: CompositionRules,
    text: str,
    clause: str,
    given: Sequence[Edit],
    twins: Mapping[int, int] = MappingProxyType({}),
) -> Iterator[Collision]:
    """The collisions between edits of one text, each pair of amendments once; amendments that repeat each other never
    collide.
    """
    if len({edit.amendment for edit in given}) < 2:
        return
    found: set[tuple[int, int]] = set()
    for one, other in composer.clashes(tokenise(text), given):
        pair = (min(one.amendment, other.amendment), max(one.amendment, other.amendment))
        if pair not in found and twins.get(pair[0], pair[0]) != twins.get(pair[1], pair[1]):
            found.add(pair)
            yield Collision(*pair, clause, words_of(text, one, other))


def clash(composer: CompositionRules, text: str, one: Edit, other: Edit) -> bool:
    """Whether two edits of that text collide."""
    return any(True for _ in composer.clashes(tokenise(text), (one, other)))


def words_of(text: str, one: Edit, other: Edit) -> str:
    """The words of that text that both edits change; where they only touch, the words around that point."""
    return _quoted(tokenise(text).tokens, one, other)


def _quoted(words: Sequence[str], one: Edit, other: Edit) -> str:
    start, end = max(one.start, other.start), min(one.end, other.end)
    if start < end:
        return "".join(words[start:end])
    return "".join(words[max(0, start - 2) : start + 2])


number = numbering.numbered


def set_numbers(planned: Plan, merged: Iterable[Clause], known: Numbers = NO_NUMBERS) -> tuple[Clause, ...]:
    """The clauses of the merged text with their numbers: counted anew, or as the debate gave them, by the version of
    the rules (A45, A46).
    """
    if planned.base.rules < numbering.STAND_STILL:
        return number(merged)
    base = {clause.id: numbering.number_of(clause) for clause in planned.base.clauses}
    found = numbering.standing_still(tuple(_as_numbered(planned, known)), {**known, **base})
    return tuple(replace(x, number=found[x.id].number, suffix=found[x.id].suffix) for x in merged)


def _as_numbered(planned: Plan, known: Numbers) -> Iterator[Clause]:
    """The clauses to be numbered: those of the base in their frozen order, deleted and moved ones included, each
    followed by what is inserted after it.
    """
    frozen = {clause.id: clause for clause in planned.base.clauses}
    taken = set(frozen)
    for before in ("", *frozen):
        if before:
            yield frozen[before]
        yield from _numbered_at(planned, before, taken)


def _numbered_at(planned: Plan, before: str, taken: set[str]) -> Iterator[Clause]:
    """The clauses inserted after a clause, at its frozen place and wherever it was moved, each followed by those
    inserted after it.
    """
    places = (before, *(_behind_moved(before, moving.number) for moving in planned.moves.get(before, ())))
    for each in (each for place in places for each in _made_at(planned, place)):
        if each.aim is not Aim.MOVE:
            yield _inserted(each, taken)
            yield from _numbered_at(planned, id_of_inserted(each), taken)


def text_hash(title: str, clauses: Iterable[Clause]) -> str:
    """SHA-256, in hex, of a frozen text: its title and each clause's id, kind, number, addressee and Markdown.

    Fields are separated by U+001F and clauses by U+001E, which no text may contain.
    """
    parts = [title]
    for x in clauses:
        parts.append("\x1f".join((x.id, x.kind.value, x.called, x.addressee, x.markdown)))
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()
