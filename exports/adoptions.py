"""Describes in words what each adoption changed in a motion, and which acts led to its wording (R50, R52)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from deliberation.amendments import accounts
from deliberation.amendments.accounts import TITLE, AdoptionAccount, PassageChange
from deliberation.kernel.state import Frozen, Motion, State
from deliberation.kernel.vocabulary import Clause
from deliberation.thread.word_acts import LOST, MADE, WordAct
from exports import naming
from exports.comparison import DiffPiece, Pieces
from exports.translations import Translator


@dataclass(frozen=True)
class ChangedWords:
    """A changed passage: `pieces` are its words before the adoption with the changes marked."""

    clause: str
    label: str
    pieces: Pieces


@dataclass(frozen=True)
class AdoptionRow:
    """One adoption in words. `poll` is the number of the poll that decided it, 0 if unknown; `renumbered` are pairs of
    a clause's names before and after.
    """

    account: AdoptionAccount
    poll: int
    created: tuple[ChangedWords, ...]
    changed: tuple[ChangedWords, ...]
    removed: tuple[ChangedWords, ...]
    moved: tuple[str, ...]
    renumbered: tuple[tuple[str, str], ...]

    @property
    def words(self) -> tuple[ChangedWords, ...]:
        return *self.created, *self.changed, *self.removed


def table(state: State, words: Translator, motion: Motion, latest: int = 0) -> tuple[AdoptionRow, ...]:
    """A row for each adoption, oldest first; if `latest` is not 0, only that many of the latest ones."""
    adopted = [text for text in motion.frozen if accounts.is_adoption(text)][-latest:]
    return tuple(_row(state, words, motion, accounts.account(state, motion.number, text)) for text in adopted)


def _row(state: State, words: Translator, motion: Motion, account: AdoptionAccount) -> AdoptionRow:
    before, after = motion.frozen[account.version - 2 : account.version]
    old, new = ({clause.id: clause for clause in text.clauses} for text in (before, after))
    changes = {change.clause: change for change in account.changes}

    def shown(ids: Iterable[str], named: Mapping[str, Clause]) -> tuple[ChangedWords, ...]:
        return tuple(_shown(words, before, changes[id_], named.get(id_)) for id_ in ids if id_ in changes)

    return AdoptionRow(
        account,
        after.divided_by or accounts.poll_of(state, account.amendments),
        shown(account.created, new),
        shown(account.changed, new),
        shown(account.removed, old),
        tuple(naming.clause_label(words, new[id_]) for id_ in account.moved),
        tuple(
            (naming.clause_label(words, old[x.clause]), naming.clause_label(words, new[x.clause]))
            for x in account.renumbered
        ),
    )


def _shown(words: Translator, before: Frozen, change: PassageChange, clause: Clause | None) -> ChangedWords:
    label = naming.clause_label(words, clause) if clause else words("Titre")
    return ChangedWords(change.clause, label, tuple(_pieces(accounts.texts_of(before).get(change.clause, ""), change)))


def _pieces(old: str, change: PassageChange) -> Iterator[DiffPiece]:
    at = 0
    for span in change.spans:
        end = span.start + len(span.old)
        for op, text in (("equal", old[at : span.start]), ("delete", span.old), ("insert", span.new)):
            if text:
                yield DiffPiece(op, text)
        at = end
    if old[at:]:
        yield DiffPiece("equal", old[at:])


def told(state: State, words: Translator, act: WordAct) -> str:
    """An act on words in one sentence."""
    said = {"who": naming.name_of(state, words, act.actor), "words": act.words}
    if act.amendments:
        return _by_adoption(state, words, act)
    if act.poll:
        return words("Le vote par division (scrutin n° {poll}) retire « {words} ».", poll=act.poll, words=act.words)
    if act.deed == LOST:
        return words("{who} retire « {words} » du projet.", **said)
    if act.deed != MADE:
        return words("{who} déplace « {words} » dans le projet.", **said)
    suggestion = state.remarks.get(act.suggestion)
    if suggestion is None:
        return words("{who} écrit « {words} » dans le projet.", **said)
    author = naming.name_of(state, words, suggestion.author)
    return words(
        "{who} reprend « {words} », que {author} suggérait (remarque n° {n}).", author=author, n=act.suggestion, **said
    )


def _by_adoption(state: State, words: Translator, act: WordAct) -> str:
    number = act.amendments[-1]
    author = naming.name_of(state, words, state.amendments[number].author)
    said = {"n": number, "author": author, "words": act.words, "poll": act.poll}
    if act.deed == MADE and act.instead:
        return words(
            "L’adoption de l’amendement n° {n}, de {author} (scrutin n° {poll}), apporte « {words} » "
            "à la place de « {instead} ».",
            instead=act.instead,
            **said,
        )
    if act.deed == MADE:
        return words("L’adoption de l’amendement n° {n}, de {author} (scrutin n° {poll}), apporte « {words} ».", **said)
    if act.deed == LOST:
        return words("L’adoption de l’amendement n° {n}, de {author} (scrutin n° {poll}), retire « {words} ».", **said)
    return words("L’adoption de l’amendement n° {n}, de {author} (scrutin n° {poll}), déplace « {words} ».", **said)


def passage(state: State, words: Translator, motion: Motion, clause: str) -> str:
    """The name of a passage in the latest text that contains it."""
    if clause == TITLE:
        return words("Titre")
    drafted = motion.draft.get(clause)
    found = naming.find_clause(motion, clause)
    if found is None and drafted is not None:
        return words("Passage du projet")
    return naming.clause_label(words, found) if found else words("Passage disparu")
