"""Places in imported tables are understood as in forms (P22)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberation.kernel.commands import SubmitTestimony
from deliberation.kernel.territory import TerritoryKind
from deliberation.kernel.vocabulary import Role, Speaker
from server.imports.people import Guest, read
from server.imports.places import Located, locate, locate_guests, locate_testimonies, note
from server.territories.reference import TerritoryList, shipped
from tests.server.browsing import Site, site


def places() -> TerritoryList:
    return shipped()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as found:
        yield found


@pytest.mark.parametrize(
    ("name", "code", "located"),
    [
        ("", "", Located("", "")),
        ("ROCHEJEAN", "", Located("Rochejean", "25494")),
        ("Rochejean", "25494.0", Located("Rochejean", "25494")),
        ("", "1001", Located("L'Abergement-Clémenciat", "01001")),
        ("Commune de Rochejean", "25494", Located("Commune de Rochejean", "25494")),
        ("Mouthe", "25494", Located("Mouthe", "25494", "Mouthe (25494)")),
        ("Sainte-Colombe", "", Located("Sainte-Colombe", "", "Sainte-Colombe")),
        ("Sainte-Colombe", "25515", Located("Sainte-Colombe", "25515")),
        ("Amicale", "X9", Located("Amicale", "X9", "Amicale (X9)")),
        ("Namur (Belgique)", "", Located("Namur (Belgique)", "BE")),
    ],
)
def test_a_row_names_a_place(name: str, code: str, located: Located) -> None:
    """P22: a code counts; where it says otherwise than the name, that is told."""
    assert locate(places(), name, code) == located


def test_doubts_are_told_once_and_rows_stay_in_order() -> None:
    guests = [
        Guest("A", collectivity="Sainte-Colombe"),
        Guest("B", code="1001"),
        Guest("C", collectivity="Sainte-Colombe"),
    ]
    found, doubts = locate_guests(places(), guests)
    assert [(guest.name, guest.code) for guest in found] == [("A", ""), ("B", "01001"), ("C", "")]
    assert doubts == ("Sainte-Colombe",)
    rows, doubts = locate_testimonies(places(), [SubmitTestimony(text="Mot", speaker=Speaker("D", code="46090.0"))])
    assert (rows[0].speaker, doubts) == (Speaker("D", "", "Durbans", "46090"), ())
    assert note(()) == ""
    assert note(tuple("abcdefg")).endswith("a, b, c, d, e et 2 autres.")


def test_a_table_of_people_brings_their_places(fresh: Site) -> None:
    """P20, P22: spoiled codes are mended; what is doubtful is shown and kept as written."""
    table = "nom;mandat;commune;code\nAna;maire;;1001\nBo;maire;Sainte-Colombe;\nCyr;maire;Rochejean (25);\n"
    olga = fresh.member(Role.ORGANISER, "Olga Orsini")
    olga.go("/organisation/essai/personnes")
    olga.send("Inviter toutes", files={"file": ("gens.csv", table.encode(), "text/csv")}, role="elu")
    assert olga.status == 200
    assert "Lieux à vérifier" in olga.page
    people = {person.name: person for person in fresh.state().people.values()}
    assert (people["Ana"].collectivity, people["Ana"].code) == ("L'Abergement-Clémenciat", "01001")
    assert (people["Bo"].collectivity, people["Bo"].territory) == ("Sainte-Colombe", None)
    cyr = people["Cyr"].territory
    assert cyr is not None
    assert (cyr.name, cyr.kind) == ("Rochejean", TerritoryKind.VILLAGE)


def test_a_table_of_testimonies_brings_their_places(fresh: Site) -> None:
    """P20, T20: without consent the kind stays."""
    table = (
        "texte;nom;commune;consentement\nLe car ne passe plus.;Ana;Rochejean;oui\nLe réseau manque.;Bo;Rochejean;non\n"
    )
    olga = fresh.member(Role.ORGANISER, "Olga Orsini")
    olga.go("/organisation/essai/import")
    olga.send("Importer", files={"file": ("mots.csv", table.encode(), "text/csv")})
    first, second = (fresh.state().testimonies[n].speaker for n in (1, 2))
    assert (first.name, first.code) == ("Ana", "25494")
    assert second.territory is not None
    assert (second.name, second.code, second.territory.kind) == ("", "", TerritoryKind.VILLAGE)


def test_a_table_is_read_as_written() -> None:
    read_guests = read(b"nom;code\nAna;01001\n")
    assert read_guests == (Guest("Ana", code="01001"),)
