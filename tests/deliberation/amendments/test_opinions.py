"""The rapporteur's opinion, positions of others, and taking over withdrawn amendments (A8, A34, A35, A36)."""

from __future__ import annotations

from dataclasses import replace

from deliberation.amendments.opinions import OPINIONS
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.vocabulary import Aim, Outcome
from tests.deliberation.congresses import AGAINST, ELU, FOR, ORGANISER, OTHER, SCRIBE, THIRD, Congress, findings


def by_another(congress: Congress, kind: type[e.Event], actor: str) -> list[str]:
    """The verifier's findings if the last act of that kind had been somebody else's."""
    last = max(r.index for r in congress.record if isinstance(r.event, kind))
    return findings(replace(r, actor=actor) if r.index == last else r for r in congress.record)


def tabled(congress: Congress) -> None:
    """Tables two amendments by Élise, and names Ève rapporteur."""
    congress.frozen("Demande la fibre.", "Demande le rail.")
    congress.table("Demande la fibre partout.")
    congress.table("Demande le rail partout.", "c2")
    congress.do(ORGANISER, c.NameRapporteur(1, THIRD))


def test_the_rapporteur_alone_gives_the_opinion(congress: Congress) -> None:
    """A8, A34"""
    congress.frozen()
    congress.table("Demande la fibre partout.")
    assert congress.refused(THIRD, c.GiveOpinion(1, "sagesse")) == "rapporteur.none"
    assert congress.refused(ELU, c.NameRapporteur(1, THIRD)) == "role.not_allowed"
    assert congress.refused(ORGANISER, c.NameRapporteur(1, SCRIBE)) == "rapporteur.not_elu"
    assert congress.refused(ORGANISER, c.NameRapporteur(2, THIRD)) == "motion.not_found"
    congress.do(ORGANISER, c.NameRapporteur(1, THIRD))
    assert congress.refused(ORGANISER, c.NameRapporteur(1, THIRD)) == "rapporteur.unchanged"
    for actor, code in ((ELU, "rapporteur.only"), (ORGANISER, "role.not_allowed"), (SCRIBE, "role.not_allowed")):
        assert congress.refused(actor, c.GiveOpinion(1, "sagesse")) == code
    assert congress.refused(THIRD, c.GiveOpinion(1, "bof")) == "opinion.unknown"
    assert congress.refused(THIRD, c.GiveOpinion(1, "reserve")) == "opinion.no_condition"
    assert congress.refused(THIRD, c.GiveOpinion(1, "sagesse", "x" * 10_001)) == "text.too_long"
    assert congress.refused(THIRD, c.GiveOpinion(2, "sagesse")) == "amendment.not_found"
    for opinion in OPINIONS:
        amendment = congress.do(THIRD, c.GiveOpinion(1, opinion, " Si le budget suit. ")).amendments[1]
        assert (amendment.opinion, amendment.opinion_comment) == (opinion, "Si le budget suit.")
    given = congress.state.amendments[1].opinions
    assert [each.opinion for each in given] == list(OPINIONS)
    assert {each.by for each in given} == {THIRD}
    assert [each.time for each in given] == sorted(each.time for each in given)
    congress.vote("amendement-1", FOR)
    assert congress.refused(THIRD, c.GiveOpinion(1, "sagesse")) == "amendment.settled"
    assert findings(congress.record) == []
    assert "opinion.refused" in by_another(congress, e.OpinionGiven, ELU)
    assert "act.not_entitled" in by_another(congress, e.RapporteurNamed, ELU)


def test_one_opinion_is_given_on_a_list(congress: Congress) -> None:
    """A34: on all of them or on none."""
    tabled(congress)
    assert congress.refused(THIRD, c.GiveOpinions((), "favorable")) == "opinion.none"
    assert congress.refused(THIRD, c.GiveOpinions((1, 3), "favorable")) == "amendment.not_found"
    state = congress.do(THIRD, c.GiveOpinions((1, 2, 1), "favorable"))
    assert [a.opinion for a in state.amendments.values()] == ["favorable", "favorable"]
    assert len(state.amendments[1].opinions) == 1


def test_opinions_of_earlier_records_stand(congress: Congress) -> None:
    """A34: where nobody was named, whoever gave them."""
    congress.frozen()
    congress.table("Demande la fibre partout.")
    state = congress.keep(ORGANISER, (e.OpinionGiven(1, "favorable", ""),))
    assert (state.amendments[1].opinion, state.amendments[1].opinions[0].by) == ("favorable", ORGANISER)
    assert findings(congress.record) == []


