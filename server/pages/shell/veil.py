"""What the public sees of a congress that drafts behind closed doors (H2)."""

from __future__ import annotations

from dataclasses import replace

from deliberation.kernel.state import State
from deliberation.motions import remarks
from deliberation.motions.seclusion import public_motions

KEPT = 8
_kept: list[tuple[State, State]] = []


def for_the_public(state: State) -> State:
    """The state without what is hidden; the same value for the same state, so that kept copies of pages serve again."""
    if state.seclusion is None:
        return state
    for known, veiled in _kept:
        if known is state:
            return veiled
    veiled = replace(state, motions=public_motions(state), remarks=remarks.public(state))
    _kept[:] = [(state, veiled), *_kept[: KEPT - 1]]
    return veiled
