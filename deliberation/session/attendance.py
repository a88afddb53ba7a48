"""Attendance of a sitting: signing in, leaving, call-over (S21, S22), and who is present when a poll opens (V20)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import Instant
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Attendance, Person, Sitting, State
from deliberation.kernel.vocabulary import PollRule, Role

CODE, DESK, CALL = "code", "desk", "call"
"""How somebody was signed in: with the code of the hall on their own device, by an organiser, by call-over."""


def of(state: State, sitting: Sitting) -> tuple[Attendance, ...]:
    """The attendance list of that sitting: one item for each time that somebody came, in order of arrival."""
    return tuple(x for x in state.attendance.values() if x.sitting == sitting.number)


def now_present(state: State) -> tuple[str, ...]:
    """Those present in the open sitting whose access was not withdrawn, in order of arrival."""
    sitting = state.sitting
    if sitting is None:
        return ()
    return tuple(x.person for x in of(state, sitting) if not x.left and not state.people[x.person].revoked)


def present_at(state: State, sitting: Sitting, moment: Instant) -> tuple[str, ...]:
    """Those who were present in that sitting at that instant."""
    return tuple(x.person for x in of(state, sitting) if x.since <= moment and (not x.left or moment < x.left))


def keeps_list(state: State) -> bool:
    """Whether a list is kept in the open sitting."""
    return state.sitting is not None and state.sitting.attendance


def sign_in(state: State, request: c.Request, command: c.SignIn, now: Instant) -> Decision:
    person = command.person or request.actor
    sitting = _entry(state, request.actor, person)
    if isinstance(sitting, Refused):
        return sitting
    if person in now_present(state):
        return Refused("attendance.present", "Cette présence est déjà enregistrée.", "person")
    return (e.AttendanceSignedIn(sitting.number, person),)


def sign_out(state: State, request: c.Request, command: c.SignOut, now: Instant) -> Decision:
    person = command.person or request.actor
    sitting = _entry(state, request.actor, person)
    if isinstance(sitting, Refused):
        return sitting
    if person not in now_present(state):
        return Refused("attendance.absent", "Cette personne n’est pas sur la liste de présence.", "person")
    return (e.AttendanceLeft(sitting.number, person),)


def _entry(state: State, actor: str, person: str) -> Sitting | Refused:
    """The sitting in whose list the actor may enter something about that person, or why they may not."""
    sitting = _attended(state)
    return sitting if isinstance(sitting, Refused) else refuse_entry(state, actor, person) or sitting


def call_over(state: State, request: c.Request, command: c.CallOver, now: Instant) -> Decision:
    """Replaces the list by those who answered; starts it in a sitting that had none."""
    if state.sitting is None:
        return _no_sitting()
    present = tuple(dict.fromkeys(command.present))
    if strangers(state, present):
        return _not_elu()
    return (e.AttendanceCalledOver(state.sitting.number, present),)


def strangers(state: State, present: Iterable[str]) -> list[str]:
    """Those of the people given who are no élus, or whose access was withdrawn."""
    return [person for person in present if not _is_elu(state.people.get(person))]


def refuse_entry(state: State, actor: str, person: str) -> Refused | None:
    """Why the actor may not enter that this person came or left: each may for themselves, organisers for all élus
    (S21).
    """
    if not _is_elu(state.people.get(person)):
        return _not_elu()
    by = state.people.get(actor)
    if actor == person or (by is not None and by.role is Role.ORGANISER):
        return None
    return Refused("attendance.other", "Chacun signe pour soi ; les organisateurs tiennent la liste.", "person")


def _attended(state: State) -> Sitting | Refused:
    """The open sitting, if it keeps a list."""
    sitting = state.sitting
    if sitting is None:
        return _no_sitting()
    no_list = Refused("attendance.no_list", "Cette séance ne tient pas de liste de présence.")
    return sitting if sitting.attendance else no_list


def _no_sitting() -> Refused:
    return Refused("sitting.none", "Aucune séance n’est ouverte.")


def _not_elu() -> Refused:
    return Refused("attendance.not_elu", "La liste de présence est celle des élus du congrès.", "person")


def _is_elu(person: Person | None) -> bool:
    return person is not None and person.role is Role.ELU and not person.revoked


def at_opening(state: State, electorate: Iterable[str]) -> tuple[str, ...] | None:
    """Those of the electorate who are present now, by the list of the sitting; None if it keeps none (V20)."""
    if not keeps_list(state):
        return None
    present = frozenset(now_present(state))
    return tuple(person for person in electorate if person in present)


def refuse_stated(state: State, rule: PollRule, electorate: tuple[str, ...], stated: int | None) -> Refused | None:
    """Why that number of people present cannot be stated at the opening of a poll, or None (V20)."""
    if stated is None:
        return None
    if keeps_list(state):
        return Refused(
            "poll.present_listed", "La liste de présence dit qui est présent : ne donnez pas de nombre.", "present"
        )
    if not 0 <= stated <= len(electorate):
        most = {"n": len(electorate)}
        return Refused("poll.attending", "Il ne peut y avoir plus de {n} inscrits présents.", "attending", most)
    in_voices = rule.weights != "personne" and (
        rule.base == "presents" or (rule.quorum_n and rule.quorum_base == "voix")
    )
    if in_voices:
        return Refused(
            "poll.present_in_voices",
            "Cette règle compte les présents en voix : il y faut la liste de présence, un nombre n’y suffit pas.",
            "attending",
        )
    return None


def on_signed_in(state: State, r: e.Recorded, event: e.AttendanceSignedIn) -> State:
    return _arrived(state, r, event.sitting, event.person, CODE if event.person == r.actor else DESK)


def on_left(state: State, r: e.Recorded, event: e.AttendanceLeft) -> State:
    return _gone(state, r, {event.person})


def on_called_over(state: State, r: e.Recorded, event: e.AttendanceCalledOver) -> State:
    """Whoever did not answer has left; whoever was already present stays since they came."""
    sitting = replace(state.sittings[event.sitting], attendance=True)
    state = replace(state, sittings={**state.sittings, sitting.number: sitting})
    before = frozenset(now_present(state))
    state = _gone(state, r, before - frozenset(event.present))
    for person in event.present:
        if person not in before:
            state = _arrived(state, r, event.sitting, person, CALL)
    return state


def _arrived(state: State, r: e.Recorded, sitting: int, person: str, how: str) -> State:
    line = Attendance(len(state.attendance) + 1, sitting, person, how, r.time, r.actor)
    return replace(state, attendance={**state.attendance, line.number: line})


def _gone(state: State, r: e.Recorded, people: Iterable[str]) -> State:
    gone = frozenset(people)
    left = {
        number: replace(line, left=r.time, left_by=r.actor)
        for number, line in state.attendance.items()
        if line.person in gone and not line.left
    }
    return replace(state, attendance={**state.attendance, **left}) if left else state


def on_closed(state: State, r: e.Recorded) -> State:
    """Everybody who was present leaves."""
    return _gone(state, r, now_present(state))


DECIDE: Rules = {c.SignIn: sign_in, c.SignOut: sign_out, c.CallOver: call_over}
EVOLVE: Folds = {
    e.AttendanceSignedIn: on_signed_in,
    e.AttendanceLeft: on_left,
    e.AttendanceCalledOver: on_called_over,
}
