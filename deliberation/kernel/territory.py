"""The collectivity that a person or a word comes from, as the official list described it that day (P20)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TerritoryKind(StrEnum):
    """What a collectivity is; communes by their population (P21)."""

    VILLAGE = "village"
    BOURG = "bourg"
    VILLE = "ville"
    METROPOLE = "metropole"
    EPCI = "epci"
    DEPARTEMENT = "departement"
    REGION = "region"
    COUNTRY = "pays"


COMMUNES = frozenset({TerritoryKind.VILLAGE, TerritoryKind.BOURG, TerritoryKind.VILLE})
LEAST_OF_BOURG = 2_000
LEAST_OF_VILLE = 10_000
"""Inhabitants from which a commune is a bourg, and a ville (P21)."""
SIZES = (500, 2_000, 10_000, 50_000, 100_000)
"""The populations from which a collectivity belongs to the next class of sizes."""
LOCAL = frozenset({*COMMUNES, TerritoryKind.EPCI})
"""Kinds of which every région has many, so that their région does not say which one it is."""


class Naming(StrEnum):
    """How whoever speaks agrees to be named (T20)."""

    NAME = "nom"
    OFFICE = "fonction"
    KIND = "sorte"
    ANONYMOUS = "anonyme"


@dataclass(frozen=True)
class Territory:
    """A collectivity of the official list, or a foreign country.

    code: INSEE's of a commune or a département; SIREN of a grouping; `R` and INSEE's number of a région; ISO 3166 of a
    country. With `name`, it is "" where only the kind may be known (T20).
    population: inhabitants, by the list of that `year`; 0 where it is unknown or not to be known.
    department, region: codes of where it lies (of a grouping, where most of its inhabitants live), with their names.
    """

    kind: TerritoryKind
    code: str = ""
    name: str = ""
    population: int = 0
    year: int = 0
    department: str = ""
    department_name: str = ""
    region: str = ""
    region_name: str = ""


def commune_kind(population: int) -> TerritoryKind:
    """What a commune of that many inhabitants is (P21)."""
    if population >= LEAST_OF_VILLE:
        return TerritoryKind.VILLE
    return TerritoryKind.BOURG if population >= LEAST_OF_BOURG else TerritoryKind.VILLAGE


def size_class(territory: Territory) -> int:
    """How many of `SIZES` the population reaches; -1 where it is not known."""
    return sum(territory.population >= least for least in SIZES) if territory.population else -1


def kind_alone(territory: Territory) -> Territory:
    """What may be known of a collectivity by whose kind alone somebody agreed to be named: its kind and, where that
    does not say which one it is, its région.
    """
    if territory.kind not in LOCAL or _is_small(territory.region):
        return Territory(territory.kind, year=territory.year)
    return Territory(territory.kind, year=territory.year, region=territory.region, region_name=territory.region_name)


def _is_small(region: str) -> bool:
    """Overseas collectivities, which count as régions of their own, have too few communes to hide one among them."""
    return len(region) > len("R84")
