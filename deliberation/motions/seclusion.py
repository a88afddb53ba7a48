"""Drafting in camera (huis clos): the draft is closed to the public until an instant announced beforehand (H1–H6).

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
"""The reason why an entry written in camera is withheld."""


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
    """An organiser may publish earlier than announced, never later."""
    if state.seclusion is None:
        return _none()
    if refused := refuse_reason(command.reason):
        return refused
    return (e.DraftingPublished(command.reason.strip()),)


def end(state: State, request: c.Request, command: c.EndSeclusion, now: str) -> Decision:
    """Publishes at the announced instant; a command of the congress itself."""
    if state.seclusion is None:
        return _none()
    if now < state.seclusion.until:
        return Refused("seclusion.not_due", "Le moment annoncé n’est pas venu.")
    return (e.DraftingPublished(""),)


def _none() -> Refused:
    return Refused("seclusion.none", "La rédaction n’est pas à huis clos.")


def refuse_freezing(state: State) -> Refused | None:
    """The refusal to freeze a text in camera: rules, amendments and votes may only refer to a public text."""
    if state.seclusion is None:
        return None
    return Refused(
        "seclusion.freezing",
        "On ne gèle pas un texte à huis clos : publiez d’abord ce qui a été écrit, ou attendez le {at}.",
        params={"at": state.seclusion.until},
    )


def is_veiled(state: State, document: str) -> bool:
    """Whether the public may not read that text now."""
    kind, number = ids.split(document)
    motion = state.motions.get(number) if kind == ids.MOTION else None
    return state.seclusion is not None and motion is not None and motion.status == "drafting"


def refuse_reading(state: State) -> Refused:
    """The refusal to show such a text, with the instant of its publication."""
    assert state.seclusion is not None
    return Refused(
        "seclusion.veiled",
        "Ce texte s’écrit à huis clos. Tout sera public le {at}, depuis la première frappe.",
        params={"at": state.seclusion.until},
    )


def withheld(state: State, index: int) -> State:
    """The state in which the entry `index`, which wrote in a text, is withheld if drafting is in camera."""
    return state if state.seclusion is None else replace(state, withheld={**state.withheld, index: WHY})


def without_title(state: State, motion: int) -> State:
    """The state in which a motion that was created in camera is known to the public by its number only."""
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
