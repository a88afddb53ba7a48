"""What the adopted amendments leave of those that are still pending (A22, A23).

All amendments keep aiming at the *base*, the text that was frozen for them, so that the merged text does not depend on
the order of the votes and can be computed again from the record. To show how each pending amendment would read now,
`reaim` merges it into the text with everything adopted so far, and says what becomes of it:

- `STANDS`: it applies to the text as it is now; nobody need do anything.
- `COLLIDES`: an adopted amendment changed some of its words. Its author may rectify it, otherwise it falls.
- `FALLS`: everything that it would change was already changed or moved.
- `MOOT`: the passage that it would change was deleted.
- `SATISFIED`: the text already says it.
- `UNWORDED`: an instruction whose exact words its author has yet to write.

Nothing is decided here: `reason` is a sentence for the chair, who may settle the amendment with the outcome `proposed`
and the cause `causes[0]`. To see what would follow from an adoption before the vote, give `supposing` to `of_motion`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from deliberation.kernel.errors import N_, Reason
from deliberation.kernel.state import Amendment, Frozen, State
from deliberation.kernel.vocabulary import Aim, Outcome
from deliberation.motions import motions
from deliberation.text import composition_rules, merge
from deliberation.text.composition_rules import CompositionRules
from deliberation.text.edits import Edit

LONGEST = 200
"""The most characters of disputed words that a reason quotes."""


class Fate(StrEnum):
    """What becomes of a pending amendment, as the docstring of the module says."""

    STANDS = "maintenu"
    COLLIDES = "partiel"
    FALLS = "tombe"
    MOOT = "sans_objet"
    SATISFIED = "satisfait"
    UNWORDED = "a_rediger"


@dataclass(frozen=True)
class Reaimed:
    """A pending amendment on the text as it is now.

    `clause` is its passage: "" for the title; for an insertion the clause before, or the clause that already has its
    words. `before` is how the passage reads now, `after` how it would read; both are "" where nothing can be shown,
    such as for a clause that was deleted. `causes` are the amendments that changed its words, or already gave the text
    them; `words` are the words that both touch. `moved_text`: the passage no longer reads as it did when the amendment
    was tabled. `edits` are the same for each edit of an amendment that has several (A42).
    """

    amendment: int
    fate: Fate
    clause: str
    before: str
    after: str
    causes: tuple[int, ...] = ()
    words: str = ""
    moved_text: bool = False
    reason: Reason | None = None
    edits: tuple[Reaimed, ...] = ()

    @property
    def proposed(self) -> Outcome | None:
        """The outcome that the chair may state without a vote; None if there is none."""
        return PROPOSED.get(self.fate)


PROPOSED = {
    Fate.COLLIDES: Outcome.FALLEN,
    Fate.FALLS: Outcome.FALLEN,
    Fate.MOOT: Outcome.MOOT,
    Fate.SATISFIED: Outcome.SATISFIED,
}


@dataclass
class _Now:
    """The adopted amendments as a plan of the merge, and the text that results.

    `old` and `said` are the words of each passage in the base and now; `places` are ids of clauses by their present
    words.
    """

    plan: merge.Plan
    old: dict[str, str]
    said: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def edits(self, clause: str) -> Sequence[Edit]:
        """The edits that adopted amendments make in the words that a passage has in the base."""
        return merge.clause_edits(self.plan, clause)

    def since(self, amendment: Amendment) -> list[Edit]:
        """The adopted edits of the amendment's passage, without those on whose result it was tabled."""
        upon = set(amendment.upon)
        return [edit for edit in merge.edits_of(self.plan, amendment.clause) if edit.amendment not in upon]


def of_motion(state: State, motion: int, supposing: Iterable[int] = ()) -> tuple[Reaimed, ...]:
    """The pending amendments to a motion's text, by number, as if those of `supposing` were adopted too."""
    base = motions.base_of(state.motions[motion])
    if base is None:
        return ()
    text, supposed = state.motions[motion].text, set(supposing)
    ours = [a for a in state.amendments.values() if a.motion == motion and a.base == base.version]
    merged = {*(text.adopted if text else ()), *supposed}
    adopted = [a for a in ours if a.number in merged or (a.parent is not None and a.outcome is Outcome.ADOPTED)]
    return reaim(base, adopted, [a for a in ours if a.outcome is None and a.number not in supposed])


