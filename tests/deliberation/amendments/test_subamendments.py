"""Sub-amendments: they modify an amendment, are voted on before it, and then become part of it (A16–A20)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliberation.amendments.order import call_order
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Aim, Outcome, Phase, Span
from deliberation.votes import outcomes
from tests.deliberation.congresses import AGAINST, ELU, FOR, ORGANISER, OTHER, Congress

TEXT = "Demande la fibre pour tous avant 2030."
PROPOSED = "Demande la fibre optique pour tous avant 2028."
SUB = c.TableAmendment(1, Aim.REWRITE, text="Demande la fibre optique pour tous avant 2027.", parent=1)


def debated(congress: Congress) -> Congress:
    """The congress with a frozen text and one amendment."""
    congress.frozen(TEXT, "Demande du débit.")
    congress.table(PROPOSED)
    return congress


def test_a_sub_amendment_aims_at_what_an_amendment_proposes(congress: Congress) -> None:
    """A16, A15: numbered with the others, where its amendment stands, in the words of that one."""
    sub = debated(congress).do(OTHER, SUB).amendments[2]
    assert (sub.number, sub.parent, sub.clause, sub.aim, sub.base) == (2, 1, "c1", Aim.REWRITE, 1)
    assert sub.spans == (Span(41, "2028", "2027"),)


def test_the_deadline_is_not_for_sub_amendments(congress: Congress) -> None:
    """A16: until the vote on the amendment."""
    debated(congress).close(Phase.AMENDMENTS)
    assert congress.do(OTHER, replace(SUB, late_reason="En retard")).amendments[2].late_reason == ""
    congress.do(OTHER, c.WithdrawAmendment(2))
    congress.poll("amendement-1")
    assert congress.refused(OTHER, SUB) == "amendment.vote_open"
    congress.do(ORGANISER, c.ClosePoll(1))
    assert congress.refused(OTHER, SUB) == "amendment.settled"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(SUB, parent=9), "amendment.not_found"),
        (replace(SUB, parent=0), "amendment.not_found"),
        (replace(SUB, parent=2), "amendment.contradicts"),
        (replace(SUB, parent=3), "amendment.contradicts"),
        (replace(SUB, parent=4), "amendment.sub_of_sub"),
        (replace(SUB, parent=5), "amendment.unworded"),
        (replace(SUB, aim=Aim.DELETE), "amendment.contradicts"),
        (replace(SUB, aim=Aim.MOVE), "amendment.sub_aim"),
        (replace(SUB, text=TEXT), "amendment.contradicts"),
        (replace(SUB, text=PROPOSED), "amendment.unchanged"),
        (replace(SUB, text=""), "amendment.empty"),
        (replace(SUB, text=PROPOSED.replace("Demande", "Exige")), "amendment.not_its_words"),
        (replace(SUB, aim=Aim.INSERT, text="Demande aussi."), "amendment.no_kind"),
        (replace(SUB, aim=Aim.INSERT, text=" ", new_kind="visa"), "amendment.empty"),
        (replace(SUB, spans=(Span(0, "Rien", "Tout"),)), "amendment.spans"),
        (replace(SUB, spans=(Span(41, "2028", "2026"),)), "amendment.spans"),
    ],
)
def test_a_sub_amendment_does_not_contradict_its_amendment(
    congress: Congress, command: c.TableAmendment, code: str
) -> None:
    """A17, A3, A15"""
    debated(congress)
    congress.table(aim=Aim.DELETE, clause="c2")
    congress.do(ELU, c.TableAmendment(1, Aim.MOVE, "c2", after=""))
    congress.do(OTHER, SUB)
    congress.do(ELU, c.TableAmendment(1, Aim.REWRITE, "c2", instruction="Ajouter un délai."))
    assert congress.refused(OTHER, command) == code


def called(congress: Congress) -> list[int]:
    return [a.number for a in call_order(congress.state, 1)]


def test_a_sub_amendment_follows_its_amendment_wherever_the_chair_puts_it(congress: Congress) -> None:
    """A19, S12, S15, S25: before it only once it was called."""
    debated(congress)
    congress.do(OTHER, SUB)
    congress.table("Demande du débit partout.", "c2")
    assert called(congress) == [1, 2, 3]
    congress.do(ORGANISER, c.ReserveAmendment(1, "Son auteur arrive à midi"))
    assert called(congress) == [3, 1, 2]
    congress.do(ORGANISER, c.ChangeOrder(2, "Il attend l’ouverture", before=3))
    assert called(congress) == [3, 1, 2]
    congress.do(ORGANISER, c.CallSubject("amendement-1"))
    congress.do(ORGANISER, c.ReserveAmendment(1, "Son auteur sort"))
    assert called(congress) == [2, 3, 1]


def test_a_sub_amendment_is_called_once_its_amendment_was(congress: Congress) -> None:
    """S25: the refusal names its amendment; what is called is remembered when the hall goes on to something else."""
    debated(congress)
    congress.do(OTHER, SUB)
    congress.table("Demande du débit partout.", "c2")
    assert congress.refused(ORGANISER, c.CallSubject("amendement-2")) == "amendment.parent_not_called"
    congress.do(ORGANISER, c.CallSubject("amendement-1"))
    congress.do(ORGANISER, c.CallSubject("amendement-3"))
    congress.do(ORGANISER, c.CallSubject("amendement-2"))
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1")) == "amendment.subs_pending"
    congress.vote("amendement-2", FOR)
    congress.vote("amendement-1", FOR)


def test_a_discussion_of_sub_amendments_is_called_with_or_after_their_amendment(congress: Congress) -> None:
    """S25, S16"""
    debated(congress)
    congress.do(OTHER, SUB)
    congress.do(OTHER, replace(SUB, text="Demande la fibre optique pour tous avant 2026."))
    congress.do(ORGANISER, c.JoinDiscussion((2, 3)))
    assert congress.refused(ORGANISER, c.CallSubject("discussion-1")) == "amendment.parent_not_called"
    congress.do(ORGANISER, c.CallSubject("amendement-1"))
    congress.do(ORGANISER, c.CallSubject("discussion-1"))
    congress.do(ORGANISER, c.RevertAct(next(iter(congress.state.acts)), "À part"))
    congress.do(ORGANISER, c.CallSubject("amendement-3"))


def test_an_older_record_in_which_a_sub_amendment_was_called_first_folds_the_same(congress: Congress) -> None:
    """S25, S8: the rule is for new calls."""
    debated(congress)
    congress.do(OTHER, SUB)
    state = congress.keep(ORGANISER, (e.SubjectCalled("amendement-2"),))
    assert state.floor == "amendement-2"
    congress.verify()


def test_titles_and_insertions_are_sub_amended(congress: Congress) -> None:
    """A16, A17"""
    congress.frozen(TEXT)
    title = congress.table("La fibre pour tous", "", Aim.TITLE)
    congress.do(OTHER, c.TableAmendment(1, Aim.REWRITE, text="Le bon débit pour tous", parent=title))
    assert congress.state.amendments[2].aim is Aim.TITLE
    assert congress.refused(OTHER, replace(SUB, parent=title, aim=Aim.INSERT, new_kind="visa")) == "amendment.sub_aim"
    inserted = congress.table("Demande du débit.", "c1", Aim.INSERT, "demande")
    congress.do(OTHER, c.TableAmendment(1, Aim.REWRITE, text="Demande un bon débit.", parent=inserted))
    for number in (2, 1, 4, 3):
        congress.vote(f"amendement-{number}", FOR)
    text = congress.state.motions[1].text
    assert text is not None
    assert (text.title, text.clauses[1].markdown) == ("Le bon débit pour tous", "Demande un bon débit.")
    assert text.adopted == (2, 1, 4, 3)


def test_an_adopted_sub_amendment_changes_its_amendment(congress: Congress) -> None:
    """A18: at once; its author's words stay, and both are merged into the text."""
    debated(congress)
    congress.do(OTHER, SUB)
    congress.do(OTHER, replace(SUB, text="Demande la fibre optique et neutre pour tous avant 2028."))
    congress.do(OTHER, replace(SUB, aim=Aim.INSERT, text="Demande un bilan.", new_kind="demande"))
    for number in (3, 2, 4):
        congress.vote(f"amendement-{number}", FOR)
    parent = congress.state.amendments[1]
    assert parent.text == "Demande la fibre optique et neutre pour tous avant 2027."
    assert (parent.wording.text, parent.amended_by, parent.outcome) == (PROPOSED, (2, 3, 4), None)
    state = congress.vote("amendement-1", FOR)
    assert clause_texts(state) == [parent.text, "Demande un bilan.", "Demande du débit."]
    assert state.motions[1].text.adopted == (2, 3, 4, 1)  # type: ignore[union-attr]


