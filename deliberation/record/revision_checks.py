"""Verifies that testimonies were revised by their authors only, and restated at once (R56, R57)."""

from __future__ import annotations

from deliberation import revising
from deliberation.kernel import events as e
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Revision

CONTENT = frozenset({e.TestimonySubmitted.kind, e.TestimonyRestated.kind})
"""Kinds of entries that hold what a testimony says."""


class RevisionChecks:
    """Takes the entries of a record in order; each answer is why the entry is not valid, or ""."""

    def __init__(self) -> None:
        self._awaited: tuple[str, str] | None = None

    def note(self, r: e.Recorded) -> str:
        """R57: a testimony is restated right after it was revised, by the same hand, and never otherwise."""
        awaited, self._awaited = self._awaited, None
        restates = r.kind == e.TestimonyRestated.kind
        if awaited is not None and not (restates and awaited == (r.document, r.actor)):
            return "restatement"
        if restates and awaited is None:
            return "revision"
        if isinstance(r.event, e.TestimonyRevised) and r.event.act is not Revision.WITHDRAWAL:
            self._awaited = (r.document, r.actor)
        return ""

    @property
    def is_awaited(self) -> bool:
        """Whether the record ends where a restatement must follow."""
        return self._awaited is not None

    @staticmethod
    def why_invalid(state: State, r: e.Recorded, event: e.TestimonyRevised) -> str:
        """R56: why this act does not justify the absence of what it names, or ""."""
        if revising.refuse(state, r.actor, event.testimony, r.time):
            return "author"
        own = state.testimonies[event.testimony].entry
        quotes = {x.entry for x in state.excerpts.values() if x.testimony in (0, event.testimony)}
        allowed = {own, *quotes} if event.act is Revision.WITHDRAWAL else {own}
        is_right = own in event.targets and set(event.targets) <= allowed and set(event.entries) <= quotes
        return "" if is_right and (event.waits or not event.entries) else "targets"
