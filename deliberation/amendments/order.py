"""The order in which amendments are called, with the reason for each place (A7, S15; Règlement de l'Assemblée
nationale, art. 100).

Amendments are called in the order of the text. On one passage, its deletion comes first, then rewritings of the whole,
then changes of words, by the position of the first change; of those that change the same words, the one that departs
farthest from the text comes first. Moves and insertions after the passage come last. What is added at one place stands
by the article of a code or a law that each names first (A64). The acts of the chair are applied to this order: joint
discussions stay together, and amendments that were moved or reserved go where the chair put them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from deliberation.amendments import chairing, discussion
from deliberation.amendments import distance as distances
from deliberation.amendments.distance import Distance
from deliberation.kernel import events as e
from deliberation.kernel.state import Act, Amendment, Frozen, State
from deliberation.kernel.vocabulary import Aim
from deliberation.motions import motions


@dataclass(frozen=True)
class Why:
    """A reason: a template in French with `{name}` places, so that it can be translated before it is filled."""

    message: str
    params: tuple[tuple[str, str | int], ...] = ()

    def __str__(self) -> str:
        return self.message.format(**dict(self.params))


@dataclass(frozen=True)
class PlaceInOrder:
    """An amendment in the order of call. `passage` is the id of the clause at which it is called, "" for the title and
    the beginning of the text.

    `discussion` is the number of its joint discussion, 0 for none; `same` are the numbers of the identical amendments
    that are voted on with it.
    """

    amendment: Amendment
    passage: str
    why: tuple[Why, ...] = ()
    discussion: int = 0
    same: tuple[int, ...] = ()
    reserved: bool = False


WHOLE, CHANGE, UNWORDED = 1, 2, 3
RANKS = {Aim.DELETE: 0, Aim.MOVE: 4, Aim.INSERT: 5}
"""The order on one passage, together with the ranks above: deletion, rewriting of the whole, changes of words,
instructions without exact words, then moves and insertions.
"""
BY_ARTICLE = Why(
    "Parmi ce qui s’ajoute à la même place : rangé par l’article de code ou de loi qu’il nomme en premier."
)
BEHIND = 6
"""The rank of amendments to clauses that were inserted after a clause of the base: after all amendments to that clause.
"""


def call_order(state: State, motion: int) -> tuple[Amendment, ...]:
    """Pending amendments in the order in which they are called."""
    return tuple(place.amendment for place in agenda(state, motion))


def agenda(state: State, motion: int) -> tuple[PlaceInOrder, ...]:
    """The pending amendments in the order in which they are called, each place explained."""
    base = motions.base_of(state.motions[motion])
    if base is None:
        return ()
    waiting = discussion.pending(state, motion)
    places = computed(base, waiting, state.motions[motion].frozen)
    places = _joined(state, motion, places)
    places = _moved(state, motion, places)
    places = _reserved(state, motion, places)
    return tuple(_behind_their_amendments(state, motion, places))


def computed(base: Frozen, waiting: Sequence[Amendment], versions: Sequence[Frozen] = ()) -> list[PlaceInOrder]:
    """The order that follows from the text alone, without acts of the chair. It does not depend on the order of
    `waiting`.

    `versions` are those of the motion; amendments may aim at one of them.
    """
    aimed = {a.aimed for a in waiting}
    texts = {text.version: _Text(base, text) for text in (*versions, base) if text.version in aimed}
    parents = {a.number: a for a in waiting}
    heads = {a.number: parents.get(a.parent or 0, a) for a in waiting}
    far = {a.number: texts[a.aimed].distance(a, heads[a.number]) for a in waiting}
    keys = {a.number: _full_key(a, heads[a.number], texts[a.aimed], far) for a in waiting}
    same = discussion.identical(waiting)
    leads = {a.number: min(same.get(a.number, (a.number,)), key=lambda n: keys[n]) for a in waiting}
    leads |= {n: leads[head.number] for n, head in heads.items() if head.number != n and n not in same}
    near = _first_alike(heads.values(), keys)
    ordered = sorted(
        waiting, key=lambda a: (keys[near[heads[leads[a.number]].number]], keys[leads[a.number]], keys[a.number])
    )
    return [_explained(a, far[a.number], same.get(a.number, ()), leads[a.number]) for a in ordered]


def _first_alike(heads: Iterable[Amendment], keys: Mapping[int, tuple[Any, ...]]) -> dict[int, int]:
    """For each amendment, the first in order of those that differ from it at most by typography (A65)."""
    first: dict[tuple[object, ...], int] = {}
    alike = {a.number: discussion.alike(a) for a in heads}
    for number in sorted(alike, key=keys.__getitem__):
        first.setdefault(alike[number], number)
    return {number: first[key] for number, key in alike.items()}


class _Text:
    """A version at which amendments aim. `places` are sort keys that put its clauses among those of the base."""

    def __init__(self, base: Frozen, text: Frozen) -> None:
        self.said = distances.texts_of(text)
        self._of_base = distances.texts_of(base)
        where = {clause.id: n for n, clause in enumerate(base.clauses, start=1)}
        self.places: dict[str, tuple[int, ...]] = {"": (0,)}
        last = behind = 0
        for clause in text.clauses:
            last, behind = (where[clause.id], 0) if clause.id in where else (last, behind + 1)
            self.places[clause.id] = (last, BEHIND, behind) if behind else (last,)

    def distance(self, amendment: Amendment, head: Amendment) -> Distance:
        """The distance of an amendment from the words at which it aims; `start` is converted to a position in the base.

        `head` is the amendment to which a sub-amendment belongs, otherwise the amendment itself.
        """
        if head is not amendment:
            return distances.of(amendment, _words_of(head, amendment))
        far = distances.of(amendment, self.said)
        clause = "" if amendment.aim is Aim.TITLE else amendment.clause
        if not amendment.version or clause not in self._of_base:
            return far
        start = distances.place_in(self._of_base[clause], self.said.get(clause, ""), far.start)
        return replace(far, start=start)


def _full_key(amendment: Amendment, head: Amendment, text: _Text, far: Mapping[int, Distance]) -> tuple[Any, ...]:
    """A sort key that puts a sub-amendment right after its amendment, and sub-amendments in order by the same rule."""
    key = _key(head, text, far[head.number])
    if amendment is head:
        return *key, 0
    return *key, 1, *_key(amendment, text, far[amendment.number])


def _words_of(parent: Amendment, sub: Amendment) -> dict[str, str]:
    edit = parent.edit_at(sub.edit_rank)
    return dict.fromkeys(("", edit.clause), edit.wording.text)


def _key(amendment: Amendment, text: _Text, far: Distance) -> tuple[Any, ...]:
    """A sort key: the passage, the kind of change, the position in the passage, the article that an addition names
    (A64), the distance, the number.
    """
    place = (-1,) if amendment.aim is Aim.TITLE else text.places.get(amendment.clause, (0,))
    if amendment.aim in RANKS:
        cited = distances.cited_key(far.cited) if amendment.aim is Aim.INSERT else ()
        return *place, RANKS[amendment.aim], 0, 0, cited, 0, 0, amendment.number
    if not amendment.is_worded:
        return *place, UNWORDED, 0, 0, (), 0, 0, amendment.number
    return *place, WHOLE if far.whole else CHANGE, *far.key, amendment.number


def _explained(amendment: Amendment, far: Distance, same: tuple[int, ...], lead: int) -> PlaceInOrder:
    passage = "" if amendment.aim is Aim.TITLE else amendment.clause
    others = tuple(n for n in same if n != amendment.number)
    if amendment.parent is not None and lead not in same:
        why = Why(
            "Sous-amendement : appelé après l’amendement n° {n}, qu’il vise, et mis aux voix avant lui.",
            (("n", amendment.parent),),
        )
    elif lead != amendment.number and amendment.declared:
        why = Why(
            "Déclaré identique à l’amendement n° {n}, à la typographie près : un seul vote pour les deux.",
            (("n", lead),),
        )
    elif lead != amendment.number:
        why = Why("Identique à l’amendement n° {n} : un seul vote pour les deux.", (("n", lead),))
    else:
        why = _nature(amendment, far)
    further: tuple[Why, ...] = ()
    if amendment.further and lead == amendment.number:
        further = (Why("Change {n} passages : appelé à la place du premier.", (("n", len(amendment.edits)),)),)
    beside = (BY_ARTICLE,) if far.cited and lead == amendment.number else ()
    return PlaceInOrder(amendment, passage, (*further, why, *beside), same=others)


def _nature(amendment: Amendment, far: Distance) -> Why:
    if amendment.aim is Aim.DELETE:
        return Why("Supprime ce passage : les suppressions sont appelées d’abord.")
    if amendment.aim is Aim.MOVE:
        return Why("Déplace ce passage sans changer ses mots : après les amendements à ce qu’il dit.")
    if not amendment.is_worded:
        return Why("Dit en mots : son auteur doit encore en écrire le texte exact, avant le vote.")
    if amendment.aim is Aim.INSERT:
        return Why("Ajoute une disposition à la suite : appelé après les amendements à ce qui précède.")
    added = (("added", far.added),)
    if far.whole:
        return Why("Récrit tout ce passage : appelé après les suppressions, avant les changements de mots.")
    if far.adds:
        return Why(
            "À sa place dans le passage : y ajoute sans rien retirer (mots ajoutés : {added}) ; "
            "avant ceux qui changent les mots qui suivent.",
            added,
        )
    return Why(
        "À sa place dans le passage (mots retirés : {removed} sur {total} ; ajoutés : {added}) : "
        "parmi ceux qui changent les mêmes mots, le plus loin d’abord.",
        (("removed", far.removed), ("total", far.total), *added),
    )


def _joined(state: State, motion: int, places: list[PlaceInOrder]) -> list[PlaceInOrder]:
    """Puts the amendments of each joint discussion together, at the place of the first of them."""
    joined = discussion.joined(state, motion)
    if not joined:
        return places
    ordered: list[PlaceInOrder] = []
    for place in places:
        number, members = joined.get(place.amendment.number, (0, ()))
        if not number:
            ordered.append(place)
        elif all(number != other.discussion for other in ordered):
            ordered += [_in_discussion(x, number) for x in places if x.amendment.number in members]
    return ordered


def _in_discussion(place: PlaceInOrder, number: int) -> PlaceInOrder:
    why = Why(
        "En discussion commune n° {n} : débattus ensemble, puis mis aux voix l’un après l’autre.", (("n", number),)
    )
    return replace(place, discussion=number, why=(*place.why, why))


def _moved(state: State, motion: int, places: list[PlaceInOrder]) -> list[PlaceInOrder]:
    """Applies the chair's changes of order one after the other. An amendment that is no longer pending is not moved,
    and nothing is moved before it.
    """
    for act in chairing.standing(state, e.OrderChanged, motion, e.OrderArranged):
        places = _arranged(places, act) if act.kind == e.OrderArranged.kind else _put(places, act)
    return places


def _put(places: list[PlaceInOrder], act: Act) -> list[PlaceInOrder]:
    at = {place.amendment.number: n for n, place in enumerate(places)}
    (number,) = act.amendments
    if number not in at or (act.other >= 0 and act.other not in at):
        return places
    moved = places[at[number]]
    rest = [place for place in places if place is not moved]
    to = next((n for n, x in enumerate(rest) if x.amendment.number == act.other), len(rest))
    return [*rest[:to], replace(moved, why=(_decided(act.other, act.reason), *moved.why)), *rest[to:]]


def _arranged(places: list[PlaceInOrder], act: Act) -> list[PlaceInOrder]:
    """Puts the amendments of one act that are still pending in the order that the chair gave, at the place of the first
    of them (S24).
    """
    by_number = {place.amendment.number: place for place in places}
    members = [by_number[n] for n in act.amendments if n in by_number]
    if not members:
        return places
    at = min(places.index(place) for place in members)
    why = Why("À cette place par décision de la présidence, qui range ensemble : {reason}", (("reason", act.reason),))
    told = [replace(place, why=(why, *place.why)) for place in members]
    rest = [place for place in places[at:] if place not in members]
    return [*places[:at], *told, *rest]


def _decided(before: int, reason: str) -> Why:
    if before < 0:
        return Why("Appelé en dernier, par décision de la présidence : {reason}", (("reason", reason),))
    return Why(
        "Appelé avant l’amendement n° {n}, par décision de la présidence : {reason}",
        (("n", before), ("reason", reason)),
    )


def _reserved(state: State, motion: int, places: list[PlaceInOrder]) -> list[PlaceInOrder]:
    """Moves reserved amendments: right after the one that they wait for, to the front once that one is settled, and to
    the end if they wait for the end of the discussion.
    """
    waiting = {x.amendment.number: act for x in places if (act := chairing.reservation(state, x.amendment.number))}
    if not waiting:
        return places
    by_number = {place.amendment.number: place for place in places}
    held = [_held(by_number[n], act.other, act.reason, act.other in by_number) for n, act in waiting.items()]
    due = [x for x in held if waiting[x.amendment.number].other not in (-1, *by_number)]
    ordered = [*due, *(place for place in places if place.amendment.number not in waiting)]
    ordered += [x for x in held if waiting[x.amendment.number].other == -1]
    return _after_others(ordered, [x for x in held if x not in ordered], {n: act.other for n, act in waiting.items()})


def _behind_their_amendments(state: State, motion: int, places: list[PlaceInOrder]) -> list[PlaceInOrder]:
    """Keeps sub-amendments right after their amendment, unless they are reserved, in a joint discussion, or moved by
    the chair (A19).

    A move by the chair counts only once the amendment was called: a sub-amendment cannot be called earlier (S25).
    """
    there = {place.amendment.number: place.amendment for place in places}
    acts = chairing.standing(state, e.OrderChanged, motion)
    moved = {n for act in acts for n in act.amendments if n in there and _may_stand_alone(there[n], there)}
    subs = [
        x
        for x in places
        if x.amendment.parent in there and not (x.reserved or x.discussion or x.amendment.number in moved)
    ]
    ordered: list[PlaceInOrder] = []
    for place in (x for x in places if x not in subs):
        ordered.append(place)
        ordered += [x for x in subs if x.amendment.parent == place.amendment.number]
    return ordered


def _may_stand_alone(amendment: Amendment, there: Mapping[int, Amendment]) -> bool:
    parent = there.get(amendment.parent or 0)
    return parent is None or bool(parent.presented)


def _after_others(ordered: list[PlaceInOrder], held: list[PlaceInOrder], after: dict[int, int]) -> list[PlaceInOrder]:
    """Inserts each held place right after the one that it waits for, which may be a held one too. Places that wait for
    one that is not in the list come last.
    """
    while held:
        at = {place.amendment.number: n for n, place in enumerate(ordered)}
        ready = [place for place in held if after[place.amendment.number] in at]
        if not ready:
            return [*ordered, *held]
        place = ready[0]
        to = at[after[place.amendment.number]] + 1
        ordered = [*ordered[:to], place, *ordered[to:]]
        held = [other for other in held if other is not place]
    return ordered


def _held(place: PlaceInOrder, after: int, reason: str, pending: bool) -> PlaceInOrder:
    if after < 0:
        why = Why("Réservé jusqu’à la fin de la discussion : {reason}", (("reason", reason),))
    elif pending:
        why = Why("Réservé jusqu’après l’amendement n° {n} : {reason}", (("n", after), ("reason", reason)))
    else:
        why = Why(
            "Réservé jusqu’après l’amendement n° {n}, dont le sort est fixé : son moment est venu.", (("n", after),)
        )
    return replace(place, reserved=True, why=(why, *place.why))
