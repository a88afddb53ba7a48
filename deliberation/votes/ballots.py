"""Casting votes in every way of voting: ballots, sheets of ballots, secret papers, tellers' counts (V1, V3, V4, W1,
W6–W9, W17).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from deliberation.congress.congress import refuse_phase, refuse_reason
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Poll, State
from deliberation.kernel.vocabulary import Phase
from deliberation.votes import hands, secret, ways
from deliberation.votes.terms import not_found, published, refuse_vote, together


def cast(state: State, request: c.Request, command: c.CastBallot, now: str) -> Decision:
    """Casts a vote in one poll; refused if its sheet takes one answer for all its polls."""
    poll = state.polls.get(command.poll)
    if poll and poll.block:
        return _one_for_all()
    return _cast(state, request, command, now)


def _cast(state: State, request: c.Request, command: c.CastBallot, now: str) -> Decision:
    poll = state.polls.get(command.poll)
    if poll is None:
        return not_found()
    if ways.of(poll).takes is not c.CastBallot:
        return Refused("ballot.other_way", "Ce scrutin n’est pas un appel nominal : votre vote n’est pas compté ici.")
    if refused := refuse_vote(poll, now):
        return refused
    voter = command.voter or request.actor
    if refused := ways.of(poll).refuse_voter(state, poll, request.actor, voter) or refuse_phase(state, now, Phase.VOTE):
        return refused
    return (e.BallotCast(poll.number, voter, command.choice),)


def cast_sheet(state: State, request: c.Request, command: c.CastSheet, now: str) -> Decision:
    first = state.polls.get(command.sheet)
    if first is None or first.sheet != command.sheet:
        return Refused("sheet.not_found", "Ce vote groupé n’existe pas.", "sheet")
    if not command.choices:
        return Refused("sheet.empty", "Répondez à une question au moins.", "choices")
    items = {poll.number for poll in together(state, first)}
    if not command.choices.keys() <= items:
        return Refused("sheet.stranger", "Cette question n’est pas de ce vote groupé.", "choices")
    one_answer = len(set(command.choices.values())) == 1 and command.choices.keys() == items
    if first.block and not one_answer:
        return _one_for_all()
    return _each(command.choices, lambda number: _cast(state, request, _ballot(command, number), now))


def _one_for_all() -> Refused:
    return Refused("sheet.block", "Ce vote groupé appelle une seule réponse, pour tous les textes.", "choices")


def _ballot(command: c.CastSheet, number: int) -> c.CastBallot:
    return c.CastBallot(number, command.choices[number], command.voter)


def _each(numbers: Iterable[int], decide: Callable[[int], Decision]) -> Decision:
    events: tuple[e.Event, ...] = ()
    for number in sorted(numbers):
        decided = decide(number)
        if isinstance(decided, Refused):
            return decided
        events += decided
    return events


def cast_secret(state: State, request: c.Request, command: c.CastSecret, now: str) -> Decision:
    poll = state.polls.get(command.poll)
    if poll is None:
        return not_found()
    if ways.of(poll).takes is not c.CastSecret:
        return not_secret()
    voter = command.voter or request.actor
    refused = (
        secret.refuse_signing(poll, voter)
        or refuse_vote(poll, now)
        or ways.of(poll).refuse_voter(state, poll, request.actor, voter)
        or refuse_phase(state, now, Phase.VOTE)
    )
    marks = secret.marks(poll, command)
    return refused or (marks if isinstance(marks, Refused) else (e.BallotSigned(poll.number, voter),))


def not_secret() -> Refused:
    """The refusal of a secret paper in a poll that is not secret."""
    return Refused("ballot.not_secret", "Ce scrutin n’est pas secret.")


def enter_hands(state: State, request: c.Request, command: c.EnterHands, now: str) -> Decision:
    poll = _show(state, command.poll, now)
    if isinstance(poll, Refused):
        return poll
    if refused := ways.of(poll).refuse_voter(state, poll, request.actor, request.actor):
        return refused
    if poll.hands is not None:
        return Refused("hands.decided", "La présidence a tranché : il faudrait recompter pour entrer un autre compte.")
    return hands.refuse_hands(state, poll, command.hands) or (
        e.HandsCounted(poll.number, request.actor, command.hands),
    )


def recount_hands(state: State, request: c.Request, command: c.RecountHands, now: str) -> Decision:
    poll = _show(state, command.poll, now)
    if isinstance(poll, Refused):
        return poll
    if not poll.counts:
        return Refused("hands.none", "Aucun compte n’est encore entré.")
    return (e.HandsRecounted(poll.number),)


def decide_hands(state: State, request: c.Request, command: c.DecideHands, now: str) -> Decision:
    poll = _show(state, command.poll, now)
    if isinstance(poll, Refused):
        return poll
    if not hands.differ(poll):
        return Refused("hands.agree", "Les comptes ne diffèrent pas : il n’y a rien à trancher.")
    if refused := hands.refuse_hands(state, poll, command.hands) or refuse_reason(command.reason):
        return refused
    return (e.HandsDecided(poll.number, command.hands, command.reason.strip()),)


def _show(state: State, number: int, now: str) -> Poll | Refused:
    """The poll, if it is by show of hands and counts may be entered now; otherwise why not."""
    poll = state.polls.get(number)
    if poll is None:
        return not_found()
    if not ways.of(poll).by_tellers:
        return Refused("hands.other_way", "Ce scrutin n’est pas à main levée.")
    return refuse_vote(poll, now) or refuse_phase(state, now, Phase.VOTE) or poll


def on_cast(state: State, r: e.Recorded, event: e.BallotCast | None) -> State:
    poll = state.polls[ids.split(r.document)[1]]
    poll = replace(poll, entries=(*poll.entries, r.index))
    if event is not None:
        bearers = {giver: bearer for giver, bearer in poll.by_proxy.items() if giver != event.voter}
        if event.voter != r.actor:
            bearers[event.voter] = r.actor
        poll = replace(
            poll,
            ballots={**poll.ballots, event.voter: event.choice},
            cast={**poll.cast, event.voter: r.index},
            by_proxy=bearers,
        )
    return replace(_with(state, poll), withheld={**state.withheld, r.index: "open_poll"})


def on_signed(state: State, r: e.Recorded, event: e.BallotSigned) -> State:
    poll = state.polls[event.poll]
    borne = poll.borne if event.voter == r.actor else {**poll.borne, event.voter: r.actor}
    return _with(state, replace(poll, signed={**poll.signed, event.voter: r.index}, borne=borne))


def on_counted(state: State, r: e.Recorded, event: e.HandsCounted | None) -> State:
    poll = state.polls[ids.split(r.document)[1]]
    poll = replace(poll, counted=(*poll.counted, r.index))
    if event is not None:
        poll = replace(poll, counts={**poll.counts, event.teller: event.hands})
    return replace(_with(state, poll), withheld={**state.withheld, r.index: "open_poll"})


def on_recounted(state: State, r: e.Recorded, event: e.HandsRecounted) -> State:
    return _with(*_shown(state, state.polls[event.poll], counts={}, hands=None, decision=""))


def on_decided(state: State, r: e.Recorded, event: e.HandsDecided) -> State:
    return _with(*_shown(state, state.polls[event.poll], hands=event.hands, decision=event.reason))


def _shown(state: State, poll: Poll, **changes: Any) -> tuple[State, Poll]:
    """Publishes the counts entered so far, and applies `changes` to the poll. Every teller can read these counts from
    then on, so they no longer count independently.
    """
    return published(state, poll), replace(poll, counted=(), **changes)


def _with(state: State, poll: Poll) -> State:
    return replace(state, polls={**state.polls, poll.number: poll})


DECIDE: Rules = {
    c.CastBallot: cast,
    c.CastSheet: cast_sheet,
    c.CastSecret: cast_secret,
    c.EnterHands: enter_hands,
    c.RecountHands: recount_hands,
    c.DecideHands: decide_hands,
}
EVOLVE: Folds = {
    e.BallotCast: on_cast,
    e.BallotSigned: on_signed,
    e.HandsCounted: on_counted,
    e.HandsRecounted: on_recounted,
    e.HandsDecided: on_decided,
}
