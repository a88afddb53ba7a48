"""What was done, in words that name the act: for every kind of entry, in both languages, without its content too."""

from __future__ import annotations

import dataclasses

import pytest

from deliberation.kernel import events as e
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Choice, Phase
from exports.confirmations import ACTS, RECORDED, VARIED, all_done, done
from exports.translations import words_for
from tests.exports.test_narrator import NOW, sample

FRENCH = words_for("fr")


def recorded(event: e.Event, index: int = 5) -> e.Recorded:
    return e.Recorded(index, NOW, "p1", event.kind, event.document, event)


def in_french(event: e.Event) -> str:
    return done(FRENCH, State(), recorded(event)).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("kind", sorted(e.KINDS))
def test_every_kind_names_the_act(kind: str, lang: str) -> None:
    cls = e.KINDS[kind]
    assert (cls in ACTS) != (cls in VARIED)
    entry, words = recorded(sample(cls)), words_for(lang)
    said = done(words, State(), entry)
    assert said.endswith(".")
    assert said != words(RECORDED)
    assert "{" not in said
    assert "mot" not in done(words, State(), dataclasses.replace(entry, event=None)).replace("motion", "").replace(
        "mots", ""
    ), "nothing that may not be shown"


def test_the_act_is_named_by_what_changed() -> None:
    assert in_french(e.PhaseSet(Phase.COLLECT, NOW, None)) == "Étape Collecte : dates enregistrées."
    assert in_french(e.TestimonyPublished(12)) == "Témoignage n° 12 publié."
    assert in_french(e.MotionDecided(3, False, 4, 2)) == "Motion n° 3 rejetée."


def test_what_may_not_be_shown_has_only_its_number_or_a_general_word() -> None:
    ballot = dataclasses.replace(recorded(e.BallotCast(7, "p1", Choice.FOR)), event=None)
    assert done(FRENCH, State(), ballot).replace("\u00a0", " ") == "Scrutin n° 7 : vote enregistré."
    erased = dataclasses.replace(recorded(e.PhaseSet(Phase.COLLECT, NOW, None)), event=None)
    assert done(FRENCH, State(), erased) == FRENCH(RECORDED)


def test_the_acts_of_one_command_are_each_said_once_and_many_are_counted() -> None:
    published = [recorded(e.TestimonyPublished(number), number) for number in (1, 1, 2, 3, 4, 5)]
    said = all_done(FRENCH, State(), published).replace("\u00a0", " ")
    assert said == ("Témoignage n° 1 publié. Témoignage n° 2 publié. Témoignage n° 3 publié. Et 2 autres actes.")
