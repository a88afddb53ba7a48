"""The screens of every way of voting, as a voter, a teller, an organiser and the public meet them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import Aim, Choice, ElectionRule, Hands, OutsideCount, OutsideFile, Role, Terms, Way
from deliberation.motions import division
from server.writing.receipts import Receipt
from tests.server.browsing import Site, Visitor, site

MOTION = b"# Titre\n\n- Demande un bus et un quai.\n- Demande un train.\n- Demande un car.\n"
ORGANISER, TELLER, ELUS = "p1", "p2", ("p3", "p4", "p5")
ORGANISING = ("ouvrir", "groupe", "division", "division?sujet=amendement-1", "election", "tour", "ailleurs")


@pytest.fixture
def essai(tmp_path: Path) -> Iterator[Site]:
    """A frozen motion with three amendments, an organiser (p1), a scribe who counts (p2), three élus."""
    with site(tmp_path) as found:
        olga = found.member(Role.ORGANISER, "Olga")
        do(found, c.InvitePerson("Sami", Role.SCRIBE))
        for name in ("Ana", "Bao", "Cléo"):
            do(found, c.InvitePerson(name, Role.ELU))
        found.bring_in(olga, MOTION, "p3")
        do(found, c.FreezeMotion(1), ORGANISER)
        text = found.state().motions[1].text
        assert text is not None
        words = ("Demande un tram et deux quais.", "Demande deux trains.", "Demande trois cars.")
        for clause, wording in zip(text.clauses, words, strict=True):
            do(found, c.TableAmendment(1, Aim.REWRITE, clause.id, wording, "Parce que."), "p3")
        yield found


def do(found: Site, command: c.Command, actor: str = ids.CONGRESS) -> None:
    answer = found.do(command, actor)
    assert isinstance(answer, Receipt), answer


def entered(found: Site, person: str) -> Visitor:
    services = found.app.state.services
    visitor = found.visitor()
    visitor.go("/connexion")
    visitor.send("Me connecter", lien=services.link(services.identity.make_link("essai", person)))
    return visitor


def hold_everything(found: Site) -> None:
    """One open and one closed poll of each way, an election with one seat left, a result from elsewhere."""
    pieces = tuple(range(len(division.pieces(found.state(), "amendement-1"))))
    do(found, c.DivideSubject("amendement-1", (pieces[:1], pieces[1:]), "p3"), ORGANISER)
    do(found, c.OpenPoll("amendement-1", part=1), ORGANISER)
    do(found, c.CastBallot(1, Choice.FOR), "p3")
    do(found, c.ClosePoll(1), ORGANISER)
    do(found, c.OpenPoll("amendement-1", part=2), ORGANISER)
    do(found, c.OpenSheet(("amendement-2", "amendement-3")), ORGANISER)
    election = c.OpenElection("Bureau", ELUS, ElectionRule(absolute=0, tie="chair", seats=2))
    do(found, election, ORGANISER)
    for voter, names in zip(ELUS, ((0, 1), (0, 2), (0,)), strict=True):
        do(found, c.CastSecret(5, names=names), voter)
    do(found, c.ClosePoll(5), ORGANISER)
    do(found, election, ORGANISER)
    count = OutsideCount("Oui", 3)
    file = OutsideFile("x.bel", 3, "ab" * 32)
    do(found, c.ImportResult("Ailleurs", "https://vote.example/x", (count,), files=(file,)), ORGANISER)


def test_every_screen_is_there_for_everybody(essai: Site) -> None:
    """W1: whoever comes, whatever is open or closed."""
    hold_everything(essai)
    people = [essai.visitor(), *(entered(essai, person) for person in (ELUS[0], TELLER, ORGANISER))]
    shown = [f"scrutins/{n}" for n in essai.state().polls]
    shown += ["scrutins", "voter", "ecran", "seance", "scrutins/elections/1", "scrutins/ailleurs/1"]
    for subject in (*(f"scrutin-{n}" for n in essai.state().polls), ""):
        do(essai, c.CallSubject(subject), ORGANISER)
        assert people[0].go("/c/essai/ecran")
        assert people[0].status == 200
    for visitor in people:
        for path in shown:
            visitor.go(f"/c/essai/{path}")
            assert visitor.status == 200, path
    for path in ORGANISING:
        people[-1].go(f"/organisation/essai/scrutins/{path}")
        assert people[-1].status == 200, path


def test_a_tie_for_the_last_seat_is_explained(essai: Site) -> None:
    """W14, W16, W20: who has a seat, who is tied, for how many seats, and what the rule says comes next."""
    hold_everything(essai)
    page = essai.visitor().go("/c/essai/scrutins/5")
    assert "Élu : Ana" in page
    assert "Bao et Cléo sont à égalité" in page
    assert "1 siège à pourvoir" in page
    do(essai, c.BreakTie(1, "p5", "Doyenne d’âge."), ORGANISER)
    assert "Élus : Ana, Cléo" in essai.visitor().go("/c/essai/scrutins/elections/1")


def test_several_names_are_ticked_without_javascript(essai: Site) -> None:
    """W20: too many, none at all and names on a blank paper are refused, and what was ticked stays."""
    do(essai, c.OpenElection("Bureau", ELUS, ElectionRule(seats=2)), ORGANISER)
    ana = entered(essai, ELUS[0])
    ana.go("/c/essai/voter")
    assert "Choisissez jusqu’à 2 noms." in ana.page
    ana.send_as("", "Mettre dans l’urne")
    assert "Choisissez d’abord une réponse" in ana.page
    ana.send_as("", "Mettre dans l’urne", **{"nom-00": "00", "blanc": "03"})
    assert ana.status == 422
    ana.send_as("", "Mettre dans l’urne", **{"nom-00": "00", "nom-01": "01", "nom-02": "02", "blanc": ""})
    assert "plus de 2 noms" in ana.page
    assert ana.page.count(" checked") == 3
    ana.send_as("", "Mettre dans l’urne", **{"nom-02": "", "blanc": ""})
    assert "Votre bulletin est dans l’urne" in ana.page
    for voter in ELUS[1:]:
        do(essai, c.CastSecret(1, names=(0, 1)), voter)
    do(essai, c.ClosePoll(1), ORGANISER)
    assert essai.state().polls[1].papers == (0, 0, 0, 1, 1, 1)


def test_what_a_box_below_three_papers_becomes_is_said_before_anybody_votes(essai: Site) -> None:
    """W21: on the poll's page and on the voter's screen; closed with two papers, the poll shows nothing of them."""
    do(essai, c.OpenElection("Bureau", ELUS), ORGANISER)
    ana = entered(essai, ELUS[0])
    for page in ("voter", "scrutins/1"):
        assert "Au-dessous de 3 bulletins, l’urne n’est pas ouverte" in ana.go(f"/c/essai/{page}")
        assert "Un résultat unanime dit ce que chacun a répondu." in ana.page
    for voter in ELUS[:2]:
        do(essai, c.CastSecret(1, 0), voter)
    olga = entered(essai, ORGANISER)
    olga.go("/c/essai/scrutins/1")
    olga.send("Clore le scrutin")
    assert essai.state().polls[1].papers == ()
    page = essai.visitor().go("/c/essai/scrutins/1")
    assert "Scrutin annulé" in page
    assert "Moins de trois bulletins" in page
    assert "le compte y est" not in page


def test_tellers_count_alone_until_both_have(essai: Site) -> None:
    """W7, W8, W9: the second count shows the difference, to tellers and to who conducts; a decision ends it."""
    do(essai, c.OpenPoll("amendement-1", terms=Terms(Way.HANDS, tellers=(TELLER, "p3"))), ORGANISER)
    sami, ana, olga = (entered(essai, person) for person in (TELLER, "p3", ORGANISER))
    counted = {"in_favour": "2", "against": "1", "abstain": "0", "present": "3"}
    page = "/c/essai/scrutins/1"
    sami.go(page)
    sami.send("Entrer ce compte", **counted)
    assert "Comptes attendus de : Ana" in olga.go(page)
    ana.go(page)
    assert "Sami" not in ana.page.partition("Votre compte")[2].partition("Dans le registre")[0]
    ana.send("Entrer ce compte", **{**counted, "in_favour": "9"})
    assert "plus de mains levées que de présents" in ana.page
    ana.send("Entrer ce compte", **{**counted, "in_favour": "1", "against": "2"})
    assert "Les comptes diffèrent" in ana.page
    olga.go(page)
    assert "Les comptes diffèrent" in olga.page
    olga.send("Trancher", **counted, reason="La photo le montre.")
    olga.send("Clore le scrutin")
    assert "Adopté" in essai.visitor().go(page)
    assert "La photo le montre." in essai.visitor().go(page)
    assert essai.state().polls[1].counts["p3"] == Hands(1, 2, 0, 3)
