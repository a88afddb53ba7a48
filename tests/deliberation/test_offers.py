"""The rules accept every act that is offered, and the offered acts lead every pending amendment to an outcome."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from deliberation import offers
from deliberation.amendments import lifecycle, rebase
from deliberation.amendments.amendments import refuse_unready
from deliberation.amendments.rebase import Fate
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, State
from deliberation.kernel.vocabulary import Outcome
from deliberation.motions import motions
from tests.deliberation.congresses import ELU, ORGANISER, OTHER, Congress
from tests.deliberation.debates import Debate
from tests.deliberation.test_evolve import resumed

ENDING = {c.SettleAmendment, c.WithdrawAmendment, c.OpenPoll}


def states(seed: int) -> Iterator[tuple[Congress, State]]:
    """The states of a random debate, each with the congress at that point."""
    congress, debate = resumed(), Debate(seed)
    for _ in range(120):
        actor, command = debate.next(congress.state)
        decided = congress.ask(actor, command)
        if not isinstance(decided, Refused):
            congress.keep(actor, decided)
        yield congress, congress.state


@given(st.integers(0, 10_000))
def test_every_act_that_is_offered_is_accepted_and_some_act_leads_to_the_outcome(seed: int) -> None:
    """A28, S11"""
    congress, state = list(states(seed))[-1]
    for amendment in [a for a in state.amendments.values() if a.outcome is None]:
        base = motions.base_of(state.motions[amendment.motion])
        assert base, "what is pending aims at a frozen text"
        assert amendment.base == base.version, "and at the one that is debated (A36)"
        for actor in (ORGANISER, ELU, OTHER):
            found = offers.on_amendment(state, actor, amendment, congress.now)
            leads = lifecycle.allowed(state, actor, amendment)
            assert set(found.acts) <= set(leads)
            for outcome in found.acts.get(c.SettleAmendment, ()):
                assert accepted(congress, actor, settling(state, amendment, outcome))
            if c.OpenPoll in found.acts and not (found.parts or found.second):
                assert accepted(congress, actor, c.OpenPoll(f"amendement-{amendment.number}"))
            assert not (c.OpenPoll in found.acts and found.unvoted and not found.second)
        ways = offers.on_amendment(state, ORGANISER, amendment, congress.now).acts
        assert ENDING & set(ways) or goes_on(congress, amendment)


def settling(state: State, amendment: Amendment, outcome: str) -> c.SettleAmendment:
    adopted = [a.number for a in state.amendments.values() if a.outcome is Outcome.ADOPTED]
    ours = [n for n in adopted if state.amendments[n].motion == amendment.motion and n != amendment.number]
    return c.SettleAmendment(amendment.number, Outcome(outcome), "Voilà.", ours[0] if ours else None)


def accepted(congress: Congress, actor: str, command: c.Command) -> bool:
    return offers.refusal(congress.state, actor, command, congress.now) is None


def goes_on(congress: Congress, amendment: Amendment) -> bool:
    """Whether the amendment waits only for something that an act ends: an open poll, or a suspended sitting."""
    sitting, poll = congress.state.sitting, lifecycle.open_poll(congress.state, amendment.number)
    if poll:
        return accepted(congress, ORGANISER, c.CancelPoll(poll.number, "Voilà."))
    return sitting is not None and accepted(congress, ORGANISER, c.ResumeSitting(sitting.number))


@given(st.integers(0, 10_000))
def test_what_stands_can_be_voted_and_what_does_not_can_be_settled(seed: int) -> None:
    """A14, A23, A28"""
    congress, state = list(states(seed))[-1]
    suspended = state.sitting is not None and state.sitting.suspended
    for motion in [m.number for m in state.motions.values() if m.status == "frozen"]:
        for found in rebase.of_motion(state, motion):
            amendment = state.amendments[found.amendment]
            ways = offers.on_amendment(state, ORGANISER, amendment, congress.now)
            if suspended or lifecycle.open_poll(state, amendment.number):
                continue
            assert found.proposed is None or found.proposed.value in ways.acts[c.SettleAmendment]
            code = ways.unvoted.code if ways.unvoted else ""
            if found.fate is Fate.STANDS and not refuse_unready(state, amendment):
                assert code != "amendment.collides" or any(p.is_open for p in state.polls.values())
