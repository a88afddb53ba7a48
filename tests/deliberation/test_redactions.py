"""Redaction: public erasure by two people (R7–R9, T9, P1)."""

from __future__ import annotations

import pytest

from deliberation.evolve import ERASABLE
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.record.replay import REDACTABLE
from deliberation.redactions import targets_of
from tests.deliberation.congresses import ELU, ORGANISER, SCRIBE, SECOND, Congress

PROPOSAL = c.ProposeRedaction("temoignage-1", "RGPD, article 17", "Une personne privée y est nommée.")


def test_a_testimony_is_erased_with_its_excerpts(congress: Congress) -> None:
    """R7, T9: number, date and sender stay; content and quotations go."""
    congress.say("Mon voisin Untel.")
    congress.do(SCRIBE, c.QuoteExcerpt(1, "voisin Untel"))
    before = congress.state.testimonies[1]
    quoted = congress.state.excerpts[1].entry
    state = congress.erase("temoignage-1")
    after = state.testimonies[1]
    assert (after.title, after.text, after.status) == ("", "", "redacted")
    assert (after.number, after.sent, after.author) == (1, before.sent, ELU)
    assert (state.excerpts[1].quote, state.excerpts[1].testimony) == ("", 0)
    assert state.redacted == {before.entry: 1, quoted: 1}


def test_an_erased_testimony_is_never_published_again(congress: Congress) -> None:
    """T9"""
    congress.say()
    congress.erase("temoignage-1")
    acts = (
        c.PublishTestimony(1),
        c.SetAsideTestimony(1, "Non"),
        c.HideTestimony(1, "Non"),
        c.RestoreTestimony(1, "Si"),
    )
    for act in acts:
        assert congress.refused(ORGANISER, act) == "testimony.wrong_status"
    assert congress.refused(ELU, c.QuoteExcerpt(1, "La fibre")) == "excerpt.not_published"
    assert congress.refused(ORGANISER, PROPOSAL) == "redaction.no_target"


def test_what_is_hidden_can_be_erased(congress: Congress) -> None:
    """R7, R9: erased, it is no longer withheld."""
    congress.say("Mon voisin Untel.")
    congress.do(SCRIBE, c.QuoteExcerpt(1, "Untel"))
    congress.do(ORGANISER, c.HideTestimony(1, "À vérifier"))
    assert congress.erase("temoignage-1").withheld == {}


def test_an_excerpt_is_erased_alone(congress: Congress) -> None:
    """R7: the testimony stays, and may be hidden and restored without it."""
    congress.say("Mon voisin Untel.")
    congress.do(SCRIBE, c.QuoteExcerpt(1, "Untel"))
    state = congress.erase("extrait-1")
    assert (state.testimonies[1].status, state.excerpts[1].quote) == ("published", "")
    hidden = congress.do(ORGANISER, c.HideTestimony(1, "À vérifier"))
    assert list(hidden.withheld) == [hidden.testimonies[1].entry]
    congress.do(ORGANISER, c.RestoreTestimony(1, "Vérifié"))


def test_a_name_is_erased_and_the_person_stays(congress: Congress) -> None:
    """R7, P1"""
    congress.do(ORGANISER, c.CorrectPerson(ELU, "Élise Martin"))
    state = congress.erase(f"personne-{ELU}")
    assert (state.people[ELU].name, state.people[ELU].mandate) == ("", "")
    assert set(state.redacted) == set(state.people[ELU].entries)
    congress.do(ELU, c.SubmitTestimony(text="Je suis toujours là."))


def test_erasing_an_earlier_name_leaves_the_present_one(congress: Congress) -> None:
    """P1, R7: what a record erases is what it names."""
    congress.do(ORGANISER, c.CorrectPerson(ELU, "Une élue"))
    first = congress.state.people[ELU].entries[0]
    congress.keep(ORGANISER, (e.RedactionProposed(1, (first,), "RGPD", "Son ancien nom"),))
    assert congress.do(SECOND, c.DecideRedaction(1, True)).people[ELU].name == "Une élue"


