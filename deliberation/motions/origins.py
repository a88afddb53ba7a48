"""The origin of each word of a frozen text: who wrote it in the draft, or which amendment brought it (A26).

All of it is computed from the entries about the motion and from its amendments, so anybody can recompute it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.state import Frozen, State
from deliberation.kernel.vocabulary import KeptRun, Span
from deliberation.motions import remarks
from deliberation.motions.history import (
    BLANK,
    AuthorSpan,
    Moment,
    Spans,
    canonical_spans,
    cut,
    inserted,
    joined,
    write,
    writer_of,
    written,
)
from deliberation.motions.layout import laid_out
from deliberation.motions.renumbering import changes_of
from deliberation.text import merge
from deliberation.text.canonical_words import CANONICAL
from deliberation.text.words import split_words

TITLE = ""
"""The key of the title in `Words`, where other keys are ids of clauses."""

Words = Mapping[str, Spans]
"""For each clause its words by origin: a person, an amendment (`amendement-12`), the congress, or "" if unknown."""


@dataclass(frozen=True)
class OriginRun:
    """Consecutive words of one origin in a clause, in order of `rank` from 0. `amendment` is 0 for words of the draft.

    `person` wrote or suggested them in the draft, or tabled the amendment; "" if unknown. `suggestion` is the number of
    the remark that suggested them, else 0; `accepted_by` is the person who accepted it.
    """

    clause: str
    rank: int
    text: str
    person: str
    amendment: int = 0
    suggestion: int = 0
    accepted_by: str = ""


Credit = Callable[[int, str], str]
"""(index of an entry, author of words that it adds) -> the author to note for these words."""


class Tracing:
    """Follows the entries about one motion, in order, and remembers who wrote each word; other entries are ignored.

    The argument `state` of its methods may be the state after all entries or after those taken so far: adopted
    amendments no longer change. `credit` may replace the author that is noted for words of drafts.
    """

    def __init__(self, motion: int, credit: Credit = lambda entry, author: author) -> None:
        self._motion = motion
        self._credit = credit
        self._document = ids.document(ids.MOTION, motion)
        self._now: Moment = BLANK
        self._title: Spans = ()
        self._title_inferred = False
        self._drafted: dict[int, Words] = {}
        self._follows: dict[str, int] = {}  # clauses of the draft that the congress wrote as they read in that version
        self._last: tuple[int, Words] = (0, {})

    def take(self, recorded: e.Recorded, state: State) -> None:
        """Takes the next entry; one without its content is ignored."""
        event = recorded.event
        if recorded.document != self._document or event is None:
            return
        self._now = replace(self._now, index=recorded.index, time=recorded.time, actor=recorded.actor)
        if isinstance(event, e.MotionCreated):
            self._title = write((), event.title, self._author)
        elif isinstance(event, e.TextWritten):
            self._write(event, state)
        elif isinstance(event, e.TextFrozen) and not (event.adopted or event.divided_by):
            self._resolve(self._follows, state)
            spans = {TITLE: self._title, **self._now.spans}
            if event.rules >= CANONICAL:
                spans = {id_: canonical_spans(own, is_markdown=id_ != TITLE) for id_, own in spans.items()}
            inferred = self._now.inferred | ({TITLE} if self._title_inferred else frozenset())
            self._drafted[event.version] = {
                id_: by_word(spans.get(id_, ())) if id_ in inferred else spans.get(id_, ())
                for id_ in (TITLE, *_clauses(event))
            }

    def _write(self, event: e.TextWritten, state: State) -> None:
        touched = [change.id for change in event.changes]
        if followed := self._followed(state):
            self._follow(event, touched, followed)
            return
        self._resolve([id_ for id_ in touched if id_ in self._follows], state)
        author = writer_of(event, self._now.actor, remarks.suggested(state, self._motion))
        self._now = written(self._now, event, self._credit(self._now.index, author))
        if event.title:
            if event.canonical:
                self._title = canonical_spans(self._title, is_markdown=False)
            self._retitle(event.title, event.title_kept)

    def _retitle(self, title: str, kept: tuple[KeptRun, ...] | None) -> None:
        if title == _text(self._title):
            return
        if kept is None:
            self._title, self._title_inferred = write(self._title, title, self._author), True
        else:
            self._title = inserted({TITLE: self._title}, TITLE, title, self._author, kept)

    @property
    def _author(self) -> str:
        """The author to note for words of the present entry."""
        return self._credit(self._now.index, self._now.actor)

    def follows(self, recorded: e.Recorded, state: State) -> bool:
        """Whether this entry writes a frozen text back into the draft, in the congress's name (M6)."""
        return self._version_followed(recorded.actor, recorded.index, state) > 0

    def _followed(self, state: State) -> int:
        return self._version_followed(self._now.actor, self._now.index, state)

    def _version_followed(self, actor: str, index: int, state: State) -> int:
        """The version that this entry writes back into the draft: the latest one before it (M6). 0 if the actor is not
        the congress, or if no version was frozen.
        """
        frozen = state.motions[self._motion].frozen if actor == ids.CONGRESS else ()
        return max((text.version for text in frozen if text.entry < index), default=0)

    def _follow(self, event: e.TextWritten, touched: Iterable[str], version: int) -> None:
        """Notes that the congress copied these clauses from that version; `_resolve` later gives their words the
        origins that they have there.
        """
        self._now = written(self._now, event)
        self._follows.update(dict.fromkeys(touched, version))
        if event.title:
            self._follows[TITLE] = version

    def _resolve(self, clauses: Iterable[str], state: State) -> None:
        """Gives the words of copied clauses the origins that they have in the version from which they were copied."""
        for id_ in list(clauses):
            found = self.words(state, self._follows.pop(id_)).get(id_, ())
            if id_ == TITLE:
                self._title = found
            elif _text(found) == _text(self._now.spans.get(id_, ())):
                self._now = replace(self._now, spans={**self._now.spans, id_: found})

    def draft(self, state: State) -> Words:
        """The words of the draft after the entries taken so far, by clause id; the title under `TITLE`."""
        self._resolve(self._follows, state)
        return {TITLE: self._title, **self._now.spans}

    def words(self, state: State, version: int) -> Words:
        """The words of that frozen version by clause id; the title under `TITLE`."""
        if version in self._drafted:
            return self._drafted[version]
        if self._last[0] != version:
            self._last = version, self._words_of_consolidation(state, version)
        return self._last[1]

    def _words_of_consolidation(self, state: State, version: int) -> Words:
        """The words of a version that was not frozen from the draft: it merges adopted amendments, keeps the adopted
        parts of a divided text, or is renumbered.
        """
        frozen = state.motions[self._motion].frozen
        text = frozen[version - 1]
        if text.renumbers:
            return self._renumbered(state, text)
        if not text.adopted:  # the parts of a divided text that were adopted
            before = self.words(state, version - 1) if version > 1 else {}
            return {id_: before.get(id_, ()) for id_ in (TITLE, *_clauses(text))}
        base = self.words(state, text.base)
        sourced = merge.sourced_words(frozen[text.base - 1], (state.amendments[n] for n in text.adopted))
        return {id_: _sourced(pieces, base.get(id_, ())) for id_, pieces in sourced.items()}

    def _renumbered(self, state: State, text: Frozen) -> Words:
        """The words of a renumbered version. A number changed in a reference belongs to whoever wrote the former number
        (M23).
        """
        motion = state.motions[self._motion]
        before = self.words(state, text.renumbers)
        changes = changes_of(laid_out(state, motion, motion.frozen[text.renumbers - 1]), text.clauses)
        return {id_: _replaced(before.get(id_, ()), changes.get(id_, ())) for id_ in (TITLE, *_clauses(text))}

    def runs(self, state: State, version: int) -> tuple[OriginRun, ...]:
        """The words of that version with their origins, the title first."""
        text = state.motions[self._motion].frozen[version - 1]
        words = self.words(state, version)
        said = {TITLE: text.title, **{clause.id: clause.markdown for clause in text.clauses}}
        return tuple(run for id_, markdown in said.items() for run in _runs(state, id_, markdown, words.get(id_, ())))


