"""The text of a motion with its amendments as tracked changes: what each of them deletes and inserts.

Words deleted by several amendments are one deletion by all of them. Accepting all changes of one amendment, and
rejecting all others, gives the text that it proposes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from deliberation.kernel.state import Amendment, Frozen, Motion, State
from deliberation.kernel.vocabulary import Aim, Clause, ClauseKind
from exports import comparison, labels, motion_text, naming
from exports.dispositifs import dispositif
from exports.dossier import Dossier
from exports.translations import FRENCH, Translator, words_for


class MarkedPiece(NamedTuple):
    """Words, with the numbers of the amendments that delete them, and of the amendment that inserts them (0 if they are
    part of the text).
    """

    text: str
    deleted_by: tuple[int, ...] = ()
    inserted_by: int = 0


class WordsEdit(NamedTuple):
    """An amendment replaces the characters [start, end) of a text by `new`."""

    amendment: int
    start: int
    end: int
    new: str


@dataclass(frozen=True)
class MarkedPassage:
    """A passage; `label` is shown before its words. `kind` is None for the title."""

    label: str
    kind: ClauseKind | None
    addressee: str
    pieces: tuple[MarkedPiece, ...]

    @property
    def inserted_by(self) -> int:
        """The number of the amendment that inserts the whole passage; 0 if it is part of the text."""
        numbers = {piece.inserted_by for piece in self.pieces}
        return numbers.pop() if len(numbers) == 1 else 0

    @property
    def deleted_by(self) -> tuple[int, ...]:
        """The amendments that delete the whole passage."""
        found = [set(piece.deleted_by) for piece in self.pieces if not piece.inserted_by]
        return tuple(sorted(set.intersection(*found))) if found else ()


@dataclass(frozen=True)
class ChangeAuthor:
    """The author of a tracked change, as the file states it, and its time; `comment` is the amendment's dispositif."""

    name: str
    time: str
    comment: str


@dataclass(frozen=True)
class MarkedMotion:
    """A motion with changes marked. `passages` begin with the title; `listed` are all its amendments with their
    dispositifs, in words.
    """

    heading: str
    status: str
    passages: tuple[MarkedPassage, ...]
    authors: Mapping[tuple[int, ...], ChangeAuthor]
    listed: tuple[tuple[str, str], ...] = ()


def clean(dossier: Dossier, motion: Motion) -> MarkedMotion:
    """The current text without any change."""
    words = words_for(FRENCH)
    title, _ = motion_text.standing(motion)
    passages = [MarkedPassage("", None, "", (MarkedPiece(title),))]
    for laid in motion_text.laid_out(dossier.state, motion):
        said = "" if laid.deleted else laid.clause.markdown
        label = naming.laid_label(words, laid)
        passages.append(MarkedPassage(label, laid.clause.kind, laid.clause.addressee, (MarkedPiece(said),)))
    status = words(labels.MOTION_STATUSES[motion.status])
    return MarkedMotion(dossier.settings.title, status, tuple(passages), {})


def tracked(dossier: Dossier, motion: Motion) -> MarkedMotion | None:
    """The text that was amended last, with all amendments to it that give exact words marked; None if there are
    none.
    """
    text = amended_text(motion)
    state = dossier.state
    shown = marked(state, motion)
    if text is None or not shown:
        return None
    own = [x for _, x in sorted(state.amendments.items()) if x.motion == motion.number]
    edits = [single for amendment in shown for single in amendment.single_edits]
    passages = [MarkedPassage("", None, "", _changed(state, text.title, _on_title(edits)))]
    passages += _inserted(text, edits, "")
    for clause in text.clauses:
        passages.append(_clause(state, clause, edits))
        passages += _inserted(text, edits, clause.id)
    authors = _authors(state, passages)
    words = words_for(FRENCH)
    status = words("Texte soumis aux amendements, avec chacun d’eux en marques de révision")
    listed = tuple((_line(words, state, x), dispositif(state, x) or x.instruction) for x in own)
    return MarkedMotion(dossier.settings.title, status, tuple(passages), authors, listed)


def marked(state: State, motion: Motion) -> list[Amendment]:
    """The amendments that can be marked in the text that was amended last: those that give exact words, without
    sub-amendments.
    """
    text = amended_text(motion)
    own = (x for _, x in sorted(state.amendments.items()) if x.motion == motion.number and x.parent is None)
    return [x for x in own if text is not None and x.base == text.version and x.is_worded]


def amended_text(motion: Motion) -> Frozen | None:
    """The frozen version that the latest amendments modify; None if none was frozen."""
    text = motion.text
    if text is None:
        return None
    if text.renumbers:
        text = motion.frozen[text.renumbers - 1]
    return motion.frozen[text.base - 1] if text.base else text


