"""Asking for the floor, giving it, and the time of whoever speaks (S34–S41)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deliberation.congress import people
from deliberation.congress.congress import refuse_reason
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import Instant
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Sitting, SpeakingTurn, State
from deliberation.kernel.vocabulary import Purpose, Role
from deliberation.session import speakers

LONGEST = 86_400
"""The longest time in seconds that a rule or the chair may give."""
MOST_SIZES = 12


def ask(state: State, request: c.Request, command: c.AskFloor, now: Instant) -> Decision:
    sitting = state.sitting
    if sitting is None:
        return _no_sitting()
    person = command.person or request.actor
    if refused := _refuse_asking(state, request.actor, person) or _refuse_closed(state, sitting, command.purpose):
        return refused
    if any(turn.person == person and turn.waits for turn in _on_floor(state, sitting)):
        return Refused("speakers.waiting", "Cette demande de parole est déjà dans la liste.", "person")
    return (e.SpeakerAsked(len(state.turns) + 1, sitting.number, person, command.purpose, state.floor),)


def _on_floor(state: State, sitting: Sitting) -> list[SpeakingTurn]:
    return [turn for turn in speakers.in_sitting(state, sitting) if turn.subject == state.floor]


def _refuse_asking(state: State, actor: str, person: str) -> Refused | None:
    """Each élu asks for themselves; whoever conducts enters the requests of others."""
    known = state.people.get(person)
    if known is None or known.role is not Role.ELU or known.revoked:
        return Refused("speakers.not_elu", "La parole en séance est aux élus du congrès.", "person")
    if person != actor and not people.may(state, actor, c.GiveFloor):
        return Refused("speakers.other", "Chacun demande la parole pour soi.", "person")
    return None


def _refuse_closed(state: State, sitting: Sitting, purpose: Purpose) -> Refused | None:
    if purpose is Purpose.ORDER or state.floor not in sitting.lists_closed:
        return None
    return Refused("speakers.closed", "La liste des orateurs est close : il reste le rappel au règlement.", "purpose")


def withdraw(state: State, request: c.Request, command: c.WithdrawTurn, now: Instant) -> Decision:
    turn = _waiting(state, command.turn)
    if isinstance(turn, Refused):
        return turn
    return _refuse_stranger(state, request.actor, turn) or (e.SpeakerWithdrawn(turn.number, turn.person),)


def _refuse_stranger(state: State, actor: str, turn: SpeakingTurn) -> Refused | None:
    if actor == turn.person or people.may(state, actor, c.GiveFloor):
        return None
    return Refused("speakers.stranger", "Ce tour de parole est celui d’une autre personne.", "turn")


def _waiting(state: State, number: int) -> SpeakingTurn | Refused:
    """The turn with that number; a refusal if it is not waiting in the open sitting."""
    turn, sitting = state.turns.get(number), state.sitting
    if sitting is None:
        return _no_sitting()
    if turn is None or turn.sitting != sitting.number or not turn.waits:
        return Refused("speakers.not_waiting", "Cette demande de parole n’attend plus.", "turn")
    return turn


def give(state: State, request: c.Request, command: c.GiveFloor, now: Instant) -> Decision:
    turn = _waiting(state, command.turn)
    if isinstance(turn, Refused):
        return turn
    if state.people[turn.person].revoked:
        return Refused("speakers.not_elu", "La parole en séance est aux élus du congrès.", "turn")
    if command.seconds is not None and not 0 <= command.seconds <= LONGEST:
        return _no_time("seconds")
    seconds = speakers.allowed(state, turn, now) if command.seconds is None else command.seconds
    if seconds is None:
        return Refused(
            "speakers.exhausted",
            "Le temps de parole prévu est épuisé : donnez un temps, si la présidence accorde encore la parole.",
            "seconds",
        )
    return (e.SpeakerCalled(turn.number, turn.person, turn.purpose, turn.subject, seconds),)


def end(state: State, request: c.Request, command: c.EndTurn, now: Instant) -> Decision:
    turn = state.speaking_turn
    if turn is None or turn.number != command.turn:
        return Refused("speakers.not_speaking", "Cette personne n’a pas la parole.", "turn")
    return _refuse_stranger(state, request.actor, turn) or (e.SpeakerEnded(turn.number, turn.person),)


def move(state: State, request: c.Request, command: c.MoveTurn, now: Instant) -> Decision:
    turn = _waiting(state, command.turn)
    if isinstance(turn, Refused):
        return turn
    before = _waiting(state, command.before) if command.before else None
    if isinstance(before, Refused):
        return replace(before, field="before")
    if before is not None and (before == turn or before.subject != turn.subject):
        return Refused("speakers.before", "Placez-le avant une autre demande de la même liste.", "before")
    number = before.number if before else 0
    return refuse_reason(command.reason) or (e.SpeakerMoved(turn.number, turn.person, command.reason.strip(), number),)


def close(state: State, request: c.Request, command: c.CloseSpeakers, now: Instant) -> Decision:
    sitting = _on(state, command.subject)
    if isinstance(sitting, Refused):
        return sitting
    if command.subject in sitting.lists_closed:
        return Refused("speakers.unchanged", "Cette liste d’orateurs est déjà close.")
    return (e.SpeakersClosed(sitting.number, command.subject),)


def reopen(state: State, request: c.Request, command: c.ReopenSpeakers, now: Instant) -> Decision:
    sitting = _on(state, command.subject)
    if isinstance(sitting, Refused):
        return sitting
    if command.subject not in sitting.lists_closed:
        return Refused("speakers.unchanged", "Cette liste d’orateurs est déjà ouverte.")
    return (e.SpeakersReopened(sitting.number, command.subject),)


def _on(state: State, subject: str) -> Sitting | Refused:
    """The open sitting; a refusal if there is none or another subject is under discussion."""
    if state.sitting is None:
        return _no_sitting()
    if subject != state.floor:
        return Refused("speakers.subject", "Ce n’est plus ce qui est en discussion.", "subject")
    return state.sitting


def set_rule(state: State, request: c.Request, command: c.SetSpeakingRule, now: Instant) -> Decision:
    rule = command.speaking
    for name in ("turn", "presentation", "person", "group", "item", "warning"):
        if not 0 <= getattr(rule, name) <= LONGEST:
            return _no_time(name)
    if len(set(rule.precedence)) != len(rule.precedence):
        return Refused("speakers.precedence", "Chaque critère ne compte qu’une fois.", "precedence")
    if list(rule.sizes) != sorted(set(rule.sizes)) or len(rule.sizes) > MOST_SIZES or any(x < 1 for x in rule.sizes):
        return Refused("speakers.sizes", "Donnez des populations croissantes, douze au plus.", "sizes")
    if state.settings is not None and rule == state.settings.speaking:
        return Refused("speakers.unchanged", "C’est déjà la règle de parole du congrès.")
    return (e.SpeakingRuleSet(rule),)


def _no_time(field: str) -> Refused:
    return Refused("speakers.seconds", "Donnez un temps en secondes, d’un jour au plus ; 0 pour aucun.", field)


def _no_sitting() -> Refused:
    return Refused("sitting.none", "Aucune séance n’est ouverte.")


COMMANDS: Mapping[type[e.Event], Any] = {
    e.SpeakerAsked: lambda r, x: c.AskFloor(x.purpose, x.person),
    e.SpeakerWithdrawn: lambda r, x: c.WithdrawTurn(x.turn),
    e.SpeakerCalled: lambda r, x: c.GiveFloor(x.turn, x.seconds),
    e.SpeakerEnded: lambda r, x: c.EndTurn(x.turn),
    e.SpeakerMoved: lambda r, x: c.MoveTurn(x.turn, x.reason, x.before or None),
    e.SpeakersClosed: lambda r, x: c.CloseSpeakers(x.subject),
    e.SpeakersReopened: lambda r, x: c.ReopenSpeakers(x.subject),
    e.SpeakingRuleSet: lambda r, x: c.SetSpeakingRule(x.speaking),
}
"""The command from which each event follows, with which an entry is checked against the rule."""


def follows(state: State, r: e.Recorded, event: e.Event) -> bool:
    """Whether the rule, applied again to the state before the entry, gives exactly this event (S41)."""
    command = COMMANDS[type(event)](r, event)
    if not people.may(state, r.actor, type(command)):
        return False
    decided = DECIDE[type(command)](state, c.Request("", "", r.actor, command), command, r.time)
    return bool(decided == (event,))


def on_asked(state: State, r: e.Recorded, event: e.SpeakerAsked) -> State:
    turn = SpeakingTurn(event.turn, event.sitting, event.person, event.purpose, event.subject, r.time, r.actor)
    return _with(state, turn)


def on_withdrawn(state: State, r: e.Recorded, event: e.SpeakerWithdrawn) -> State:
    return _with(state, replace(state.turns[event.turn], withdrawn=r.time))


def on_called(state: State, r: e.Recorded, event: e.SpeakerCalled) -> State:
    state = without_speaker(state, r)
    return _with(state, replace(state.turns[event.turn], began=r.time, allowed=event.seconds))


def on_ended(state: State, r: e.Recorded, event: e.SpeakerEnded) -> State:
    return _with(state, replace(state.turns[event.turn], ended=r.time))


def on_moved(state: State, r: e.Recorded, event: e.SpeakerMoved) -> State:
    return _with(state, replace(state.turns[event.turn], before=event.before, moved=r.index, reason=event.reason))


def without_speaker(state: State, r: e.Recorded) -> State:
    """The state in which the turn of the present speaker has ended."""
    turn = state.speaking_turn
    return _with(state, replace(turn, ended=r.time)) if turn else state


def on_closed(state: State, r: e.Recorded, event: e.SpeakersClosed) -> State:
    sitting = state.sittings[event.sitting]
    return _with_closed(state, sitting, (*sitting.lists_closed, event.subject))


def on_reopened(state: State, r: e.Recorded, event: e.SpeakersReopened) -> State:
    sitting = state.sittings[event.sitting]
    return _with_closed(state, sitting, tuple(x for x in sitting.lists_closed if x != event.subject))


def _with_closed(state: State, sitting: Sitting, closed: tuple[str, ...]) -> State:
    return replace(state, sittings={**state.sittings, sitting.number: replace(sitting, lists_closed=closed)})


def on_rule(state: State, r: e.Recorded, event: e.SpeakingRuleSet) -> State:
    assert state.settings is not None
    return replace(state, settings=replace(state.settings, speaking=event.speaking))


def _with(state: State, turn: SpeakingTurn) -> State:
    return replace(state, turns={**state.turns, turn.number: turn})


DECIDE: Rules = {
    c.AskFloor: ask,
    c.WithdrawTurn: withdraw,
    c.GiveFloor: give,
    c.EndTurn: end,
    c.MoveTurn: move,
    c.CloseSpeakers: close,
    c.ReopenSpeakers: reopen,
    c.SetSpeakingRule: set_rule,
}
EVOLVE: Folds = {
    e.SpeakerAsked: on_asked,
    e.SpeakerWithdrawn: on_withdrawn,
    e.SpeakerCalled: on_called,
    e.SpeakerEnded: on_ended,
    e.SpeakerMoved: on_moved,
    e.SpeakersClosed: on_closed,
    e.SpeakersReopened: on_reopened,
    e.SpeakingRuleSet: on_rule,
}
