"""How pages, tables and the record show the changes of an amendment to several passages (A40, A43)."""

from __future__ import annotations

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Aim, ClauseEdit
from exports import changes, naming, rows, wordings
from exports.comparison import DiffPiece, by_passage
from exports.dossier import compile_dossier
from exports.narrator import describe
from exports.translations import words_for
from tests.deliberation.congresses import ELU, ORGANISER, Congress, opened

WORDS = words_for("fr")
DELETED = c.TableAmendment(1, Aim.DELETE, "c1", further=(ClauseEdit(Aim.DELETE, "c3"), ClauseEdit(Aim.DELETE, "c2")))
MIXED = c.TableAmendment(
    1,
    Aim.REWRITE,
    "c1",
    "Demande la fibre partout.",
    further=(ClauseEdit(Aim.INSERT, "c2", "Demande un bilan.", new_kind="demande"), ClauseEdit(Aim.DELETE, "c2")),
)


@pytest.fixture
def tabled() -> Congress:
    congress = opened(Congress())
    congress.frozen("Demande la fibre.", "Demande le rail.", "Demande la poste.")
    congress.do(ELU, DELETED)
    congress.do(ELU, MIXED)
    return congress


def plain(said: str) -> str:
    return said.replace("\u00a0", " ")


def test_its_title_names_its_passages_or_the_first_of_them(tabled: Congress) -> None:
    titles = [plain(naming.amendment_aim(tabled.state, WORDS, x)) for x in tabled.state.amendments.values()]
    assert titles == [
        "Supprimer : Demande 1, Demande 2 et Demande 3",
        "Demande 1 : ajouter « partout » (et 2 autres passages)",
    ]


def test_each_passage_is_named_before_what_changes_in_it(tabled: Congress) -> None:
    found = by_passage(changes.pieces_of(tabled.state, WORDS, tabled.state.amendments[2]))
    assert [(plain(label), "".join(x.text for x in own if x.op != "equal")) for label, own in found] == [
        ("Demande 1", " partout"),
        ("Demande 2", "Demande le rail."),
        ("Après : Demande 2", "Demande un bilan."),
    ]
    alone = (DiffPiece("equal", "Rien"),)
    assert by_passage(alone) == (("", alone),)


def test_a_part_of_it_is_told_passage_by_passage(tabled: Congress) -> None:
    """W10"""
    tabled.do(ORGANISER, c.DivideSubject("amendement-2", ((0, 1), (2,)), ELU))
    division = tabled.state.divisions["amendement-2"]
    said = [
        changes.of_part(tabled.state, WORDS, division, [division.pieces[n] for n in part]) for part in division.parts
    ]
    assert [[(piece.op, piece.text) for piece in part if piece.op != "equal"] for part in said] == [
        [("place", "Demande 1"), ("insert", " partout"), ("place", "Demande 2"), ("delete", "Demande le rail.")],
        [("place", "Demande 2"), ("insert", "Demande un bilan.")],
    ]


def test_what_a_rectification_gave_up_is_told(tabled: Congress) -> None:
    """A25"""
    state: State = tabled.do(ELU, c.RectifyAmendment(2, edits=(ClauseEdit(Aim.REWRITE, "c1", "Demande du débit."),)))
    (was,) = wordings.earlier(state, WORDS, state.amendments[2])
    assert [plain(label) for label, _ in by_passage(was.pieces)] == [
        "Demande 1",
        "Demande 2 : abandonné",
        "Après : Demande 2 : abandonné",
    ]


def test_tables_have_a_row_for_each_passage(tabled: Congress) -> None:
    dossier = compile_dossier(tabled.state, tabled.record)
    kept = [row[:4] for row in rows.amendment_edits(dossier)]
    assert kept == [
        (1, 0, "delete", "c1"),
        (1, 1, "delete", "c2"),
        (1, 2, "delete", "c3"),
        (2, 0, "rewrite", "c1"),
        (2, 1, "delete", "c2"),
        (2, 2, "insert", "c2"),
    ]
    assert [row[:3] for row in rows.wordings(dossier)] == [(n, 0, edit) for n in (1, 2) for edit in range(3)]
    assert [row[:3] for row in rows.changed_words(dossier)] == [(2, 0, 0)]


def test_the_record_says_how_many_passages_it_changes(tabled: Congress) -> None:
    said = plain(describe(WORDS, tabled.state, tabled.record[-1]))
    assert "dépose l’amendement n° 2, qui change 3 passages.\nI. – Compléter la demande 1" in said
    assert "\nII. – Supprimer la demande 2\nIII. –" in said
