"""A text under debate with example dispositifs, for tests of rules and pages."""

from __future__ import annotations

from deliberation.kernel.state import Frozen
from deliberation.kernel.vocabulary import Clause, ClauseKind

OLD = (
    "Ouvrir un guichet dans chaque chef-lieu de canton, trois jours par semaine. Le guichet reçoit sans rendez-vous. "
    "Les agents sont formés à l’accueil."
)
LINES = (
    "Publier chaque année :\n\n- les comptes de 2024 ;\n- la liste des 12 000 aides, à 5,5 % ;\n"
    "- un bilan de 300 euros."
)


def text(*demandes: str, title: str = "Des services publics de proximité") -> Frozen:
    """A frozen text with a visa, a considérant, and these demandes."""
    clauses = [
        Clause("v1", ClauseKind.VISA, 1, "Vu la loi du 2 mars 1982 ;"),
        Clause("c1", ClauseKind.CONSIDERANT, 1, "Considérant que les services s’éloignent ;"),
        *(Clause(f"d{n}", ClauseKind.DEMANDE, n, words) for n, words in enumerate(demandes, 1)),
    ]
    return Frozen(1, title, tuple(clauses), "", 0, (), "", 0)


BASE = text(OLD, LINES, "Financer les transports.")
