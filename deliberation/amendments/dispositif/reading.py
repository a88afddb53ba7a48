"""Reads a dispositif as an edit of a frozen text, to be approved; or refuses with what is missing (A31, A32)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from deliberation.amendments.dispositif import grammar, naming
from deliberation.amendments.dispositif.forms import (
    BEGINNING,
    EVERY,
    FOREIGN,
    TEXT,
    TITLE,
    EditAct,
    InstructionStep,
    Place,
    ReadEdit,
)
from deliberation.amendments.dispositif.locating import FIELD, spans_of
from deliberation.amendments.dispositif.quoting import occurrences
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim, Clause, Span
from deliberation.text.spans import Misplaced, applied

NOBODY: Mapping[int, Amendment] = {}


def read(said: str, base: Frozen, amendments: Mapping[int, Amendment] = NOBODY) -> ReadEdit | Refused:
    """The edit that a sentence describes; `amendments` are those that a sub-amendment may aim at."""
    steps = grammar.steps_of(said)
    return steps if isinstance(steps, Refused) else edit_of(steps, base, amendments)


def edit_of(
    steps: Sequence[InstructionStep], base: Frozen, amendments: Mapping[int, Amendment] = NOBODY
) -> ReadEdit | Refused:
    """The single edit that these steps describe together."""
    steps = [_in_whole_text(step, base) for step in steps]
    for step in steps:
        if refused := _refuse_place(step.place, base, amendments):
            return refused
    passages = {step.place.amendment or (step.place.noun, step.place.numbers) for step in steps}
    if len(passages) > 1 or any(len(step.place.numbers) > 1 for step in steps):
        return _several(steps)
    place = steps[0].place
    parent = amendments[place.amendment] if place.amendment else None
    if len(steps) == 1 and (whole := _whole(steps[0], base, parent)):
        return whole
    return _reworded(steps, base, parent)


def _in_whole_text(step: InstructionStep, base: Frozen) -> InstructionStep:
    """A step for the whole text stands at the passages that have the words; what completes it, behind its last one."""
    if step.place.noun == TEXT and step.act is EditAct.COMPLETE and step.unit in naming.KINDS and base.clauses:
        return replace(step, act=EditAct.ADD, place=naming.place_of(base.clauses[-1]))
    if step.place.noun != TEXT or not step.words:
        return step
    found = [naming.place_of(x) for x in base.clauses if occurrences(x.markdown, step.words)]
    found += [Place(TITLE)] if occurrences(base.title, step.words) else []
    step = replace(step, occurrence=step.occurrence or EVERY)
    if len(found) == 1:
        return replace(step, place=found[0])
    nouns = {place.noun for place in found}
    numbers = tuple(n for place in found for n in place.numbers)
    return replace(step, place=Place(nouns.pop(), numbers)) if len(nouns) == 1 else step


def _several(steps: Sequence[InstructionStep]) -> Refused:
    places = ", ".join(dict.fromkeys(naming.the(step.place) for step in steps))
    return Refused(
        "dispositif.several_places",
        "Cette consigne touche plusieurs passages ({places}) ; un amendement n’en change qu’un : "
        "déposez-en un pour chacun.",
        FIELD,
        {"places": places},
    )


def _refuse_place(place: Place, base: Frozen, amendments: Mapping[int, Amendment]) -> Refused | None:
    if place.amendment:
        if place.amendment in amendments:
            return None
        return Refused(
            "dispositif.no_amendment", "L’amendement n° {n} n’existe pas.", FIELD, {"n": str(place.amendment)}
        )
    if place.noun == TEXT:
        return Refused(
            "dispositif.everywhere",
            "Ces mots se trouvent dans plusieurs passages, ou dans aucun : dites lequel vous changez.",
            FIELD,
        )
    if place.noun in FOREIGN:
        return Refused(
            "dispositif.foreign",
            "Une motion n’a pas d’alinéas ni d’articles numérotés : nommez le titre, un visa, un considérant ou une "
            "demande, par exemple « Demande 2, deuxième alinéa ».",
            FIELD,
        )
    if not place.noun or (place.noun in naming.KINDS and not place.numbers):
        return Refused(
            "dispositif.no_place",
            "Dites quel passage change : le titre, un visa, un considérant ou une demande, avec son numéro.",
            FIELD,
        )
    missing = [n for n in place.numbers if clause_of(replace(place, numbers=(n,)), base) is None]
    if missing and place.noun in naming.KINDS:
        noun = f"{place.noun} {missing[0]}"
        return Refused("dispositif.no_clause", "Ce texte n’a pas de passage « {place} ».", FIELD, {"place": noun})
    return None


def clause_of(place: Place, base: Frozen) -> Clause | None:
    """The clause of that name; None for other places."""
    kind = naming.KINDS.get(place.noun)
    found = (x for x in base.clauses if x.kind is kind and (str(x.number),) == place.numbers)
    return next(found, None)


def _whole(step: InstructionStep, base: Frozen, parent: Amendment | None) -> ReadEdit | Refused | None:
    """The edit of a step that takes a passage as a whole; None for one that changes its words."""
    if step.unit in naming.KINDS:
        return _insertion(step, base, parent)
    if step.act is EditAct.MOVE:
        return _move(step, base)
    if step.place.unit:
        return None
    if step.act is EditAct.DELETE:
        return _deletion(step, base, parent)
    if step.act is EditAct.REWRITE:
        aim, clause, number = _aimed_at(step.place, base, parent)
        return ReadEdit(aim, clause, step.new, parent=number)
    return None


def _aimed_at(place: Place, base: Frozen, parent: Amendment | None) -> tuple[Aim, str, int | None]:
    if parent is not None:
        return (Aim.TITLE if parent.aim is Aim.TITLE else Aim.REWRITE), parent.clause, parent.number
    clause = clause_of(place, base)
    return (Aim.REWRITE, clause.id, None) if clause else (Aim.TITLE, "", None)


def _deletion(step: InstructionStep, base: Frozen, parent: Amendment | None) -> ReadEdit | Refused:
    clause = clause_of(step.place, base)
    if parent is not None:
        return Refused("dispositif.delete_amendment", "Supprimer un amendement, c’est voter contre.", FIELD)
    if clause is None:
        return Refused("dispositif.delete_title", "Le titre ne se supprime pas : il se rédige autrement.", FIELD)
    return ReadEdit(Aim.DELETE, clause.id)


def _insertion(step: InstructionStep, base: Frozen, parent: Amendment | None) -> ReadEdit | Refused:
    if parent is not None:
        return ReadEdit(Aim.INSERT, parent.clause, step.new, new_kind=naming.KINDS[step.unit], parent=parent.number)
    after = _place_behind(step.place, step.before, base)
    return (
        after if isinstance(after, Refused) else ReadEdit(Aim.INSERT, after, step.new, new_kind=naming.KINDS[step.unit])
    )


def _move(step: InstructionStep, base: Frozen) -> ReadEdit | Refused:
    if not (step.to.noun in (BEGINNING, TITLE) or clause_of(step.to, base)):
        return _refuse_place(step.to, base, NOBODY) or Refused(
            "dispositif.no_place_to", "Dites après quel passage il est déplacé.", FIELD
        )
    clause = clause_of(step.place, base)
    after = _place_behind(step.to, step.before, base)
    if isinstance(after, Refused) or clause is None:
        return (
            after
            if isinstance(after, Refused)
            else Refused("dispositif.move_title", "Le titre ne se déplace pas.", FIELD)
        )
    return ReadEdit(Aim.MOVE, clause.id, after=after)


def _place_behind(place: Place, before: bool, base: Frozen) -> str | Refused:
    """The id of the clause behind which something comes; "" at the beginning."""
    if place.noun in (BEGINNING, TITLE):
        return ""
    ids = [clause.id for clause in base.clauses]
    found = clause_of(place, base)
    if found is None:
        return Refused("dispositif.no_place_to", "Dites après quel passage il est placé.", FIELD)
    at = ids.index(found.id)
    return found.id if not before else ids[at - 1] if at else ""


def words_of(place: Place, base: Frozen, parent: Amendment | None) -> str:
    """The words in which a step's quotations are looked for: of a clause, of the title, or of an amendment."""
    if parent is not None:
        return parent.wording.text
    clause = clause_of(place, base)
    return clause.markdown if clause else base.title


