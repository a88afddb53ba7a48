"""The fold of a record: from events to the state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from deliberation import clock, redactions, revising
from deliberation.amendments import (
    alike,
    amendments,
    arranging,
    chairing,
    opinions,
    rectifying,
    signatures,
    transcribed,
)
from deliberation.congress import congress, identity, people, phases
from deliberation.kernel import events
from deliberation.kernel.events import Recorded
from deliberation.kernel.rules import Folds
from deliberation.kernel.state import State
from deliberation.maps import maps
from deliberation.motions import division, motions, remarks, renumbering, seclusion
from deliberation.session import agenda, attendance, floor, in_camera, screen, sittings
from deliberation.testimonies import testimonies
from deliberation.votes import ballots, elections, electorate, imported, polls, proxies, slips, terms

FOLDS: Folds = {
    **congress.EVOLVE,
    **identity.EVOLVE,
    **phases.EVOLVE,
    **people.EVOLVE,
    **testimonies.EVOLVE,
    **revising.EVOLVE,
    **maps.EVOLVE,
    **motions.EVOLVE,
    **renumbering.EVOLVE,
    **seclusion.EVOLVE,
    **remarks.EVOLVE,
    **amendments.EVOLVE,
    **opinions.EVOLVE,
    **electorate.EVOLVE,
    **proxies.EVOLVE,
    **rectifying.EVOLVE,
    **signatures.EVOLVE,
    **transcribed.EVOLVE,
    **polls.EVOLVE,
    **ballots.EVOLVE,
    **terms.EVOLVE,
    **division.EVOLVE,
    **elections.EVOLVE,
    **imported.EVOLVE,
    **slips.EVOLVE,
    **sittings.EVOLVE,
    **in_camera.EVOLVE,
    **attendance.EVOLVE,
    **floor.EVOLVE,
    **agenda.EVOLVE,
    **screen.EVOLVE,
    **chairing.EVOLVE,
    **alike.EVOLVE,
    **arranging.EVOLVE,
    **redactions.EVOLVE,
    **clock.EVOLVE,
}

ERASABLE: frozenset[str] = frozenset(
    {
        events.ActorBound.kind,
        events.TestimonySubmitted.kind,
        events.TestimonyRestated.kind,
        events.ExcerptQuoted.kind,
        events.BallotCast.kind,
        events.MotionCreated.kind,
        events.TextWritten.kind,
        events.HandsCounted.kind,
        events.RemarkMade.kind,
        events.ResultArchived.kind,
        events.SlipEntered.kind,
    }
)
"""Kinds of entries whose payload may be missing, erased or withheld: their folds accept None."""


class UnreadableRecord(ValueError):
    """The record cannot be replayed: an entry is of an unknown kind, or lacks a payload that its kind must have."""


def evolve(state: State, recorded: Recorded) -> State:
    """The state after that entry; `state` itself is not changed. UnreadableRecord when the entry cannot be folded."""
    kind = events.KINDS.get(recorded.kind)
    if kind is None:
        raise UnreadableRecord(f"entry {recorded.index}: unknown kind {recorded.kind!r}")
    is_withheld = in_camera.withholds(state, recorded.kind)
    if is_withheld and recorded.event is None:
        counted = FOLDS[kind](state, recorded, None) if in_camera.counts(state, recorded) else state
        return _beside(in_camera.marked(counted, recorded), recorded, is_withheld)
    if recorded.event is None and recorded.kind not in ERASABLE:
        raise UnreadableRecord(f"entry {recorded.index}: {recorded.kind} has no payload")
    folded = replace(FOLDS[kind](state, recorded, recorded.event), size=recorded.index + 1)
    return _beside(folded, recorded, is_withheld)


def _beside(state: State, recorded: Recorded, is_withheld: bool) -> State:
    """Folds the entry, as far as it is public, into the state of the public beside a sitting in camera (S51)."""
    ongoing = state.in_camera
    if ongoing is None or ongoing.public is None or ongoing.public.size > recorded.index:
        return state
    public = evolve(ongoing.public, replace(recorded, event=None) if is_withheld else recorded)
    return replace(state, in_camera=replace(ongoing, public=public))


def replay(record: Iterable[Recorded], state: State | None = None) -> State:
    """The state after all these entries, from an empty congress or from `state`."""
    state = state or State()
    for recorded in record:
        state = evolve(state, recorded)
    return state
