"""The history of a draft: every state of a motion while it is written, and who wrote each character (M11, M12).

All of it is computed from the entries about the motion, so anybody can recompute it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from deliberation.kernel import events as e
from deliberation.kernel.ids import REMARK, Instant, document
from deliberation.kernel.vocabulary import ClauseChange, Draft, KeptRun
from deliberation.text.canonical_words import placed
from deliberation.text.words import changes, split_words

MOVED = 12
"""Least number of characters for words that leave one clause and appear in another to count as moved."""


@dataclass(frozen=True)
class AuthorSpan:
    """Consecutive characters by one author; the author is "" if unknown.

    The author is a person, or an accepted suggestion (`remarque-7`), whose author wrote the words.
    """

    text: str
    author: str


Spans = tuple[AuthorSpan, ...]


@dataclass(frozen=True)
class Moment:
    """The motion after the entry `index`; `clauses` are in their order, `spans` by clause.

    `touched` names the clauses that this entry changed; `title_changed` says whether it changed the title. `inferred`
    names the clauses whose authors were inferred by comparing texts, because the entry did not say which characters
    were kept.
    """

    index: int
    time: Instant
    actor: str
    title: str = ""
    clauses: tuple[tuple[str, Draft], ...] = ()
    spans: Mapping[str, Spans] = field(default_factory=dict)
    touched: tuple[str, ...] = ()
    title_changed: bool = False
    inferred: frozenset[str] = frozenset()


BLANK = Moment(0, "", "")


NOTHING: Mapping[int, int] = {}


def moments(
    record: Iterable[e.Recorded], now: Moment = BLANK, suggested: Mapping[int, int] = NOTHING
) -> Iterator[Moment]:
    """The states of one motion, oldest first, from the entries about it; entries that changed no words are left out.

    `now` is the state before these entries; `suggested` the accepted suggestions by Yjs client id.
    """
    for recorded in record:
        event = recorded.event
        now = replace(now, index=recorded.index, time=recorded.time, actor=recorded.actor)
        if isinstance(event, e.MotionCreated):
            now = replace(now, title=event.title, touched=(), title_changed=True)
        elif isinstance(event, e.TextWritten):
            now = written(now, event, writer_of(event, recorded.actor, suggested))
        else:
            continue
        yield now


def writer_of(event: e.TextWritten, actor: str, suggested: Mapping[int, int]) -> str:
    """The author of a burst: the actor, or a suggestion (`remarque-7`) if the burst holds nothing else (K6)."""
    if len(event.clients) == 1 and (number := suggested.get(event.clients[0])):
        return document(REMARK, number)
    return actor


def written(before: Moment, event: e.TextWritten, author: str = "") -> Moment:
    """The state after a burst of writing by `author`, by default the actor of `before`."""
    author = author or before.actor
    drafts = dict(before.clauses)
    spans = dict(before.spans)
    old = _respelled(before.spans, event.changes) if event.canonical else before.spans
    loose = _loose(old, [change for change in event.changes if change.kept is None])
    for change in event.changes:
        if change.after is None:
            drafts.pop(change.id, None)
            spans.pop(change.id, None)
            continue
        drafts[change.id] = change.after
        text = change.after.markdown
        if change.kept is None:
            spans[change.id] = write(old.get(change.id, ()), text, author, loose)
        else:
            spans[change.id] = inserted(old, change.id, text, author, change.kept)
    untouched = before.inferred - {change.id for change in event.changes}
    order = event.order if event.order is not None else tuple(id_ for id_, _ in before.clauses)
    return replace(
        before,
        title=event.title or before.title,
        title_changed=bool(event.title) and event.title != before.title,
        clauses=tuple((id_, drafts[id_]) for id_ in (*order, *sorted(set(drafts) - set(order))) if id_ in drafts),
        spans=spans,
        inferred=untouched | {change.id for change in event.changes if _is_inferred(change, before.inferred)},
        touched=tuple(change.id for change in event.changes),
    )


def _respelled(spans: Mapping[str, Spans], given: Iterable[ClauseChange]) -> Mapping[str, Spans]:
    """The spans in canonical words, where these changes keep characters: drafts of earlier versions have others
    (M35).
    """
    named = {id_ for change in given for id_ in (change.id, *(run.clause for run in change.kept or ()))}
    return {**spans, **{id_: canonical_spans(spans[id_], is_markdown=True) for id_ in named if id_ in spans}}


def canonical_spans(spans: Spans, is_markdown: bool) -> Spans:
    """The spans in canonical words. A letter composed of several characters belongs to whoever wrote the first of them
    (M28).
    """
    words = "".join(span.text for span in spans)
    made = placed(words, is_markdown)
    if made.text == words:
        return spans
    authors = [span.author for span in spans for _ in span.text]
    return joined(AuthorSpan(letter, authors[place]) for letter, place in zip(made.text, made.places, strict=True))


def _is_inferred(change: ClauseChange, before: frozenset[str]) -> bool:
    """Whether authors in the new text are inferred by comparison, now or in the words that it keeps."""
    if change.after is None:
        return False
    return change.kept is None or any((run.clause or change.id) in before for run in change.kept)


def inserted(before: Mapping[str, Spans], clause: str, text: str, author: str, kept: Iterable[KeptRun]) -> Spans:
    """The authors of `text`: `author` for everything except the characters `kept` from the clauses `before` (M15).

    A run that is out of bounds or out of order keeps nothing. A kept letter may be spelled differently, for example as
    a character reference.
    """
    credited: list[AuthorSpan] = []
    at = 0
    for run in kept:
        old = cut(before.get(run.clause or clause, ()), run.start, run.start + run.length) if run.start >= 0 else []
        if run.at < at or run.at + run.length > len(text) or sum(len(span.text) for span in old) != run.length:
            continue
        credited.append(AuthorSpan(text[at : run.at], author))
        at = run.at
        for span in old:
            credited.append(AuthorSpan(text[at : at + len(span.text)], span.author))
            at += len(span.text)
    return joined([*credited, AuthorSpan(text[at:], author)])


def plainly(spans: Spans, words: str) -> Spans:
    """The authors of `words`, the plain text of the Markdown in `spans`. A letter that the Markdown wrote differently,
    such as a character reference, gets the author of the letter before it.
    """
    found: list[AuthorSpan] = []
    for span in write(spans, words, _SIGN):
        before = found[-1] if found else next(iter(spans), span)
        found.append(AuthorSpan(span.text, before.author) if span.author == _SIGN else span)
    return joined(found)


_SIGN = "&"
"""Placeholder for the author of letters that the Markdown wrote differently."""


def write(before: Spans, text: str, author: str, loose: Iterable[Spans] = ()) -> Spans:
    """The authors of `text` if `author` changed `before` into it, inferred by comparing words; `loose` are passages
    that were moved from elsewhere.
    """
    old = "".join(span.text for span in before)
    credited: list[AuthorSpan] = []
    at = 0
    for start, end, new in _edits(old, text):
        credited += cut(before, at, start)
        credited += _moved(new, loose) or [AuthorSpan(new, author)]
        at = end
    credited += cut(before, at, len(old))
    return joined(credited)


def _edits(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, new): characters [start, end) of the old text are replaced; found by words, then reduced to the
    letters that differ.
    """
    skipped, end = _same(old, new)
    old, new = old[skipped : len(old) - end], new[skipped : len(new) - end]
    before, after = split_words(old), split_words(new)
    places = [0]
    for word in before:
        places.append(places[-1] + len(word))
    for a1, a2, b1, b2 in changes(before, after):
        gone, come = old[places[a1] : places[a2]], "".join(after[b1:b2])
        shortest = min(len(gone), len(come))
        first = next((i for i in range(shortest) if gone[i] != come[i]), shortest)
        left = shortest - first
        last = next((i for i in range(left) if gone[-1 - i] != come[-1 - i]), left)
        yield skipped + places[a1] + first, skipped + places[a2] - last, come[first : len(come) - last]


