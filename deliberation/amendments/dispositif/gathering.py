"""Groups steps by passage, as a dispositif states them (A44)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deliberation.amendments.dispositif import naming
from deliberation.amendments.dispositif.forms import EditAct, InstructionStep, Place

Passage = list[InstructionStep]


def gathered(steps: Sequence[InstructionStep]) -> list[Passage]:
    """The steps grouped by passage; passages of one kind with identical changes are grouped together."""
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
    """Whether the step changes words within its passage; if not, it replaces, deletes, moves or adds a passage."""
    return step.act is not EditAct.MOVE and step.unit not in naming.KINDS


def _is_there(place: Place, other: Place) -> bool:
    return (place.amendment, place.noun, place.numbers) == (other.amendment, other.noun, other.numbers)


def _are_alike(passage: Passage, other: Passage) -> bool:
    """Whether both groups make the same changes, in passages of the same kind that are named by number."""
    if not all(map(may_be_shared, (*passage, *other))):
        return False
    return [_nowhere(step) for step in passage] == [_nowhere(step) for step in other]


def may_be_shared(step: InstructionStep) -> bool:
    """Whether one step can apply to several passages: a deletion, or a change of quoted words.

    A step that says how many times its words occur applies to one passage only.
    """
    if step.place.amendment or step.place.noun not in naming.KINDS or step.times:
        return False
    return bool(step.words) or (step.act is EditAct.DELETE and not step.place.unit)


def _nowhere(step: InstructionStep) -> InstructionStep:
    return replace(step, place=replace(step.place, numbers=()))


def _also_at(step: InstructionStep, place: Place) -> InstructionStep:
    return replace(step, place=replace(step.place, numbers=(*step.place.numbers, *place.numbers)))


def one_by_one(step: InstructionStep) -> list[InstructionStep]:
    """One step for each passage that the step names."""
    return [replace(step, place=replace(step.place, numbers=(number,))) for number in step.place.numbers] or [step]
