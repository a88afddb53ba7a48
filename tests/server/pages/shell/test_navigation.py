"""The navigation: which entry and which page of its second level are current where, and who sees what."""

from __future__ import annotations

from pathlib import Path

import pytest

from deliberation.kernel.ids import VISITOR
from deliberation.kernel.state import Person, State
from deliberation.kernel.vocabulary import Role
from server.pages.shell.navigation import Navigation, motion_at, navigation
from tests.server.browsing import OPENED, site

SLUG = "essai"


def at(path: str, state: State | None = None, actor: str = VISITOR, motion: int = 0) -> Navigation:
    here = path if path.startswith("/") else f"/c/{SLUG}/{path}"
    return navigation(SLUG, state or State(), actor, here, motion)


def current(found: Navigation) -> list[tuple[str, str]]:
    return [(link.label, link.current) for link in (*found.entries, *found.second) if link.current]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", [("Aujourd’hui", "page")]),
        ("temoignages", [("Paroles", "page"), ("Témoignages", "page")]),
        ("temoignages/4", [("Paroles", "true"), ("Témoignages", "true")]),
        ("extraits/4", [("Paroles", "true"), ("Témoignages", "true")]),
        ("cartes/2/edition", [("Paroles", "true"), ("Cartes", "true")]),
        ("seance", [("Séance", "page"), ("En direct", "page")]),
        ("seance/2", [("Séance", "true"), ("En direct", "true")]),
        ("seance/deroule", [("Séance", "true"), ("Déroulé", "page")]),
        ("seance/ordre", [("Séance", "true"), ("Déroulé", "true")]),
        ("seance/ordre-du-jour", [("Séance", "true"), ("Ordre du jour", "page")]),
        ("scrutins/3", [("Séance", "true"), ("Scrutins", "true")]),
        ("registre/12", [("Restitution", "true"), ("Registre", "true")]),
        ("personnes/p1", [("Restitution", "true"), ("Personnes", "true")]),
        ("mentions", []),
    ],
)
def test_where_one_is(path: str, expected: list[tuple[str, str]]) -> None:
    assert current(at(path)) == expected


def test_the_five_entries_lead_to_the_first_page_of_each_second_level() -> None:
    assert [(link.label, link.href) for link in at("").entries] == [
        ("Aujourd’hui", "/c/essai/"),
        ("Paroles", "/c/essai/temoignages"),
        ("Motions", "/c/essai/motions"),
        ("Séance", "/c/essai/seance"),
        ("Restitution", "/c/essai/restitution"),
    ]


def test_a_motion_has_a_second_level_of_its_own() -> None:
    found = at("motions/3/historique", motion=3)
    assert current(found) == [("Motions", "true"), ("Histoire", "page")]
    assert [link.href for link in found.second] == [
        "/c/essai/motions/3",
        "/c/essai/amendements?motion=3",
        "/c/essai/scrutins?motion=3",
        "/c/essai/motions/3/historique",
        "/c/essai/motions/3/remarques",
    ]
    assert current(at("motions/3/passages/titre", motion=3)) == [("Motions", "true"), ("Texte", "true")]
    assert current(at("amendements/7", motion=3)) == [("Motions", "true"), ("Amendements", "true")]


def test_on_a_phone_some_pages_stand_behind_a_button_but_never_the_current_one() -> None:
    assert [link.label for link in at("temoignages").beyond] == []
    assert [link.label for link in at("seance").beyond] == ["Ordre du jour", "Déroulé", "Orateurs", "Présence", "Écran"]
    assert "Présence" not in [link.label for link in at("seance/presence").beyond]


def someone(role: Role, revoked: bool = False) -> State:
    return State(people={"p1": Person("p1", "Camille", role, "", "", "", OPENED, revoked=revoked)})


@pytest.mark.parametrize(("role", "votes"), [(Role.ELU, True), (Role.ORGANISER, False), (Role.SCRIBE, False)])
def test_nobody_is_offered_a_vote_but_who_may_vote(role: Role, votes: bool) -> None:
    assert ("Voter" in [link.label for link in at("seance", someone(role), "p1").second]) is votes
    assert "Voter" not in [link.label for link in at("seance", someone(role)).second]


def test_organisers_have_their_four_pages_until_their_access_is_taken_back() -> None:
    assert [link.label for link in at("", someone(Role.ORGANISER), "p1").second] == [
        "Aujourd’hui",
        "À traiter",
        "Personnes",
        "Réglages",
        "Import et export",
    ]
    assert at("", someone(Role.ORGANISER, revoked=True), "p1").second == ()
    assert current(at("/organisation/essai/caviardages", someone(Role.ORGANISER), "p1")) == [
        ("Aujourd’hui", "true"),
        ("À traiter", "true"),
    ]


def test_the_motion_that_a_page_is_about(tmp_path: Path) -> None:
    with site(tmp_path) as found:
        elu = found.member(Role.ELU, "Nora Blanc")
        elu.go("/c/essai/motions")
        elu.send("Ouvrir", title="Pour des villages reliés")
        state = found.state()
        about = [motion_at(SLUG, state, f"/c/essai/{path}", "1") for path in ("motions/1/historique", "scrutins")]
        assert about == [1, 1]
        assert [motion_at(SLUG, state, f"/c/essai/{path}", "9") for path in ("motions/9", "amendements")] == [0, 0]
        assert motion_at(SLUG, state, "/c/essai/temoignages/1", "1") == 0


def test_errors_have_the_frame_of_their_congress(tmp_path: Path) -> None:
    with site(tmp_path) as found:
        visitor, organiser = found.visitor(), found.member(Role.ORGANISER, "Odile Brun")
        for address, status in (("/c/essai/nulle-part", 404), ("/organisation/essai/personnes", 401)):
            visitor.go(address)
            assert visitor.status == status
            assert 'href="/c/essai/seance"' in visitor.page
        assert "Odile Brun" in organiser.go("/c/essai/motions/99")
        assert organiser.status == 404
        assert 'href="/c/' not in visitor.go("/c/ailleurs/seance")