def following(state: State, number: int) -> tuple[Reaimed, ...]:
    """The pending amendments to the same passages for which an outcome would be proposed if this one were adopted too,
    and is not proposed already.
    """
    amendment = state.amendments[number]
    base, text = motions.base_of(state.motions[amendment.motion]), state.motions[amendment.motion].text
    if base is None or text is None or amendment.base != base.version or amendment.parent is not None:
        return ()
    adopted = [state.amendments[n] for n in text.adopted]
    own = [amendment, *(state.amendments[n] for n in amendment.amended_by)]
    beside = [
        a
        for a in state.amendments.values()
        if (a.motion, a.base) == (amendment.motion, amendment.base)
        and not _places(a).isdisjoint(_places(amendment))
        and a.outcome is None
        and number not in (a.number, a.parent)
    ]
    now = {found.amendment: found for found in reaim(base, adopted, [*beside, amendment])}
    if now[number].fate is not Fate.STANDS:
        return ()
    then = reaim(base, [*adopted, *own], beside)
    return tuple(x for x in then if x.proposed and not now[x.amendment].proposed)


def _places(amendment: Amendment) -> frozenset[tuple[bool, str]]:
    """The passages at which it aims, each as (whether it is the title, id of the clause); (False, "") is the beginning
    of the text.
    """
    return frozenset((edit.aim is Aim.TITLE, edit.clause) for edit in amendment.edits)


def reaim(base: Frozen, adopted: Sequence[Amendment], pending: Iterable[Amendment]) -> tuple[Reaimed, ...]:
    """Each pending amendment on the base with the adopted ones, in order of number.

    `adopted` also holds adopted sub-amendments, including those whose parent is pending.
    """
    now = _now(base, adopted)
    waiting = sorted(pending, key=lambda a: a.number)
    by_number = {a.number: a for a in waiting}
    return tuple(
        _sub(base.rules, by_number[a.parent].edit_at(a.edit_rank), [x for x in adopted if x.parent == a.parent], a)
        if a.parent in by_number
        else _together([_reaimed(now, single) for single in a.single_edits])
        for a in waiting
    )


def _now(base: Frozen, adopted: Iterable[Amendment]) -> _Now:
    planned = merge.plan(base, adopted)
    now = _Now(planned, {"": base.title, **{clause.id: clause.markdown for clause in base.clauses}})
    now.said = {"": _text(merge.title(planned))}
    for clause, pieces in merge.clauses(planned):
        now.said[clause.id] = _text(pieces)
        now.places.setdefault(now.said[clause.id].strip(), clause.id)
    return now


def _text(pieces: merge.Pieces) -> str:
    return "".join(words for words, _ in pieces)


def _together(found: Sequence[Reaimed]) -> Reaimed:
    """What becomes of an amendment, from what becomes of each of its edits (A42).

    An edit that is satisfied does not matter; one that cannot be made prevents the merge of the whole amendment.
    """
    if len(found) == 1:
        return found[0]
    blocked = [x for x in found if x.fate in (Fate.COLLIDES, Fate.FALLS, Fate.MOOT)]
    standing = [x for x in found if x.fate is Fate.STANDS]
    left = bool(standing) or any(x.fate is Fate.COLLIDES for x in found)
    shown = (blocked or standing or found)[0]
    causes = tuple(dict.fromkeys(n for x in blocked or found for n in x.causes)) if not standing or blocked else ()
    moved, reason = any(x.moved_text for x in found), shown.reason
    if blocked and reason:
        fate = Fate.COLLIDES if left else Fate.FALLS if any(x.fate is Fate.FALLS for x in found) else Fate.MOOT
        reason = Reason(ONE_OF_SEVERAL.get(reason.message, reason.message), reason.params) if left else reason
    else:
        fate = Fate.STANDS if standing else Fate.SATISFIED
    return replace(shown, fate=fate, causes=causes, moved_text=moved, reason=reason, edits=tuple(found))


def _reaimed(now: _Now, amendment: Amendment) -> Reaimed:
    deleted = now.plan.deletions.get(amendment.clause, ())
    if deleted and amendment.aim in {Aim.REWRITE, Aim.MOVE}:
        return _fallen(amendment, deleted, DELETED, fate=Fate.MOOT)
    if not amendment.is_worded:
        before = now.said.get(_clause(amendment), "")
        return Reaimed(amendment.number, Fate.UNWORDED, _clause(amendment), before, "", reason=Reason(UNWORDED))
    return REAIM[amendment.aim](now, amendment)


