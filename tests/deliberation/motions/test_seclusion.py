"""Drafting in camera (huis clos): withheld until an announced instant, then public automatically (H1–H6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.vocabulary import Choice, ClauseChange, ClauseKind, Draft
from deliberation.motions.seclusion import is_veiled
from deliberation.visibility.remains import absence
from deliberation.visibility.views import public_view
from exports import restitution
from tests.deliberation.congresses import CONGRESS, ELU, ORGANISER, Congress, moment, opened
from tests.exports import sample

UNTIL = moment(500)


@pytest.fixture
def congress() -> Iterator[Congress]:
    """A congress with a motion with one clause, written in public, to which another clause was added in camera."""
    found = opened()
    found.do(ELU, c.CreateMotion("Un titre"))
    found.write(1, c1="Demande un car.")
    yield found
    found.verify()


def close_the_doors(congress: Congress) -> None:
    congress.do(ORGANISER, c.SecludeDrafting(UNTIL, "Pour écrire sereinement."))


def test_the_moment_is_announced_with_a_reason(congress: Congress) -> None:
    """H1"""
    assert congress.refused(ORGANISER, c.SecludeDrafting("demain", "Sérénité")) == "time.malformed"
    assert congress.refused(ORGANISER, c.SecludeDrafting(congress.now, "Sérénité")) == "seclusion.past"
    assert congress.refused(ORGANISER, c.SecludeDrafting(UNTIL, " ")) == "reason.missing"
    assert congress.refused(ELU, c.SecludeDrafting(UNTIL, "Sérénité")) == "role.not_allowed"
    close_the_doors(congress)
    assert congress.state.seclusion is not None
    assert congress.state.seclusion.until == UNTIL


def test_what_is_written_is_withheld_and_everything_else_public(congress: Congress) -> None:
    """H2"""
    close_the_doors(congress)
    congress.write(1, c2="Demande un médecin.", title="Un autre titre")
    written = congress.state.size - 1
    congress.say()
    state = congress.state
    assert absence(state, written) == "huis_clos"
    assert [index for index in range(state.size) if absence(state, index)] == [written]
    assert is_veiled(state, "motion-1")
    veiled = public_view(state).motions[1]
    assert (veiled.title, veiled.draft, veiled.order, veiled.writers) == ("Un titre", {}, (), {})
    assert state.motions[1].title == "Un autre titre"


def test_a_frozen_text_stays_readable(congress: Congress) -> None:
    """H2: what rules refer to is public; a text that was frozen before, and what amendments make of it."""
    number = congress.frozen()
    close_the_doors(congress)
    assert not is_veiled(congress.state, f"motion-{number}")
    congress.vote(f"amendement-{congress.table('Demande la fibre partout.')}", Choice.FOR)
    assert public_view(congress.state).motions[number] == congress.state.motions[number]
    assert "huis_clos" not in congress.state.withheld.values()


def test_no_text_is_frozen_behind_closed_doors(congress: Congress) -> None:
    """H3"""
    close_the_doors(congress)
    assert congress.refused(ORGANISER, c.FreezeMotion(1)) == "seclusion.freezing"
    congress.do(ORGANISER, c.PublishDrafting("Le texte est prêt."))
    assert congress.do(ORGANISER, c.FreezeMotion(1)).motions[1].status == "frozen"


def test_it_ends_by_itself_at_the_moment_and_not_before(congress: Congress) -> None:
    """H4"""
    assert congress.refused(CONGRESS, c.EndSeclusion()) == "seclusion.none"
    close_the_doors(congress)
    congress.write(1, c2="Demande un médecin.")
    assert congress.refused(CONGRESS, c.EndSeclusion()) == "seclusion.not_due"
    congress.seconds = 500
    state = congress.do(CONGRESS, c.EndSeclusion())
    assert state.seclusion is None
    assert not state.withheld
    assert public_view(state).motions == state.motions


def test_the_moment_may_come_earlier_never_later(congress: Congress) -> None:
    """H5"""
    close_the_doors(congress)
    assert congress.refused(ORGANISER, c.SecludeDrafting(moment(900), "Plus tard")) == "seclusion.begun"
    assert congress.refused(ORGANISER, c.PublishDrafting("")) == "reason.missing"
    assert congress.refused(ELU, c.PublishDrafting("Fini")) == "role.not_allowed"
    congress.do(ORGANISER, c.PublishDrafting("Le texte est prêt."))
    assert isinstance(congress.record[-1].event, e.DraftingPublished)
    assert congress.state.seclusion is None


def test_a_motion_opened_behind_closed_doors_shows_no_title() -> None:
    """H2, H4: in no file, table or sentence, until everything is published."""
    congress = sample.open_congress()
    congress.act(sample.ORGANISER, c.SecludeDrafting("2027-01-01T00:00:00.000Z", "Pour écrire."))
    congress.act(sample.ELU, c.CreateMotion("Un titre à taire"))
    opened = congress.state.motions[1]
    assert congress.state.withheld == {len(congress.record) - 1: "huis_clos"}
    assert opened.title == "Un titre à taire"
    hidden = restitution.of_public(lambda: congress.record, congress.state.withheld.keys())
    full = restitution.files(congress.state, congress.record)
    assert hidden == full
    assert not [path for path, data in full.items() if "Un titre à taire".encode() in data]
    assert "ouvre à huis clos la motion" in full["registre.html"].decode()
    congress.act(sample.ORGANISER, c.PublishDrafting("C’est prêt."))
    assert congress.state.withheld == {}
    assert "Un titre à taire" in restitution.files(congress.state, congress.record)["motion.md"].decode()


def test_whose_text_was_brought_in_behind_closed_doors_is_not_shown(congress: Congress) -> None:
    """H2, M16: as little as its title; of what was brought in before, it stays known."""
    draft = ClauseChange("c1", None, Draft(ClauseKind.DEMANDE, "Demande un bus."))
    brought = c.ImportMotion("Un texte", "AAA=", (3,), (draft,), ("c1",), "Un collectif")
    congress.do(ORGANISER, brought)
    close_the_doors(congress)
    congress.do(ORGANISER, replace(brought, source="Un cabinet"))
    assert [x.source for x in public_view(congress.state).motions.values()] == ["", "Un collectif", ""]
    congress.do(ORGANISER, c.PublishDrafting("C’est prêt."))
    assert [x.source for x in public_view(congress.state).motions.values()] == ["", "Un collectif", "Un cabinet"]
