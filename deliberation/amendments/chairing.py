"""Acts by which the chair conducts a sitting: reserving, reordering, joint discussion, keeping. Each can be reverted
(S12–S16).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from deliberation.amendments import lifecycle
from deliberation.congress.congress import refuse_reason, too_long
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Act, Amendment, State
from deliberation.kernel.vocabulary import Outcome
from deliberation.motions import motions

REASON_LIMIT = 10_000
MOST_JOINED = 100
STATUS = frozenset({e.AmendmentAdmitted.kind, e.AmendmentReserved.kind, e.AmendmentSettled.kind})
"""Acts that change the status of an amendment; only the last of them can be reverted."""
OF_SEVERAL = frozenset({e.OrderArranged.kind, e.IdenticalDeclared.kind})
"""Acts on several amendments to one motion."""
REVERTIBLE = STATUS | OF_SEVERAL | {e.AmendmentKept.kind, e.OrderChanged.kind, e.DiscussionJoined.kind}


def reserve(state: State, request: c.Request, command: c.ReserveAmendment, now: str) -> Decision:
    amendment = lifecycle.found(state, command.amendment, c.ReserveAmendment)
    if isinstance(amendment, Refused):
        return amendment
    refused = refuse_reason(command.reason) or _refuse_other(state, amendment, command.after, "after")
    if refused:
        return refused
    if command.after is not None and amendment.number in _awaited(state, command.after):
        return Refused("reserve.circle", "Celui-là attend déjà, lui-même, le sort de cet amendement.", "after")
    return (e.AmendmentReserved(amendment.number, command.reason.strip(), command.after),)


def _refuse_other(state: State, amendment: Amendment, number: int | None, field: str) -> Refused | None:
    """The refusal if the other amendment is not a pending one to the same motion."""
    if number is None:
        return None
    other = state.amendments.get(number)
    if other is None or other.motion != amendment.motion or other == amendment:
        return replace(lifecycle.not_found(), field=field)
    if other.outcome is not None:
        return Refused("amendment.settled", "Le sort de cet amendement est déjà fixé.", field)
    return None


def _awaited(state: State, number: int) -> tuple[int, ...]:
    """The amendments that must be settled before a reserved one is called, directly or indirectly."""
    waits: list[int] = []
    while (act := reservation(state, number)) and act.other not in (-1, *waits):
        number = act.other
        waits.append(number)
    return tuple(waits)


def reservation(state: State, number: int) -> Act | None:
    """The act that reserved the amendment, if it is still reserved."""
    amendment = state.amendments.get(number)
    return last_act(state, number) if amendment and amendment.status == lifecycle.RESERVED else None


def last_act(state: State, number: int) -> Act | None:
    """The last act that changed the amendment's status and has not been reverted."""
    acts = [a for a in state.acts.values() if number in a.amendments and a.kind in STATUS and a.stands]
    return acts[-1] if acts else None


def standing(state: State, kind: type[e.Event], motion: int, *kinds: type[e.Event]) -> list[Act]:
    """The acts of these kinds on a motion that have not been reverted, in order."""
    wanted = {each.kind for each in (kind, *kinds)}
    return [a for a in state.acts.values() if a.kind in wanted and a.motion == motion and a.stands]


def keep(state: State, request: c.Request, command: c.KeepAmendment, now: str) -> Decision:
    amendment, other = state.amendments.get(command.amendment), state.amendments.get(command.because_of)
    if amendment is None:
        return lifecycle.not_found()
    if amendment.outcome is not None:
        return Refused("amendment.settled", "Le sort de cet amendement est déjà fixé.")
    if other is None or other.motion != amendment.motion or other.outcome is not Outcome.ADOPTED:
        return Refused("amendment.needs_cause", "Nommez l’amendement adopté qui le fait tomber.", "because_of")
    if refused := refuse_reason(command.reason):
        return refused
    if (amendment.number, other.number) in kept(state, amendment.motion):
        return Refused("amendment.kept", "Il est déjà maintenu en discussion malgré cet amendement.")
    return (e.AmendmentKept(amendment.number, other.number, command.reason.strip()),)


def kept(state: State, motion: int) -> set[tuple[int, int]]:
    """Pairs (amendment, adopted amendment): the chair decided that the adopted one does not make the first one fall."""
    return {(act.amendments[0], act.other) for act in standing(state, e.AmendmentKept, motion)}


def change_order(state: State, request: c.Request, command: c.ChangeOrder, now: str) -> Decision:
    amendment = state.amendments.get(command.amendment)
    if amendment is None:
        return lifecycle.not_found()
    if amendment.outcome is not None:
        return Refused("amendment.settled", "Le sort de cet amendement est déjà fixé.")
    refused = _refuse_other(state, amendment, command.before, "before") or refuse_reason(command.reason)
    return refused or (e.OrderChanged(amendment.number, command.reason.strip(), command.before),)


