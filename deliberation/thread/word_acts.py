"""Why a motion says its words: the acts that made, moved or lost them (R52).

Words that stand are traced as their origins are (A26), each letter to the entry that brought it. Words that stood once
are looked for in every state that the text had.
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
"""How many places of the present text are explained, and how many losses are named, the latest."""
AT = "@"
"""Stands between the author of words and the entry that brought them; no name of an author holds it."""


@dataclass(frozen=True)
class WordAct:
    """An act that made, moved or lost words of a passage: the entry `entry`, by `actor`.

    `amendments` are those whose adoption it was, by the poll `poll` (0 where none is known); `instead` are the words
    that gave way to what an adoption brought. `suggestion` is the accepted suggestion whose words they are, else 0.
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
    """Words at characters [start, end) of a passage of the present text, and the acts that made and moved them."""

    clause: str
    start: int
    end: int
    words: str
    acts: tuple[WordAct, ...]


@dataclass(frozen=True)
class WordAnswer:
    """Where words stand in the present text (version 0: a draft), and the acts that lost them or moved them."""

    version: int
    standing: tuple[StandingWords, ...]
    gone: tuple[WordAct, ...]


class WordActs:
    """Folds the entries about one motion, in order; other entries are passed over. `state` is the one after them all.

    With `sought`, every state of the text is searched for these words.
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
        """The next entry; one whose content is not there says nothing."""
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
        """Clauses that stood before and changed their place."""
        before, after = ([id_ for id_ in ids_ if id_ in other] for ids_, other in _both(self._order, order))
        stayed = {before[at] for at, _ in aligned(before, after)}
        self._moves += [replace(act, deed=MOVED, clause=id_) for id_ in after if id_ not in stayed]
        self._order = order

    def _become(self, act: WordAct, texts: Mapping[str, str]) -> None:
        """The next state of the text: words sought that left a passage came to another, or are lost."""
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
        """For the words sought, in the text as it stands."""
        version = self._version(state)
        places = [(id_, at) for id_, text in self._texts.items() for at in places_of(text, self._sought)]
        found = tuple(self.standing(state, id_, at, version) for id_, at in places[:MOST_FOUND])
        return WordAnswer(version, found, tuple(self._gone[-MOST_FOUND:]))

    def _version(self, state: State) -> int:
        motion = state.motions[self._motion]
        return 0 if motion.status == "drafting" else len(motion.frozen)

    def standing(self, state: State, clause: str, at: Stretch, version: int) -> StandingWords:
        """The acts behind the words at these characters of a passage, in a frozen version, or in the draft (0)."""
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
        """One act for all words of one origin, in the order of the text."""
        by: dict[str, list[str]] = {}
        for span in spans:
            by.setdefault(span.author, []).append(span.text)
        for author, texts in by.items():
            act, said = self._maker(state, author), [text.strip() for text in texts if text.strip()]
            instead = self._instead(act, clause, said) if act else ""
            yield act and replace(act, clause=clause, words=" … ".join(said), instead=instead)

    def _instead(self, act: WordAct, clause: str, said: Sequence[str]) -> str:
        """The words that gave way to these, by the account of the adoption that brought them."""
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
    """Where words stand in a text; neither typography nor the case of letters decides."""
    lower, wanted = text.lower(), sought.lower()
    return occurrences(lower, wanted) if len(lower) == len(text) else occurrences(text, sought)


def answer(record: Iterable[e.Recorded], state: State, motion: int, sought: str) -> WordAnswer:
    """Why that motion says these words, or no longer does, from the entries about it."""
    acts = WordActs(motion, sought)
    for recorded in record:
        acts.take(recorded, state)
    return acts.answer(state)