def _same(old: str, new: str) -> tuple[int, int]:
    """The number of characters that both texts share at their beginnings and at their ends, in whole words.

    Most edits change one place, so the rest of the clause need not be compared word by word.
    """
    shortest = min(len(old), len(new))
    first = _shared(shortest, lambda n: old[:n] == new[:n])
    first = max(old.rfind(" ", 0, first), 0)
    last = _shared(shortest - first, lambda n: old[len(old) - n :] == new[len(new) - n :])
    space = old.find(" ", len(old) - last) if last else -1
    return first, len(old) - space - 1 if space >= 0 else 0


def _shared(most: int, holds: Callable[[int], bool]) -> int:
    """The largest number up to `most` for which `holds` is true; it must be true for every smaller one. Binary
    search.
    """
    low = 0
    while low < most:
        middle = (low + most + 1) // 2
        low, most = (middle, most) if holds(middle) else (low, middle - 1)
    return low


def _loose(spans: Mapping[str, Spans], given: Iterable[ClauseChange]) -> list[Spans]:
    """The spans that these changes remove from clauses, so that a clause that is split, merged or moved keeps its
    authors.
    """
    found = []
    for change in given:
        before = spans.get(change.id, ())
        old = "".join(span.text for span in before)
        after = change.after.markdown if change.after else ""
        found += [tuple(cut(before, start, end)) for start, end, _ in _edits(old, after) if end - start >= MOVED]
    return found


def _moved(text: str, loose: Iterable[Spans]) -> list[AuthorSpan]:
    """The authors of words that stood elsewhere before; [] for new words."""
    sought = text.strip()
    if len(sought) < MOVED:
        return []
    for spans in loose:
        at = "".join(span.text for span in spans).find(sought)
        if at >= 0:
            inner = cut(spans, at, at + len(sought))
            start = text.index(sought)
            return [
                AuthorSpan(text[:start], inner[0].author),
                *inner,
                AuthorSpan(text[start + len(sought) :], inner[-1].author),
            ]
    return []


def cut(spans: Iterable[AuthorSpan], start: int, end: int) -> list[AuthorSpan]:
    """Characters [start, end) of the spans."""
    found, at = [], 0
    for span in spans:
        part = span.text[max(0, start - at) : max(0, end - at)]
        if part:
            found.append(AuthorSpan(part, span.author))
        at += len(span.text)
    return found


def joined(spans: Iterable[AuthorSpan]) -> Spans:
    """The spans with consecutive ones of the same author joined."""
    joined: list[AuthorSpan] = []
    for span in spans:
        if joined and span.author == joined[-1].author:
            joined[-1] = AuthorSpan(joined[-1].text + span.text, span.author)
        elif span.text:
            joined.append(span)
    return tuple(joined)
