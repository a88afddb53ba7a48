"""Numbers of clauses do not change while a text is debated (A45–A47)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.amendments.dispositif import grammar
from deliberation.amendments.dispositif.reading import read
from deliberation.amendments.dispositif.writing import written
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim, Clause, ClauseEdit, ClauseKind
from deliberation.text import numbering
from deliberation.text.merge import consolidate, inserted_id, number, text_hash
from deliberation.text.numbering import LATIN, ClauseNumber, number_of, standing_still


def frozen(*kinds: str, rules: int = 3) -> Frozen:
    """A frozen text with a clause for each kind given: visa, considerant or demande. Their ids are c1, c2…"""
    clauses = number(Clause(f"c{n}", ClauseKind(kind), 0, f"Texte {n}.") for n, kind in enumerate(kinds, 1))
    return Frozen(1, "Titre", clauses, "", 1, (), "", 0, rules)


def inserted(n: int, after: str, kind: str = "demande") -> Amendment:
    return Amendment(n, 1, 1, Aim.INSERT, after, f"Ajout {n}.", "", kind, "p1", "")


def deleted(n: int, clause: str) -> Amendment:
    return Amendment(n, 1, 1, Aim.DELETE, clause, "", "", "", "p1", "")


def moved(n: int, clause: str, after: str) -> Amendment:
    return Amendment(n, 1, 1, Aim.MOVE, clause, "", "", "", "p1", "", after=after)


def called(clauses: tuple[Clause, ...]) -> list[str]:
    return [f"{x.kind.value} {x.called}" for x in clauses]


def test_an_inserted_clause_takes_the_number_before_it_with_bis() -> None:
    """A46: ter for the second one, at the end too; a deleted one leaves a gap, a moved one keeps its number (A45)."""
    base = frozen("demande", "demande", "demande", "demande")
    given_ = [inserted(1, "c2"), inserted(2, "c2"), inserted(3, "c4"), deleted(4, "c3"), moved(5, "c1", "c4")]
    clauses = consolidate(base, given_).clauses
    assert called(clauses) == [
        "demande 2",
        "demande 2 bis",
        "demande 2 ter",
        "demande 4",
        "demande 4 bis",
        "demande 1",
    ]


def test_what_is_inserted_before_the_first_takes_a_letter() -> None:
    """A46: in order, before the number that they stand before; of a kind that the text had not, from 1."""
    base = frozen("considerant", "demande")
    given_ = [
        inserted(1, "", "considerant"),
        inserted(2, "", "considerant"),
        inserted(3, "", "visa"),
        inserted(4, "c1"),
    ]
    assert called(consolidate(base, given_).clauses) == [
        "considerant 1 A",
        "considerant 1 B",
        "visa 1",
        "considerant 1",
        "demande 1 A",
        "demande 1",
    ]


def test_a_number_that_was_given_stays() -> None:
    """A45: whichever is adopted first, later adoptions change no number, and find one of their own."""
    base = frozen("demande", "demande")
    first = consolidate(base, [inserted(7, "c1")])
    known = {x.id: number_of(x) for x in first.clauses}
    assert known[inserted_id(7)] == ClauseNumber(1, 2)
    second = consolidate(base, [inserted(5, "c1"), inserted(7, "c1"), inserted(9, "c1")], known)
    assert called(second.clauses) == ["demande 1", "demande 1 bis A", "demande 1 bis", "demande 1 ter", "demande 2"]


def test_texts_of_earlier_rules_are_numbered_anew() -> None:
    """A45: what was frozen before numbers stood still is what it was."""
    base = frozen("demande", "demande", rules=2)
    consolidation = consolidate(base, [deleted(1, "c1"), inserted(2, "c2")])
    assert called(consolidation.clauses) == ["demande 1", "demande 2"]


def test_a_number_without_suffix_gives_the_hash_that_it_always_gave() -> None:
    clause = Clause("c1", ClauseKind.DEMANDE, 1, "Texte.")
    told = "Titre\x1ec1\x1fdemande\x1f1\x1f\x1fTexte."
    assert text_hash("Titre", [clause]) == hashlib.sha256(told.encode()).hexdigest()
    assert text_hash("Titre", [replace(clause, suffix="bis")]) != text_hash("Titre", [clause])


@pytest.mark.parametrize(
    ("n", "latin"),
    [(2, "bis"), (4, "quater"), (9, "nonies"), (10, "decies"), (11, "undecies"), (15, "quindecies"), (20, "vicies"),
     (23, "tervicies"), (29, "novovicies"), (30, "tricies"), (99, "novononagies"), (100, "(100)")],
)  # fmt: skip
def test_the_latin_series(n: int, latin: str) -> None:
    """A46: as the Code général des impôts counts."""
    assert ClauseNumber(7, n).suffix == latin
    assert len(set(LATIN)) == len(LATIN) == 98


NUMBERS = st.builds(
    ClauseNumber,
    st.integers(1, 40),
    st.integers(1, 120),
    st.text(st.sampled_from(numbering.LETTERS), max_size=3),
)


@given(NUMBERS)
def test_a_number_is_read_as_it_is_written(n: ClauseNumber) -> None:
    assert number_of(Clause("c", ClauseKind.DEMANDE, n.number, "", suffix=n.suffix)) == n


@given(st.lists(st.sets(st.integers(0, 30), min_size=1), min_size=1, max_size=6))
def test_numbers_stand_still_and_in_order(rounds: list[set[int]]) -> None:
    """A45, A46: clauses come in round by round at any place; none changes its number, no two have the same, and their
    order is that of the text."""
    base = [0, 10, 20]
    known = {str(n): ClauseNumber(i) for i, n in enumerate(base, 1)}
    there = set(base)
    for new in rounds:
        there |= new
        order = [Clause(str(n), ClauseKind.DEMANDE, 0, "") for n in sorted(there)]
        found = standing_still(order, known)
        assert {id_: found[id_] for id_ in known} == known
        assert len(set(found.values())) == len(found)
        in_order = [found[clause.id] for clause in order]
        assert sorted(in_order, key=lambda n: n.order) == in_order
        known = found


def test_the_numbers_of_one_adoption_depend_on_no_order() -> None:
    base = frozen("demande", "demande")
    numberings = {
        tuple(called(consolidate(base, order).clauses))
        for order in permutations([inserted(n, "c1") for n in (1, 2, 3)])
    }
    assert numberings == {("demande 1", "demande 1 bis", "demande 1 ter", "demande 1 quater", "demande 2")}


@pytest.mark.parametrize("suffix", ["bis", "quater", "undecies", "A", "B", "BA", "bis A"])
def test_a_dispositif_names_and_reads_them(suffix: str) -> None:
    """A47: what is written is read as the edit from which it was written."""
    base = frozen("demande", "demande")
    clauses = (replace(base.clauses[0], suffix=suffix, id="x"), *base.clauses)
    base = replace(base, clauses=clauses)
    amendment = deleted(1, "x")
    sentence = written(amendment, base)
    assert sentence == f"Supprimer la demande 1 {suffix}"
    found = read(sentence, base)
    assert (found.aim, found.clause) == (Aim.DELETE, "x")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("Demandes 1 à 3", ("1 à 3",)),
        ("Demandes 1 A à 2 bis et 4", ("1 A à 2 bis", "4")),
        ("Demandes 1 A, 3 et 4 bis", ("1 A", "3", "4 bis")),
        ("Demande 2 bis A", ("2 bis A",)),
    ],
)
def test_letters_and_ranges_stay_apart(said: str, numbers: tuple[str, ...]) -> None:
    """A47: « 1 A » is a number, « 1 à 3 » a range."""
    (step,) = grammar.steps_of(f"{said}, supprimer le mot : « an »")  # type: ignore[misc]
    assert step.place.numbers == numbers


def standing(*order: str) -> Frozen:
    """A frozen text whose demandes have these numbers, in this order; their ids are their numbers."""
    clauses = []
    for called_ in order:
        n, _, suffix = called_.partition(" ")
        clauses.append(Clause(called_, ClauseKind.DEMANDE, int(n), "Un an.", suffix=suffix))
    return Frozen(1, "Titre", (Clause("v", ClauseKind.VISA, 2, "Vu."), *clauses), "", 1, (), "", 0, 3)


def deleted_by(said: str, base: Frozen) -> list[str] | str:
    """The ids of the clauses that a sentence deletes, or the code of its refusal."""
    found = read(said, base)
    if isinstance(found, Refused):
        return f"{found.code} {found.params.get('place') or found.params.get('numbers')}"
    return [found.clause, *(edit.clause for edit in found.further)]


@pytest.mark.parametrize(
    ("order", "said", "clauses"),
    [
        ("1 A,1,2,2 bis,3,4", "Supprimer les demandes 2 bis à 4", ["2 bis", "3", "4"]),
        ("1 A,1,2,2 bis,3,4", "Supprimer les demandes 2 à 4", ["2", "2 bis", "3", "4"]),
        ("1 A,1,2,2 bis,3,4", "Supprimer les demandes 1 A à 2", ["1 A", "1", "2"]),
        ("1,2,4", "Supprimer les demandes 1 à 4", ["1", "2", "4"]),
        ("1,3,2,4", "Supprimer les demandes 3 à 4", "dispositif.range 3, 2, 4"),
        ("1,3,2,4", "Supprimer les demandes 2 à 3", "dispositif.range 3, 2"),
        ("1,3,2,4", "Supprimer les demandes 1 à 4", ["1", "3", "2", "4"]),
        ("2,4,5,3", "Supprimer les demandes 2 à 5", "dispositif.range 2, 4, 5, 3"),
        ("1,2,4", "Supprimer les demandes 1 à 3", "dispositif.no_clause demande 3"),
        ("1,2,4", "Supprimer les demandes 4 à 1", "dispositif.range 1, 2, 4"),
    ],
)
def test_a_range_holds_what_stands_between_its_ends(order: str, said: str, clauses: list[str] | str) -> None:
    """A44, A47, A62: where the order of the text and the numbers name the same; a deleted clause is none, and both ends
    must be there.
    """
    assert deleted_by(said, standing(*order.split(","))) == clauses


@pytest.mark.parametrize(
    ("order", "clauses", "said"),
    [
        ("1,2,2 bis,3", "2,2 bis,3", "Supprimer les demandes 2 à 3"),
        ("1,2,2 bis,3,4", "2,3,4", "Supprimer les demandes 2, 3 et 4"),
        ("1,2,4", "1,2,4", "Supprimer les demandes 1 à 4"),
        ("1,3,2,4", "3,2,4", "Supprimer les demandes 3, 2 et 4"),
        ("2,4,5,3", "2,4,5", "Supprimer les demandes 2, 4 et 5"),
        ("1,2,3,3 bis,4", "1,2,3,4", "Supprimer les demandes 1 à 3 et 4"),
    ],
)
def test_a_range_is_written_where_it_is_read_as_the_same_clauses(order: str, clauses: str, said: str) -> None:
    """A32, A44"""
    base, (first, *others) = standing(*order.split(",")), clauses.split(",")
    amendment = replace(deleted(1, first), further=tuple(ClauseEdit(Aim.DELETE, x) for x in others))
    assert written(amendment, base) == said
    assert deleted_by(said, base) == [first, *others]