def _reworded(steps: Sequence[InstructionStep], base: Frozen, parent: Amendment | None) -> ReadEdit | Refused:
    """All changes of words together: they must quote the words of one text, and must not overlap."""
    place = steps[0].place
    text = words_of(place, base, parent)
    changes: list[Span] = []
    for step in steps:
        if step.act is EditAct.MOVE or step.unit in naming.KINDS or (step.act in _ALONE and not step.place.unit):
            return Refused(
                "dispositif.mixed",
                "Supprimer, déplacer, insérer ou rédiger un passage entier se demande dans un amendement à part.",
                FIELD,
            )
        found = spans_of(step, text)
        if isinstance(found, Refused):
            return found
        changes += found
    changes.sort(key=lambda span: (span.start, span.start + len(span.old)))
    try:
        made = applied(text, changes)
    except Misplaced:
        return Refused("dispositif.overlap", "Deux des changements demandés portent sur les mêmes mots.", FIELD)
    aim, clause, number = _aimed_at(place, base, parent)
    if not made.strip():
        return Refused("dispositif.nothing_left", "Il ne resterait rien du passage : demandez de le supprimer.", FIELD)
    return ReadEdit(aim, clause, made, tuple(changes), parent=number)


_ALONE = (EditAct.DELETE, EditAct.REWRITE)
