"""Every kind of entry has a sentence in French and in English, with its content and without it."""

from __future__ import annotations

import dataclasses
from enum import EnumType
from typing import Any, get_type_hints

import pytest

from deliberation.kernel import events as e
from deliberation.kernel.state import Amendment, Poll, State
from deliberation.kernel.vocabulary import Tally
from exports import naming
from exports.narrator import describe
from exports.translations import words_for

ABSENT = (
    e.ActorBound,
    e.TestimonySubmitted,
    e.ExcerptQuoted,
    e.BallotCast,
    e.TextWritten,
    e.RemarkMade,
    e.HandsCounted,
)
NOW = "2026-01-01T00:00:00.000Z"
COMPUTED = "Adoptez-vous l’amendement n°\u00a01\u202f?"
MOMENTS = frozenset({"until", "closes", "ahead", "starts"})


def sample(tp: Any) -> Any:
    """An example value of a type."""
    if tp is Tally:
        return Tally(3, 2, 1, 10, 5, 3, 0, True, True)
    if isinstance(tp, EnumType):
        return next(iter(tp))
    if dataclasses.is_dataclass(tp) and isinstance(tp, type):
        hints = get_type_hints(tp)
        return tp(**{f.name: NOW if f.name in MOMENTS else sample(hints[f.name]) for f in dataclasses.fields(tp)})
    if "tuple" in str(tp):
        return (1, 2) if "int" in str(tp) else ()
    if "None" in str(tp):
        return None
    return {int: 1, bool: True}.get(tp, "mot")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("kind", sorted(e.KINDS))
def test_every_kind_is_told(kind: str, lang: str) -> None:
    cls = e.KINDS[kind]
    event: e.Event = sample(cls)
    recorded = e.Recorded(5, NOW, "p1", kind, event.document, event)
    told = describe(words_for(lang), State(), recorded)
    assert kind not in told
    assert "{" not in told
    if cls in ABSENT:
        hidden = describe(words_for(lang), State(), dataclasses.replace(recorded, event=None))
        assert "mot" not in hidden.replace("motion", "").replace("pseudonyme mot", "").replace("pseudonym mot", "")


@pytest.mark.parametrize(
    ("stored", "french", "english"),
    [
        ("", COMPUTED, "Do you adopt amendment no. 1?"),
        ("Adoptez-vous l’amendement n° 1 ?", COMPUTED, "Do you adopt amendment no. 1?"),
        ("Quatre jours, oui ou non", "Quatre jours, oui ou non", "Quatre jours, oui ou non"),
    ],
    ids=["computed", "computed, stored by an earlier version", "worded by somebody"],
)
def test_record_and_pages_ask_the_same_question(stored: str, french: str, english: str) -> None:
    poll = dataclasses.replace(sample(Poll), number=1, subject="amendement-1", question=stored)
    amendment = dataclasses.replace(sample(Amendment), number=1, parent=None)
    state = State(polls={1: poll}, amendments={1: amendment})
    opened = dataclasses.replace(sample(e.PollOpened), poll=1, subject="amendement-1", question=stored)
    entry = e.Recorded(5, NOW, "p1", opened.kind, opened.document, opened)
    for lang, asked in (("fr", french), ("en", english)):
        words = words_for(lang)
        assert naming.question(state, words, poll) == asked
        assert asked in describe(words, state, entry)
    assert naming.typed_question(state, poll) == (stored if stored == "Quatre jours, oui ou non" else "")


def test_an_unknown_kind_is_named() -> None:
    recorded = e.Recorded(5, NOW, "p1", "futur.acte", "congres", None)
    assert "futur.acte" in describe(words_for("fr"), State(), recorded)
