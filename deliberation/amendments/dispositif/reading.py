"""Reads a dispositif as an edit of a frozen text, for the person to approve; or refuses it and says what is missing
(A31, A32).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from deliberation.amendments import several
from deliberation.amendments.dispositif import grammar, naming, ranges
from deliberation.amendments.dispositif.forms import (
    BEGINNING,
    EVERY,
    FOREIGN,
    PASSAGE,
    TEXT,
    TITLE,
    EditAct,
    InstructionStep,
    Place,
    ReadEdit,
)
from deliberation.amendments.dispositif.gathering import may_be_shared, one_by_one
from deliberation.amendments.dispositif.locating import FIELD, spans_of
from deliberation.amendments.dispositif.quoting import occurrences
from deliberation.kernel.errors import N_, Refused
from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim, Clause, ClauseEdit, Span
from deliberation.text.spans import Misplaced, applied

NO_PLACE = N_("Dites quel passage change : le titre, un visa, un considérant ou une demande, avec son numéro.")
NOBODY: Mapping[int, Amendment] = {}


def read(said: str, base: Frozen, amendments: Mapping[int, Amendment] = NOBODY) -> ReadEdit | Refused:
    """The edit that a sentence describes. `amendments` are the ones that a sub-amendment may change."""
    steps = grammar.steps_of(said)
    return steps if isinstance(steps, Refused) else edit_of(steps, base, amendments)


def edit_of(
    steps: Sequence[InstructionStep], base: Frozen, amendments: Mapping[int, Amendment] = NOBODY
) -> ReadEdit | Refused:
    """The edits that these steps make together, one per passage (A44)."""
    steps = [replace(step, place=ranges.spread(step.place, base)) for step in steps]
    given = [each for step in steps for each in _in_whole_text(step, base)]
    for step in given:
        if refused := _refuse_place(step.place, base, amendments) or _refuse_shared(step):
            return refused
    passages = [_passage_edits(found, base, amendments) for found in _by_passage(given)]
    edits: list[ReadEdit] = []
    for passage in passages:
        if isinstance(passage, Refused):
            return passage
        edits += passage
    return edits[0] if len(edits) == 1 else _together(edits, base)


def _in_whole_text(step: InstructionStep, base: Frozen) -> list[InstructionStep]:
    """Replaces a step for the whole text by steps for the passages that contain its words, or that it completes."""
    if step.place.noun == TEXT and step.act is EditAct.COMPLETE and step.unit in naming.KINDS and base.clauses:
        return [replace(step, act=EditAct.ADD, place=naming.place_of(base.clauses[-1]))]
    if step.place.noun != TEXT or not step.words:
        return [step]
    found = [Place(TITLE)] if occurrences(base.title, step.words) else []
    found += [naming.place_of(x) for x in base.clauses if occurrences(x.markdown, step.words)]
    if len(found) > 1 and (step.times or step.occurrence not in (0, EVERY)):
        return [step]
    return [replace(step, place=place, occurrence=step.occurrence or EVERY) for place in found] or [step]


def _refuse_shared(step: InstructionStep) -> Refused | None:
    """Why a step cannot apply to several passages at once; None if it can."""
    if len(step.place.numbers) < 2 or may_be_shared(step):
        return None
    return Refused(
        "dispositif.several_places",
        "Dites ce que devient chacun de ces passages ({places}) : cette consigne ne le dit que pour un seul.",
        FIELD,
        {"places": naming.the(step.place)},
    )


def _by_passage(steps: Sequence[InstructionStep]) -> list[list[InstructionStep]]:
    """The steps grouped by passage; a step for several passages counts once for each."""
    found: dict[tuple[object, ...], list[InstructionStep]] = {}
    for each in (x for step in steps for x in one_by_one(step)):
        found.setdefault((each.place.amendment, each.place.noun, each.place.numbers), []).append(each)
    return list(found.values())


def _passage_edits(
    steps: Sequence[InstructionStep], base: Frozen, amendments: Mapping[int, Amendment]
) -> list[ReadEdit] | Refused:
    """The edits of one passage: all changes of its words together, and one for each whole passage changed, added or
    moved.
    """
    parent = _meant(steps[0].place, base, amendments)
    if isinstance(parent, Refused):
        return parent
    beside = [step for step in steps if step.act is EditAct.MOVE or step.unit in naming.KINDS]
    within = [step for step in steps if step not in beside]
    found = [_within(within, base, parent)] if within else []
    edits: list[ReadEdit] = []
    for edit in (*found, *(_whole(step, base, parent) for step in beside)):
        if isinstance(edit, Refused):
            return edit
        edits += [edit] if edit else []
    return edits


def _within(steps: Sequence[InstructionStep], base: Frozen, parent: Amendment | None) -> ReadEdit | Refused:
    """The edit of a whole passage, or of its words."""
    whole = _whole(steps[0], base, parent) if len(steps) == 1 else None
    return whole or _reworded(steps, base, parent)


def _meant(place: Place, base: Frozen, amendments: Mapping[int, Amendment]) -> Amendment | Refused | None:
    """The amendment whose words are changed, with the one of its edits that is meant; None for the text itself."""
    if not place.amendment:
        return None
    parent = amendments[place.amendment]
    if not parent.further:
        return parent
    ranks = range(len(parent.edits))
    if place.noun == PASSAGE:
        named = [rank for rank in ranks if place.numbers == (str(rank + 1),)]
    else:
        clause = clause_of(place, base)
        aimed = (Aim.REWRITE, clause.id) if clause else (Aim.TITLE, "")
        known = place.noun == TITLE or clause is not None
        named = [n for n in ranks if known and (parent.edits[n].aim, parent.edits[n].clause) == aimed]
    if len(named) == 1:
        return parent.edit_at(named[0])
    return Refused(
        "dispositif.which_passage",
        "L’amendement n° {n} change plusieurs passages : dites lequel, par exemple « Amendement n° {n}, passage 2 ».",
        FIELD,
        {"n": str(parent.number)},
    )


def _together(edits: Sequence[ReadEdit], base: Frozen) -> ReadEdit | Refused:
    """Several edits as one amendment; edits of another amendment's words become one sub-amendment each."""
    if any(edit.parent for edit in edits):
        return Refused(
            "dispositif.several_subs",
            "Un sous-amendement change un seul passage de son amendement : déposez-en un pour chacun.",
            FIELD,
        )
    if len(edits) > several.MOST_EDITS:
        return Refused(
            "dispositif.too_many",
            "Cette consigne touche {n} passages ; un amendement en change {most} au plus.",
            FIELD,
            {"n": len(edits), "most": several.MOST_EDITS},
        )
    given = [ClauseEdit(x.aim, x.clause, x.text, x.spans, x.after, x.new_kind) for x in edits]
    if refused := several.refuse_together(given):
        return replace(refused, field=FIELD)
    first, *further = several.in_order(base, given)
    return ReadEdit(
        first.aim, first.clause, first.text, first.spans, first.new_kind, first.after, further=tuple(further)
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
            "Dites quel passage vous changez : ces mots ne sont dans aucun, ou la consigne en compte dans plusieurs.",
            FIELD,
        )
    if place.noun == PASSAGE:
        return Refused("dispositif.no_place", NO_PLACE, FIELD)
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
            NO_PLACE,
            FIELD,
        )
    missing = [n for n in place.numbers if clause_of(replace(place, numbers=(n,)), base) is None]
    if missing and place.noun in naming.KINDS:
        noun = f"{place.noun} {missing[0]}"
        return Refused("dispositif.no_clause", "Ce texte n’a pas de passage « {place} ».", FIELD, {"place": noun})
    return None


