"""Describes the entries that a report mentions, with the sentences of `exports.narrator`."""

from __future__ import annotations

from deliberation.kernel.events import Recorded
from deliberation.kernel.state import State
from deliberation.record.report import Sentence
from exports.narrator import describe
from exports.translations import words_for


def sentence(state: State, recorded: Recorded) -> Sentence | None:
    """The entry described in French and English; None if it cannot be, for instance in a forged record."""
    try:
        return Sentence(*(describe(words_for(language), state, recorded) for language in ("fr", "en")))
    except Exception:  # whatever a hostile entry makes the narrator raise: the report then names the entry alone
        return None
