"""The life cycle of an amendment as one table, from which rules refuse and pages draw their buttons (S11)."""

from __future__ import annotations

from collections.abc import Mapping

from deliberation.congress.people import may
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Act, Amendment, Poll, State
from deliberation.kernel.vocabulary import Outcome

CALLED = "called"
VOTING = "voting"
RESERVED = "reserved"

Leads = Mapping[type[c.Command], tuple[str, ...]]

_ANYTIME = ("irrecevable", "tombe", "satisfait", "sans_objet", "retire")
_ACTS: Leads = {
    c.CallSubject: (CALLED,),
    c.ReserveAmendment: (RESERVED,),
    c.OpenPoll: (VOTING,),
    c.SettleAmendment: _ANYTIME,
    c.WithdrawAmendment: ("retire",),
}
_BACK = ("tabled", "admitted", RESERVED)

LIFE: Mapping[str, Leads] = {
    "tabled": {c.AdmitAmendment: ("admitted",), **_ACTS},
    "admitted": {**_ACTS, c.RevertAct: ("tabled",)},
    RESERVED: {**{act: to for act, to in _ACTS.items() if act is not c.ReserveAmendment}, c.RevertAct: _BACK[:2]},
    CALLED: {
        c.CallSubject: (CALLED,),
        c.ReserveAmendment: (RESERVED,),
        c.OpenPoll: (VOTING,),
        c.SettleAmendment: ("non_soutenu", *_ANYTIME),
        c.WithdrawAmendment: ("retire",),
    },
    VOTING: {c.CallSubject: (VOTING,), c.ClosePoll: ("adopte", "adopte_rectifie", "rejete")},
    **{outcome: {c.RevertAct: _BACK} for outcome in ("non_soutenu", *_ANYTIME)},
    "retire": {c.RevertAct: _BACK, c.TakeOverAmendment: _BACK[:2]},
    "adopte": {},
    "adopte_rectifie": {},
    "rejete": {},
}
"""For each stage, the allowed acts and the stages that they lead to. `people.MAY` says who may; only its author
withdraws.
"""

WITHOUT_VOTE = frozenset(Outcome(value) for leads in LIFE.values() for value in leads.get(c.SettleAmendment, ()))
"""The outcomes that the chair can state without a vote; `retire` records a withdrawal announced by the author (S19)."""


def stage(state: State, amendment: Amendment) -> str:
    """The amendment's stage: its status, or `called` or `voting`, which depend on what is under discussion and on the
    polls.
    """
    if amendment.outcome is not None:
        return amendment.status
    if open_poll(state, amendment.number):
        return VOTING
    if amendment.status != RESERVED and amendment.number in on_floor(state):
        return CALLED
    return amendment.status


def open_poll(state: State, amendment: int) -> Poll | None:
    """The open poll that will settle the amendment: on itself, or on an identical one."""
    subject = ids.document(ids.AMENDMENT, amendment)
    polls = (poll for poll in state.polls.values() if poll.is_open)
    return next((poll for poll in polls if poll.subject == subject or amendment in poll.identical), None)


def on_floor(state: State) -> tuple[int, ...]:
    """The amendments under discussion: one, or those of a joint discussion."""
    return called_by(state, state.floor)


def called_by(state: State, subject: str) -> tuple[int, ...]:
    """The amendments that are called with this subject: one, or those of a joint discussion."""
    kind, _, number = subject.rpartition("-")
    if kind == ids.AMENDMENT:
        return (int(number),)
    found = discussion(state, int(number)) if kind == ids.DISCUSSION else None
    return found.amendments if found else ()


def discussion(state: State, number: int) -> Act | None:
    """The act that opened the joint discussion of that number, unless it was reverted."""
    return next((act for act in state.acts.values() if act.number == number and act.stands), None)


def allowed(state: State, actor: str, amendment: Amendment) -> Leads:
    """The acts that this person may perform on the amendment now, and the statuses that each can lead to."""
    leads = LIFE[stage(state, amendment)]
    own = amendment.author == actor
    return {act: to for act, to in leads.items() if may(state, actor, act) and (own or act is not c.WithdrawAmendment)}


def found(state: State, number: int, act: type[c.Command]) -> Amendment | Refused:
    """The amendment if that act is possible at its stage, otherwise the refusal."""
    amendment = state.amendments.get(number)
    if amendment is None:
        return not_found()
    at = stage(state, amendment)
    if act in LIFE[at]:
        return amendment
    if at == VOTING:
        return Refused("amendment.vote_open", "Un scrutin est ouvert sur cet amendement.")
    if amendment.outcome is not None:
        return Refused("amendment.settled", "Le sort de cet amendement est déjà fixé.")
    return Refused("amendment.not_now", "Cet acte n’est pas possible à ce stade de la vie de l’amendement.")


def in_hand(state: State, number: int) -> Amendment | Refused:
    """The amendment if its author can still change it, that is, at every stage at which it can be withdrawn."""
    return found(state, number, c.WithdrawAmendment)


def not_found() -> Refused:
    """The refusal for an amendment that does not exist."""
    return Refused("amendment.not_found", "Cet amendement n’existe pas.", "amendment")
