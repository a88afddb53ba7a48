"""The voter's screen: voting in any open poll with two presses, for oneself and by proxy, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Choice, ElectionRule, PollRule, Role, Terms, Way
from tests.server.browsing import Site, Visitor, site

MOTION = b"# Titre\n\n- Demande un bus.\n- Demande un train.\n"
BOOTH = "/c/essai/voter"
LEGEND = re.compile(r"<fieldset>\s*<legend>(.*?)</legend>", re.DOTALL)
WORDS = re.compile(r"<[^>]*>")


@pytest.fixture
def essai(tmp_path: Path) -> Iterator[Site]:
    """A congress with a frozen motion, an organiser (p1) and three élus, of whom the third gave a proxy to the first
    (p2).
    """
    with site(tmp_path) as found:
        olga = found.member(Role.ORGANISER, "Olga")
        for name in ("Ana", "Bao", "Cléo"):
            found.do(c.InvitePerson(name, Role.ELU))
        found.bring_in(olga, MOTION, "p2")
        found.do(c.FreezeMotion(1), "p1")
        found.do(c.GiveProxy("p2"), "p4")
        yield found


def entered(found: Site, person: str) -> Visitor:
    services = found.app.state.services
    visitor = found.visitor()
    visitor.go("/connexion")
    visitor.send("Me connecter", lien=services.link(services.identity.make_link("essai", person)))
    return visitor


def test_one_votes_for_oneself_and_by_proxy_until_it_closes(essai: Site) -> None:
    """V3, V13, V14: each ballot has its receipt; a late one is refused and says that it was not counted."""
    essai.do(c.OpenPoll("motion-1"), "p1")
    ana, cleo = entered(essai, "p2"), entered(essai, "p4")
    ana.go(BOOTH)
    assert "Au nom de Cléo, par pouvoir" in ana.page
    for choice, voter in (("pour", ""), ("contre", "p4"), ("abstention", "")):
        ana.send_as(voter, "Confirmer mon vote", choix=choice)
    assert ana.page.count(".proof") == 2
    assert essai.state().polls[1].ballots == {"p2": Choice.ABSTAIN, "p4": Choice.AGAINST}
    assert "Ana a voté en votre nom" in cleo.go(BOOTH)
    kept = cleo.page
    cleo.send("Confirmer mon vote", choix="pour")
    assert "son vote écarte le pouvoir" in ana.go(BOOTH)
    essai.do(c.ClosePoll(1), "p1")
    cleo.page, cleo.address = kept, BOOTH
    cleo.send("Confirmer mon vote", choix="contre")
    assert cleo.status == 409
    assert "votre vote n’a pas été compté" in cleo.page
    assert essai.state().polls[1].ballots["p4"] is Choice.FOR
    assert "Mes derniers votes" in cleo.go(BOOTH)


def test_a_secret_paper_is_put_into_the_box_once_for_each_voice(essai: Site) -> None:
    """W6: what is in the box is shown to nobody, and there is nothing left to press."""
    essai.do(c.OpenElection("Présidence", ("p2", "p3"), ElectionRule()), "p1")
    ana = entered(essai, "p2")
    ana.go(BOOTH)
    ana.send_as("", "Mettre dans l’urne", bulletin="01")
    ana.send_as("p4", "Mettre dans l’urne", bulletin="02")
    assert "Votre bulletin est dans l’urne" in ana.page
    assert "Le bulletin de Cléo est dans l’urne" in ana.page
    assert 'name="voter" value="p4"' not in ana.page
    assert sorted(essai.state().polls[1].signed) == ["p2", "p4"]


def test_a_sheet_is_answered_for_another_too(essai: Site) -> None:
    """W17, V13"""
    for aim, text, kind in ((Aim.TITLE, "Autre titre", ""), (Aim.INSERT, "Demande un car.", "demande")):
        essai.do(c.TableAmendment(1, aim, text=text, rationale="Parce que.", new_kind=kind), "p3")
    essai.do(c.OpenSheet(("amendement-1", "amendement-2"), block=True), "p1")
    ana = entered(essai, "p2")
    ana.go(BOOTH)
    ana.send_as("p4", "Confirmer mon vote", choix="contre")
    assert [poll.by_proxy for poll in essai.state().polls.values()] == [{"p4": "p2"}] * 2


@pytest.mark.parametrize(
    ("terms", "said"), [(Terms(Way.HANDS), "Levez la main"), (Terms(Way.SECRET, ground="reglement"), "bulletin secret")]
)
def test_other_ways_say_what_to_do_and_strangers_what_keeps_them_out(essai: Site, terms: Terms, said: str) -> None:
    """P3, V2: who arrived after the opening is told why they cannot vote."""
    essai.do(c.OpenPoll("motion-1", rule=PollRule(proxies=0), terms=terms), "p1")
    late = essai.member(Role.ELU, "Dina")
    assert said in entered(essai, "p2").go(BOOTH)
    assert "Vous n’êtes pas inscrit pour ce scrutin" in late.go(BOOTH) or terms.way is Way.HANDS
    assert "Seuls les élus inscrits votent" in essai.visitor().go(BOOTH)


def test_nothing_that_a_voter_sends_counts_for_another_twice_or_too_late(essai: Site) -> None:
    """V2, V3, V13: each attempt says why, the same frame sent again has the same receipt, and the ballots stay."""
    essai.do(c.OpenPoll("motion-1"), "p1")
    ana, bao = entered(essai, "p2"), entered(essai, "p3")
    late = essai.member(Role.ELU, "Dina")

    def send(visitor: Visitor, id_: str, **data: object) -> tuple[int, dict[str, Any]]:
        body = {"id": id_, "name": "ballot.cast", "data": {"poll": 1, **data}}
        answer = essai.request("POST", "/api/v1/c/essai/commandes", visitor.cookies, json=body)
        return answer.status_code, answer.json()

    status, first = send(ana, "trame", choice="pour")
    assert status == 200
    status, again = send(ana, "trame", choice="pour")
    assert (status, again["entries"], again["repeated"]) == (200, first["entries"], True)
    assert send(ana, "trame", choice="contre")[1]["entries"] == first["entries"]
    said = [
        send(bao, "autre", choice="contre", voter="p2"),
        send(bao, "pouvoir", choice="contre", voter="p4"),
        send(late, "tard", choice="contre"),
        send(essai.visitor(), "public", choice="contre"),
    ]
    assert {(status, body["code"]) for status, body in said} == {
        (422, "proxy.none"),
        (403, "ballot.not_entitled"),
        (401, "person.anonymous"),
    }
    assert all(body["message"] for _, body in said)
    assert essai.state().polls[1].ballots == {"p2": Choice.FOR}
    essai.do(c.ClosePoll(1), "p1")
    status, body = send(bao, "clos", choice="contre")
    assert (status, body["code"]) == (409, "poll.closed")
    assert send(ana, "trame", choice="pour")[1]["entries"] == first["entries"], "a receipt stays true after the close"
    assert essai.state().polls[1].ballots == {"p2": Choice.FOR}


def test_a_rule_may_let_a_vote_stand_and_hide_how_many_voted(essai: Site) -> None:
    """V16, V17"""
    essai.do(c.OpenPoll("motion-1", rule=PollRule(changeable=False, participation=False)), "p1")
    ana, public = entered(essai, "p2"), essai.visitor()
    kept = ana.go(BOOTH)
    assert "Un vote donné ne se change plus" in kept
    ana.send_as("", "Confirmer mon vote", choix="pour")
    assert "Vote enregistré : Pour." in ana.page
    ana.page, ana.address = kept, BOOTH
    ana.send_as("", "Confirmer mon vote", choix="contre")
    assert "n’admet pas d’en changer" in ana.page
    for path in ("scrutins/1", "ecran", "seance"):
        public.go(f"/c/essai/{path}")
        assert "votant sur" not in public.page, path
        assert "Ont voté" not in public.page, path
    assert essai.request("GET", "/api/v1/c/essai/scrutins/1", {}).json()["entries"] == []
    essai.do(c.ClosePoll(1), "p1")
    assert "Le nombre de votants n’est montré qu’à la clôture" in public.go("/c/essai/scrutins/1")


def test_each_of_several_open_polls_has_its_own_name(essai: Site) -> None:
    """The name of a ballot, as a screen reader says it, tells whose it is and what it is about."""
    essai.do(c.OpenPoll("motion-1"), "p1")
    essai.do(c.OpenElection("Présidence", ("p2", "p3"), ElectionRule()), "p1")
    ballots = entered(essai, "p2").go(BOOTH).split('data-live="vote"')[0]
    motion, office = "Adoptez-vous l’ensemble de la motion ? Titre", "Présidence Élection : Présidence"
    assert {WORDS.sub("", x).replace("\u00a0", " ").strip() for x in LEGEND.findall(ballots)} == {
        f"Mon vote : {motion}",
        f"Au nom de Cléo, par pouvoir : {motion}",
        f"Votre bulletin secret : {office}",
        f"Au nom de Cléo, par pouvoir : {office}",
    }
