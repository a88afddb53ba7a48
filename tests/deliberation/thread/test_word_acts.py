"""Explaining the words of a motion by the acts that wrote, moved or removed them (R52)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from deliberation.amendments import accounts
from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, ClauseChange, ClauseKind, Draft, KeptRun
from deliberation.thread import word_acts
from deliberation.thread.word_acts import LOST, MADE, MOVED, WordAct
from tests.deliberation.amendments.test_accounts import clauses_debated
from tests.deliberation.congresses import ELU, FOR, ORGANISER, OTHER, THIRD, Congress, opened
from tests.deliberation.motions.test_origins import debated, written
from tests.deliberation.motions.test_renumbering import debated as adopted_in_debate


def answered(congress: Congress, sought: str) -> word_acts.WordAnswer:
    return word_acts.answer(congress.record, congress.state, 1, sought)


def told(acts: tuple[WordAct, ...]) -> list[tuple[str, str, str, tuple[int, ...]]]:
    return [(act.deed, act.actor, act.words, act.amendments) for act in acts]


def word_change(draft: Mapping[str, Draft], clause: str, text: str) -> ClauseChange:
    return ClauseChange(clause, draft[clause], Draft(ClauseKind.DEMANDE, text))


def test_words_of_a_draft_were_made_by_the_entries_that_wrote_them() -> None:
    """R52"""
    congress = debated()
    (found,) = answered(congress, "car le samedi").standing
    assert (found.clause, found.words) == ("a", "car le samedi")
    assert told(found.acts) == [(MADE, ELU, "car", ()), (MADE, OTHER, "le samedi", ())]
    assert [congress.record[act.entry].kind for act in found.acts] == ["text.written", "text.written"]
    assert answered(congress, "train").standing == ()


def test_a_draft_that_is_spelled_anew_loses_no_word() -> None:
    """M35: the draft was recorded as it was typed, before that rule."""
    congress = opened()
    congress.do(ELU, c.CreateMotion("Pour un car"))
    written(congress, (ELU, "a", "Demande un car l\u2019e\u0301te\u0301."))
    said = congress.state.motions[1].draft
    later = word_change(said, "a", "Demande un car l\u2019\xe9t\xe9 et l\u2019hiver.")
    kept = (KeptRun(0, 20, 0), KeptRun(len("Demande un car l\u2019\xe9t\xe9 et l\u2019hiver"), 1, 20))
    congress.do(OTHER, c.WriteText(1, "", (), (replace(later, kept=kept),), canonical=True))
    for sought in ("\xe9t\xe9", "e\u0301te\u0301"):
        assert answered(congress, sought).gone == ()
    (found,) = answered(congress, "l\u2019\xe9t\xe9 et").standing
    assert [(act.actor, act.words) for act in found.acts] == [(ELU, "l\u2019\xe9t\xe9"), (OTHER, "et")]


def test_words_of_an_amendment_were_made_by_its_adoption_which_lost_those_before() -> None:
    """R52: with the amendment, its author and its poll."""
    congress = debated()
    congress.do(THIRD, c.TableAmendment(1, Aim.REWRITE, "a", "Demande un car le dimanche."))
    congress.vote("amendement-1", FOR)
    (found,) = answered(congress, "DIMANCHE").standing
    (act,) = found.acts
    assert (act.deed, act.actor, act.amendments, act.poll, act.entry) == (
        MADE,
        THIRD,
        (1,),
        1,
        congress.state.motions[1].frozen[1].entry,
    )
    assert (act.words, act.instead) == ("dimanche", "samedi")
    (lost,) = answered(congress, "samedi").gone
    assert (lost.deed, lost.amendments, lost.poll, lost.entry) == (LOST, (1,), 1, act.entry)


def test_moves_are_named() -> None:
    """R52: of the clause in the draft and by an amendment, and of words from one clause into another."""
    congress = clauses_debated()
    congress.do(ORGANISER, c.ReopenMotion(1, "À revoir"))
    congress.do(OTHER, c.WriteText(1, "", (), (), order=("b", "c", "a")))
    congress.do(ORGANISER, c.FreezeMotion(1))
    congress.do(THIRD, c.TableAmendment(1, Aim.MOVE, "a", after="b"))
    congress.vote("amendement-1", FOR)
    (found,) = answered(congress, "Demande un car").standing
    assert [(act.deed, act.actor, act.amendments) for act in found.acts] == [
        (MADE, ELU, ()),
        (MOVED, OTHER, ()),
        (MOVED, ORGANISER, (1,)),
    ]


def test_words_that_leave_one_clause_for_another_are_moved() -> None:
    """R52"""
    congress = debated()
    congress.do(ORGANISER, c.ReopenMotion(1, "À revoir"))
    written(congress, (THIRD, "b", "Demande un banc."))
    order = ("a", "b")
    draft = congress.state.motions[1].draft
    congress.do(
        THIRD,
        c.WriteText(
            1,
            "",
            (),
            (
                word_change(draft, "a", "Demande un car."),
                word_change(draft, "b", "Demande un banc le samedi."),
            ),
            order=order,
        ),
    )
    answer = answered(congress, "le samedi")
    assert answer.version == 0
    assert [(x.clause, x.words) for x in answer.standing] == [("b", "le samedi")]
    assert told(answer.gone) == [(MOVED, THIRD, "le samedi", ())]


def test_renumbering_an_adopted_text_is_no_adoption(congress: Congress) -> None:
    """R50, R52, M20: words are found with the numbers that they have since, and were made by whoever wrote them."""
    adopted_in_debate(congress)
    congress.vote("motion-1", FOR)
    before = accounts.of_motion(congress.state, 1)
    congress.do(ORGANISER, c.RenumberMotion(1))
    assert accounts.of_motion(congress.state, 1) == before
    (found,) = answered(congress, "avec les demandes 2 et 3").standing
    assert [act.amendments for act in found.acts] == [(2,)]
    assert answered(congress, "2 bis").standing == ()