def clause_texts(state: State) -> list[str]:
    text = state.motions[1].text
    assert text is not None
    return [clause.markdown for clause in text.clauses]


def test_sub_amendments_collide_in_the_words_of_their_amendment(congress: Congress) -> None:
    """A14, A18"""
    debated(congress)
    congress.do(OTHER, SUB)
    congress.do(ELU, replace(SUB, text="Demande la fibre optique pour tous avant 2026."))
    congress.vote("amendement-2", FOR)
    refused = congress.ask(ORGANISER, c.OpenPoll("amendement-3"))
    assert "L’amendement n° 2, adopté, change déjà les mêmes mots : « 2028 »." in str(refused)


def test_a_rejected_sub_amendment_changes_nothing(congress: Congress) -> None:
    """A18"""
    debated(congress)
    congress.do(OTHER, SUB)
    congress.vote("amendement-2", AGAINST)
    assert clause_texts(congress.vote("amendement-1", FOR)) == [PROPOSED, "Demande du débit."]


def test_a_sub_amendment_is_called_after_its_amendment_and_voted_before(congress: Congress) -> None:
    """A19"""
    debated(congress)
    congress.table("Demande le câble pour tous avant 2030.")
    congress.do(OTHER, SUB)
    assert [a.number for a in call_order(congress.state, 1)] == [2, 1, 3]
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-1")) == "amendment.subs_pending"
    asked = congress.do(ORGANISER, c.OpenPoll("amendement-3")).polls[1]
    assert "le sous-amendement n° 3 à l’amendement n° 1" in str(outcomes.question(congress.state, asked))
    congress.do(ORGANISER, c.ClosePoll(1))
    congress.poll("amendement-1")


def test_an_amendment_takes_its_sub_amendments_with_it(congress: Congress) -> None:
    """A20: withdrawn, or settled without a vote."""
    debated(congress)
    congress.do(OTHER, SUB)
    sub = congress.do(ELU, c.WithdrawAmendment(1)).amendments[2]
    assert (sub.outcome, sub.because_of) == (Outcome.MOOT, 1)
    congress.table(PROPOSED)
    congress.do(OTHER, replace(SUB, parent=3))
    state = congress.do(ORGANISER, c.SettleAmendment(3, Outcome.INADMISSIBLE, "Hors sujet"))
    assert state.amendments[4].outcome is Outcome.MOOT
