"""The motion: written by élus, frozen, amended, decided (M1–M10)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliberation.kernel import codec
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.vocabulary import Aim, Choice, Clause, ClauseChange, ClauseKind, Draft, Phase
from deliberation.motions.motions import base_of, draft_clauses, refuse_writing
from deliberation.text import merge
from tests.deliberation.congresses import (
    AGAINST,
    CONGRESS,
    ELU,
    FOR,
    ORGANISER,
    OTHER,
    SCRIBE,
    VISITOR,
    Congress,
)

TITLE = "Le numérique pour tous"
IMPORTED = c.ImportMotion(
    TITLE, "AAA=", (7,), (ClauseChange("c1", None, Draft(ClauseKind.VISA, "Vu la loi,", "L’État")),), ("c1",)
)
SOURCE = "Bureau de l’association, texte du 3 mars"
PROPOSED = replace(IMPORTED, source=f" {SOURCE}\n")


def refusal(congress: Congress, actor: str, motion: int = 1) -> str:
    refused = refuse_writing(congress.state, actor, motion, congress.now)
    return refused.code if refused else ""


@pytest.mark.parametrize("actor", [ELU, ORGANISER])
def test_a_motion_is_opened_under_a_title(congress: Congress, actor: str) -> None:
    """M1"""
    motion = congress.do(actor, c.CreateMotion(" Le numérique\u00a0:\n tous ")).motions[1]
    assert (motion.title, motion.status, motion.draft) == ("Le numérique\u00a0: tous", "drafting", {})
    for title, code in (("\u200b", "title.missing"), ("x" * 301, "text.too_long")):
        assert congress.refused(actor, c.CreateMotion(title)) == code
    assert congress.refused(SCRIBE, c.CreateMotion(TITLE)) == "role.not_allowed"


def test_a_motion_is_opened_while_drafting_is(congress: Congress) -> None:
    """M1, S4"""
    congress.close(Phase.DRAFTING)
    assert congress.refused(ELU, c.CreateMotion(TITLE)) == "phase.over"


def test_only_elus_write_and_only_a_draft(congress: Congress) -> None:
    """M2, P3: what the live editor asks before each change."""
    congress.do(ELU, c.CreateMotion(TITLE))
    assert [refusal(congress, actor) for actor in (ELU, OTHER)] == ["", ""]
    assert [refusal(congress, actor) for actor in (ORGANISER, SCRIBE)] == ["role.elus_only"] * 2
    assert [refusal(congress, actor) for actor in (VISITOR, "p99")] == ["person.anonymous", "person.unknown"]
    assert refusal(congress, ELU, 2) == "motion.not_found"
    congress.close(Phase.DRAFTING)
    assert refusal(congress, ELU) == "phase.over"
    congress.open(Phase.DRAFTING)
    congress.write(1, c1="Demande la fibre.")
    congress.do(ORGANISER, c.FreezeMotion(1))
    assert refusal(congress, ELU) == "motion.frozen"


def test_each_clause_remembers_who_wrote_in_it(congress: Congress) -> None:
    """M2"""
    congress.do(ELU, c.CreateMotion(TITLE))
    congress.write(1, ELU, c1="Demande la fibre.", c2="Demande du débit.")
    congress.write(1, OTHER, c1="Demande la fibre partout.")
    congress.write(1, ELU, c1="Demande la fibre partout, enfin.")
    assert congress.state.motions[1].writers == {"c1": (ELU, OTHER), "c2": (ELU,)}
    congress.write(1, CONGRESS, c2="Demande du débit partout.")
    assert congress.state.motions[1].writers["c2"] == (ELU,)


def test_a_burst_of_writing_changes_the_draft(congress: Congress) -> None:
    """M2: new, changed and deleted clauses, their order, the title."""
    congress.do(ELU, c.CreateMotion(TITLE))
    congress.write(1, c1="Un.", c2="Deux.", c3="Trois.")
    congress.write(1, c2="", c1="Un !", title="Un autre titre")
    congress.do(ELU, c.WriteText(1, "AAA=", (8,), (), None, ("c3", "c1")))
    motion = congress.state.motions[1]
    assert motion.title == "Un autre titre"
    assert [(x.id, x.number, x.markdown) for x in draft_clauses(motion)] == [("c3", 1, "Trois."), ("c1", 2, "Un !")]
    assert congress.state.writing == {"motion-1": {7: ELU, 8: ELU}}


def test_what_was_confirmed_is_recorded(congress: Congress) -> None:
    """M3: the phase closed, the text was frozen, the access ended: the words stay, and their author."""
    congress.frozen()
    congress.close(Phase.DRAFTING)
    burst = c.WriteText(1, "AAA=", (7,), (ClauseChange("c9", None, Draft(ClauseKind.DEMANDE, "Et du débit.")),))
    decided = congress.ask(OTHER, burst)
    assert isinstance(decided, tuple)
    congress.do(ORGANISER, c.RevokePerson(OTHER, "Fin de mandat"))
    motion = congress.keep(OTHER, decided).motions[1]
    assert (motion.draft["c9"].markdown, motion.writers["c9"]) == ("Et du débit.", (OTHER,))
    assert congress.refused(ELU, c.WriteText(2, "AAA=", (7,), ())) == "motion.not_found"


def test_freezing_numbers_the_clauses_that_say_something(congress: Congress) -> None:
    """M4"""
    kinds = (ClauseKind.VISA, ClauseKind.CONSIDERANT, ClauseKind.DEMANDE, ClauseKind.DEMANDE, ClauseKind.VISA)
    texts = ("Vu la loi,", "Considérant le débit,", " \n", "Demande la fibre.", "Vu le code,")
    drafts = {f"c{n}": Draft(kind, text) for n, (kind, text) in enumerate(zip(kinds, texts, strict=True), 1)}
    congress.do(ELU, c.CreateMotion(TITLE))
    changes = tuple(ClauseChange(id_, None, draft) for id_, draft in drafts.items())
    congress.do(ELU, c.WriteText(1, "AAA=", (7,), changes, None, tuple(drafts)))
    motion = congress.do(ORGANISER, c.FreezeMotion(1)).motions[1]
    assert motion.text is not None
    numbered = [(x.id, x.kind, x.number) for x in motion.text.clauses]
    assert numbered == [("c1", kinds[0], 1), ("c2", kinds[1], 1), ("c4", kinds[3], 1), ("c5", kinds[4], 2)]
    assert (motion.status, motion.text.version, motion.text.base, motion.text.adopted) == ("frozen", 1, 1, ())
    assert motion.text.hash == merge.text_hash(TITLE, motion.text.clauses)


def test_an_empty_or_frozen_text_is_not_frozen(congress: Congress) -> None:
    """M4"""
    congress.do(ELU, c.CreateMotion(TITLE))
    assert congress.refused(ORGANISER, c.FreezeMotion(1)) == "motion.empty"
    congress.write(1, c1="  ")
    assert congress.refused(ORGANISER, c.FreezeMotion(1)) == "motion.empty"
    assert congress.refused(ORGANISER, c.FreezeMotion(2)) == "motion.not_found"
    congress.write(1, c1="Demande la fibre.")
    congress.do(ORGANISER, c.FreezeMotion(1))
    assert congress.refused(ORGANISER, c.FreezeMotion(1)) == "motion.already_frozen"


def test_the_hash_tells_texts_apart() -> None:
    """M4: by every field of every clause."""
    one = merge.number([Clause("c1", ClauseKind.VISA, 0, "Vu", "L’État")])
    others = [
        merge.text_hash("Autre", one),
        merge.text_hash("", ()),
        *(
            merge.text_hash("", merge.number([clause]))
            for clause in (
                Clause("c2", ClauseKind.VISA, 0, "Vu", "L’État"),
                Clause("c1", ClauseKind.DEMANDE, 0, "Vu", "L’État"),
                Clause("c1", ClauseKind.VISA, 0, "Vu"),
                Clause("c1", ClauseKind.VISA, 0, "VuL’État"),
            )
        ),
    ]
    assert len({merge.text_hash("", one), *others}) == len(others) + 1


def test_a_text_is_reopened_when_nothing_waits_for_it(congress: Congress) -> None:
    """M5"""
    congress.frozen()
    congress.table("Demande mieux.")
    assert congress.refused(ORGANISER, c.ReopenMotion(1, "Erreur")) == "motion.amendments_pending"
    congress.do(ELU, c.WithdrawAmendment(1))
    poll = congress.poll("motion-1")
    assert congress.refused(ORGANISER, c.ReopenMotion(1, "Erreur")) == "motion.vote_open"
    congress.do(ORGANISER, c.ClosePoll(poll))
    assert congress.state.motions[1].status == "rejected"
    congress.frozen()
    assert congress.refused(ORGANISER, c.ReopenMotion(2, " ")) == "reason.missing"
    assert congress.do(ORGANISER, c.ReopenMotion(2, "Erreur")).motions[2].status == "drafting"
    assert congress.refused(ORGANISER, c.ReopenMotion(2, "Erreur")) == "motion.not_frozen"
    assert congress.refused(ORGANISER, c.ReopenMotion(9, "Erreur")) == "motion.not_found"


def test_what_is_frozen_next_is_what_amendments_aim_at(congress: Congress) -> None:
    """M5, A1"""
    congress.frozen()
    congress.table("Demande mieux.")
    congress.vote("amendement-1", FOR)
    assert congress.state.motions[1].text is not None
    congress.do(ORGANISER, c.ReopenMotion(1, "Ajouter un point"))
    congress.write(1, c2="Demande du débit.")
    motion = congress.do(ORGANISER, c.FreezeMotion(1)).motions[1]
    assert [(x.version, x.base, x.adopted) for x in motion.frozen] == [(1, 1, ()), (2, 1, (1,)), (3, 3, ())]
    congress.table("Demande du très haut débit.", clause="c2")
    assert congress.state.amendments[2].base == 3


def test_an_adopted_amendment_makes_the_next_version(congress: Congress) -> None:
    """M6: all adopted ones merged into the version that they aim at."""
    congress.frozen("Demande la fibre pour tous.", "Demande du débit.")
    congress.table("Demande la fibre optique pour tous.")
    congress.table("Demande la fibre pour toutes et tous.")
    congress.table(clause="c2", aim=Aim.DELETE)
    for number in (3, 1, 2):
        congress.vote(f"amendement-{number}", FOR, FOR, AGAINST)
    motion = congress.state.motions[1]
    assert [x.adopted for x in motion.frozen] == [(), (3,), (3, 1), (3, 1, 2)]
    assert motion.text is not None
    assert [x.markdown for x in motion.text.clauses] == ["Demande la fibre optique pour toutes et tous."]
    assert base_of(motion) == motion.frozen[0]
    assert motion.text.hash == merge.text_hash(motion.text.title, motion.text.clauses)


@pytest.mark.parametrize(("actor", "writers"), [(CONGRESS, {}), (ORGANISER, {}), (ELU, {"c1": (ELU,)})])
def test_a_motion_may_begin_from_a_text(congress: Congress, actor: str, writers: dict[str, tuple[str, ...]]) -> None:
    """M7: only an élu counts as its writer."""
    motion = congress.do(actor, PROPOSED).motions[1]
    assert motion.writers == writers
    assert [(x.kind, x.markdown, x.addressee) for x in draft_clauses(motion)] == [
        (ClauseKind.VISA, "Vu la loi,", "L’État")
    ]
    assert congress.refused(SCRIBE, PROPOSED) == "role.not_allowed"


def test_an_imported_text_is_a_motion_of_its_own(congress: Congress) -> None:
    """M7: it never changes one that exists."""
    congress.do(ELU, IMPORTED)
    before = congress.state.motions[1]
    assert congress.do(ORGANISER, PROPOSED).motions[1] == before
    congress.close(Phase.DRAFTING)
    assert congress.refused(ORGANISER, PROPOSED) == "phase.over"


def test_what_an_organiser_brings_in_is_proposed_until_an_elu_takes_it_up(congress: Congress) -> None:
    """M16, P3"""
    assert congress.refused(ORGANISER, IMPORTED) == "motion.source_missing"
    assert congress.refused(ORGANISER, replace(IMPORTED, source="x" * 301)) == "text.too_long"
    motion = congress.do(ORGANISER, PROPOSED).motions[1]
    assert (motion.source, motion.taken_up_by, motion.is_proposed) == (SOURCE, "", True)
    assert congress.refused(ORGANISER, c.FreezeMotion(1)) == "motion.not_taken_up"
    congress.write(1, c2="Demande la fibre.")
    assert congress.refused(ORGANISER, c.FreezeMotion(1)) == "motion.not_taken_up"
    assert congress.refused(ORGANISER, c.TakeUpMotion(1)) == "role.elus_only"
    assert congress.refused(ELU, c.TakeUpMotion(2)) == "motion.not_found"
    assert congress.do(ELU, c.TakeUpMotion(1)).motions[1].taken_up_by == ELU
    assert congress.refused(OTHER, c.TakeUpMotion(1)) == "motion.not_proposed"
    assert congress.do(ORGANISER, c.FreezeMotion(1)).motions[1].status == "frozen"


def test_what_an_elu_brings_in_is_theirs(congress: Congress) -> None:
    """M16: with a source, which is said, or without one."""
    motion = congress.do(ELU, PROPOSED).motions[1]
    assert (motion.source, motion.taken_up_by, motion.is_proposed) == (SOURCE, ELU, False)
    assert congress.refused(OTHER, c.TakeUpMotion(1)) == "motion.not_proposed"
    congress.do(ELU, IMPORTED)
    for number in (1, 2):
        assert congress.do(ORGANISER, c.FreezeMotion(number)).motions[number].status == "frozen"


def test_an_older_record_waits_for_nobody(congress: Congress) -> None:
    """M16: its events name no source."""
    assert codec.decode(e.MotionCreated, {"motion": 1, "title": TITLE}) == e.MotionCreated(1, TITLE, source="")
    congress.do(CONGRESS, IMPORTED)
    assert not congress.state.motions[1].is_proposed
    assert congress.do(ORGANISER, c.FreezeMotion(1)).motions[1].status == "frozen"


@pytest.mark.parametrize(("choice", "status"), [(FOR, "adopted"), (AGAINST, "rejected")])
def test_the_vote_on_the_whole_decides(congress: Congress, choice: Choice, status: str) -> None:
    """M8"""
    congress.frozen()
    motion = congress.vote("motion-1", choice).motions[1]
    assert (motion.status, motion.decided_by) == (status, 1)
    assert refusal(congress, ELU) == "motion.frozen"
    assert congress.refused(ORGANISER, c.ReopenMotion(1, "Encore")) == "motion.not_frozen"
    assert congress.refused(ORGANISER, c.OpenPoll("motion-1")) == "motion.not_frozen"
    assert congress.refused(ELU, c.TableAmendment(1, Aim.DELETE, "c1")) == "motion.not_frozen"


def test_headings_and_notes_are_units_of_the_text(congress: Congress) -> None:
    """M10, A1: numbered within their kind, frozen with the rest, amended like the rest."""
    congress.do(ELU, c.CreateMotion(TITLE))
    drafted = {
        "t1": Draft(ClauseKind.HEADING, "Les réseaux"),
        "d1": Draft(ClauseKind.DEMANDE, "Demande la fibre."),
        "n1": Draft(ClauseKind.NOTE, "La fibre va jusqu’au logement."),
        "t2": Draft(ClauseKind.HEADING, "L’école"),
    }
    changes = tuple(ClauseChange(id_, None, draft) for id_, draft in drafted.items())
    congress.do(ELU, c.WriteText(1, "AAA=", (7,), changes, None, tuple(drafted)))
    text = congress.do(ORGANISER, c.FreezeMotion(1)).motions[1].frozen[0]
    assert [(x.id, x.kind.value, x.number) for x in text.clauses] == [
        ("t1", "intertitre", 1),
        ("d1", "demande", 1),
        ("n1", "note", 1),
        ("t2", "intertitre", 2),
    ]
    congress.do(ELU, c.TableAmendment(1, Aim.REWRITE, "t2", "L’école et le collège"))
    congress.do(ELU, c.TableAmendment(1, Aim.INSERT, "t2", "Le collège", new_kind="intertitre"))
    consolidation = merge.consolidate(text, congress.state.amendments.values())
    assert [x.markdown for x in consolidation.clauses if x.kind is ClauseKind.HEADING] == [
        "Les réseaux",
        "L’école et le collège",
        "Le collège",
    ]
