"""An amendment composed passage by passage: the one that is written now, and the others that its form carries (A40).

The form is that of one passage. What is done to the others travels in hidden fields (`passage.1.cible`,
`passage.1.text` and so on), and every step is a submission of that form: nothing that was typed is lost, with or
without JavaScript.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deliberation.amendments import several
from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import Amendment
from deliberation.kernel.vocabulary import Aim, ClauseEdit
from exports import naming
from server.pages.shell import forms

SUB, COMPLETE = "sous", "complement"
"""What may be done to an amendment, as it stands in addresses: change its words, or add a passage after them."""
ADD, RESUME, DROP, TOWARDS = "ajouter", "reprendre:", "retirer:", "vers"
"""Steps: put this passage aside and choose another one; write at the nth of the others; give the nth up; the choice."""
_OF_PASSAGE = ("cible", "text", "contenu", "new_kind", "after", "etape", TOWARDS)
"""Fields that say what is done to the passage that is written now, or what to do next."""
_CARRIED = ("cible", "text", "new_kind", "after")


@dataclass(frozen=True)
class Target:
    """What is to be changed: a passage of a text, or (`parent`) what an edit of an amendment proposes."""

    aim: Aim
    clause: str = ""
    parent: int | None = None
    edit_rank: int = 0


def target_of(choice: str) -> Target | None:
    """What a choice means, such as `rewrite:k3f…`, `titre`, `insert:debut` or `sous:12:1`; None when it is none."""
    if choice == naming.TITLE:
        return Target(Aim.TITLE)
    act, _, place = choice.partition(":")
    if act in (SUB, COMPLETE):
        number, _, rank = place.partition(":")
        parent, edit = number_in(number), number_in(rank or "0")
        known = parent is not None and edit is not None
        return Target(Aim.INSERT if act == COMPLETE else Aim.REWRITE, "", parent, edit or 0) if known else None
    return Target(Aim(act), place_of(place)) if act in {aim.value for aim in Aim} else None


def place_of(place: str) -> str:
    """The clause behind which something comes, from a form; "" for the beginning."""
    return "" if place == naming.BEGINNING else place


def choice_of(edit: ClauseEdit | Amendment) -> str:
    """What an edit of the text changes, as `target_of` reads it."""
    return naming.TITLE if edit.aim is Aim.TITLE else f"{edit.aim}:{edit.clause or naming.BEGINNING}"


def others(form: forms.Form) -> tuple[ClauseEdit, ...]:
    """What is done to the other passages, as the form carries it."""
    found = []
    for n in range(1, several.MOST_EDITS + 1):
        target = target_of(form.get(f"passage.{n}.cible"))
        if target is None or target.parent is not None:
            continue
        text, new_kind, after = (form.get(f"passage.{n}.{name}") for name in _CARRIED[1:])
        found.append(ClauseEdit(target.aim, target.clause, text, (), place_of(after), new_kind))
    return tuple(found)


def carried(edits: Sequence[ClauseEdit]) -> dict[str, str]:
    """The fields of these edits, as `others` reads them."""
    fields: dict[str, str] = {}
    for n, edit in enumerate(edits, start=1):
        said = (choice_of(edit), edit.text, edit.new_kind, edit.after or naming.BEGINNING)
        fields |= {f"passage.{n}.{name}": value for name, value in zip(_CARRIED, said, strict=True)}
    return fields


def at(form: forms.Form, edit: ClauseEdit | None, beside: Sequence[ClauseEdit]) -> forms.Form:
    """The form where this edit is written now, none while a passage is being chosen, beside these others."""
    kept = {name: value for name, value in form.values.items() if name not in _OF_PASSAGE and not _is_carried(name)}
    now: dict[str, str] = {}
    if edit is not None:
        now = {"cible": choice_of(edit), "text": edit.text, "new_kind": edit.new_kind}
        now["after"] = edit.after or naming.BEGINNING
    return forms.Form({**kept, **now, **carried(beside)}, form.refused)


def towards(form: forms.Form, choice: str) -> forms.Form:
    """The form where that choice is written now, from what the text says there."""
    return forms.Form({**at(form, None, others(form)).values, "cible": choice})


def _is_carried(name: str) -> bool:
    return name.startswith("passage.")


def step(form: forms.Form, prefix: str) -> int | None:
    """Which of the other passages a step names, from 1; None for another step, or one that is not there."""
    asked = form.get("etape")
    number = number_in(asked.removeprefix(prefix)) if asked.startswith(prefix) else None
    return number if number and number <= len(others(form)) else None


def without(form: forms.Form, number: int) -> forms.Form:
    """The form that no longer changes the nth of the other passages."""
    left = [edit for n, edit in enumerate(others(form), start=1) if n != number]
    kept = {name: value for name, value in form.values.items() if not _is_carried(name)}
    return forms.Form({**kept, **carried(left)})


def gathered(form: forms.Form, now: ClauseEdit | None, number: int | None = None) -> forms.Form:
    """The form where the passage written now is one of the others, and the nth of these, or none, is written."""
    beside = others(form)
    chosen = beside[number - 1] if number else None
    left = [edit for n, edit in enumerate(beside, start=1) if n != number]
    return at(form, chosen, [*left, *([now] if now else [])])


_EXCLUDES = {
    Aim.DELETE: (Aim.DELETE, Aim.REWRITE, Aim.MOVE),
    Aim.REWRITE: (Aim.DELETE, Aim.REWRITE),
    Aim.MOVE: (Aim.DELETE, Aim.MOVE),
    Aim.TITLE: (Aim.TITLE,),
    Aim.INSERT: (),
}
"""What cannot be done any more to a passage to which that is done (A40)."""


def taken(beside: Sequence[ClauseEdit]) -> frozenset[str]:
    """The choices that what is done to the others leaves no room for."""
    return frozenset(choice_of(ClauseEdit(aim, edit.clause)) for edit in beside for aim in _EXCLUDES[edit.aim])


def drafts(form: forms.Form, about: str) -> str:
    """The names under which a browser kept what was typed at the other passages: settled with the amendment."""
    return "\n".join(f"{about} {choice_of(edit)}" for edit in others(form))
