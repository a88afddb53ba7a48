"""The pages of every way of voting, as a voter, a teller, an organiser and the public see them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import Aim, Choice, ElectionRule, Hands, Role, Terms, Way
from deliberation.motions import division
from server.writing.receipts import Receipt
from tests.bel_archives import Told, election, importing
from tests.server.browsing import Site, Visitor, site

MOTION = b"# Titre\n\n- Demande un bus et un quai.\n- Demande un train.\n- Demande un car.\n"
ORGANISER, TELLER, ELUS = "p1", "p2", ("p3", "p4", "p5")
ORGANISING = ("ouvrir", "groupe", "division", "division?sujet=amendement-1", "election", "tour", "ailleurs")


@pytest.fixture
def essai(tmp_path: Path) -> Iterator[Site]:
    """A congress with a frozen motion with three amendments, an organiser (p1), a scribe who is a teller (p2), and
    three élus.
    """
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
    """Holds one open and one closed poll in each way, an election with one vacant seat, and imports a result."""
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
    do(found, importing(), ORGANISER)


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


def test_the_archive_of_an_election_is_brought_in_and_given_away(essai: Site) -> None:
    """V30, V31: no figure is typed; a wrong file is refused with what was typed, and the page shows what was read."""
    olga = entered(essai, ORGANISER)
    olga.go("/organisation/essai/scrutins/ailleurs")
    assert "counts" not in olga.page
    typed = {"url": "https://vote.example/x", "comment": "Ouvert trois jours."}
    olga.send("Importer ce résultat", **typed)
    assert "un résultat ne se déclare pas" in olga.page
    olga.send("Importer ce résultat", files={"archive": ("x.bel", b"PK", "application/x-tar")}, **typed)
    assert olga.status == 422
    assert "n’est pas une archive Belenios" in olga.page
    assert "Ouvert trois jours." in olga.page
    told = Told(result=((1, 4, 0),), name="Logo du congrès")
    olga.send("Importer ce résultat", files={"archive": ("x.bel", election(told), "application/x-tar")}, **typed)
    assert olga.address.startswith("/c/essai/scrutins/ailleurs/1")
    for said in ("Logo du congrès", "Résultat lu dans l’archive Belenios", "5 votants", "7 clés de vote", "Ana"):
        assert said in olga.page, said
    given = essai.request("GET", "/c/essai/scrutins/ailleurs/1/archive", {})
    assert given.content == election(told)
    assert given.headers["content-disposition"].startswith("attachment")
    assert essai.request("GET", "/c/essai/scrutins/ailleurs/2/archive", {}).status_code == 404


def test_an_election_by_the_law_of_mayors_from_a_preset(essai: Site) -> None:
    """W14, W24, W25: the preset fills the form; somebody joins in the second round; the eldest of a tie is stated."""
    olga = entered(essai, ORGANISER)
    olga.go("/organisation/essai/scrutins/election?modele=maire")
    ticked = {"candidate:p3": "oui", "candidate:p4": "oui", "office": "Présidence"}
    olga.send("Ouvrir le premier tour", **ticked)
    rule = ElectionRule(absolute=2, tie="eldest", quorum_n=1, quorum_d=2, newcomers=True)
    assert essai.state().elections[1].rule == rule
    for marks in ((0, 1, 2), (0, 1, 2), (0, 1, 2)):
        for voter, paper in zip(ELUS, marks, strict=True):
            do(essai, c.CastSecret(len(essai.state().polls), paper), voter)
        do(essai, c.ClosePoll(len(essai.state().polls)), ORGANISER)
        if len(essai.state().polls) == 1:
            olga.go("/organisation/essai/scrutins/tour")
            olga.send("Ouvrir le tour suivant", **{"joining:p5": "oui"})
        elif len(essai.state().polls) == 2:
            do(essai, c.OpenRound(1, withdrawn=("p5",)), ORGANISER)
    page = olga.go("/c/essai/scrutins/elections/1")
    assert all(name in page for name in ("Ana", "Bao", "Cléo"))
    assert "la plus âgée ou le plus âgé est élu" in page
    olga.go("/organisation/essai/scrutins/tour")
    olga.send("Constater l’élection", person="p4")
    assert "dates de naissance" in olga.page
    assert olga.status == 422
    olga.send("Constater l’élection", person="p4", checked="oui")
    page = essai.visitor().go("/c/essai/scrutins/elections/1")
    assert "Bénéfice de l’âge" in page
    assert "la présidence a constaté" not in page
