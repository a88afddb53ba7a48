"""Which acts on an amendment or a vote the rules would accept from a person now (S11, A28).

Pages draw their buttons from here. Each possible act is tried with `decide` on the present state, so no page offers an
act that would be refused for a reason known when the page was drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deliberation.amendments import lifecycle
from deliberation.decide import decide
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Poll, State
from deliberation.kernel.vocabulary import Outcome
from deliberation.motions import division
from deliberation.votes import polls

REASON = "…"
"""Placeholder for the statement of reasons in a command that is only tried."""


@dataclass(frozen=True)
class Offers:
    """The acts that would be accepted.

    - `acts`: for each accepted kind of command, the statuses to which it may lead.
    - `unvoted`: why no vote can be opened although the life cycle allows one now; None if a vote can be opened.
    - `parts`: the numbers of the parts on which a vote can be opened, if the subject is voted in parts.
    - `second`: the poll without a quorum that can be called a second time.
    """

    acts: Mapping[type[c.Command], tuple[str, ...]]
    unvoted: Refused | None = None
    parts: tuple[int, ...] = ()
    second: Poll | None = None


def refusal(state: State, actor: str, command: c.Command, now: ids.Instant) -> Refused | None:
    """The refusal of that command if it were sent now; None if it would be accepted."""
    decided = decide(state, c.Request("", "", actor, command), now)
    return decided if isinstance(decided, Refused) else None


def on_amendment(state: State, actor: str, amendment: Amendment, now: ids.Instant) -> Offers:
    """The acts on a pending amendment that would be accepted from this person."""
    found: dict[type[c.Command], tuple[str, ...]] = {}
    leads = lifecycle.allowed(state, actor, amendment)
    for act, to in leads.items():
        if act is c.SettleAmendment:
            to = tuple(x for x in to if _accepts(state, actor, (_settling(state, amendment, Outcome(x)),), now))
            found |= {act: to} if to else {}
        elif act is not c.OpenPoll and _accepts(state, actor, _trials(act, amendment), now):
            found[act] = to
    if c.OpenPoll not in leads:
        return Offers(found)
    vote = on_vote(state, actor, ids.document(ids.AMENDMENT, amendment.number), now)
    return Offers({**found, **({c.OpenPoll: leads[c.OpenPoll]} if c.OpenPoll in vote.acts else {})}, *_rest(vote))


def _rest(vote: Offers) -> tuple[Refused | None, tuple[int, ...], Poll | None]:
    return vote.unvoted, vote.parts, vote.second


def on_vote(state: State, actor: str, subject: str, now: ids.Instant) -> Offers:
    """Whether this person may open a vote on a subject: on the whole, on one of its parts, or by a second call."""
    whole = division.standing(state, subject)
    parts = [n for n in range(1, len(whole.parts) + 1) if n not in whole.results] if whole else [0]
    refused = {part: refusal(state, actor, c.OpenPoll(subject, part=part), now) for part in parts}
    free = tuple(part for part, why in refused.items() if why is None)
    second = _second(state, actor, subject, now)
    acts: dict[type[c.Command], tuple[str, ...]] = {c.OpenPoll: (lifecycle.VOTING,)} if free or second else {}
    return Offers(acts, None if free else next(iter(refused.values()), None), tuple(n for n in free if n), second)


def _second(state: State, actor: str, subject: str, now: ids.Instant) -> Poll | None:
    """The poll on this subject that failed for lack of a quorum and may be called a second time now, if any."""
    for poll in state.polls.values():
        if poll.subject == subject and polls.may_be_called_again(state, poll):
            command = c.OpenPoll(subject, second_call_of=poll.number, part=poll.part)
            if refusal(state, actor, command, now) is None:
                return poll
    return None


def _accepts(state: State, actor: str, trials: Iterable[c.Command], now: ids.Instant) -> bool:
    return any(refusal(state, actor, trial, now) is None for trial in trials)


def _trials(act: type[c.Command], amendment: Amendment) -> Iterable[c.Command]:
    """Sample commands of that kind: the act is possible if one of them would be accepted."""
    number = amendment.number
    known: dict[type[c.Command], c.Command] = {
        c.AdmitAmendment: c.AdmitAmendment(number),
        c.CallSubject: c.CallSubject(ids.document(ids.AMENDMENT, number)),
        c.ReserveAmendment: c.ReserveAmendment(number, REASON),
        c.WithdrawAmendment: c.WithdrawAmendment(number),
        c.GiveOpinion: c.GiveOpinion(number, "sagesse"),
        c.TakePosition: c.TakePosition(number, "favorable"),
        c.TakeOverAmendment: c.TakeOverAmendment(number),
    }
    return (known[act],) if act in known else ()


def _settling(state: State, amendment: Amendment, outcome: Outcome) -> c.SettleAmendment:
    """A sample command that settles the amendment without a vote; it names an adopted amendment of the
    same motion as the cause, if there is one.
    """
    adopted = (
        a.number
        for a in state.amendments.values()
        if a.motion == amendment.motion and a.outcome is Outcome.ADOPTED and a != amendment
    )
    return c.SettleAmendment(amendment.number, outcome, REASON, next(adopted, None))


def accepts(state: State, actor: str, act: type[c.Command], amendment: Amendment, now: ids.Instant) -> bool:
    """Whether an act of that kind on the amendment would be accepted from this person; `act` is a key of `_trials`."""
    return _accepts(state, actor, _trials(act, amendment), now)


def advice(state: State, actor: str, amendment: Amendment, now: ids.Instant) -> bool:
    """Whether this person may give the rapporteur's opinion on the amendment now."""
    return accepts(state, actor, c.GiveOpinion, amendment, now)