Latest = Mapping[int, tuple[OriginRun, ...]]
"""By motion number, the words of its latest frozen version."""

COLUMNS = ("motion", "version", "clause", "rank", "text", "person", "amendment", "suggestion", "accepted_by")


OriginRow = tuple[int, int, str, int, str, str, "int | None", "int | None", "str | None"]


def rows(state: State, latest: Latest) -> Iterator[OriginRow]:
    """The origins as rows with the columns `COLUMNS`; the clause of a title is ""."""
    for motion, runs in sorted(latest.items()):
        version = len(state.motions[motion].frozen)
        for run in runs:
            said = motion, version, run.clause, run.rank, run.text, run.person
            yield *said, run.amendment or None, run.suggestion or None, run.accepted_by or None


class Tracings:
    """Traces every motion that has a frozen text, all in one pass over the entries."""

    def __init__(self, state: State) -> None:
        """`state` is the one after all entries."""
        self._state = state
        frozen = (motion.number for motion in state.motions.values() if motion.frozen)
        self._by_document = {ids.document(ids.MOTION, n): (n, Tracing(n)) for n in frozen}

    def take(self, recorded: e.Recorded) -> None:
        """Takes the next entry of the record."""
        if found := self._by_document.get(recorded.document):
            found[1].take(recorded, self._state)

    def latest(self) -> Latest:
        """The words of the latest frozen version of each motion."""
        state = self._state
        return {n: found.runs(state, len(state.motions[n].frozen)) for n, found in self._by_document.values()}


