"""The list of speakers: in which order people speak and why, and for how long (S35–S38).

Everything here follows from turns, the rule of the congress and an instant that is given: the same arguments give the
same list, whatever order the turns come in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from deliberation.kernel import instants
from deliberation.kernel.errors import N_, Reason
from deliberation.kernel.ids import Instant
from deliberation.kernel.state import Person, Sitting, SpeakingTurn, State
from deliberation.kernel.territory import COMMUNES, TerritoryKind
from deliberation.kernel.vocabulary import Elector, Precedence, Purpose, SpeakingRule

RANKS = {Purpose.ORDER: 0, Purpose.PRESENTATION: 1, Purpose.ANSWER: 2, Purpose.FOR: 3, Purpose.AGAINST: 3}
"""A point of order comes first, then who presents, then who answers, then the debate."""
DEBATE = 3
KINDS = {5: "commune", 9: "groupement", 2: "departement", 3: "departement"}
"""What a collectivity is, by the length of its code: INSEE of a commune, SIREN of a grouping, a département's."""
OF_TERRITORIES = {
    **dict.fromkeys(COMMUNES, "commune"),
    TerritoryKind.METROPOLE: "groupement",
    TerritoryKind.EPCI: "groupement",
    TerritoryKind.DEPARTEMENT: "departement",
    TerritoryKind.REGION: "region",
    TerritoryKind.COUNTRY: "pays",
}
"""The same, where the record says what it is (P20)."""
OTHER_SIDE = {Purpose.FOR: Purpose.AGAINST, Purpose.AGAINST: Purpose.FOR}

FIRST = {
    Purpose.ORDER: N_("Rappel au règlement : il passe avant tout."),
    Purpose.PRESENTATION: N_("Présentation : avant le débat."),
    Purpose.ANSWER: N_("Réponse : avant la suite du débat."),
}
ASKED = N_("Dans l’ordre des demandes.")
ALTERNATES = {
    Purpose.FOR: N_("Alternance : pour, après un orateur contre."),
    Purpose.AGAINST: N_("Alternance : contre, après un orateur pour."),
}
UNHEARD = N_("N’a pas encore pris la parole à cette séance.")
LESS_HEARD = N_("A pris la parole moins souvent à cette séance.")
SIZE = N_("Les collectivités de cette sorte et de cette taille ont été moins entendues.")
MOVED = N_("Placé par la présidence : {reason}")


@dataclass(frozen=True)
class SpeakerPlace:
    """A turn in the list, with the reasons for its place."""

    turn: SpeakingTurn
    why: tuple[Reason, ...]


@dataclass
class _Heard:
    """How often each person and each class was heard, among the turns given and those already placed in the list, and
    the side that spoke last in the debate.
    """

    side: Purpose | None = None
    people: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)

    def add(self, turn: SpeakingTurn, class_: str, in_debate: bool) -> None:
        self.people[turn.person] += 1
        self.classes[class_] += 1
        if in_debate and turn.purpose in OTHER_SIDE:
            self.side = turn.purpose


def of(state: State) -> tuple[SpeakerPlace, ...]:
    """The list of speakers on what is under discussion now, in the order in which they are called."""
    sitting, settings = state.sitting, state.settings
    if sitting is None or settings is None:
        return ()
    turns = in_sitting(state, sitting)
    waiting = [x for x in turns if x.waits and x.subject == state.floor and not state.people[x.person].revoked]
    given = [x for x in turns if x.began]
    classes = {x.person: class_of(state.people[x.person], state.electors, settings.speaking) for x in turns}
    return tuple(ordered(settings.speaking, waiting, given, classes))


def in_sitting(state: State, sitting: Sitting) -> list[SpeakingTurn]:
    """All turns of that sitting."""
    return [turn for turn in state.turns.values() if turn.sitting == sitting.number]


def class_of(person: Person, electors: Mapping[str, Elector], rule: SpeakingRule) -> str:
    """The kind and the class of sizes of the collectivity that the person stands for, as far as the record knows."""
    elector, territory = electors.get(person.id), person.territory
    population = (elector.population if elector else 0) or (territory.population if territory else 0)
    size = sum(population >= least for least in rule.sizes) if population else -1
    kind = OF_TERRITORIES[territory.kind] if territory else KINDS.get(len(person.code), "")
    return f"{kind}:{size}"


def ordered(
    rule: SpeakingRule, waiting: Iterable[SpeakingTurn], given: Iterable[SpeakingTurn], classes: Mapping[str, str]
) -> list[SpeakerPlace]:
    """The waiting turns in the order in which they are called, after those `given` in this sitting; `classes` is the
    class of each person, as `class_of` gives it.
    """
    left = sorted(waiting, key=lambda turn: (turn.asked, turn.number))
    moved = sorted((turn for turn in left if turn.moved >= 0), key=lambda turn: turn.moved)
    heard = _Heard()
    subject = left[0].subject if left else ""
    for turn in sorted(given, key=lambda turn: (turn.began, turn.number)):
        heard.add(turn, classes[turn.person], turn.subject == subject)
    places: list[SpeakerPlace] = []
    while left:
        place = _next(rule, left, heard, classes)
        left.remove(place.turn)
        heard.add(place.turn, classes[place.turn.person], True)
        places.append(place)
    return _moved(places, moved)