def clause_of(place: Place, base: Frozen) -> Clause | None:
    """The clause that the place names; None if it names something else."""
    kind = naming.KINDS.get(place.noun)
    found = (x for x in base.clauses if x.kind is kind and (x.called,) == place.numbers)
    return next(found, None)


def _whole(step: InstructionStep, base: Frozen, parent: Amendment | None) -> ReadEdit | Refused | None:
    """The edit of a step that concerns a whole passage; None for a step that changes words within one."""
    if step.unit in naming.KINDS:
        return _insertion(step, base, parent)
    if step.act is EditAct.MOVE:
        return _move(step, base)
    if step.place.unit:
        return None
    if step.act is EditAct.DELETE:
        return _deletion(step, base, parent)
    if step.act is EditAct.REWRITE:
        return replace(_aimed_at(step.place, base, parent), text=step.new)
    return None


def _aimed_at(place: Place, base: Frozen, parent: Amendment | None) -> ReadEdit:
    """An edit of a passage, or of the words of an amendment, still without its new words."""
    if parent is not None:
        aim = Aim.TITLE if parent.aim is Aim.TITLE else Aim.REWRITE
        return ReadEdit(aim, parent.clause, parent=parent.number, edit_rank=parent.edit_rank)
    clause = clause_of(place, base)
    return ReadEdit(Aim.REWRITE, clause.id) if clause else ReadEdit(Aim.TITLE)


def _deletion(step: InstructionStep, base: Frozen, parent: Amendment | None) -> ReadEdit | Refused:
    clause = clause_of(step.place, base)
    if parent is not None:
        return Refused("dispositif.delete_amendment", "Supprimer un amendement, c’est voter contre.", FIELD)
    if clause is None:
        return Refused("dispositif.delete_title", "Le titre ne se supprime pas : il se rédige autrement.", FIELD)
    return ReadEdit(Aim.DELETE, clause.id)


def _insertion(step: InstructionStep, base: Frozen, parent: Amendment | None) -> ReadEdit | Refused:
    if parent is not None:
        aimed = replace(_aimed_at(step.place, base, parent), aim=Aim.INSERT)
        return replace(aimed, text=step.new, new_kind=naming.KINDS[step.unit])
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
    """The id of the clause after which something is inserted; "" at the beginning."""
    if place.noun in (BEGINNING, TITLE):
        return ""
    ids = [clause.id for clause in base.clauses]
    found = clause_of(place, base)
    if found is None:
        return Refused("dispositif.no_place_to", "Dites après quel passage il est placé.", FIELD)
    at = ids.index(found.id)
    return found.id if not before else ids[at - 1] if at else ""


def words_of(place: Place, base: Frozen, parent: Amendment | None) -> str:
    """The words in which a step's quotations are searched: those of a clause, of the title, or of an amendment."""
    if parent is not None:
        return parent.wording.text
    clause = clause_of(place, base)
    return clause.markdown if clause else base.title


def _reworded(steps: Sequence[InstructionStep], base: Frozen, parent: Amendment | None) -> ReadEdit | Refused:
    """All changes of words combined. They must quote the words of one text and must not overlap."""
    place = steps[0].place
    text = words_of(place, base, parent)
    changes: list[Span] = []
    for step in steps:
        if step.act is EditAct.MOVE or step.unit in naming.KINDS or (step.act in _ALONE and not step.place.unit):
            return Refused(
                "dispositif.mixed",
                "Un passage que l’on supprime ou rédige en entier n’est pas changé autrement.",
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
    if not made.strip():
        return Refused("dispositif.nothing_left", "Il ne resterait rien du passage : demandez de le supprimer.", FIELD)
    return replace(_aimed_at(place, base, parent), text=made, spans=tuple(changes))


_ALONE = (EditAct.DELETE, EditAct.REWRITE)
