"""An amendment on the current text: what became of the words that it aims at, what is proposed, what the chair
decided.
"""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.amendments import chairing, rebase
from deliberation.amendments.discussion import identical, pending
from deliberation.amendments.proposals import ProposedOutcome
from deliberation.amendments.rebase import Fate, Reaimed
from deliberation.kernel import events as e
from deliberation.kernel.state import Act, Amendment
from exports import comparison, labels, naming
from exports.translations import N_
from server.pages.session import agenda
from server.pages.shell.visit import Visit

SAID = {
    Fate.STANDS: N_("Porté sur le texte d’aujourd’hui"),
    Fate.COLLIDES: N_("Il heurte ce qui est adopté"),
    Fate.FALLS: N_("Ce qui est adopté l’empêche"),
    Fate.MOOT: N_("Le passage qu’il vise n’existe plus"),
    Fate.SATISFIED: N_("Le texte le dit déjà"),
    Fate.UNWORDED: N_("Mots exacts à écrire"),
}

WOULD = {
    Fate.COLLIDES: N_("Celui-ci change une partie des mots qu’il vise : « {words} »."),
    Fate.FALLS: N_("Celui-ci change ce qu’il vise."),
    Fate.MOOT: N_("Celui-ci supprime le passage qu’il vise."),
    Fate.SATISFIED: N_("Celui-ci dit déjà ce qu’il propose."),
}
"""What the adoption of an amendment would do to another."""


@dataclass(frozen=True)
class Today:
    """`pieces` are the difference between the passage as it reads now and as it would read, or the present words alone.

    `proposal` is what the chair has to decide, None if there is nothing or it is decided; `kept` are its decisions not
    to let the amendment fall. `outcome` names what is proposed.
    """

    title: str
    reason: str
    advice: str
    pieces: comparison.Pieces
    words: str
    causes: tuple[int, ...]
    proposal: ProposedOutcome | None
    outcome: str
    kept: tuple[Act, ...]


def today(visit: Visit, amendment: Amendment) -> Today | None:
    """None for an amendment with an outcome or without words, and for one whose passage has not changed."""
    debate = agenda.debates(visit.state).get(amendment.motion)
    found = debate.reaimed.get(amendment.number) if debate else None
    silent = found is None or found.fate is Fate.UNWORDED or not (found.moved_text or found.reason)
    if debate is None or found is None or silent:
        return None
    proposal = next((x for x in debate.proposals if x.amendment == amendment.number), None)
    kept = chairing.standing(visit.state, e.AmendmentKept, amendment.motion)
    return Today(
        visit.words(SAID[found.fate]),
        visit.words(found.reason.message, **found.reason.params) if found.reason else "",
        visit.words("Son auteur peut le rectifier ; sinon il tombe.") if found.fate is Fate.COLLIDES else "",
        _all_pieces(visit, amendment, found),
        found.words.strip(),
        found.causes,
        proposal,
        visit.words(labels.AMENDMENT_STATUSES[proposal.outcome.value]) if proposal else "",
        tuple(act for act in kept if amendment.number in act.amendments),
    )


@dataclass(frozen=True)
class Follower:
    """An amendment for which `outcome` would be proposed if another were adopted."""

    amendment: Amendment
    outcome: str
    reason: str


def followers(visit: Visit, amendment: Amendment) -> list[Follower]:
    """What its adoption would do to the others on its passage, except identical ones, which are voted together with
    it.
    """
    if amendment.outcome is not None:
        return []
    same = identical(pending(visit.state, amendment.motion)).get(amendment.number, ())
    found = ((x, visit.state.amendments[x.amendment]) for x in rebase.following(visit.state, amendment.number))
    return [_follower(visit, x, other) for x, other in found if other.number not in same]


def _follower(visit: Visit, found: Reaimed, other: Amendment) -> Follower:
    assert found.proposed is not None
    outcome = visit.words(labels.AMENDMENT_STATUSES[found.proposed.value])
    return Follower(other, outcome, visit.words(WOULD[found.fate], words=rebase.shortened(found.words)))


def contested(visit: Visit, amendment: Amendment) -> str:
    """What adopted amendments did to a pending one, in a few words; "" if nothing."""
    debate = agenda.debates(visit.state).get(amendment.motion)
    found = debate.reaimed.get(amendment.number) if debate else None
    return "" if found is None or found.fate is Fate.STANDS else visit.words(SAID[found.fate])


def _all_pieces(visit: Visit, amendment: Amendment, found: Reaimed) -> comparison.Pieces:
    """The same of each passage, behind its name where there are several."""
    pieces: list[comparison.DiffPiece] = []
    for single, each in zip(amendment.single_edits, found.edits or (found,), strict=True):
        if found.edits:
            label = naming.edit_label(visit.state, visit.words, single)
            pieces.append(comparison.DiffPiece(comparison.PLACE, label))
        pieces += _pieces(each)
    return tuple(pieces)


def _pieces(found: Reaimed) -> comparison.Pieces:
    if found.fate is Fate.STANDS:
        return comparison.pieces(found.before, found.after)
    return (comparison.DiffPiece("equal", found.before),) if found.before else ()
