"""Roll-call votes on signed paper slips, for élus without a device: one person enters a slip, another confirms it
(W30–W32).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from deliberation.congress import people
from deliberation.congress.congress import refuse_phase, refuse_reason
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Poll, Slip, State
from deliberation.kernel.vocabulary import Phase
from deliberation.votes import terms, ways

WAITING, COUNTED, REFUSED = "waiting", "counted", "refused"


def enter(state: State, request: c.Request, command: c.EnterSlip, now: str) -> Decision:
    """Enters a slip; if its sheet takes one answer for all polls, one slip for each of them."""
    first = state.polls.get(command.poll)
    if first is None:
        return terms.not_found()
    if refused := refuse_phase(state, now, Phase.VOTE):
        return refused
    voter = command.voter or command.signer
    entered: list[e.Event] = []
    for poll in _answered(state, first):
        if refused := refuse_entering(state, poll, command.signer, voter, now):
            return refused
        number = len(state.slips) + len(entered) + 1
        entered.append(e.SlipEntered(number, poll.number, command.signer, voter, command.choice))
    return tuple(entered)


def _answered(state: State, poll: Poll) -> tuple[Poll, ...]:
    """The polls to which one answer applies: all polls of a sheet with one answer, otherwise only this one."""
    return terms.together(state, poll) if poll.block else (poll,)


def refuse_entering(state: State, poll: Poll, signer: str, voter: str, now: str) -> Refused | None:
    """Why a slip signed by that élu for that voter cannot be entered now; None if it can (W30, W32)."""
    if not ways.of(poll).by_name:
        return Refused(
            "slip.other_way", "Un bulletin signé ne vaut qu’à l’appel nominal (règle W30 ; article L2121-21 du CGCT)."
        )
    if people.role_of(state, signer) != people.ELU:
        return Refused("slip.no_signer", "Dites quel élu ou quelle élue a signé ce bulletin (règle W30).", "signer")
    if any(x.voter == voter for x in waiting(state, poll)):
        return Refused(
            "slip.waits", "Un bulletin attend déjà pour cette voix : confirmez-le ou refusez-le (règle W31).", "signer"
        )
    return terms.refuse_vote(poll, now) or ways.of(poll).refuse_voter(state, poll, signer, voter)


def waiting(state: State, poll: Poll) -> tuple[Slip, ...]:
    """The slips of a poll that were entered and neither confirmed nor refused."""
    return tuple(x for x in state.slips.values() if x.poll == poll.number and x.status == WAITING)


def confirm(state: State, request: c.Request, command: c.ConfirmSlip, now: str) -> Decision:
    """Confirms a slip by a second person, together with those entered with it; from now on it counts as a vote."""
    slip = _waiting(state, command.slip)
    if isinstance(slip, Refused):
        return slip
    if refused := refuse_phase(state, now, Phase.VOTE):
        return refused
    for each in with_it(state, slip):
        if refused := refuse_confirming(state, each, request.actor, now):
            return refused
    return tuple(e.SlipConfirmed(each.number, each.poll) for each in with_it(state, slip))


def with_it(state: State, slip: Slip) -> tuple[Slip, ...]:
    """The waiting slips that stand for one paper: one for each poll of a sheet with one answer, otherwise only this
    one.
    """
    polls = {poll.number for poll in _answered(state, state.polls[slip.poll])}
    same = (x for x in state.slips.values() if x.poll in polls and x.voter == slip.voter and x.status == WAITING)
    return tuple(same) if len(polls) > 1 else (slip,)


def refuse_confirming(state: State, slip: Slip, actor: str, now: str) -> Refused | None:
    """Why that person may not confirm the slip now; None if they may (W30, W32). The slip's voter and choice may be
    unknown, where they are withheld.
    """
    if actor == slip.entered_by:
        return Refused(
            "slip.same_person", "Vous avez saisi ce bulletin : une autre personne du bureau le confirme (règle W30)."
        )
    poll = state.polls[slip.poll]
    if refused := terms.refuse_vote(poll, now):
        return refused
    return ways.of(poll).refuse_voter(state, poll, slip.signer, slip.voter) if slip.signer else None


def refuse(state: State, request: c.Request, command: c.RefuseSlip, now: str) -> Decision:
    """Refuses a slip that was entered wrongly, together with those entered with it: it never counts, and another one
    may be entered.
    """
    slip = _waiting(state, command.slip)
    if isinstance(slip, Refused):
        return slip
    if refused := refuse_reason(command.reason):
        return refused
    return tuple(e.SlipRefused(each.number, each.poll, command.reason.strip()) for each in with_it(state, slip))


def _waiting(state: State, number: int) -> Slip | Refused:
    slip = state.slips.get(number)
    if slip is None:
        return Refused("slip.not_found", "Ce bulletin n’a pas été saisi.", "slip")
    if slip.status != WAITING:
        return Refused("slip.settled", "Ce bulletin est déjà confirmé ou refusé (règle W31).", "slip")
    if not state.polls[slip.poll].is_open:
        return Refused("poll.closed", "Ce scrutin est clos : ce bulletin n’a pas été compté (règle W32).", "slip")
    return slip


def counted(poll: Poll, slip: Slip) -> Poll:
    """The poll with the vote of that slip, which replaces any vote cast for the voter before."""
    assert slip.choice is not None
    bearers = {giver: bearer for giver, bearer in poll.by_proxy.items() if giver != slip.voter}
    if slip.voter != slip.signer:
        bearers[slip.voter] = slip.signer
    return replace(
        poll,
        ballots={**poll.ballots, slip.voter: slip.choice},
        cast={**poll.cast, slip.voter: slip.entry},
        by_proxy=bearers,
    )


def of_poll(state: State, poll: int) -> Iterable[Slip]:
    """All slips of a poll, in the order in which they were entered."""
    return (x for x in state.slips.values() if x.poll == poll)


def on_entered(state: State, r: e.Recorded, event: e.SlipEntered | None) -> State:
    """Adds the slip, and withholds its entry until the poll closes, as for every ballot (V4). `event` is None where its
    content is withheld.
    """
    poll = state.polls[ids.split(r.document)[1]]
    number = len(state.slips) + 1
    slip = Slip(number, poll.number, r.actor, r.time, r.index)
    if event is not None:
        slip = replace(slip, signer=event.signer, voter=event.voter, choice=event.choice)
    poll = replace(poll, entries=(*poll.entries, r.index))
    withheld = {**state.withheld, r.index: "open_poll"}
    return replace(_with_poll(state, poll), slips={**state.slips, number: slip}, withheld=withheld)


def on_confirmed(state: State, r: e.Recorded, event: e.SlipConfirmed) -> State:
    slip = state.slips[event.slip]
    if slip.choice is not None:
        state = _with_poll(state, counted(state.polls[event.poll], slip))
    return _settled(state, r, slip, COUNTED)


def on_refused(state: State, r: e.Recorded, event: e.SlipRefused) -> State:
    return _settled(state, r, state.slips[event.slip], REFUSED, event.reason)


def _settled(state: State, r: e.Recorded, slip: Slip, status: str, reason: str = "") -> State:
    settled = replace(slip, status=status, settled_by=r.actor, settled=r.time, reason=reason)
    return replace(state, slips={**state.slips, slip.number: settled})


def _with_poll(state: State, poll: Poll) -> State:
    return replace(state, polls={**state.polls, poll.number: poll})


DECIDE: Rules = {c.EnterSlip: enter, c.ConfirmSlip: confirm, c.RefuseSlip: refuse}
EVOLVE: Folds = {e.SlipEntered: on_entered, e.SlipConfirmed: on_confirmed, e.SlipRefused: on_refused}
