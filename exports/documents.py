"""The documents to hand over: each motion in the formats of offices and archives, the restitution, the minutes."""

from __future__ import annotations

from collections.abc import Iterator

from deliberation.kernel.state import Motion
from exports import sittings
from exports.akn.writing import as_akn
from exports.dossier import Dossier
from exports.papers import motion_paper, restitution_paper
from exports.translations import FRENCH, load, words_for


def files(dossier: Dossier) -> dict[str, bytes]:
    """The documents by path: `motion.pdf` of the first motion, `motion-2.pdf` of another.

    The folder `en` has those whose own words are translated.
    """
    return dict(_files(dossier))


def stem(motion: Motion, rank: int) -> str:
    """The name of a motion's files without their suffix; `rank` counts the congress's motions from 0."""
    return f"motion-{motion.number}" if rank else "motion"


def _files(dossier: Dossier) -> Iterator[tuple[str, bytes]]:
    for rank, motion in enumerate(dossier.state.motions.values()):
        name = stem(motion, rank)
        yield f"{name}.akn.xml", as_akn(dossier, motion)
        for lang, words in load().items():
            yield f"{_folder(lang)}{name}.pdf", motion_paper.as_pdf(dossier, words, motion)
    for lang, words in load().items():
        yield f"{_folder(lang)}restitution.pdf", restitution_paper.as_pdf(dossier, words)
    for minutes in sittings.all_minutes(dossier):
        path = f"seances/compte-rendu-{minutes.sitting.number}.pdf"
        yield path, restitution_paper.minutes_pdf(dossier, words_for(FRENCH), minutes)


def _folder(lang: str) -> str:
    return "" if lang == FRENCH else f"{lang}/"
