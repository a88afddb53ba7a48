"""Sub-amendments: they change what a pending amendment proposes, are voted on before it, and become part of it
(A16–A20).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Frozen, State
from deliberation.kernel.vocabulary import Aim, Outcome, Span
from deliberation.text import composition_rules, merge
from deliberation.text.edits import WordEdit, as_changes

WITH_WORDS = frozenset({Aim.REWRITE, Aim.INSERT, Aim.TITLE})
"""The aims of amendments that propose words; only these can be sub-amended."""


def of(state: State, parent: int) -> tuple[Amendment, ...]:
    """The sub-amendments of an amendment, by number."""
    return tuple(a for a in state.amendments.values() if a.parent == parent)


def pending(state: State, parent: int) -> tuple[int, ...]:
    return tuple(a.number for a in of(state, parent) if a.outcome is None)


def adopted(state: State, parent: int) -> tuple[Amendment, ...]:
    return tuple(a for a in of(state, parent) if a.outcome is Outcome.ADOPTED)


def refuse_parent(parent: Amendment, aim: Aim) -> Refused | None:
    """Why that amendment, holding only the edit that is aimed at, cannot be sub-amended, or not with this aim; None if
    it can (A17, A43).
    """
    if parent.parent is not None:
        return Refused("amendment.sub_of_sub", "On ne sous-amende pas un sous-amendement.", "parent")
    if parent.aim not in WITH_WORDS:
        return Refused(
            "amendment.contradicts",
            "Cet amendement ne propose pas de mots : ce qu’on y ajouterait le contredirait. Votez contre, "
            "ou déposez un amendement.",
            "parent",
        )
    if not parent.is_worded:
        return Refused("amendment.unworded", "Son auteur n’a pas encore écrit les mots exacts.", "parent")
    if aim is Aim.DELETE:
        return Refused(
            "amendment.contradicts",
            "Supprimer ce qu’un amendement propose, c’est le contredire : votez contre.",
            "cible",
        )
    if aim is Aim.MOVE or (aim is Aim.INSERT and parent.aim is Aim.TITLE):
        return Refused("amendment.sub_aim", "Un sous-amendement change ou complète les mots de l’amendement.", "cible")
    return None


def refuse_words(parent: Amendment, text: str, spans: tuple[Span, ...], base: Frozen) -> Refused | None:
    """Why these words for the parent are not acceptable as a sub-amendment; None if they are (A17)."""
    own = parent.wording
    old = aimed_at(parent, base)
    if old is not None and text == old.strip():
        return Refused(
            "amendment.contradicts", "Revenir au texte, c’est contredire l’amendement : votez contre.", "text"
        )
    made = composition_rules.of(base.rules).word_edits
    if old is not None and not _meets(made(old, own.text, own.spans), made(own.text, text, spans)):
        return Refused(
            "amendment.not_its_words",
            "Ces mots ne sont pas ceux de l’amendement : déposez plutôt un amendement au texte.",
            "text",
        )
    return None


def _meets(parent: Iterable[WordEdit], sub: Iterable[WordEdit]) -> bool:
    """Whether a sub-amendment touches words that the parent brings, or the place at which the parent deletes words."""
    brought = [(b1, b2) for _, _, b1, b2 in as_changes(parent)]
    return any(a1 <= b2 and b1 <= a2 for a1, a2, _ in sub for b1, b2 in brought)


def aimed_at(amendment: Amendment, base: Frozen) -> str | None:
    """The words of the text that an amendment would replace; None if it inserts, deletes or moves a clause."""
    if amendment.aim is Aim.TITLE:
        return base.title
    if amendment.aim is not Aim.REWRITE:
        return None
    return next((clause.markdown for clause in base.clauses if clause.id == amendment.clause), None)


def amended(parent: Amendment, subs: Iterable[Amendment], base: Frozen) -> e.AmendmentAmended:
    """The event that gives the parent its words with all these adopted sub-amendments (A18)."""
    subs = tuple(subs)
    (text, spans), *further = [_amended_edit(single, subs, base) for single in parent.single_edits]
    others = tuple(replace(x, text=said, spans=by) for x, (said, by) in zip(parent.further, further, strict=True))
    return e.AmendmentAmended(parent.number, tuple(sub.number for sub in subs), text, spans, others)


def _amended_edit(parent: Amendment, subs: tuple[Amendment, ...], base: Frozen) -> tuple[str, tuple[Span, ...]]:
    """The words of one edit of the parent with the sub-amendments, and the spans that lead to them from the text."""
    old = aimed_at(parent, base)
    spans = merge.amended_spans(parent, subs, old, base.rules) if old is not None else ()
    return merge.amended_words(parent, subs, base.rules), spans


def after_adoption(state: State, given: Sequence[Amendment]) -> e.AmendmentAmended:
    """The event that gives the parent its words once `given` are adopted too: a sub-amendment, or several identical
    ones.
    """
    parent = state.amendments[given[0].parent or 0]
    base = state.motions[parent.motion].frozen[parent.aimed - 1]
    subs = sorted((*adopted(state, parent.number), *given), key=lambda a: a.number)
    return amended(parent, subs, base)


def moot(state: State, parent: Amendment) -> tuple[e.AmendmentSettled, ...]:
    """The outcomes of pending sub-amendments whose parent leaves the debate (A20)."""
    return tuple(
        e.AmendmentSettled(
            number,
            Outcome.MOOT,
            f"L’amendement n° {parent.number} n’est plus en discussion.",
            because_of=parent.number,
        )
        for number in pending(state, parent.number)
    )