def test_a_name_is_bound_anew_only_after_the_decision(congress: Congress) -> None:
    """T9: what is bound later is not erased by an earlier redaction."""
    congress.do(ORGANISER, c.ProposeRedaction(f"personne-{ELU}", "RGPD", "Elle le demande"))
    assert congress.refused(ORGANISER, c.CorrectPerson(ELU, "Élise")) == "redaction.pending"
    congress.do(SECOND, c.DecideRedaction(1, True))
    state = congress.do(ORGANISER, c.CorrectPerson(ELU, "Une élue"))
    assert state.people[ELU].name == "Une élue"
    assert targets_of(state, f"personne-{ELU}") == (state.people[ELU].entries[-1],)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "temoignage-9",
        "temoignage-0",
        "temoignage-x",
        "temoignage-" + "9" * 5000,
        "personne-p9",
        "personne-",
        "motion-1",
        "scrutin-1",
        "extrait-1",
        "temoignage-01",
        "amendement-1",
    ],
)
def test_only_what_a_person_said_or_is_called_is_erased(congress: Congress, target: str) -> None:
    """R7: no act, text or vote."""
    congress.say()
    congress.frozen()
    congress.table("Autre chose.")
    congress.vote("amendement-1")
    proposal = c.ProposeRedaction(target, "RGPD", "Parce que")
    assert congress.refused(ORGANISER, proposal) == "redaction.no_target"


def test_kinds_that_can_be_erased_can_be_replayed_without() -> None:
    """R7, S8"""
    said = (e.TestimonySubmitted, e.TestimonyRestated, e.ExcerptQuoted, e.RemarkMade)
    erased = (*said, e.ActorBound, e.ResultArchived)
    assert {event.kind for event in erased} == REDACTABLE
    assert REDACTABLE < ERASABLE


def test_a_redaction_states_ground_and_reasons(congress: Congress) -> None:
    """R7, S5"""
    congress.say()
    proposals = {
        "redaction.no_ground": c.ProposeRedaction("temoignage-1", " ", "Parce que"),
        "redaction.no_statement": c.ProposeRedaction("temoignage-1", "RGPD", "\u200b"),
        "text.too_long": c.ProposeRedaction("temoignage-1", "x" * 301, "Parce que"),
    }
    for code, proposal in proposals.items():
        assert congress.refused(ORGANISER, proposal) == code
    event = congress.do(ORGANISER, PROPOSAL).redactions[1]
    assert (event.ground, event.statement, event.proposed_by) == (PROPOSAL.ground, PROPOSAL.statement, ORGANISER)
    congress.do(SECOND, c.DecideRedaction(1, True))
    act = congress.record[-1].event
    assert isinstance(act, e.Redacted)
    assert act.appeal
    assert (act.proposed_by, act.decided_by) == (ORGANISER, SECOND)


def test_two_organisers_decide(congress: Congress) -> None:
    """R8"""
    congress.say()
    congress.do(ORGANISER, PROPOSAL)
    assert congress.refused(SECOND, PROPOSAL) == "redaction.already_proposed"
    assert congress.refused(ORGANISER, c.DecideRedaction(1, True)) == "redaction.same_person"
    assert congress.refused(ELU, c.DecideRedaction(1, True)) == "role.not_allowed"
    assert congress.do(SECOND, c.DecideRedaction(1, True)).redactions[1].status == "done"
    assert congress.refused(SECOND, c.DecideRedaction(1, True)) == "redaction.not_proposed"


def test_a_redaction_can_be_refused_with_a_reason(congress: Congress) -> None:
    """R8, S5: whoever proposed it may take it back."""
    congress.say()
    congress.do(ORGANISER, PROPOSAL)
    assert congress.refused(SECOND, c.DecideRedaction(1, False)) == "reason.missing"
    state = congress.do(ORGANISER, c.DecideRedaction(1, False, "Rien de privé"))
    assert (state.redactions[1].status, state.redactions[1].reason) == ("refused", "Rien de privé")
    assert state.testimonies[1].text
    congress.do(SECOND, PROPOSAL)


def test_excerpts_quoted_after_a_refused_redaction_go_with_the_next(congress: Congress) -> None:
    """R8: the decision is on the entries that were proposed."""
    congress.say("Mon voisin Untel.")
    congress.do(ORGANISER, PROPOSAL)
    congress.do(ORGANISER, c.DecideRedaction(1, False, "Rien de privé"))
    congress.do(SCRIBE, c.QuoteExcerpt(1, "Untel"))
    assert congress.erase("temoignage-1").excerpts[1].quote == ""