def merged(old: str, edits: Iterable[WordsEdit]) -> tuple[MarkedPiece, ...]:
    """The old words with all edits marked; what an edit inserts follows what it deletes."""
    ordered = sorted(edits, key=lambda edit: (edit.end, edit.start, edit.amendment))
    bounds = sorted({0, len(old), *(edit.start for edit in ordered), *(edit.end for edit in ordered)})
    found: list[MarkedPiece] = []
    for start, end in zip(bounds, [*bounds[1:], len(old)], strict=True):
        found += [MarkedPiece(edit.new, (), edit.amendment) for edit in ordered if edit.end == start and edit.new]
        by = tuple(sorted({edit.amendment for edit in ordered if edit.start <= start and end <= edit.end}))
        if end > start:
            found.append(MarkedPiece(old[start:end], by))
    return tuple(found)


def accepted(pieces: Iterable[MarkedPiece], amendment: int = 0) -> str:
    """The words that result if only the changes of that amendment are accepted, and all others rejected; with 0, if all
    are rejected.
    """
    return "".join(
        piece.text
        for piece in pieces
        if (piece.inserted_by == amendment if piece.inserted_by else amendment not in piece.deleted_by)
    )


def _changed(state: State, old: str, edits: Iterable[Amendment]) -> tuple[MarkedPiece, ...]:
    return merged(old, [edit for single in edits for edit in _edits(state, single)])


def _edits(state: State, single: Amendment) -> Iterator[WordsEdit]:
    """What an amendment with one edit does to the words of its passage."""
    if single.aim is Aim.MOVE:
        yield WordsEdit(single.number, 0, sum(len(x.text) for x in comparison.of_amendment(state, single)), "")
        return
    at = 0
    for piece in comparison.of_amendment(state, single):
        length = len(piece.text)
        if piece.op == "insert":
            yield WordsEdit(single.number, at, at, piece.text)
        elif piece.op == "delete":
            yield WordsEdit(single.number, at, at + length, "")
        at += length if piece.op != "insert" else 0


def _on_title(edits: Iterable[Amendment]) -> list[Amendment]:
    return [x for x in edits if x.aim is Aim.TITLE]


def _clause(state: State, clause: Clause, edits: Iterable[Amendment]) -> MarkedPassage:
    own = [x for x in edits if x.clause == clause.id and x.aim in (Aim.REWRITE, Aim.DELETE, Aim.MOVE)]
    label = naming.clause_label(words_for(FRENCH), clause)
    return MarkedPassage(label, clause.kind, clause.addressee, _changed(state, clause.markdown, own))


def _inserted(text: Frozen, edits: Iterable[Amendment], after: str) -> Iterator[MarkedPassage]:
    """The passages that amendments insert after that clause, or move there."""
    words = words_for(FRENCH)
    for single in edits:
        if single.aim is Aim.INSERT and single.clause == after:
            kind = ClauseKind(single.new_kind) if single.new_kind else ClauseKind.DEMANDE
            label = words(labels.CLAUSES[kind])
            yield MarkedPassage(label, kind, "", (MarkedPiece(single.text, (), single.number),))
        elif single.aim is Aim.MOVE and single.after == after:
            moved = comparison.clause_in(text, single.clause)
            if moved is not None:
                piece = MarkedPiece(moved.markdown, (), single.number)
                yield MarkedPassage(naming.clause_label(words, moved), moved.kind, moved.addressee, (piece,))


def _authors(state: State, passages: Iterable[MarkedPassage]) -> Mapping[tuple[int, ...], ChangeAuthor]:
    """The author of each set of amendments that changes words together."""
    pieces = [piece for passage in passages for piece in passage.pieces]
    groups = {piece.deleted_by for piece in pieces if piece.deleted_by}
    groups |= {(piece.inserted_by,) for piece in pieces if piece.inserted_by}
    return {group: _author(state, group) for group in sorted(groups)}


def _author(state: State, group: tuple[int, ...]) -> ChangeAuthor:
    words = words_for(FRENCH)
    amendments = [state.amendments[n] for n in group]
    names = "; ".join(_line(words, state, x) for x in amendments)
    times = [x.worded or x.tabled for x in amendments]
    return ChangeAuthor(names, max(times), " ".join(dispositif(state, x) for x in amendments))


def _line(words: Translator, state: State, amendment: Amendment) -> str:
    """The author's name as a tracked change states it, such as « Awa Diallo, amendement n° 3 (adopté) »."""
    status = words(labels.AMENDMENT_STATUSES[amendment.status]).lower()
    name = naming.amendment_name(words, amendment)
    author = naming.name_of(state, words, amendment.author)
    return f"{author}, {name[0].lower()}{name[1:]} ({status})"
