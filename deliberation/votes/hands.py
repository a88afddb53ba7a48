"""The show of hands: counted by tellers, each alone; a difference is settled before the poll closes (W7–W9)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from deliberation.congress.congress import refuse_phase, refuse_reason
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Poll, State
from deliberation.kernel.vocabulary import Hands, Phase, Role, Way
from deliberation.votes.terms import not_found, published, refuse_vote

CHAIR = ("", "pour", "contre", "abstention")


def enter(state: State, request: c.Request, command: c.EnterHands, now: str) -> Decision:
    poll = _show(state, command.poll, now)
    if isinstance(poll, Refused):
        return poll
    if not may_count(state, poll, request.actor):
        return Refused("hands.not_teller", "Vous n’êtes pas scrutateur de ce vote à main levée.")
    if poll.hands is not None:
        return Refused("hands.decided", "La présidence a tranché : il faudrait recompter pour entrer un autre compte.")
    return refuse_hands(poll, command.hands) or (e.HandsCounted(poll.number, request.actor, command.hands),)


def may_count(state: State, poll: Poll, actor: str) -> bool:
    """Organisers, and the tellers named at the opening."""
    person = state.people.get(actor)
    return person is not None and (actor in poll.terms.tellers or person.role is Role.ORGANISER)


def refuse_hands(poll: Poll, hands: Hands) -> Refused | None:
    """Counts that cannot be: more hands than people, more people than inscribed."""
    said = (hands.in_favour, hands.against, hands.abstain)
    if hands.present > len(poll.electorate):
        most = {"n": len(poll.electorate)}
        return Refused("hands.present", "Il ne peut y avoir plus de {n} inscrits présents.", "present", most)
    if min(*said, hands.present) < 0 or hands.chair not in CHAIR:
        return Refused("hands.malformed", "Ces comptes ne sont pas possibles.", "in_favour")
    if sum(said) > hands.present:
        return Refused("hands.too_many", "Il y a plus de mains levées que de présents.", "in_favour")
    return None


def recount(state: State, request: c.Request, command: c.RecountHands, now: str) -> Decision:
    poll = _show(state, command.poll, now)
    if isinstance(poll, Refused):
        return poll
    if not poll.counts:
        return Refused("hands.none", "Aucun compte n’est encore entré.")
    return (e.HandsRecounted(poll.number),)


def decide(state: State, request: c.Request, command: c.DecideHands, now: str) -> Decision:
    poll = _show(state, command.poll, now)
    if isinstance(poll, Refused):
        return poll
    if not differ(poll):
        return Refused("hands.agree", "Les comptes ne diffèrent pas : il n’y a rien à trancher.")
    if refused := refuse_hands(poll, command.hands) or refuse_reason(command.reason):
        return refused
    return (e.HandsDecided(poll.number, command.hands, command.reason.strip()),)


def differ(poll: Poll) -> bool:
    """Whether two tellers counted differently."""
    return len(set(poll.counts.values())) > 1


def missing(poll: Poll) -> list[str]:
    """The tellers named at the opening who have not counted."""
    return [teller for teller in poll.terms.tellers if teller not in poll.counts]


def standing(poll: Poll) -> Hands | Refused:
    """The counts that hold: what the chair decided, else that on which all tellers agree."""
    if poll.hands is not None:
        return poll.hands
    if not poll.counts or missing(poll):
        return Refused("hands.awaited", "Tous les comptes des scrutateurs ne sont pas entrés.")
    if differ(poll):
        return Refused("hands.differ", "Les comptes diffèrent : faites recompter, ou tranchez avec la raison.")
    return next(iter(poll.counts.values()))


def _show(state: State, number: int, now: str) -> Poll | Refused:
    poll = state.polls.get(number)
    if poll is None:
        return not_found()
    if poll.way is not Way.HANDS:
        return Refused("hands.other_way", "Ce scrutin n’est pas à main levée.")
    return refuse_vote(poll, now) or refuse_phase(state, now, Phase.VOTE) or poll


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
    """The counts entered so far are public from now on: no teller counts any more without knowing them."""
    return published(state, poll), replace(poll, counted=(), **changes)


def _with(state: State, poll: Poll) -> State:
    return replace(state, polls={**state.polls, poll.number: poll})


DECIDE: Rules = {c.EnterHands: enter, c.RecountHands: recount, c.DecideHands: decide}
EVOLVE: Folds = {e.HandsCounted: on_counted, e.HandsRecounted: on_recounted, e.HandsDecided: on_decided}
