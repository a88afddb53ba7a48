"""What an adopted amendment does to those that wait: outcomes proposed by the software, decided by the chair (S13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deliberation import amendments, chairing, discussion, merge, motions
from deliberation.order import Why
from deliberation.state import Amendment, Frozen, State
from deliberation.vocabulary import Aim, Outcome


@dataclass(frozen=True)
class Proposal:
    """An outcome for a pending amendment because of an adopted one, with the words that both touch."""

    amendment: int
    outcome: Outcome
    because_of: int
    why: Why
    words: str = ""


def proposals(state: State, motion: int) -> tuple[Proposal, ...]:
    """One for each pending amendment that what was adopted satisfies, makes fall or leaves without an object."""
    base = motions.base_of(state.motions[motion])
    adopted = [state.amendments[n] for n in amendments.adopted(state, motion)]
    if base is None or not adopted:
        return ()
    waiting = discussion.pending(state, motion)
    kept = chairing.kept(state, motion)
    found: dict[int, Proposal] = {}
    for proposal in (*_satisfied(base, adopted, waiting), *_fallen(base, adopted, waiting)):
        if (proposal.amendment, proposal.because_of) not in kept:
            found.setdefault(proposal.amendment, proposal)
    return tuple(found[n] for n in sorted(found))


def _satisfied(base: Frozen, adopted: list[Amendment], waiting: list[Amendment]) -> Iterator[Proposal]:
    same = {discussion.proposed(a): a.number for a in reversed(adopted)}
    made = {(x.clause, x.start, x.end, x.words): x.amendment for a in reversed(adopted) for x in merge.edits(a, base)}
    for amendment in waiting:
        by = same.get(discussion.proposed(amendment), 0)
        wanted = [(x.clause, x.start, x.end, x.words) for x in merge.edits(amendment, base)]
        if wanted and all(edit in made for edit in wanted):
            by = by or made[wanted[0]]
        if by:
            why = Why("L’amendement n° {other}, adopté, dit déjà ce que celui-ci propose.", (("other", by),))
            yield Proposal(amendment.number, Outcome.SATISFIED, by, why)


def _fallen(base: Frozen, adopted: list[Amendment], waiting: list[Amendment]) -> Iterator[Proposal]:
    done = {a.number: a for a in adopted}
    wait = {a.number: a for a in waiting}
    for collision in merge.merge(base, [*adopted, *waiting]).collisions:
        for one, other in ((collision.first, collision.second), (collision.second, collision.first)):
            if one in wait and other in done:
                yield _collided(wait[one], done[other], collision.words)


def _collided(amendment: Amendment, adopted: Amendment, words: str) -> Proposal:
    other = (("other", adopted.number),)
    if adopted.aim is Aim.DELETE:
        why = Why("L’amendement n° {other}, adopté, supprime le passage que celui-ci vise.", other)
        return Proposal(amendment.number, Outcome.MOOT, adopted.number, why, words)
    if amendment.aim is Aim.DELETE:
        why = Why("L’amendement n° {other}, adopté, récrit le passage que celui-ci veut supprimer.", other)
        return Proposal(amendment.number, Outcome.FALLEN, adopted.number, why, words)
    why = Why("L’amendement n° {other}, adopté, change déjà les mots que celui-ci veut changer.", other)
    return Proposal(amendment.number, Outcome.FALLEN, adopted.number, why, words)
