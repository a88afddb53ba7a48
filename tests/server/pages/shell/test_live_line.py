"""The live line: what happens now, the same for everybody, and a vote that is offered to whoever lacks a ballot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.ids import VISITOR
from deliberation.kernel.vocabulary import Choice, ElectionRule, Role, Terms, Way
from deliberation.visibility.views import public_view, view_of
from exports.translations import words_for
from server.pages.shell.fragments import fragment_of
from server.pages.shell.live_line import LiveLine, OwnVote, live_line, own_vote
from tests.server.browsing import Site, Visitor, site

MOTION = b"# Titre\n\n- Demande un bus.\n- Demande un train.\n"
NOW = "2026-06-01T10:00:00.000Z"
OFFER = 'href="/c/essai/voter">Voter</a>'
HELD_BACK = 'href="/c/essai/voter" hidden>Voter</a>'


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


def line(found: Site) -> LiveLine | None:
    return live_line(public_view(found.state()), words_for("fr"), NOW)


def told(found: Site) -> tuple[str, str, str]:
    shown = line(found)
    return (shown.label, shown.path, shown.title) if shown else ("", "", "")


def own(found: Site, person: str) -> OwnVote | None:
    return own_vote(view_of(found.state(), person), person)


def offered(found: Site, person: str) -> bool:
    votes = own(found, person)
    return votes is not None and votes.is_offered(line(found))


def entered(found: Site, person: str) -> Visitor:
    services = found.app.state.services
    visitor = found.visitor()
    visitor.go("/connexion")
    visitor.send("Me connecter", lien=services.link(services.identity.make_link("essai", person)))
    return visitor


def test_it_says_what_happens_most(essai: Site) -> None:
    assert told(essai) == ("", "", "")
    essai.do(c.OpenSitting(), "p1")
    assert told(essai) == ("Séance ouverte", "seance", "")
    essai.do(c.CallSubject("motion-1"), "p1")
    assert told(essai) == ("En discussion", "motions/1", "Titre")
    essai.do(c.OpenPoll("motion-1"), "p1")
    assert told(essai) == ("Vote ouvert", "scrutins/1", "")
    essai.do(c.OpenElection("Présidence", ("p2", "p3"), ElectionRule()), "p1")
    assert told(essai) == ("2 votes ouverts", "scrutins", "")


def test_a_vote_is_offered_until_every_ballot_of_the_person_is_cast(essai: Site) -> None:
    essai.do(c.OpenPoll("motion-1"), "p1")
    everybody = ("p1", "p2", "p3", "p4", VISITOR)
    assert [offered(essai, person) for person in everybody] == [False, True, True, True, False]
    essai.do(c.CastBallot(1, Choice.FOR), "p2")
    essai.do(c.CastBallot(1, Choice.FOR), "p3")
    assert [offered(essai, person) for person in everybody] == [False, True, False, True, False]
    essai.do(c.CastBallot(1, Choice.AGAINST, "p4"), "p2")
    assert [offered(essai, person) for person in everybody] == [False] * 5
    shown = line(essai)
    assert shown is not None
    assert (shown.voted, shown.entitled) == (3, 3)


def test_a_secret_ballot_is_offered_until_its_signature(essai: Site) -> None:
    essai.do(c.OpenElection("Présidence", ("p2", "p3"), ElectionRule()), "p1")
    assert offered(essai, "p3")
    essai.do(c.CastSecret(1, 1), "p3")
    assert not offered(essai, "p3")


def test_no_vote_is_offered_while_it_is_paused(essai: Site) -> None:
    essai.do(c.OpenPoll("motion-1"), "p1")
    essai.do(c.PausePoll(1, "Une panne de réseau"), "p1")
    assert told(essai)[0] == "Vote suspendu"
    assert not offered(essai, "p2")
    essai.do(c.ResumePoll(1), "p1")
    assert offered(essai, "p2")


def test_no_vote_is_offered_where_hands_are_raised(essai: Site) -> None:
    essai.do(c.OpenPoll("motion-1", terms=Terms(Way.HANDS, tellers=("p3",))), "p1")
    shown = line(essai)
    assert shown is not None
    assert (shown.label, shown.ballots, shown.voted) == ("Vote ouvert", (), None)
    assert not offered(essai, "p2")


def test_a_page_knows_the_colleges_in_which_its_reader_will_vote(essai: Site) -> None:
    essai.do(c.SetCollege("Communes", ("p2",)), "p1")
    essai.do(c.OpenPoll("motion-1", college=1), "p1")
    assert own(essai, "p2") == OwnVote(frozenset({1}), (0, 1), 1)
    assert own(essai, "p3") == OwnVote(frozenset(), (0,), 1)
    assert own(essai, "p1") is None
    shown = line(essai)
    assert shown is not None
    assert shown.ballots == ((1, 1),)


def test_every_page_has_the_line_and_only_whoever_votes_is_offered_it(essai: Site) -> None:
    essai.do(c.OpenPoll("motion-1"), "p1")
    ana, visitor, olga = entered(essai, "p2"), essai.visitor(), entered(essai, "p1")
    for address in ("/c/essai/temoignages", "/c/essai/motions/1/edition", "/c/essai/motions/9"):
        assert OFFER in ana.go(address)
        for other in (visitor, olga):
            assert "Vote ouvert" in other.go(address)
            assert OFFER not in other.page
            assert HELD_BACK not in other.page
    assert "0 votant sur 3" in visitor.page
    for voter in ("", "p4"):
        ana.go("/c/essai/voter")
        ana.send_as(voter, "Confirmer mon vote", choix="pour")
    assert HELD_BACK in ana.go("/c/essai/temoignages")
    before_the_line = ana.go("/c/essai/voter").partition('class="live-line')[0]
    assert "<div hidden>" in before_the_line, "there for the tab’s title alone"


def test_what_is_sent_to_everybody_offers_no_vote(essai: Site) -> None:
    essai.do(c.OpenPoll("motion-1"), "p1")
    sent = fragment_of("essai", "ligne", "fr", public_view(essai.state()))
    assert sent is not None
    assert "Vote ouvert" in sent
    assert "voter" not in sent
