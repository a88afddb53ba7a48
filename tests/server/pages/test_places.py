"""Places in forms without JavaScript, and their suggestions (P20, P22, P23, T20)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deliberation.kernel.territory import TerritoryKind
from deliberation.kernel.vocabulary import Role, Speaker
from tests.server.browsing import Site, Visitor, site

SAID = {"text": "Chez nous, le réseau manque.", "speaker_name": "Zoé Roy", "naming": "nom"}
FORM = "/c/essai/temoignages/nouveau"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as found:
        yield found


def speaker(fresh: Site) -> Speaker:
    return fresh.state().testimonies[1].speaker


def territory(said: Speaker) -> tuple[str, TerritoryKind, str, str]:
    """Official name, kind, département and région of whoever speaks."""
    found = said.territory
    assert found is not None
    return found.name, found.kind, found.department_name, found.region_name


def testify(fresh: Site, **fields: str) -> Visitor:
    public = fresh.visitor()
    public.go(FORM)
    public.send("Envoyer", **{**SAID, **fields})
    return public


def test_a_place_that_is_understood_enters_the_record(fresh: Site) -> None:
    """P20, P22: in its official spelling."""
    public = testify(fresh, speaker_collectivity="ste colombe 25")
    assert public.address.startswith("/c/essai/temoignages/1/auteur/")
    said = speaker(fresh)
    assert (said.name, said.collectivity) == ("Zoé Roy", "Sainte-Colombe")
    assert territory(said) == ("Sainte-Colombe", TerritoryKind.VILLAGE, "Doubs", "Bourgogne-Franche-Comté")


def test_of_several_places_one_is_chosen(fresh: Site) -> None:
    """P22: nothing typed is lost."""
    public = testify(fresh, speaker_collectivity="Sainte-Colombe")
    assert public.status == 422
    assert "Plusieurs lieux portent ce nom" in public.page
    assert "Sainte-Colombe (69)" in public.page
    assert "Zoé Roy" in public.page
    assert "Chez nous, le réseau manque." in public.page
    public.send("Envoyer", speaker_collectivity_choix="25515")
    assert public.status == 200
    assert speaker(fresh).code == "25515"


def test_a_choice_ends_with_a_correction(fresh: Site) -> None:
    """P22: it was one of those offered for other words."""
    public = testify(fresh, speaker_collectivity="Sainte-Colombe")
    public.send("Envoyer", speaker_collectivity_choix="25515", speaker_collectivity="Rochejean")
    assert speaker(fresh).code == "25494"


def test_words_that_mean_no_place_are_kept_by_choice(fresh: Site) -> None:
    """P22"""
    public = testify(fresh, speaker_collectivity="Association des usagers")
    assert public.status == 422
    assert "n’est pas dans la liste officielle" in public.page
    public.send("Envoyer", speaker_collectivity_choix="libre")
    assert speaker(fresh) == Speaker("Zoé Roy", "", "Association des usagers")


def test_a_place_abroad(fresh: Site) -> None:
    """P22"""
    testify(fresh, speaker_collectivity="Bruxelles (Belgique)")
    said = speaker(fresh)
    assert (said.collectivity, said.code) == ("Bruxelles (Belgique)", "BE")
    assert territory(said) == ("Belgique", TerritoryKind.COUNTRY, "", "")


def test_without_consent_to_a_name_the_kind_stays(fresh: Site) -> None:
    """T20: and it is what a reader sees."""
    testify(fresh, speaker_collectivity="Rochejean", naming="sorte")
    said = speaker(fresh)
    assert (said.name, said.collectivity, said.code) == ("", "", "")
    assert territory(said) == ("", TerritoryKind.VILLAGE, "", "Bourgogne-Franche-Comté")
    olga = fresh.member(Role.ORGANISER, "Olga Orsini")
    olga.go("/organisation/essai/moderation")
    olga.send("Publier")
    page = fresh.visitor().go("/c/essai/temoignages/1")
    assert "Village, Bourgogne-Franche-Comté" in page
    assert "Rochejean" not in page


def test_organisers_invite_and_correct_people_of_a_place(fresh: Site) -> None:
    """P20, P22: what stands in the form is not asked again."""
    olga = fresh.member(Role.ORGANISER, "Olga Orsini")
    olga.go("/organisation/essai/personnes")
    olga.send("Inviter", person_name="Ana Abadie", role="elu", mandate="maire", collectivity="Sainte-Colombe")
    assert olga.status == 422
    olga.send("Inviter", collectivity_choix="25515")
    (ana,) = (x for x in fresh.state().people.values() if x.name == "Ana Abadie")
    assert ana.territory is not None
    assert (ana.collectivity, ana.territory.code) == ("Sainte-Colombe", "25515")
    olga.go("/organisation/essai/personnes?q=abadie")
    olga.send("Corriger", person=ana.id, person_name="Ana Abadie-Roy")
    corrected = fresh.state().people[ana.id]
    assert (corrected.name, corrected.territory) == ("Ana Abadie-Roy", ana.territory)
    olga.go("/organisation/essai/personnes?q=abadie")
    olga.send("Corriger", person=ana.id, collectivity="Doubs (département)")
    moved = fresh.state().people[ana.id].territory
    assert moved is not None
    assert (moved.kind, moved.code) == (TerritoryKind.DEPARTEMENT, "25")


def ask(fresh: Site, typed: str) -> dict[str, Any]:
    answer = fresh.request("GET", "/api/v1/territoires", {}, params={"q": typed})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_suggestions_are_public(fresh: Site) -> None:
    """P23: with the year and the source of the list."""
    found = ask(fresh, "ste-colombe (25)")
    (item,) = found["items"]
    assert (item["code"], item["label"], item["kind"]) == ("25515", "Sainte-Colombe (25)", "village")
    assert found["year"] == 2026
    assert "decoupage-administratif" in found["source"]
    assert ask(fresh, "Thouarcé")["items"][0]["former"] == "Thouarcé"
    assert ask(fresh, "")["items"] == []
    assert len(json.dumps(ask(fresh, "s"))) < 4_000


def test_a_damaged_list_loses_nothing(fresh: Site) -> None:
    """P24: words are kept as they are, suggestions say why there are none."""
    services = fresh.app.state.services
    (services.settings.data / "territoires.json.gz").write_bytes(b"no list")
    assert fresh.request("GET", "/api/v1/territoires", {}, params={"q": "par"}).status_code == 503
    testify(fresh, speaker_collectivity="Rochejean")
    assert speaker(fresh) == Speaker("Zoé Roy", "", "Rochejean")