def latest(record: Iterable[e.Recorded], state: State) -> Latest:
    """The words of the latest frozen version of each motion, from all entries of a record."""
    tracings = Tracings(state)
    for recorded in record:
        tracings.take(recorded)
    return tracings.latest()


def of_motion(record: Iterable[e.Recorded], state: State, motion: int, version: int) -> tuple[OriginRun, ...]:
    """The words of a frozen version with their origins, from the entries about its motion."""
    tracing = Tracing(motion)
    for recorded in record:
        tracing.take(recorded, state)
    return tracing.runs(state, version)


def _clauses(text: e.TextFrozen | Frozen) -> Iterator[str]:
    return (clause.id for clause in text.clauses)


def by_word(spans: Spans) -> Spans:
    """The spans with each word, and the spaces and punctuation around it, credited as a whole to whoever wrote most of
    its characters; if two wrote as many, to the first of them.
    """
    letters = [span.author for span in spans for _ in span.text]
    found: list[AuthorSpan] = []
    at = 0
    for word in split_words(_text(spans)):
        own = Counter(letters[at : at + len(word)]).most_common(1)[0][0]
        bare = not any(letter.isalnum() for letter in word)
        found.append(AuthorSpan(word, found[-1].author if found and bare else own))
        at += len(word)
    return joined(found)


def _sourced(pieces: Iterable[merge.SourcedWords], base: Spans) -> Spans:
    """The words of a merged clause: those from the base with their authors in `base`, the others with their amendment
    as author.
    """
    found: list[AuthorSpan] = []
    for piece in pieces:
        if piece.start < 0:
            found.append(AuthorSpan(piece.text, ids.document(ids.AMENDMENT, piece.by)))
        else:
            found += cut(base, piece.start, piece.start + len(piece.text)) or [AuthorSpan(piece.text, "")]
    return joined(found)


def _replaced(spans: Spans, changes: Iterable[Span]) -> Spans:
    """The words after these changes; new words belong to the author of the words that they replace."""
    found: list[AuthorSpan] = []
    at = 0
    for change in changes:
        old = cut(spans, change.start, change.start + len(change.old))
        found += [*cut(spans, at, change.start), AuthorSpan(change.new, old[0].author if old else "")]
        at = change.start + len(change.old)
    return joined([*found, *cut(spans, at, len(_text(spans)))])


def _runs(state: State, clause: str, text: str, spans: Spans) -> Iterator[OriginRun]:
    if _text(spans) != text:
        spans = (AuthorSpan(text, ""),) if text else ()
    for rank, span in enumerate(spans):
        kind, _, number = span.author.rpartition("-")
        run = OriginRun(clause, rank, span.text, span.author)
        if kind == ids.AMENDMENT:
            run = replace(run, person=state.amendments[int(number)].author, amendment=int(number))
        elif kind == ids.REMARK:
            remark = state.remarks[int(number)]
            run = replace(run, person=remark.author, suggestion=remark.number, accepted_by=remark.settled_by)
        yield run


def _text(spans: Spans) -> str:
    return "".join(span.text for span in spans)