def _clause(amendment: Amendment) -> str:
    return "" if amendment.aim is Aim.TITLE else amendment.clause


def _words_changed(now: _Now, amendment: Amendment) -> Reaimed:
    clause = _clause(amendment)
    if amendment.version or now.plan.is_layered(clause):
        return _through_versions(now, amendment)
    old, before, others = now.old[clause], now.said.get(clause, ""), now.edits(clause)
    own, same = merge.edits(amendment, now.plan.base), now.plan.first_with(clause, amendment.text)
    return _against(now.plan.composer, amendment, clause, old, before, own, others, () if same is None else (same,))


def _through_versions(now: _Now, amendment: Amendment) -> Reaimed:
    """As `_words_changed`, for a passage in which amendments aim at words that others brought."""
    clause = _clause(amendment)
    before, met = now.said.get(clause, ""), merge.meeting(now.plan, amendment)
    others = now.since(replace(amendment, clause=clause))
    if met.by or amendment.text == before or (not met.taken and met.after == before):
        return _satisfied(amendment, clause, before, (met.by,) if met.by else [edit.amendment for edit in others])
    if not met.taken:
        return Reaimed(amendment.number, Fate.STANDS, clause, before, met.after, moved_text=bool(others))
    causes = tuple(dict.fromkeys(other.amendment for _, _, other in met.taken))
    return _taken(amendment.number, clause, before, causes, merge.words_of(*met.taken[0]), met.partly)


def _taken(number: int, clause: str, before: str, causes: tuple[int, ...], words: str, partly: bool) -> Reaimed:
    """The result where adopted amendments changed all the words that the amendment would change, or some (`partly`)."""
    params: dict[str, str | int] = {"other": causes[0], "words": shortened(words)}
    reason, fate = (SOME_TAKEN, Fate.COLLIDES) if partly else (ALL_TAKEN, Fate.FALLS)
    return Reaimed(number, fate, clause, before, "", causes, words, True, Reason(reason, params))


def _sub(rules: int, parent: Amendment, adopted: Sequence[Amendment], amendment: Amendment) -> Reaimed:
    """A sub-amendment on its parent's words, with the sub-amendments adopted so far."""
    if amendment.aim is Aim.INSERT:
        return Reaimed(amendment.number, Fate.STANDS, _clause(parent), "", amendment.text)
    composer, old, before = (
        composition_rules.of(rules),
        parent.wording.text,
        merge.amended_words(parent, adopted, rules),
    )
    own, others = merge.sub_edits(composer, old, [amendment]), merge.sub_amendment_edits(parent, adopted, rules)
    same = [x.number for x in adopted if x.aim is not Aim.INSERT and x.text == amendment.text]
    return _against(composer, amendment, _clause(parent), old, before, own, others, same)


def _against(
    composer: CompositionRules,
    amendment: Amendment,
    clause: str,
    old: str,
    before: str,
    own: Sequence[Edit],
    others: Sequence[Edit],
    same: Iterable[int],
) -> Reaimed:
    """Compares the edits of an amendment, `own`, with the adopted edits of the same text, `others`.

    `old` is the text without edits and `before` the text with the adopted ones; `same` are adopted amendments that gave
    it the words of this one.
    """
    number = amendment.number
    same = [*same, *(edit.amendment for edit in others if amendment.text == before)]
    if same or amendment.text == before:
        return _satisfied(amendment, clause, before, same)
    taken = [(edit, other) for edit in own for other in others if merge.clash(composer, old, edit, other)]
    if not taken:
        after = merge.words_with(composer, old, [*others, *own])
        if after == before:
            made = {(x.start, x.end, x.words) for x in own}
            by = [x.amendment for x in others if (x.start, x.end, x.words) in made]
            return _satisfied(amendment, clause, before, by)
        return Reaimed(number, Fate.STANDS, clause, before, after, moved_text=bool(others))
    causes = tuple(dict.fromkeys(other.amendment for _, other in taken))
    partly = len({edit for edit, _ in taken}) < len(own)
    return _taken(number, clause, before, causes, merge.words_of(old, *taken[0]), partly)


