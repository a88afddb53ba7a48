"""An amendment to several passages: the edits that it is made of, and what they may be together (A40, A43)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from deliberation.congress.congress import too_long
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim, ClauseEdit

MOST_EDITS = 40
"""Passages that one amendment changes at most: as many as the dispositif counts in Roman numerals."""
TOGETHER_LIMIT = 40_000
"""Characters of the words of all edits together."""
_RANKS = {Aim.TITLE: 0, Aim.DELETE: 0, Aim.REWRITE: 0, Aim.MOVE: 1, Aim.INSERT: 2}


def commands(command: c.TableAmendment) -> tuple[c.TableAmendment, ...]:
    """A command for each of its edits alone, in the order given."""
    if not command.further:
        return (command,)
    return (replace(command, further=()), *(_at(command, edit) for edit in command.further))


def _at(command: c.TableAmendment, edit: ClauseEdit) -> c.TableAmendment:
    return replace(
        command,
        aim=edit.aim,
        clause=edit.clause,
        text=edit.text,
        spans=edit.spans,
        after=edit.after,
        new_kind=edit.new_kind,
        further=(),
    )


def as_tabled(amendment: Amendment) -> c.TableAmendment:
    """The command that would table it as it is, its reasons and its first edit aside."""
    return c.TableAmendment(
        amendment.motion,
        amendment.aim,
        amendment.clause,
        amendment.text,
        amendment.rationale,
        amendment.new_kind,
        after=amendment.after,
        parent=amendment.parent,
        edit_rank=amendment.edit_rank,
        version=amendment.version,
    )


def with_edits(command: c.TableAmendment, edits: Sequence[ClauseEdit]) -> c.TableAmendment:
    """The command for these edits."""
    return replace(_at(command, edits[0]), further=tuple(edits[1:]))


def refuse_form(command: c.TableAmendment) -> Refused | None:
    """Why a command with several edits is none, whatever they say."""
    if not command.further:
        return None
    if command.parent is not None:
        return Refused(
            "amendment.sub_several", "Un sous-amendement change un seul passage de son amendement.", "further"
        )
    if command.instruction.strip():
        return Refused(
            "amendment.instruction_alone",
            "Une consigne ne porte que sur un passage : écrivez les mots de chacun, ou déposez-la seule.",
            "instruction",
        )
    if len(command.further) >= MOST_EDITS:
        return Refused(
            "amendment.too_many",
            "Un amendement change {most} passages au plus.",
            "further",
            {"most": MOST_EDITS},
        )
    return too_long("".join(each.text for each in commands(command)), "further", TOGETHER_LIMIT)


def refuse_together(edits: Iterable[ClauseEdit]) -> Refused | None:
    """Why these edits, each right alone, cannot stand in one amendment: a passage has one change of each kind."""
    done: dict[tuple[bool, str], set[Aim]] = {}
    for rank, edit in enumerate(edits):
        if edit.aim is Aim.INSERT:
            continue
        there = done.setdefault((edit.aim is Aim.TITLE, edit.clause), set())
        if edit.aim in there or (there and Aim.DELETE in {edit.aim, *there}):
            return Refused(
                "amendment.same_passage",
                "Cet amendement change deux fois le même passage : écrivez les deux changements en un.",
                field_of("clause", rank),
            )
        there.add(edit.aim)
    return None


def field_of(name: str, rank: int) -> str:
    """The field of an edit, as refusals name it: `text` of the first one, `text.2` of the third."""
    return f"{name}.{rank}" if rank else name


def at_edit(refused: Refused, rank: int) -> Refused:
    """A refusal of one edit, which names the field of that one."""
    return replace(refused, field=field_of(refused.field, rank))


def in_order(base: Frozen, edits: Iterable[ClauseEdit]) -> tuple[ClauseEdit, ...]:
    """The edits in the order of the text: the title, then clause by clause, what is inserted behind a clause last."""
    places = {clause.id: n for n, clause in enumerate(base.clauses, start=1)}
    return tuple(sorted(edits, key=lambda x: (-1 if x.aim is Aim.TITLE else places.get(x.clause, 0), _RANKS[x.aim])))


def refuse_kept(amendment: Amendment, edits: Sequence[ClauseEdit]) -> Refused | None:
    """Why these are not edits that a rectification leaves: those of the amendment or fewer, in other words (A43)."""
    known = [_place(edit) for edit in amendment.edits]
    for edit in edits:
        if _place(edit) not in known:
            return Refused(
                "amendment.other_passage",
                "Une rectification ne vise pas d’autre passage : déposez un autre amendement.",
                "edits",
            )
        known.remove(_place(edit))
    return None


def _place(edit: ClauseEdit) -> tuple[Aim, str]:
    return edit.aim, edit.clause
