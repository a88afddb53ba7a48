"""The first page of a congress by role and moment: what to do now, one's own amendments, what was adopted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Choice, Outcome, Phase, Role
from tests.server.browsing import OPENED, Site, Visitor, site

MOTION = b"# Pour un car\n\n- Demande un bus.\n- Demande un train.\n"
HOME = "/c/essai/"
TODO = re.compile(r'<ul class="todo".*?</ul>', re.DOTALL)
LINK = re.compile(r'<a class="button([^"]*)" href="([^"]*)">([^<]*)')


@pytest.fixture
def essai(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as found:
        found.do(c.InvitePerson("Olga Orsini", Role.ORGANISER))
        yield found


def tasks(visitor: Visitor) -> list[tuple[str, str]]:
    """What the page says that one can do, with where it leads; the first one alone is the main button."""
    found = TODO.search(visitor.go(HOME))
    links = LINK.findall(found[0]) if found else []
    assert [look for look, _, _ in links] == [""] + [" second"] * (len(links) - 1) if links else True
    return [(unescape(label), href) for _, href, label in links]


def only(found: Site, *phases: Phase) -> None:
    """Opens these phases and closes the others."""
    for phase in Phase:
        opens = OPENED if phase in phases else None
        if (window := found.state().phases.get(phase)) is None or window.opens != opens:
            found.do(c.SetPhase(phase, opens), "p1")


def test_a_visitor_testifies_reads_and_follows(essai: Site) -> None:
    only(essai, Phase.COLLECT)
    visitor = essai.visitor()
    testify, read = ("Témoigner", "/c/essai/temoignages/nouveau"), ("Lire les témoignages", "/c/essai/temoignages")
    assert tasks(visitor) == [testify, read]
    essai.do(c.OpenSitting(), "p1")
    assert tasks(visitor) == [testify, read, ("Suivre la séance", "/c/essai/seance")]
    only(essai)
    assert tasks(visitor)[0] == read


def test_an_elu_has_the_open_vote_first_then_the_motions(essai: Site) -> None:
    olga, ana = essai.member(Role.ORGANISER, "Oda"), essai.member(Role.ELU, "Ana")
    essai.bring_in(olga, MOTION, "p3")
    essai.do(c.FreezeMotion(1), "p1")
    essai.do(c.CreateMotion("Pour un tram"), "p3")
    only(essai, Phase.DRAFTING)
    assert tasks(ana) == [("Écrire la motion", "/c/essai/motions/2/edition")]
    assert "Pour un tram" in TODO.findall(ana.page)[0]
    only(essai, Phase.AMENDMENTS, Phase.VOTE)
    amend = ("Amender la motion", "/c/essai/motions/1")
    assert tasks(ana) == [amend]
    essai.do(c.OpenPoll("motion-1"), "p1")
    assert tasks(ana) == [("Voter", "/c/essai/voter"), amend]
    assert "Voter" not in dict(tasks(essai.visitor()))
    essai.do(c.CastBallot(1, Choice.FOR), "p3")
    assert tasks(ana) == [amend]


def test_an_elu_sees_what_became_of_their_amendments(essai: Site) -> None:
    olga, ana = essai.member(Role.ORGANISER, "Oda"), essai.member(Role.ELU, "Ana")
    bao = essai.member(Role.ELU, "Bao")
    essai.bring_in(olga, MOTION, "p3")
    essai.do(c.FreezeMotion(1), "p1")
    essai.do(c.TableAmendment(1, Aim.TITLE, "", "Pour un tram", rationale="Mieux."), "p3")
    assert "Mes amendements" not in bao.go(HOME)
    assert "Déposé" in ana.go(HOME)
    essai.do(c.SettleAmendment(1, Outcome.INADMISSIBLE, "Hors du sujet du congrès"), "p1")
    assert "Irrecevable" in ana.go(HOME)
    assert "Hors du sujet du congrès" in ana.page
    assert ("1 amendement : dire s’il est recevable", "/organisation/essai/") not in tasks(olga)


def test_an_organiser_has_the_steps_then_the_queues_that_are_not_empty(essai: Site) -> None:
    olga, visitor = essai.member(Role.ORGANISER, "Oda"), essai.visitor()
    assert "Inviter les élus" in olga.go(HOME)
    assert "Inviter les élus" not in visitor.go(HOME)
    only(essai, Phase.COLLECT)
    essai.do(c.SubmitTestimony(text="Le car du matin.", consent=True))
    assert tasks(olga)[0] == ("1 témoignage à modérer", "/organisation/essai/")
    essai.do(c.PublishTestimony(1), "p1")
    assert tasks(olga) == [("Témoigner", "/c/essai/temoignages/nouveau")]
    essai.do(c.OpenSitting(), "p1")
    assert tasks(olga)[0] == ("Conduire la séance", "/c/essai/seance#conduite")


def test_a_scribe_has_the_last_that_they_recorded(essai: Site) -> None:
    only(essai, Phase.COLLECT)
    scribe = essai.member(Role.SCRIBE, "Sam")
    for n in range(7):
        essai.do(c.SubmitTestimony(text=f"Parole {n}.", consent=True), "p2")
    scribe.go(HOME)
    assert [f"Parole {n}." in scribe.page for n in range(7)] == [False, False, *[True] * 5]
    assert "Parole 6." not in essai.visitor().go(HOME)


def test_after_the_adoption_everybody_finds_the_text_its_thread_and_the_vote(essai: Site) -> None:
    olga = essai.member(Role.ORGANISER, "Oda")
    essai.member(Role.ELU, "Ana")
    essai.bring_in(olga, MOTION, "p3")
    essai.do(c.FreezeMotion(1), "p1")
    essai.do(c.OpenPoll("motion-1"), "p1")
    essai.do(c.CastBallot(1, Choice.FOR), "p3")
    assert 'class="adopted"' not in essai.visitor().go(HOME)
    essai.do(c.ClosePoll(1), "p1")
    page = essai.visitor().go(HOME)
    adopted = page[page.index('class="adopted"') :].partition("</section>")[0]
    found = re.findall('href="([^"]+)"', adopted)
    assert found == ["/c/essai/motions/1", "/c/essai/motions/1/origines", "/c/essai/scrutins/1"]
    assert page.index('class="adopted"') < page.index('class="todo"')
    essai.do(c.CreateMotion("Pour un tram"), "p3")
    page = essai.visitor().go(HOME)
    assert page.index('class="todo"') < page.index('class="adopted"')
