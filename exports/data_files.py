"""The files of a restitution that can be made with the standard library alone: tables, texts of motions, outlines of
maps, archives of elections held elsewhere.

The verifier in every archive makes them again, so this module and what it imports must not use other libraries (R31).
"""

from __future__ import annotations

from pathlib import Path

from exports import columns_page, motion_text, opml, tables
from exports.dossier import Dossier

README = Path(__file__).parent / "templates" / "README.txt"
ARCHIVES = "files"
"""The folder, in the archive, of archives of elections held elsewhere."""
FICTIONAL = " (congrès fictif, pour démonstration)"


def files(dossier: Dossier, engine: str) -> dict[str, bytes]:
    """These files by path; `engine` is the name of the program that laid out the maps."""
    outlines = {
        f"maps/carte-{number}.opml": opml.outline(found).encode() for number, found in dossier.state.maps.items()
    }
    archives = {f"{ARCHIVES}/{name}": data for name, data in dossier.archives.items()}
    data = tables.files(dossier, engine) | {"README.txt": readme(dossier, engine)} | _motions(dossier)
    return data | outlines | archives | {columns_page.PATH: columns_page.page(dossier)}


def readme(dossier: Dossier, engine: str) -> bytes:
    """The content of `README.txt`."""
    settings = dossier.settings
    text = README.read_text("utf-8").format(
        title=settings.title, fictional=FICTIONAL if settings.fictional else "", engine=engine
    )
    return (text.strip() + "\n").encode()


def _motions(dossier: Dossier) -> dict[str, bytes]:
    """The texts of the motions by path: `motion.md` for the first, then `motion-2.md` and so on."""
    return {
        "motion.md" if rank == 0 else f"motion-{motion.number}.md": motion_text.as_markdown(dossier, motion).encode()
        for rank, motion in enumerate(dossier.state.motions.values())
    }
