"""Deleted clauses keep their numbers until one act renumbers the adopted text (A45, A48, A49, M20–M23)."""

from __future__ import annotations

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.vocabulary import Aim
from deliberation.motions import layout, origins, renumbering
from deliberation.text import merge
from tests.deliberation.congresses import AGAINST, ELU, FOR, ORGANISER, Congress

TEXTS = (
    "Demande la fibre.",
    "Demande du débit.",
    "Demande un guichet, comme à la demande 2.",
    "Demande mieux que la demande 1.",
)


def debated(congress: Congress) -> Congress:
    """The congress after demande 1 was deleted, demande 2 bis inserted, demande 4 moved to the beginning, and the whole
    adopted.
    """
    congress.frozen(*TEXTS)
    congress.table(clause="c1", aim=Aim.DELETE)
    congress.table("Demande des bornes, avec les demandes 2 et 2 bis.", clause="c2", aim=Aim.INSERT, kind="demande")
    congress.do(ELU, c.TableAmendment(1, Aim.MOVE, "c4", after=""))
    for number in (2, 1, 3):
        congress.vote(f"amendement-{number}", FOR)
    return congress


def laid(congress: Congress) -> list[tuple[str, bool, tuple[int, ...]]]:
    motion = congress.state.motions[1]
    assert motion.text is not None
    return [(x.clause.called, x.deleted, x.by) for x in layout.laid_out(congress.state, motion, motion.text)]


def test_a_deleted_clause_stands_under_its_number(congress: Congress) -> None:
    """A45, A48: where it stood, with the amendment that deleted it; a moved one keeps its number."""
    debated(congress)
    assert laid(congress) == [
        ("4", False, ()),
        ("1", True, (1,)),
        ("2", False, ()),
        ("2 bis", False, ()),
        ("3", False, ()),
    ]


def test_a_deletion_says_what_refers_to_its_clause(congress: Congress) -> None:
    """A49"""
    congress.frozen(*TEXTS)
    found = renumbering.referring(congress.state, congress.state.motions[1], "c2")
    assert [(x.id, x.markdown[r.start : r.end]) for x, r in found] == [("c3", "demande 2")]
    assert renumbering.referring(congress.state, congress.state.motions[1], "c3") == ()


def test_a_vote_part_by_part_leaves_the_numbers(congress: Congress) -> None:
    """A45, W13: what was not adopted keeps its number as a deleted clause."""
    congress.frozen("Un.", "Deux.", "Trois.")
    congress.do(ORGANISER, c.DivideSubject("motion-1", ((0, 2), (1,)), ELU))
    for part, choice in ((1, FOR), (2, AGAINST)):
        congress.do(ORGANISER, c.OpenPoll("motion-1", part=part))
        congress.do(ELU, c.CastBallot(part, choice))
        congress.do(ORGANISER, c.ClosePoll(part))
    assert laid(congress) == [("1", False, ()), ("2", True, ()), ("3", False, ())]


def test_an_organiser_renumbers_after_the_vote_on_the_whole(congress: Congress) -> None:
    """M20, M21, M23: once, with the references; the concordance says what became of each number."""
    debated(congress)
    assert congress.refused(ORGANISER, c.RenumberMotion(1)) == "motion.not_adopted"
    congress.vote("motion-1", FOR)
    assert congress.refused(ELU, c.RenumberMotion(1)) == "role.not_allowed"
    voted = congress.state.motions[1].text
    motion = congress.do(ORGANISER, c.RenumberMotion(1)).motions[1]
    text = motion.text
    assert text is not None
    assert voted is not None
    assert (motion.status, text.version, text.renumbers, text.base, text.adopted) == ("adopted", 5, 4, 1, voted.adopted)
    assert [(x.called, x.markdown) for x in text.clauses] == [
        ("1", "Demande mieux que la demande 1 (supprimée)."),
        ("2", "Demande du débit."),
        ("3", "Demande des bornes, avec les demandes 2 et 3."),
        ("4", "Demande un guichet, comme à la demande 2."),
    ]
    assert text.hash == merge.text_hash(text.title, text.clauses)
    rows = [(x.before.called, x.after and x.after.called) for x in renumbering.concordance(congress.state, motion)]
    assert rows == [("4", "1"), ("1", None), ("2", "2"), ("2 bis", "3"), ("3", "4")]
    assert congress.refused(ORGANISER, c.RenumberMotion(1)) == "motion.renumbered"
    assert laid(congress) == [(str(n), False, ()) for n in (1, 2, 3, 4)]


def test_numbers_that_follow_each_other_stay(congress: Congress) -> None:
    """M20"""
    congress.frozen()
    congress.vote("motion-1", FOR)
    assert congress.refused(ORGANISER, c.RenumberMotion(1)) == "motion.in_order"
    assert congress.refused(ORGANISER, c.RenumberMotion(9)) == "motion.not_found"


def test_a_renumbered_reference_is_of_whoever_wrote_it(congress: Congress) -> None:
    """M23, A26: the words of an amendment stay its own."""
    debated(congress)
    congress.vote("motion-1", FOR)
    congress.do(ORGANISER, c.RenumberMotion(1))
    text = congress.state.motions[1].text
    assert text is not None
    inserted = merge.inserted_id(2)
    found = origins.of_motion(congress.record, congress.state, 1, text.version)
    assert [(x.text, x.amendment) for x in found if x.clause == inserted] == [
        ("Demande des bornes, avec les demandes 2 et 3.", 2)
    ]
    assert [(x.text, x.person) for x in found if x.clause == "c4"] == [
        ("Demande mieux que la demande 1 (supprimée).", ELU)
    ]


def test_texts_of_earlier_rules_know_none_of_it(congress: Congress) -> None:
    """A45, M22: their numbers follow each other, and mentions in them are plain words."""
    congress.do(ELU, c.CreateMotion("Ancien"))
    congress.write(1, c1="Demande la fibre.", c2="Demande mieux que la demande 1.")
    (frozen,) = congress.ask(ORGANISER, c.FreezeMotion(1))  # type: ignore[misc]
    assert isinstance(frozen, e.TextFrozen)
    old = e.TextFrozen(**{**vars(frozen), "rules": 2})
    congress.keep(ORGANISER, (old,))
    congress.table(clause="c1", aim=Aim.DELETE)
    assert renumbering.referring(congress.state, congress.state.motions[1], "c1") == ()
    congress.vote("amendement-1", FOR)
    assert laid(congress) == [("1", False, ())]
    congress.vote("motion-1", FOR)
    assert congress.refused(ORGANISER, c.RenumberMotion(1)) == "motion.in_order"
