"""What is left to prepare before a congress can begin: steps ticked by the record, to be left and resumed."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.congress.people import electorate
from deliberation.kernel.state import State
from exports.translations import N_


@dataclass(frozen=True)
class Step:
    """`path` is the organisers' page of its form."""

    label: str
    path: str
    done: bool


def steps(state: State) -> tuple[Step, ...]:
    """The steps in their usual order; () once all are done."""
    settings = state.settings
    assert settings is not None
    found = (
        Step(N_("Créer le congrès"), "reglages#presentation", True),
        Step(N_("Le présenter"), "reglages#presentation", bool(settings.description and settings.place)),
        Step(
            N_("Dire qui en répond"), "reglages#identite", bool(settings.identity.contact and settings.identity.legal)
        ),
        Step(N_("Ouvrir ou dater les étapes"), "reglages#etapes", any(w.opens for w in state.phases.values())),
        Step(N_("Inviter les élus"), "personnes#tableau", bool(electorate(state.people.values()))),
    )
    return () if all(step.done for step in found) else found