def join(state: State, request: c.Request, command: c.JoinDiscussion, now: str) -> Decision:
    numbers = tuple(sorted(set(command.amendments)))
    if not 2 <= len(numbers) <= MOST_JOINED:
        return Refused("discussion.too_few", "Une discussion commune réunit au moins deux amendements.", "amendments")
    found = [state.amendments[n] for n in numbers if n in state.amendments]
    if len(found) < len(numbers) or len({a.motion for a in found}) > 1:
        return replace(lifecycle.not_found(), field="amendments")
    motion = found[0].motion
    joined = {n for act in standing(state, e.DiscussionJoined, motion) for n in act.amendments}
    for amendment in found:
        if amendment.outcome is not None:
            return Refused("amendment.settled", "Le sort de cet amendement est déjà fixé.", "amendments")
        if amendment.number in joined:
            params: dict[str, str | int] = {"n": amendment.number}
            return Refused(
                "discussion.joined", "L’amendement n° {n} est déjà en discussion commune.", "amendments", params
            )
    if refused := too_long(command.reason, "reason", REASON_LIMIT):
        return refused
    number = 1 + max((act.number for act in state.acts.values()), default=0)
    return (e.DiscussionJoined(number, motion, numbers, command.reason.strip()),)


def revert(state: State, request: c.Request, command: c.RevertAct, now: str) -> Decision:
    act = state.acts.get(command.entry)
    if act is None or act.kind not in REVERTIBLE:
        return Refused("act.not_found", "Ce n’est pas un acte de la présidence que l’on puisse rapporter.", "entry")
    if refused := refuse_reverting(state, act) or refuse_reason(command.reason):
        return refused
    return (e.ActReverted(subject(act), act.entry, command.reason.strip(), taken_back(state, act)),)


def refuse_reverting(state: State, act: Act) -> Refused | None:
    """Why the act can no longer be reverted; None if it can."""
    if not act.stands:
        return Refused("act.reverted", "Cet acte est déjà rapporté.")
    if act.entry <= max((sitting.last for sitting in state.sittings.values()), default=-1):
        return Refused("act.final", "La séance où cet acte a été pris est levée : il est définitif.")
    motion = state.motions[act.motion]
    base = motions.base_of(motion)
    if motion.status != "frozen" or base is None:
        return Refused("motion.not_frozen", "Ce texte n’est pas gelé.")
    if refused := motions.refuse_vote_open(state, motion.number):
        return refused
    if act.kind in STATUS:
        return _refuse_status(state, act, base.version)
    return _refuse_parting(state, act) if act.kind == e.IdenticalDeclared.kind else None


def _refuse_parting(state: State, act: Act) -> Refused | None:
    """Why a declaration of identical amendments cannot be reverted: their joint vote is open or was held. None if it
    can.
    """
    for number in act.amendments:
        if lifecycle.open_poll(state, number):
            return Refused("amendment.vote_open", "Un scrutin est ouvert sur cet amendement.")
        if state.amendments[number].poll is not None:
            return Refused(
                "act.superseded", "D’autres actes ont suivi sur cet amendement : rapportez d’abord le dernier."
            )
    return None


def _refuse_status(state: State, act: Act, base: int) -> Refused | None:
    (number,) = act.amendments
    amendment = state.amendments[number]
    if lifecycle.open_poll(state, number):
        return Refused("amendment.vote_open", "Un scrutin est ouvert sur cet amendement.")
    parent = state.amendments.get(amendment.parent or 0)
    if parent and parent.outcome is not None:
        return Refused("act.parent_settled", "L’amendement qu’il sous-amende n’est plus en discussion.")
    if amendment.base != base or not _is_last(state, act, amendment):
        return Refused("act.superseded", "D’autres actes ont suivi sur cet amendement : rapportez d’abord le dernier.")
    return None


def _is_last(state: State, act: Act, amendment: Amendment) -> bool:
    """Whether nothing has changed the amendment's status since this act."""
    fixed = {e.AmendmentAdmitted.kind: "admitted", e.AmendmentReserved.kind: lifecycle.RESERVED}
    made = amendment.status == fixed.get(act.kind, amendment.status)
    return made and last_act(state, amendment.number) == act and amendment.poll is None and _by_chair(amendment, act)


def _by_chair(amendment: Amendment, act: Act) -> bool:
    """Whether only the chair's acts led to the amendment's present state: it is pending, or has an outcome that the
    chair may state. A withdrawal by its author cannot be reverted.
    """
    if act.kind != e.AmendmentSettled.kind:
        return amendment.outcome is None
    return amendment.outcome in lifecycle.WITHOUT_VOTE


def taken_back(state: State, act: Act) -> tuple[int, ...]:
    """The amendments whose earlier status reverting the act restores: its own, and those the chair settled as a
    consequence.
    """
    if act.kind not in STATUS:
        return ()
    found = list(act.amendments)
    for number in found:  # grows while it is read: what followed from what followed
        found += [n for n in _because_of(state, number, act) if n not in found]
    return tuple(sorted(found))


