"""What is left to prepare before a congress can begin: steps ticked by the record, to be left and resumed."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.congress.people import electorate
from deliberation.kernel.state import State
from exports.translations import N_


@dataclass(frozen=True)
class PreparationStep:
    """`path` is the organisers' page of its form."""

    label: str
    path: str
    done: bool


def steps(state: State) -> tuple[PreparationStep, ...]:
    """The steps in their usual order; () once all are done."""
    settings = state.settings
    assert settings is not None
    found = (
        PreparationStep(N_("Créer le congrès"), "reglages#presentation", True),
        PreparationStep(N_("Le présenter"), "reglages#presentation", bool(settings.description and settings.place)),
        PreparationStep(
            N_("Dire qui en répond"), "reglages#identite", bool(settings.identity.contact and settings.identity.legal)
        ),
        PreparationStep(
            N_("Ouvrir ou dater les étapes"), "reglages#etapes", any(w.opens for w in state.phases.values())
        ),
        PreparationStep(N_("Inviter les élus"), "personnes#tableau", bool(electorate(state.people.values()))),
    )
    return () if all(step.done for step in found) else found
