"""Presets of voting rules that many assemblies use. A congress can change every point."""

from __future__ import annotations

from deliberation.kernel.vocabulary import Bracket, PollRule
from exports.translations import N_

BRACKETS = (Bracket(0, 1), Bracket(2_000, 2), Bracket(10_000, 3), Bracket(50_000, 5), Bracket(200_000, 8))
"""A preset of weights by population, for associations whose statutes weight votes."""

PRESETS: dict[str, PollRule] = {
    "simple": PollRule(),
    "cgct": PollRule(quorum_n=1, quorum_d=2, tie="chair", second_call_hours=72),
    "association": PollRule(base="presents", quorum_n=1, quorum_d=4, quorum_strict=False, proxies=2),
    "absolue": PollRule(base="inscrits", proxies=1),
    "trois-cinquiemes": PollRule(majority_n=3, majority_d=5, strict=False),
    "deux-tiers": PollRule(majority_n=2, majority_d=3, strict=False),
    "unanimite": PollRule(majority_n=1, majority_d=1, strict=False),
    "collectivites": PollRule(weights="collectivite", quorum_n=1, quorum_d=2, quorum_base="voix"),
    "population": PollRule(
        weights="population", brackets=BRACKETS, quorum_n=1, quorum_d=2, quorum_base="voix", tie="chair"
    ),
}
NAMES: dict[str, str] = {
    "simple": N_("Majorité des suffrages exprimés, sans quorum"),
    "cgct": N_("Majorité des suffrages exprimés, quorum de plus de la moitié, voix de la présidence en cas d’égalité"),
    "association": N_("Majorité des présents et représentés, quorum d’un quart, deux pouvoirs par personne"),
    "absolue": N_("Majorité absolue : plus de la moitié des inscrits"),
    "trois-cinquiemes": N_("Trois cinquièmes des suffrages exprimés"),
    "deux-tiers": N_("Deux tiers des suffrages exprimés"),
    "unanimite": N_("Unanimité des suffrages exprimés : une seule voix contre rejette"),
    "collectivites": N_("Chaque collectivité a ses voix, quorum de plus de la moitié des voix"),
    "population": N_("Voix par tranche de population, quorum de plus de la moitié des voix"),
}
