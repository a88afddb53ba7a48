"""Voting rules to start from: what many assemblies use. A congress follows its own statutes."""

from __future__ import annotations

from deliberation.vocabulary import PollRule
from server.translations import N_

PRESETS: dict[str, PollRule] = {
    "simple": PollRule(),
    "cgct": PollRule(quorum_n=1, quorum_d=2, tie="chair"),
    "deux-tiers": PollRule(majority_n=2, majority_d=3, strict=False),
    "trois-cinquiemes": PollRule(majority_n=3, majority_d=5, strict=False),
}
NAMES: dict[str, str] = {
    "simple": N_("Majorité des suffrages exprimés, sans quorum"),
    "cgct": N_("Majorité des suffrages exprimés, quorum de plus de la moitié, voix de la présidence en cas d’égalité"),
    "deux-tiers": N_("Deux tiers des suffrages exprimés"),
    "trois-cinquiemes": N_("Trois cinquièmes des suffrages exprimés"),
}
