"""Recognises what a file contains: testimonies, a motion or a map."""

from __future__ import annotations

import re
from enum import StrEnum

from deliberation.kernel.errors import Refused
from server.imports import motions
from server.imports.source import text_of


class FileKind(StrEnum):
    """What a file contains."""

    TESTIMONIES = "temoignages"
    MOTION = "motion"
    MAP = "carte"


SUFFIXES = {
    "csv": FileKind.TESTIMONIES,
    "tsv": FileKind.TESTIMONIES,
    "json": FileKind.TESTIMONIES,
    "opml": FileKind.MAP,
    "mm": FileKind.MAP,
    "xml": FileKind.MOTION,
}


def recognise(name: str, data: bytes) -> FileKind | Refused:
    """By file name; a Markdown file with visas, considérants or demandes is a motion, any other a map."""
    suffix = name.rpartition(".")[2].lower()
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if suffix not in ("md", "markdown", "txt"):
        message = "Ce fichier n’est pas de ceux qui s’importent : CSV, JSON, Markdown, Akoma Ntoso, OPML ou FreeMind."
        return Refused("import.unknown_kind", message, "file")
    text = text_of(data)
    if isinstance(text, Refused):
        return text
    return FileKind.MOTION if _reads_as_motion(text) else FileKind.MAP


def _reads_as_motion(text: str) -> bool:
    lines = [re.sub(r"^[#\s]*(?:(?:[-*+]|\d+[.)])\s+)?", "", line) for line in text.split("\n")]
    leads = (any(pattern.match(line) for _, pattern in motions.LEADS) for line in lines)
    sections = (any(pattern.fullmatch(line.strip()) for _, pattern in motions.SECTIONS) for line in lines)
    return any(sections) or sum(leads) >= 2
