"""Acts are refused if their object changed since the sender saw it (S20)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import get_type_hints

import pytest

from deliberation import seen
from deliberation.decide import decide
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Phase
from tests.deliberation.congresses import ELU, ORGANISER, OTHER, SECOND, VISITOR, Congress

SAID = c.SubmitTestimony("Fibre", "La fibre manque.")
REASON = "Hors sujet"
LATER = "2027-01-01T00:00:00.000Z"


def answer(congress: Congress, mark: str, command: c.Command, actor: str = ORGANISER) -> Refused | None:
    decided = decide(congress.state, c.Request("", "essai", actor, command, mark), congress.now)
    return decided if isinstance(decided, Refused) else None


def test_a_stale_page_does_not_undo_a_publication(congress: Congress) -> None:
    """S20, T4"""
    congress.do(VISITOR, SAID)
    shown = seen.mark(congress.state, "temoignage-1")
    assert shown == "pending"
    assert answer(congress, shown, c.SetAsideTestimony(1, REASON)) is None
    congress.do(SECOND, c.PublishTestimony(1))
    refused = answer(congress, shown, c.SetAsideTestimony(1, REASON))
    assert refused
    assert refused.code == "seen.changed"
    assert "ce témoignage a été publié" in str(refused)
    assert refused.params["at"] == congress.state.testimonies[1].decided
    assert answer(congress, seen.mark(congress.state, "temoignage-1"), c.SetAsideTestimony(1, REASON)) is None
    assert answer(congress, "", c.SetAsideTestimony(1, REASON)) is None, (
        "a program that says nothing answers the present"
    )


def test_back_and_forth_is_no_less_a_change(congress: Congress) -> None:
    """S20"""
    congress.do(VISITOR, SAID)
    congress.do(ORGANISER, c.PublishTestimony(1))
    shown = seen.mark(congress.state, "temoignage-1")
    congress.do(SECOND, c.HideTestimony(1, REASON))
    congress.do(SECOND, c.RestoreTestimony(1, REASON))
    refused = answer(congress, shown, c.HideTestimony(1, REASON))
    assert refused
    assert "a été publié" in str(refused)


def test_settings_say_which_field_changed(congress: Congress) -> None:
    """S20, S2"""
    now = congress.state.settings
    assert now
    command = c.ChangeCongress(now.title, now.description, "Brest", now.visitors_may_testify, now.rule)
    place, rule = seen.settings_mark(congress.state, "title", "place"), seen.settings_mark(congress.state, "rule")
    congress.do(SECOND, replace(command, place="Vannes, en mai"))
    refused = answer(congress, place, command)
    assert refused
    assert (refused.field, refused.params["value"]) == ("place", "Vannes, en mai")
    assert answer(congress, rule, command) is None, "a page answers the fields that it shows"


def test_a_stale_page_does_not_publish_what_was_closed_meanwhile(congress: Congress) -> None:
    """S20, H1: the same form opens the huis clos or ends it."""
    shown = seen.mark(congress.state, "huisclos")
    congress.do(SECOND, c.SecludeDrafting(LATER, "Négociation"))
    refused = answer(congress, shown, c.PublishDrafting("Négociation"))
    assert refused
    assert "le huis clos a été ouvert" in str(refused)


def test_the_chair_does_not_change_an_order_that_changed_meanwhile(congress: Congress) -> None:
    """S20, S15, S16: whoever moves, joins or reserves looked at the order of call."""
    debated(congress)
    shown = seen.named_marks(congress.state, "ordre", "amendement-1", "amendement-2", "amendement-3")
    command = c.ChangeOrder(3, REASON, 1)
    assert answer(congress, shown, command) is None
    congress.do(SECOND, c.ChangeOrder(2, REASON, 1))
    for stale in (command, c.JoinDiscussion((1, 3), REASON)):
        refused = answer(congress, shown, stale)
        assert refused
        assert (refused.code, "l’ordre d’appel a changé" in str(refused)) == ("seen.changed", True)
    fresh = seen.named_marks(congress.state, "ordre", "amendement-1", "amendement-3")
    congress.do(SECOND, c.RevertAct(max(congress.state.acts), REASON))
    assert answer(congress, fresh, command), "an act that was taken back changed the order too"


def test_who_opens_several_votes_answers_each_amendment(congress: Congress) -> None:
    """S20, W19"""
    debated(congress)
    shown = seen.named_marks(congress.state, "amendement-1", "amendement-2")
    assert answer(congress, shown, c.OpenSheet(("amendement-1", "amendement-2"))) is None
    congress.do(ELU, c.WithdrawAmendment(2, REASON))
    refused = answer(congress, shown, c.OpenSheet(("amendement-1", "amendement-2")))
    assert refused
    assert refused.code == "seen.changed"


def debated(congress: Congress) -> None:
    """Creates a frozen motion with three pending amendments."""
    congress.frozen("Demande la fibre.", "Demande un bus.", "Demande un train.")
    for clause, words in (("c1", "Demande la fibre vite."), ("c2", "Demande un car."), ("c3", "Demande un tram.")):
        congress.table(words, clause)


Change = tuple[str, Callable[[Congress], object], c.Command, str]
CHANGES: list[Change] = [
    ("phase-vote", lambda x: x.do(SECOND, c.SetPhase(Phase.VOTE, LATER)), c.SetPhase(Phase.VOTE), "dates"),
    ("personne-p4", lambda x: x.do(SECOND, c.CorrectPerson(OTHER, "Zoé")), c.CorrectPerson(OTHER, "Max"), "corrigée"),
    ("personne-p4", lambda x: x.do(SECOND, c.RevokePerson(OTHER, REASON)), c.CorrectPerson(OTHER, "Max"), "retiré"),
    ("seance", lambda x: x.do(SECOND, c.OpenSitting(ELU)), c.OpenSitting(OTHER), "séance"),
    ("college-1", lambda x: x.do(SECOND, c.SetCollege("Bureau", (ELU,), 1)), c.SetCollege("B", (OTHER,), 1), "changé"),
]


@pytest.mark.parametrize(("subject", "change", "command", "said"), CHANGES)
def test_what_changed_is_said(
    congress: Congress, subject: str, change: Callable[[Congress], object], command: c.Command, said: str
) -> None:
    """S20"""
    congress.do(SECOND, c.SetCollege("Bureau", (ELU, OTHER)))
    shown = seen.mark(congress.state, subject)
    assert shown
    change(congress)
    refused = answer(congress, shown, command)
    assert refused
    assert refused.code == "seen.changed"
    assert said in str(refused)
    again = answer(congress, seen.mark(congress.state, subject), command)
    assert again is None or again.code != "seen.changed"


def test_every_object_has_a_mark_and_a_sentence() -> None:
    """S20"""
    assert seen.MARKS.keys() == seen.TOLD.keys()
    for kind in seen.MARKS:
        subject = f"{kind}-999"
        assert isinstance(seen.mark(State(), subject), str)
    for command, about in seen.OBJECTS.items():
        fields = get_type_hints(command)
        example = command(**{name: _value(hint) for name, hint in fields.items() if name not in ("name", "public")})
        kinds = {subject.partition("-")[0] for subject in about(example)}
        assert kinds <= {*seen.MARKS, seen.SETTINGS, ""}, command


def test_every_act_says_what_it_answers_or_why_nothing() -> None:
    """S20: a new command has to choose."""
    assert not seen.OBJECTS.keys() & seen.NOTHING.keys()
    assert set(c.NAMES.values()) == seen.OBJECTS.keys() | seen.NOTHING.keys()
    assert all(seen.NOTHING.values())


def test_an_act_on_several_things_answers_each_of_them(congress: Congress) -> None:
    """S20: the marks name their objects; of others nothing was seen."""
    for text in ("Un.", "Deux.", "Trois."):
        congress.do(VISITOR, c.SubmitTestimony("Fibre", text))
    shown = seen.named_marks(congress.state, "temoignage-1", "temoignage-2", "temoignage-9")
    assert shown == "temoignage-1=pending; temoignage-2=pending"
    congress.do(SECOND, c.PublishTestimony(2))
    congress.do(SECOND, c.PublishTestimony(3))
    assert answer(congress, shown, c.SetAsideTestimony(1, REASON)) is None
    refused = answer(congress, shown, c.SetAsideTestimony(2, REASON))
    assert refused
    assert "ce témoignage a été publié" in str(refused)
    refused = answer(congress, shown, c.HideTestimony(3, REASON))
    assert refused is None or refused.code != "seen.changed"


def _value(hint: object) -> object:
    return Phase.VOTE if hint is Phase else 1 if hint is int else (1,) if hint == tuple[int, ...] else ""


def test_nobody_publishes_words_that_they_did_not_read(congress: Congress) -> None:
    """S20, T24: the author corrected them while a moderator read."""
    congress.do(VISITOR, SAID)
    shown = seen.mark(congress.state, "temoignage-1")
    congress.do(VISITOR, c.CorrectTestimony(1, text="Tout autre chose."))
    refused = answer(congress, shown, c.PublishTestimony(1))
    assert refused
    assert "modifié par son auteur" in str(refused)
    assert answer(congress, seen.mark(congress.state, "temoignage-1"), c.PublishTestimony(1)) is None
    shown = seen.mark(congress.state, "temoignage-1")
    congress.do(VISITOR, c.WithdrawTestimony(1))
    refused = answer(congress, shown, c.PublishTestimony(1))
    assert refused
    assert "retiré par son auteur" in str(refused)
    assert refused.params["at"] == congress.state.testimonies[1].revised
