"""Explains the words of a motion: the acts that wrote, moved or removed them (R52).

Words of the current text are traced like their origins (A26), each character to the entry that added it. Words that
were removed are searched for in every earlier state of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from deliberation.amendments import accounts
from deliberation.amendments.accounts import AdoptionAccount
from deliberation.amendments.dispositif.quoting import Stretch, occurrences
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.state import State
from deliberation.motions.history import AuthorSpan, cut
from deliberation.motions.origins import TITLE, Tracing
from deliberation.text.canonical_words import CANONICAL, placed
from deliberation.text.words import aligned

MADE, MOVED, LOST = "made", "moved", "lost"
MOST_FOUND = 20
"""The most places of the current text that are explained, and the most removals and moves that are listed (the latest
ones).
"""
AT = "@"
"""Separates the author of words from the index of the entry that added them; author ids do not contain it."""


@dataclass(frozen=True)
class WordAct:
    """An act that wrote, moved or removed words of a passage. `deed` is "made", "moved" or "lost"; `entry` is the index
    of its entry in the record, by `actor`.

    If the act is an adoption, `amendments` are the adopted ones, `poll` is the number of the poll (0 if unknown), and
    `instead` are the words that were replaced. `suggestion` is the number of the accepted suggestion with these words,
    else 0.
    """

    deed: str
    entry: int
    time: str
    actor: str
    clause: str
    words: str
    amendments: tuple[int, ...] = ()
    poll: int = 0
    suggestion: int = 0
    instead: str = ""


@dataclass(frozen=True)
class StandingWords:
    """Words at characters [start, end) of a passage of the current text, and the acts that wrote and moved them."""

    clause: str
    start: int
    end: int
    words: str
    acts: tuple[WordAct, ...]


@dataclass(frozen=True)
class WordAnswer:
    """The places of the words sought in the current text (`version`; 0 for a draft), and the acts that removed or moved
    them.
    """

    version: int
    standing: tuple[StandingWords, ...]
    gone: tuple[WordAct, ...]


class WordActs:
    """Follows the entries about one motion, in order; other entries are ignored. The argument `state` of its methods is
    the state after all entries.

    If `sought` is not "", every state of the text is searched for these words.
    """

    def __init__(self, motion: int, sought: str = "") -> None:
        self._motion = motion
        self._document = ids.document(ids.MOTION, motion)
        self._sought = sought
        self._tracing = Tracing(motion, credit=lambda entry, author: f"{author}{AT}{entry}")
        self._entries: dict[int, e.Recorded] = {}
        self._made: dict[int, AdoptionAccount] = {}
        self._texts: dict[str, str] = {}
        self._order: tuple[str, ...] = ()
        self._moves: list[WordAct] = []
        self._gone: list[WordAct] = []

    def take(self, recorded: e.Recorded, state: State) -> None:
        """Takes the next entry; one without its content is ignored."""
        event = recorded.event
        if recorded.document != self._document or event is None:
            return
        written_back = isinstance(event, e.TextWritten) and self._tracing.follows(recorded, state)
        self._tracing.take(recorded, state)
        if written_back:
            return
        if isinstance(event, e.MotionCreated | e.TextWritten):
            self._entries[recorded.index] = replace(recorded, event=None)
            self._draft(recorded, event)
        elif isinstance(event, e.TextFrozen):
            self._frozen(recorded, event, state)
        elif isinstance(event, e.TextRenumbered):
            self._texts = dict(accounts.texts_of(state.motions[self._motion].frozen[event.version - 1]))

    def _draft(self, recorded: e.Recorded, event: e.MotionCreated | e.TextWritten) -> None:
        act = WordAct("", recorded.index, recorded.time, recorded.actor, "", "")
        if isinstance(event, e.TextWritten) and event.canonical:  # nobody's act: the same words, spelled anew (M35)
            touched = {TITLE, *(change.id for change in event.changes)} & self._texts.keys()
            self._texts |= {id_: placed(self._texts[id_], id_ != TITLE).text for id_ in touched}
        texts = dict(self._texts)
        if event.title:
            texts[TITLE] = event.title
        if isinstance(event, e.TextWritten):
            for change in event.changes:
                texts[change.id] = change.after.markdown if change.after else ""
            if event.order is not None:
                self._reorder(act, event.order)
        self._become(act, texts)

    def _frozen(self, recorded: e.Recorded, event: e.TextFrozen, state: State) -> None:
        text = state.motions[self._motion].frozen[event.version - 1]
        act = WordAct("", recorded.index, recorded.time, recorded.actor, "", "")
        if accounts.is_adoption(text):
            made = accounts.account(state, self._motion, text)
            poll = accounts.poll_of(state, made.amendments) or text.divided_by
            act = replace(act, amendments=made.amendments, poll=poll)
            self._made |= dict.fromkeys(made.amendments, made)
            self._moves += [replace(act, deed=MOVED, clause=id_) for id_ in made.moved]
        elif text.rules >= CANONICAL:  # nobody's act: the same words in another spelling (M28)
            self._texts = {id_: placed(words, id_ != TITLE).text for id_, words in self._texts.items()}
        self._order = tuple(clause.id for clause in text.clauses)
        self._become(act, accounts.texts_of(text))

    def _reorder(self, act: WordAct, order: tuple[str, ...]) -> None:
        """Notes which clauses changed their place among those that stay."""
        before, after = ([id_ for id_ in ids_ if id_ in other] for ids_, other in _both(self._order, order))
        stayed = {before[at] for at, _ in aligned(before, after)}
        self._moves += [replace(act, deed=MOVED, clause=id_) for id_ in after if id_ not in stayed]
        self._order = order

    def _become(self, act: WordAct, texts: Mapping[str, str]) -> None:
        """Takes the next state of the text. Where a passage has lost occurrences of the words sought, they count as
        moved if another passage has gained as many, else as removed.
        """
        if self._sought:
            fewer: list[str] = []
            more: list[str] = []
            for id_ in {**self._texts, **texts}:
                before, after = self._texts.get(id_, ""), texts.get(id_, "")
                change = 0 if before == after else self._count(after) - self._count(before)
                (fewer if change < 0 else more).extend([id_] * abs(change))
            for n, id_ in enumerate(fewer):
                moved = n < len(more)
                said = replace(act, deed=MOVED if moved else LOST, clause=more[n] if moved else id_)
                self._gone.append(replace(said, words=self._sought))
        self._texts = dict(texts)

    def _count(self, text: str) -> int:
        return len(places_of(text, self._sought)) if text else 0

    def answer(self, state: State) -> WordAnswer:
        """The answer for the words sought, in the current text."""
        version = self._version(state)
        places = [(id_, at) for id_, text in self._texts.items() for at in places_of(text, self._sought)]
        found = tuple(self.standing(state, id_, at, version) for id_, at in places[:MOST_FOUND])
        return WordAnswer(version, found, tuple(self._gone[-MOST_FOUND:]))

    def _version(self, state: State) -> int:
        motion = state.motions[self._motion]
        return 0 if motion.status == "drafting" else len(motion.frozen)

    def standing(self, state: State, clause: str, at: Stretch, version: int) -> StandingWords:
        """The acts that wrote and moved the words at these characters of a passage, in a frozen version or in the draft
        (0).
        """
        words = self._tracing.words(state, version) if version else self._tracing.draft(state)
        spans = cut(words.get(clause, ()), *at)
        made = [act for act in self._makers(state, clause, spans) if act is not None]
        since = min((act.entry for act in made), default=0)
        until = state.motions[self._motion].frozen[version - 1].entry if version else state.size
        moved = [x for x in self._moves if x.clause == clause and since < x.entry <= until]
        said = "".join(span.text for span in spans)
        acts = sorted((*made, *(replace(x, words=said) for x in moved)), key=lambda act: act.entry)
        return StandingWords(clause, *at, said, tuple(acts))

    def _makers(self, state: State, clause: str, spans: Iterable[AuthorSpan]) -> Iterator[WordAct | None]:
        """For each origin of the words, the act that wrote them, in the order of the text; None if the act is
        unknown.
        """
        by: dict[str, list[str]] = {}
        for span in spans:
            by.setdefault(span.author, []).append(span.text)
        for author, texts in by.items():
            act, said = self._maker(state, author), [text.strip() for text in texts if text.strip()]
            instead = self._instead(act, clause, said) if act else ""
            yield act and replace(act, clause=clause, words=" … ".join(said), instead=instead)

    def _instead(self, act: WordAct, clause: str, said: Sequence[str]) -> str:
        """The words that an adoption replaced by these; "" if the act is not an adoption."""
        changes = self._made[act.amendments[0]].changes if act.amendments else ()
        spans = (span for change in changes if change.clause == clause for span in change.spans)
        return " … ".join(old for span in spans if any(text in span.new for text in said) and (old := span.old.strip()))

    def _maker(self, state: State, author: str) -> WordAct | None:
        who, _, entry = author.partition(AT)
        kind, _, number = who.rpartition("-")
        if not entry:
            return self._adopted(state, int(number)) if kind == ids.AMENDMENT else None
        recorded = self._entries[int(entry)]
        suggestion = int(number) if kind == ids.REMARK else 0
        return WordAct(MADE, recorded.index, recorded.time, recorded.actor, "", "", suggestion=suggestion)

    def _adopted(self, state: State, number: int) -> WordAct | None:
        made = self._made.get(number)
        if made is None:
            return None
        poll = state.amendments[number].poll or 0
        return WordAct(MADE, made.entry, made.time, state.amendments[number].author, "", "", (number,), poll)


def _both(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[Sequence[str], set[str]], ...]:
    return (old, {*new}), (new, {*old})


def places_of(text: str, sought: str) -> list[Stretch]:
    """The places of words in a text, ignoring typography and, as far as lower case has the same length, the case of
    letters.
    """
    lower, wanted = text.lower(), sought.lower()
    return occurrences(lower, wanted) if len(lower) == len(text) else occurrences(text, sought)


def answer(record: Iterable[e.Recorded], state: State, motion: int, sought: str) -> WordAnswer:
    """Why that motion contains these words, or no longer does; `record` holds at least the entries about the motion."""
    acts = WordActs(motion, sought)
    for recorded in record:
        acts.take(recorded, state)
    return acts.answer(state)