def shortened(words: str) -> str:
    """Disputed words as a reason quotes them: on one line, without a final full stop, at most `LONGEST` characters."""
    words = " ".join(words.split()).rstrip(".")
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def _deleted(now: _Now, amendment: Amendment) -> Reaimed:
    clause = amendment.clause
    if by := now.plan.deletions.get(clause, ()):
        return _satisfied(amendment, clause, "", by)
    if moved := _moved_since(now, amendment):
        return _fallen(amendment, moved, MOVED, now.said.get(clause, ""))
    rewritten = [edit for edit in now.since(amendment) if now.plan.composer.opposes_deletion(edit)]
    if rewritten:
        return _fallen(amendment, [edit.amendment for edit in rewritten], REWRITTEN, now.said.get(clause, ""))
    return Reaimed(amendment.number, Fate.STANDS, clause, now.said.get(clause, ""), "")


def _moved(now: _Now, amendment: Amendment) -> Reaimed:
    clause = amendment.clause
    moves, since = now.plan.moves.get(clause, ()), _moved_since(now, amendment)
    if since and moves and moves[0].after == amendment.after:
        return _satisfied(amendment, clause, now.said.get(clause, ""), since)
    if since:
        return _fallen(amendment, since, MOVED, now.said.get(clause, ""))
    return Reaimed(
        amendment.number,
        Fate.STANDS,
        clause,
        now.said.get(clause, ""),
        now.said.get(clause, ""),
        moved_text=bool(now.since(amendment)),
    )


def _moved_since(now: _Now, amendment: Amendment) -> list[int]:
    """The adopted amendments that moved its clause, without those on whose result it was tabled."""
    return [x.number for x in now.plan.moves.get(amendment.clause, ()) if x.number not in amendment.upon]


def _inserted(now: _Now, amendment: Amendment) -> Reaimed:
    found = now.places.get(amendment.text.strip())
    if found is not None:
        return _satisfied(amendment, found, now.said[found], _bringers(now, found))
    return Reaimed(amendment.number, Fate.STANDS, amendment.clause, "", amendment.text)


def _bringers(now: _Now, clause: str) -> Iterator[int]:
    """The adopted amendments that inserted a clause or changed its words; none if it is as in the base."""
    yield from (number for id_, number in now.plan.bringers.items() if id_ == clause)
    yield from (edit.amendment for edit in merge.edits_of(now.plan, clause))


REAIM = {
    Aim.DELETE: _deleted,
    Aim.REWRITE: _words_changed,
    Aim.TITLE: _words_changed,
    Aim.MOVE: _moved,
    Aim.INSERT: _inserted,
}


def _fallen(
    amendment: Amendment, causes: Iterable[int], message: str, now: str = "", fate: Fate = Fate.FALLS
) -> Reaimed:
    found = tuple(dict.fromkeys(causes))
    reason = Reason(message, {"other": found[0]})
    return Reaimed(amendment.number, fate, _clause(amendment), now, "", found, reason=reason)


def _satisfied(amendment: Amendment, clause: str, now: str, causes: Iterable[int]) -> Reaimed:
    found = tuple(dict.fromkeys(causes))
    reason = Reason(BROUGHT, {"other": found[0]}) if found else Reason(SAID)
    return Reaimed(amendment.number, Fate.SATISFIED, clause, now, now, found, reason=reason)


DELETED = N_("L’amendement n° {other}, adopté, supprime le passage qu’il vise.")
REWRITTEN = N_("L’amendement n° {other}, adopté, donne une nouvelle rédaction au passage qu’il supprimerait.")
MOVED = N_("L’amendement n° {other}, adopté, a déjà déplacé ce passage.")
ALL_TAKEN = N_("L’amendement n° {other}, adopté, a déjà changé les mots qu’il vise : « {words} ».")
SOME_TAKEN = N_("L’amendement n° {other}, adopté, a déjà changé une partie des mots qu’il vise : « {words} ».")
BROUGHT = N_("L’amendement n° {other}, adopté, donne déjà ce texte.")
SAID = N_("Le texte le dit déjà.")
ONE_OF_SEVERAL = {
    DELETED: N_("L’amendement n° {other}, adopté, supprime l’un des passages qu’il vise."),
    REWRITTEN: N_(
        "L’amendement n° {other}, adopté, donne une nouvelle rédaction à l’un des passages qu’il supprimerait."
    ),
    MOVED: N_("L’amendement n° {other}, adopté, a déjà déplacé l’un des passages qu’il vise."),
    ALL_TAKEN: SOME_TAKEN,
}
"""For the reason why an edit cannot be made, its wording for an amendment that has other edits."""
UNWORDED = N_("Son auteur n’a pas encore écrit les mots exacts : il ne peut pas être mis aux voix.")
