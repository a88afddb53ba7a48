"""The wordings of an amendment before each rectification, and what each rectification changed (A25)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from deliberation.kernel.ids import Instant
from deliberation.kernel.state import Amendment, State, Wording
from deliberation.kernel.vocabulary import ClauseEdit, rectified
from exports import comparison, naming
from exports.translations import Translator


@dataclass(frozen=True)
class Earlier:
    """A wording that was replaced at `until`; `pieces` are the difference from it to the next one.

    `after` is the id of the clause after which it moved a clause; `rationale` is "" if the next wording has the same.
    """

    called: str
    since: Instant
    until: Instant
    text: str
    pieces: comparison.Pieces
    after: str
    rationale: str


def earlier(state: State, words: Translator, amendment: Amendment) -> tuple[Earlier, ...]:
    """The earlier wordings of an amendment, latest first."""
    return tuple(_each(state, words, amendment))[::-1]


def _each(state: State, words: Translator, amendment: Amendment) -> Iterator[Earlier]:
    for rank, (was, now) in enumerate(pairwise((*amendment.earlier, amendment.wording))):
        before, after = _edits(amendment, was), _edits(amendment, now)
        yield Earlier(
            f"{amendment.number} {rectified(rank)}".strip(),
            was.time,
            now.time,
            "\n\n".join(edit.text for edit in before if edit.text),
            tuple(_pieces(state, words, amendment, before, after)),
            was.after,
            was.rationale if was.rationale != now.rationale else "",
        )


def _edits(amendment: Amendment, wording: Wording) -> tuple[ClauseEdit, ...]:
    """The edits of a wording. A wording with a single edit stores only its texts; the aim and the clause are those of
    the amendment.
    """
    if wording.edits:
        return wording.edits
    said = wording.text, wording.spans, wording.after, wording.new_kind
    return (ClauseEdit(amendment.aim, amendment.clause, *said),)


def _pieces(
    state: State,
    words: Translator,
    amendment: Amendment,
    before: Sequence[ClauseEdit],
    after: Sequence[ClauseEdit],
) -> Iterator[comparison.DiffPiece]:
    """What changed in each passage; a passage that the next wording no longer modifies is marked as abandoned."""
    left = list(after)
    for edit in before:
        kept = next((x for x in left if (x.aim, x.clause) == (edit.aim, edit.clause)), None)
        if kept:
            left.remove(kept)
        if len(before) > 1:
            single = replace(amendment, aim=edit.aim, clause=edit.clause, further=())
            place = naming.edit_label(state, words, single)
            said = place if kept else words("{place} : abandonné", place=place)
            yield comparison.DiffPiece(comparison.PLACE, said)
        yield from comparison.pieces(edit.text, kept.text if kept else "")
