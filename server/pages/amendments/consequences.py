"""What else a deletion touches: the references to the deleted clause in the rest of the text (A49)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from deliberation.motions.renumbering import referring
from exports import naming
from server.pages.shell.visit import Visit


@dataclass(frozen=True)
class BrokenReference:
    """A passage that mentions a clause which an amendment deletes: each mention, and where the passage is amended."""

    label: str
    words: tuple[str, ...]
    path: str
    amending: str


def broken_references(visit: Visit, motion: int, clause: str, amendment: int = 0) -> list[BrokenReference]:
    """The references to a clause; `amendment` is the one whose consequence it is to amend them, once it is tabled."""
    found = referring(visit.state, visit.state.motions[motion], clause)
    because = f"&consequence={amendment}" if amendment else ""
    return [
        BrokenReference(
            naming.clause_label(visit.words, each),
            tuple(each.markdown[x.start : x.end] for _, x in references),
            naming.passage_path(motion, each.id),
            f"amendements/nouveau?motion={motion}&cible=rewrite:{quote(each.id, safe='')}{because}",
        )
        for each, references in groupby(found, key=lambda mention: mention[0])
    ]
