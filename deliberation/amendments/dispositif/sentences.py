"""Words the steps of a dispositif in the forms of the assemblies (A30)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from deliberation.amendments.dispositif import naming, ranges
from deliberation.amendments.dispositif.forms import (
    BEGINNING,
    EVERY,
    PASSAGE,
    WORDS,
    EditAct,
    InstructionStep,
    Place,
)
from deliberation.amendments.dispositif.gathering import gathered
from deliberation.amendments.dispositif.naming import SPACE, quoted
from deliberation.kernel.state import Frozen

Numeral = Callable[[int], str]


def said(steps: Sequence[InstructionStep], base: Frozen) -> str:
    """The dispositif for these steps. Several steps are numbered, one per line, and grouped by passage."""
    passages = [[replace(x, place=ranges.gathered(x.place, base)) for x in passage] for passage in gathered(steps)]
    if len(passages) == 1:
        return _of_passage(passages[0], _roman)
    return "\n".join(f"{_roman(n)}{_of_passage(passage, _degree)}" for n, passage in enumerate(passages, start=1))


def _of_passage(steps: Sequence[InstructionStep], numeral: Numeral) -> str:
    """The changes of one passage, or the same ones of several: a sentence, or a line for each step."""
    if len(steps) == 1:
        step = steps[0]
        return _upper(f"{_opening(step)}{_SAID[step.act](step)}")
    items = (f"{numeral(n)}{_upper(_inner(step))}" for n, step in enumerate(steps, start=1))
    return f"{naming.head(steps[0].place)}{SPACE}:\n" + "\n".join(items)


def _roman(n: int) -> str:
    figures = ((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    found = ""
    for value, letters in figures:
        found, n = found + letters * (n // value), n % value
    return f"{found}.{SPACE}– "


def _degree(n: int) -> str:
    return f"{n}° "


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _opening(step: InstructionStep) -> str:
    """The place before the verb, if the verb does not name it."""
    if step.place.noun == PASSAGE:
        return f"{naming.head(step.place)}, {_part(step)}"
    if not step.words and (step.act in _NAMES_PLACE or step.unit in naming.KINDS) and not step.place.unit:
        return ""
    return f"{naming.head(step.place)}, {_part(step)}"


def _inner(step: InstructionStep) -> str:
    return f"{_part(step)}{_SAID[step.act](step)}"


def _part(step: InstructionStep) -> str:
    """« deuxième phrase, », before words that are in it."""
    place = step.place
    return f"{naming.part(place.unit, place.nth[0])}, " if step.words and place.unit and place.nth else ""


_NAMES_PLACE = (EditAct.DELETE, EditAct.REWRITE, EditAct.MOVE, EditAct.COMPLETE, EditAct.BEGIN, EditAct.ADD)


def _object(place: Place) -> str:
    """The object of the verb: the passage, or a part of it."""
    if not place.unit:
        return naming.the(place)
    if len(place.nth) == 1:
        return naming.the_part(place.unit, place.nth[0])
    ordinals = [naming.ordinal(n, naming.is_feminine(place.unit)) for n in place.nth]
    return f"les {', '.join(ordinals[:-1])} et {ordinals[-1]} {place.unit}s"


def _words(step: InstructionStep) -> str:
    if step.occurrence == EVERY:
        return (
            f"{naming.named(step.words)} {naming.times(step.times)}"
            if step.times
            else (f"chaque occurrence {naming.fitting(step.words)[1]}{SPACE}: {quoted(step.words)}")
        )
    if step.occurrence:
        return naming.occurrence(step.occurrence, step.words)
    return naming.named(step.words)


def _new(step: InstructionStep) -> str:
    return f"{naming.new_part(step.unit)}{SPACE}: {quoted(step.new)}"


def _delete(step: InstructionStep) -> str:
    return f"supprimer {_object(step.place)}"


def _rewrite(step: InstructionStep) -> str:
    return f"rédiger ainsi {_object(step.place)}{SPACE}: {quoted(step.new)}"


def _replace(step: InstructionStep) -> str:
    return f"remplacer {_words(step)} par {naming.named(step.new)}"


def _strike(step: InstructionStep) -> str:
    return f"supprimer {_words(step)}"


def _insert(step: InstructionStep) -> str:
    return f"{_side(step)} {_words(step)}, insérer {naming.named(step.new)}"


def _side(step: InstructionStep) -> str:
    return "avant" if step.before else "après"


def _complete(step: InstructionStep) -> str:
    new = naming.named(step.new) if step.unit == WORDS else _new(step)
    return f"compléter {_object(step.place)} par {new}"


def _begin(step: InstructionStep) -> str:
    return f"au début {_of(step.place)}, insérer {naming.named(step.new)}"


def _add(step: InstructionStep) -> str:
    if step.place.noun == BEGINNING:
        return f"au début du texte, insérer {_new(step)}"
    return f"{_side(step)} {_object(step.place)}, insérer {_new(step)}"


def _strike_end(step: InstructionStep) -> str:
    return f"après {_words(step)}, supprimer la fin {_of(step.place)}"


def _rewrite_end(step: InstructionStep) -> str:
    return f"après {_words(step)}, rédiger ainsi la fin {_of(step.place)}{SPACE}: {quoted(step.new)}"


def _rewrite_start(step: InstructionStep) -> str:
    return f"avant {_words(step)}, rédiger ainsi le début {_of(step.place)}{SPACE}: {quoted(step.new)}"


def _of(place: Place) -> str:
    """« de la demande 2 », « du titre », « de la deuxième phrase »."""
    the = naming.the_part(place.unit, place.nth[0]) if place.unit and place.nth else naming.the(place)
    return f"du {the.removeprefix('le ')}" if the.startswith("le ") else f"de {the}"


def _move(step: InstructionStep) -> str:
    if step.to.noun == BEGINNING:
        return f"déplacer {naming.the(step.place)} au début du texte"
    return f"déplacer {naming.the(step.place)} {_side(step)} {naming.the(step.to)}"


_SAID: Mapping[EditAct, Callable[[InstructionStep], str]] = {
    EditAct.DELETE: _delete,
    EditAct.REWRITE: _rewrite,
    EditAct.REPLACE: _replace,
    EditAct.STRIKE: _strike,
    EditAct.INSERT: _insert,
    EditAct.COMPLETE: _complete,
    EditAct.BEGIN: _begin,
    EditAct.ADD: _add,
    EditAct.STRIKE_END: _strike_end,
    EditAct.REWRITE_END: _rewrite_end,
    EditAct.REWRITE_START: _rewrite_start,
    EditAct.MOVE: _move,
}
