"""Who is heard, and where, on pages (T21)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.ids import VISITOR
from deliberation.kernel.territory import Naming
from deliberation.kernel.vocabulary import Role, Speaker
from exports.france_map import OVERSEAS, drawn, shade
from tests.server.browsing import Site, Visitor, site


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Five testimonies: two of Rochejean, one of Lyon, one of a village in Bretagne, one that is not published."""
    with site(tmp_path_factory.mktemp("heard")) as found:
        olga = found.member(Role.ORGANISER, "Olga Orsini")
        organiser = next(id_ for id_, person in found.state().people.items() if person.name == "Olga Orsini")
        for number, (code, naming) in enumerate(
            (
                ("25494", Naming.NAME),
                ("25494", Naming.OFFICE),
                ("69123", Naming.NAME),
                ("29083", Naming.KIND),
                ("13055", Naming.NAME),
            ),
            1,
        ):
            said = c.SubmitTestimony(text=f"Mot {number}", speaker=Speaker("Zoé", "maire", "", code), naming=naming)
            found.do(said, VISITOR)
            if number < 5:
                found.do(c.PublishTestimony(number), organiser)
        found.do(c.InvitePerson("Ana Abadie", Role.ELU, "maire", "", "25494"))
        olga.go("/c/essai/collectivites")
        yield found


@pytest.fixture
def public(running: Site) -> Visitor:
    return running.visitor()


def test_the_congress_says_who_is_heard(public: Visitor) -> None:
    """T21: on its first page, in the restitution, on a page of its own."""
    said = "1 commune de moins de 2 000 habitants, 1 commune d’au moins 10 000 habitants et 1 parole sans nom"
    for address in ("/c/essai/", "/c/essai/restitution", "/c/essai/collectivites"):
        assert said in public.go(address), address
        assert "dans 2 départements" in public.page, address


def test_the_page_has_a_map_and_tables_that_say_the_same(public: Visitor) -> None:
    """T21: what is known by its kind alone stands in its région, and nowhere else."""
    page = public.go("/c/essai/collectivites")
    assert "4 témoignages publiés sur 4 disent d’où ils viennent." in page
    assert '<svg class="france" role="img"' in page
    assert page.count('class="shade-2"') >= 1
    for text in ("Doubs (25)", "Rhône (69)", "Bourgogne-Franche-Comté", "Auvergne-Rhône-Alpes", "Bretagne"):
        assert text in page
    assert "Finistère" not in page
    assert "Bouches-du-Rhône" not in page


def test_the_list_is_narrowed(public: Visitor) -> None:
    page = public.go("/c/essai/collectivites?departement=25")
    assert "1 collectivité<" in page
    assert 'href="/c/essai/collectivites/25494"' in page
    assert 'href="/c/essai/collectivites/69123"' not in page
    assert "1 collectivité<" in public.go("/c/essai/collectivites?sorte=ville")
    assert "0 collectivité<" in public.go("/c/essai/collectivites?region=R99")


def test_a_collectivity_has_its_words_and_people(public: Visitor) -> None:
    """T21"""
    page = public.go("/c/essai/collectivites/25494")
    assert public.status == 200
    for text in ("Rochejean", "Village", "Doubs", "2 témoignages", "Mot 1", "Mot 2", "Ana Abadie", "Code 25494"):
        assert text in page
    assert "Mot 3" not in page
    assert "Rochejean" in public.go("/c/essai/personnes")


@pytest.mark.parametrize("code", ["29083", "13055", "99999", "X", "25494.0"])
def test_what_nobody_names_has_no_page(public: Visitor, code: str) -> None:
    """T20, T21: neither the place of which the kind alone is known, nor that of what is not published."""
    public.go(f"/c/essai/collectivites/{code}")
    assert public.status == 404


def test_programs_read_the_same(running: Site) -> None:
    """T21"""
    listed = running.request("GET", "/api/v1/c/essai/collectivites", {}).json()
    assert [item["code"] for item in listed["items"]] == ["69123", "25494"]
    one = running.request("GET", "/api/v1/c/essai/collectivites/25494", {}).json()
    assert one["testimonies"] == [1, 2]
    assert (one["territory"]["name"], one["territory"]["region"]) == ("Rochejean", "R27")
    assert len(one["people"]) == 1
    assert running.request("GET", "/api/v1/c/essai/collectivites/29083", {}).status_code == 404


def test_the_map_has_shades_for_every_department() -> None:
    svg = drawn({"25": 2, "971": 12, "75": 1}, "Carte « de France »")
    assert [shade(n) for n in (0, 1, 2, 4, 5, 9, 10, 99)] == [0, 1, 2, 2, 3, 3, 4, 4]
    assert 'aria-label="Carte « de France »"' in svg
    assert '<rect class="shade-4"' in svg
    assert svg.count('class="shade-1"') == 2, "Paris, and again larger"
    assert all(f">{code}</text>" in svg for code in OVERSEAS)
    assert len(svg) < 25_000
