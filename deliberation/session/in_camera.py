"""A sitting in camera: the public does not learn what is done in it before an instant announced beforehand (S50–S55).

Everything is recorded at once, with its hashes, and becomes public by itself at that instant. Until then the public's
state follows from the entries that are public meanwhile: of the others it knows when there was one, of which kind, by
whom and about what, but not what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from deliberation.congress.congress import is_instant, refuse_reason
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import Instant
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import InCamera, State

WHY = "seance"
"""The reason noted in `State.withheld`, in the public's state, for entries of a sitting in camera."""

PUBLIC: frozenset[str] = frozenset(
    {
        e.SittingPublished.kind,
        e.CongressChanged.kind,
        e.CongressIdentified.kind,
        e.PhaseSet.kind,
        e.PersonAdmitted.kind,
        e.ActorBound.kind,
        e.PersonRevoked.kind,
        e.TestimonySubmitted.kind,
        e.TestimonyPublished.kind,
        e.TestimonySetAside.kind,
        e.TestimonyHidden.kind,
        e.TestimonyRestored.kind,
        e.TestimonyRevised.kind,
        e.TestimonyRestated.kind,
        e.ExcerptQuoted.kind,
        e.MapCreated.kind,
        e.MapDrawn.kind,
        e.RemarkSettled.kind,
        e.ResultImported.kind,
        e.BeleniosImported.kind,
        e.ResultArchived.kind,
        e.BeleniosChecked.kind,
        e.RedactionProposed.kind,
        e.RedactionRefused.kind,
        e.Redacted.kind,
        e.WordsRedacted.kind,
        e.GapDeclared.kind,
        e.ClockCorrected.kind,
    }
)
"""The kinds of entries that stay public while a sitting is in camera: none of them is an act of the sitting. Any other
kind, a new one included, is withheld.
"""

CREATED: frozenset[str] = frozenset({e.RemarkMade.kind, e.MotionCreated.kind})
CHANGED: frozenset[str] = frozenset({e.TextWritten.kind, e.BallotCast.kind, e.SlipEntered.kind, e.HandsCounted.kind})
"""The kinds of withheld entries that are folded without their content: those that create an object, and those that
change one, if it is known.
"""


def meet(state: State, request: c.Request, command: c.MeetInCamera, now: Instant) -> Decision:
    sitting = state.sitting
    if sitting is None or sitting.number != command.sitting:
        return Refused("sitting.none", "Cette séance n’est pas ouverte.")
    if state.in_camera is not None:
        return Refused("in_camera.begun", "Le huis clos dure déjà : son terme est annoncé et ne recule pas.", "until")
    voting = next((poll.number for poll in state.polls.values() if poll.is_open), None)
    if voting is not None:
        return Refused("sitting.vote_open", "Le scrutin n° {n} est ouvert : closez-le d’abord.", params={"n": voting})
    if not is_instant(command.until):
        return Refused("time.malformed", "Cette date n’est pas lisible.", "until")
    if command.until <= now:
        return Refused("in_camera.past", "Le moment de la publication doit être à venir.", "until")
    if refused := refuse_reason(command.reason):
        return refused
    return (e.SittingInCamera(sitting.number, command.until, command.reason.strip()),)


def publish(state: State, request: c.Request, command: c.PublishSitting, now: Instant) -> Decision:
    """Publishes what was done in camera before the announced instant, with a public reason."""
    if state.in_camera is None:
        return _none()
    return refuse_reason(command.reason) or (e.SittingPublished(command.reason.strip()),)


def end(state: State, request: c.Request, command: c.EndInCamera, now: Instant) -> Decision:
    """Publishes what was done in camera once the announced instant has come; the server issues this command."""
    if state.in_camera is None:
        return _none()
    if now < state.in_camera.until:
        return Refused("in_camera.not_due", "Le moment annoncé n’est pas venu.")
    return (e.SittingPublished(""),)


def _none() -> Refused:
    return Refused("in_camera.none", "Aucune séance ne se tient à huis clos.")


def withholds(state: State, kind: str) -> bool:
    """Whether the payload of an entry of that kind, made in that state, is withheld from the public."""
    return state.in_camera is not None and kind not in PUBLIC


def counts(state: State, r: e.Recorded) -> bool:
    """Whether an entry whose payload is withheld is folded without its content (S52): something was written, or a
    ballot came in, for other reasons withheld even after the sitting is public.
    """
    if r.kind in CREATED or r.kind not in CHANGED:
        return r.kind in CREATED
    kind, number = ids.split(r.document)
    known: dict[str, Mapping[int, object]] = {ids.MOTION: state.motions, ids.POLL: state.polls}
    return number in known.get(kind, {})


def marked(state: State, r: e.Recorded) -> State:
    """The state in which the payload of that entry is noted as withheld, if it is not for another reason already."""
    return replace(state, withheld={r.index: WHY, **state.withheld}, size=r.index + 1)


def public_state(state: State) -> State:
    """The state that follows from what is public: `state` itself, except while a sitting is in camera (S51)."""
    beside: State | None = state.in_camera.public if state.in_camera else None
    return state if beside is None else beside


def refuse_reading(state: State) -> Refused:
    """The refusal to show a text that may change in camera; it names the instant of publication."""
    assert state.in_camera is not None
    return Refused(
        "in_camera.veiled",
        "La séance se tient à huis clos. Tout sera public le {at}.",
        params={"at": state.in_camera.until},
    )


def on_begun(state: State, r: e.Recorded, event: e.SittingInCamera) -> State:
    ongoing = InCamera(event.sitting, event.until, event.reason, r.time, r.actor, r.index)
    public = replace(state, in_camera=ongoing, size=r.index + 1)
    return replace(state, in_camera=replace(ongoing, public=public))


def on_published(state: State, r: e.Recorded, event: e.SittingPublished) -> State:
    kept = {index: why for index, why in state.withheld.items() if why != WHY}
    return replace(state, in_camera=None, withheld=kept)


DECIDE: Rules = {c.MeetInCamera: meet, c.PublishSitting: publish, c.EndInCamera: end}
EVOLVE: Folds = {e.SittingInCamera: on_begun, e.SittingPublished: on_published}
