"""Where the voices of a poll's electorate come from, by kind, size and région, and how each of these voted (P30)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from deliberation.kernel.state import Poll, State
from deliberation.kernel.territory import Territory, TerritoryKind, size_class
from deliberation.kernel.vocabulary import Choice
from deliberation.votes.ways import of as way_of

K = TypeVar("K")


@dataclass(frozen=True)
class VoiceShare:
    """The people of one group, their voices, and the voices for each choice; `choices` is empty unless a vote by name
    is closed.
    """

    people: int
    voices: int
    choices: Mapping[Choice, int]


@dataclass(frozen=True)
class Represented:
    """The electorate by kind, by size class (-1 where the population is not known) and by région (code and name).

    Each person is in one group of each; the key is None for those whose place is not known.
    """

    kinds: Mapping[TerritoryKind | None, VoiceShare]
    sizes: Mapping[int | None, VoiceShare]
    regions: Mapping[tuple[str, str] | None, VoiceShare]


def represented(state: State, poll: Poll) -> Represented | None:
    """Where its electorate comes from, by what the record says of each person now; None where nobody's place is
    known.
    """
    places = {id_: state.people[id_].territory for id_ in poll.electorate if id_ in state.people}
    if not any(places.values()):
        return None
    return Represented(
        _grouped(poll, places, lambda place: place.kind),
        _grouped(poll, places, size_class),
        _grouped(poll, places, lambda place: (place.region, place.region_name) if place.region else None),
    )


def _grouped(
    poll: Poll, places: Mapping[str, Territory | None], key: Callable[[Territory], K | None]
) -> dict[K | None, VoiceShare]:
    told = poll.tally is not None and way_of(poll).by_name and not poll.candidates
    people: Counter[K | None] = Counter()
    voices: Counter[K | None] = Counter()
    choices: dict[K | None, Counter[Choice]] = {}
    for voter in poll.electorate:
        place = places.get(voter)
        group = key(place) if place else None
        people[group] += 1
        voices[group] += poll.voices(voter)
        if told and voter in poll.ballots:
            choices.setdefault(group, Counter())[poll.ballots[voter]] += poll.voices(voter)
    return {group: VoiceShare(count, voices[group], choices.get(group, {})) for group, count in people.items()}
