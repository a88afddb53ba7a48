"""What else deletions touch: the references to the deleted clauses in the rest of the text (A49)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
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
    amend_path: str


def broken_references(visit: Visit, motion: int, deleted: Collection[str], amendment: int = 0) -> list[BrokenReference]:
    """The references to clauses that are deleted together, in what is left; `amendment` is the one whose consequence it
    is to amend them, once it is tabled.
    """
    found = _mentions(visit, motion, deleted)
    text = visit.state.motions[motion].text
    clauses = text.clauses if text else ()
    because = f"&consequence={amendment}" if amendment else ""
    return [
        BrokenReference(
            naming.clause_label(visit.words, each),
            tuple(each.markdown[start:end] for start, end in sorted(found[each.id])),
            naming.passage_path(motion, each.id),
            f"amendements/nouveau?motion={motion}&cible=rewrite:{quote(each.id, safe='')}{because}",
        )
        for each in clauses
        if each.id in found
    ]


def _mentions(visit: Visit, motion: int, deleted: Collection[str]) -> Mapping[str, set[tuple[int, int]]]:
    """Where the clauses that stay name one of those, by the id of the clause: the characters [start, end)."""
    found: dict[str, set[tuple[int, int]]] = {}
    for clause in deleted:
        for each, reference in referring(visit.state, visit.state.motions[motion], clause):
            if each.id not in deleted:
                found.setdefault(each.id, set()).add((reference.start, reference.end))
    return found