def _because_of(state: State, number: int, act: Act) -> Iterable[int]:
    if act.kind != e.AmendmentSettled.kind:
        return
    for amendment in state.amendments.values():
        last = last_act(state, amendment.number) if amendment.because_of == number else None
        if last and last.entry > act.entry and amendment.poll is None and amendment.outcome in lifecycle.WITHOUT_VOTE:
            yield amendment.number


def subject(act: Act) -> str:
    """The id of the document that the act concerns."""
    if act.kind == e.DiscussionJoined.kind:
        return ids.document(ids.DISCUSSION, act.number)
    if act.kind in OF_SEVERAL:
        return ids.document(ids.MOTION, act.motion)
    return ids.document(ids.AMENDMENT, act.amendments[0])


def recorded(state: State, r: e.Recorded, amendments: tuple[int, ...], reason: str, other: int | None = None) -> Act:
    """The act that a record entry stands for."""
    first = state.amendments[amendments[0]]
    entry, motion, other = r.index, first.motion, -1 if other is None else other
    return Act(entry, r.kind, motion, amendments, reason, r.time, r.actor, first.status, other)


def with_act(state: State, act: Act) -> State:
    return replace(state, acts={**state.acts, act.entry: act})


def with_status(state: State, number: int, status: str) -> State:
    """The state in which that amendment is pending, with that status and no outcome."""
    pending = replace(
        state.amendments[number],
        status=status,
        outcome=None,
        before="",
        reason="",
        poll=None,
        because_of=None,
        settled="",
        settled_by="",
    )
    return replace(state, amendments={**state.amendments, number: pending})


def with_declared(state: State, numbers: Iterable[int]) -> State:
    """The state in which each of these amendments follows the last declaration about it that was not reverted (A53)."""
    changed = {}
    for number in numbers:
        acts = (a for a in state.acts.values() if a.kind == e.IdenticalDeclared.kind and a.stands)
        first = [act.amendments[0] for act in acts if number in act.amendments]
        changed[number] = replace(state.amendments[number], declared=first[-1] if first else 0)
    return replace(state, amendments={**state.amendments, **changed})


def with_presented(state: State, number: int, time: str) -> State:
    """The state in which that amendment was called at that time; only the first time is kept (S25)."""
    amendment = state.amendments[number]
    called = replace(amendment, presented=amendment.presented or time)
    return replace(state, amendments={**state.amendments, number: called})


def end_reservation(state: State, number: int) -> State:
    """The state in which the amendment is no longer reserved, because it is called."""
    act = reservation(state, number)
    return with_status(state, number, act.was) if act else state


def on_reserved(state: State, r: e.Recorded, event: e.AmendmentReserved) -> State:
    act = recorded(state, r, (event.amendment,), event.reason, event.after)
    return with_act(with_status(state, event.amendment, lifecycle.RESERVED), act)


def on_kept(state: State, r: e.Recorded, event: e.AmendmentKept) -> State:
    return with_act(state, recorded(state, r, (event.amendment,), event.reason, event.because_of))


def on_order_changed(state: State, r: e.Recorded, event: e.OrderChanged) -> State:
    return with_act(state, recorded(state, r, (event.amendment,), event.reason, event.before))


def on_joined(state: State, r: e.Recorded, event: e.DiscussionJoined) -> State:
    act = recorded(state, r, event.amendments, event.reason)
    return with_act(state, replace(act, was="", number=event.discussion))


def on_reverted(state: State, r: e.Recorded, event: e.ActReverted) -> State:
    act = state.acts[event.entry]
    for number in event.amendments:
        undone = last_act(state, number)
        if undone is not None:
            state = with_status(state, number, undone.was)
            state = with_act(state, replace(undone, reverted=r.index))
    state = with_act(state, replace(act, reverted=r.index))
    if act.kind == e.IdenticalDeclared.kind:
        state = with_declared(state, act.amendments)
    if state.floor == ids.document(ids.DISCUSSION, act.number):
        state = replace(state, floor="")
    numbers = event.amendments or act.amendments
    reversal = Act(r.index, r.kind, act.motion, numbers, event.reason, r.time, r.actor, "", event.entry)
    return with_act(state, reversal)


DECIDE: Rules = {
    c.ReserveAmendment: reserve,
    c.KeepAmendment: keep,
    c.ChangeOrder: change_order,
    c.JoinDiscussion: join,
    c.RevertAct: revert,
}
EVOLVE: Folds = {
    e.AmendmentReserved: on_reserved,
    e.AmendmentKept: on_kept,
    e.OrderChanged: on_order_changed,
    e.DiscussionJoined: on_joined,
    e.ActReverted: on_reverted,
}
