"""Division: voting on a text part by part at a member's request; the parts, and the text that remains of them
(W10–W13).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Amendment, Division, Frozen, Motion, State
from deliberation.kernel.vocabulary import Aim, Clause, ClauseEdit, Piece, Role, Span
from deliberation.text import composition_rules, merge, numbering
from deliberation.text.edits import tokenise
from deliberation.text.spans import applied

MOST_PARTS = 100
SEPARATOR = "\x1e"
"""Separates the texts of several edits in `words_of`; no text may contain this character."""


def pieces(state: State, subject: str) -> tuple[Piece, ...]:
    """The units that the subject can be divided into, in the order of the text; with fewer than two it cannot be
    divided.
    """
    kind, number = ids.split(subject)
    if kind == ids.AMENDMENT:
        return tuple(piece for _, found in _by_edit(state, state.amendments[number]) for piece in found)
    text = state.motions[number].text
    return tuple(Piece(clause.id, clause.markdown, "") for clause in text.clauses) if text else ()


def _by_edit(state: State, amendment: Amendment) -> list[tuple[Amendment, tuple[Piece, ...]]]:
    """Each edit of an amendment, as an amendment with that edit alone, and the pieces of the edit (A43)."""
    singles = amendment.single_edits
    return [(single, _of_amendment(state, single, _old(state, single))) for single in singles]


def _of_amendment(state: State, amendment: Amendment, old: str | None) -> tuple[Piece, ...]:
    if old is None:
        there = _base(state, amendment).clauses if amendment.aim is not Aim.INSERT else ()
        gone = next((clause.markdown for clause in there if clause.id == amendment.clause), "")
        return (Piece(amendment.clause, gone, gone if amendment.aim is Aim.MOVE else amendment.text),)
    return tuple(Piece(amendment.clause, span.old, span.new, span.start) for span in _changes(state, old, amendment))


def _changes(state: State, old: str, amendment: Amendment) -> list[Span]:
    """The changes that a rewriting amendment makes to `old`, each of which can be voted on separately: the same that
    merging applies (A15).
    """
    words, starts, *_ = tokenise(old)
    composer = composition_rules.of(_base(state, amendment).rules)
    found = composer.word_edits(old, amendment.text, amendment.spans)
    return [Span(starts[start], "".join(words[start:end]), "".join(new)) for start, end, new in found]


def _base(state: State, amendment: Amendment) -> Frozen:
    return state.motions[amendment.motion].frozen[amendment.aimed - 1]


def _old(state: State, amendment: Amendment) -> str | None:
    """The text that an amendment with one edit rewrites; None if it deletes, moves or inserts a whole clause."""
    base = _base(state, amendment)
    if amendment.parent is not None and amendment.aim is not Aim.INSERT:
        return state.amendments[amendment.parent].edit_at(amendment.edit_rank).wording.text
    if amendment.aim is Aim.TITLE:
        return base.title
    if amendment.aim is not Aim.REWRITE:
        return None
    return next(clause.markdown for clause in base.clauses if clause.id == amendment.clause)


def reduced(state: State, amendment: Amendment, kept: Iterable[int]) -> str:
    """The text of the first edit that remains when only the pieces `kept` were adopted (W12)."""
    return _left(state, amendment, kept)[0].text


def _left(state: State, amendment: Amendment, kept: Iterable[int]) -> tuple[ClauseEdit, ...]:
    """The edits with only the pieces `kept`. If the amendment has several edits, those without any kept piece are left
    out.
    """
    chosen, first = set(kept), 0
    found: list[ClauseEdit] = []
    for single, given in _by_edit(state, amendment):
        here = [n for n in range(len(given)) if first + n in chosen]
        first += len(given)
        if here or not amendment.further:
            found.append(_with_pieces(state, single, here))
    return tuple(found)


def _with_pieces(state: State, single: Amendment, kept: Sequence[int]) -> ClauseEdit:
    """An edit with only these of its pieces. An edit that deletes, moves or inserts a clause is one piece and stays
    whole.
    """
    edit, old = single.edits[0], _old(state, single)
    if old is None:
        return edit
    changes = _changes(state, old, single)
    spans = tuple(changes[number] for number in kept)
    return replace(edit, text=applied(old, spans), spans=spans)


def divide(state: State, request: c.Request, command: c.DivideSubject, now: str) -> Decision:
    refused = _refuse_subject(state, command.subject) or _refuse_asking(state, command.asked_by)
    if refused:
        return refused
    if refused := _refuse_amended(state, command.subject):
        return refused
    found = pieces(state, command.subject)
    if len(found) < 2:
        return Refused("division.one_piece", "Ce texte ne se divise pas : il n’a qu’une partie.", "subject")
    parts = tuple(tuple(sorted(part)) for part in command.parts)
    if not 2 <= len(parts) <= MOST_PARTS or not all(parts):
        return Refused("division.parts", "Une division a au moins deux parties, et aucune n’est vide.", "parts")
    if sorted(piece for part in parts for piece in part) != list(range(len(found))):
        return Refused("division.incomplete", "Chaque morceau du texte va dans une partie et une seule.", "parts")
    return (e.SubjectDivided(command.subject, tuple(sorted(parts)), command.asked_by),)


def _refuse_subject(state: State, subject: str) -> Refused | None:
    try:
        kind, number = ids.split(subject)
    except ValueError:
        kind, number = "", 0
    votable = kind == ids.AMENDMENT and number in state.amendments, kind == ids.MOTION and number in state.motions
    if not any(votable):
        return Refused("division.no_subject", "On divise un amendement ou une motion.", "subject")
    if votable[0] and state.amendments[number].outcome is not None:
        return Refused("amendment.settled", "Le sort de cet amendement est déjà fixé.")
    motion = state.motions[state.amendments[number].motion if votable[0] else number]
    if motion.status != "frozen":
        return Refused("motion.not_frozen", "Ce texte n’est pas gelé.")
    if any(poll.is_open and poll.subject == subject for poll in state.polls.values()):
        return Refused("division.vote_open", "Un scrutin est déjà ouvert sur ce texte.")
    division = standing(state, subject)
    if division and division.results:
        return Refused("division.begun", "Des parties de ce texte sont déjà votées.")
    return None


def _refuse_amended(state: State, subject: str) -> Refused | None:
    """The refusal to divide an amendment with adopted sub-amendments, whose words are part of it and were voted on
    differently (A18); None for other subjects.
    """
    kind, number = ids.split(subject)
    if kind != ids.AMENDMENT or not state.amendments[number].amended_by:
        return None
    return Refused(
        "division.amended", "Des sous-amendements adoptés font partie de ses mots : il se vote en entier.", "subject"
    )


def _refuse_asking(state: State, person: str) -> Refused | None:
    known = state.people.get(person)
    if known is None or known.role is not Role.ELU:
        return Refused("division.asked_by", "La division se fait à la demande d’un élu : dites lequel.", "asked_by")
    return None


def standing(state: State, subject: str) -> Division | None:
    """The division in force for that subject; None if there is none, if all its parts were voted on, or if the words of
    the subject have changed since.
    """
    division = state.divisions.get(subject)
    if division is None or division.ended or division.of != words_of(state, subject):
        return None
    return None if _refuse_amended(state, subject) else division


def refuse_begun(state: State, amendment: int) -> Refused | None:
    """The refusal to change an amendment of which a part has already been voted on (W11); None if none has."""
    division = standing(state, ids.document(ids.AMENDMENT, amendment))
    if division is None or not division.results:
        return None
    return Refused("division.begun", "Des parties de ce texte sont déjà votées.")


def words_of(state: State, subject: str) -> str:
    """A string that changes with the words of a subject: the texts of an amendment's edits, or the hash of a frozen
    motion.
    """
    kind, number = ids.split(subject)
    if kind == ids.AMENDMENT:
        return SEPARATOR.join(edit.text for edit in state.amendments[number].edits)
    text = state.motions[number].text
    return text.hash if text else ""


def words_aimed_at(state: State, subject: str) -> str:
    """The text that an amendment with one edit rewrites; "" for other amendments and for motions."""
    kind, number = ids.split(subject)
    if kind != ids.AMENDMENT or state.amendments[number].further:
        return ""
    return _old(state, state.amendments[number]) or ""


def refuse_part(state: State, subject: str, part: int) -> Refused | None:
    """Why no poll can be opened on that part, counted from 1, or on the whole (0); None if one can (W11)."""
    division = standing(state, subject)
    if division is None:
        return Refused("division.none", "Ce texte n’est pas divisé.", "part") if part else None
    if not part:
        return Refused("division.by_parts", "Ce texte se vote par division : ouvrez le vote sur l’une de ses parties.")
    if not 0 < part <= len(division.parts):
        return Refused("division.no_part", "Cette partie n’existe pas.", "part")
    if part in division.results:
        return Refused("division.voted", "Cette partie est déjà votée.", "part")
    return None


def kept(division: Division) -> tuple[int, ...]:
    """The numbers of the pieces that were adopted, from 0, in the order of the text."""
    return tuple(sorted(n for part, ns in enumerate(division.parts, 1) if division.results.get(part) for n in ns))


def is_complete(division: Division) -> bool:
    """Whether every part has its result."""
    return len(division.results) == len(division.parts)


def left_of_motion(motion: Motion, pieces_: tuple[int, ...]) -> tuple[Clause, ...]:
    """The adopted clauses of the frozen text. They keep their numbers while the text is debated (A45); earlier versions
    of the rules number them again.
    """
    text = motion.text
    assert text is not None
    left = tuple(text.clauses[n] for n in pieces_)
    return left if text.rules >= numbering.STAND_STILL else merge.number(left)


def next_text(motion: Motion, pieces_: tuple[int, ...], poll: int) -> e.TextFrozen:
    """The next version of a motion, which contains only the adopted parts and is then amended and voted on (W13)."""
    text = motion.text
    assert text is not None
    clauses = left_of_motion(motion, pieces_)
    version = len(motion.frozen) + 1
    hash_ = merge.text_hash(text.title, clauses)
    return e.TextFrozen(motion.number, version, text.title, clauses, hash_, version, (), poll, text.rules)


def on_divided(state: State, r: e.Recorded, event: e.SubjectDivided) -> State:
    said = words_of(state, event.subject), pieces(state, event.subject), words_aimed_at(state, event.subject)
    division = Division(event.subject, event.parts, event.asked_by, r.time, *said)
    return replace(state, divisions={**state.divisions, event.subject: division})


def on_reduced(state: State, r: e.Recorded, event: e.AmendmentReduced) -> State:
    return with_reduced(state, event)


def with_reduced(state: State, event: e.AmendmentReduced) -> State:
    """The state in which the amendment consists of its adopted pieces only."""
    amendment = state.amendments[event.amendment]
    first, *further = _left(state, amendment, event.kept)
    changed = replace(
        amendment,
        aim=first.aim,
        clause=first.clause,
        text=event.text,
        spans=first.spans,
        after=first.after,
        new_kind=first.new_kind,
        further=tuple(further),
        undivided=amendment.text,
        own=None,
    )
    return replace(state, amendments={**state.amendments, amendment.number: changed})


def after_vote(state: State, subject: str, part: int, carried: bool) -> State:
    """The state in which that part has its result."""
    division = state.divisions[subject]
    results = {**division.results, part: carried}
    done = replace(division, results=results, ended=len(results) == len(division.parts))
    return replace(state, divisions={**state.divisions, subject: done})


DECIDE: Rules = {c.DivideSubject: divide}
EVOLVE: Folds = {e.SubjectDivided: on_divided, e.AmendmentReduced: on_reduced}
