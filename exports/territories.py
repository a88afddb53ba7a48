"""Territories in words: what they are, and who carries a clause, an idea, a whole congress."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deliberation.kernel.territory import Territory, TerritoryKind
from deliberation.thread.heard import Heard
from exports import labels
from exports.naming import several
from exports.translations import Translator

Counted = Callable[[Translator, int], str]
CARRIERS: Mapping[TerritoryKind, Counted] = {
    TerritoryKind.VILLAGE: lambda words, n: words.many(
        "{n} commune de moins de 2 000 habitants", "{n} communes de moins de 2 000 habitants", n
    ),
    TerritoryKind.BOURG: lambda words, n: words.many(
        "{n} commune de 2 000 à 9 999 habitants", "{n} communes de 2 000 à 9 999 habitants", n
    ),
    TerritoryKind.VILLE: lambda words, n: words.many(
        "{n} commune d’au moins 10 000 habitants", "{n} communes d’au moins 10 000 habitants", n
    ),
    TerritoryKind.METROPOLE: lambda words, n: words.many("{n} métropole", "{n} métropoles", n),
    TerritoryKind.EPCI: lambda words, n: words.many("{n} intercommunalité", "{n} intercommunalités", n),
    TerritoryKind.DEPARTEMENT: lambda words, n: words.many("{n} département", "{n} départements", n),
    TerritoryKind.REGION: lambda words, n: words.many("{n} région", "{n} régions", n),
    TerritoryKind.COUNTRY: lambda words, n: words.many("{n} pays étranger", "{n} pays étrangers", n),
}
"""So many collectivities of each kind, in words."""


def carried(words: Translator, heard: Heard) -> str:
    """Such as « Porté par 14 communes de moins de 2 000 habitants et 1 métropole, dans 9 départements. »; "" where
    nobody said where they come from.
    """
    kinds, areas = heard.kinds(), len(heard.departments())
    named = [CARRIERS[kind](words, kinds[kind]) for kind in TerritoryKind if kinds[kind]]
    alone = len(heard.alone)
    if alone:
        named.append(words.many("{n} parole sans nom de collectivité", "{n} paroles sans nom de collectivité", alone))
    if not named:
        return ""
    if areas < 2:
        return words("Porté par {collectivities}.", collectivities=several(words, named))
    return words.many(
        "Porté par {collectivities}, dans {n} département.",
        "Porté par {collectivities}, dans {n} départements.",
        areas,
        collectivities=several(words, named),
    )


def described(words: Translator, territory: Territory) -> str:
    """What it is, how many people live there, where it lies: « Village · 754 habitants (2026) · Doubs · … »."""
    people = ""
    if territory.population:
        people = words.many(
            "{n} habitant ({year})", "{n} habitants ({year})", territory.population, year=territory.year
        )
    inside = [
        name
        for code, name in (
            (territory.department, territory.department_name),
            (territory.region, territory.region_name),
        )
        if code != territory.code
    ]
    return " · ".join(part for part in (words(labels.TERRITORIES[territory.kind]), people, *inside) if part)
