"""The paths of the documents of the restitution, in the archive and below the restitution's address."""

from __future__ import annotations

import re
from typing import NamedTuple

from deliberation.kernel.state import Motion, State
from exports.translations import FRENCH, N_, Translator

PATH = re.compile(
    r"(?:(?:en/)?(?:motion(?:-[1-9][0-9]{0,8})?|restitution)\.pdf"
    r"|motion(?:-[1-9][0-9]{0,8})?(?:\.md|\.akn\.xml|(?:-amendements)?\.(?:odt|docx))"
    r"|restitution-temoignages-[1-9][0-9]{0,8}\.pdf|seances/compte-rendu-[1-9][0-9]{0,8}\.pdf)",
    re.ASCII,
)
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xml": "application/akn+xml",
    "md": "text/markdown; charset=utf-8",
}


class DocumentLink(NamedTuple):
    """The path of a document, and the text of a link to it."""

    path: str
    words: str


def folder(lang: str) -> str:
    """The folder of the documents in that language; "" for French."""
    return "" if lang == FRENCH else f"{lang}/"


def stem(state: State, motion: Motion) -> str:
    """The name of a motion's files without their suffix: `motion` for the first one, `motion-2` for another."""
    return "motion" if motion.number == next(iter(state.motions), 0) else f"motion-{motion.number}"


def minutes(sitting: int) -> str:
    """The path of the minutes of a sitting."""
    return f"seances/compte-rendu-{sitting}.pdf"


def volume(rank: int) -> str:
    """The path of a volume of testimonies, counted from 1. There are volumes if the testimonies are too many for one
    document.
    """
    return f"restitution-temoignages-{rank}.pdf"


def of_motion(state: State, words: Translator, motion: Motion) -> tuple[DocumentLink, ...]:
    """Links to the documents of a motion, without those with tracked changes."""
    name = stem(state, motion)
    found = ((f"{folder(words.lang)}{name}.pdf", N_("PDF")), (f"{name}.odt", N_("ODT")), (f"{name}.docx", N_("DOCX")))
    more = ((f"{name}.md", N_("Markdown")), (f"{name}.akn.xml", N_("Akoma Ntoso")))
    return tuple(DocumentLink(path, words(said)) for path, said in found + more)


def with_amendments(state: State, words: Translator, motion: Motion) -> tuple[DocumentLink, ...]:
    """Links to the documents that show the amendments to a motion as tracked changes."""
    name = f"{stem(state, motion)}-amendements"
    return DocumentLink(f"{name}.odt", words(N_("ODT"))), DocumentLink(f"{name}.docx", words(N_("DOCX")))


def media_type(path: str) -> str:
    """The media type of a document, by the suffix of its path."""
    return MEDIA_TYPES[path.rpartition(".")[2]]
