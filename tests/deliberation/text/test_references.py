"""References to clauses in a text, and how renumbering changes them (M22, M23)."""

from __future__ import annotations

import pytest

from deliberation.kernel.vocabulary import Clause, ClauseKind
from deliberation.text.references import known_clauses, references, renumbering
from deliberation.text.spans import applied

DEMANDES = ["1", "2", "2 bis", "3", "4"]


def clause(kind: ClauseKind, said: str) -> Clause:
    number, _, suffix = said.partition(" ")
    return Clause(f"{kind.value[0]}{said}", kind, int(number), "", suffix=suffix)


KNOWN = known_clauses(
    [
        *(clause(ClauseKind.DEMANDE, said) for said in DEMANDES),
        *(clause(ClauseKind.CONSIDERANT, said) for said in ("1 A", "1", "2", "3")),
    ]
)


@pytest.mark.parametrize(
    ("text", "words", "means"),
    [
        ("Conformément à la demande 2, il faut", "demande 2", ["d2"]),
        ("au titre de la demande\u00a02 bis.", "demande\u00a02 bis", ["d2 bis"]),
        ("Les considérants 1 et 3 le disent", "considérants 1 et 3", ["c1", "c3"]),
        ("voir demandes 2 à 4", "demandes 2 à 4", ["d2", "d2 bis", "d3", "d4"]),
        ("aux demandes 1, 3 et 4", "demandes 1, 3 et 4", ["d1", "d3", "d4"]),
        ("au considérant 1 A", "considérant 1 A", ["c1 A"]),
        ("le considérant 1 A été dit", "considérant 1 A", ["c1 A"]),
        ("(demande 3)", "demande 3", ["d3"]),
        ("la demande 2 de la présente motion", "demande 2", ["d2"]),
        ("les demandes 2 et 9", "demandes 2", ["d2"]),
        ("les demandes 1, 2 (supprimée) et 3", "demandes 1, 2 (supprimée) et 3", ["d1", "d3"]),
    ],
)
def test_a_mention_is_recognised(text: str, words: str, means: list[str]) -> None:
    """M22"""
    (found,) = references(text, KNOWN)
    assert (text[found.start : found.end], list(found.clauses)) == (words, means)


@pytest.mark.parametrize(
    "text",
    [
        "Considérant 3 communes sans réseau",
        "L’association demande 2 postes",
        "la demande 9",
        "la demande 2 000 fois répétée",
        "la demande 2,5 fois plus forte",
        "la demande 2 de la motion de 2018",
        "le visa 1",
        "les 2 demandes",
        "la demande 2 (supprimée)",
    ],
)
def test_what_names_no_clause_of_the_text_is_no_reference(text: str) -> None:
    """M22: nothing is guessed."""
    assert references(text, KNOWN) == ()


NEW = {"d1": 1, "d2": 2, "d2 bis": 3, "d4": 4, "c1 A": 1, "c1": 2, "c3": 3}
"""After the deletion of demande 3 and considérant 2."""


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("la demande 2 bis", "la demande 3"),
        ("la demande 1", "la demande 1"),
        ("les considérants 1 et 3", "les considérants 2 et 3"),
        ("les demandes 2 à 4", "les demandes 2 à 4"),
        ("les demandes 2 bis à 4", "les demandes 3 à 4"),
        ("les demandes 1 à 3", "les demandes 1, 2, 3 et 3 (supprimée)"),
        ("le considérant 2 et la demande 4", "le considérant 2 (supprimé) et la demande 4"),
    ],
)
def test_a_reference_follows_its_clauses(text: str, now: str) -> None:
    """M23"""
    assert applied(text, renumbering(text, KNOWN, NEW)) == now


def test_a_range_whose_ends_changed_places_is_listed() -> None:
    """M23"""
    assert applied("demandes 1 à 2", renumbering("demandes 1 à 2", KNOWN, {"d1": 2, "d2": 1})) == "demandes 2 et 1"
