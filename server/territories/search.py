"""Finding places by what is typed: suggestions while typing, and the one place that a whole name means.

Pure functions of the list; a search takes well under 5 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from deliberation.kernel.territory import COMMUNES, Territory, TerritoryKind
from server.territories.reference import ListedPlace, TerritoryList
from server.territories.typed import TypedName, fold, readings

MOST = 10
"""Places that are suggested, unless more are asked for."""
MOST_READ = 4_000
"""Matching rows that one search looks at: a single letter begins thousands of names, the most populous come first."""
KIND_WORDS = {
    "commune": COMMUNES,
    "epci": frozenset({TerritoryKind.EPCI, TerritoryKind.METROPOLE}),
    "departement": frozenset({TerritoryKind.DEPARTEMENT}),
    "region": frozenset({TerritoryKind.REGION}),
    "pays": frozenset({TerritoryKind.COUNTRY}),
}
"""What may stand in brackets, besides a département, a région or a country, and in labels does."""
ARTICLES = ("l", "le", "la", "les")
SHORTEST = 3
"""Letters of a name that is completed by an article."""
LABELLED = {TerritoryKind.DEPARTEMENT: "département", TerritoryKind.REGION: "région", TerritoryKind.COUNTRY: "pays"}


@dataclass(frozen=True)
class Found:
    """What a typed name or code means: one place, or several to choose from, or none, with `near` ones to offer."""

    place: ListedPlace | None = None
    choices: tuple[ListedPlace, ...] = ()
    near: tuple[ListedPlace, ...] = ()


def label(territory: Territory) -> str:
    """A name that is told apart from all others, and found again by typing it: « Sainte-Colombe (25) »."""
    if territory.kind in LABELLED:
        return f"{territory.name} ({LABELLED[territory.kind]})"
    return f"{territory.name} ({territory.department})"


def chosen_name(place: ListedPlace, typed: str) -> str:
    """How a place is called once it is found: officially; a place abroad, as it was typed with its country."""
    is_abroad = place.territory.kind is TerritoryKind.COUNTRY and fold(typed) != fold(place.territory.name)
    return typed if is_abroad and typed != label(place.territory) else place.territory.name


def resolve(places: TerritoryList, typed: str) -> Found:
    """The place that somebody meant; former communes lead to today's. Nothing is guessed: of several places of that
    name none is taken, unless they lie in one another, as Paris does in its département.
    """
    if coded := _coded(places, typed):
        return Found(coded)
    for reading in readings(typed):
        found = _same_name(places, reading) or _but_for_article(places, reading)
        if len(found) == 1:
            return Found(found[0])
        if found:
            return Found(choices=tuple(found))
    if abroad := _abroad(places, typed):
        return Found(abroad)
    return Found(near=suggest(places, typed))


def suggest(places: TerritoryList, typed: str, most: int = MOST) -> tuple[ListedPlace, ...]:
    """Places for what was typed so far, best first: that very name, it behind an article, names that begin so, names
    with a word that begins so; if there is none, names with all these words. Of each kind the most populous come first,
    and former communes last.
    """
    coded = _coded(places, typed)
    found: dict[str, ListedPlace] = {coded.territory.code: coded} if coded else {}
    asked = list(readings(typed))
    for reading in asked:
        _add(found, _called(places, reading.name, reading.qualifier), most)
    for reading in asked:
        _add(found, _but_for_article(places, reading), most)
        for start in ("\n", " "):
            _add(found, _matching(places, start + reading.name, reading.qualifier), most)
    for reading in asked if not found else ():
        _add(found, _with_all_words(places, reading), most)
    return tuple(found.values())


def _coded(places: TerritoryList, typed: str) -> ListedPlace | None:
    """The place of a typed code; letters alone are a name."""
    return places.find(typed.strip()) if any(x.isdigit() for x in typed) else None


def _add(found: dict[str, ListedPlace], matching: Iterable[ListedPlace], most: int) -> None:
    for place in matching if len(found) < most else ():
        found.setdefault(place.territory.code, place)
        if len(found) == most:
            return


def _same_name(places: TerritoryList, reading: TypedName) -> list[ListedPlace]:
    """The places of exactly that name; former communes only where none of today has it."""
    same = list({x.territory.code: x for x in _called(places, reading.name, reading.qualifier)}.values())
    today = [place for place in same if not place.former]
    return [place for place in today if not _holds_another(place, today)] if today else same


def _but_for_article(places: TerritoryList, reading: TypedName) -> list[ListedPlace]:
    """Today's places of that name behind an article: "Havre" for « Le Havre »."""
    if len(reading.name) < SHORTEST:
        return []
    called = (_called(places, f"{article} {reading.name}", reading.qualifier) for article in ARTICLES)
    return [place for found in called for place in found if not place.former]


def _called(places: TerritoryList, name: str, qualifier: str) -> Iterator[ListedPlace]:
    """The places of exactly that folded name."""
    is_meant = _test(places, qualifier)
    return (places.place(row) for row in places.rows_named(name) if is_meant(row))


def _holds_another(place: ListedPlace, others: Sequence[ListedPlace]) -> bool:
    """Whether a département or région contains another place of the same name."""
    own = place.territory
    inside = (x.territory for x in others if x is not place)
    if own.kind is TerritoryKind.DEPARTEMENT:
        return any(x.kind in COMMUNES and x.department == own.code for x in inside)
    return own.kind is TerritoryKind.REGION and any(x.region == own.code for x in inside)


def _matching(places: TerritoryList, wanted: str, qualifier: str) -> Iterator[ListedPlace]:
    """The places whose folded name contains `wanted`, in which a line break stands for the name's beginning or end."""
    is_meant = _test(places, qualifier)
    return (places.place(row) for row in _rows(places, wanted) if is_meant(row))


def _rows(places: TerritoryList, wanted: str) -> Iterator[int]:
    position = places.folded.find(wanted)
    for _ in range(MOST_READ):
        if position < 0:
            return
        yield places.row_at(position)
        position = places.folded.find(wanted, position + 1)


def _test(places: TerritoryList, qualifier: str) -> Callable[[int], bool]:
    """Whether a row is what the qualifier says: of that kind, or in that département or région; all rows for none."""
    if not qualifier:
        return lambda row: True
    if qualifier in KIND_WORDS:
        kinds = KIND_WORDS[qualifier]
        return lambda row: places.place(row).territory.kind in kinds
    departments = places.departments_called(qualifier)
    return lambda row: places.department(row) in departments


def _with_all_words(places: TerritoryList, reading: TypedName) -> Iterator[ListedPlace]:
    """The places whose name has words that begin with all those typed, in any order."""
    words = sorted(reading.name.split(), key=len)
    is_meant = _test(places, reading.qualifier)
    for start in ("\n", " "):
        for row in _rows(places, start + words[-1]):
            line = f" {places.line(row)}"
            if is_meant(row) and all(f" {word}" in line for word in words):
                yield places.place(row)


def _abroad(places: TerritoryList, typed: str) -> ListedPlace | None:
    """The country of a place abroad: « Bruxelles (Belgique) »."""
    for reading in readings(typed):
        if reading.qualifier and reading.qualifier not in KIND_WORDS:
            found = _same_name(places, TypedName(reading.qualifier, "pays"))
            if found:
                return found[0]
    return None
