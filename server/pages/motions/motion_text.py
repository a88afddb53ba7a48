"""A motion as a document: numbered clauses, and notes that lead to the testimonies that they cite."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.exceptions import HTTPException

from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import Amendment, Frozen, Motion, State
from deliberation.kernel.vocabulary import Clause, ClauseKind
from deliberation.motions.layout import LaidClause, laid_out
from deliberation.motions.motions import draft_clauses
from deliberation.motions.renumbering import known_in
from deliberation.text.numbering import STAND_STILL
from exports import markdown, naming
from exports.mentions import mentions
from exports.translations import Translator
from server.pages.shell.thread_lines import Quoted, quoted


def standing_numbers(motion: Motion) -> str:
    """The numbers by clause, as JSON, that stand still while the text is debated (A45); "" for a draft."""
    if motion.status == "drafting":
        return ""
    return json.dumps({clause.id: clause.called for clause in motion.frozen[-1].clauses})


def version_asked(motion: Motion, asked: str, standard: int) -> int:
    """The frozen version that an address names, `standard` where it names none; 404 for an unknown one."""
    if not asked:
        return standard
    version = number_in(asked, 4)
    if version is None or not 1 <= version <= len(motion.frozen):
        raise HTTPException(404)
    return version


@dataclass(frozen=True)
class CitationNote:
    """A citation: its number in this text, and the excerpt it stands for."""

    number: int
    quoted: Quoted


@dataclass(frozen=True)
class DocumentClause:
    """`place` is the passage of the base text at which amendments to this clause aim.

    `amendable` says that amendments can aim at it now; a clause that is `deleted` by amendments keeps its number (A48).
    """

    clause: Clause
    label: str
    html: Markup
    notes: tuple[CitationNote, ...]
    amendments: tuple[Amendment, ...]
    writers: tuple[str, ...]
    place: str
    amendable: bool
    deleted: bool = False
    deleted_by: tuple[int, ...] = ()


@dataclass(frozen=True)
class TextView:
    """`version` is 0 for the draft; `insertions` are pending amendments that insert at the beginning."""

    title: str
    version: int
    frozen: Frozen | None
    clauses: tuple[DocumentClause, ...]
    title_amendments: tuple[Amendment, ...]
    insertions: tuple[Amendment, ...]


class _Notes:
    """Numbers citations in the order of the text; a passage cited twice keeps its number.

    `mentions` finds the clauses that a frozen text names.
    """

    def __init__(self, state: State, words: Translator) -> None:
        self._state = state
        self._words = words
        self._numbers: dict[int, int] = {}
        self.of_clause: dict[int, CitationNote] = {}
        self.mentions: markdown.Mentions | None = None

    def call(self, excerpt: int) -> markdown.Call | None:
        found = quoted(self._state, self._words, excerpt)
        if found is None:
            return None
        first = excerpt not in self._numbers
        number = self._numbers.setdefault(excerpt, len(self._numbers) + 1)
        self.of_clause.setdefault(excerpt, CitationNote(number, found))
        spoken = self._words("note {n}", n=number)
        return markdown.Call(f"#note-{number}", str(number), spoken, f"appel-{number}" if first else "")


def text_view(state: State, words: Translator, motion: Motion, version: int) -> TextView:
    """The frozen version asked for; 0 is the draft."""
    frozen = motion.frozen[version - 1] if version else None
    clauses = laid_out(state, motion, frozen) if frozen else tuple(map(LaidClause, draft_clauses(motion)))
    notes = _Notes(state, words)
    if frozen:
        notes.mentions = mentions(known_in(state, motion, frozen), lambda clause: f"#clause-{clause}")
    aimed = _aimed(state, motion) if frozen else {}
    base = {clause.id for clause in motion.frozen[frozen.base - 1].clauses} if frozen else set()
    stands_still = frozen is not None and frozen.rules >= STAND_STILL
    return TextView(
        frozen.title if frozen else motion.title,
        version,
        frozen,
        tuple(
            _clause(words, motion, laid, notes, aimed.get(laid.clause.id, ()), base, stands_still) for laid in clauses
        ),
        tuple(aimed.get(naming.TITLE, ())),
        tuple(aimed.get(naming.BEGINNING, ())),
    )


def _aimed(state: State, motion: Motion) -> dict[str, list[Amendment]]:
    """The amendments by the clause that they change or insert; those to the title and at the beginning under keys of
    their own.
    """
    found: dict[str, list[Amendment]] = defaultdict(list)
    for amendment in state.amendments.values():
        if amendment.motion == motion.number:
            for place in _places(amendment) - {""}:
                found[place].append(amendment)
    return found


def _places(amendment: Amendment) -> set[str]:
    """Where an amendment aims, and the clauses that it touches or brings in."""
    return {*naming.places_of(amendment), *(naming.clause_of_amendment(x) for x in amendment.single_edits)}


def _clause(
    words: Translator,
    motion: Motion,
    laid: LaidClause,
    notes: _Notes,
    touching: Sequence[Amendment],
    base: set[str],
    stands_still: bool,
) -> DocumentClause:
    """`stands_still`: the rules of the text let amendments aim at what was adopted meanwhile (A59)."""
    clause = laid.clause
    if laid.deleted:
        label = naming.deleted_label(words, clause)
        return DocumentClause(clause, label, Markup(), (), tuple(touching), (), clause.id, False, True, laid.by)
    notes.of_clause = {}
    render = markdown.render_inline if clause.kind is ClauseKind.HEADING else markdown.render
    html = Markup(render(clause.markdown, notes.call, notes.mentions))  # noqa: S704 - sanitised there
    singles = (single for a in touching for single in a.single_edits)
    brought = next((x for x in singles if naming.clause_of_amendment(x) == clause.id), None)
    aimed_at = any(clause.id in naming.places_of(a) for a in touching)
    return DocumentClause(
        clause,
        naming.clause_label(words, clause),
        html,
        tuple(notes.of_clause.values()),
        tuple(touching),
        motion.writers.get(clause.id, ()),
        naming.place_of(brought) if brought and clause.id not in base and not aimed_at else clause.id,
        clause.id in base or stands_still,
    )
