"""Every file of a restitution but the record and its verifier, which `exports.archive` adds."""

from __future__ import annotations

from collections.abc import Iterable

from deliberation.kernel.events import Recorded
from deliberation.kernel.state import State
from exports import graph, layout, motion_text, opml, site, tables
from exports.dossier import Dossier, Seal, compile_dossier


def files(state: State, record: Iterable[Recorded], seal: Seal | None = None) -> dict[str, bytes]:
    """The files of the restitution by their path; the same state and record give the same bytes.

    `record` may hold contents that are not public: they are left out. `seal` is shown where readers verify.
    """
    return of_dossier(compile_dossier(state, record, seal))


def of_dossier(dossier: Dossier) -> dict[str, bytes]:
    engine = layout.engine()
    found = site.files(dossier) | tables.files(dossier, engine)
    found["README.txt"] = site.readme(dossier, engine)
    found |= _motions(dossier) | _maps(dossier)
    return found


def _motions(dossier: Dossier) -> dict[str, bytes]:
    """`motion.md` for the first, `motion-2.md` for another."""
    return {
        "motion.md" if rank == 0 else f"motion-{motion.number}.md": motion_text.as_markdown(dossier, motion).encode()
        for rank, motion in enumerate(dossier.state.motions.values())
    }


def _maps(dossier: Dossier) -> dict[str, bytes]:
    found = {}
    for number, mindmap in dossier.state.maps.items():
        picture = graph.render_map(mindmap, dossier.quotes, links=False, standalone=True)
        found[f"maps/carte-{number}.svg"] = picture.encode()
        found[f"maps/carte-{number}.opml"] = opml.outline(mindmap).encode()
    return found
