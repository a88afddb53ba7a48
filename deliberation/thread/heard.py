"""Who is heard, and where: the collectivities behind testimonies, as far as who spoke agreed to name them (T21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deliberation.kernel.state import Person, State, Testimony
from deliberation.kernel.territory import Territory, TerritoryKind
from deliberation.kernel.vocabulary import Role


@dataclass(frozen=True)
class AreaHeard:
    """A département or région: how many testimonies come from it, and from how many collectivities that are named."""

    code: str
    name: str
    testimonies: int
    collectivities: int


@dataclass(frozen=True)
class Heard:
    """Who is heard in some published testimonies: how many there are, and how many of them say where they come from.

    `collectivities` are those that are named, each once, with the numbers of their testimonies, by code. `alone` are
    the places of testimonies of which the kind alone may be known; two of them may be one place.
    """

    testimonies: int
    placed: int
    collectivities: Mapping[str, tuple[Territory, tuple[int, ...]]]
    alone: tuple[Territory, ...]

    def kinds(self) -> Counter[TerritoryKind]:
        """How many collectivities of each kind are named."""
        return Counter(territory.kind for territory, _ in self.collectivities.values())

    def kinds_alone(self) -> Counter[TerritoryKind]:
        """How many testimonies come from a place of each kind, of which no more may be known."""
        return Counter(territory.kind for territory in self.alone)

    def departments(self) -> tuple[AreaHeard, ...]:
        """The départements that are heard, by code. What is known by its kind alone has none."""
        named = ((t.department, t.department_name, len(numbers), 1) for t, numbers in self.collectivities.values())
        return _areas(named)

    def regions(self) -> tuple[AreaHeard, ...]:
        """The régions that are heard, by code."""
        named = [(t.region, t.region_name, len(numbers), 1) for t, numbers in self.collectivities.values()]
        return _areas([*named, *((t.region, t.region_name, 1, 0) for t in self.alone)])


@dataclass(frozen=True)
class Collectivity:
    """A collectivity that this congress knows: the published testimonies that name it, and the people who come from it.
    `territory` is as it was recorded last.
    """

    code: str
    territory: Territory
    testimonies: tuple[int, ...]
    people: tuple[str, ...]


def collectivities(state: State) -> dict[str, Collectivity]:
    """All of them by code, in the order of their official names."""
    heard = heard_in(state, state.testimonies).collectivities
    people: dict[str, list[Person]] = {}
    for person in state.people.values():
        if person.territory and not person.revoked:
            people.setdefault(person.territory.code, []).append(person)
    known = {code: territory for code, (territory, _) in heard.items()}
    known |= {code: found[-1].territory for code, found in people.items() if found[-1].territory}
    return {
        code: Collectivity(
            code,
            territory,
            heard[code][1] if code in heard else (),
            tuple(person.id for person in people.get(code, ())),
        )
        for code, territory in sorted(known.items(), key=lambda item: (item[1].name, item[0]))
    }


def origin_of(state: State, testimony: Testimony) -> Territory | None:
    """Where a testimony comes from: what it says of its speaker, else where the élu who sent it comes from."""
    if testimony.status != "published":
        return None
    if testimony.speaker.territory or testimony.speaker.name:
        return testimony.speaker.territory
    author = state.people.get(testimony.author)
    return author.territory if author and author.role is Role.ELU else None


def heard_in(state: State, numbers: Iterable[int]) -> Heard:
    """Who is heard in these testimonies, as far as they are published."""
    found = [state.testimonies[n] for n in sorted(set(numbers)) if n in state.testimonies]
    published = [testimony for testimony in found if testimony.status == "published"]
    named: dict[str, tuple[Territory, tuple[int, ...]]] = {}
    alone: list[Territory] = []
    for testimony in published:
        place = origin_of(state, testimony)
        if place is None:
            continue
        if not place.code:
            alone.append(place)
            continue
        known, earlier = named.get(place.code, (place, ()))
        named[place.code] = known, (*earlier, testimony.number)
    placed = len(alone) + sum(len(numbers) for _, numbers in named.values())
    return Heard(len(published), placed, named, tuple(alone))


def _areas(rows: Iterable[tuple[str, str, int, int]]) -> tuple[AreaHeard, ...]:
    names: dict[str, str] = {}
    testimonies: Counter[str] = Counter()
    collectivities: Counter[str] = Counter()
    for code, name, said, places in rows:
        if code:
            names.setdefault(code, name)
            testimonies[code] += said
            collectivities[code] += places
    return tuple(AreaHeard(code, names[code], testimonies[code], collectivities[code]) for code in sorted(names))
