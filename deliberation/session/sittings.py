"""Sittings, who presides over them, and what is under discussion (S6, S9, S10, S18, A24)."""

from __future__ import annotations

from dataclasses import replace

from deliberation.amendments import chairing, lifecycle, signatures
from deliberation.congress.congress import LONG, refuse_reason, too_long
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Sitting, State
from deliberation.kernel.vocabulary import Role
from deliberation.session import agenda, attendance, floor

HELD: frozenset[type[c.Command]] = frozenset(
    {
        c.CallSubject,
        c.GiveFloor,
        c.AdmitAmendment,
        c.SettleAmendment,
        c.ReserveAmendment,
        c.KeepAmendment,
        c.ChangeOrder,
        c.ArrangeOrder,
        c.DeclareIdentical,
        c.JoinDiscussion,
        c.RevertAct,
        c.OpenPoll,
        c.DivideSubject,
        c.OpenSheet,
        c.OpenElection,
        c.OpenRound,
        c.BreakTie,
    }
)
"""Commands that are refused while a sitting is suspended. An open poll goes on: people vote, and it is closed."""


def open_sitting(state: State, request: c.Request, command: c.OpenSitting, now: str) -> Decision:
    if state.sitting:
        return Refused("sitting.open", "Une séance est déjà ouverte.")
    if refused := _refuse_chair(state, command.chair):
        return refused
    return (e.SittingOpened(len(state.sittings) + 1, command.chair, command.attendance),)


def close_sitting(state: State, request: c.Request, command: c.CloseSitting, now: str) -> Decision:
    sitting = state.sitting
    if sitting is None or sitting.number != command.sitting:
        return Refused("sitting.none", "Cette séance n’est pas ouverte.")
    voting = next((poll.number for poll in state.polls.values() if poll.is_open), None)
    if voting is not None:
        return Refused("sitting.vote_open", "Le scrutin n° {n} est ouvert : closez-le d’abord.", params={"n": voting})
    return (e.SittingClosed(sitting.number),)


def suspend(state: State, request: c.Request, command: c.SuspendSitting, now: str) -> Decision:
    sitting = state.sitting
    if sitting is None or sitting.number != command.sitting:
        return Refused("sitting.none", "Cette séance n’est pas ouverte.")
    if sitting.suspended:
        return _suspended()
    return refuse_reason(command.reason) or (e.SittingSuspended(sitting.number, command.reason.strip()),)


def resume(state: State, request: c.Request, command: c.ResumeSitting, now: str) -> Decision:
    sitting = state.sitting
    if sitting is None or sitting.number != command.sitting:
        return Refused("sitting.none", "Cette séance n’est pas ouverte.")
    if not sitting.suspended:
        return Refused("sitting.not_suspended", "Cette séance n’est pas suspendue.")
    return (e.SittingResumed(sitting.number),)


def refuse_suspended(state: State, command: c.Command) -> Refused | None:
    """Why nothing can be called or decided now, or None (S18). Ending a discussion is always possible."""
    sitting = state.sitting
    if sitting is None or not sitting.suspended or type(command) not in HELD:
        return None
    if isinstance(command, c.CallSubject) and not command.subject:
        return None
    return _suspended()


def _suspended() -> Refused:
    return Refused("sitting.suspended", "La séance est suspendue : reprenez-la d’abord.")


def designate(state: State, request: c.Request, command: c.DesignateChair, now: str) -> Decision:
    sitting = state.sitting
    if sitting is None:
        return Refused("sitting.none", "Aucune séance n’est ouverte.")
    if command.chair == sitting.chair:
        return Refused("sitting.unchanged", "Cette présidence est déjà celle de la séance.", "chair")
    return _refuse_chair(state, command.chair) or (e.ChairDesignated(sitting.number, command.chair),)


def name_deputy(state: State, request: c.Request, command: c.NameDeputy, now: str) -> Decision:
    sitting = state.sitting
    if sitting is None:
        return Refused("sitting.none", "Aucune séance n’est ouverte.")
    if command.deputy in (sitting.deputy, sitting.chair or None):
        return Refused("sitting.unchanged", "Cette personne préside ou supplée déjà.", "deputy")
    refused = _refuse_chair(state, command.deputy)
    return replace(refused, field="deputy") if refused else (e.DeputyNamed(sitting.number, command.deputy),)


def take_chair(state: State, request: c.Request, command: c.TakeChair, now: str) -> Decision:
    sitting = state.sitting
    if sitting is None:
        return Refused("sitting.none", "Aucune séance n’est ouverte.")
    if request.actor != sitting.deputy:
        return Refused("sitting.not_deputy", "Qui supplée la présidence peut la prendre.")
    return (e.ChairTaken(sitting.number, sitting.chair),)


def _refuse_chair(state: State, chair: str) -> Refused | None:
    """The refusal of a chair who is no élu, or whose access was withdrawn."""
    person = state.people.get(chair)
    if not chair or (person and person.role is Role.ELU and not person.revoked):
        return None
    return Refused("sitting.chair", "La présidence revient à un élu du congrès.", "chair")


