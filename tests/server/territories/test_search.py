"""Places are found by what people type (P22, P23)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.territory import Territory, TerritoryKind
from server.territories.reference import TerritoryList, department_of, shipped
from server.territories.search import label, resolve, suggest


def places() -> TerritoryList:
    return shipped()


def meant(typed: str) -> str:
    """The label of the one place that was meant; "" if there is none."""
    found = resolve(places(), typed).place
    return label(found.territory) if found else ""


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Sainte-Colombe (25)", "Sainte-Colombe (25)"),
        ("ste colombe, Doubs", "Sainte-Colombe (25)"),
        ("STE.COLOMBE 25", "Sainte-Colombe (25)"),
        ("sainte  colombe(doubs)", "Sainte-Colombe (25)"),
        ("Mairie de l’Haÿ-les-Roses", "L'Haÿ-les-Roses (94)"),
        ("hay les roses", "L'Haÿ-les-Roses (94)"),
        ("Oeuilly (Aisne)", "Œuilly (02)"),
        ("Havre", "Le Havre (76)"),
        ("Paris", "Paris (75)"),
        ("Paris 12e arrondissement", "Paris (75)"),
        ("Thouarcé", "Bellevigne-en-Layon (49)"),
        ("Château-Chinon (Ville)", "Château-Chinon (Ville) (58)"),
        ("Conseil départemental du Doubs", "Doubs (département)"),
        ("Région Bretagne", "Bretagne (région)"),
        ("communauté d'agglomération du Pays de Gex", "CA du Pays de Gex (01)"),
        ("Fort de France", "Fort-de-France (972)"),
        ("Papeete", "Papeete (987)"),
        ("Guadeloupe", "Guadeloupe (département)"),
        ("Bruxelles (Belgique)", "Belgique (pays)"),
        ("portugal", "Portugal (pays)"),
        ("1001", "L'Abergement-Clémenciat (01)"),
        ("01001", "L'Abergement-Clémenciat (01)"),
        ("46090.0", "Durbans (46)"),
        ("46090,0", "Durbans (46)"),
        ("'01001", "L'Abergement-Clémenciat (01)"),
        ('="01001"', "L'Abergement-Clémenciat (01)"),
        ("2a004", "Ajaccio (2A)"),
        ("2B", "Haute-Corse (département)"),
        ("1", "Ain (département)"),
        ("97411", "Saint-Denis (974)"),
        ("200 000 172", "CC Faucigny - Glières (74)"),
        ("2.00000172E+08", "CC Faucigny - Glières (74)"),
        ("200055218", "Bellevigne-en-Layon (49)"),
        ("210200457", "Barenton-Bugny (02)"),
        ("210100012", "L'Abergement-Clémenciat (01)"),
        ("75112", "Paris (75)"),
        ("49066", "Bellevigne-en-Layon (49)"),
    ],
)
def test_what_people_type_is_understood(typed: str, expected: str) -> None:
    """P22: accents, hyphens, St, brackets, articles, offices, former names; codes that a spreadsheet spoiled."""
    assert meant(typed) == expected


@pytest.mark.parametrize("typed", ["", "   ", "()", "Xyzzy", "99999", "12345678901234567890", "Ici (25)", "ma commune"])
def test_what_means_no_place_is_not_guessed(typed: str) -> None:
    """P22."""
    found = resolve(places(), typed)
    assert (found.place, found.choices) == (None, ())


def test_several_places_of_one_name_are_offered_the_most_populous_first() -> None:
    """P22: also a commune and a département that have one name and nothing else in common."""
    found = resolve(places(), "Sainte-Colombe")
    assert found.place is None
    assert [label(x.territory) for x in found.choices[:2]] == ["Sainte-Colombe (69)", "Sainte-Colombe (77)"]
    assert len(found.choices) == 12
    vienne = resolve(places(), "Vienne").choices
    assert [label(x.territory) for x in vienne] == ["Vienne (38)", "Vienne (département)"]


def test_a_former_commune_says_its_name() -> None:
    found = resolve(places(), "Thouarce (49)").place
    assert found is not None
    assert (found.former, found.territory.name) == ("Thouarcé", "Bellevigne-en-Layon")


def test_suggestions_are_ranked() -> None:
    """P23: the very name, then behind an article, then names that begin so, then a word of them; by population."""
    assert [label(x.territory) for x in suggest(places(), "mans", 3)] == [
        "Le Mans (72)",
        "Mansle-les-Fontaines (16)",
        "Mansigné (72)",
    ]
    assert [label(x.territory) for x in suggest(places(), "colombe ste (25)")] == ["Sainte-Colombe (25)"]
    assert [label(x.territory) for x in suggest(places(), "lyon", 2)] == ["Lyon (69)", "Lyons-la-Forêt (27)"]
    assert len(suggest(places(), "s")) == 10


def test_a_place_is_known_whole() -> None:
    """P20."""
    found = places().find("25494")
    assert found is not None
    expected = ("25494", "Rochejean", TerritoryKind.VILLAGE, "25", "Doubs", "R27", "Bourgogne-Franche-Comté")
    said = found.territory
    assert (said.code, said.name, said.kind, said.department, said.department_name) == expected[:5]
    assert (said.region, said.region_name) == expected[5:]
    assert said.year == places().year
    assert 500 < said.population < 1_000


def test_every_commune_is_found_by_its_code() -> None:
    """P22: as INSEE writes it, and without its zero."""
    list_ = places()
    assert len(list_.communes) > 34_000
    for code in list_.communes:
        found, spoiled = list_.find(code), list_.find(code.lstrip("0"))
        assert found is not None
        assert found == spoiled
        assert found.territory.code == code


def test_every_other_place_is_found_by_its_code_and_label() -> None:
    """P22."""
    for area in places().areas:
        by_code, by_label = places().find(area.code), resolve(places(), label(area)).place
        assert by_code is not None
        assert by_label is not None
        assert by_code.territory == by_label.territory == area


def _communes() -> st.SearchStrategy[Territory]:
    return st.sampled_from(places().communes).map(_territory)


def _territory(code: str) -> Territory:
    found = places().find(code)
    assert found is not None
    return found.territory


WRITTEN = (
    str.upper,
    str.lower,
    lambda text: "".join(x for x in unicodedata.normalize("NFD", text) if not unicodedata.combining(x)),
    lambda text: text.replace("-", " "),
    lambda text: text.replace("'", "’"),
    lambda text: text.replace("Saint-", "St ").replace("Sainte-", "Ste-"),
    lambda text: text.replace("œ", "oe").replace("Œ", "OE"),
    lambda text: f"  {text} ",
)
"""Ways of writing one name."""


@given(place=_communes(), written=st.lists(st.sampled_from(WRITTEN), max_size=4), known_by=st.integers(0, 3))
def test_every_commune_is_found_by_its_name_and_department(
    place: Territory, written: list[object], known_by: int
) -> None:
    """P22: however it is written; and it is among those of its name without the département."""
    typed = place.name
    for way in written:
        assert callable(way)
        typed = way(typed)
    said = (
        f" ({place.department})",
        f", {place.department_name}",
        f" {place.department.lower()}",
        f" ({place.region_name})",
    )
    found = resolve(places(), typed + said[known_by])
    assert place in [x.territory for x in (*((found.place,) if found.place else ()), *found.choices)]
    if known_by < 3:
        assert found.place is not None
    alone = resolve(places(), typed)
    assert place in [x.territory for x in (*((alone.place,) if alone.place else ()), *alone.choices)]


@given(typed=st.text(max_size=60))
def test_anything_may_be_typed(typed: str) -> None:
    """P22, P23: nothing raises, and what is suggested is found again by its label."""
    resolve(places(), typed)
    for place in suggest(places(), typed):
        found = resolve(places(), label(place.territory)).place
        assert found is not None
        assert found.territory == place.territory


def test_overseas_departments_have_three_characters() -> None:
    assert [department_of(code) for code in ("01001", "2A004", "97411", "98818")] == ["01", "2A", "974", "988"]
