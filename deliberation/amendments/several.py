"""Amendments to several passages: their edits, and which edits one amendment may combine (A40, A43)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from deliberation.congress.congress import too_long
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim, ClauseEdit

MOST_EDITS = 40
"""The most edits that one amendment may have: as many as a dispositif counts in Roman numerals."""
TOGETHER_LIMIT = 40_000
"""The most characters of the words of all edits together."""
_RANKS = {Aim.TITLE: 0, Aim.DELETE: 0, Aim.REWRITE: 0, Aim.MOVE: 1, Aim.INSERT: 2}


def commands(command: c.TableAmendment) -> tuple[c.TableAmendment, ...]:
    """One command for each edit, as if that edit were tabled alone, in the order given."""
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
    """A command that tables the first edit of an amendment, without its spans, instruction and late reason."""
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
    """The command with these edits instead of its own."""
    return replace(_at(command, edits[0]), further=tuple(edits[1:]))


def refuse_form(command: c.TableAmendment) -> Refused | None:
    """Why a command may not have several edits, whatever they say; None if it may."""
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
    """Why edits that are each valid cannot be in one amendment, or None: a passage has at most one edit of each kind,
    and a deletion excludes all others.
    """
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
    """The name of an edit's field in refusals: `text` for the first edit, `text.2` for the third."""
    return f"{name}.{rank}" if rank else name


def at_edit(refused: Refused, rank: int) -> Refused:
    """The refusal of the edit number `rank`, counted from 0, with that edit's field as `field_of` names it."""
    return replace(refused, field=field_of(refused.field, rank))


def in_order(base: Frozen, edits: Iterable[ClauseEdit]) -> tuple[ClauseEdit, ...]:
    """The edits in the order of the text: the title, then clause by clause, what is inserted behind a clause last."""
    places = {clause.id: n for n, clause in enumerate(base.clauses, start=1)}
    return tuple(sorted(edits, key=lambda x: (-1 if x.aim is Aim.TITLE else places.get(x.clause, 0), _RANKS[x.aim])))


def refuse_kept(amendment: Amendment, edits: Sequence[ClauseEdit]) -> Refused | None:
    """Why a rectification may not have these edits, or None: they may be fewer than those of the amendment and have
    other words, but not aim at other passages (A43).
    """
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
