"""The documents of the restitution: each motion in formats for offices and archives, the restitution, the minutes."""

from __future__ import annotations

from collections.abc import Iterator

from deliberation.kernel.state import Motion
from exports import document_names, sittings
from exports.akn.writing import as_akn
from exports.document_names import folder, stem
from exports.dossier import Dossier
from exports.office import tracking
from exports.office.docx import as_docx
from exports.office.odt import as_odt
from exports.papers import motion_paper, restitution_paper
from exports.translations import FRENCH, load, words_for


def files(dossier: Dossier) -> dict[str, bytes]:
    """The documents by path, such as `motion.pdf` for the first motion and `motion-2.pdf` for the second.

    The folder `en` contains those whose headings and labels are translated into English.
    """
    return dict(_files(dossier))


def _files(dossier: Dossier) -> Iterator[tuple[str, bytes]]:
    for motion in dossier.state.motions.values():
        name = stem(dossier.state, motion)
        yield f"{name}.akn.xml", as_akn(dossier, motion)
        yield from _office_files(dossier, motion, name)
        for lang, words in load().items():
            yield f"{folder(lang)}{name}.pdf", motion_paper.as_pdf(dossier, words, motion)
    for lang, words in load().items():
        yield f"{folder(lang)}restitution.pdf", restitution_paper.as_pdf(dossier, words)
    for rank, data in enumerate(restitution_paper.volumes_of_testimonies(dossier), 1):
        yield document_names.volume(rank), data
    for minutes in sittings.all_minutes(dossier):
        path = document_names.minutes(minutes.sitting.number)
        yield path, restitution_paper.minutes_pdf(dossier, words_for(FRENCH), minutes)


def _office_files(dossier: Dossier, motion: Motion, name: str) -> Iterator[tuple[str, bytes]]:
    """The text of a motion as ODT and DOCX; if there are amendments to it, also with them as tracked changes."""
    time = dossier.lines[-1].time if dossier.lines else dossier.settings.created
    found = ((name, tracking.clean(dossier, motion)), (f"{name}-amendements", tracking.tracked(dossier, motion)))
    for stem_, made in found:
        if made is not None:
            yield f"{stem_}.odt", as_odt(made, time)
            yield f"{stem_}.docx", as_docx(made, time)
