"""The history of a motion on its page (M11, M12)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import ClauseKind, Draft, Role
from deliberation.motions.history import Moment
from server.pages.motions.history import restored
from server.texts import motion
from tests.server.browsing import Site, site

DOCUMENT = "motion-1"
CAR = "Demande un car."
SATURDAY = "Demande un car le samedi."
CODE = "Vu le code,"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A congress with a draft in which Ana writes a clause, and Bo adds words to it and a clause before it."""
    with site(tmp_path_factory.mktemp("history")) as found:
        found.member(Role.ELU, "Ana Abadie")
        found.member(Role.ELU, "Bo Bellec")
        found.do(c.CreateMotion("Un titre"), "p1")
        first = (("a", Draft(ClauseKind.DEMANDE, CAR)),)
        write(found, "p1", first)
        write(found, "p2", (("b", Draft(ClauseKind.VISA, CODE)), ("a", Draft(ClauseKind.DEMANDE, SATURDAY))))
        yield found


def write(found: Site, person: str, clauses: tuple[tuple[str, Draft], ...]) -> None:
    """Records a burst of writing, as the rooms do."""
    write_queue = found.app.state.services.write_queue
    kept, _ = found.app.state.services.store.document("essai", DOCUMENT)
    update = motion.rewrite(DOCUMENT, kept or b"", motion.MotionText("Un titre", clauses))
    found.portal.call(write_queue.journal, "essai", DOCUMENT, person, update, ())
    found.portal.call(write_queue.record_bursts, "essai", DOCUMENT)


def read(found: Site, query: str = "") -> str:
    """The text of the page without tags, including hidden text."""
    visitor = found.visitor()
    page = visitor.go(f"/c/essai/motions/1/historique{query}")
    assert visitor.status == 200
    body = page[page.index("<main") : page.index("</main")]
    return " ".join(re.sub(r"<[^>]+>", "", body).split())


def test_the_last_state_says_what_changed_and_by_whom(written: Site) -> None:
    page = read(written)
    assert "État n° 3 sur 3" in page
    assert "Bo Bellec, le" in page
    assert "Nouvelle partie [ajouté : Vu le code, fin de l’ajout]" in page
    assert "Partie modifiée Demande un car[ajouté : le samedi fin de l’ajout]." in page


def test_earlier_states_are_read_as_they_were(written: Site) -> None:
    page = read(written, "?etat=2")
    assert "Ana Abadie, le" in page
    assert "samedi" not in page
    assert "Le texte est encore vide." in read(written, "?etat=1")


def test_any_two_states_are_compared(written: Site) -> None:
    page = read(written, "?etat=3&depuis=1")
    assert "Comparé à l’état n° 1" in page
    assert "[ajouté : Demande un car le samedi. fin de l’ajout]" in page
    assert "Partie supprimée" in read(written, "?etat=2&depuis=3")


def test_each_word_names_its_author(written: Site) -> None:
    page = read(written, "?voir=auteurs")
    assert "[Ana Abadie : Demande un car]" in page
    assert "[Bo Bellec : le samedi]" in page
    assert "[Bo Bellec : Vu le code,]" in page


def test_the_editor_gets_the_authors_that_the_page_shows(written: Site) -> None:
    """M12"""
    said = written.request("GET", "/c/essai/motions/1/auteurs.json", {}).json()
    assert said["clauses"] == {"b": [["p2", CODE]], "a": [["p1", "Demande un car"], ["p2", " le samedi"], ["p1", "."]]}
    assert [(x["id"], x["name"], x["mark"]) for x in said["authors"]] == [
        ("p2", "Bo Bellec", 1),
        ("p1", "Ana Abadie", 2),
    ]


def test_an_elu_puts_a_clause_back_as_it_was(written: Site) -> None:
    """M14: a new edit, by whoever asked; once more, it leads nowhere else."""
    ana = written.member(Role.ELU, "Cleo Castel")
    ana.go("/c/essai/motions/1/historique?etat=2")
    ana.send("Rétablir ces mots")
    assert "État n° 4 sur 4" in ana.page
    assert "Cleo Castel" in ana.page
    assert written.state().motions[1].draft["a"].markdown == CAR
    assert written.state().motions[1].order == ("b", "a")
    assert "Rétablir ces mots" not in written.visitor().go("/c/essai/motions/1/historique?etat=3")


def test_a_clause_that_is_gone_comes_back_where_it_stood() -> None:
    """M14"""
    one, two, three = (Draft(ClauseKind.VISA, f"Vu {n},") for n in range(3))
    then = Moment(9, "", "p1", "T", (("a", one), ("b", two), ("c", three)))
    assert restored(then, "b", motion.MotionText("T", (("a", one), ("c", three)))).order == ("a", "b", "c")
    assert restored(then, "a", motion.MotionText("T", (("c", three),))).order == ("a", "c")
    assert restored(then, "c", motion.MotionText("T", ())).clauses == (("c", three),)


@pytest.mark.parametrize("posted", [{"etat": "99", "clause": "a"}, {"etat": "2", "clause": "zz"}, {}])
def test_what_never_was_is_not_put_back(written: Site, posted: dict[str, str]) -> None:
    ana = written.member(Role.ELU, "Dan Dubois")
    answer = written.request("POST", "/c/essai/motions/1/historique", ana.cookies, data=posted)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "query", ["?etat=99", "?etat=0", "?etat=x&depuis=-1", "?depuis=%00&voir=autre", "?etat=" + "9" * 40]
)
def test_what_is_not_a_state_leads_to_the_nearest(written: Site, query: str) -> None:
    assert re.search(r"État n° [1-4] sur [34]", read(written, query))


def test_no_history_of_what_is_not_there(written: Site) -> None:
    visitor = written.visitor()
    visitor.go("/c/essai/motions/7/historique")
    assert visitor.status == 404
