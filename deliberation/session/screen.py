"""What the screen of the hall shows (S42)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import Instant
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Screen, State
from deliberation.kernel.vocabulary import ScreenMode
from deliberation.motions import seclusion


def show(state: State, request: c.Request, command: c.ShowOnScreen, now: Instant) -> Decision:
    mode, number = command.mode, command.number
    if not is_showable(state, mode, number):
        return Refused("screen.unknown", "Il n’y a là rien de public à montrer.", "number")
    shown = (state.screen.mode, state.screen.number) if state.screen else (ScreenMode.FOLLOW, 0)
    if shown == (mode, number):
        return Refused("screen.unchanged", "L’écran le montre déjà.", "mode")
    return (e.ScreenShown(mode, number),)


def is_showable(state: State, mode: ScreenMode, number: int) -> bool:
    """Whether the thing that a mode shows under that number exists and the public may see it; modes that show no
    numbered thing take 0.
    """
    if mode not in NUMBERED:
        return number == 0
    thing = things(state, mode).get(number)
    if thing is None:
        return False
    if mode is ScreenMode.RESULT:
        return thing.tally is not None
    if mode is ScreenMode.TESTIMONY:
        return bool(thing.status == "published")
    return mode is not ScreenMode.TEXT or not seclusion.is_veiled(state, f"motion-{number}")


NUMBERED = frozenset({ScreenMode.RESULT, ScreenMode.TEXT, ScreenMode.MAP, ScreenMode.TESTIMONY})
"""Modes that show one of several things, by its number."""


def things(state: State, mode: ScreenMode) -> Mapping[int, Any]:
    """The things that a mode may show, by number."""
    found: dict[ScreenMode, Mapping[int, Any]] = {
        ScreenMode.RESULT: state.polls,
        ScreenMode.TEXT: state.motions,
        ScreenMode.MAP: state.maps,
        ScreenMode.TESTIMONY: state.testimonies,
    }
    return found.get(mode, {})


def on_shown(state: State, r: e.Recorded, event: e.ScreenShown) -> State:
    following = event.mode is ScreenMode.FOLLOW
    return replace(state, screen=None if following else Screen(event.mode, event.number, r.time))


DECIDE: Rules = {c.ShowOnScreen: show}
EVOLVE: Folds = {e.ScreenShown: on_shown}