def _next(rule: SpeakingRule, left: Sequence[SpeakingTurn], heard: _Heard, classes: Mapping[str, str]) -> SpeakerPlace:
    """The turn that comes next of those left, which are in the order of asking, with the reasons."""
    rank = min(RANKS[turn.purpose] for turn in left)
    found = [turn for turn in left if RANKS[turn.purpose] == rank]
    if rank < DEBATE:
        return SpeakerPlace(found[0], (Reason(FIRST[found[0].purpose]),))
    why: list[Reason] = []
    for precedence in rule.precedence:
        kept, reason = NARROWED[precedence](found, heard, classes)
        if len(kept) < len(found):
            found, why = kept, [*why, reason]
    return SpeakerPlace(found[0], tuple(why) or (Reason(ASKED),))


Narrowed = tuple[list[SpeakingTurn], Reason]


def _alternating(found: list[SpeakingTurn], heard: _Heard, classes: Mapping[str, str]) -> Narrowed:
    if heard.side is None:
        return found, Reason(ASKED)
    wanted = OTHER_SIDE[heard.side]
    return [turn for turn in found if turn.purpose is wanted] or found, Reason(ALTERNATES[wanted])


def _unheard(found: list[SpeakingTurn], heard: _Heard, classes: Mapping[str, str]) -> Narrowed:
    least = min(heard.people[turn.person] for turn in found)
    return [x for x in found if heard.people[x.person] == least], Reason(LESS_HEARD if least else UNHEARD)


def _by_size(found: list[SpeakingTurn], heard: _Heard, classes: Mapping[str, str]) -> Narrowed:
    least = min(heard.classes[classes[turn.person]] for turn in found)
    return [turn for turn in found if heard.classes[classes[turn.person]] == least], Reason(SIZE)


NARROWED: dict[Precedence, Callable[[list[SpeakingTurn], _Heard, Mapping[str, str]], Narrowed]] = {
    Precedence.ALTERNATING: _alternating,
    Precedence.UNHEARD: _unheard,
    Precedence.SIZE: _by_size,
}


def _moved(places: list[SpeakerPlace], moved: Sequence[SpeakingTurn]) -> list[SpeakerPlace]:
    """The list after the moves of the chair, in the order in which they were made. A turn keeps its place if the one
    before which it was put no longer waits.
    """
    for turn in moved:
        at = {place.turn.number: n for n, place in enumerate(places)}
        if turn.before and turn.before not in at:
            continue
        places.pop(at[turn.number])
        numbers = [place.turn.number for place in places]
        where = numbers.index(turn.before) if turn.before else len(places)
        places.insert(where, SpeakerPlace(turn, (Reason(MOVED, {"reason": turn.reason}),)))
    return places


def spoken(turn: SpeakingTurn, now: Instant) -> int:
    """How many seconds the turn lasted, until `now` if it goes on; 0 before it begins."""
    return instants.seconds_between(turn.began, turn.ended or now) if turn.began else 0


def total(turns: Iterable[SpeakingTurn], now: Instant) -> int:
    """The seconds of all these turns together."""
    return sum(spoken(turn, now) for turn in turns)


def ends(turn: SpeakingTurn) -> Instant:
    """When the time of a turn that has begun is over; "" without a limit."""
    return instants.later(turn.began, turn.allowed) if turn.began and turn.allowed else ""


def allowed(state: State, turn: SpeakingTurn, now: Instant) -> int | None:
    """How many seconds the rule leaves for that turn if it began at `now`: 0 for no limit, None if nothing is left."""
    sitting, settings = state.sitting, state.settings
    if sitting is None or settings is None:
        return None
    rule = settings.speaking
    turns = in_sitting(state, sitting)
    own = rule.presentation if turn.purpose is Purpose.PRESENTATION else rule.turn
    left = [own] if own else []
    left += [limit - total(of, now) for limit, of in _shares(state, rule, turn, turns) if limit]
    return None if left and min(left) <= 0 else min(left, default=0)


def _shares(
    state: State, rule: SpeakingRule, turn: SpeakingTurn, turns: Sequence[SpeakingTurn]
) -> list[tuple[int, list[SpeakingTurn]]]:
    """Each limit of time, in seconds, that a turn shares with others, and those turns: the person's, that of each of
    their colleges, and the item's.
    """
    shares = [(rule.person, [x for x in turns if x.person == turn.person])]
    for college in state.colleges.values():
        if turn.person in college.members:
            shares.append((rule.group, [x for x in turns if x.person in college.members]))
    return [*shares, (rule.item, [x for x in turns if x.subject == turn.subject])]
