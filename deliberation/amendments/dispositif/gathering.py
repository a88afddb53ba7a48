"""Steps gathered passage by passage, as one dispositif says them (A44)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deliberation.amendments.dispositif import naming
from deliberation.amendments.dispositif.forms import EditAct, InstructionStep, Place

Passage = list[InstructionStep]


def gathered(steps: Sequence[InstructionStep]) -> list[Passage]:
    """The steps of each passage together; passages of one kind in which the very same is done are named together."""
    found: list[Passage] = []
    for passage in _by_passage(steps):
        same = next((known for known in found if _are_alike(known, passage)), None)
        if same is None:
            found.append(passage)
        else:
            same[:] = [_also_at(step, passage[0].place) for step in same]
    return found


def _by_passage(steps: Sequence[InstructionStep]) -> list[Passage]:
    found: list[Passage] = []
    for step in steps:
        if (
            found
            and _changes_words(step)
            and _changes_words(found[-1][0])
            and _is_there(found[-1][0].place, step.place)
        ):
            found[-1].append(step)
        else:
            found.append([step])
    return found


def _changes_words(step: InstructionStep) -> bool:
    """Whether it changes words within its passage: what takes a passage as a whole, or adds one, stands alone."""
    return step.act is not EditAct.MOVE and step.unit not in naming.KINDS


def _is_there(place: Place, other: Place) -> bool:
    return (place.amendment, place.noun, place.numbers) == (other.amendment, other.noun, other.numbers)


def _are_alike(passage: Passage, other: Passage) -> bool:
    """Whether the same is done in both, to passages of one kind that are named by their numbers."""
    if not all(map(may_be_shared, (*passage, *other))):
        return False
    return [_nowhere(step) for step in passage] == [_nowhere(step) for step in other]


def may_be_shared(step: InstructionStep) -> bool:
    """Whether a step can be asked for in several passages at once: a deletion, or a change of words that it quotes.

    How many times words stand there is said of one passage.
    """
    if step.place.amendment or step.place.noun not in naming.KINDS or step.times:
        return False
    return bool(step.words) or (step.act is EditAct.DELETE and not step.place.unit)


def _nowhere(step: InstructionStep) -> InstructionStep:
    return replace(step, place=replace(step.place, numbers=()))


def _also_at(step: InstructionStep, place: Place) -> InstructionStep:
    return replace(step, place=replace(step.place, numbers=(*step.place.numbers, *place.numbers)))


def one_by_one(step: InstructionStep) -> list[InstructionStep]:
    """A step for each of the passages that it names."""
    return [replace(step, place=replace(step.place, numbers=(number,))) for number in step.place.numbers] or [step]
