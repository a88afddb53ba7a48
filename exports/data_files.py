"""The files of a restitution that the standard library alone can make: tables, the motions' text, outlines
of maps, archives of elections held elsewhere.

The verifier in every archive makes them again, so nothing here may import anything else (R31).
"""

from __future__ import annotations

from pathlib import Path

from exports import motion_text, opml, tables
from exports.dossier import Dossier

README = Path(__file__).parent / "templates" / "README.txt"
ARCHIVES = "files"
"""The folder of the archives of elections held elsewhere."""
FICTIONAL = " (congrès fictif, pour démonstration)"


def files(dossier: Dossier, engine: str) -> dict[str, bytes]:
    """These files by their path; `engine` names what laid out the maps."""
    outlines = {
        f"maps/carte-{number}.opml": opml.outline(found).encode() for number, found in dossier.state.maps.items()
    }
    archives = {f"{ARCHIVES}/{name}": data for name, data in dossier.archives.items()}
    data = tables.files(dossier, engine) | {"README.txt": readme(dossier, engine)} | _motions(dossier)
    return data | outlines | archives


def readme(dossier: Dossier, engine: str) -> bytes:
    """`README.txt`."""
    settings = dossier.settings
    text = README.read_text("utf-8").format(
        title=settings.title, fictional=FICTIONAL if settings.fictional else "", engine=engine
    )
    return (text.strip() + "\n").encode()


def _motions(dossier: Dossier) -> dict[str, bytes]:
    """`motion.md` for the first, `motion-2.md` for another."""
    return {
        "motion.md" if rank == 0 else f"motion-{motion.number}.md": motion_text.as_markdown(dossier, motion).encode()
        for rank, motion in enumerate(dossier.state.motions.values())
    }
