"""What may be offered now: the acts of the life cycle of which the rules say no to none (S11, A28).

A page draws its buttons from here, so that whoever presses one is not refused for what was known when it was drawn.
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
"""Stands for the reason that whoever acts will give."""


@dataclass(frozen=True)
class Offers:
    """`acts` says where each accepted act leads. `unvoted` is why no vote opens, where the life cycle knows one.

    `parts` are the parts that may be voted, `second` the poll that may be called a second time.
    """

    acts: Mapping[type[c.Command], tuple[str, ...]]
    unvoted: Refused | None = None
    parts: tuple[int, ...] = ()
    second: Poll | None = None


def refusal(state: State, actor: str, command: c.Command, now: ids.Instant) -> Refused | None:
    """Why the rules would not accept that command now, or None."""
    decided = decide(state, c.Request("", "", actor, command), now)
    return decided if isinstance(decided, Refused) else None


def on_amendment(state: State, actor: str, amendment: Amendment, now: ids.Instant) -> Offers:
    """What this person may do to a pending amendment."""
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
    """Whether a vote may be opened on that subject: on the whole, on its parts, a second time."""
    whole = division.standing(state, subject)
    parts = [n for n in range(1, len(whole.parts) + 1) if n not in whole.results] if whole else [0]
    refused = {part: refusal(state, actor, c.OpenPoll(subject, part=part), now) for part in parts}
    free = tuple(part for part, why in refused.items() if why is None)
    second = _second(state, actor, subject, now)
    acts: dict[type[c.Command], tuple[str, ...]] = {c.OpenPoll: (lifecycle.VOTING,)} if free or second else {}
    return Offers(acts, None if free else next(iter(refused.values()), None), tuple(n for n in free if n), second)


def _second(state: State, actor: str, subject: str, now: ids.Instant) -> Poll | None:
    """The poll on it that failed its quorum and may be called again now."""
    for poll in state.polls.values():
        if poll.subject == subject and polls.may_be_called_again(state, poll):
            command = c.OpenPoll(subject, second_call_of=poll.number, part=poll.part)
            if refusal(state, actor, command, now) is None:
                return poll
    return None


def _accepts(state: State, actor: str, trials: Iterable[c.Command], now: ids.Instant) -> bool:
    return any(refusal(state, actor, trial, now) is None for trial in trials)


def _trials(act: type[c.Command], amendment: Amendment) -> Iterable[c.Command]:
    """Commands of that kind of which one is accepted where the act is possible."""
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
    """Because of an adopted amendment, where there is one."""
    adopted = (
        a.number
        for a in state.amendments.values()
        if a.motion == amendment.motion and a.outcome is Outcome.ADOPTED and a != amendment
    )
    return c.SettleAmendment(amendment.number, outcome, REASON, next(adopted, None))


def accepts(state: State, actor: str, act: type[c.Command], amendment: Amendment, now: ids.Instant) -> bool:
    """Whether this person may do that to it now: give the opinion, say a position, take it over."""
    return _accepts(state, actor, _trials(act, amendment), now)


def advice(state: State, actor: str, amendment: Amendment, now: ids.Instant) -> bool:
    """Whether this person may give the opinion on it."""
    return accepts(state, actor, c.GiveOpinion, amendment, now)
