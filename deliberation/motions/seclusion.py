"""Drafting in camera (huis clos): the public cannot read drafts until an instant announced beforehand (H1–H6).

Everything is recorded from the first keystroke, and becomes public automatically at that instant. Until then the public
sees that something was written, by whom and when, but not what.
"""

from __future__ import annotations

from dataclasses import replace

from deliberation.congress.congress import is_instant, refuse_reason
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Seclusion, State

WHY = "huis_clos"
"""The reason noted in `State.withheld` for entries written in camera."""


def seclude(state: State, request: c.Request, command: c.SecludeDrafting, now: str) -> Decision:
    if state.seclusion is not None:
        return Refused("seclusion.begun", "Le huis clos dure déjà : son terme est annoncé et ne recule pas.", "until")
    if not is_instant(command.until):
        return Refused("time.malformed", "Cette date n’est pas lisible.", "until")
    if command.until <= now:
        return Refused("seclusion.past", "Le moment de la publication doit être à venir.", "until")
    if refused := refuse_reason(command.reason):
        return refused
    return (e.DraftingSecluded(command.until, command.reason.strip()),)


def publish(state: State, request: c.Request, command: c.PublishDrafting, now: str) -> Decision:
    """Publishes what was written in camera before the announced instant; an act of an organiser, with a public
    reason.
    """
    if state.seclusion is None:
        return _none()
    if refused := refuse_reason(command.reason):
        return refused
    return (e.DraftingPublished(command.reason.strip()),)


def end(state: State, request: c.Request, command: c.EndSeclusion, now: str) -> Decision:
    """Publishes what was written in camera once the announced instant has come; the server issues this command."""
    if state.seclusion is None:
        return _none()
    if now < state.seclusion.until:
        return Refused("seclusion.not_due", "Le moment annoncé n’est pas venu.")
    return (e.DraftingPublished(""),)


def _none() -> Refused:
    return Refused("seclusion.none", "La rédaction n’est pas à huis clos.")


def refuse_freezing(state: State) -> Refused | None:
    """The refusal to freeze a text in camera, since amendments and votes may only refer to a public text; None if
    drafting is public.
    """
    if state.seclusion is None:
        return None
    return Refused(
        "seclusion.freezing",
        "On ne gèle pas un texte à huis clos : publiez d’abord ce qui a été écrit, ou attendez le {at}.",
        params={"at": state.seclusion.until},
    )


def is_veiled(state: State, document: str) -> bool:
    """Whether `document` is a motion whose draft the public may not read now."""
    kind, number = ids.split(document)
    motion = state.motions.get(number) if kind == ids.MOTION else None
    return state.seclusion is not None and motion is not None and motion.status == "drafting"


def refuse_reading(state: State) -> Refused:
    """The refusal to show a text drafted in camera; it names the instant of publication."""
    assert state.seclusion is not None
    return Refused(
        "seclusion.veiled",
        "Ce texte s’écrit à huis clos. Tout sera public le {at}, depuis la première frappe.",
        params={"at": state.seclusion.until},
    )


def withheld(state: State, index: int) -> State:
    """The state in which the content of the entry `index` is withheld, if drafting is in camera; otherwise `state`."""
    return state if state.seclusion is None else replace(state, withheld={**state.withheld, index: WHY})


def without_title(state: State, motion: int) -> State:
    """The state in which the public sees a motion created in camera as "Motion n° …" instead of by its title; otherwise
    `state`.
    """
    if state.seclusion is None:
        return state
    titles = {**state.seclusion.titles, str(motion): f"Motion n° {motion}"}
    return replace(state, seclusion=replace(state.seclusion, titles=titles))


def on_secluded(state: State, r: e.Recorded, event: e.DraftingSecluded) -> State:
    titles = {str(n): motion.title for n, motion in state.motions.items()}
    return replace(state, seclusion=Seclusion(event.until, event.reason, r.time, r.actor, r.index, titles))


def on_published(state: State, r: e.Recorded, event: e.DraftingPublished) -> State:
    kept = {index: why for index, why in state.withheld.items() if why != WHY}
    return replace(state, seclusion=None, withheld=kept)


DECIDE: Rules = {c.SecludeDrafting: seclude, c.PublishDrafting: publish, c.EndSeclusion: end}
EVOLVE: Folds = {e.DraftingSecluded: on_secluded, e.DraftingPublished: on_published}