def call(state: State, request: c.Request, command: c.CallSubject, now: str) -> Decision:
    if command.subject and not exists(state, command.subject):
        return Refused("session.no_subject", "On appelle une motion, un amendement ou un scrutin.", "subject")
    kind, number = _split(command.subject)
    found = lifecycle.found(state, number, c.CallSubject) if kind == ids.AMENDMENT else None
    if isinstance(found, Refused):
        return found
    reserved = found is not None and found.status == lifecycle.RESERVED
    if command.subject == state.floor and not reserved:
        return Refused("session.unchanged", "C’est déjà ce qui est en discussion.")
    if found is not None and (refused := signatures.refuse_unsupported(state, found)):
        return refused
    if refused := _refuse_early(state, command.subject) or too_long(command.reason, "reason", LONG):
        return refused
    return (e.SubjectCalled(command.subject, command.reason.strip()),)


def _refuse_early(state: State, subject: str) -> Refused | None:
    """Why the subject cannot be called yet, or None: a sub-amendment is called after its amendment or together with it
    (S25).
    """
    called = lifecycle.called_by(state, subject)
    for number in called:
        amendment = state.amendments[number]
        parent = state.amendments.get(amendment.parent or 0)
        if parent and amendment.outcome is None and not parent.presented and parent.number not in called:
            return Refused(
                "amendment.parent_not_called",
                "Un sous-amendement est appelé une fois son amendement appelé et présenté : "
                "appelez d’abord l’amendement n° {n}.",
                params={"n": parent.number},
            )
    return None


def exists(state: State, subject: str) -> bool:
    """Whether a motion, amendment, discussion or poll of that name exists."""
    kind, number = _split(subject)
    if kind == ids.DISCUSSION:
        return number > 0 and lifecycle.discussion(state, number) is not None
    found = {ids.MOTION: state.motions, ids.AMENDMENT: state.amendments, ids.POLL: state.polls}
    return number in found.get(kind, {})


def _split(subject: str) -> tuple[str, int]:
    try:
        return ids.split(subject)
    except ValueError:
        return "", 0


def on_called(state: State, r: e.Recorded, event: e.SubjectCalled) -> State:
    """Sets the subject; an amendment that is called is no longer reserved."""
    state = _with_call(replace(state, floor=event.subject), r) if event.subject else replace(state, floor="")
    for number in lifecycle.on_floor(state):
        state = chairing.end_reservation(chairing.with_presented(state, number, r.time), number)
    return state


def _with_call(state: State, r: e.Recorded) -> State:
    """The screen of the hall follows the debate again, and results from before give way (S42, S43)."""
    sitting = state.sitting
    state = agenda.reached(replace(state, screen=None), r)
    return _with(state, replace(sitting, called=r.time)) if sitting else state


def on_opened(state: State, r: e.Recorded, event: e.SittingOpened) -> State:
    opened = Sitting(event.sitting, event.chair, r.time, r.actor, first=r.index, attendance=event.attendance)
    return _with(state, opened)


def on_closed(state: State, r: e.Recorded, event: e.SittingClosed) -> State:
    """Ends the discussion, the turn of whoever speaks, and the attendance of everybody."""
    state = floor.without_speaker(attendance.on_closed(state, r), r)
    closed = replace(
        state.sittings[event.sitting], closed=r.time, closed_by=r.actor, last=r.index, suspended="", why=""
    )
    return replace(_with(state, closed), floor="")


def on_suspended(state: State, r: e.Recorded, event: e.SittingSuspended) -> State:
    state = floor.without_speaker(state, r)
    return _with(state, replace(state.sittings[event.sitting], suspended=r.time, why=event.reason))


def on_resumed(state: State, r: e.Recorded, event: e.SittingResumed) -> State:
    return _with(state, replace(state.sittings[event.sitting], suspended="", why=""))


def on_designated(state: State, r: e.Recorded, event: e.ChairDesignated) -> State:
    sitting = state.sittings[event.sitting]
    deputy = "" if sitting.deputy == event.chair else sitting.deputy
    return _with(state, replace(sitting, chair=event.chair, deputy=deputy))


def on_deputy(state: State, r: e.Recorded, event: e.DeputyNamed) -> State:
    return _with(state, replace(state.sittings[event.sitting], deputy=event.deputy))


def on_taken(state: State, r: e.Recorded, event: e.ChairTaken) -> State:
    """Makes the actor the chair, and whoever presided the deputy, who may take the chair back in the same way."""
    return _with(state, replace(state.sittings[event.sitting], chair=r.actor, deputy=event.before))


def _with(state: State, sitting: Sitting) -> State:
    return replace(state, sittings={**state.sittings, sitting.number: sitting})


DECIDE: Rules = {
    c.CallSubject: call,
    c.OpenSitting: open_sitting,
    c.CloseSitting: close_sitting,
    c.SuspendSitting: suspend,
    c.ResumeSitting: resume,
    c.DesignateChair: designate,
    c.NameDeputy: name_deputy,
    c.TakeChair: take_chair,
}
EVOLVE: Folds = {
    e.SubjectCalled: on_called,
    e.SittingOpened: on_opened,
    e.SittingClosed: on_closed,
    e.SittingSuspended: on_suspended,
    e.SittingResumed: on_resumed,
    e.ChairDesignated: on_designated,
    e.DeputyNamed: on_deputy,
    e.ChairTaken: on_taken,
}
