"""What waits for an organiser: testimonies to moderate, amendments to admit, redactions to decide."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.kernel import ids
from deliberation.kernel.ids import Instant
from deliberation.kernel.state import Amendment, Redaction, State, Testimony


@dataclass(frozen=True)
class Item:
    """One thing that waits; `document` names it, `since` is when it came."""

    document: str
    since: Instant
    thing: Testimony | Amendment | Redaction

    @property
    def kind(self) -> str:
        return self.document.partition("-")[0]

    @property
    def number(self) -> int:
        return self.thing.number


def pending(state: State) -> list[Item]:
    """Everything that waits for an organiser whose view is `state`, oldest first."""
    found = [
        *(
            Item(ids.document(ids.TESTIMONY, t.number), t.sent, t)
            for t in state.testimonies.values()
            if t.status == "pending"
        ),
        *(
            Item(ids.document(ids.AMENDMENT, a.number), a.tabled, a)
            for a in state.amendments.values()
            if a.status == "tabled"
        ),
        *(
            Item(ids.document(ids.REDACTION, r.number), r.proposed, r)
            for r in state.redactions.values()
            if r.status == "proposed"
        ),
    ]
    return sorted(found, key=lambda item: (item.since, item.document))


def counts(found: list[Item]) -> dict[str, int]:
    """How many things of each kind wait."""
    return {kind: sum(item.kind == kind for item in found) for kind in (ids.TESTIMONY, ids.AMENDMENT, ids.REDACTION)}