def test_others_say_what_they_think_and_it_counts_for_nothing(congress: Congress) -> None:
    """A35"""
    tabled(congress)
    assert congress.refused(ELU, c.TakePosition(1, "sagesse")) == "position.unknown"
    assert congress.refused(THIRD, c.TakePosition(1, "favorable")) == "position.rapporteur"
    assert congress.refused(ORGANISER, c.TakePosition(1, "favorable")) == "role.not_allowed"
    congress.do(ELU, c.TakePosition(1, "favorable", "Enfin."))
    congress.do(OTHER, c.TakePosition(1, "favorable"))
    state = congress.do(ELU, c.TakePosition(1, "defavorable", "À la réflexion."))
    said = [(each.by, each.opinion, each.comment) for each in state.amendments[1].positions]
    assert said == [(OTHER, "favorable", ""), (ELU, "defavorable", "À la réflexion.")]
    assert state.amendments[1].opinion == ""
    assert findings(congress.record) == []
    assert "act.not_entitled" in by_another(congress, e.PositionTaken, ORGANISER)


def test_another_elu_takes_over_what_was_withdrawn(congress: Congress) -> None:
    """A36: same number and words, with the mention; it is voted like any other."""
    tabled(congress)
    congress.do(OTHER, c.SignAmendment(1))
    congress.do(ORGANISER, c.AdmitAmendment(1))
    assert congress.refused(OTHER, c.TakeOverAmendment(1)) == "amendment.not_withdrawn"
    congress.do(ELU, c.WithdrawAmendment(1))
    assert congress.refused(ELU, c.TakeOverAmendment(1)) == "amendment.own"
    assert congress.refused(ORGANISER, c.TakeOverAmendment(1)) == "role.not_allowed"
    before = congress.state.amendments[1]
    mine = congress.do(OTHER, c.TakeOverAmendment(1)).amendments[1]
    assert (mine.author, mine.taken_from, mine.signatures) == (OTHER, (ELU,), ())
    assert (mine.text, mine.spans, mine.called) == (before.text, before.spans, "1 repris")
    assert (mine.status, mine.outcome) == ("admitted", None)
    assert congress.refused(ELU, c.WithdrawAmendment(1)) == "amendment.not_author"
    state = congress.vote("amendement-1", FOR)
    assert state.amendments[1].outcome is Outcome.ADOPTED
    assert findings(congress.record) == []
    assert "amendment.refused" in by_another(congress, e.AmendmentTakenOver, ELU)


def test_what_aimed_at_another_text_is_not_taken_over(congress: Congress) -> None:
    """A36"""
    tabled(congress)
    congress.do(ELU, c.WithdrawAmendment(1))
    congress.do(ELU, c.WithdrawAmendment(2))
    congress.do(ORGANISER, c.ReopenMotion(1, "Une erreur"))
    assert congress.refused(OTHER, c.TakeOverAmendment(1)) == "amendment.base_gone"
    congress.do(ORGANISER, c.FreezeMotion(1))
    assert congress.refused(OTHER, c.TakeOverAmendment(1)) == "amendment.base_gone"
    assert congress.refused(OTHER, c.TakeOverAmendment(9)) == "amendment.not_found"


def test_nothing_is_taken_over_while_the_whole_is_put_to_the_vote(congress: Congress) -> None:
    """A36, V1: nothing waits for its outcome once the motion has its own."""
    tabled(congress)
    congress.do(ELU, c.WithdrawAmendment(1))
    congress.do(ELU, c.WithdrawAmendment(2))
    congress.poll("motion-1")
    assert congress.refused(OTHER, c.TakeOverAmendment(1)) == "motion.vote_open"


def test_nothing_is_taken_over_once_parts_of_the_motion_are_voted(congress: Congress) -> None:
    """A36, W13: the parts adopted are another text, at which nothing pending aims."""
    congress.frozen("Demande la fibre.", "Demande le rail.")
    congress.do(ELU, c.TableAmendment(1, Aim.DELETE, "c1"))
    congress.do(ELU, c.WithdrawAmendment(1))
    congress.do(ORGANISER, c.DivideSubject("motion-1", ((0,), (1,)), ELU))
    for part, choice in ((1, AGAINST), (2, FOR)):
        congress.do(ORGANISER, c.OpenPoll("motion-1", part=part))
        assert congress.refused(OTHER, c.TakeOverAmendment(1)) == "motion.vote_open"
        congress.do(ELU, c.CastBallot(part, choice))
        congress.do(ORGANISER, c.ClosePoll(part))
        code = "motion.vote_open" if part == 1 else "amendment.base_gone"
        assert congress.refused(OTHER, c.TakeOverAmendment(1)) == code
