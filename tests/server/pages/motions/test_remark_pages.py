"""Comments and suggestions in a browser without JavaScript (K1–K5)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.state import Remark
from deliberation.kernel.vocabulary import ClauseKind, Draft, Role
from server.pages.motions.remarks import CHANGED, GONE, MOVED_ON, accepted
from server.texts import markdown, motion, prosemirror
from tests.server.browsing import Site, site

CAR = "Demande un car."
PAGE = "/c/essai/motions/1/remarques"


@pytest.fixture
def congress(tmp_path: Path) -> Iterator[Site]:
    """A congress with a draft in which Ana (p1) wrote one clause."""
    with site(tmp_path) as found:
        found.do(c.InvitePerson("Ana Abadie", Role.ELU))
        found.do(c.CreateMotion("Un titre"), "p1")
        services = found.app.state.services
        text = motion.MotionText("Un titre", (("a", Draft(ClauseKind.DEMANDE, CAR)),))
        update = motion.rewrite("motion-1", b"", text)
        found.portal.call(services.write_queue.journal, "essai", "motion-1", "p1", update, ())
        found.portal.call(services.write_queue.record_bursts, "essai", "motion-1")
        yield found


def test_a_comment_is_answered_and_resolved(congress: Site) -> None:
    sami, bo = congress.member(Role.SCRIBE, "Sami Note"), congress.member(Role.ELU, "Bo Bellec")
    sami.go(PAGE)
    sami.send("Publier le commentaire", clause="a", text=" ")
    assert sami.status == 422
    assert "Écrivez votre commentaire." in sami.page
    sami.send("Publier le commentaire", clause="a", text="Quel car ?")
    assert "Quel car ?" in sami.page
    bo.go(PAGE)
    bo.send("Répondre", text="Celui du samedi.", reply_to="1")
    assert congress.state().remarks[2].reply_to == 1
    bo.send("Classer", remark="1")
    assert congress.state().remarks[1].status == "resolved"
    read = congress.visitor().go(PAGE)
    assert "Celui du samedi." in read
    assert "Publier le commentaire" not in read


def test_a_suggestion_is_accepted_in_the_name_of_who_accepts(congress: Site) -> None:
    bo, cleo = congress.member(Role.ELU, "Bo Bellec"), congress.member(Role.ELU, "Cléo Castel")
    bo.go(PAGE)
    bo.send("Suggérer", clause="a", proposal=CAR)
    assert "Ce sont déjà les mots du texte." in bo.page
    bo.send("Suggérer", clause="a", proposal="Demande un car le samedi.", text="Plus précis.")
    cleo.go(PAGE)
    assert "Plus précis." in cleo.page
    cleo.send("Accepter", remark="1")
    state = congress.state()
    assert state.motions[1].draft["a"].markdown == "Demande un car le samedi."
    assert state.motions[1].writers["a"] == ("p1", "p3")
    assert (state.remarks[1].status, state.remarks[1].settled_by) == ("accepted", "p3")


def test_an_accepted_suggestion_names_who_suggested_and_who_accepted(congress: Site) -> None:
    """K6: on the page of the history, live, in the API and in the origins of the frozen text."""
    bo, cleo = congress.member(Role.ELU, "Bo Bellec"), congress.member(Role.ELU, "Cléo Castel")
    bo.go(PAGE)
    bo.send("Suggérer", clause="a", proposal="Demande un car le samedi.")
    cleo.go(PAGE)
    cleo.send("Accepter", remark="1")
    read = bo.go("/c/essai/motions/1/historique?voir=auteurs")
    assert "[Bo Bellec, accepté par Cléo Castel" in spaced(read)

    said = congress.request("GET", "/c/essai/motions/1/auteurs.json", bo.cookies).json()
    assert said["clauses"] == {"a": [["p1", "Demande un car"], ["remarque-1", " le samedi"], ["p1", "."]]}
    assert said["owners"]
    assert "Bo Bellec, accepté par Cléo Castel" in {author["name"] for author in said["authors"]}
    congress.member(Role.ORGANISER, "Odile Orth")
    congress.do(c.FreezeMotion(1), "p4")
    origins = congress.request("GET", "/api/v1/c/essai/motions/1/origines", {}).json()
    assert [(x["text"], x["person"], x["suggestion"], x["accepted_by"]) for x in origins["words"] if x["clause"]] == [
        ("Demande un car", "p1", 0, ""),
        (" le samedi", "p2", 1, "p3"),
        (".", "p1", 0, ""),
    ]
    assert "accepté par Cléo Castel" in spaced(bo.go("/c/essai/motions/1/origines"))


def spaced(page: str) -> str:
    """The page with plain spaces."""
    return page.replace("\u00a0", " ").replace("\u202f", " ")


def test_all_suggestions_of_one_author_at_once(congress: Site) -> None:
    bo, cleo = congress.member(Role.ELU, "Bo Bellec"), congress.member(Role.ELU, "Cléo Castel")
    for words in ("Demande deux cars.", "Demande un car. Et un train."):
        congress.do(c.MakeRemark(1, "a", proposal=words), "p2")
    cleo.go(PAGE)
    cleo.send("Accepter les 2 suggestions de Bo Bellec")
    assert congress.state().motions[1].draft["a"].markdown == "Demande deux cars. Et un train."
    assert {x.status for x in congress.state().remarks.values()} == {"accepted"}
    assert "Accepter" not in bo.go(PAGE)


def test_what_others_changed_meanwhile_is_kept_or_named() -> None:
    """K4"""
    suggestion = Remark(1, 1, "a", "", "p2", "", 5, base=CAR, proposal="Demande deux cars.")
    now = motion.MotionText("T", (("a", Draft(ClauseKind.DEMANDE, "Demande un car. Et un train.")),))
    text = accepted(suggestion, now)
    assert isinstance(text, motion.MotionText)
    assert text.clauses[0][1].markdown == "Demande deux cars. Et un train."
    other = motion.MotionText("T", (("a", Draft(ClauseKind.DEMANDE, "Demande trois cars.")),))
    assert accepted(suggestion, other) == CHANGED
    assert accepted(suggestion, motion.MotionText("T")) == GONE


def test_the_margin_of_the_editor_answers_with_its_threads(congress: Site) -> None:
    """K3, K4: a suggestion written upon words that changed meanwhile keeps both, or is refused with a sentence."""
    bo = congress.member(Role.ELU, "Bo Bellec")
    sent = {
        "acte": "suggerer",
        "clause": "a",
        "commande": "un",
        "vu": content(CAR),
        "contenu": content("Demande un bus."),
    }
    answer = congress.request("POST", f"{PAGE}?marge", bo.cookies, data=sent)
    assert answer.status_code == 200
    assert 'data-remark="1"' in answer.text
    assert "<main" not in answer.text
    assert congress.state().remarks[1].proposal == "Demande un bus."
    refused = congress.request("POST", f"{PAGE}?marge", bo.cookies, data={**sent, "vu": content("Demande deux cars.")})
    assert refused.status_code == 422
    assert refused.json()["code"] == MOVED_ON.code
    declined = congress.request("POST", f"{PAGE}?marge", bo.cookies, data={"acte": "ecarter-tout", "author": "p2"})
    assert "remark-declined" in declined.text
    assert congress.state().remarks[1].status == "declined"


def content(text: str) -> str:
    """The text of a clause as the editor sends it."""
    return json.dumps(prosemirror.write(markdown.read(text)))


def test_remarks_made_behind_closed_doors_are_not_shown_to_visitors(congress: Site) -> None:
    """K5, H2"""
    congress.do(c.MakeRemark(1, "a", "Avant."), "p1")
    until = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    congress.member(Role.ORGANISER, "Oé Maître")
    congress.do(c.SecludeDrafting(until, "Pour écrire au calme."), "p2")
    congress.do(c.MakeRemark(1, "a", "Pendant.", quote="un car"), "p1")
    for address in (PAGE, f"{PAGE}?marge"):
        seen = congress.visitor().go(address)
        assert "Pendant." not in seen
        assert "un car" not in seen
    assert "Pendant." in congress.member(Role.SCRIBE, "Sami Note").go(PAGE)


@pytest.mark.parametrize(
    "posted", [{}, {"acte": "accepter", "remark": "x"}, {"acte": "suite"}, {"acte": "accepter-tout"}]
)
def test_what_means_nothing_is_refused(congress: Site, posted: dict[str, str]) -> None:
    bo = congress.member(Role.ELU, "Bo Bellec")
    answer = congress.request("POST", PAGE, bo.cookies, data=posted)
    assert answer.status_code in {404, 422}
    assert congress.state().remarks == {}


def test_whom_a_remark_names_finds_it_on_the_first_page(congress: Site) -> None:
    """M30, M32, M33: by a plain form; and the name on pages is the one that may be shown now."""
    bo, cleo = congress.member(Role.ELU, "Bo Bellec"), congress.member(Role.ELU, "Cléo *Castel*")
    bo.go(PAGE)
    bo.send("Publier le commentaire", clause="a", text="Qu’en dit @cléo castel ?")
    assert congress.state().remarks[1].text == "Qu’en dit @{p3} ?"
    assert "<strong>@Cléo *Castel*</strong>" in bo.page
    assert "Bo Bellec vous nomme dans une remarque" in cleo.go("/c/essai/")
    assert 'href="/c/essai/motions/1/remarques#remarque-1"' in cleo.page
    assert "vous nomme" not in bo.go("/c/essai/")
    congress.do(c.InvitePerson("Olga Orsini", Role.ORGANISER))
    congress.do(c.CorrectPerson("p3", "Clélia Castel"), "p4")
    assert "<strong>@Clélia Castel</strong>" in bo.go(PAGE)
    cleo.go(PAGE)
    cleo.send("Répondre", text="Oui.", reply_to="1")
    assert "vous nomme" not in cleo.go("/c/essai/")
