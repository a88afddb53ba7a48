"""The pages of amendments: the list and its filters, a passage with all its amendments, versions, the form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from deliberation.amendments.order import call_order
from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Choice, ClauseKind, Draft, Role
from deliberation.text import merge
from server.imports.importing import import_command
from server.texts.rewording import content
from tests.server.browsing import Site, Visitor, site

TABLE = "/c/essai/amendements/nouveau?motion=1&cible="


@pytest.fixture(scope="module")
def debated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Visitor]]:
    """A congress with a text of three clauses and five amendments: 1 and 4 are identical, 2 collides with them, 3
    deletes, 5 inserts and is adopted.
    """
    with site(tmp_path_factory.mktemp("amendments")) as found:
        ana = found.member(Role.ELU, "Ana Abadie")
        found.do(c.InvitePerson("Olga Orsini", Role.ORGANISER))
        drafts = [
            Draft(ClauseKind.VISA, "Vu la *Constitution* ;"),
            Draft(ClauseKind.CONSIDERANT, "Considérant que le réseau manque ;"),
            Draft(ClauseKind.DEMANDE, "Demande que chaque commune soit couverte."),
        ]
        found.do(import_command("Pour un numérique proche", drafts))
        found.do(c.FreezeMotion(1), "p2")
        visa, reason, demand = ids(found)
        for aim, clause, text in (
            (Aim.REWRITE, demand, "Demande que chaque village soit couvert."),
            (Aim.REWRITE, demand, "Demande que chaque commune soit reliée."),
            (Aim.DELETE, reason, ""),
            (Aim.REWRITE, demand, "Demande que chaque village soit couvert."),
            (Aim.INSERT, visa, "Vu la loi ;"),
        ):
            found.do(c.TableAmendment(1, aim, clause, text, "Parce que.", "visa" if aim is Aim.INSERT else ""), "p1")
        found.do(c.OpenPoll("amendement-5"), "p2")
        found.do(c.CastBallot(1, Choice.FOR), "p1")
        found.do(c.ClosePoll(1), "p2")
        yield found, ana


def ids(found: Site) -> tuple[str, str, str]:
    visa, reason, demand = (clause.id for clause in found.state().motions[1].frozen[0].clauses)
    return visa, reason, demand


def listed(page: str) -> list[int]:
    """The numbers of the amendments in the rows of the list, in order."""
    return [int(n) for n in re.findall(r'<th role="rowheader"[^>]*><a href="/c/essai/amendements/(\d+)"', page)]


def test_the_list_follows_the_order_of_call_and_narrows(debated: tuple[Site, Visitor]) -> None:
    found, _ = debated
    reader = found.visitor()
    waiting = [a.number for a in call_order(found.state(), 1)]
    assert waiting[0] == 3, "along the text"
    assert listed(reader.go("/c/essai/amendements")) == [*waiting, 5]
    assert listed(reader.go("/c/essai/amendements?etat=attente")) == waiting
    assert listed(reader.go("/c/essai/amendements?etat=adopte&auteur=p1")) == [5]
    assert listed(reader.go(f"/c/essai/amendements?motion=1&passage={ids(found)[2]}")) == waiting[1:]
    assert listed(reader.go("/c/essai/amendements?auteur=p2")) == []
    assert "Aucun amendement ne correspond" in reader.page
    assert listed(reader.go("/c/essai/amendements?motion=9&etat=rien&auteur=%FF&page=0")) == [*waiting, 5]


def test_a_passage_shows_what_collides_and_what_is_the_same(debated: tuple[Site, Visitor]) -> None:
    found, ana = debated
    page = found.visitor().go(f"/c/essai/motions/1/passages/{ids(found)[2]}")
    assert re.search(r"Identiques, votés une seule fois :.*n° 1.*n° 4", page)
    assert re.search(r"n° 1</a> et .*n° 2</a> changent les mêmes mots : <q lang=\"fr\">couverte</q>", page)
    assert '<mark class="touched">' in page
    assert "Amender</a>" not in page, "a visitor is offered no writing"
    assert f"cible=rewrite:{ids(found)[2]}" in ana.go(f"/c/essai/motions/1/passages/{ids(found)[2]}")
    assert "2 amendements" not in ana.go(f"/c/essai/motions/1/passages/{ids(found)[0]}")
    assert "Amendement n° 5" in ana.page


@pytest.mark.parametrize("place", ["titre", "debut"])
def test_the_title_and_the_beginning_are_passages_too(debated: tuple[Site, Visitor], place: str) -> None:
    page = debated[1].go(f"/c/essai/motions/1/passages/{place}")
    assert debated[1].status == 200
    assert "Aucun amendement ici" in page


@pytest.mark.parametrize(
    "address",
    [
        "motions/1/passages/nulle",
        "motions/9/passages/titre",
        "motions/1/passages/titre?version=7",
        "motions/9/comparaison",
        "motions/1/comparaison?de=0",
    ],
)
def test_what_is_not_there_is_not_found(debated: tuple[Site, Visitor], address: str) -> None:
    reader = debated[0].visitor()
    reader.go(f"/c/essai/{address}")
    assert reader.status == 404


def test_adopted_changes_name_their_amendment(debated: tuple[Site, Visitor]) -> None:
    page = debated[0].visitor().go("/c/essai/motions/1/comparaison")
    assert "De la version 1 à la version 2" in page
    assert re.search(r"Ajouté par l’amendement <a [^>]*/amendements/5", page)
    assert "2 passages inchangés" in page
    assert "Vu la loi" in page
    assert "le réseau manque" not in page, "what did not change is folded"
    assert "le réseau manque" in debated[0].visitor().go("/c/essai/motions/1/comparaison?tout=1")


def test_an_amendment_names_those_that_it_meets(debated: tuple[Site, Visitor]) -> None:
    page = debated[0].visitor().go("/c/essai/amendements/4")
    assert re.search(r"Dit la même chose que l’amendement <a [^>]*/amendements/1\"", page)
    assert re.search(r"Change les mêmes mots que l’amendement <a [^>]*/amendements/2\"", page)
    assert f"/motions/1/passages/{ids(debated[0])[2]}" in page


def editor_content(page: str, name: str) -> list[dict[str, Any]]:
    """The content that the page passes to the editor."""
    found = re.search(rf'data-{name}="([^"]*)"', page)
    assert found
    read: list[dict[str, Any]] = json.loads(found[1].replace("&#34;", '"').replace("&#39;", "'"))
    return read


def test_the_editor_sends_a_clause_and_the_words_stay_through_the_steps(debated: tuple[Site, Visitor]) -> None:
    found, ana = debated
    ana.go(f"{TABLE}rewrite:{ids(found)[0]}")
    sent = editor_content(ana.page, "before")
    assert sent == content("Vu la *Constitution* ;")
    sent[0]["content"][2]["text"] = " et la loi ;"
    ana.send("Relire", without="text", contenu=json.dumps(sent), rationale="Pour la clarté.")
    assert "<em>Constitution</em>" in ana.page
    assert "Le passage tel qu’il se lirait" in ana.page
    ana.send("Corriger")
    assert editor_content(ana.page, "now")[0]["content"][2]["text"] == " et la loi ;"
    assert "Pour la clarté." in ana.page
    ana.send("Relire", without="text")
    ana.send("Déposer")
    assert found.state().amendments[6].text == "Vu la *Constitution* et la loi ;"


@pytest.mark.parametrize(
    "sent",
    [
        "{",
        "null",
        "7",
        '[{"type": "heading"}]',
        '[{"type": "paragraph", "content": [{"type": "text"}]}]',
        "[" * 5000,
        '["a"]',
    ],
)
def test_what_is_no_clause_is_refused_and_nothing_typed_is_lost(debated: tuple[Site, Visitor], sent: str) -> None:
    found, ana = debated
    before = found.state().size
    ana.go(f"{TABLE}rewrite:{ids(found)[1]}")
    ana.send("Relire", without="text", contenu=sent, rationale="Ce que j’ai déjà écrit.")
    assert ana.status == 422
    assert "Ce que j’ai déjà écrit." in ana.page
    assert found.state().size == before


def test_a_proposal_that_others_already_made_says_so(debated: tuple[Site, Visitor]) -> None:
    found, ana = debated
    ana.go(f"{TABLE}rewrite:{ids(found)[2]}")
    ana.send("Relire", text="Demande que chaque commune soit reliée.")
    assert re.search(r"Dit la même chose que l’amendement <a [^>]*/amendements/2\"", ana.page)
    assert re.search(r"Change les mêmes mots que l’amendement <a [^>]*/amendements/1\"", ana.page)


def test_a_public_page_is_rendered_once_for_each_state(debated: tuple[Site, Visitor]) -> None:
    """The same bytes while nothing changes, the new words as soon as something does."""
    found, _ = debated
    reader = found.visitor()
    first = reader.go("/c/essai/amendements")
    assert reader.go("/c/essai/amendements") == first
    found.do(c.AdmitAmendment(2), "p2")
    assert reader.go("/c/essai/amendements") != first


def test_a_passage_has_a_page_in_every_version_that_knew_it(debated: tuple[Site, Visitor]) -> None:
    """Brought in by an amendment, or taken out by one; elsewhere its address leads to the nearest version."""
    found, _ = debated
    reader, place = found.visitor(), merge.inserted_id(5)
    address = f"/c/essai/motions/1/passages/{place}"
    page = reader.go(f"{address}?version=2")
    assert (reader.status, "Vu la loi" in page, "/amendements/5" in page) == (200, True, True)
    assert "retravaillé depuis" not in page
    for asked in ("", "?version=1"):
        assert reader.go(address + asked) == page
    found.do(c.AdmitAmendment(3), "p2")
    found.do(c.OpenPoll("amendement-3"), "p2")
    found.do(c.CastBallot(2, Choice.FOR), "p1")
    found.do(c.ClosePoll(2), "p2")
    for amendment in [each for each in found.state().amendments.values() if each.outcome is None]:
        found.do(c.WithdrawAmendment(amendment.number), amendment.author)
    found.do(c.ReopenMotion(1, "Encore un mot"), "p2")
    found.do(c.FreezeMotion(1), "p2")
    motion = found.state().motions[1]
    assert motion.text is not None
    assert motion.text.base == motion.text.version == 4
    known = {clause.id for frozen in motion.frozen for clause in frozen.clauses}
    assert ids(found)[1] not in {clause.id for clause in motion.text.clauses}
    for clause in ("titre", "debut", *known):
        for asked in ("", *(f"?version={frozen.version}" for frozen in motion.frozen)):
            reader.go(f"/c/essai/motions/1/passages/{clause}{asked}")
            assert reader.status == 200, (clause, asked)
    gone = reader.go(f"/c/essai/motions/1/passages/{ids(found)[1]}")
    assert "Considérant que le réseau manque" in gone
    assert "retravaillé depuis" in gone
