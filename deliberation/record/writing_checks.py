"""Verifying that the author of a burst in a motion or on a map was allowed to write there (R44).

A burst is recorded after it was written, and stays valid even if the phase was closed, the text frozen or the access
withdrawn in between (M3, C3): what counts is the instant at which it began, which its event states.
"""

from __future__ import annotations

from typing import Any

from deliberation.congress.people import MAY, may
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.ids import Instant
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Phase, Window

WRITING: dict[type[e.Event], tuple[type[c.Command], Phase]] = {
    e.TextWritten: (c.WriteText, Phase.DRAFTING),
    e.MapDrawn: (c.DrawMap, Phase.MAPS),
}


class WritingChecks:
    """Follows a record and remembers when phases changed and accesses ended, which the state itself does not keep."""

    def __init__(self) -> None:
        self._windows: dict[Phase, list[tuple[Instant, Window]]] = {}
        self._revoked: dict[str, Instant] = {}
        self._created: tuple[str, str, int] = ("", "", -1)

    def note(self, state: State, r: e.Recorded) -> None:
        """Takes an entry before it is folded into the state."""
        if isinstance(r.event, e.PhaseSet):
            before = state.phases.get(r.event.phase, Window())
            self._windows.setdefault(r.event.phase, []).append((r.time, before))
        elif isinstance(r.event, e.PersonRevoked):
            self._revoked[r.event.person] = r.time
        elif r.kind in (e.MotionCreated.kind, e.MapCreated.kind):
            self._created = r.document, r.actor, r.index

    def why_wrong(self, state: State, r: e.Recorded, event: Any) -> str:
        """What is wrong with a burst, as a code; "" if nothing is."""
        command, phase = WRITING[type(event)]
        began = event.started or r.time
        if began > r.time:
            return "started"
        owners = state.writing.get(r.document, {})
        if any(owners.get(client, r.actor) != r.actor for client in event.clients):
            return "client"
        if r.actor == ids.CONGRESS:
            return "" if may(state, r.actor, command) else "role"
        if self._created == (r.document, r.actor, r.index - 1) and may(state, r.actor, c.ImportMotion):
            return ""  # brought in as a whole with the motion that was just created
        return self._why_not(state, r.actor, command, began) or self._why_closed(state, r, phase, began)

    def _why_not(self, state: State, actor: str, command: type[c.Command], began: Instant) -> str:
        """Why the person may not write there: by role, from the invitation until the access was withdrawn; "" if they
        may.
        """
        person = state.people.get(actor)
        if person is None or began < person.since:
            return "person"
        if person.role.value not in MAY[command]:
            return "role"
        return "revoked" if person.revoked and self._revoked.get(actor, "") < began else ""

    def _why_closed(self, state: State, r: e.Recorded, phase: Phase, began: Instant) -> str:
        """Why nobody may write there at that instant: the phase is closed or the motion frozen; "" if one may."""
        windows = [window for until, window in self._windows.get(phase, ()) if began <= until]
        if not any(_is_in(began, window) for window in (*windows, state.phases.get(phase, Window()))):
            return "phase"
        motion = state.motions.get(ids.split(r.document)[1]) if phase is Phase.DRAFTING else None
        if motion is not None and motion.status != "drafting" and (motion.text is None or motion.text.time < began):
            return "frozen"
        return ""


def _is_in(instant: Instant, window: Window) -> bool:
    return window.opens is not None and window.opens <= instant and (window.closes is None or instant < window.closes)
