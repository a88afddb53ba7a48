"""The words that are put to the vote, where one votes: of an amendment what it changes, of a motion its passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deliberation.kernel import ids
from deliberation.kernel.state import Poll, State
from exports import changes, naming
from exports.translations import Translator


@dataclass(frozen=True)
class WordsPutToVote:
    """`changes` of the text by an amendment, as differences; or the `clauses` of a motion, in Markdown."""

    changes: Any = None
    clauses: tuple[str, ...] = ()


def put_to_vote(state: State, words: Translator, poll: Poll) -> WordsPutToVote | None:
    """None for people, and for a part of a divided text, which pages show by itself."""
    kind, number = naming.split(poll.subject)
    if poll.part:
        return None
    if kind == ids.AMENDMENT and number in state.amendments:
        return WordsPutToVote(changes.pieces_of(state, words, state.amendments[number]))
    motion = state.motions.get(number) if kind == ids.MOTION else None
    if motion is None or not motion.frozen:
        return None
    return WordsPutToVote(clauses=tuple(clause.markdown for clause in motion.frozen[-1].clauses))
